"""The weather of our cities and what to wear: forecasts by three providers, climate averages where they end.

In short:

    service = WeatherService(provider_named("open-meteo"), catalogue.cities)
    report = service.report(city, date(2026, 10, 3), days=3)
    for line in report_lines(report, "zh"): ...

What is not covered: official warnings, hourly values, places abroad.
"""

from chains.tools.weather.cache import CachedProvider
from chains.tools.weather.clothing import advise
from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.fetch import Patience
from chains.tools.weather.providers import PROVIDERS, provider_named
from chains.tools.weather.records import (
    Advice,
    Attribution,
    CurrentWeather,
    DayWeather,
    Forecast,
    WeatherProvider,
    WeatherReport,
    as_json,
)
from chains.tools.weather.service import WeatherService
from chains.tools.weather.sky import Sky
from chains.tools.weather.words import day_sentence, report_lines

__all__ = [
    "PROVIDERS", "Advice", "Attribution", "CachedProvider", "CurrentWeather", "DayWeather", "Forecast", "Patience",
    "Sky", "Trouble", "WeatherError", "WeatherProvider", "WeatherReport", "WeatherService", "advise", "as_json",
    "day_sentence", "provider_named", "report_lines",
]
