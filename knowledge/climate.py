"""What the weather of a month usually is: climate normals of the cities we hold, for days no forecast reaches.

``data/climate.csv`` has a row a city: elevation (editors' record, rounded) and, where the World Meteorological
Organization publishes them, twelve mean daily highs, lows and days with rain, January first, "-" for unknown.
The figures describe 1961-1990 or 1971-2000 (or a period the source does not state): today is a little warmer.
A city without figures borrows those of the nearest city that has them, and the answer says which, how far away,
and by how much the temperatures were moved for the difference in height (standard atmosphere).
Not covered: single days, extremes, wind, sun, and places above or below their city.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.builtin import DATA_DIR
from knowledge.errors import DataError
from knowledge.geometry import distance_km
from knowledge.records import City, Source

CLIMATE_SOURCE = Source(
    id="wmo-wwis", label="世界气象组织·世界天气信息服务", label_en="WMO World Weather Information Service", year=2000,
    note="各城市多年平均，多为 1961–1990 或 1971–2000 年，部分城市来源未注明时段；海拔为编者记录",
)
CLIMATE_URL = "https://worldweather.wmo.int/"
LAPSE_C_PER_M = 0.0065  # standard atmosphere: 6.5 °C colder for each kilometre up
MIN_LIFT_M = 300  # smaller differences in height are below the error of borrowing at all
RAIN_REACH_KM = 300  # rain is local: days with rain are not borrowed from farther away
_COLUMNS = ["city", "elevation_m", "period", "high_c", "low_c", "rain_days"]
_UNKNOWN = "-"


@dataclass(frozen=True)
class MonthNormal:
    """A usual day of a month: mean high and low in °C, and how many days of the month have rain or snow."""

    month: int
    high_c: float | None
    low_c: float | None
    rain_days: float | None


@dataclass(frozen=True)
class CityClimate:
    """One row of the file; `months` is empty where the source has no figures for the city."""

    city: str
    elevation_m: float | None
    period: str  # as published, empty where the source does not say
    months: tuple[MonthNormal, ...] = ()


@dataclass(frozen=True)
class Normals:
    """The figures to use for a city: its own, or those of `station`, `distance_km` away.

    `lift_m` is how much higher the asked city lies than the station, where that was worth correcting; the
    temperatures in `months` are corrected already.
    """

    station: City
    period: str
    months: tuple[MonthNormal, ...]
    distance_km: float = 0.0
    lift_m: float = 0.0

    def month(self, number: int) -> MonthNormal:
        """The figures of a month, 1 to 12."""
        return self.months[number - 1]


@dataclass(frozen=True)
class Climate:
    """All rows, by city id."""

    rows: Mapping[str, CityClimate]

    def elevation_m(self, city: str) -> float | None:
        """Height of the city above the sea, None if we do not hold it."""
        row = self.rows.get(city)
        return row.elevation_m if row else None

    def normals(self, city: City, cities: Mapping[str, City]) -> Normals | None:
        """The city's own figures, else those of the nearest of `cities` that has some; None if none has."""
        own = self.rows.get(city.id)
        if own and own.months:
            return Normals(city, own.period, own.months)
        stations = [cities[row.city] for row in self.rows.values() if row.months and row.city in cities]
        if not stations:
            return None
        nearest = min(stations, key=lambda station: distance_km(city.position, station.position))
        return self._borrowed(city, nearest)

    def _borrowed(self, city: City, station: City) -> Normals:
        row = self.rows[station.id]
        lift_m = self._lift_m(city.id, station.id)
        away_km = distance_km(city.position, station.position)
        months = tuple(_lifted(month, lift_m) for month in row.months)
        if away_km > RAIN_REACH_KM:
            months = tuple(replace(month, rain_days=None) for month in months)
        return Normals(station, row.period, months, away_km, lift_m)

    def _lift_m(self, city: str, station: str) -> float:
        here, there = self.elevation_m(city), self.elevation_m(station)
        lift_m = here - there if here is not None and there is not None else 0.0
        return lift_m if abs(lift_m) >= MIN_LIFT_M else 0.0


def load_climate(path: Path = DATA_DIR / "climate.csv") -> Climate:
    """Read the file; raises `DataError` naming the line that is wrong."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != _COLUMNS:
                raise DataError(f"{path.name}: expected the columns {', '.join(_COLUMNS)}, saw {reader.fieldnames}")
            rows = [_row(cells, f"{path.name}, line {reader.line_num}") for cells in reader]
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing; reinstall Fengjing or run 'git checkout -- knowledge/data'") from error
    return Climate({row.city: row for row in rows})


def _row(cells: dict[str, str], where: str) -> CityClimate:
    highs, lows, rain = (_twelve(cells[name] or "", f"{where}, {name}") for name in ("high_c", "low_c", "rain_days"))
    months = tuple(MonthNormal(number, *values) for number, values in enumerate(zip(highs, lows, rain, strict=True), 1))
    known = any(month.high_c is not None for month in months)
    return CityClimate(cells["city"], _number(cells["elevation_m"], where), cells["period"] or "", months if known else ())


def _twelve(text: str, where: str) -> list[float | None]:
    values = [_number(word, where) for word in text.split()] or [None] * 12
    if len(values) != 12:
        raise DataError(f"{where}: expected 12 values, January to December, saw {len(values)}")
    return values


def _number(text: str | None, where: str) -> float | None:
    if text in (None, "", _UNKNOWN):
        return None
    try:
        return float(text)
    except ValueError as error:
        raise DataError(f"{where}: {text!r} is not a number; write '-' for an unknown value") from error


def _lifted(month: MonthNormal, lift_m: float) -> MonthNormal:
    cooling = LAPSE_C_PER_M * lift_m
    return replace(month, high_c=_minus(month.high_c, cooling), low_c=_minus(month.low_c, cooling))


def _minus(value: float | None, cooling: float) -> float | None:
    return None if value is None else round(value - cooling, 1)
