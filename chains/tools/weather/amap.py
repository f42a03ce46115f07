"""AMap 高德, by key: four days and the present, for the county a position lies in.

The service knows districts, not positions, and a name may mean two places (中山), so the position (GCJ-02, as our
data are) is turned into the district's code first. Wind comes as Beaufort forces.
Not covered, because AMap does not tell: chance and amount of rain, apparent temperature, ultraviolet.
"""

import re
from typing import Any

from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.fetch import PATIENCE, Patience, fetch_json
from chains.tools.weather.reading import celsius, day, mapping, moment, most, percent, sequence, text
from chains.tools.weather.records import Attribution, CurrentWeather, DayWeather, Forecast
from chains.tools.weather.sky import sky_of_words, worse
from chains.tools.weather.wind import degrees_of_words, kmh_of_force
from knowledge.errors import InputError
from knowledge.geometry import Point

HOST = "https://restapi.amap.com"
ATTRIBUTION = Attribution("amap", "天气数据来自高德开放平台", "Weather data by AMap", "https://lbs.amap.com/")
# What its info codes mean to us; any other is a refusal.
_TROUBLES = {
    Trouble.KEY: "10001 10002 10005 10006 10007 10008 10009 10012 10013 10026 10041".split(),
    Trouble.LIMITED: "10003 10004 10010 10014 10019 10020 10021 10029 10044 10045".split(),
    Trouble.BROKEN: "10015 10016 10017".split(),
}


class AMap:
    """A provider; the key is one for the Web service (Web服务)."""

    def __init__(self, key: str, host: str = HOST, patience: Patience = PATIENCE) -> None:
        if not key:
            raise InputError("AMap needs a Web service key; set it, or use open-meteo")
        self._base = (host or HOST).rstrip("/") + "/v3"
        self._key = key
        self._patience = patience
        self._districts: dict[str, str] = {}  # location to district code; districts do not move

    def forecast(self, place: Point) -> Forecast:
        """Four days and, where that answers too, the present; raises `WeatherError`."""
        district = self._district(place)
        days = read_days(self._get("weather/weatherInfo", city=district, extensions="all"))
        try:
            current = read_current(self._get("weather/weatherInfo", city=district, extensions="base"))
        except WeatherError:
            current = None  # the days are what was asked for
        return Forecast(ATTRIBUTION, days, current)

    def _district(self, place: Point) -> str:
        location = f"{place.longitude_deg:.4f},{place.latitude_deg:.4f}"
        if location not in self._districts:
            found = mapping(self._get("geocode/regeo", location=location).get("regeocode"))
            code = text(mapping(found.get("addressComponent")).get("adcode"))
            if not code:
                raise WeatherError("AMap knows no district at this position", Trouble.REFUSED)
            self._districts[location] = code
        return self._districts[location]

    def _get(self, path: str, **params: str) -> dict[str, Any]:
        content = fetch_json(f"{self._base}/{path}", {"key": self._key, "output": "JSON", **params}, patience=self._patience)
        if content.get("status") == "1":
            return content
        code = text(content.get("infocode"))
        trouble = next((trouble for trouble, codes in _TROUBLES.items() if code in codes), Trouble.REFUSED)
        raise WeatherError(f"AMap refused the request ({text(content.get('info'))[:60]} {code}); check the key in .env", trouble)


def read_days(content: dict[str, Any]) -> tuple[DayWeather, ...]:
    """The days in an answer; those without a date or any temperature are left out."""
    forecasts = sequence(content.get("forecasts"))
    casts = sequence(mapping(forecasts[0]).get("casts")) if forecasts else []
    days = [_day(mapping(cast)) for cast in casts]
    known = tuple(found for found in days if found and found.has_temperature)
    if not known:
        raise WeatherError("AMap answered without a single day; ask again later", Trouble.MALFORMED)
    return known


def _day(cast: dict[str, Any]) -> DayWeather | None:
    date = day(cast.get("date"))
    if date is None:
        return None
    temperatures = [value for value in (celsius(cast.get("daytemp")), celsius(cast.get("nighttemp"))) if value is not None]
    return DayWeather(
        date=date, sky=worse(sky_of_words(text(cast.get("dayweather"))), sky_of_words(text(cast.get("nightweather")))),
        # before a cold front the night is the warmer half
        temperature_max_c=max(temperatures, default=None), temperature_min_c=min(temperatures, default=None),
        wind_max_kmh=most(_speed_kmh(cast.get("daypower")), _speed_kmh(cast.get("nightpower"))),
        wind_direction_deg=degrees_of_words(text(cast.get("daywind"))),
    )


def read_current(content: dict[str, Any]) -> CurrentWeather | None:
    """The present in an answer."""
    lives = sequence(content.get("lives"))
    live = mapping(lives[0]) if lives else {}
    temperature = celsius(live.get("temperature"))
    if temperature is None:
        return None
    return CurrentWeather(
        temperature_c=temperature, observed_at=moment(live.get("reporttime")), sky=sky_of_words(text(live.get("weather"))),
        humidity_percent=percent(live.get("humidity")), wind_kmh=_speed_kmh(live.get("windpower")),
        wind_direction_deg=degrees_of_words(text(live.get("winddirection"))),
    )


def _speed_kmh(power: object) -> float | None:
    """Speed of ``≤3``, ``1-3`` or ``4``: of the strongest force named."""
    forces = [int(found) for found in re.findall(r"\d+", text(power))]
    return kmh_of_force(max(forces)) if forces else None
