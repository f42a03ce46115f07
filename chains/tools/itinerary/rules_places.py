"""Rules of where and on which day: dates, places, cities, rides between cities, beds, nothing twice, true suggestions."""

from collections.abc import Iterator

from chains.tools.itinerary.data import Lodging, Point, Restaurant, Ride
from chains.tools.itinerary.plan import Day, LeftOut, Stop
from chains.tools.itinerary.rules_reading import (
    MEALS,
    Fault,
    Reading,
    Record,
    Seen,
    clock,
    following,
    own_point,
    same_place,
)
from chains.tools.itinerary.trip import AnyOf, Rooms


def days(reading: Reading) -> Iterator[Fault]:
    """As many days as were asked for, numbered, on following dates, each in the city of its stay."""
    asked, given = reading.trip.days, len(reading.plan.days)
    if asked != given:
        yield Fault(f"要 {asked} 天，给了 {given} 天", f"{asked} days asked, {given} given")
    for number, day in enumerate(reading.plan.days[:asked], start=1):
        expected = (number, reading.trip.date_of(number), reading.trip.city_of(number))
        if (day.number, day.date, day.city) != expected:
            yield Fault(f"第 {number} 天应为 {expected[1]} {expected[2]}，写的是第 {day.number} 天 {day.date} {day.city}",
                        f"day {number} should be {expected[1]} in {expected[2]}, is day {day.number}, {day.date} in {day.city}", number)


def places(reading: Reading) -> Iterator[Fault]:
    """Every stop is in the data under its id, and carries the record's names, point and kind of food."""
    for seen in reading.stops:
        if seen.stop.kind == "rest":
            continue
        if seen.record is None:
            yield seen.fault(f"数据里没有 {seen.stop.place}", f"the data hold no {seen.stop.place}")
            continue
        for what, stated, known in _facts(seen.stop, seen.record):
            if stated != known:
                yield seen.fault(f"{what[0]}应为 {known}，写的是 {stated}", f"{what[1]} should be {known}, is {stated}")
        if not _placed(seen):
            yield seen.fault("位置与数据不符", "its position is not the data's")


def _facts(stop: Stop, record: Record) -> Iterator[tuple[tuple[str, str], object, object]]:
    """What a stop repeats of its record: what it is called, as stated, as known."""
    if isinstance(record, Ride):
        yield ("方式", "mode"), stop.mode, record.mode
        return
    yield ("名称", "name"), stop.name, record.name
    yield ("英文名", "English name"), stop.name_en, record.name_en
    if isinstance(record, Restaurant):
        yield ("菜系", "cuisine"), stop.cuisine, record.cuisine


def _placed(seen: Seen) -> bool:
    """The stop's coordinates are the record's; without any, those of where one is will do."""
    stop = seen.stop
    if stop.latitude_deg is None or stop.longitude_deg is None:
        return own_point(seen.record) is None and stop.latitude_deg == stop.longitude_deg
    known = own_point(seen.record) or (seen.start if seen.carried else None)
    return known is not None and same_place(Point(stop.latitude_deg, stop.longitude_deg), known)


def cities(reading: Reading) -> Iterator[Fault]:
    """A stop lies in its day's city, after one has got there and before one has left; a way that no ride serves is made somehow."""
    for number, stops in enumerate(reading.by_day(), start=1):
        if number > reading.trip.days:
            return
        city = reading.trip.city_of(number)
        here = next((start for start, end in reading.records.rides_offered(number) if end == city), city)
        for seen in stops:
            if isinstance(seen.record, Ride):
                here = seen.record.destination
                allowed: tuple[str, ...] = (seen.record.origin, seen.record.destination)
            else:
                allowed = (city,) if here == city else ()
            if seen.stop.kind != "ride" and seen.stop.city not in allowed:
                yield seen.fault(f"在 {seen.stop.city}，这时人在 {here}", f"lies in {seen.stop.city} while one is in {here}")
            if isinstance(seen.record, Ride) and seen.stop.city not in allowed:
                yield seen.fault(f"从 {allowed[0]} 到 {allowed[1]}，写的是 {seen.stop.city}",
                                 f"goes from {allowed[0]} to {allowed[1]}, not {seen.stop.city}")


def rides(reading: Reading) -> Iterator[Fault]:
    """The rides between cities are those the stays and the home call for, at the data's times."""
    for number, stops in enumerate(reading.by_day()[: reading.trip.days], start=1):
        taken = [seen for seen in stops if seen.stop.kind == "ride"]
        pairs = [(seen.record.origin, seen.record.destination) for seen in taken if isinstance(seen.record, Ride)]
        due = reading.records.rides_due(number)
        if pairs != due or len(taken) != len(due):
            yield Fault(f"应有的城际交通 {_pairs(due)}，计划里是 {_pairs(pairs)}",
                        f"rides due: {_pairs(due)}; in the plan: {_pairs(pairs)}", number)
        for seen in taken:
            yield from _ride_times(seen)


def _pairs(pairs: list[tuple[str, str]]) -> str:
    return ", ".join(f"{here}→{there}" for here, there in pairs) or "-"


def _ride_times(seen: Seen) -> Iterator[Fault]:
    stop, ride = seen.stop, seen.record
    if not isinstance(ride, Ride):
        return
    if stop.departs - stop.arrives != ride.minutes:
        yield seen.fault(f"应为 {ride.minutes} 分钟，写的是 {stop.departs - stop.arrives} 分钟",
                         f"takes {ride.minutes} minutes, not {stop.departs - stop.arrives}")
    if ride.departs is not None and stop.arrives != ride.departs:
        yield seen.fault(f"{clock(ride.departs)} 发车，写的是 {clock(stop.arrives)}", f"leaves at {clock(ride.departs)}, not {clock(stop.arrives)}")


def beds(reading: Reading) -> Iterator[Fault]:
    """Every night but the last day's is spent in a hotel of the city with a bed for everybody, and in one only."""
    for number, stops in enumerate(reading.by_day()[: reading.trip.days], start=1):
        hotels = [seen for seen in stops if seen.stop.kind == "hotel"]
        if number == reading.trip.days:
            if any(seen.stop.rooms or seen.stop.yuan for seen in hotels):
                yield Fault("最后一天不过夜", "nobody stays the night after the last day", number)
        elif not stops or stops[-1].stop.kind != "hotel":
            yield Fault("这一夜没有住处", "this night has no bed", number)
        elif len(hotels) > 1:
            yield Fault("一夜两处住宿", "two hotels for one night", number)
        else:
            yield from _rooms(stops[-1], reading)


def _rooms(seen: Seen, reading: Reading) -> Iterator[Fault]:
    if not isinstance(seen.record, Lodging):
        return
    sleep = seen.stop.rooms * seen.record.beds_per_room
    if sleep < reading.people:
        yield seen.fault(f"{seen.stop.rooms} 间睡 {sleep} 人，共 {reading.people} 人",
                         f"{seen.stop.rooms} rooms sleep {sleep}, {reading.people} travel")
    said = (*reading.trip.constraints, *(one for wish in reading.trip.constraints if isinstance(wish, AnyOf) for one in wish.options))
    counted = any(isinstance(wish, Rooms) and wish.count for wish in said)
    if seen.stop.rooms > reading.people and not counted:
        yield seen.fault("房间比人多", "more rooms than people")


def repeats(reading: Reading) -> Iterator[Fault]:
    """No sight comes twice in the trip, nor a part of one beside the whole; no restaurant twice on a day."""
    sights: set[str] = set()
    for seen in reading.of_kind("sight"):
        if seen.stop.place in sights:
            yield seen.fault("去了两次", "is visited twice")
        sights.add(seen.stop.place)
    for seen in reading.of_kind("sight"):
        if reading.records.whole_of(seen.stop.place) in sights:
            yield seen.fault("是计划里另一处景点的一部分", "is part of another sight of the plan")
    for number in range(1, len(reading.plan.days) + 1):
        eaten: set[str] = set()
        for seen in reading.on(number, *MEALS):
            if seen.stop.place in eaten:
                yield seen.fault("一天吃了两次", "is eaten at twice on one day")
            eaten.add(seen.stop.place)


def suggestions(reading: Reading) -> Iterator[Fault]:
    """What is proposed for rain is indoors, open and new; what was left out exists, is not in the plan, and is closed if so said."""
    visited = {seen.stop.place for seen in reading.of_kind("sight")}
    for number, day in enumerate(reading.plan.days[: reading.trip.days], start=1):
        for place in day.rain_plan:
            if reason := _rain_reason(reading, day, place, visited):
                yield Fault(f"雨天备选 {place}：{reason[0]}", f"rain plan {place}: {reason[1]}", number)
        if day.rain_names and not _rain_named(reading, day):
            yield Fault("雨天备选的名字和数据不一致", "names of the rain plan differ from the data", number)
    for left in reading.plan.left_out:
        if reason := _left_reason(reading, left, visited):
            yield Fault(f"未列入 {left.name}：{reason[0]}", f"left out {left.name_en or left.name}: {reason[1]}")


def _rain_reason(reading: Reading, day: Day, place: str, visited: set[str]) -> tuple[str, str] | None:
    sight = reading.records.sights(day.city).get(place)
    if sight is None:
        return ("数据里没有", "not in the data")
    if not sight.indoor:
        return ("不在室内", "not indoors")
    if {place, reading.records.whole_of(place)} & visited:
        return ("计划里已经有", "in the plan already")
    return None if reading.data.open_span(place, day.date) else ("当天不开放", "closed that day")


def _rain_named(reading: Reading, day: Day) -> bool:
    sights = [sight for place in day.rain_plan if (sight := reading.records.sights(day.city).get(place))]
    return (day.rain_names, day.rain_names_en) == (tuple(sight.name for sight in sights), tuple(sight.name_en for sight in sights))


def _left_reason(reading: Reading, left: LeftOut, visited: set[str]) -> tuple[str, str] | None:
    sight = reading.records.any_sight(left.place)
    if sight is None:
        return ("数据里没有", "not in the data")
    if (sight.name, sight.name_en) != (left.name, left.name_en):
        return ("名称不符", "its name is not the data's")
    if {left.place, reading.records.whole_of(left.place)} & visited:
        return ("计划里有", "is in the plan")
    dates = [reading.trip.date_of(number) for number in range(1, reading.trip.days + 1) if reading.trip.city_of(number) == sight.city]
    if left.why == "closed" and any(reading.data.open_span(left.place, day) for day in dates):
        return ("并不是每天都关", "not closed on every day")
    return None


def in_order(reading: Reading) -> Iterator[Fault]:
    """Nothing begins before the thing before it is over, nights included; every clock time is a real one."""
    for seen in reading.stops:
        if seen.stop.arrives < 0 or seen.stop.departs < seen.stop.arrives:
            yield seen.fault("结束早于开始", "ends before it begins")
    for number, stops in enumerate(reading.by_day(), start=1):
        if number > 1 and stops and _begins(stops[0]) < stops[0].free_from:
            yield stops[0].fault("前一天还没结束", "begins before the day before is over")
        for before, after in following(stops):
            if _begins(after) < before.stop.departs:
                yield after.fault(f"{clock(_begins(after))} 开始，上一站 {clock(before.stop.departs)} 才结束",
                                  f"begins at {clock(_begins(after))}, the stop before ends at {clock(before.stop.departs)}")


def _begins(seen: Seen) -> int:
    return min([seen.stop.arrives, *(leg.departs for leg in seen.stop.legs)])
