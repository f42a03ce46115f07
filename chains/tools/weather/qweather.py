"""QWeather 和风天气, by key and by the developer's own host (``xxx.qweatherapi.com``): 10 days and the present.

Speaks ``/weather/v1``; the older ``/v7`` is being shut. Positions go with two decimals, latitude first: at one
kilometre it does not matter that ours are GCJ-02. Day and night blocks become one day: the worse sky, the stronger
wind, the greater chance of rain, all the rain.
Not covered: JWT sign-in, warnings, and its own 穿衣 index (1 is cold there; ours is computed).
"""

from typing import Any

from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.fetch import PATIENCE, Patience, fetch_json
from chains.tools.weather.reading import celsius, clock, day, mapping, most, number, sequence, share, text, together
from chains.tools.weather.records import Attribution, CurrentWeather, DayWeather, Forecast
from chains.tools.weather.sky import Sky, sky_of_words, worse
from knowledge.errors import InputError
from knowledge.geometry import Point

MAX_DAYS = 10
ATTRIBUTION = Attribution("qweather", "天气数据来自和风天气", "Weather data by QWeather", "https://www.qweather.com/")
_KMH_PER_MS = 3.6


class QWeather:
    """A provider; both the key and the host come from the developer's console."""

    def __init__(self, key: str, host: str, patience: Patience = PATIENCE) -> None:
        if not (key and host):
            raise InputError("QWeather needs a key and your own API host (xxx.qweatherapi.com); set both, or use open-meteo")
        self._base = (host if "://" in host else f"https://{host}").rstrip("/") + "/weather/v1"
        self._headers = {"X-QW-Api-Key": key}
        self._patience = patience

    def forecast(self, place: Point) -> Forecast:
        """Ten days and, where that answers too, the present; raises `WeatherError`."""
        days = read_days(self._get("daily", place, days=str(MAX_DAYS)))
        try:
            current = read_current(self._get("current", place))
        except WeatherError:
            current = None  # the days are what was asked for
        return Forecast(ATTRIBUTION, days, current)

    def _get(self, what: str, place: Point, **more: str) -> dict[str, Any]:
        url = f"{self._base}/{what}/{place.latitude_deg:.2f}/{place.longitude_deg:.2f}"
        content = fetch_json(url, {"localTime": "true", "lang": "zh", **more}, self._headers, self._patience)
        code = text(content.get("code")) or "200"  # the older form of an error, with HTTP 200
        if code != "200":
            trouble = {"401": Trouble.KEY, "402": Trouble.LIMITED, "403": Trouble.KEY, "429": Trouble.LIMITED}.get(code, Trouble.REFUSED)
            raise WeatherError(f"QWeather refused the request (code {code}); check key and host in .env", trouble)
        return content


def read_days(content: dict[str, Any]) -> tuple[DayWeather, ...]:
    """The days in an answer; those without a date or any temperature are left out."""
    days = [_day(mapping(row)) for row in sequence(content.get("days"))]
    known = tuple(found for found in days if found and found.has_temperature)
    if not known:
        raise WeatherError("QWeather answered without a single day; check the host in .env", Trouble.MALFORMED)
    return known


def _day(row: dict[str, Any]) -> DayWeather | None:
    daytime, night = mapping(row.get("daytime")), mapping(row.get("nighttime"))
    date = day(daytime.get("forecastStartTime")) or day(row.get("forecastStartTime"))
    if date is None:
        return None
    rain = [mapping(part.get("precipitation")) for part in (daytime, night)]
    astro = mapping(row.get("astro"))
    return DayWeather(
        date=date, sky=worse(_sky(daytime), _sky(night)),
        temperature_max_c=celsius(_value(row, "temperatureMax")), temperature_min_c=celsius(_value(row, "temperatureMin")),
        precipitation_mm=together(*(number(_value(part, "amount"), 0) for part in rain)),
        precipitation_probability_percent=most(*(share(part.get("probability")) for part in rain)),
        wind_max_kmh=most(*(_speed_kmh(mapping(part.get("wind")).get("speed")) for part in (daytime, night))),
        gust_max_kmh=most(*(_speed_kmh(part.get("windGustMax")) for part in (daytime, night))),
        wind_direction_deg=_direction(daytime), humidity_percent=share(daytime.get("humidity")),
        uv_index_max=number(row.get("uvIndexMax"), 0), sunrise=clock(astro.get("sunrise")), sunset=clock(astro.get("sunset")),
    )


def read_current(content: dict[str, Any]) -> CurrentWeather | None:
    """The present in an answer; this interface gives no time of observation."""
    temperature = celsius(_value(content, "temperature"))
    if temperature is None:
        return None
    return CurrentWeather(
        temperature_c=temperature, sky=_sky(content), apparent_c=celsius(_value(content, "feelsLike")),
        humidity_percent=share(content.get("humidity")),
        precipitation_mm=number(_value(mapping(content.get("precipitation")), "amount"), 0),
        wind_kmh=_speed_kmh(mapping(content.get("wind")).get("speed")), wind_direction_deg=_direction(content),
    )


def _sky(block: dict[str, Any]) -> Sky | None:
    return sky_of_words(text(mapping(block.get("condition")).get("text")))


def _value(block: dict[str, Any], name: str) -> object:
    return mapping(block.get(name)).get("value")


def _speed_kmh(speed: object) -> float | None:
    """A speed block in km/h; metres per second where it does not say otherwise."""
    value = number(mapping(speed).get("value"), 0)
    if value is None:
        return None
    return value if mapping(speed).get("unit") == "km/h" else round(value * _KMH_PER_MS, 1)


def _direction(block: dict[str, Any]) -> float | None:
    return number(mapping(mapping(block.get("wind")).get("direction")).get("degree"), 0, 360)
