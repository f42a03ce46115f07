"""The built-in catalogue as travel data: sights from its records, meals and hotels from its price bands, ways estimated.

Prices of meals and hotels are the middle of a usual span, not offers; ways are estimates (`tariffs`). A child counts as
1.2 m tall and an elder as 65 years old, which decides who goes in free; a concession that no record states is the full
price. Not covered: single restaurants and hotels, and events.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from chains.tools.itinerary.data import Lodging, Meal, OpenSpan, Point, Restaurant, Ride, Sight, Way
from chains.tools.itinerary.holidays import is_public_holiday
from chains.tools.itinerary.tariffs import (
    CROSSING_FROM_KM,
    METRO_CITIES,
    METRO_REACH_KM,
    ONE_ISLAND_KM,
    ride_estimates,
    way_estimate,
)
from chains.tools.itinerary.trip import Mode
from knowledge.catalogue import Catalogue, Filter
from knowledge.geometry import distance_km
from knowledge.prices import required_extras_yuan, visit_yuan
from knowledge.records import Attraction, City, PriceBand, Ticket
from knowledge.seasons import OpeningPeriod

CHILD_CM, ELDER_AGE = 120, 65
MOST_VISIT_MINUTES, MOST_PARK_MINUTES = 270, 400  # a longer stay would leave no room for both a meal and the open hours
USUAL_HOURS = OpenSpan(9 * 60, 17 * 60)  # where the record holds none
HOLIDAY_MONDAYS = frozenset({"博物馆", "纪念馆", "科技馆", "美术馆"})
TIER_NAMES = {"budget": ("经济型", "budget"), "comfort": ("舒适型", "comfort"), "upscale": ("高档", "upscale")}
# Dishes that are a drink or something sweet, by how their names end; what is eaten beside them (早茶点心) comes last and makes a meal.
_LIGHT = re.compile(r"(?:[茶酒奶汁糖酥冰]|(?<![年血黄打])糕|豌豆黄|冰棍|冰淇淋|咖啡|[水瓜]果|糕点|麻片|[月茶]饼|皮水|豆汁焦圈|茶颜悦色)$")
_LIGHT_EN = re.compile(
    r"(?:beer|wine|coffee|drink|milk|candy|brittle|yogh?urt|ice cream(?: bar)?|ice pops|shaved ice|pastries|biscuits?|cookies|shortbread|mooncakes"
    r"|dessert|pudding|sweets|sweet soup|sesame cakes?|tea cakes|mung bean cakes)$|^sweet (?!and\b|potato)", re.IGNORECASE
)
MAIN_MEALS: tuple[Meal, ...] = ("lunch", "dinner")


@dataclass(frozen=True)
class CatalogueData:
    """`TravelData` over cities and attractions; give it all of them, or those a plan may use."""

    cities: Mapping[str, City]
    attractions: Mapping[str, Attraction]

    def sights(self, city: str) -> list[Sight]:
        """All sights of a city, best known first."""
        return self._by_city.get(city, [])

    def open_span(self, sight: str, day: date) -> OpenSpan | None:
        """Opening of that date by season, weekday and holiday; the usual hours where the record holds none."""
        record = self.attractions[sight]
        if record.hours is None or not (record.hours.periods or record.hours.closed_weekdays):
            return USUAL_HOURS
        excused = self._opens_on_holidays(record) and is_public_holiday(day)
        if day.isoweekday() in record.hours.closed_weekdays and not excused:
            return None
        if not record.hours.periods:
            return USUAL_HOURS
        held = [period for period in record.hours.periods if period.holds(day)]
        return _longest(held or [period for period in record.hours.periods if excused and _in_season(period, day)])

    def ticket_yuan(self, sight: str, day: date, adults: int, children: int, elders: int) -> float | None:
        """Admission and required extras for the party; None where the record holds no admission."""
        record = self.attractions[sight]
        adult = visit_yuan(record.ticket, day)
        if adult is None or record.ticket is None:
            return None
        extras = required_extras_yuan(record.ticket)
        child = _child_yuan(record.ticket, adult, extras)
        free_elder = record.ticket.senior_free_age is not None and record.ticket.senior_free_age <= ELDER_AGE
        return adults * adult + children * child + elders * (extras if free_elder else adult)

    def restaurants(self, city: str) -> list[Restaurant]:
        """Every dish of the city in every price band, wherever one is."""
        record = self.cities[city]
        return [_table(record, number, band) for number in range(len(record.dishes)) for band in record.meals]

    def lodgings(self, city: str) -> list[Lodging]:
        """Every quarter of the city in every price band."""
        record = self.cities[city]
        return [self._bed(record, number, band) for number in range(len(record.areas)) for band in record.lodging]

    def rides(self, origin: str, destination: str, day: date) -> list[Ride]:  # noqa: ARG002 - estimates know no timetable
        """Estimated rides, the same on every date."""
        if origin not in self.cities or destination not in self.cities:
            return []
        return ride_estimates(self.cities[origin], self.cities[destination])

    def way(self, start: Point, end: Point, mode: Mode, clock: int, people: int) -> Way | None:
        """An estimated way; water is crossed by bus or taxi and a ferry."""
        crow_km = distance_km(start, end)
        crossing = crow_km > CROSSING_FROM_KM and self._crosses(start, end, crow_km)
        metro = mode == "metro" and self._has_metro(start) and self._has_metro(end)
        return way_estimate(mode, crow_km, clock, people, crossing, metro)

    @cached_property
    def _by_city(self) -> dict[str, list[Sight]]:
        found: dict[str, list[Sight]] = {}
        for record in sorted(self.attractions.values(), key=lambda record: (record.city, record.rank)):
            found.setdefault(record.city, []).append(_sight(record))
        return found

    @cached_property
    def _islands(self) -> frozenset[Point]:
        return frozenset(_point(record) for record in self.attractions.values() if "海岛" in record.tags and record.position)

    @cached_property
    def _metro_near(self) -> dict[Point, bool]:
        return {}

    def _crosses(self, start: Point, end: Point, crow_km: float) -> bool:
        ends = (start in self._islands) + (end in self._islands)
        return ends == 1 or (ends == 2 and crow_km > ONE_ISLAND_KM)

    def _has_metro(self, point: Point) -> bool:
        if point not in self._metro_near:
            centres = [self.cities[city].position for city in METRO_CITIES if city in self.cities]
            self._metro_near[point] = any(distance_km(point, centre) <= METRO_REACH_KM for centre in centres)
        return self._metro_near[point]

    def _opens_on_holidays(self, record: Attraction) -> bool:
        stated = record.hours is not None and "法定节假日" in record.hours.note
        return stated or bool(HOLIDAY_MONDAYS & set(record.tags))

    def _bed(self, city: City, number: int, band: PriceBand) -> Lodging:
        area = city.areas[number]
        zh, en = TIER_NAMES[band.tier]
        return Lodging(
            id=f"{city.id}-stay-{number + 1}-{band.tier}", name=f"{area.name}·{zh}酒店", name_en=f"{en} hotel, {area.name_en}",
            city=city.id, tier=band.tier, yuan_per_room=_middle(band), room_types=("single", "double", "twin", "family"),
            area=area.name, point=self._area_point(city.id, area.name), source=city.source,
        )

    def _area_point(self, city: str, area: str) -> Point | None:
        """Where the best known sight named in the area's name lies."""
        names = (record for record in self.attractions.values()
                 if record.city == city and any(len(name) > 1 and name in area for name in record.names))
        named = min(names, key=lambda record: record.rank, default=None)
        return _point(named) if named and named.position else None


def catalogue_data(catalogue: Catalogue) -> CatalogueData:
    """The whole catalogue as travel data."""
    return CatalogueData(catalogue.cities, {record.id: record for record in catalogue.find(Filter())})


def _sight(record: Attraction) -> Sight:
    return Sight(
        id=record.id, name=record.name, name_en=record.name_en, city=record.city, point=_point(record) if record.position else None,
        visit_minutes=_visit_minutes(record), value=_value(record), tags=record.tags, indoor=record.setting == "indoor",
        free=visit_yuan(record.ticket) == 0, source=_source(record), part_of=record.part_of,
    )


def _source(record: Attraction) -> str:
    block = record.ticket or record.visit or record.hours
    known_hours = record.hours is not None and record.hours.periods
    return (block.source if block else "") + ("" if known_hours else " (usual hours assumed)")


def _point(record: Attraction) -> Point:
    assert record.position is not None  # noqa: S101 - callers have looked
    return Point(record.position.latitude_deg, record.position.longitude_deg)


def _visit_minutes(record: Attraction) -> int:
    """The middle of the recorded span, rounded to five minutes; by setting where none is recorded."""
    if record.visit is None:
        return 90 if record.setting == "indoor" else 120
    middle = (record.visit.minutes_min + record.visit.minutes_max) / 2
    whole_day = record.visit.minutes_min > MOST_PARK_MINUTES and "主题乐园" in record.tags  # open into the evening
    return min(MOST_PARK_MINUTES if whole_day else MOST_VISIT_MINUTES, round(middle / 5) * 5)


def _value(record: Attraction) -> float:
    """0 to 100: half for what everybody knows (rank), the rest for the national level, the rating and its weight."""
    fame = 45 * math.exp(-(record.rank - 1) / 15)
    level = {"5A": 20, "4A": 10, "3A": 4}.get(record.grade.level if record.grade else "", 0)
    score = record.rating.score if record.rating and record.rating.score is not None else 4.2
    reviews = record.rating.reviews if record.rating and record.rating.reviews else 0
    return round(min(100.0, 15 + fame + level + 12 * max(0.0, score - 3.8) + min(6.0, 1.5 * math.log10(1 + reviews))), 2)


def _child_yuan(ticket: Ticket, adult: float, extras: float) -> float:
    if ticket.child_free_cm is not None and ticket.child_free_cm >= CHILD_CM:
        return extras
    return adult if ticket.student_yuan is None else min(adult, ticket.student_yuan + extras)


def _in_season(period: OpeningPeriod, day: date) -> bool:
    return period.season is None or period.season.holds(day)


def _longest(periods: Iterable[OpeningPeriod]) -> OpenSpan | None:
    """Of a morning and an afternoon session only the longer one: a visit lies in one of them."""
    longest = max(periods, key=lambda period: period.close_minute - period.open_minute, default=None)
    return OpenSpan(longest.open_minute, longest.close_minute, longest.last_entry_minute) if longest else None


def _middle(band: PriceBand) -> float:
    return (band.low_yuan + band.high_yuan) / 2


def _table(city: City, number: int, band: PriceBand) -> Restaurant:
    dish = city.dishes[number]
    zh, en = TIER_NAMES[band.tier][0].removesuffix("型"), TIER_NAMES[band.tier][1]
    where, where_en = (f"（常见：{dish.where}）" if dish.where else ""), (f" (usually: {dish.where_en})" if dish.where_en else "")
    return Restaurant(
        id=f"{city.id}-eat-{number + 1}-{band.tier}", name=f"{dish.name}·{zh}{where}", name_en=f"{dish.name_en}, {en}{where_en}",
        city=city.id, cuisine=dish.name, meals=MAIN_MEALS, yuan_per_person=_middle(band), source=city.source,
        light=bool(_LIGHT.search(dish.name) or _LIGHT_EN.search(dish.name_en)),
    )
