"""Where to eat: a table near the way, of another kind than the day's other meal, priced as the budget asks.

A restaurant without a position is found wherever one is. Wishes to eat something once are met at the first meal where
that is possible. Not covered: breakfast, which hotels usually serve, and reservations.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from chains.tools.itinerary.data import Meal, Point, Restaurant, TravelData
from chains.tools.itinerary.plan import Stop
from chains.tools.itinerary.trip import Eat
from chains.tools.itinerary.wishes import Wishes, eats, names_match
from knowledge.geometry import distance_km

PRICE_SHARE = (1.0, 0.6)  # of the usual price, by thrift; the next step is the cheapest of all
TRIED = 14  # tables looked at for one meal
KM_WEIGHT, PRICE_WEIGHT, AGAIN = 12.0, 20.0, 60.0
LIGHT = 200.0  # nobody who did not ask for it wants tea or ice cream for dinner


@dataclass
class Tables:
    """The restaurants of a trip and what has been eaten so far; one plan at a time."""

    wishes: Wishes
    data: TravelData
    thrift: int = 0
    eaten: Counter[str] = field(default_factory=Counter)  # restaurant ids
    met: set[int] = field(default_factory=set)  # wishes to eat, by their place
    _of_city: dict[tuple[str, Meal], list[Restaurant]] = field(default_factory=dict)

    def options(self, city: str, day: int, meal: Meal, near: Point | None, cuisines: set[str]) -> Iterator[Restaurant]:
        """Tables to try in turn: the locked one, those still wished for, then the rest by price and distance."""
        every = [table for table in self._all(city, meal) if table.cuisine not in cuisines]
        lock = self.wishes.lock(day, meal)
        yield from (table for table in self._all(city, meal) if lock and table.id == lock.place)
        open_wishes = [wish for place, wish in enumerate(self._wanted()) if place not in self.met]
        wished = [table for table in every if any(eats(table, wish.any_of) for wish in open_wishes)]
        yield from self._ranked(wished, near, every)[:TRIED]
        yield from self._ranked(every, near, every)[:TRIED]

    def take(self, table: Restaurant) -> None:
        """Remember a meal."""
        self.eaten[table.id] += 1
        self.met |= {place for place, wish in enumerate(self._wanted()) if eats(table, wish.any_of)}

    def note(self, stop: Stop) -> None:
        """Remember a meal of a day that is kept."""
        if stop.cuisine:
            self.eaten[stop.place] += 1
            self.met |= {place for place, wish in enumerate(self._wanted())
                         if names_match(wish.any_of, (stop.name, stop.name_en, stop.cuisine))}

    def snapshot(self) -> tuple[Counter[str], set[int]]:
        """What has been eaten, to go back to."""
        return self.eaten.copy(), set(self.met)

    def restore(self, saved: tuple[Counter[str], set[int]]) -> None:
        """Go back to a snapshot."""
        self.eaten, self.met = saved[0].copy(), set(saved[1])

    def _wanted(self) -> list[Eat]:
        return [wish for wish in self.wishes.of(Eat) if not wish.avoid]

    def _all(self, city: str, meal: Meal) -> list[Restaurant]:
        if (city, meal) not in self._of_city:
            avoided = [wish for wish in self.wishes.of(Eat) if wish.avoid]
            self._of_city[city, meal] = [table for table in self.data.restaurants(city) if meal in table.meals
                                         and not any(eats(table, wish.any_of) for wish in avoided)]
        return self._of_city[city, meal]

    def _ranked(self, tables: Sequence[Restaurant], near: Point | None, every: Sequence[Restaurant]) -> list[Restaurant]:
        if self.thrift >= len(PRICE_SHARE):
            return sorted(tables, key=lambda table: (table.light, table.yuan_per_person, self.eaten[table.id], _km(table, near), table.id))
        target = median(table.yuan_per_person for table in every) * PRICE_SHARE[self.thrift] if every else 0.0
        return sorted(tables, key=lambda table: (self._burden(table, near, target), table.id))

    def _burden(self, table: Restaurant, near: Point | None, target: float) -> float:
        price = abs(math.log((1 + table.yuan_per_person) / (1 + target)))
        same_dish = sum(count for place, count in self.eaten.items() if place == table.id)
        return PRICE_WEIGHT * price + KM_WEIGHT * _km(table, near) + AGAIN * same_dish + LIGHT * table.light


def _km(table: Restaurant, near: Point | None) -> float:
    return distance_km(table.point, near) if table.point and near else 0.0
