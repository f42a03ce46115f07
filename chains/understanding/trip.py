"""From an understood turn to the trip the planner is given: its frame, and the conditions the turn's slots and words hold.

What was not said is assumed and told: two days, from tomorrow on, one adult. Conditions in free text beyond the slots are
read by `chains.understanding.conditions`, from the turn's own text only; a trip that is being planned goes on from what
it was (`going_on`). A holiday begins on its day; a month or a school break on its first.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chains.tools.itinerary.trip import (
    MAX_DAYS,
    BudgetAtMost,
    Constraint,
    FreeOnly,
    SightKind,
    Stay,
    Travellers,
    Trip,
    Visit,
)
from chains.understanding.conditions import Reading, read_conditions
from chains.understanding.conditions_frame import first_weekday
from chains.understanding.conditions_holidays import holiday_start
from chains.understanding.dates import read_when
from chains.understanding.going_on import going_on, shared
from chains.understanding.party import MOST_PEOPLE, read_budget
from chains.understanding.request import Budget, TripRequest, When
from chains.understanding.wishes import read_wishes
from knowledge.catalogue import Catalogue

DAYS_UNSAID = 2
# Words that speak of each day or of one of them, where `dates` would hear how long the trip is.
_EACH_DAY = re.compile(r"(?:一|1)[天日](?=[^,，。]{0,4}(?:最多|不超过|至少|别超|就?去|吃|花|预算|两百|\d+(?:元|块)|[一二两三四五六七八九\d]{1,2}(?:个|处)))|每一天|最后一[天日]|[前后头][一二两三四\d]天", re.ASCII)
_AT_ONE_PLACE = re.compile(r"玩(?:上)?一整?天|给.{1,8}一天|[^,]玩[一二两三\d]天(?=,.*?[二三四五六七八九\d]天)|(?:待|玩|留|给|逛)[^,]{0,3}半天", re.ASCII)


@dataclass(frozen=True)
class Assumed:
    """What the trip takes for granted because nobody said it."""

    days: bool = False
    start: bool = False
    travellers: bool = False


def trip_of(request: TripRequest, catalogue: Catalogue, today: date) -> tuple[Trip, Assumed]:
    """The trip a turn asks for, and what was assumed. The request must name at least one city."""
    if request.trip:
        return going_on(request.trip, request, catalogue, today), Assumed()
    when = _own_days(request, today)
    said_days = when.days or _span(when)
    days = min(MAX_DAYS, said_days or max(DAYS_UNSAID, len(request.cities)))
    people = _travellers(request)
    reading = read_conditions(request.text, request, catalogue, days, people.size)
    stays, origin = _whither(request, reading, days)
    start = _start(when, request.text, today)
    asked = {tag for wish in reading.constraints if isinstance(wish, SightKind) for tag in wish.any_of}
    trip = Trip(
        stays=stays, start=start or today + timedelta(days=1), travellers=people, pace=reading.pace or "moderate", origin=origin,
        likes=_without(asked, (*request.wishes.likes, *reading.likes)), dislikes=_without(asked, request.wishes.dislikes),
        constraints=(*_carried(request, reading, people.size, days), *reading.constraints), unread=(*reading.unread, *_too_many(request)),
    )
    return trip, Assumed(not (said_days or reading.stays), start is None, request.party is None)


def _without(asked: set[str], tags: tuple[str, ...]) -> tuple[str, ...]:
    """Tags that are no condition already, each once."""
    return tuple(tag for tag in dict.fromkeys(tags) if tag not in asked)


def _own_days(request: TripRequest, today: date) -> When:
    """The request's dates; days that were read out of "so many a day" are read anew."""
    text = _EACH_DAY.sub(" ", request.text)
    own, whole, rest = (read_when(part, today).days for part in (request.text, text, _AT_ONE_PLACE.sub(" ", text)))
    return replace(request.when, days=rest or whole or (request.when.days if own != request.when.days else None))


def _whither(request: TripRequest, reading: Reading, days: int) -> tuple[tuple[Stay, ...], str | None]:
    """The stays and the origin; the city one starts from is no stay where there is another."""
    cities = tuple(city for city in request.cities if city != reading.origin) or request.cities
    origin = None if reading.origin in cities else reading.origin
    stays = tuple(stay for stay in reading.stays or () if stay.city != origin)
    return stays or shared(cities, days), origin


def _span(when: When) -> int | None:
    return (when.end - when.start).days + 1 if when.start and when.end else None


def _start(when: When, text: str, today: date) -> date | None:
    """The first day, as far as it was said: a date, a weekday to set out on, a holiday, a month."""
    if when.start:
        return max(when.start, today)
    weekday = first_weekday(text)
    if weekday:
        return read_when(weekday.group(), today, bare_weekdays=True).start
    if when.holiday:
        return holiday_start(when.holiday, today)
    if when.month:
        first = date(today.year + (when.month < today.month), when.month, 1)
        return max(first, today + timedelta(days=1))
    return None


def _travellers(request: TripRequest) -> Travellers:
    party = request.party
    if party is None or not party.size:
        return Travellers()
    return Travellers(adults=min(MOST_PEOPLE, party.adults), children=min(MOST_PEOPLE, party.children), elders=min(MOST_PEOPLE, party.elders))


def _too_many(request: TripRequest) -> list[str]:
    """What is told of a party that is larger than one plan takes."""
    party = request.party
    if party is None or max(party.adults, party.children, party.elders) <= MOST_PEOPLE:
        return []
    size = party.size
    return [f"{size}人（一次最多安排{MOST_PEOPLE}人）" if request.language == "zh" else f"{size} people (one plan takes {MOST_PEOPLE} at most)"]


def _carried(request: TripRequest, reading: Reading, people: int, days: int) -> list[Constraint]:
    """What the request's slots hold and its own text does not: carried on from earlier turns."""
    found: list[Constraint] = [Visit(any_of=(place,)) for place in request.places if place not in reading.spoken]
    found += [Visit(any_of=(place,), avoid=True) for place in request.exclude if place not in reading.spoken]
    if request.budget and request.budget.yuan > 0 and not read_budget(request.text):
        found.append(BudgetAtMost(yuan=_whole(request.budget, people, days)))
    if request.wishes.free_only and not read_wishes(request.text).free_only:
        found.append(FreeOnly())
    return found


def _whole(budget: Budget, people: int, days: int) -> float:
    """The budget of everybody for the whole trip."""
    return budget.yuan * {"party": 1, "person": people, "day": people * days}[budget.scope]
