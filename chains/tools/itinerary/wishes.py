"""The conditions of a trip, sorted for the planner: what holds on which day, for which place, and how much at most.

Nothing is decided here and nothing is searched. A choice between conditions (`AnyOf`) has been made before: `settle`
takes the number of the chosen option for each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from chains.tools.itinerary.data import Lodging, Restaurant
from chains.tools.itinerary.plan import StopKind
from chains.tools.itinerary.trip import (
    AnyOf,
    ArriveFrom,
    AtPlace,
    BudgetAtMost,
    CostKind,
    DayHours,
    Hotel,
    LeaveBy,
    Rooms,
    SightKind,
    SightsPerDay,
    Single,
    Trip,
    Visit,
)
from chains.tools.weather.records import DayWeather

K = TypeVar("K", bound=Single)


@dataclass(frozen=True)
class LockedStop:
    """A stop that a new plan keeps: on its day, and at its clock times where given.

    A `soft` one is kept where that is possible: it was there before, and nobody asked for it.
    """

    day: int
    kind: StopKind
    place: str
    arrives: int | None = None
    departs: int | None = None
    soft: bool = False


@dataclass(frozen=True)
class Wishes:
    """A trip with its settled conditions: (place in `trip.constraints`, condition)."""

    trip: Trip
    active: tuple[tuple[int, Single], ...]
    weather: Mapping[date, DayWeather]
    locked: tuple[LockedStop, ...] = ()

    @cached_property
    def _by_type(self) -> dict[type, list[Single]]:
        found: dict[type, list[Single]] = {}
        for _, condition in self.active:
            found.setdefault(type(condition), []).append(condition)
        return found

    def of(self, kind: type[K]) -> list[K]:
        """All conditions of a kind, as said."""
        return self._by_type.get(kind, [])  # type: ignore[return-value]

    def earliest(self, day: int) -> int | None:
        """Nothing of the day begins before, as far as the traveller said."""
        said = [hours.earliest for hours in self._hours(day) if hours.earliest is not None]
        said += [arrive.clock for arrive in self.of(ArriveFrom)] if day == 1 else []
        return max(said, default=None)

    def latest(self, day: int) -> int | None:
        """Nothing of the day ends after, as far as the traveller said."""
        said = [hours.latest for hours in self._hours(day) if hours.latest is not None]
        said += [leave.clock for leave in self.of(LeaveBy)] if day == self.trip.days else []
        return min(said, default=None)

    def _hours(self, day: int) -> list[DayHours]:
        return [hours for hours in self.of(DayHours) if hours.day in (None, day)]

    def sights_least(self, day: int) -> int | None:
        """So many sights at least on that day, as far as said."""
        return max((wish.least for wish in self._counts(day) if wish.least is not None), default=None)

    def sights_most(self, day: int) -> int | None:
        """So many sights at most on that day, as far as said."""
        return min((wish.most for wish in self._counts(day) if wish.most is not None), default=None)

    def _counts(self, day: int) -> list[SightsPerDay]:
        return [wish for wish in self.of(SightsPerDay) if wish.day in (None, day)]

    def at(self, place: str) -> list[AtPlace]:
        """How this place is to be visited."""
        return [wish for wish in self.of(AtPlace) if wish.place == place]

    @cached_property
    def avoided(self) -> frozenset[str]:
        """Sights that must not be visited."""
        return frozenset(place for wish in self.of(Visit) if wish.avoid for place in wish.any_of)

    @cached_property
    def avoided_tags(self) -> frozenset[str]:
        """No sight carries one of these."""
        return frozenset(tag for wish in self.of(SightKind) if wish.avoid for tag in wish.any_of)

    def budget(self, of: CostKind | str) -> float | None:
        """Most yuan for one kind of cost, or `total`."""
        return min((wish.yuan for wish in self.of(BudgetAtMost) if wish.of == of), default=None)

    @cached_property
    def named(self) -> frozenset[str]:
        """Sights the traveller spoke of with approval, or has locked."""
        said = {place for wish in self.of(Visit) if not wish.avoid for place in wish.any_of}
        return frozenset(said | {stop.place for stop in self.locked if stop.kind == "sight"})

    def lock(self, day: int, kind: StopKind) -> LockedStop | None:
        """The locked stop of that kind on that day; for meals and hotels there is one at most."""
        return next((stop for stop in self.locked if stop.day == day and stop.kind == kind), None)

    def rooms_needed(self, lodging: Lodging) -> int:
        """Rooms for the party: as many as asked, and never fewer than give everybody a bed."""
        asked = max((wish.count for wish in self.of(Rooms) if wish.count is not None), default=0)
        return max(asked, -(-self.trip.travellers.size // lodging.beds_per_room))


def settle(trip: Trip, options: tuple[int, ...], weather: Mapping[date, DayWeather], locked: Iterable[LockedStop] = ()) -> Wishes:
    """The trip's conditions with one option taken for each `AnyOf`, in their order."""
    left = list(options)
    active = tuple((place, wish.options[left.pop(0)] if isinstance(wish, AnyOf) else wish)
                   for place, wish in enumerate(trip.constraints))
    return Wishes(trip, active, weather, tuple(locked))


def names_match(words: Iterable[str], names: Iterable[str]) -> bool:
    """Whether one of the words is part of one of the names, capitals aside."""
    folded = [name.casefold() for name in names]
    return any(word.casefold() in name for word in words for name in folded)


def eats(restaurant: Restaurant, words: Iterable[str]) -> bool:
    """Whether a restaurant is, or serves, one of these."""
    return names_match(words, (restaurant.name, restaurant.name_en, restaurant.cuisine))


def fits_hotel(lodging: Lodging, wish: Hotel) -> bool:
    """Whether a hotel is as wished; where avoided, that it is none of it."""
    named = bool(wish.names) and names_match(wish.names, (lodging.name, lodging.name_en))
    featured = bool(wish.features) and all(names_match([feature], lodging.features) for feature in wish.features)
    if wish.avoid:
        return not named and not any(names_match([feature], lodging.features) for feature in wish.features)
    return ((named or not wish.names) and (featured or not wish.features)
            and (not wish.areas or names_match(wish.areas, (lodging.area, lodging.name)))
            and (not wish.tiers or lodging.tier in wish.tiers)
            and (wish.least_yuan is None or lodging.yuan_per_room >= wish.least_yuan)
            and (wish.most_yuan is None or lodging.yuan_per_room <= wish.most_yuan))
