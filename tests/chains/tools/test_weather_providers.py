"""The three providers over recorded-shape answers from a local server: right questions asked, every gap survived."""

from collections.abc import Iterator
from datetime import date, time

import pytest

from chains.tools.weather.amap import AMap
from chains.tools.weather.cache import CachedProvider
from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.open_meteo import OpenMeteo
from chains.tools.weather.providers import PROVIDERS, provider_named
from chains.tools.weather.qweather import QWeather
from chains.tools.weather.records import Forecast, WeatherProvider
from chains.tools.weather.sky import Sky
from knowledge.errors import InputError
from tests.chains.tools.weather_samples import (
    BEIJING,
    TODAY,
    amap_days,
    amap_district,
    amap_now,
    open_meteo,
    qweather_current,
    qweather_days,
)
from tests.chains.tools.weather_server import HASTE, Reply, WeatherServer, weather_server

HERE = BEIJING.position


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WeatherServer]:
    """A local server, reached without a proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with weather_server() as running:
        yield running


def _open_meteo(server: WeatherServer, *replies: Reply) -> Forecast:
    server.reply("/v1/forecast", *replies)
    return OpenMeteo(host=server.address, patience=HASTE).forecast(HERE)


def _qweather(server: WeatherServer, days: Reply, current: Reply) -> Forecast:
    server.reply("/daily/39.90/116.41", days)
    server.reply("/current/39.90/116.41", current)
    return QWeather("k", server.address, HASTE).forecast(HERE)


def _amap(server: WeatherServer, *weather: Reply) -> Forecast:
    server.reply("/v3/geocode/regeo", Reply(amap_district()))
    server.reply("/v3/weather/weatherInfo", *weather)
    return AMap("k", server.address, HASTE).forecast(HERE)


def _trouble(provider: WeatherProvider) -> Trouble:
    with pytest.raises(WeatherError) as caught:
        provider.forecast(HERE)
    return caught.value.trouble


def test_open_meteo_reads_a_day(server):
    """Every field of an Open-Meteo day arrives with its unit."""
    forecast = _open_meteo(server, Reply(open_meteo()))
    day = forecast.days[0]
    assert (len(forecast.days), forecast.elevation_m) == (16, 47.0)
    assert (day.date, day.sky, day.temperature_max_c, day.temperature_min_c) == (TODAY, Sky.LIGHT_RAIN, 21.4, 12.2)
    assert (day.apparent_max_c, day.apparent_min_c, day.precipitation_mm) == (19.0, 9.6, 8.2)
    assert (day.precipitation_probability_percent, day.wind_max_kmh, day.gust_max_kmh, day.uv_index_max) == (70, 21.0, 44.0, 5.15)
    assert (day.sunrise, day.sunset, day.is_normal) == (time(6, 12), time(17, 56), False)


def test_open_meteo_reads_the_present(server):
    """The present comes with its local time of observation."""
    current = _open_meteo(server, Reply(open_meteo())).current
    assert (current.temperature_c, current.apparent_c, current.sky) == (20.1, 18.3, Sky.CLOUDY)
    assert f"{current.observed_at:%Y-%m-%d %H:%M}" == "2026-10-02 14:15"


def test_open_meteo_is_asked_rightly(server):
    """Position, time zone and sixteen days are asked for, and no key where there is none."""
    _open_meteo(server, Reply(open_meteo()))
    query = server.asked[0].query
    assert (query["latitude"], query["longitude"], query["timezone"], query["forecast_days"]) == ("39.9042", "116.4074", "Asia/Shanghai", "16")
    assert "apparent_temperature_min" in query["daily"]
    assert "apikey" not in query


def test_open_meteo_takes_a_commercial_key(server):
    """A key travels as the commercial plan wants it."""
    server.reply("/v1/forecast", Reply(open_meteo()))
    OpenMeteo("k", server.address, HASTE).forecast(HERE)
    assert server.asked[0].query["apikey"] == "k"


def test_open_meteo_nulls(server):
    """Nulls become unknown; a day without any temperature is left out."""
    answer = open_meteo(3, temperature_2m_max=[21.4, None, None], temperature_2m_min=[None, None, 8.0],
                        uv_index_max=[None] * 3, sunrise=[None] * 3, weather_code=[None, None, 200])
    forecast = _open_meteo(server, Reply(answer))
    assert [day.date for day in forecast.days] == [TODAY, date(2026, 10, 4)]
    assert (forecast.days[0].temperature_min_c, forecast.days[0].uv_index_max, forecast.days[0].sunrise) == (None, None, None)
    assert forecast.days[1].sky is None


def test_open_meteo_short_and_missing_columns(server):
    """Columns that are too short or absent do not hurt the others."""
    answer = open_meteo(2, apparent_temperature_max=[19.0], precipitation_sum=[])
    del answer["daily"]["uv_index_max"], answer["current"], answer["elevation"]
    forecast = _open_meteo(server, Reply(answer))
    assert (len(forecast.days), forecast.current, forecast.elevation_m) == (2, None, None)
    assert forecast.days[1].apparent_max_c is None


def test_open_meteo_nonsense_values(server):
    """Figures that cannot be and words in place of figures are unknown."""
    answer = open_meteo(1, temperature_2m_max=[999], precipitation_probability_max=[170], precipitation_sum=[-1], uv_index_max=["high"])
    day = _open_meteo(server, Reply(answer)).days[0]
    assert (day.temperature_max_c, day.precipitation_probability_percent, day.precipitation_mm, day.uv_index_max) == (None,) * 4


@pytest.mark.parametrize(("reply", "trouble"), [
    (Reply({"error": True, "reason": "Parameter 'daily' is invalid"}, 400), Trouble.REFUSED),
    (Reply({"error": True, "reason": "Daily API request limit exceeded"}, 429), Trouble.LIMITED),
    (Reply({"error": True, "reason": "odd"}), Trouble.REFUSED),
    (Reply({"latitude": 39.9}), Trouble.MALFORMED),
    (Reply({"daily": {"time": "2026-10-02"}}), Trouble.MALFORMED),
    (Reply(open_meteo(1, time=["soon"])), Trouble.MALFORMED),
    (Reply([open_meteo()]), Trouble.MALFORMED),
])
def test_open_meteo_error_answers(server, reply, trouble):
    """Error bodies and answers of another shape end in a `WeatherError`."""
    server.reply("/v1/forecast", reply)
    assert _trouble(OpenMeteo(host=server.address, patience=HASTE)) is trouble


def test_qweather_makes_one_day_of_day_and_night(server):
    """The worse sky, the stronger wind, the greater chance and all the rain of the two halves."""
    forecast = _qweather(server, Reply(qweather_days()), Reply(qweather_current()))
    day = forecast.days[0]
    assert (day.date, day.sky, day.temperature_max_c, day.temperature_min_c) == (TODAY, Sky.RAIN, 21.4, 12.2)
    assert (day.precipitation_mm, day.precipitation_probability_percent) == (8.2, 64.0)
    assert (day.wind_max_kmh, day.wind_direction_deg, day.humidity_percent, day.uv_index_max) == (21.6, 45, 56.0, 4)
    assert (day.sunrise, day.sunset) == (time(6, 12), time(17, 56))


def test_qweather_bare_day(server):
    """A day with almost nothing is kept, and its UTC time is read as the Chinese date."""
    day = _qweather(server, Reply(qweather_days()), Reply(qweather_current())).days[1]
    assert (day.date, day.sky, day.temperature_max_c, day.temperature_min_c) == (date(2026, 10, 3), Sky.CLEAR, 19, None)
    assert (day.precipitation_mm, day.wind_max_kmh) == (None, None)


def test_qweather_present_and_its_absence(server):
    """The present is read, in km/h where it says so; its failure does not cost the forecast."""
    current = _qweather(server, Reply(qweather_days()), Reply(qweather_current())).current
    assert (current.temperature_c, current.apparent_c, current.wind_kmh, current.humidity_percent) == (20.1, 18.3, 10, 45.0)
    assert _qweather(server, Reply(qweather_days()), Reply({}, 404)).current is None


def test_qweather_key_travels_in_the_header(server):
    """The key goes into the header, never into the address; latitude comes first, with two decimals."""
    _qweather(server, Reply(qweather_days()), Reply(qweather_current()))
    asked = server.asked[0]
    assert asked.headers["X-QW-Api-Key"] == "k"
    assert asked.path == "/weather/v1/daily/39.90/116.41"
    assert asked.query == {"localTime": "true", "lang": "zh", "days": "10"}


@pytest.mark.parametrize(("reply", "trouble"), [
    (Reply({"error": {"status": 401, "title": "Unauthorized"}}, 401), Trouble.KEY),
    (Reply({"error": {"status": 403, "title": "No credit"}}, 403), Trouble.KEY),
    (Reply({"error": {"status": 429}}, 429), Trouble.LIMITED),
    (Reply({"code": "402"}), Trouble.LIMITED),
    (Reply({"code": "204"}), Trouble.REFUSED),
    (Reply({"metadata": {}, "days": []}), Trouble.MALFORMED),
    (Reply({"days": [None, 3, {"forecastStartTime": "x"}]}), Trouble.MALFORMED),
])
def test_qweather_error_answers(server, reply, trouble):
    """Both forms of QWeather's errors, and empty answers, end in a `WeatherError`."""
    server.reply("/daily/39.90/116.41", reply)
    assert _trouble(QWeather("k", server.address, HASTE)) is trouble


def test_amap_reads_days(server):
    """Words become a sky, forces a speed, and a night warmer than its day is set right."""
    forecast = _amap(server, Reply(amap_days()), Reply(amap_now()))
    first, second = forecast.days[:2]
    assert (len(forecast.days), first.sky, first.temperature_max_c, first.temperature_min_c) == (4, Sky.RAIN, 21, 12)
    assert (first.wind_max_kmh, first.wind_direction_deg, first.precipitation_mm, first.uv_index_max) == (24.1, 45.0, None, None)
    assert (second.temperature_max_c, second.temperature_min_c, second.wind_direction_deg) == (11, 9, None)


def test_amap_reads_the_present(server):
    """The present comes with the time of its report."""
    current = _amap(server, Reply(amap_days()), Reply(amap_now())).current
    assert (current.temperature_c, current.sky, current.humidity_percent, f"{current.observed_at:%H:%M}") == (20, Sky.CLOUDY, 45, "14:02")


def test_amap_asks_for_the_district_once(server):
    """A position is turned into its district's code, once; longitude comes first."""
    server.reply("/v3/geocode/regeo", Reply(amap_district()))
    server.reply("/v3/weather/weatherInfo", Reply(amap_days()))
    provider = AMap("k", server.address, HASTE)
    provider.forecast(HERE)
    provider.forecast(HERE)
    districts = [asked for asked in server.asked if asked.path.endswith("regeo")]
    assert [asked.query["location"] for asked in districts] == ["116.4074,39.9042"]
    assert {asked.query["city"] for asked in server.asked if "city" in asked.query} == {"110101"}


@pytest.mark.parametrize(("content", "trouble"), [
    ({"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}, Trouble.KEY),
    ({"status": "0", "info": "DAILY_QUERY_OVER_LIMIT", "infocode": "10003"}, Trouble.LIMITED),
    ({"status": "0", "info": "SERVER_IS_BUSY", "infocode": "10016"}, Trouble.BROKEN),
    ({"status": "0", "info": "INVALID_PARAMS", "infocode": "20000"}, Trouble.REFUSED),
    ({"status": "1", "regeocode": {"addressComponent": {"adcode": []}}}, Trouble.REFUSED),
    ({}, Trouble.REFUSED),
])
def test_amap_error_answers(server, content, trouble):
    """AMap's error codes, which come with HTTP 200, are told apart."""
    server.reply("/v3/geocode/regeo", Reply(content))
    assert _trouble(AMap("k", server.address, HASTE)) is trouble


def test_amap_without_days(server):
    """An empty forecast, as AMap gives for unknown districts, is a `WeatherError`."""
    server.reply("/v3/geocode/regeo", Reply(amap_district()))
    server.reply("/v3/weather/weatherInfo", Reply({"status": "1", "infocode": "10000", "forecasts": []}))
    assert _trouble(AMap("k", server.address, HASTE)) is Trouble.MALFORMED


def test_providers_by_name():
    """Every name of the list gives a remembering provider, except none, which gives nothing."""
    made = {name: provider_named(name, "k", "host.qweatherapi.com" if name == "qweather" else "") for name in PROVIDERS}
    assert made.pop("none") is None
    assert all(isinstance(provider, CachedProvider) for provider in made.values())


@pytest.mark.parametrize(("name", "key", "host", "words"), [
    ("weather.com", "", "", "choose one of open-meteo"), ("qweather", "k", "", "your own API host"), ("amap", "", "", "Web service key"),
])
def test_wrong_settings_are_named(name, key, host, words):
    """An unknown name or a missing key says what to set."""
    with pytest.raises(InputError, match=words):
        provider_named(name, key, host)


def test_qweather_host_becomes_https():
    """A bare host, as the console shows it, is spoken to over https."""
    assert QWeather("k", "abc.qweatherapi.com")._base == "https://abc.qweatherapi.com/weather/v1"
