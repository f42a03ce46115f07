"""Answers in the shape the services give them, and a few cities; figures are made up."""

from datetime import date, timedelta
from typing import Any

from knowledge.records import City, Position

TODAY = date(2026, 10, 2)  # a Friday


def city(identity: str = "beijing", name: str = "北京", name_en: str = "Beijing", latitude_deg: float = 39.9042, longitude_deg: float = 116.4074) -> City:
    """A city with nothing but a name and a place."""
    position = Position(latitude_deg=latitude_deg, longitude_deg=longitude_deg, source="test")
    return City(id=identity, name=name, name_en=name_en, province=name, position=position, source="test")


BEIJING = city()
SHANGHAI = city("shanghai", "上海", "Shanghai", 31.2304, 121.4737)
SUZHOU = city("suzhou", "苏州", "Suzhou", 31.2989, 120.5853)
KUNMING = city("kunming", "昆明", "Kunming", 25.0389, 102.7183)
XISHUANGBANNA = city("xishuangbanna", "西双版纳", "Xishuangbanna", 22.0094, 100.7974)
CITIES = {held.id: held for held in (BEIJING, SHANGHAI, SUZHOU, KUNMING, XISHUANGBANNA)}


def open_meteo(days: int = 16, **daily: list[Any]) -> dict[str, Any]:
    """Open-Meteo's answer; `daily` replaces whole columns."""
    columns: dict[str, list[Any]] = {
        "time": [(TODAY + timedelta(days=offset)).isoformat() for offset in range(days)],
        "weather_code": [61] * days, "temperature_2m_max": [21.4] * days, "temperature_2m_min": [12.2] * days,
        "apparent_temperature_max": [19.0] * days, "apparent_temperature_min": [9.6] * days,
        "precipitation_sum": [8.2] * days, "precipitation_probability_max": [70] * days, "snowfall_sum": [0.0] * days,
        "wind_speed_10m_max": [21.0] * days, "wind_gusts_10m_max": [44.0] * days, "wind_direction_10m_dominant": [44] * days,
        "uv_index_max": [5.15] * days, "sunrise": [f"{TODAY}T06:12"] * days, "sunset": [f"{TODAY}T17:56"] * days,
    }
    return {
        "latitude": 39.875, "longitude": 116.375, "generationtime_ms": 0.31, "utc_offset_seconds": 28800,
        "timezone": "Asia/Shanghai", "timezone_abbreviation": "GMT+8", "elevation": 47.0,
        "current_units": {"time": "iso8601", "temperature_2m": "°C"},
        "current": {"time": f"{TODAY}T14:15", "interval": 900, "weather_code": 2, "temperature_2m": 20.1, "apparent_temperature": 18.3,
                    "relative_humidity_2m": 45, "precipitation": 0.0, "wind_speed_10m": 13.7, "wind_direction_10m": 90},
        "daily_units": {"time": "iso8601", "temperature_2m_max": "°C"}, "daily": {**columns, **daily},
    }


def qweather_days() -> dict[str, Any]:
    """QWeather's /weather/v1/daily with two days: a full one and one with as little as there may be."""
    first = {
        "forecastStartTime": "2026-10-02T06:00+08:00", "forecastEndTime": "2026-10-03T06:00+08:00", "uvIndexMax": 4,
        "astro": {"sunrise": "2026-10-02T06:12+08:00", "sunset": "2026-10-02T17:56+08:00"},
        "temperatureMax": {"value": 21.4, "unit": "°C"}, "temperatureMin": {"value": 12.2, "unit": "°C"},
        "daytime": {
            "forecastStartTime": "2026-10-02T07:00+08:00", "condition": {"text": "多云", "code": "101"}, "humidity": 0.56,
            "wind": {"direction": {"degree": 45, "compass": "ne"}, "speed": {"value": 3, "unit": "m/s"}, "scale": 2},
            "precipitation": {"amount": {"value": 0.4, "unit": "mm"}, "probability": 0.2, "type": "rain"},
        },
        "nighttime": {
            "forecastStartTime": "2026-10-02T19:00+08:00", "condition": {"text": "中雨", "code": "306"}, "humidity": 0.9,
            "wind": {"direction": {"degree": 0, "compass": "n"}, "speed": {"value": 6, "unit": "m/s"}, "scale": 4},
            "precipitation": {"amount": {"value": 7.8, "unit": "mm"}, "probability": 0.64, "type": "rain"},
        },
    }
    second = {"forecastStartTime": "2026-10-02T22:00Z", "temperatureMax": {"value": 19, "unit": "°C"}, "temperatureMin": {"value": None},
              "daytime": {"condition": {"text": "晴", "code": "100"}}, "nighttime": None}
    return {"metadata": {"tag": "t", "attributions": ["https://developer.qweather.com/attribution.html"]}, "days": [first, second]}


def qweather_current() -> dict[str, Any]:
    """QWeather's /weather/v1/current."""
    return {"metadata": {"tag": "t"}, "condition": {"text": "少云", "code": "102"}, "temperature": {"value": 20.1, "unit": "°C"},
            "feelsLike": {"value": 18.3, "unit": "°C"}, "humidity": 0.45, "precipitation": {"amount": {"value": 0, "unit": "mm"}},
            "wind": {"direction": {"degree": 90, "compass": "e"}, "speed": {"value": 10, "unit": "km/h"}, "scale": 2}}


def amap_district() -> dict[str, Any]:
    """AMap's /v3/geocode/regeo; empty strings are empty lists."""
    return {"status": "1", "info": "OK", "infocode": "10000",
            "regeocode": {"formatted_address": "北京市东城区", "addressComponent": {"province": "北京市", "city": [], "adcode": "110101"}}}


def amap_days() -> dict[str, Any]:
    """AMap's weatherInfo with extensions=all."""
    casts = [{"date": (TODAY + timedelta(days=offset)).isoformat(), "week": "5", "dayweather": "小雨-中雨", "nightweather": "阴",
              "daytemp": "21", "nighttemp": "12", "daywind": "东北", "nightwind": "北", "daypower": "1-3", "nightpower": "4",
              "daytemp_float": "21.0", "nighttemp_float": "12.0"} for offset in range(4)]
    casts[1] = {**casts[1], "daytemp": "9", "nighttemp": "11", "daywind": "无风向", "daypower": "≤3", "nightpower": []}
    return {"status": "1", "count": "1", "info": "OK", "infocode": "10000", "forecasts": [
        {"city": "东城区", "adcode": "110101", "province": "北京", "reporttime": "2026-10-02 11:01:22", "casts": casts}]}


def amap_now() -> dict[str, Any]:
    """AMap's weatherInfo with extensions=base."""
    return {"status": "1", "count": "1", "info": "OK", "infocode": "10000", "lives": [
        {"province": "北京", "city": "东城区", "adcode": "110101", "weather": "多云", "temperature": "20", "winddirection": "东",
         "windpower": "≤3", "humidity": "45", "reporttime": "2026-10-02 14:02:11"}]}
