"""Changing a plan: one thing is asked for, everything else stays as it is wherever it can.

Each function gives the new plan and what became different. What was asked becomes a condition of the trip, so that it
outlives the next change; what cannot be done is named in the new plan's conflicts, like any other condition.
In short:

    plan, diff = add_place(plan, laoshan, desk)
    plan, diff = easier_day(plan, 2, desk)

Not covered: understanding what a traveller says, and undoing (keep the old plan).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chains.tools.itinerary.data import TravelData
from chains.tools.itinerary.plan import Day, Plan, Stop, StopKind
from chains.tools.itinerary.planner import TripError, plan_trip
from chains.tools.itinerary.trip import (
    AtPlace,
    BudgetAtMost,
    Constraint,
    CostKind,
    DayHours,
    Hotel,
    SightsPerDay,
    Trip,
    Visit,
)
from chains.tools.itinerary.wishes import LockedStop
from chains.tools.weather.records import DayWeather

EASIER_START = 10 * 60  # of a day that has only one sight to give up
CHEAPER_SHARE = 6 / 7  # of what it costs now, where "cheaper" is said without a figure
HELD: tuple[StopKind, ...] = ("sight", "lunch", "dinner", "hotel")


@dataclass(frozen=True)
class Desk:
    """What a plan is changed with: the data, today's date, and the weather as far as it is known."""

    data: TravelData
    today: date
    weather: Mapping[date, DayWeather] = field(default_factory=dict)
    effort: int = 1


@dataclass(frozen=True)
class Moved:
    """A stop that is on another day or at another time than before; days counted from 1, clocks in minutes."""

    place: str
    name: str
    name_en: str
    from_day: int
    to_day: int
    from_clock: int
    to_clock: int


@dataclass(frozen=True)
class Diff:
    """What a change did: (day, stop) for what came and went, and by how much the trip became dearer."""

    added: tuple[tuple[int, Stop], ...]
    removed: tuple[tuple[int, Stop], ...]
    moved: tuple[Moved, ...]
    yuan: float

    @property
    def days(self) -> tuple[int, ...]:
        """The days on which anything is different."""
        touched = {day for day, _ in (*self.added, *self.removed)}
        return tuple(sorted(touched.union(*({move.from_day, move.to_day} for move in self.moved))))


def diff_of(old: Plan, new: Plan) -> Diff:
    """Compare two plans of the same days stop by stop; legs and costs of stops that stay are in `yuan` only."""
    before, after = _placed(old), _placed(new)
    moved = [Moved(key[1], after[key][1].name, after[key][1].name_en, before[key][0], after[key][0], before[key][1].arrives, after[key][1].arrives)
             for key in after if key in before and _moment(before[key]) != _moment(after[key])]
    return Diff(added=tuple(after[key] for key in after if key not in before),
                removed=tuple(before[key] for key in before if key not in after),
                moved=tuple(moved), yuan=round(new.total_yuan - old.total_yuan, 2))


def remove_stop(plan: Plan, place: str, desk: Desk) -> tuple[Plan, Diff]:
    """Without this sight; a day that would hold too little gets another one."""
    day = day_of(plan, place)
    trip = _with(_forgetting(plan.trip, place), Visit(any_of=(place,), avoid=True))
    held = _sights(plan) - {place}
    lean = _again(plan, trip, desk, {day.number}, frozenset(held))
    if len(lean.conflicts) > len(plan.conflicts):
        lean = _again(plan, trip, desk, {day.number}, None)
    return lean, diff_of(plan, lean)


def forget_wish(plan: Plan, place: str, desk: Desk) -> tuple[Plan, Diff]:
    """Without the wish for a sight that did not make it into the plan; the days stay as they are."""
    trip = _with(_forgetting(plan.trip, place), Visit(any_of=(place,), avoid=True))
    return _changed(plan, trip, desk, set(), frozenset(_sights(plan)))


def wish_for(plan: Plan, place: str, desk: Desk) -> tuple[Plan, Diff]:
    """With the wish for a sight that no city of the trip has: the plan names it as not met, until its city joins the trip."""
    return _changed(plan, _with(_forgetting(plan.trip, place), Visit(any_of=(place,))), desk, set(), frozenset(_sights(plan)))


def wishes_for(plan: Plan, place: str) -> bool:
    """Whether the trip asks for a sight, met or not."""
    return any(isinstance(wish, Visit) and not wish.avoid and place in wish.any_of for wish in plan.trip.constraints)


def replace_stop(plan: Plan, place: str, desk: Desk, by: str | None = None) -> tuple[Plan, Diff]:
    """Another sight on the same day instead of this one: the given one, or the best that fits."""
    day = day_of(plan, place)
    trip = _with(_forgetting(plan.trip, place), Visit(any_of=(place,), avoid=True))
    if by is not None:
        check_known(plan, by, desk)
        trip = _with(_forgetting(trip, by), Visit(any_of=(by,)), AtPlace(place=by, day=day.number))
        return _changed(plan, trip, desk, {day.number}, frozenset(_sights(plan) - {place} | {by}))
    count = sum(stop.kind == "sight" for stop in day.stops)
    trip_now = _with(trip, SightsPerDay(least=count, most=count, day=day.number))
    new = _again(plan, trip_now, desk, {day.number}, None)
    new = _again(plan, trip, desk, {day.number}, frozenset(_sights(new)))  # the count was ours, not the traveller's
    return new, diff_of(plan, new)


def move_stop(plan: Plan, place: str, to_day: int, desk: Desk) -> tuple[Plan, Diff]:
    """The same sight on another day."""
    day = day_of(plan, place)
    _check_day(plan, to_day)
    trip = _with(_forgetting(plan.trip, place), Visit(any_of=(place,)), AtPlace(place=place, day=to_day))
    return _changed(plan, trip, desk, {day.number, to_day}, frozenset(_sights(plan)), {place})


def swap_days(plan: Plan, day: int, other: int, desk: Desk) -> tuple[Plan, Diff]:
    """The sights of two days of the same city change places."""
    for number in (day, other):
        _check_day(plan, number)
    if plan.trip.city_of(day) != plan.trip.city_of(other):
        raise TripError(f"day {day} and day {other} are in different cities; choose two days of the same city")
    trip = plan.trip
    for number, target in ((day, other), (other, day)):
        for place in _sights_of(plan, number):
            trip = _with(_forgetting(trip, place), Visit(any_of=(place,)), AtPlace(place=place, day=target))
    moving = {*_sights_of(plan, day), *_sights_of(plan, other)}
    return _changed(plan, trip, desk, {day, other}, frozenset(_sights(plan)), moving)


def add_place(plan: Plan, place: str, desk: Desk, day: int | None = None) -> tuple[Plan, Diff]:
    """This sight too, on the given day or on the one where least has to go for it."""
    check_known(plan, place, desk)
    wishes: list[Constraint] = [Visit(any_of=(place,))]
    if day is not None:
        _check_day(plan, day)
        wishes.append(AtPlace(place=place, day=day))
    trip = _with(_forgetting(plan.trip, place), *wishes)
    among = frozenset(_sights(plan) | {place})
    city = next(stay.city for stay in plan.trip.stays if any(sight.id == place for sight in desk.data.sights(stay.city)))
    days = [one.number for one in plan.days if day in {None, one.number} and one.city == city]
    tried = [_changed(plan, trip, desk, {number}, among, {place}) for number in days or [1]]
    return min(tried, key=lambda option: (len(option[0].conflicts), len(_lost(option[1])), len(option[1].days), option[1].yuan))


def _lost(diff: Diff) -> list[Stop]:
    return [stop for _, stop in diff.removed if stop.kind == "sight"]


def easier_day(plan: Plan, day: int, desk: Desk) -> tuple[Plan, Diff]:
    """One sight less on that day; where there is only one, a later start."""
    _check_day(plan, day)
    count = len(_sights_of(plan, day))
    wish: Constraint = SightsPerDay(most=count - 1, day=day) if count > 1 else DayHours(earliest=EASIER_START, day=day)
    return _changed(plan, _with(plan.trip, wish), desk, {day}, frozenset(_sights(plan)))


def lock_stop(plan: Plan, place: str, desk: Desk) -> tuple[Plan, Diff]:
    """Keep this sight on its day in every later plan."""
    day = day_of(plan, place)
    trip = _with(_forgetting(plan.trip, place), Visit(any_of=(place,)), AtPlace(place=place, day=day.number))
    stops = tuple(stop.model_copy(update={"locked": stop.locked or stop.place == place}) for stop in day.stops)
    days = tuple(one.model_copy(update={"stops": stops}) if one.number == day.number else one for one in plan.days)
    return _changed(plan.model_copy(update={"days": days}), trip, desk, set(), frozenset(_sights(plan)))


def rewish(plan: Plan, trip: Trip, desk: Desk) -> tuple[Plan, Diff]:
    """The plan for a trip with other wishes, other days or other people: its sights stay on their days where they can."""
    held = [stop for stop in _held(plan, trip, set(), ("sight",)) if stop.day <= trip.days and trip.city_of(stop.day) == plan.trip.city_of(stop.day)]
    keeping = _planned(plan, trip, desk, {}, None, held)
    if not keeping.conflicts:
        return keeping, diff_of(plan, keeping)
    anew = _planned(plan, trip, desk, {}, None, [stop for stop in held if not stop.soft])
    new = min(keeping, anew, key=lambda one: len(one.conflicts))
    return new, diff_of(plan, new)


def cheaper(plan: Plan, of: CostKind | Literal["total"], desk: Desk) -> tuple[Plan, Diff]:
    """The same trip for less: a cheaper hotel than now, or a seventh less for one kind of cost or for everything."""
    if of == "lodging":
        wish: Constraint = Hotel(most_yuan=max(0.0, _room_yuan(plan) - 1))
    else:
        spent = plan.total_yuan if of == "total" else plan.costs.get(of, 0.0)
        wish = BudgetAtMost(of=of, yuan=max(1.0, round(spent * CHEAPER_SHARE)))
    return rewish(plan, _priced(plan.trip, wish), desk)


def better(plan: Plan, desk: Desk) -> tuple[Plan, Diff]:
    """A dearer hotel than now; the other costs stay what they are."""
    return rewish(plan, _priced(plan.trip, Hotel(least_yuan=_room_yuan(plan) + 1)), desk)


def _room_yuan(plan: Plan) -> float:
    """What a room costs in the dearest night; 0 where the trip has none."""
    return max(((stop.yuan or 0.0) / max(1, stop.rooms) for day in plan.days for stop in day.stops if stop.kind == "hotel"), default=0.0)


def _priced(trip: Trip, wish: Constraint) -> Trip:
    """With this limit instead of an earlier one of the same kind."""
    def is_other(old: Constraint) -> bool:
        if isinstance(old, Hotel) and isinstance(wish, Hotel):
            return not (old.tiers or old.least_yuan is not None or old.most_yuan is not None)
        return not (isinstance(old, BudgetAtMost) and isinstance(wish, BudgetAtMost) and old.of == wish.of)

    return _with(trip.model_copy(update={"constraints": tuple(old for old in trip.constraints if is_other(old))}), wish)


def replan(plan: Plan, desk: Desk, trip: Trip | None = None) -> tuple[Plan, Diff]:
    """Plan anew around what is locked, for the same trip or a changed one of the same days."""
    locked = [LockedStop(day.number, stop.kind, stop.place) for day in plan.days for stop in day.stops if stop.locked]
    new = plan_trip(trip or plan.trip, desk.data, today=desk.today, weather=desk.weather, seed=plan.seed, effort=desk.effort, locked=locked)
    return new, diff_of(plan, new)


def visits(plan: Plan, place: str) -> bool:
    """Whether the plan visits a sight."""
    return place in _sights(plan)


def day_of(plan: Plan, place: str) -> Day:
    """The day that visits a sight; raises `TripError` where none does."""
    for day in plan.days:
        if any(stop.kind == "sight" and stop.place == place for stop in day.stops):
            return day
    raise TripError(f"'{place}' is not in the plan; choose one of: {', '.join(sorted(_names(plan)))}")


def is_near(plan: Plan, place: str, desk: Desk) -> bool:
    """Whether one of the trip's cities has the sight."""
    return any(sight.id == place for stay in plan.trip.stays for sight in desk.data.sights(stay.city))


def check_known(plan: Plan, place: str, desk: Desk) -> None:
    """Raise `TripError` where none of the trip's cities has the sight."""
    if not is_near(plan, place, desk):
        raise TripError(f"'{place}' is in none of the trip's cities; add its city to the trip first")


def _check_day(plan: Plan, day: int) -> None:
    if not 1 <= day <= plan.trip.days:
        raise TripError(f"day {day} is not one of the trip's {plan.trip.days}; give a day from 1 to {plan.trip.days}")


def _changed(plan: Plan, trip: Trip, desk: Desk, open_days: set[int], among: frozenset[str], moving: Iterable[str] = ()) -> tuple[Plan, Diff]:
    new = _again(plan, trip, desk, open_days, among, moving)
    return new, diff_of(plan, new)


def _again(plan: Plan, trip: Trip, desk: Desk, open_days: set[int], among: frozenset[str] | None, moving: Iterable[str] = ()) -> Plan:
    """The plan once more: days that are not open as they were, the others with what they hold where it fits.

    Where that breaks more conditions than before, all days are opened, with the sights they hold, then with any sights.
    """
    free = set(moving)
    kept = {day.number: day for day in plan.days if day.number not in open_days and not _weather_turned(day, desk)}
    best = _planned(plan, trip, desk, kept, among, _held(plan, trip, free, HELD))
    for choice in (among, None):
        if len(best.conflicts) <= len(plan.conflicts):
            break
        wider = _planned(plan, trip, desk, {}, choice, _held(plan, trip, free, ("sight",)))
        best = min(best, wider, key=lambda one: len(one.conflicts))
    return best


def _planned(plan: Plan, trip: Trip, desk: Desk, kept: Mapping[int, Day], among: frozenset[str] | None, locked: Sequence[LockedStop]) -> Plan:
    return plan_trip(trip, desk.data, today=desk.today, weather=desk.weather, seed=plan.seed, effort=desk.effort, kept=kept,
                     among=among, locked=locked)


def _weather_turned(day: Day, desk: Desk) -> bool:
    """Whether a severe forecast came after the day was planned."""
    weather = desk.weather.get(day.date)
    return bool(weather and weather.is_severe and not day.note)


def _held(plan: Plan, trip: Trip, free: set[str], kinds: Sequence[StopKind]) -> Sequence[LockedStop]:
    unwanted = {place for wish in trip.constraints if isinstance(wish, Visit) and wish.avoid for place in wish.any_of}
    return [LockedStop(day.number, stop.kind, stop.place, soft=not stop.locked) for day in plan.days for stop in day.stops
            if stop.kind in kinds and stop.place not in free | unwanted]


def _with(trip: Trip, *wishes: Constraint) -> Trip:
    return trip.model_copy(update={"constraints": (*trip.constraints, *(wish for wish in wishes if wish not in trip.constraints))})


def _forgetting(trip: Trip, place: str) -> Trip:
    """Without earlier conditions on this one sight: the traveller has thought better of it."""
    kept = tuple(wish for wish in trip.constraints
                 if not (isinstance(wish, Visit) and wish.any_of == (place,)) and not (isinstance(wish, AtPlace) and wish.place == place
                                                                                      and wish.day is not None))
    return trip.model_copy(update={"constraints": kept})


def _sights_of(plan: Plan, day: int) -> tuple[str, ...]:
    return tuple(stop.place for stop in plan.days[day - 1].stops if stop.kind == "sight")


def _sights(plan: Plan) -> set[str]:
    return {place for day in plan.days for place in _sights_of(plan, day.number)}


def _names(plan: Plan) -> set[str]:
    return {stop.name for day in plan.days for stop in day.stops if stop.kind == "sight"}


def _placed(plan: Plan) -> dict[tuple[str, str, int], tuple[int, Stop]]:
    """Stops by kind and place; meals and hotels also by day, as they may come again."""
    return {(stop.kind, stop.place, 0 if stop.kind == "sight" else day.number): (day.number, stop)
            for day in plan.days for stop in day.stops if stop.kind != "rest"}


def _moment(placed: tuple[int, Stop]) -> tuple[int, int]:
    return placed[0], placed[1].arrives
