"""The weather of a day, of now, and of a stretch of days; pure values, whatever provider they came from.

None means that the provider did not say. A day with `is_normal` is no forecast but what the month usually is.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Protocol

from pydantic import TypeAdapter

from chains.tools.weather.errors import Trouble
from chains.tools.weather.sky import Sky
from knowledge.geometry import Point

WET_FROM_PERCENT = 40  # a smaller chance of rain leaves the umbrella at home
WET_FROM_MM = 1.0
SEVERE_GUST_KMH = 75  # force 9: cable cars and ferries stop, roofs suffer
SEVERE_RAIN_MM = 50  # 暴雨 and more in a day (GB/T 28592)
SEVERE_SNOW_CM = 10


@dataclass(frozen=True)
class Attribution:
    """Who must be named beside the data, with a link."""

    source: str  # short id: open-meteo, qweather, amap, wmo-wwis
    text: str
    text_en: str
    url: str


@dataclass(frozen=True)
class DayWeather:
    """One calendar day in local time. `sky` is the worst of the day, wind and gusts its strongest."""

    date: date
    sky: Sky | None = None
    temperature_max_c: float | None = None
    temperature_min_c: float | None = None
    apparent_max_c: float | None = None
    apparent_min_c: float | None = None
    precipitation_mm: float | None = None
    precipitation_probability_percent: float | None = None
    snowfall_cm: float | None = None
    wind_max_kmh: float | None = None
    gust_max_kmh: float | None = None
    wind_direction_deg: float | None = None
    humidity_percent: float | None = None
    uv_index_max: float | None = None
    sunrise: time | None = None
    sunset: time | None = None
    is_normal: bool = False
    rain_days_in_month: float | None = None  # climate normals only

    @property
    def is_wet(self) -> bool:
        """Rain or snow is likely; never true of a climate normal, which knows no single day."""
        percent = self.precipitation_probability_percent
        if percent is not None and percent < WET_FROM_PERCENT:
            return False
        if self.precipitation_mm is not None:
            return self.precipitation_mm >= WET_FROM_MM
        return self.sky.is_wet if self.sky else percent is not None

    @property
    def is_severe(self) -> bool:
        """Storm, torrential rain, heavy snow, hail: plan this day indoors."""
        return bool(
            (self.sky and self.sky.is_severe)
            or (self.gust_max_kmh or self.wind_max_kmh or 0) >= SEVERE_GUST_KMH
            or (self.precipitation_mm or 0) >= SEVERE_RAIN_MM
            or (self.snowfall_cm or 0) >= SEVERE_SNOW_CM
        )

    @property
    def has_temperature(self) -> bool:
        """Whether the day says anything a traveller can dress by."""
        return self.temperature_max_c is not None or self.temperature_min_c is not None


@dataclass(frozen=True)
class CurrentWeather:
    """What it is like now; `observed_at` is local time, None where the provider gives none."""

    temperature_c: float
    observed_at: datetime | None = None
    sky: Sky | None = None
    apparent_c: float | None = None
    humidity_percent: float | None = None
    precipitation_mm: float | None = None
    wind_kmh: float | None = None
    wind_direction_deg: float | None = None


@dataclass(frozen=True)
class Forecast:
    """What a provider knows of a place: days from today on, as many as it has."""

    attribution: Attribution
    days: tuple[DayWeather, ...]
    current: CurrentWeather | None = None
    elevation_m: float | None = None


class WeatherProvider(Protocol):
    """A source of forecasts."""

    def forecast(self, place: Point) -> Forecast:
        """All days it knows of the place; raises `WeatherError`."""
        ...


class Basis(StrEnum):
    """What clothing advice was computed from."""

    APPARENT = "apparent"
    AIR = "air"
    NORMAL = "normal"  # at least one day is a climate average


class TipKind(StrEnum):
    """What else to take or to mind, in the order it is said."""

    STAY_IN = "stay_in"
    UMBRELLA = "umbrella"
    RAINCOAT = "raincoat"
    SNOW_SHOES = "snow_shoes"
    THUNDER = "thunder"
    WINDPROOF = "windproof"
    LAYERS = "layers"
    DEEP_COLD = "deep_cold"
    HEAT = "heat"
    SUN = "sun"
    STRONG_SUN = "strong_sun"
    MASK = "mask"
    ALTITUDE = "altitude"
    RAINY_MONTH = "rainy_month"


@dataclass(frozen=True)
class Tip:
    """One thing to take or to mind, the days it holds for, and the figure that called for it."""

    kind: TipKind
    days: tuple[date, ...] = ()
    value: float | None = None


@dataclass(frozen=True)
class Advice:
    """What to wear: levels 1 (hot) to 8 (freezing) of the 参考穿衣指数 for the warmest and the coldest hours."""

    warm_level: int
    cold_level: int
    highest_c: float
    lowest_c: float
    basis: Basis
    tips: tuple[Tip, ...] = ()


class NoteKind(StrEnum):
    """What a reader must know about where the figures come from."""

    TROUBLE = "trouble"
    NO_PROVIDER = "no_provider"
    PAST = "past"
    BEYOND = "beyond"
    GAPS = "gaps"
    MONTH = "month"
    SHORTENED = "shortened"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Note:
    """One caveat: with the trouble, the last day forecast, or the number of days, as its kind asks."""

    kind: NoteKind
    trouble: Trouble | None = None
    day: date | None = None
    days: int | None = None


@dataclass(frozen=True)
class NormalsBasis:
    """Whose climate normals were used: the city's own (0 km away) or a neighbour's, and for which period."""

    station: str
    station_en: str
    period: str
    distance_km: float = 0.0
    lift_m: float = 0.0


@dataclass(frozen=True)
class WeatherReport:
    """The answer about a city: forecast days, climate averages where there is no forecast, advice, and caveats."""

    city: str
    city_en: str
    days: tuple[DayWeather, ...]
    current: CurrentWeather | None = None
    elevation_m: float | None = None
    advice: Advice | None = None
    normals: NormalsBasis | None = None
    notes: tuple[Note, ...] = ()
    attributions: tuple[Attribution, ...] = ()

    @property
    def is_normal(self) -> bool:
        """Whether no day of it is a real forecast."""
        return all(day.is_normal for day in self.days)

    def day(self, wanted: date) -> DayWeather | None:
        """The weather of one of its days."""
        return next((day for day in self.days if day.date == wanted), None)


def as_json(report: WeatherReport) -> dict[str, Any]:
    """The report as plain JSON values, for machines."""
    values: dict[str, Any] = TypeAdapter(WeatherReport).dump_python(report, mode="json")
    return values
