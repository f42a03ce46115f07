"""What to wear, computed: apparent temperature, its spread over the day, wind, rain, snow, sun and height.

Levels follow the Chinese 穿衣气象指数 as public pages give it (8 levels, 1 = hot, by temperature). We apply them to
the apparent temperature where the provider tells it, else to the air, and so call ours 参考穿衣指数: it is no
index of a weather service. Thresholds of the tips: force 5 wind or force 6 gusts, 1 mm and 25 mm of rain a day
(GB/T 28592: 大雨), UV 3 and 6 (WHO), 35 °C (高温), 2500 m (where altitude is felt).
Not covered: what a person is used to, illness, and how much of the day is spent indoors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chains.tools.weather.records import Advice, Basis, DayWeather, Tip, TipKind
from chains.tools.weather.sky import Sky
from chains.understanding.request import Language

INDEX_NAME = {"zh": "参考穿衣指数", "en": "Clothing index (for reference)"}
SPREAD_C = 8.0
WINDY_KMH, GUSTY_KMH = 29.0, 39.0
HEAVY_RAIN_MM = 25.0
SNOW_CM = 0.5
HEAT_C, DEEP_COLD_C = 35.0, -10.0
SUN_UV, STRONG_SUN_UV = 3.0, 6.0
ALTITUDE_M = 2500.0
RAINY_MONTH_DAYS = 10.0


@dataclass(frozen=True)
class ClothingLevel:
    """One level of the index: it holds from `from_c` up to the next warmer level."""

    number: int
    from_c: float
    name: str
    name_en: str
    wear: str
    wear_en: str

    def words(self, language: Language) -> tuple[str, str]:
        """Name and clothes in the reader's language."""
        return (self.name, self.wear) if language == "zh" else (self.name_en, self.wear_en)


LEVELS = (
    ClothingLevel(1, 28, "炎热", "hot", "短袖、短裤或薄裙", "short sleeves with shorts or a thin skirt"),
    ClothingLevel(2, 24, "热舒适", "warm", "薄T恤、薄长裤或长裙", "a thin T-shirt with light trousers or a long skirt"),
    ClothingLevel(3, 21, "舒适", "comfortable", "T恤、薄牛仔裤", "a T-shirt and light jeans"),
    ClothingLevel(4, 18, "凉舒适", "pleasantly cool", "薄外套、夹克或薄毛衣", "a light jacket or a thin jumper"),
    ClothingLevel(5, 15, "温凉", "mild", "风衣、毛衣", "a windbreaker over a jumper"),
    ClothingLevel(6, 11, "凉", "cool", "毛衣加外套", "a jumper and a coat"),
    ClothingLevel(7, 6, "冷", "cold", "棉衣、厚外套", "a padded jacket or a thick coat"),
    ClothingLevel(8, float("-inf"), "寒冷", "freezing", "羽绒服、手套和帽子", "a down jacket, gloves and a hat"),
)


def level_of(temperature_c: float) -> ClothingLevel:
    """The level of a temperature."""
    return next(level for level in LEVELS if temperature_c >= level.from_c)


def advise(days: Sequence[DayWeather], elevation_m: float | None = None) -> Advice | None:
    """Advice for one day or a whole stay; None where no temperature is known."""
    felt = [value for day in days for value in (_highest(day), _lowest(day)) if value is not None]
    if not felt:
        return None
    highest, lowest = max(felt), min(felt)
    return Advice(
        warm_level=level_of(highest).number, cold_level=level_of(lowest).number, highest_c=highest, lowest_c=lowest,
        basis=_basis(days), tips=_tips(days, elevation_m),
    )


def _highest(day: DayWeather) -> float | None:
    return day.temperature_max_c if day.apparent_max_c is None else day.apparent_max_c


def _lowest(day: DayWeather) -> float | None:
    return day.temperature_min_c if day.apparent_min_c is None else day.apparent_min_c


def _basis(days: Sequence[DayWeather]) -> Basis:
    if any(day.is_normal for day in days):
        return Basis.NORMAL
    felt = all(day.apparent_max_c is not None and day.apparent_min_c is not None for day in days)
    return Basis.APPARENT if felt else Basis.AIR


def _tips(days: Sequence[DayWeather], elevation_m: float | None) -> tuple[Tip, ...]:
    """All tips in the order of `TipKind`, each with its days and the strongest figure."""
    tips = [tip for kind, figure in _FIGURES.items() if (tip := _tip(kind, days, figure))]
    if any(tip.kind is TipKind.STRONG_SUN for tip in tips):  # who packs for strong sun is ready for any
        tips = [tip for tip in tips if tip.kind is not TipKind.SUN]
    if elevation_m is not None and elevation_m >= ALTITUDE_M:
        tips.append(Tip(TipKind.ALTITUDE, value=elevation_m))
    return tuple(sorted(tips, key=lambda tip: list(TipKind).index(tip.kind)))


def _tip(kind: TipKind, days: Sequence[DayWeather], figure: Callable[[DayWeather], float | None]) -> Tip | None:
    found = {day.date: value for day in days if (value := figure(day)) is not None}
    if not found:
        return None
    worst = min(found.values()) if kind is TipKind.DEEP_COLD else max(found.values())
    return Tip(kind, tuple(found), worst)


def _at_least(value: float | None, floor: float) -> float | None:
    return value if value is not None and value >= floor else None


def _spread(day: DayWeather) -> float | None:
    highest, lowest = _highest(day), _lowest(day)
    return None if highest is None or lowest is None else _at_least(round(highest - lowest, 1), SPREAD_C)


def _windy(day: DayWeather) -> float | None:
    gust = _at_least(day.gust_max_kmh, GUSTY_KMH)
    return gust if gust is not None else _at_least(day.wind_max_kmh, WINDY_KMH)


def _rain(day: DayWeather) -> float | None:
    falls_as_snow = day.sky is not None and day.sky.is_snow and day.sky is not Sky.SLEET
    return (day.precipitation_mm or 0.0) if day.is_wet and not falls_as_snow else None


def _light_rain(day: DayWeather) -> float | None:
    """Rain that an umbrella keeps off."""
    return _rain(day) if _heavy_rain(day) is None else None


def _heavy_rain(day: DayWeather) -> float | None:
    rain = _rain(day)
    if rain is not None and day.sky in (Sky.HEAVY_RAIN, Sky.DOWNPOUR):
        return rain
    return _at_least(rain, HEAVY_RAIN_MM)


def _snow(day: DayWeather) -> float | None:
    falls = day.sky is not None and day.sky.is_snow and day.is_wet
    return (day.snowfall_cm or 0.0) if falls else _at_least(day.snowfall_cm, SNOW_CM)


def _on_sky(*skies: Sky) -> Callable[[DayWeather], float | None]:
    return lambda day: 0.0 if day.sky in skies else None


_FIGURES: dict[TipKind, Callable[[DayWeather], float | None]] = {
    TipKind.STAY_IN: lambda day: 0.0 if day.is_severe else None,
    TipKind.UMBRELLA: _light_rain,
    TipKind.RAINCOAT: _heavy_rain,
    TipKind.SNOW_SHOES: _snow,
    TipKind.THUNDER: _on_sky(Sky.THUNDERSTORM, Sky.HAIL),
    TipKind.WINDPROOF: _windy,
    TipKind.LAYERS: _spread,
    TipKind.DEEP_COLD: lambda day: low if (low := _lowest(day)) is not None and low <= DEEP_COLD_C else None,
    TipKind.HEAT: lambda day: _at_least(_highest(day), HEAT_C),
    TipKind.SUN: lambda day: _at_least(day.uv_index_max, SUN_UV),
    TipKind.STRONG_SUN: lambda day: _at_least(day.uv_index_max, STRONG_SUN_UV),
    TipKind.MASK: _on_sky(Sky.HAZE, Sky.DUST, Sky.SANDSTORM),
    TipKind.RAINY_MONTH: lambda day: _at_least(day.rain_days_in_month, RAINY_MONTH_DAYS),
}
