"""Clothing advice at and around every threshold."""

from datetime import date, timedelta

import pytest

from chains.tools.weather.clothing import LEVELS, advise, level_of
from chains.tools.weather.records import Basis, DayWeather, TipKind
from chains.tools.weather.sky import Sky

DAY = date(2026, 10, 2)


def _day(high_c: float | None = 20.0, low_c: float | None = 15.0, offset: int = 0, **more: object) -> DayWeather:
    return DayWeather(DAY + timedelta(days=offset), temperature_max_c=high_c, temperature_min_c=low_c, **more)


def _kinds(*days: DayWeather, elevation_m: float | None = None) -> list[TipKind]:
    return [tip.kind for tip in advise(days, elevation_m).tips]


@pytest.mark.parametrize(("temperature_c", "number"), [
    (40, 1), (28, 1), (27.9, 2), (24, 2), (23.9, 3), (21, 3), (20.9, 4), (18, 4), (17.9, 5), (15, 5), (14.9, 6), (11, 6),
    (10.9, 7), (6, 7), (5.9, 8), (-40, 8),
])
def test_levels(temperature_c, number):
    """The eight levels begin where the published table says; 1 is hot."""
    assert level_of(temperature_c).number == number


def test_levels_are_in_order():
    """The table is numbered from 1 and falls, so that a level can be found by its number."""
    assert [level.number for level in LEVELS] == list(range(1, 9))
    assert sorted((level.from_c for level in LEVELS), reverse=True) == [level.from_c for level in LEVELS]


def test_apparent_temperature_decides():
    """Where the apparent temperature is known it is what people dress by."""
    advice = advise([_day(20, 15, apparent_max_c=17.0, apparent_min_c=10.0)])
    assert (advice.warm_level, advice.cold_level, advice.basis) == (5, 7, Basis.APPARENT)
    assert (advice.highest_c, advice.lowest_c) == (17.0, 10.0)


def test_air_temperature_is_the_fallback():
    """Without an apparent temperature, or with only one end of it, the air's stands in."""
    assert advise([_day(20, 15)]).basis is Basis.AIR
    mixed = advise([_day(20, 15, apparent_max_c=17.0)])
    assert (mixed.highest_c, mixed.lowest_c, mixed.basis) == (17.0, 15, Basis.AIR)


def test_climate_normals_are_marked():
    """Advice that leans on a climate average says so."""
    assert advise([_day(), _day(offset=1, is_normal=True)]).basis is Basis.NORMAL


def test_no_temperature_no_advice():
    """Nothing is advised where nothing is known."""
    assert advise([]) is None
    assert advise([_day(None, None)]) is None


def test_a_stay_spans_all_its_days():
    """For several days the warmest and the coldest hours of all of them count."""
    advice = advise([_day(25, 20), _day(12, 4, offset=1)])
    assert (advice.highest_c, advice.lowest_c, advice.warm_level, advice.cold_level) == (25, 4, 2, 8)


@pytest.mark.parametrize(("day", "kind"), [
    (_day(20, 12), TipKind.LAYERS),
    (_day(gust_max_kmh=39), TipKind.WINDPROOF), (_day(wind_max_kmh=29), TipKind.WINDPROOF),
    (_day(precipitation_mm=1, precipitation_probability_percent=40), TipKind.UMBRELLA),
    (_day(sky=Sky.SHOWERS), TipKind.UMBRELLA), (_day(precipitation_probability_percent=60), TipKind.UMBRELLA),
    (_day(precipitation_mm=25), TipKind.RAINCOAT), (_day(sky=Sky.HEAVY_RAIN), TipKind.RAINCOAT),
    (_day(1, -4, snowfall_cm=0.5), TipKind.SNOW_SHOES), (_day(1, -4, sky=Sky.LIGHT_SNOW), TipKind.SNOW_SHOES),
    (_day(sky=Sky.THUNDERSTORM), TipKind.THUNDER),
    (_day(-4, -10), TipKind.DEEP_COLD), (_day(35, 30), TipKind.HEAT),
    (_day(uv_index_max=3), TipKind.SUN), (_day(uv_index_max=6), TipKind.STRONG_SUN),
    (_day(sky=Sky.HAZE), TipKind.MASK), (_day(sky=Sky.SANDSTORM), TipKind.MASK),
    (_day(gust_max_kmh=75), TipKind.STAY_IN), (_day(precipitation_mm=50), TipKind.STAY_IN), (_day(sky=Sky.STORM), TipKind.STAY_IN),
    (_day(is_normal=True, rain_days_in_month=10), TipKind.RAINY_MONTH),
])
def test_tip_at_its_threshold(day, kind):
    """Each tip is given from its threshold on."""
    assert kind in _kinds(day)


@pytest.mark.parametrize("day", [
    _day(20, 12.1), _day(gust_max_kmh=38.9), _day(wind_max_kmh=28.9), _day(precipitation_mm=0.9, sky=Sky.DRIZZLE),
    _day(precipitation_mm=9, precipitation_probability_percent=39), _day(uv_index_max=2.9), _day(34.9, 30), _day(-4, -9.9),
    _day(snowfall_cm=0.4), _day(sky=Sky.FOG), _day(is_normal=True, rain_days_in_month=9.9),
])
def test_no_tip_below_its_threshold(day):
    """Just below a threshold nothing is said."""
    assert _kinds(day) == []


def test_altitude():
    """From 2500 m on the height itself is a reason for warm clothes and sunscreen."""
    assert _kinds(_day(), elevation_m=2500) == [TipKind.ALTITUDE]
    assert _kinds(_day(), elevation_m=2499) == []
    assert _kinds(_day()) == []


def test_stronger_tips_replace_weaker():
    """A day of heavy rain is not also one for the umbrella, and strong sun covers any sun."""
    days = (_day(precipitation_mm=30, uv_index_max=7), _day(offset=1, precipitation_mm=3, uv_index_max=4))
    tips = {tip.kind: tip for tip in advise(days).tips}
    assert TipKind.SUN not in tips
    assert tips[TipKind.RAINCOAT].days == (DAY,)
    assert (tips[TipKind.UMBRELLA].days, tips[TipKind.UMBRELLA].value) == ((DAY + timedelta(days=1),), 3)


def test_snow_is_no_rain():
    """Snow asks for shoes, not for an umbrella; sleet for both."""
    assert _kinds(_day(1, -4, sky=Sky.SNOW, precipitation_mm=4)) == [TipKind.SNOW_SHOES]
    assert _kinds(_day(1, -4, sky=Sky.SLEET, precipitation_mm=4)) == [TipKind.UMBRELLA, TipKind.SNOW_SHOES]


def test_figures_are_the_strongest():
    """A tip carries the strongest figure of its days: the coldest cold, the greatest gust."""
    days = (_day(-5, -12, gust_max_kmh=40), _day(-8, -20, offset=1, gust_max_kmh=60))
    values = {tip.kind: tip.value for tip in advise(days).tips}
    assert (values[TipKind.DEEP_COLD], values[TipKind.WINDPROOF]) == (-20, 60)


def test_deterministic():
    """The same days give the same advice."""
    days = [_day(30, 18, sky=Sky.HAIL, gust_max_kmh=80, uv_index_max=9)]
    assert advise(days, 3000) == advise(days, 3000)
