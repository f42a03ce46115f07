"""Single steps away from a plan: a sight or a meal put into a gap, a meal or the hotel exchanged. Nothing else is moved.

They serve to catch a conflict that is no conflict. A sight put in is given the whole time the data say a visit takes, a
meal an hour; ways that change are led anew. Whether the result is allowed is not asked here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from chains.tools.itinerary.data import Lodging, Meal, Point, Restaurant, Sight
from chains.tools.itinerary.plan import Conflict, Leg, Plan, Stop
from chains.tools.itinerary.rules_days import WINDOWS
from chains.tools.itinerary.rules_money import price_of, spent
from chains.tools.itinerary.rules_reading import DAY_MINUTES, MEALS, Reading, Seen, read_plan, same_place
from chains.tools.itinerary.rules_wishes import asked_for, named, suits
from chains.tools.itinerary.trip import (
    BudgetAtMost,
    Eat,
    Hotel,
    HotelNear,
    LocalBy,
    Mode,
    Rooms,
    SightKind,
    SightsPerDay,
    Visit,
)

MODES: tuple[Mode, ...] = ("walk", "metro", "bus", "taxi")
LONGEST_WALK_METRES = 1500.0
MEAL_MINUTES = 60
FIRST_START = 9 * 60  # nobody is asked to begin a day earlier, or to be later at the hotel, for a step's sake
LAST_HOME = 20 * 60 + 30
SIGHTS_TRIED = 40
MOST_MORNING_WAY = 120
STATION_MINUTES = 60


@dataclass(frozen=True)
class Step:
    """What could have been done, and the plan then."""

    words: str
    words_en: str
    plan: Plan


@dataclass(frozen=True)
class Gap:
    """A place between two stops of a day: where and from when one is free, and until when."""

    number: int
    index: int  # the new stop goes before the stop that is here now
    start: Point | None
    free: int
    until: int


def steps(conflict: Conflict, reading: Reading) -> Iterator[Step]:
    """The simple steps that might end a conflict; none for most kinds."""
    wish = None if conflict.constraint is None else reading.trip.constraints[conflict.constraint]
    if isinstance(wish, Visit | SightKind) and not wish.avoid:
        yield from _sights(reading, range(1, reading.trip.days + 1), wish)
    elif isinstance(wish, SightsPerDay) and wish.least:
        yield from _sights(reading, _days_below(wish, reading), None)
    elif isinstance(wish, Eat) and not wish.avoid:
        yield from _other_meals(reading, wish)
    elif isinstance(wish, BudgetAtMost):
        yield from _cheaper(reading, wish)
    elif isinstance(wish, Hotel | HotelNear | Rooms):
        yield from _other_hotels(reading, wish)
    elif wish is None and conflict.rule in {"inner_sights", "some_sights"}:
        yield from _sights(reading, [conflict.day] if conflict.day else range(1, reading.trip.days + 1), None)
    elif wish is None and conflict.rule == "main_meals" and conflict.day:
        yield from _meals(reading, conflict.day)


def _days_below(wish: SightsPerDay, reading: Reading) -> list[int]:
    short = [number for number in range(1, reading.trip.days + 1) if wish.day in {None, number}
             and len(reading.on(number, "sight")) < (wish.least or 0)]
    return short if len(short) == 1 else []  # one step cannot mend two days


def _gaps(reading: Reading, number: int, without: Seen | None = None) -> Iterator[Gap]:
    """The gaps of a day, as they are once `without` is taken out."""
    stops = [seen for seen in reading.on(number, *_ALL) if seen is not without]
    for index, after in enumerate(stops):
        before = stops[index - 1] if index else None
        free = before.stop.departs + _station(before) if before else max(FIRST_START, after.free_from)
        start = before.point if before else after.start
        last_home = after.stop.kind == "hotel"
        yield Gap(number, index, start, free, max(after.stop.arrives, LAST_HOME) if last_home else after.stop.arrives - _station(after))
    if stops and stops[-1].stop.kind not in {"hotel", "ride"}:
        yield Gap(number, len(stops), stops[-1].point, stops[-1].stop.departs, LAST_HOME)


def _station(seen: Seen) -> int:
    """Minutes that a ride takes beside it, for the way to the station and for the platform."""
    return STATION_MINUTES if seen.stop.kind == "ride" else 0


_ALL = ("sight", *MEALS, "hotel", "ride", "rest")


def _sights(reading: Reading, days: range | list[int], wish: Visit | SightKind | None) -> Iterator[Step]:
    visited = {seen.stop.place for seen in reading.of_kind("sight")}
    for number in days:
        if not 1 <= number <= min(reading.trip.days, len(reading.plan.days)):
            continue
        day = reading.plan.days[number - 1]
        fitting = (sight for sight in sorted(reading.records.sights(day.city).values(), key=lambda sight: -sight.value)
                   if sight.id not in visited and _wanted(sight, wish, reading) and (sight.indoor or not day.note))
        for sight in islice(fitting, SIGHTS_TRIED):
            for gap in _gaps(reading, number):
                if stop := _visit_in(gap, sight, reading):
                    yield from _step(_put(reading, gap, stop), f"第 {number} 天去 {sight.name}", f"{sight.name_en} on day {number}", reading)


def _wanted(sight: Sight, wish: Visit | SightKind | None, reading: Reading) -> bool:
    """Whether a step may lead there: into a part of a sight alone only where that was asked for, and the whole was not."""
    whole = reading.records.whole_of(sight.id)
    if isinstance(wish, Visit):
        return sight.id in wish.any_of and whole not in asked_for(reading.trip)
    if whole:
        return False
    return wish is None or bool(set(wish.any_of) & set(sight.tags))


def _visit_in(gap: Gap, sight: Sight, reading: Reading) -> Stop | None:
    """The sight, visited in full within the gap."""
    span = reading.data.open_span(sight.id, reading.trip.date_of(gap.number))
    if span is None:
        return None
    legs = _lead(gap.start, sight.point, gap.free, gap.until, reading)
    if legs is None:
        return None
    arrives = max(span.opens, legs[-1].arrives if legs else gap.free)
    departs = arrives + min(sight.visit_minutes, span.closes - span.opens)
    if departs > min(span.closes, gap.until) or (span.last_entry is not None and arrives > span.last_entry):
        return None
    return _stop("sight", sight, arrives, departs, legs)


def _meals(reading: Reading, number: int) -> Iterator[Step]:
    missing: list[Meal] = [meal for meal in ("lunch", "dinner") if not reading.on(number, meal)]
    eaten = {seen.stop.cuisine for seen in reading.on(number, *MEALS)}
    if len(missing) != 1 or number > len(reading.plan.days):
        return  # one step cannot mend two meals
    for gap in _gaps(reading, number):
        for place in reading.records.restaurants(reading.plan.days[number - 1].city).values():
            stop = _meal_in(gap, place, missing[0], reading) if place.cuisine not in eaten else None
            if stop:
                yield from _step(_put(reading, gap, stop), f"第 {number} 天吃 {place.name}", f"{place.name_en} on day {number}", reading)


def _other_meals(reading: Reading, wish: Eat) -> Iterator[Step]:
    for seen in reading.of_kind(*MEALS):
        meal = next(meal for meal in WINDOWS if meal == seen.stop.kind)
        for place in reading.records.restaurants(seen.stop.city).values():
            if not named(wish.any_of, place.name, place.name_en, place.cuisine):
                continue
            for gap in _gaps(reading, seen.number, seen):
                if stop := _meal_in(gap, place, meal, reading):
                    yield from _step(_put(reading, gap, stop, seen), f"第 {seen.number} 天改吃 {place.name}",
                                     f"{place.name_en} on day {seen.number}", reading)


def _meal_in(gap: Gap, place: Restaurant, meal: Meal, reading: Reading) -> Stop | None:
    """An hour's meal within the gap, begun early enough to lie at meal time."""
    if meal not in place.meals:
        return None
    legs = _lead(gap.start, place.point or gap.start, gap.free, gap.until, reading)
    if legs is None:
        return None
    first, last = WINDOWS[meal]
    arrives = max(first, legs[-1].arrives if legs else gap.free, place.opens.opens if place.opens else 0)
    stop = _stop(meal, place, arrives, arrives + MEAL_MINUTES, legs)
    return stop if stop.departs <= gap.until and arrives <= last - MEAL_MINUTES // 2 else None


def _cheaper(reading: Reading, wish: BudgetAtMost) -> Iterator[Step]:
    """The cheapest hotels, the cheapest meals, or both."""
    as_they_are = [list(day.stops) for day in reading.plan.days]
    if wish.of in {"lodging", "total"}:
        yield from _other_hotels(reading, wish)
    if wish.of in {"food", "total"}:
        yield from _step(_cheap_meals(reading, as_they_are), "吃得省一些", "cheaper meals", reading)
    if wish.of == "total" and (days := _in_other_hotels(reading, wish, 0)):
        yield from _step(_cheap_meals(reading, days), "住得、吃得省一些", "cheaper hotels and meals", reading)


def _cheap_meals(reading: Reading, days: list[list[Stop]]) -> list[list[Stop]]:
    """The days with the cheapest table found anywhere for each meal, but for meals that were asked for."""
    wishes = [wish for wish in reading.trip.constraints if isinstance(wish, Eat)]
    cheap = [list(stops) for stops in days]
    for stops in cheap:
        for index, stop in enumerate(stops):
            asked = any(named(wish.any_of, stop.name, stop.name_en, stop.cuisine) for wish in wishes if not wish.avoid)
            eaten = {other.cuisine for other in stops if other is not stop and other.kind in MEALS}
            tables = [place for place in reading.records.restaurants(stop.city).values() if stop.kind in place.meals and place.point is None
                      and place.cuisine not in eaten
                      and not any(named(wish.any_of, place.name, place.name_en, place.cuisine) for wish in wishes if wish.avoid)]
            if stop.kind in MEALS and tables and not asked:
                stops[index] = _stop(stop.kind, min(tables, key=lambda place: place.yuan_per_person), stop.arrives, stop.departs, ())
    return cheap


def _other_hotels(reading: Reading, wish: Hotel | HotelNear | Rooms | BudgetAtMost) -> Iterator[Step]:
    """One other hotel for each city, the cheapest that are asked for, in the rooms one needs."""
    for rank in range(3):
        if days := _in_other_hotels(reading, wish, rank):
            yield from _step(days, "换住处", "another hotel", reading)


def _in_other_hotels(reading: Reading, wish: Hotel | HotelNear | Rooms | BudgetAtMost, rank: int) -> list[list[Stop]]:
    """The days with every night in its city's cheapest hotel but `rank`; nothing where there are not so many, or no nights."""
    days = [list(day.stops) for day in reading.plan.days]
    for seen in reading.nights():
        fitting = sorted((place for place in reading.records.lodgings(seen.stop.city).values() if _hotel_wanted(place, wish, reading)),
                         key=lambda place: place.yuan_per_room)
        if len(fitting) <= rank:
            return []
        days[seen.number - 1][-1] = _slept(seen, fitting[rank], wish, reading)
    return days if reading.nights() else []


def _hotel_wanted(place: Lodging, wish: Hotel | HotelNear | Rooms | BudgetAtMost, reading: Reading) -> bool:
    """Whether the hotel keeps every top-level wish about hotels, the one in question among them."""
    hotels = [other for other in reading.trip.constraints if isinstance(other, Hotel)]
    typed = not isinstance(wish, Rooms) or wish.type is None or wish.type in place.room_types
    return typed and all(suits(other, place) for other in hotels)


def _slept(seen: Seen, place: Lodging, wish: Hotel | HotelNear | Rooms | BudgetAtMost, reading: Reading) -> Stop:
    counts = [other.count for other in reading.trip.constraints if isinstance(other, Rooms) and other.count]
    needed = -(-reading.people // place.beds_per_room)
    rooms = wish.count if isinstance(wish, Rooms) and wish.count else max([needed, *counts])
    return _stop("hotel", place, seen.stop.arrives, seen.stop.departs, ()).model_copy(update={"rooms": rooms})


def _stop(kind: str, place: Sight | Restaurant | Lodging, arrives: int, departs: int, legs: tuple[Leg, ...]) -> Stop:
    return Stop.model_validate({
        "kind": kind, "place": place.id, "name": place.name, "name_en": place.name_en, "city": place.city,
        "arrives": arrives, "departs": departs, "legs": legs, "source": place.source,
        "latitude_deg": place.point.latitude_deg if place.point else None,
        "longitude_deg": place.point.longitude_deg if place.point else None,
        "cuisine": place.cuisine if isinstance(place, Restaurant) else "",
    })


def _put(reading: Reading, gap: Gap, stop: Stop, without: Seen | None = None) -> list[list[Stop]]:
    """The days with the stop in the gap, and without another."""
    days = [list(day.stops) for day in reading.plan.days]
    kept = [seen.stop for seen in reading.on(gap.number, *_ALL) if seen is not without]
    days[gap.number - 1] = [*kept[: gap.index], stop, *kept[gap.index :]]
    return days


def _lead(start: Point | None, end: Point | None, free: int, until: int, reading: Reading) -> tuple[Leg, ...] | None:
    """The first way that gets there in time, cheapest first; nothing where there is no way to lead, None where none does."""
    if start is None or end is None or same_place(start, end):
        return ()
    allowed = [set(wish.modes) for wish in reading.trip.constraints if isinstance(wish, LocalBy)]
    for mode in (mode for mode in MODES if mode == "walk" or all(mode in modes for modes in allowed)):
        way = reading.data.way(start, end, mode, free % DAY_MINUTES, reading.people)
        if way and free + way.minutes <= until and (mode != "walk" or way.metres <= LONGEST_WALK_METRES):
            return (Leg(mode=mode, departs=free, arrives=free + way.minutes, metres=way.metres, yuan=way.yuan, source=way.source),)
    return None


def _step(days: list[list[Stop]], words: str, words_en: str, reading: Reading) -> Iterator[Step]:
    """The step, if the ways that it changes can be led anew and the money adds up again."""
    visited = {stop.place for stops in days for stop in stops if stop.kind == "sight"}
    drawn = [day.model_copy(update={"stops": tuple(stops), "rain_plan": tuple(place for place in day.rain_plan if place not in visited),
                                    "rain_names": (), "rain_names_en": ()})
             for day, stops in zip(reading.plan.days, days, strict=True)]
    left_out = tuple(left for left in reading.plan.left_out if left.place not in visited)
    draft = reading.plan.model_copy(update={"days": tuple(drawn), "left_out": left_out})
    led = _led_anew(draft, reading)
    if led is not None:
        yield Step(words, words_en, led)


def _led_anew(draft: Plan, reading: Reading) -> Plan | None:
    """The plan with ways led to every stop that is now reached from elsewhere, prices filled in and costs added up."""
    before = {(seen.number, seen.stop.kind, seen.stop.place): seen for seen in reading.stops}
    laid = read_plan(draft, reading.data)
    days: list[list[Stop]] = [[] for _ in draft.days]
    for seen in laid.stops:
        old = before.get((seen.number, seen.stop.kind, seen.stop.place))
        stop = seen.stop
        if old is None or (old.start, old.point) != (seen.start, seen.point):
            led = _led(seen, days[seen.number - 1], reading)
            if led is None:
                return None
            stop = led
        days[seen.number - 1].append(stop.model_copy(update={"yuan": price_of(replace(seen, stop=stop), reading)}))
    plan = draft.model_copy(update={"days": tuple(day.model_copy(update={"stops": tuple(stops)})
                                                  for day, stops in zip(draft.days, days, strict=True))})
    known = read_plan(plan, reading.data)
    unknown = tuple(dict.fromkeys(seen.stop.name for seen in known.stops if seen.stop.yuan is None))
    return plan.model_copy(update={"costs": spent(known), "unknown_prices": unknown})


def _led(seen: Seen, earlier: list[Stop], reading: Reading) -> Stop | None:
    """The stop with a way from where one now comes from; a hotel may be reached a little later."""
    stop = seen.stop
    if seen.carried or stop.kind == "ride":
        return stop.model_copy(update={"legs": ()})
    until = max(stop.arrives, LAST_HOME) if stop.kind == "hotel" else stop.arrives
    free = earlier[-1].departs if earlier else max(seen.free_from, stop.arrives - MOST_MORNING_WAY)
    legs = _lead(seen.start, seen.point, free, until, reading)
    if legs is None:
        return None
    if not earlier:  # nobody leaves the hotel before it is time
        legs = tuple(leg.model_copy(update={"departs": leg.departs + stop.arrives - leg.arrives, "arrives": stop.arrives}) for leg in legs)
    arrives = max([stop.arrives, *(leg.arrives for leg in legs)])
    return stop.model_copy(update={"legs": legs, "arrives": arrives, "departs": max(stop.departs, arrives)})
