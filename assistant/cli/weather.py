"""`fengjing weather CITY`: forecast or climate average, and what to wear."""

import json
from datetime import date
from typing import Annotated

import typer

from assistant.settings import load_settings
from chains.tools.weather import WeatherService, as_json, provider_named, report_lines
from knowledge.errors import InputError
from knowledge.library import open_library


def weather(
    city: Annotated[str, typer.Argument(help="A city's name, Chinese or English.")],
    day: Annotated[str, typer.Option("--date", help="First day, as 2026-10-03; today otherwise.")] = "",
    days: Annotated[int, typer.Option(min=1, max=16)] = 3,
    english: Annotated[bool, typer.Option("--english", help="Answer in English.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Tell the weather of a city and what to wear."""
    settings = load_settings()
    catalogue = open_library(settings.home).catalogue
    mentions = catalogue.city_names.find(city) or catalogue.city_main_names.find_misspelt(city)
    if not mentions:
        raise InputError(f"we hold no city named {city!r}; 'fengjing knowledge stats' lists those we hold")
    provider = provider_named(settings.weather, settings.weather_key, settings.weather_host)
    report = WeatherService(provider, catalogue.cities).report(catalogue.cities[mentions[0].ids[0]], _day(day), days)
    if json_:
        typer.echo(json.dumps(as_json(report), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(report_lines(report, "en" if english else "zh")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(f"--date {text!r} is no day; write it as 2026-10-03") from error
