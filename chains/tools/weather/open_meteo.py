"""Open-Meteo: no key, 16 days, current weather, the height of the place; the default provider.

Takes WGS-84. Our positions are GCJ-02 and are sent as they are: the shift is a few hundred metres, a grid cell of
the forecast is kilometres wide. Free for non-commercial use; a commercial plan has a key and a host of its own.
Not covered: hourly values, and its geocoding (our own table knows the cities).
"""

from typing import Any

from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.fetch import PATIENCE, Patience, fetch_json
from chains.tools.weather.reading import celsius, clock, day, mapping, moment, number, percent, sequence, text
from chains.tools.weather.records import Attribution, CurrentWeather, DayWeather, Forecast
from chains.tools.weather.sky import sky_of_wmo
from knowledge.geometry import Point

HOST = "https://api.open-meteo.com"
COMMERCIAL_HOST = "https://customer-api.open-meteo.com"
MAX_DAYS = 16
ATTRIBUTION = Attribution("open-meteo", "天气数据来自 Open-Meteo.com（CC BY 4.0）", "Weather data by Open-Meteo.com (CC BY 4.0)",
                          "https://open-meteo.com/")
_DAILY = (
    "weather_code temperature_2m_max temperature_2m_min apparent_temperature_max apparent_temperature_min "
    "precipitation_sum precipitation_probability_max snowfall_sum wind_speed_10m_max wind_gusts_10m_max "
    "wind_direction_10m_dominant uv_index_max sunrise sunset"
).split()
_CURRENT = (
    "weather_code temperature_2m apparent_temperature relative_humidity_2m precipitation wind_speed_10m "
    "wind_direction_10m"
).split()


class OpenMeteo:
    """A provider; `key` turns on the commercial plan, `host` replaces the address of either."""

    def __init__(self, key: str = "", host: str = "", patience: Patience = PATIENCE) -> None:
        self._url = (host or (COMMERCIAL_HOST if key else HOST)).rstrip("/") + "/v1/forecast"
        self._key = {"apikey": key} if key else {}
        self._patience = patience

    def forecast(self, place: Point) -> Forecast:
        """Sixteen days and the present; raises `WeatherError`."""
        params = {
            "latitude": f"{place.latitude_deg:.4f}", "longitude": f"{place.longitude_deg:.4f}",
            "daily": ",".join(_DAILY), "current": ",".join(_CURRENT),
            "timezone": "Asia/Shanghai", "forecast_days": str(MAX_DAYS), **self._key,
        }
        return read_forecast(fetch_json(self._url, params, patience=self._patience))


def read_forecast(content: dict[str, Any]) -> Forecast:
    """The forecast in an answer; days without a date or any temperature are left out."""
    if content.get("error"):
        raise WeatherError(f"Open-Meteo refused the request: {text(content.get('reason'))[:120]}", Trouble.REFUSED)
    daily = mapping(content.get("daily"))
    columns = {name: sequence(daily.get(name)) for name in ("time", *_DAILY)}
    days = [_day({name: values[place] if place < len(values) else None for name, values in columns.items()})
            for place in range(len(columns["time"]))]
    known = tuple(found for found in days if found and found.has_temperature)
    if not known:
        raise WeatherError("Open-Meteo answered without a single day; ask again later", Trouble.MALFORMED)
    return Forecast(ATTRIBUTION, known, _current(mapping(content.get("current"))), number(content.get("elevation"), -500, 9000))


def _day(row: dict[str, Any]) -> DayWeather | None:
    date = day(row["time"])
    if date is None:
        return None
    return DayWeather(
        date=date, sky=sky_of_wmo(number(row["weather_code"])),
        temperature_max_c=celsius(row["temperature_2m_max"]), temperature_min_c=celsius(row["temperature_2m_min"]),
        apparent_max_c=celsius(row["apparent_temperature_max"]), apparent_min_c=celsius(row["apparent_temperature_min"]),
        precipitation_mm=number(row["precipitation_sum"], 0),
        precipitation_probability_percent=percent(row["precipitation_probability_max"]),
        snowfall_cm=number(row["snowfall_sum"], 0), wind_max_kmh=number(row["wind_speed_10m_max"], 0),
        gust_max_kmh=number(row["wind_gusts_10m_max"], 0), wind_direction_deg=number(row["wind_direction_10m_dominant"], 0, 360),
        uv_index_max=number(row["uv_index_max"], 0), sunrise=clock(row["sunrise"]), sunset=clock(row["sunset"]),
    )


def _current(row: dict[str, Any]) -> CurrentWeather | None:
    temperature = celsius(row.get("temperature_2m"))
    if temperature is None:
        return None
    return CurrentWeather(
        temperature_c=temperature, observed_at=moment(row.get("time")), sky=sky_of_wmo(number(row.get("weather_code"))),
        apparent_c=celsius(row.get("apparent_temperature")), humidity_percent=percent(row.get("relative_humidity_2m")),
        precipitation_mm=number(row.get("precipitation"), 0), wind_kmh=number(row.get("wind_speed_10m"), 0),
        wind_direction_deg=number(row.get("wind_direction_10m"), 0, 360),
    )
