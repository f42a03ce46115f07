"""Codes and words of the services to one vocabulary; wind forces and directions."""

import pytest

from chains.tools.weather.sky import Sky, sky_of_wmo, sky_of_words, worse
from chains.tools.weather.wind import degrees_of_words, direction_words, force_of_kmh, kmh_of_force

WMO_CODES = (0, 1, 2, 3, 45, 48, 51, 53, 55, 56, 57, 61, 63, 65, 66, 67, 71, 73, 75, 77, 80, 81, 82, 85, 86, 95, 96, 99)


@pytest.mark.parametrize("code", WMO_CODES)
def test_every_documented_code_is_known(code):
    """Each WMO code that Open-Meteo documents has a sky with words in both languages."""
    sky = sky_of_wmo(code)
    assert sky.words("zh")
    assert sky.words("en").isascii()


def test_unknown_codes():
    """A code that is not documented is unknown, not clear."""
    assert sky_of_wmo(4) is None
    assert sky_of_wmo(None) is None


@pytest.mark.parametrize(("words", "sky"), [
    ("晴", Sky.CLEAR), ("少云", Sky.MOSTLY_CLEAR), ("晴间多云", Sky.MOSTLY_CLEAR), ("多云", Sky.CLOUDY), ("阴", Sky.OVERCAST),
    ("小雨", Sky.LIGHT_RAIN), ("小雨-中雨", Sky.RAIN), ("中雨-大雨", Sky.HEAVY_RAIN), ("大雨-暴雨", Sky.DOWNPOUR), ("特大暴雨", Sky.DOWNPOUR),
    ("阵雨", Sky.SHOWERS), ("强阵雨", Sky.HEAVY_RAIN), ("雷阵雨", Sky.THUNDERSTORM), ("雷阵雨并伴有冰雹", Sky.HAIL), ("毛毛雨/细雨", Sky.DRIZZLE),
    ("冻雨", Sky.FREEZING_RAIN), ("雨夹雪", Sky.SLEET), ("阵雨夹雪", Sky.SLEET), ("雨雪天气", Sky.SLEET), ("小雪-中雪", Sky.SNOW), ("暴雪", Sky.HEAVY_SNOW),
    ("阵雪", Sky.LIGHT_SNOW), ("浮尘", Sky.DUST), ("强沙尘暴", Sky.SANDSTORM), ("中度霾", Sky.HAZE), ("强浓雾", Sky.FOG), ("飓风", Sky.STORM),
    ("热带风暴", Sky.STORM), ("微风", None), ("热", None), ("未知", None), ("", None),
])
def test_chinese_words(words, sky):
    """The weather words of QWeather and AMap, the more severe of two winning; wind and heat are no sky."""
    assert sky_of_words(words) is sky


def test_every_sky_has_words():
    """No kind of weather is without words, and no two share them."""
    for language in ("zh", "en"):
        assert len({sky.words(language) for sky in Sky}) == len(Sky)


def test_worse():
    """Of day and night the worse is kept, and a known one over an unknown."""
    assert worse(Sky.RAIN, Sky.CLEAR) is Sky.RAIN
    assert worse(None, Sky.CLEAR) is Sky.CLEAR
    assert worse(None, None) is None


@pytest.mark.parametrize(("speed_kmh", "force"), [(0, 0), (5, 1), (6, 2), (19, 3), (20, 4), (38, 5), (49, 6), (61, 7), (74, 8), (117, 11), (118, 12), (300, 12)])
def test_forces(speed_kmh, force):
    """Beaufort forces begin where the standard says."""
    assert force_of_kmh(speed_kmh) == force


@pytest.mark.parametrize("force", range(13))
def test_force_and_back(force):
    """The speed put for a force is one of that force."""
    assert force_of_kmh(kmh_of_force(force)) == force


def test_directions():
    """Degrees to words and back; what is no direction is unknown."""
    assert (direction_words(44, "zh"), direction_words(359, "en"), direction_words(202, "zh")) == ("东北", "north", "南")
    assert (degrees_of_words("东北风"), degrees_of_words("西"), degrees_of_words("旋转不定")) == (45.0, 270.0, None)
