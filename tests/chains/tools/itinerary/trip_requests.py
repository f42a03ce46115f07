"""Trips as people might ask for them, drawn by seed over any travel data: every kind of condition, from modest to absurd.

The seed decides everything. Cities and kinds of condition take turns, so that a few hundred requests hold them all.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from chains.tools.itinerary.data import Sight, TravelData
from chains.tools.itinerary.trip import (
    AnyOf,
    ArriveFrom,
    AtPlace,
    BudgetAtMost,
    Constraint,
    CostKind,
    DayHours,
    Eat,
    FreeOnly,
    Hotel,
    HotelNear,
    IntercityBy,
    IntercityMode,
    LeaveBy,
    LocalBy,
    Mode,
    Pace,
    Rooms,
    RoomType,
    SightKind,
    SightsPerDay,
    Single,
    Stay,
    Travellers,
    Trip,
    Visit,
    WalkAtMost,
    WalkBelow,
)

TODAY = date(2026, 3, 2)
HOLIDAYS = (date(2026, 4, 4), date(2026, 5, 1), date(2026, 10, 1), date(2027, 1, 1))
MONDAYS = tuple(TODAY + timedelta(weeks=week) for week in range(1, 50, 7))
PARTIES = ((1, 0, 0), (2, 0, 0), (2, 1, 0), (2, 2, 2), (0, 0, 2), (1, 1, 0), (5, 0, 0), (9, 3, 1), (3, 0, 1))
YUAN_A_DAY = (5, 40, 120, 300, 700, 2000, 8000)  # for one person


@dataclass(frozen=True)
class Draft:
    """What is known of a trip before its conditions are drawn."""

    data: TravelData
    stays: tuple[Stay, ...]
    people: int
    dice: random.Random

    @property
    def days(self) -> int:
        """Days of all stays."""
        return sum(stay.days for stay in self.stays)

    @property
    def city(self) -> str:
        """One of the trip's cities."""
        return self.dice.choice(self.stays).city

    def sight(self) -> Sight:
        """A sight of one of the cities, the better known ones more often."""
        sights = sorted(self.data.sights(self.city), key=lambda sight: -sight.value)
        return sights[min(len(sights) - 1, int(self.dice.expovariate(1 / 8)))]

    def some_day(self) -> int | None:
        """A day of the trip, or none in particular."""
        return self.dice.choice((None, self.dice.randint(1, self.days)))


def _budget(draft: Draft) -> BudgetAtMost:
    of = draft.dice.choice((*get_args(CostKind), "total", "total"))
    share = 1.0 if of == "total" else draft.dice.choice((0.1, 0.3, 0.5))
    return BudgetAtMost(of=of, yuan=draft.dice.choice(YUAN_A_DAY) * draft.people * draft.days * share)


def _rooms(draft: Draft) -> Rooms:
    return Rooms(count=draft.dice.choice((None, 1, 2, 3, draft.people)), type=draft.dice.choice((None, *get_args(RoomType))))


def _intercity(draft: Draft) -> IntercityBy:
    return IntercityBy(modes=_some(draft, get_args(IntercityMode)))


def _local(draft: Draft) -> LocalBy:
    return LocalBy(modes=_some(draft, get_args(Mode)))


def _eat(draft: Draft) -> Eat:
    tables = draft.data.restaurants(draft.city)
    words = tuple(draft.dice.choice((table.name, table.name_en, table.cuisine)) for table in draft.dice.sample(list(tables), 2))
    return Eat(any_of=draft.dice.choice((words, words[:1], ("独角兽肉",))), avoid=draft.dice.random() < 0.4)


def _sight_kind(draft: Draft) -> SightKind:
    tags = draft.sight().tags or ("博物馆",)
    return SightKind(any_of=draft.dice.choice((tags[:1], ("温泉", "滑雪"))), avoid=draft.dice.random() < 0.35)


def _visit(draft: Draft) -> Visit:
    places = tuple({draft.sight().id for _ in range(draft.dice.choice((1, 1, 2)))})
    return Visit(any_of=tuple(sorted(places)), avoid=draft.dice.random() < 0.25)


def _at_place(draft: Draft) -> AtPlace:
    hour = draft.dice.randint(7, 20)
    way = draft.dice.choice(({"not_before": hour * 60}, {"not_after": hour * 60 + 60}, {"day": draft.dice.randint(1, draft.days)},
                             {"least_minutes": draft.dice.choice((30, 120, 240, 600))},
                             {"not_before": hour * 60, "not_after": hour * 60 + 120, "day": draft.some_day()}))
    return AtPlace.model_validate({"place": draft.sight().id, **way})


def _hotel(draft: Draft) -> Hotel:
    bed = draft.dice.choice(list(draft.data.lodgings(draft.city)))
    low = draft.dice.choice((50, 200, 500))
    features = bed.features[:1] or ("泳池",)
    way = draft.dice.choice(({"tiers": (bed.tier,)}, {"areas": (bed.area,)}, {"names": (bed.name,)}, {"features": features},
                             {"most_yuan": low}, {"least_yuan": low, "most_yuan": low * 3}, {"names": ("如家",), "avoid": True},
                             {"features": features, "avoid": True}))
    return Hotel.model_validate(way)


def _day_hours(draft: Draft) -> DayHours:
    earliest, latest = draft.dice.choice((None, 360, 540, 660)), draft.dice.choice((None, 900, 1080, 1200, 1320))
    return DayHours(earliest=earliest, latest=latest, day=draft.some_day())


def _sights_per_day(draft: Draft) -> SightsPerDay:
    least, most = draft.dice.choice(((None, 1), (None, 2), (1, None), (2, 3), (3, None), (5, 6), (0, 0)))
    return SightsPerDay(least=least, most=most, day=draft.some_day())


def _some(draft: Draft, words: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(draft.dice.sample(list(words), draft.dice.randint(1, len(words)))))


SINGLES: tuple[Callable[[Draft], Single], ...] = (
    _budget, _rooms, _intercity, _local, _eat, _sight_kind, _visit, _at_place, _hotel,
    lambda draft: HotelNear(place=draft.sight().id, metres=draft.dice.choice((300, 1500, 10000))),
    lambda draft: WalkBelow(metres=draft.dice.choice((500, 1500, 4000))),
    lambda draft: WalkAtMost(metres=draft.dice.choice((0.5, 300, 1200, 5000))),
    lambda draft: ArriveFrom(clock=draft.dice.choice((420, 600, 840, 1140))),
    lambda draft: LeaveBy(clock=draft.dice.choice((600, 840, 1080, 1320))),
    _day_hours, _sights_per_day, lambda draft: FreeOnly(),
)


def _any_of(draft: Draft) -> AnyOf:
    makers = draft.dice.sample(SINGLES, draft.dice.choice((2, 2, 3)))
    return AnyOf(options=tuple(make(draft) for make in makers), said="要么这样，要么那样")


KINDS: tuple[Callable[[Draft], Constraint], ...] = (*SINGLES, _any_of)


def a_request(data: TravelData, cities: Sequence[str], seed: int) -> Trip:
    """The trip of that seed; the `seed`-th city and the `seed`-th kind of condition are in it."""
    dice = random.Random(seed)
    stays = _stays(cities, seed, dice)
    adults, children, elders = dice.choice(PARTIES)
    draft = Draft(data, stays, adults + children + elders, dice)
    makers = [KINDS[seed % len(KINDS)], *(dice.choice(KINDS) for _ in range(dice.choice((0, 0, 1, 2, 3))))]
    origin = dice.choice((None, dice.choice(cities)))
    return Trip(
        stays=stays, start=_start(dice), travellers=Travellers(adults=adults, children=children, elders=elders),
        pace=dice.choice(get_args(Pace)), origin=origin, likes=draft.sight().tags[:1], dislikes=dice.choice(((), draft.sight().tags[-1:])),
        constraints=tuple(make(draft) for make in makers),
    )


def _stays(cities: Sequence[str], seed: int, dice: random.Random) -> tuple[Stay, ...]:
    days = dice.randint(1, 7)
    count = min(days, dice.choice((1, 1, 1, 2, 2, 3)))
    cuts = sorted(dice.sample(range(1, days), count - 1))
    others = dice.choices(list(cities), k=count - 1)
    lengths = [end - start for start, end in zip([0, *cuts], [*cuts, days], strict=True)]
    return tuple(Stay(city=city, days=length) for city, length in zip([cities[seed % len(cities)], *others], lengths, strict=True))


def _start(dice: random.Random) -> date:
    """Any day of the year; Mondays and public holidays more often than they come."""
    return dice.choice((TODAY + timedelta(days=dice.randint(0, 365)), TODAY + timedelta(days=dice.randint(0, 365)), dice.choice(MONDAYS), dice.choice(HOLIDAYS)))
