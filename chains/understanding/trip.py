"""From an understood turn to the trip the planner is given: its frame, and the conditions the turn's slots hold.

What was not said is assumed and told: two days, from tomorrow on, one adult. Conditions in free text beyond the slots are
read by `chains.understanding.conditions`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from chains.tools.itinerary.trip import (
    BudgetAtMost,
    Constraint,
    FreeOnly,
    Stay,
    Travellers,
    Trip,
    Visit,
)
from chains.understanding.request import Budget, TripRequest, When
from knowledge.catalogue import Catalogue

DAYS_UNSAID = 2


@dataclass(frozen=True)
class Assumed:
    """What the trip takes for granted because nobody said it."""

    days: bool = False
    start: bool = False
    travellers: bool = False


def trip_of(request: TripRequest, catalogue: Catalogue, today: date) -> tuple[Trip, Assumed]:
    """The trip a turn asks for, and what was assumed. The request must name at least one city."""
    days = request.when.days or _span(request.when) or max(DAYS_UNSAID, len(request.cities))
    people = _travellers(request)
    trip = Trip(
        stays=_stays(request.cities, days), start=_start(request.when, today), travellers=people, likes=request.wishes.likes,
        dislikes=request.wishes.dislikes, constraints=tuple(_conditions(request, people, days)),
    )
    said_days = bool(request.when.days or _span(request.when))
    return trip, Assumed(not said_days, request.when.start is None and request.when.month is None, request.party is None)


def _stays(cities: tuple[str, ...], days: int) -> tuple[Stay, ...]:
    """Days shared out as evenly as they go, the first cities longer; more cities than days lose the last ones."""
    cities = cities[:days]
    each, over = divmod(days, len(cities))
    return tuple(Stay(city=city, days=each + (place < over)) for place, city in enumerate(cities))


def _span(when: When) -> int | None:
    return (when.end - when.start).days + 1 if when.start and when.end else None


def _start(when: When, today: date) -> date:
    if when.start:
        return max(when.start, today)
    if when.month:
        first = date(today.year + (when.month < today.month), when.month, 1)
        return max(first, today + timedelta(days=1))
    return today + timedelta(days=1)


def _travellers(request: TripRequest) -> Travellers:
    party = request.party
    if party is None or not party.size:
        return Travellers()
    return Travellers(adults=party.adults, children=party.children, elders=party.elders)


def _conditions(request: TripRequest, people: Travellers, days: int) -> list[Constraint]:
    found: list[Constraint] = [Visit(any_of=(place,)) for place in request.places]
    found += [Visit(any_of=(place,), avoid=True) for place in request.exclude]
    if request.budget:
        found.append(BudgetAtMost(yuan=_whole(request.budget, people.size, days)))
    if request.wishes.free_only:
        found.append(FreeOnly())
    return found


def _whole(budget: Budget, people: int, days: int) -> float:
    """The budget of everybody for the whole trip."""
    return budget.yuan * {"party": 1, "person": people, "day": people * days}[budget.scope]
