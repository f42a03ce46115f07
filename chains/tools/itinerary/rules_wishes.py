"""Whether what the traveller asked for holds in a plan, one function for each kind of condition.

A condition about something that does not occur holds: no hotel breaks a wish about hotels on a day trip, and how a
sight is visited says nothing where it is not. What cannot be known does not hold: a price nobody knows is not free, and a
hotel without a point is not near. `said` names match a part of a name, whatever its case.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chains.tools.itinerary.data import Lodging, Restaurant, Ride, Sight
from chains.tools.itinerary.rules_money import spent
from chains.tools.itinerary.rules_reading import (
    CENT,
    DAY_MINUTES,
    MEALS,
    Fault,
    Reading,
    Seen,
    clock,
    metres,
    own_point,
    yuan,
)
from chains.tools.itinerary.trip import (
    AnyOf,
    ArriveFrom,
    AtPlace,
    BudgetAtMost,
    DayHours,
    Eat,
    FreeOnly,
    Hotel,
    HotelNear,
    IntercityBy,
    LeaveBy,
    LocalBy,
    Rooms,
    SightKind,
    SightsPerDay,
    Single,
    Trip,
    Visit,
    WalkAtMost,
    WalkBelow,
)

SHORT_WALK_METRES = 1000.0  # walked even where only vehicles were named


def faults_of(wish: Single | AnyOf, reading: Reading) -> list[Fault]:
    """Everything that breaks the condition; empty where it holds."""
    if isinstance(wish, AnyOf):
        broken = [list(_RULES[type(option)](option, reading)) for option in wish.options]
        return [] if not all(broken) else [faults[0] for faults in broken]
    return list(_RULES[type(wish)](wish, reading))


def _budget(wish: BudgetAtMost, reading: Reading) -> Iterator[Fault]:
    over = overspent(wish, reading)
    if over > CENT:
        yield Fault(f"{wish.of} 超出 {yuan(round(over, 2))} 元", f"{wish.of} is {yuan(round(over, 2))} yuan over")


def overspent(wish: BudgetAtMost, reading: Reading) -> float:
    """By how much the plan's known costs exceed the budget; negative where money is left."""
    costs = spent(reading)
    return (sum(costs.values()) if wish.of == "total" else costs[wish.of]) - wish.yuan


def _rooms(wish: Rooms, reading: Reading) -> Iterator[Fault]:
    for seen in reading.nights():
        if wish.count is not None and seen.stop.rooms != wish.count:
            yield seen.fault(f"{seen.stop.rooms} 间，要 {wish.count} 间", f"{seen.stop.rooms} rooms, {wish.count} asked")
        if wish.type and isinstance(seen.record, Lodging) and wish.type not in seen.record.room_types:
            yield seen.fault(f"没有 {wish.type} 房型", f"has no {wish.type} rooms")


def _intercity(wish: IntercityBy, reading: Reading) -> Iterator[Fault]:
    for seen in reading.of_kind("ride"):
        if isinstance(seen.record, Ride) and seen.record.mode not in wish.modes:
            yield seen.fault(f"乘的是 {seen.record.mode}", f"goes by {seen.record.mode}")


def _local(wish: LocalBy, reading: Reading) -> Iterator[Fault]:
    for seen in reading.stops:
        for leg in seen.stop.legs:
            short_walk = leg.mode == "walk" and leg.metres <= SHORT_WALK_METRES
            if leg.mode not in wish.modes and not short_walk:
                yield seen.fault(f"坐了 {leg.mode}", f"is reached by {leg.mode}")


def _eat(wish: Eat, reading: Reading) -> Iterator[Fault]:
    eaten = [seen for seen in reading.of_kind(*MEALS) if isinstance(seen.record, Restaurant)
             and named(wish.any_of, seen.record.name, seen.record.name_en, seen.record.cuisine)]
    yield from _some_or_none(eaten, wish.any_of, wish.avoid)


def _sight_kind(wish: SightKind, reading: Reading) -> Iterator[Fault]:
    tagged = {sight.id for city in reading.records.cities for sight in reading.records.sights(city).values()
              if set(wish.any_of) & set(sight.tags)}
    yield from _some_or_none(_seen(tagged, reading, wish.avoid), wish.any_of, wish.avoid)


def _visit(wish: Visit, reading: Reading) -> Iterator[Fault]:
    yield from _some_or_none(_seen(set(wish.any_of), reading, wish.avoid), wish.any_of, wish.avoid)


def _seen(places: set[str], reading: Reading, avoid: bool) -> list[Seen]:
    """The stops that show one of these sights; the sight around a wished-for one shows it, and is not what was unwanted."""
    around = set() if avoid else {reading.records.whole_of(place) for place in places}
    return [seen for seen in reading.of_kind("sight") if seen.stop.place in places | around]


def asked_for(trip: Trip) -> set[str]:
    """Ids of the sights that are to be visited, be it as one of several."""
    wishes = [option for wish in trip.constraints for option in (wish.options if isinstance(wish, AnyOf) else (wish,))]
    return {place for wish in wishes if isinstance(wish, Visit) and not wish.avoid for place in wish.any_of}


def _some_or_none(found: list[Seen], names: Iterable[str], avoid: bool) -> Iterator[Fault]:
    """At least one was wanted, or none."""
    if avoid:
        yield from (seen.fault("在不要之列", "was not wanted") for seen in found)
    elif not found:
        wanted = "、".join(names)
        yield Fault(f"没有安排 {wanted}", f"none of {wanted} is in the plan")


def _at_place(wish: AtPlace, reading: Reading) -> Iterator[Fault]:
    for seen in _seen({wish.place}, reading, avoid=False):
        if wish.not_before is not None and seen.stop.arrives < wish.not_before:
            yield seen.fault(f"{clock(seen.stop.arrives)} 就到", f"arrival at {clock(seen.stop.arrives)}")
        if wish.not_after is not None and seen.stop.departs > wish.not_after:
            yield seen.fault(f"{clock(seen.stop.departs)} 才离开", f"leaving at {clock(seen.stop.departs)}")
        if wish.day is not None and seen.number != wish.day:
            yield seen.fault(f"排在第 {seen.number} 天", f"is on day {seen.number}")
        if wish.least_minutes is not None and seen.stop.departs - seen.stop.arrives < wish.least_minutes:
            yield seen.fault(f"只有 {seen.stop.departs - seen.stop.arrives} 分钟", f"lasts {seen.stop.departs - seen.stop.arrives} minutes")


def _hotel(wish: Hotel, reading: Reading) -> Iterator[Fault]:
    for seen in reading.nights():
        if isinstance(seen.record, Lodging) and not suits(wish, seen.record):
            yield seen.fault("不合住宿要求", "is not the hotel asked for")


def suits(wish: Hotel, place: Lodging) -> bool:
    """Whether a hotel is what was asked for; where avoided, whether neither its name nor a feature is an unwanted one."""
    called = named(wish.names, place.name, place.name_en)
    if wish.avoid:
        return not called and not named(wish.features, *place.features)
    return all((
        called or not wish.names,
        all(named([feature], *place.features) for feature in wish.features),
        named(wish.areas, place.area, place.name) or not wish.areas,
        place.tier in wish.tiers or not wish.tiers,
        wish.least_yuan is None or place.yuan_per_room >= wish.least_yuan,
        wish.most_yuan is None or place.yuan_per_room <= wish.most_yuan,
    ))


def _hotel_near(wish: HotelNear, reading: Reading) -> Iterator[Fault]:
    sight = reading.records.any_sight(wish.place)
    for seen in reading.nights():
        if sight and seen.stop.city != sight.city:
            continue
        here, there = own_point(seen.record), sight.point if sight else None
        if here is None or there is None:
            yield seen.fault(f"不知道离 {wish.place} 多远", f"how far it is from {wish.place} is not known")
        elif metres(here, there) > wish.metres:
            yield seen.fault(f"离 {wish.place} {metres(here, there):.0f} 米", f"is {metres(here, there):.0f} m from {wish.place}")


def _walk_below(wish: WalkBelow, reading: Reading) -> Iterator[Fault]:
    for seen in reading.stops:
        for leg in seen.stop.legs:
            if leg.mode == "walk" or seen.start is None or seen.point is None or seen.carried:
                continue
            on_foot = reading.data.way(seen.start, seen.point, "walk", leg.departs % DAY_MINUTES, reading.people)
            if on_foot and on_foot.metres < wish.metres:
                yield seen.fault(f"走路只有 {on_foot.metres:.0f} 米，坐了 {leg.mode}", f"is {on_foot.metres:.0f} m on foot, reached by {leg.mode}")


def _walk_at_most(wish: WalkAtMost, reading: Reading) -> Iterator[Fault]:
    for seen in reading.stops:
        for leg in seen.stop.legs:
            if leg.mode == "walk" and leg.metres > wish.metres:
                yield seen.fault(f"要走 {leg.metres:.0f} 米", f"takes a walk of {leg.metres:.0f} m")


def _arrive_from(wish: ArriveFrom, reading: Reading) -> Iterator[Fault]:
    for seen in reading.stops:
        if seen.number == 1 and seen.stop.kind != "ride" and begins(seen) < wish.clock:
            yield seen.fault(f"{clock(begins(seen))} 就开始", f"begins at {clock(begins(seen))}")


def _leave_by(wish: LeaveBy, reading: Reading) -> Iterator[Fault]:
    for seen in reading.stops:
        if seen.number == reading.trip.days and ends(seen) > wish.clock:
            yield seen.fault(f"{clock(ends(seen))} 才结束", f"ends at {clock(ends(seen))}")


def _day_hours(wish: DayHours, reading: Reading) -> Iterator[Fault]:
    for seen in reading.stops:
        if wish.day not in {None, seen.number}:
            continue
        if wish.earliest is not None and begins(seen) < wish.earliest:
            yield seen.fault(f"{clock(begins(seen))} 就开始", f"begins at {clock(begins(seen))}")
        if wish.latest is not None and ends(seen) > wish.latest:
            yield seen.fault(f"{clock(ends(seen))} 才结束", f"ends at {clock(ends(seen))}")


def begins(seen: Seen) -> int:
    """When the way to a stop, or the stop itself, begins."""
    return min([seen.stop.arrives, *(leg.departs for leg in seen.stop.legs)])


def ends(seen: Seen) -> int:
    """When a stop ends; a day is over with the arrival at the hotel."""
    return seen.stop.arrives if seen.stop.kind == "hotel" else seen.stop.departs


def _sights_per_day(wish: SightsPerDay, reading: Reading) -> Iterator[Fault]:
    for number in range(1, reading.trip.days + 1):
        if wish.day not in {None, number}:
            continue
        count = len(reading.on(number, "sight"))
        if count < (wish.least or 0) or (wish.most is not None and count > wish.most):
            yield Fault(f"{count} 处景点", f"{count} sights", number)


def _free_only(wish: FreeOnly, reading: Reading) -> Iterator[Fault]:  # noqa: ARG001 - it says all by being there
    for seen in reading.of_kind("sight"):
        if isinstance(seen.record, Sight) and not is_free(seen.record, seen, reading):
            yield seen.fault("要门票或票价未知", "charges admission, or nobody knows")


def is_free(sight: Sight, seen: Seen, reading: Reading) -> bool:
    """Whether a grown-up pays nothing on that date."""
    return sight.free or reading.data.ticket_yuan(sight.id, seen.day.date, 1, 0, 0) == 0


def named(wanted: Iterable[str], *names: str) -> bool:
    """Whether one of the names holds one of the wanted words, whatever its case."""
    return any(word.strip().casefold() in name.casefold() for word in wanted if word.strip() for name in names)


_RULES: dict[type[Single], Callable[[Any, Reading], Iterator[Fault]]] = {
    BudgetAtMost: _budget, Rooms: _rooms, IntercityBy: _intercity, LocalBy: _local, Eat: _eat, SightKind: _sight_kind,
    Visit: _visit, AtPlace: _at_place, Hotel: _hotel, HotelNear: _hotel_near, WalkBelow: _walk_below,
    WalkAtMost: _walk_at_most, ArriveFrom: _arrive_from, LeaveBy: _leave_by, DayHours: _day_hours,
    SightsPerDay: _sights_per_day, FreeOnly: _free_only,
}
