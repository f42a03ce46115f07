"""Invented cities and sights for training: coined names, random prices and hours, descriptions lent by real sights.

They are marked by their source and never enter the knowledge base. Descriptions are lent within a split and only where
they name no place, so that nothing of a held-out city is learned. Not covered: positions that mean anything.
"""

import re
from dataclasses import dataclass
from random import Random
from typing import Any

from finetune.datasets.coinage import Coiner, PlaceKind, place_kinds, wordlist
from knowledge.records import (
    Area,
    Attraction,
    City,
    Dish,
    Extra,
    Hours,
    Position,
    PriceBand,
    Source,
    Ticket,
    Visit,
    attraction_id,
)

SOURCE = Source(id="synthetic", label="训练用虚构数据", label_en="invented for training", year=2025)
SIGHTS_A_CITY = (2, 8)
FALLBACK_KIND_TAGS = ("公园", "观景", "老街")
PEAKS = ("4.1-10.31", "3.1-11.30", "5.1-10.7", "7.1-8.31", "4.16-10.15")
_ROUND_PRICES = (5, 8, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 68, 70, 75, 80, 88, 90, 98, 100, 110, 120, 128, 150, 160, 180, 199, 220, 260, 299)
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z,;] )[A-Z]")


@dataclass(frozen=True)
class Lender:
    """A real sight's description, without names, and the tags it goes with."""

    tags: tuple[str, ...]
    summary: str
    summary_en: str


class Inventor:
    """Makes cities with sights; the same seed makes the same places."""

    def __init__(self, rng: Random, coiner: Coiner, lenders: list[Lender]) -> None:
        self._rng = rng
        self._coiner = coiner
        self._lenders = lenders
        self._words = wordlist("coinage.yaml")

    def city(self) -> tuple[City, list[Attraction]]:
        """A city and its sights."""
        name, english = self._coiner.city()
        place = self._rng.randrange(len(self._words["summaries_zh"]))
        ride = self._rng.randrange(len(self._words["transport_zh"]))
        city = City(
            id=f"synthetic-{english.lower()}-{attraction_id('', name)[-4:]}", name=name, name_en=english, province="虚构",
            position=Position(latitude_deg=30, longitude_deg=110, approximate=True, source=SOURCE.id),
            best_months=tuple(sorted(self._rng.sample(range(1, 13), self._rng.randint(2, 5)))),
            summary=self._words["summaries_zh"][place], summary_en=self._words["summaries_en"][place],
            transport=self._words["transport_zh"][ride], transport_en=self._words["transport_en"][ride],
            dishes=self._dishes(), meals=self._bands(15, 60), lodging=self._bands(90, 260), areas=self._areas(), source=SOURCE.id,
        )
        number = self._rng.randint(*SIGHTS_A_CITY)
        return city, [self._sight(city, rank) for rank in range(1, number + 1)]

    def _sight(self, city: City, rank: int) -> Attraction:
        kind = self._rng.choice(place_kinds())
        lender = self._lender(kind)
        name, english = self._coiner.sight(kind, (city.name, city.name_en))
        rated = self._rng.random() < 0.4
        return Attraction.model_validate({
            "id": attraction_id(city.id, name), "city": city.id, "rank": rank, "name": name, "name_en": english,
            "district": self._rng.choice(self._words["districts"]), "tags": lender.tags,
            "address": self._address(name), "summary": lender.summary, "summary_en": lender.summary_en,
            "ticket": self._ticket(), "hours": self._hours(), "visit": self._visit(),
            "grade": {"level": self._rng.choice(("5A", "4A", "4A", "3A")), "source": SOURCE.id} if rated else None,
        })

    def _lender(self, kind: PlaceKind) -> Lender:
        fitting = [lender for lender in self._lenders if set(lender.tags) & set(kind.tags)]
        return self._rng.choice(fitting or self._lenders)

    def _address(self, name: str) -> str:
        if self._rng.random() < 0.3:
            return ""
        return f"{self._rng.choice(self._words['districts'])}{name[:2]}路{self._rng.randint(1, 299)}号"

    def _price(self) -> float:
        style = self._rng.random()
        if style < 0.5:
            return float(self._rng.choice(_ROUND_PRICES))
        return self._rng.randint(3, 398) if style < 0.95 else self._rng.randint(3, 160) + 0.5

    def _ticket(self) -> Ticket | None:
        style = self._rng.random()
        if style < 0.05:
            return None
        fields: dict[str, Any] = {"adult_yuan": self._price(), "booking": self._rng.choice(("required", "advised", "none", None))}
        if style < 0.12:
            fields["adult_yuan"] = None
        elif style < 0.4:
            fields["adult_yuan"] = 0
        elif style < 0.58:
            fields |= {"low_yuan": round(fields["adult_yuan"] * self._rng.choice((0.5, 0.6, 0.7, 0.8))), "peak": self._rng.choice(PEAKS)}
        if fields["adult_yuan"] and self._rng.random() < 0.25:
            fields["extras"] = (self._extra(),)
        if fields["adult_yuan"] and self._rng.random() < 0.4:
            fields |= {"student_yuan": fields["adult_yuan"] // 2, "senior_free_age": self._rng.choice((60, 65, 70)), "child_free_cm": self._rng.choice((120, 130, 140))}
        return Ticket.model_validate({**fields, "source": SOURCE.id})

    def _extra(self) -> Extra:
        named = self._rng.choice(self._words["extras"])
        return Extra(name=named["name"], name_en=named["name_en"], yuan=self._rng.choice((10, 15, 20, 30, 40, 60, 90)), required=self._rng.random() < 0.6)

    def _hours(self) -> Hours | None:
        style = self._rng.random()
        if style < 0.08:
            return None
        if style < 0.25:
            return Hours.model_validate({"periods": ["00:00-24:00"], "source": SOURCE.id})
        opens, closes = self._rng.randint(6, 10), self._rng.randint(16, 22)
        half = self._rng.choice(("00", "30"))
        last = f" last {closes - 1}:{half}" if self._rng.random() < 0.4 else ""
        shut = (self._rng.randint(1, 2),) if self._rng.random() < 0.25 else ()
        period = f"{opens:02d}:{half}-{closes}:00{last}"
        return Hours.model_validate({"periods": [period], "closed_weekdays": shut, "source": SOURCE.id})

    def _visit(self) -> Visit | None:
        if self._rng.random() < 0.1:
            return None
        least = self._rng.choice((30, 45, 60, 90, 120, 180, 240))
        return Visit(minutes_min=least, minutes_max=least + self._rng.choice((0, 30, 60, 120)), source=SOURCE.id)

    def _bands(self, least: int, most: int) -> tuple[PriceBand, ...]:
        low = self._rng.randint(least, most)
        return (PriceBand(tier="budget", low_yuan=low, high_yuan=low * 2),
                PriceBand(tier="comfort", low_yuan=low * 2 + 10, high_yuan=low * 4),
                PriceBand(tier="upscale", low_yuan=low * 5, high_yuan=low * 9))

    def _dishes(self) -> tuple[Dish, ...]:
        chosen = self._rng.sample(range(len(self._words["dishes_zh"])), self._rng.randint(2, 4))
        return tuple(self._dish(place) for place in chosen)

    def _dish(self, place: int) -> Dish:
        way, where = (self._rng.randrange(len(self._words[key])) for key in ("dish_ways_zh", "places_zh"))
        words = self._words
        return Dish(name=words["dish_ways_zh"][way] + words["dishes_zh"][place], name_en=f"{words['dish_ways_en'][way]} {words['dishes_en'][place]}",
                    where=words["places_zh"][where], where_en=words["places_en"][where])

    def _areas(self) -> tuple[Area, ...]:
        words = self._words
        chosen = self._rng.sample(range(len(words["areas_zh"])), 2)
        whys = self._rng.sample(range(len(words["area_whys_zh"])), 2)
        return tuple(Area(name=words["areas_zh"][area], name_en=words["areas_en"][area], why=words["area_whys_zh"][why], why_en=words["area_whys_en"][why])
                     for area, why in zip(chosen, whys, strict=True))


def names_nothing(summary_en: str) -> bool:
    """Whether an English description holds no capital inside a sentence, and so no name."""
    return not _CAPITAL_INSIDE.search(summary_en)
