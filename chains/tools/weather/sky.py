"""What the sky does, in one vocabulary for all providers: from WMO codes and from Chinese weather words.

Open-Meteo speaks WMO codes, QWeather and AMap speak Chinese; both become a `Sky`, and a `Sky` has words in both
languages. Not covered: wind alone (疾风, 大风 are no sky) and heat or cold (热, 冷).
"""

import re
from enum import StrEnum

from chains.understanding.request import Language


class Sky(StrEnum):
    """Kinds of weather, the mildest first: of two the later one matters more to a traveller."""

    CLEAR = "clear"
    MOSTLY_CLEAR = "mostly_clear"
    CLOUDY = "cloudy"
    OVERCAST = "overcast"
    HAZE = "haze"
    FOG = "fog"
    DUST = "dust"
    DRIZZLE = "drizzle"
    LIGHT_RAIN = "light_rain"
    SHOWERS = "showers"
    LIGHT_SNOW = "light_snow"
    SLEET = "sleet"
    RAIN = "rain"
    SNOW = "snow"
    HEAVY_RAIN = "heavy_rain"
    THUNDERSTORM = "thunderstorm"
    HEAVY_SNOW = "heavy_snow"
    FREEZING_RAIN = "freezing_rain"
    SANDSTORM = "sandstorm"
    HAIL = "hail"
    DOWNPOUR = "downpour"
    STORM = "storm"

    @property
    def is_wet(self) -> bool:
        """Rain or snow falls."""
        return self in _WET

    @property
    def is_snow(self) -> bool:
        """Snow falls, alone or with rain."""
        return self in _SNOW

    @property
    def is_severe(self) -> bool:
        """A day to spend indoors, whatever the figures say."""
        return self in _SEVERE

    def words(self, language: Language) -> str:
        """``小雨`` or ``light rain``."""
        return _WORDS[self][0 if language == "zh" else 1]


_WORDS: dict[Sky, tuple[str, str]] = {
    Sky.CLEAR: ("晴", "clear"), Sky.MOSTLY_CLEAR: ("晴间多云", "mostly clear"), Sky.CLOUDY: ("多云", "partly cloudy"),
    Sky.OVERCAST: ("阴", "overcast"), Sky.HAZE: ("霾", "haze"), Sky.FOG: ("雾", "fog"), Sky.DUST: ("浮尘", "blowing dust"),
    Sky.DRIZZLE: ("毛毛雨", "drizzle"), Sky.LIGHT_RAIN: ("小雨", "light rain"), Sky.SHOWERS: ("阵雨", "showers"),
    Sky.LIGHT_SNOW: ("小雪", "light snow"), Sky.SLEET: ("雨夹雪", "sleet"), Sky.RAIN: ("中雨", "rain"),
    Sky.SNOW: ("雪", "snow"), Sky.HEAVY_RAIN: ("大雨", "heavy rain"), Sky.THUNDERSTORM: ("雷阵雨", "thunderstorms"),
    Sky.HEAVY_SNOW: ("大雪", "heavy snow"), Sky.FREEZING_RAIN: ("冻雨", "freezing rain"),
    Sky.SANDSTORM: ("沙尘暴", "a sandstorm"), Sky.HAIL: ("雷雨伴冰雹", "thunderstorms with hail"),
    Sky.DOWNPOUR: ("暴雨", "torrential rain"), Sky.STORM: ("风暴", "a storm"),
}
_SNOW = frozenset({Sky.LIGHT_SNOW, Sky.SNOW, Sky.HEAVY_SNOW, Sky.SLEET})
_RAIN = frozenset({Sky.DRIZZLE, Sky.LIGHT_RAIN, Sky.SHOWERS, Sky.RAIN, Sky.HEAVY_RAIN, Sky.THUNDERSTORM,
                   Sky.FREEZING_RAIN, Sky.HAIL, Sky.DOWNPOUR, Sky.STORM})
_WET = _SNOW | _RAIN
_SEVERE = frozenset({Sky.HEAVY_SNOW, Sky.FREEZING_RAIN, Sky.SANDSTORM, Sky.HAIL, Sky.DOWNPOUR, Sky.STORM})

# Open-Meteo's subset of WMO code table 4677; 82 is "violent" showers.
_WMO: dict[int, Sky] = {
    0: Sky.CLEAR, 1: Sky.MOSTLY_CLEAR, 2: Sky.CLOUDY, 3: Sky.OVERCAST, 45: Sky.FOG, 48: Sky.FOG,
    51: Sky.DRIZZLE, 53: Sky.DRIZZLE, 55: Sky.DRIZZLE, 56: Sky.FREEZING_RAIN, 57: Sky.FREEZING_RAIN,
    61: Sky.LIGHT_RAIN, 63: Sky.RAIN, 65: Sky.HEAVY_RAIN, 66: Sky.FREEZING_RAIN, 67: Sky.FREEZING_RAIN,
    71: Sky.LIGHT_SNOW, 73: Sky.SNOW, 75: Sky.HEAVY_SNOW, 77: Sky.LIGHT_SNOW,
    80: Sky.SHOWERS, 81: Sky.SHOWERS, 82: Sky.DOWNPOUR, 85: Sky.LIGHT_SNOW, 86: Sky.HEAVY_SNOW,
    95: Sky.THUNDERSTORM, 96: Sky.HAIL, 99: Sky.HAIL,
}

# First match wins, so that 小雨-中雨 is 中雨 and 雷阵雨伴有冰雹 is hail.
_CHINESE: tuple[tuple[str, Sky], ...] = (
    ("飓风|热带风暴|狂爆风|龙卷风|风暴", Sky.STORM), ("冰雹", Sky.HAIL), ("雷", Sky.THUNDERSTORM), ("冻雨", Sky.FREEZING_RAIN),
    ("雨夹雪|雨雪|夹雪", Sky.SLEET), ("暴雪|大雪", Sky.HEAVY_SNOW), ("中雪", Sky.SNOW), ("小雪|阵雪", Sky.LIGHT_SNOW),
    ("雪", Sky.SNOW), ("暴雨|极端降雨", Sky.DOWNPOUR), ("大雨|强阵雨", Sky.HEAVY_RAIN), ("中雨", Sky.RAIN), ("阵雨", Sky.SHOWERS),
    ("小雨", Sky.LIGHT_RAIN), ("毛毛雨|细雨", Sky.DRIZZLE), ("雨", Sky.RAIN), ("沙尘暴", Sky.SANDSTORM), ("扬沙|浮尘", Sky.DUST),
    ("霾", Sky.HAZE), ("雾", Sky.FOG), ("阴", Sky.OVERCAST), ("晴间多云|少云", Sky.MOSTLY_CLEAR), ("多云", Sky.CLOUDY), ("晴", Sky.CLEAR),
)


def sky_of_wmo(code: float | None) -> Sky | None:
    """The sky of a WMO code, None for an unknown one."""
    return None if code is None else _WMO.get(int(code))


def sky_of_words(text: str) -> Sky | None:
    """The sky of a Chinese weather word, None where it names none."""
    return next((sky for pattern, sky in _CHINESE if re.search(pattern, text)), None)


def worse(one: Sky | None, other: Sky | None) -> Sky | None:
    """The one that matters more, as day and night make one day."""
    known = [sky for sky in (one, other) if sky is not None]
    return max(known, key=list(Sky).index, default=None)
