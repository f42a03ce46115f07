"""Which city a row belongs to: a built-in one, or a new one made from the table of Chinese places.

``data/prefectures.csv`` names 2,243 prefectures, counties and county-level cities with their seat's position (GCJ-02,
taken from the MIT-licensed package cpca 0.5.5). A row's county wins over its city where we hold the county as a city of its
own (敦煌 over 酒泉). Not covered: districts of cities, scenic areas that people call a city (坝上), places abroad.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from pypinyin import lazy_pinyin

from knowledge.records import City, Position, Source

PLACES = Path(__file__).parent.parent / "data" / "prefectures.csv"
PLACES_SOURCE = Source(
    id="places-2021", label="行政区划坐标表", label_en="table of administrative places", year=2021,
    note="地名与政府驻地坐标,取自 cpca 0.5.5 (MIT)",
)
SUMMARY = "这里的景点资料来自导入的文件，还没有城市介绍。"
SUMMARY_EN = "What we hold here was imported from files, there is no portrait of the city yet."
_SUFFIX = re.compile(r"(?:特别行政区|自治州|自治县|自治旗|地区|林区|市|盟|县|旗|州)$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_ADDRESS = re.compile(
    r"^(?:中国)?(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区))?\s*(?P<city>[\u4e00-\u9fff]{2,10}?(?:市|自治州|地区|盟))?\s*"
    r"(?P<county>[\u4e00-\u9fff]{2,10}?(?:市|县|旗|林区))?")


@dataclass(frozen=True)
class Place:
    """A line of the table of places."""

    code: str
    name: str
    short: str
    province: str
    latitude_deg: float
    longitude_deg: float


class CityBook:
    """Finds cities by what rows call them, and makes the new ones; `created` are those made here."""

    def __init__(self, known: Iterable[City]) -> None:
        self._by_name: dict[str, City] = {}
        self.created: list[City] = []
        for city in known:
            for name in city.names:
                self._by_name.setdefault(name, city)

    def find(self, city: str, county: str = "", address: str = "") -> City | None:
        """The city of a row, or None where nothing in it names a Chinese place."""
        in_address = _address_parts(address)
        return self._held(county) or self._named(city) or self._held(in_address[1]) or self._named(in_address[0]) or self._named(in_address[1])

    def mentioned(self, text: str) -> City | None:
        """The first city that a text speaks of by a name we hold or the table of places knows."""
        found = self._mention.search(text)
        return self._named(found.group()) if found else None

    @cached_property
    def _mention(self) -> re.Pattern[str]:
        held = {name for name in self._by_name if _CHINESE.fullmatch(name)}
        names = held | {place.short for level, place in _read_places() if level == "city"}
        return re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))

    def _held(self, name: str) -> City | None:
        """A city we hold already under this name or its short form."""
        return next((self._by_name[form] for form in _forms(name) if form in self._by_name), None) if name else None

    def _named(self, name: str) -> City | None:
        held = self._held(name)
        if held or not name:
            return held
        place = next((_places()[form] for form in _forms(name) if form in _places()), None)
        return self._create(place) if place else None

    def _create(self, place: Place) -> City:
        city = self._by_name.get(place.name) or self._by_name.get(place.short) or city_of(place)
        if city.id.endswith(place.code) and city.id not in {made.id for made in self.created}:
            self.created.append(city)
            for name in city.names:
                self._by_name.setdefault(name, city)
        return city


def city_of(place: Place) -> City:
    """A new city with what is known of it: name, province and where it lies."""
    sound = "".join(lazy_pinyin(place.short))
    at = Position(latitude_deg=place.latitude_deg, longitude_deg=place.longitude_deg, approximate=True, source=PLACES_SOURCE.id)
    return City(
        id=f"{sound}-{place.code}", name=place.short, name_en=sound.capitalize(), province=place.province,
        aliases=(place.name,) if place.name != place.short else (), position=at,
        summary=SUMMARY, summary_en=SUMMARY_EN, source=PLACES_SOURCE.id,
    )


@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, ...]:
    """A name as it stands, then without its kind (青岛市, 青岛), then the last part of 省·市·区."""
    name = name.strip()
    parts = [part for part in re.split(r"[·\s/,，>-]+", name) if part]
    candidates = [name, _SUFFIX.sub("", name), *(form for part in reversed(parts[:2]) for form in (part, _SUFFIX.sub("", part)))]
    return tuple(form for form in dict.fromkeys(candidates) if len(form) > 1)


@lru_cache(maxsize=4096)
def _address_parts(address: str) -> tuple[str, str]:
    found = _ADDRESS.match(address)
    return (found["city"] or "", found["county"] or "") if found else ("", "")


@cache
def _places() -> dict[str, Place]:
    """Every name to its place: cities and prefectures first, counties where their name is nobody else's."""
    table: dict[str, Place] = {}
    counties: dict[str, list[Place]] = {}
    for level, place in _read_places():
        for name in {place.name, place.short, _SUFFIX.sub("", place.name)}:
            if level == "city":
                table.setdefault(name, place)
            else:
                counties.setdefault(name, []).append(place)
    for name, places in counties.items():
        if len(places) == 1:
            table.setdefault(name, places[0])
    return table


def _read_places() -> Iterator[tuple[str, Place]]:
    with PLACES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["level"], Place(row["code"], row["name"], row["short"], row["province"],
                                      float(row["latitude_deg"]), float(row["longitude_deg"]))
