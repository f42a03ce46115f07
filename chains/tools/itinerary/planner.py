"""The planner: from a trip and travel data to a plan that keeps every condition, or says which it cannot and why.

In short:

    plan = plan_trip(trip, catalogue_data(catalogue), today=date.today())

The same trip, data and seed give the same plan on any machine: work is counted, not timed. `effort` buys more of it.
Not covered: booking, live prices, and trips without a fixed first day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice, product

from chains.tools.itinerary.budget import affordable
from chains.tools.itinerary.data import TravelData
from chains.tools.itinerary.draft import Drafter
from chains.tools.itinerary.plan import Day, Plan
from chains.tools.itinerary.relax import conflicts_of
from chains.tools.itinerary.trip import MAX_DAYS, AnyOf, AtPlace, Constraint, Trip, Visit
from chains.tools.itinerary.wishes import LockedStop, settle
from chains.tools.weather.records import DayWeather
from knowledge.errors import InputError

MOST_OPTIONS = 6  # combinations of `AnyOf` tried


class TripError(InputError):
    """The trip cannot be planned as it is asked for."""


def plan_trip(
    trip: Trip, data: TravelData, *, today: date, weather: Mapping[date, DayWeather] | None = None, seed: int = 0,
    effort: int = 1, locked: Sequence[LockedStop] = (), kept: Mapping[int, Day] | None = None,
    among: frozenset[str] | None = None,
) -> Plan:
    """Plan a trip; raises `TripError` for one that has no dates, travellers or cities to plan with.

    `effort` multiplies the search. A locked sight becomes a condition of the trip, so that a lock that cannot be kept
    is named. `kept` holds, by number, days that stay exactly as they are; `among` are the only sights to
    choose from, where given.
    """
    check_trip(trip, data, today)
    trip = with_locks(trip, locked)
    best: Plan | None = None
    for options in islice(_options(trip), MOST_OPTIONS):
        wishes = settle(trip, options, weather or {}, locked)
        plan = _planned(Drafter(wishes, data, seed, effort, kept or {}, among=among))
        if best is None or len(plan.conflicts) < len(best.conflicts):
            best = plan
        if not best.conflicts:
            break
    if best is None:
        raise TripError("the trip offers no option to plan; give each 'any of' at least two conditions")
    return best


def check_trip(trip: Trip, data: TravelData, today: date) -> None:
    """Raise `TripError` where nothing can be planned at all."""
    if trip.start < today:
        raise TripError(f"the trip starts on {trip.start}, which is before today ({today}); give a date from today on")
    if trip.days > MAX_DAYS:
        raise TripError(f"the trip has {trip.days} days; at most {MAX_DAYS} can be planned at once")
    if trip.travellers.size == 0:
        raise TripError("nobody travels; give at least one adult, child or elder")
    for stay in trip.stays:
        if not data.sights(stay.city):
            raise TripError(f"no sights are known in '{stay.city}'; choose a city whose sights are")


def _options(trip: Trip) -> Iterator[tuple[int, ...]]:
    """One option's number for each `AnyOf`, the first ones first."""
    return product(*(range(len(wish.options)) for wish in trip.constraints if isinstance(wish, AnyOf)))


def with_locks(trip: Trip, locked: Sequence[LockedStop]) -> Trip:
    """The trip with a visit on its day as a condition for every locked sight that is not one yet."""
    wanted: list[Constraint] = []
    for stop in locked:
        if stop.kind == "sight" and not stop.soft:
            wanted += [Visit(any_of=(stop.place,)),
                       AtPlace(place=stop.place, day=stop.day, not_before=stop.arrives, not_after=stop.departs)]
    return trip.model_copy(update={"constraints": (*trip.constraints, *(wish for wish in wanted if wish not in trip.constraints))})


def _planned(drafter: Drafter) -> Plan:
    """The plan with its conflicts; where something is missing, a second one with longer days if that mends it."""
    first = _with_conflicts(affordable(drafter), drafter.data)
    if not any(_time_helps(first, conflict.constraint, conflict.rule) for conflict in first.conflicts):
        return first
    second = _with_conflicts(affordable(replace(drafter, stretched=True)), drafter.data)
    return second if len(second.conflicts) < len(first.conflicts) else first


def _time_helps(plan: Plan, constraint: int | None, rule: str) -> bool:
    if constraint is None:
        return rule in {"some_sights", "inner_sights", "main_meals"}
    return plan.trip.constraints[constraint].kind in {"visit", "sight_kind", "sights_per_day", "eat", "at_place", "any_of"}


def _with_conflicts(plan: Plan, data: TravelData) -> Plan:
    return plan.model_copy(update={"conflicts": conflicts_of(plan, data)})
