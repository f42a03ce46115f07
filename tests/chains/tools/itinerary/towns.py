"""Invented towns of any size, drawn by seed: sights on a plane with hours, closing days and prices, and one way to get about."""

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from chains.tools.itinerary.candidates import candidates, centre_of, wanted_groups
from chains.tools.itinerary.data import Lodging, OpenSpan, Point, Restaurant, Ride, Sight, Way
from chains.tools.itinerary.draft import _settings
from chains.tools.itinerary.frames import day_frames
from chains.tools.itinerary.route import StayProblem
from chains.tools.itinerary.trip import Mode, Stay, Travellers, Trip, Visit
from chains.tools.itinerary.ways import Ways
from chains.tools.itinerary.wishes import settle

START = date(2027, 3, 2)
KM_PER_DEGREE = 111.195


@dataclass(frozen=True)
class Town:
    """Travel data of one invented town, `town`."""

    size: int
    seed: int

    @cached_property
    def _drawn(self) -> dict[str, tuple[Sight, OpenSpan, int, float]]:
        dice = random.Random(self.seed)
        return {f"s{number}": self._draw(dice, number) for number in range(self.size)}

    def _draw(self, dice: random.Random, number: int) -> tuple[Sight, OpenSpan, int, float]:
        point = Point(30 + dice.gauss(0, 0.06), 110 + dice.gauss(0, 0.06))
        yuan = dice.choice((0.0, 0.0, 20.0, 60.0, 120.0))
        sight = Sight(f"s{number}", f"景{number}", f"sight {number}", "town", point, dice.choice((45, 60, 90, 120, 180, 240)),
                      dice.uniform(20, 95), dice.choice((("博物馆",), ("公园",), ("古镇", "老街"))), dice.random() < 0.3, yuan == 0, "drawn")
        opens = dice.choice((480, 510, 540, 600, 1020))
        return sight, OpenSpan(opens, 1380 if opens == 1020 else dice.choice((1020, 1080, 1320))), dice.choice((0, 0, 0, 1, 2)), yuan

    def sights(self, city: str) -> list[Sight]:
        """All of them in `town`, none elsewhere."""
        return [drawn[0] for drawn in self._drawn.values()] if city == "town" else []

    def open_span(self, sight: str, day: date) -> OpenSpan | None:
        """The drawn hours, but not on the drawn weekday."""
        _, span, closed, _ = self._drawn[sight]
        return None if day.isoweekday() == closed else span

    def ticket_yuan(self, sight: str, day: date, adults: int, children: int, elders: int) -> float:
        """Children pay half."""
        return self._drawn[sight][3] * (adults + elders + children / 2)

    def restaurants(self, city: str) -> list[Restaurant]:
        """Four dishes, found anywhere."""
        return [Restaurant(f"r{dish}", f"菜{dish}", f"dish {dish}", city, f"菜{dish}", ("lunch", "dinner"), 30.0 + 20 * dish, source="drawn")
                for dish in range(4)]

    def lodgings(self, city: str) -> list[Lodging]:
        """One hotel in the middle."""
        return [Lodging("bed", "客栈", "inn", city, "comfort", 300.0, point=Point(30, 110), source="drawn")]

    def rides(self, origin: str, destination: str, day: date) -> list[Ride]:
        """None."""
        return []

    def way(self, start: Point, end: Point, mode: Mode, clock: int, people: int) -> Way | None:
        """A taxi at 30 km/h, and on foot below a kilometre."""
        east = (end.longitude_deg - start.longitude_deg) * math.cos(math.radians(30))
        km = KM_PER_DEGREE * math.hypot(end.latitude_deg - start.latitude_deg, east)
        if mode == "walk":
            return Way("walk", math.ceil(km / 4.5 * 60), km * 1000, 0.0, "drawn") if km < 1 else None
        return Way("taxi", 5 + math.ceil(km * 2), km * 1000, 10 + 2 * km, "drawn") if mode == "taxi" else None


def town_trip(days: int, **wishes: object) -> Trip:
    """Two adults in the town."""
    return Trip.model_validate({"stays": (Stay(city="town", days=days),), "start": START + timedelta(days=days % 3),
                                "travellers": Travellers(adults=2), **wishes})


def small_problem(seed: int) -> StayProblem:
    """One to three days and six to nine sights, every third with a sight that is asked for; the seed decides everything."""
    dice = random.Random(seed)
    town = Town(dice.randint(6, 9), seed)
    wish = [Visit(any_of=(f"s{dice.randrange(6)}",))] if seed % 3 == 0 else []
    trip = town_trip(dice.randint(1, 3), pace=dice.choice(("relaxed", "moderate")), constraints=tuple(wish))
    settled = settle(trip, (), {})
    frames = day_frames(settled, [])
    found = candidates(settled, town, frames)
    settings = _settings(frames, town.lodgings("town")[0], centre_of(found))
    return StayProblem(settings, found, Ways(town, settled), wanted_groups(settled, found))
