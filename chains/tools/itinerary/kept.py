"""The planner's own look at a finished plan: which conditions and which rules of the frame it does not keep.

What is found here becomes a named conflict. It reads the plan as written and shares nothing with the checker.
"""

from collections.abc import Callable, Iterator
from typing import Any

from chains.tools.itinerary.data import Lodging, Point, TravelData
from chains.tools.itinerary.frames import ENOUGH_SIGHTS
from chains.tools.itinerary.nights import is_near
from chains.tools.itinerary.parts import with_wholes
from chains.tools.itinerary.plan import Day, Leg, Plan, Stop
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
from chains.tools.itinerary.ways import SHORT_WALK_METRES
from chains.tools.itinerary.wishes import fits_hotel, names_match

MEALS = ("breakfast", "lunch", "dinner")
CENT = 0.005


def broken_conditions(plan: Plan, data: TravelData) -> list[int]:
    """Places, in the trip's conditions, of those the plan does not keep."""
    return [place for place, wish in enumerate(plan.trip.constraints) if not keeps(plan, data, wish)]


def keeps(plan: Plan, data: TravelData, wish: Single | AnyOf) -> bool:
    """Whether a plan keeps a condition."""
    if isinstance(wish, AnyOf):
        return any(keeps(plan, data, option) for option in wish.options)
    return _KEEPS[type(wish)](plan, data, wish)


def broken_frame(plan: Plan) -> Iterator[tuple[str, int | None]]:
    """What nobody had to ask for and the plan does not give: the rule's name and the day."""
    trip = plan.trip
    if not any(True for _ in _stops(plan, "sight")) and any(_most(trip, day.number) != 0 for day in plan.days):
        yield "some_sights", None
    for day in plan.days:
        kinds = [stop.kind for stop in day.stops]
        rides = rides_due(trip, day.number)
        if kinds.count("ride") < len(rides):
            yield "rides", day.number
        if day.number < trip.days and "hotel" not in kinds:
            yield "beds", day.number
        if 1 < day.number < trip.days and not rides:
            if kinds.count("sight") < min(ENOUGH_SIGHTS, _most(trip, day.number)):
                yield "inner_sights", day.number
            if not {"lunch", "dinner"} <= set(kinds):
                yield "main_meals", day.number


def rides_due(trip: Trip, day: int) -> list[tuple[str, str]]:
    """From where to where one rides on that day."""
    due = [(trip.origin, trip.city_of(1))] if trip.origin and day == 1 else []
    due += [(trip.city_of(day - 1), trip.city_of(day))] if day > 1 else []
    due += [(trip.city_of(day), trip.origin)] if trip.origin and day == trip.days else []
    return [(here, there) for here, there in due if here != there]


def spent_yuan(plan: Plan, of: str) -> float:
    """What a plan spends on a kind of cost, or in total."""
    return plan.total_yuan if of == "total" else sum(yuan for kind, yuan in plan.costs.items() if kind == of)


def _most(trip: Trip, day: int) -> int:
    said = [wish.most for wish in trip.constraints if isinstance(wish, SightsPerDay) and wish.day in (None, day) and wish.most is not None]
    return min(said, default=99)


def _stops(plan: Plan, *kinds: str) -> Iterator[tuple[Day, Stop]]:
    return ((day, stop) for day in plan.days for stop in day.stops if stop.kind in kinds)


def _nights(plan: Plan, data: TravelData) -> Iterator[tuple[Stop, Lodging]]:
    for _, stop in _stops(plan, "hotel"):
        yield from ((stop, bed) for bed in data.lodgings(stop.city) if bed.id == stop.place)


def begins(stop: Stop) -> int:
    """When the way to a stop, or the stop, begins."""
    return min([stop.arrives, *(leg.departs for leg in stop.legs)])


def ends(stop: Stop) -> int:
    """When a stop is over; at a hotel, when one is there."""
    return stop.arrives if stop.kind == "hotel" else stop.departs


def _budget(plan: Plan, _data: TravelData, wish: BudgetAtMost) -> bool:
    return spent_yuan(plan, wish.of) <= wish.yuan + CENT


def _rooms(plan: Plan, data: TravelData, wish: Rooms) -> bool:
    return all((wish.count is None or stop.rooms == wish.count) and (wish.type is None or wish.type in bed.room_types)
               for stop, bed in _nights(plan, data))


def _intercity(plan: Plan, _data: TravelData, wish: IntercityBy) -> bool:
    return all(stop.mode in wish.modes for _, stop in _stops(plan, "ride"))


def _local(plan: Plan, _data: TravelData, wish: LocalBy) -> bool:
    return all(leg.mode in wish.modes or (leg.mode == "walk" and leg.metres <= SHORT_WALK_METRES)
               for day in plan.days for stop in day.stops for leg in stop.legs)


def _eat(plan: Plan, _data: TravelData, wish: Eat) -> bool:
    eaten = any(names_match(wish.any_of, (stop.name, stop.name_en, stop.cuisine)) for _, stop in _stops(plan, *MEALS))
    return eaten != wish.avoid


def _sight_kind(plan: Plan, data: TravelData, wish: SightKind) -> bool:
    tagged = {sight.id for stay in plan.trip.stays for sight in data.sights(stay.city) if set(wish.any_of) & set(sight.tags)}
    return _goes(plan, data, tagged, wish.avoid)


def _visit(plan: Plan, data: TravelData, wish: Visit) -> bool:
    return _goes(plan, data, set(wish.any_of), wish.avoid)


def _goes(plan: Plan, data: TravelData, places: set[str], avoid: bool) -> bool:
    """Whether one of them is seen, be it as part of another sight; where unwanted, that none of them is a stop."""
    wanted = places if avoid else with_wholes(plan.trip, data, places)
    return any(stop.place in wanted for _, stop in _stops(plan, "sight")) != avoid


def _at_place(plan: Plan, data: TravelData, wish: AtPlace) -> bool:
    places = with_wholes(plan.trip, data, {wish.place})
    return all((wish.not_before is None or stop.arrives >= wish.not_before) and (wish.not_after is None or stop.departs <= wish.not_after)
               and wish.day in (None, day.number)
               and (wish.least_minutes is None or stop.departs - stop.arrives >= wish.least_minutes)
               for day, stop in _stops(plan, "sight") if stop.place in places)


def _hotel(plan: Plan, data: TravelData, wish: Hotel) -> bool:
    return all(fits_hotel(bed, wish) for _, bed in _nights(plan, data))


def _hotel_near(plan: Plan, data: TravelData, wish: HotelNear) -> bool:
    return all(is_near(data, bed, wish) for _, bed in _nights(plan, data))


def _walk_below(plan: Plan, data: TravelData, wish: WalkBelow) -> bool:
    """Whether no vehicle was taken where the way on foot is short."""
    people = plan.trip.travellers.size
    for start, end, leg in _ways(plan):
        on_foot = data.way(start, end, "walk", leg.departs % 1440, people) if leg.mode != "walk" else None
        if on_foot and on_foot.metres < wish.metres:
            return False
    return True


def _ways(plan: Plan) -> Iterator[tuple[Point, Point, Leg]]:
    """Each leg with its ends, where both are known; a ride or a stop without a point but a meal loses track of them."""
    here: Point | None = None
    for stop in (stop for day in plan.days for stop in day.stops):
        placed = stop.latitude_deg is not None and stop.longitude_deg is not None
        point = Point(stop.latitude_deg or 0.0, stop.longitude_deg or 0.0) if placed else None
        if here and point:
            yield from ((here, point, leg) for leg in stop.legs)
        here = point if point or stop.kind not in {*MEALS, "rest"} else here


def _walk_most(plan: Plan, _data: TravelData, wish: WalkAtMost) -> bool:
    return all(leg.mode != "walk" or leg.metres <= wish.metres for day in plan.days for stop in day.stops for leg in stop.legs)


def _arrive(plan: Plan, _data: TravelData, wish: ArriveFrom) -> bool:
    return all(begins(stop) >= wish.clock for stop in plan.days[0].stops if stop.kind != "ride")


def _leave(plan: Plan, _data: TravelData, wish: LeaveBy) -> bool:
    return all(ends(stop) <= wish.clock for stop in plan.days[-1].stops)


def _hours(plan: Plan, _data: TravelData, wish: DayHours) -> bool:
    return all((wish.earliest is None or begins(stop) >= wish.earliest) and (wish.latest is None or ends(stop) <= wish.latest)
               for day in plan.days if wish.day in (None, day.number) for stop in day.stops)


def _counts(plan: Plan, _data: TravelData, wish: SightsPerDay) -> bool:
    counts = [sum(stop.kind == "sight" for stop in day.stops) for day in plan.days if wish.day in (None, day.number)]
    return all((wish.least or 0) <= count <= (99 if wish.most is None else wish.most) for count in counts)


def _free(plan: Plan, data: TravelData, _wish: FreeOnly) -> bool:
    free = {sight.id for stay in plan.trip.stays for sight in data.sights(stay.city) if sight.free}
    return all(stop.yuan == 0 or stop.place in free for _, stop in _stops(plan, "sight"))


_KEEPS: dict[type[Single], Callable[[Plan, TravelData, Any], bool]] = {
    BudgetAtMost: _budget, Rooms: _rooms, IntercityBy: _intercity, LocalBy: _local, Eat: _eat, SightKind: _sight_kind, Visit: _visit,
    AtPlace: _at_place, Hotel: _hotel, HotelNear: _hotel_near, WalkBelow: _walk_below, WalkAtMost: _walk_most, ArriveFrom: _arrive,
    LeaveBy: _leave, DayHours: _hours, SightsPerDay: _counts, FreeOnly: _free,
}
