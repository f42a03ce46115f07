"""`fengjing plan`: an itinerary from a sentence, from options, or from an exported file; checked, as text or as a file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, cast, get_args

import typer
from rich.console import Console

from assistant.exports import Form, exported, read_plan
from assistant.settings import load_settings
from chains.planning import TripPlanning
from chains.tools.itinerary import words
from chains.tools.itinerary.checker import Verdict, check
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.trip import MAX_DAYS, BudgetAtMost, Pace, Stay, Travellers, Trip
from chains.tools.itinerary.understood import understood
from chains.tools.weather import WeatherService, provider_named
from chains.understanding import Understanding
from chains.understanding.going_on import cities_of
from chains.understanding.party import MOST_PEOPLE
from chains.understanding.request import Language
from chains.understanding.trip import trip_of
from chains.wording import name_of
from knowledge.catalogue import Catalogue
from knowledge.errors import InputError, StorageError
from knowledge.library import open_library

FORMS = get_args(Form)
MOST_YUAN = 100_000_000


def plan(
    text: Annotated[str, typer.Option(help="The trip in your own words, Chinese or English.")] = "",
    city: Annotated[list[str] | None, typer.Option(help="A city; give it again for the next one.")] = None,
    days: Annotated[int, typer.Option(help="Days of the whole trip.")] = 2,
    start: Annotated[str, typer.Option(help="First day, as 2026-12-04; tomorrow otherwise.")] = "",
    adults: Annotated[int, typer.Option(min=0, max=MOST_PEOPLE)] = 1,
    children: Annotated[int, typer.Option(min=0, max=MOST_PEOPLE)] = 0,
    elders: Annotated[int, typer.Option(min=0, max=MOST_PEOPLE)] = 0,
    budget: Annotated[float | None, typer.Option(help="Yuan, for everybody and everything.")] = None,
    pace: Annotated[str, typer.Option(help="relaxed, moderate or packed.")] = "moderate",
    from_file: Annotated[Path | None, typer.Option("--from", help="A plan exported with --json, to check and convert.")] = None,
    effort: Annotated[int, typer.Option(min=1, max=20, help="More searching for a better plan.")] = 1,
    english: Annotated[bool, typer.Option("--english", help="Answer in English.")] = False,
    form: Annotated[str, typer.Option("--form", help=f"One of {', '.join(FORMS)}.")] = "",
    out: Annotated[Path | None, typer.Option(help="File to write; its ending chooses the form.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    as_md: Annotated[bool, typer.Option("--md")] = False,
    as_html: Annotated[bool, typer.Option("--html")] = False,
    as_ics: Annotated[bool, typer.Option("--ics")] = False,
) -> None:
    """Plan a trip day by day; every plan shown has passed the checker."""
    settings = load_settings()
    catalogue = open_library(settings.home).catalogue
    weather = WeatherService(provider_named(settings.weather, settings.weather_key, settings.weather_host), catalogue.cities)
    planning = TripPlanning(catalogue, weather, _today)
    language: Language = "en" if english else "zh"
    if from_file:
        made = read_plan(_bytes_of(from_file))
        verdict = check(made, planning.data)
    else:
        people = Travellers(adults=adults, children=children, elders=elders)
        trip = _said(text, catalogue) if text else _chosen(catalogue, city or [], days, start, people, budget, pace)
        language = Understanding(catalogue).read(text).language if text and not english else language
        made, verdict = planning.plan(trip, effort=effort)
    chosen = _form(form, out, {"json": as_json, "md": as_md, "html": as_html, "ics": as_ics})
    _give(made, verdict, catalogue, language, chosen, out)


def _said(text: str, catalogue: Catalogue) -> Trip:
    request = Understanding(catalogue).read(text)
    days = request.when.days
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise InputError(f"{days} days in {text!r}: expected 1 to {MAX_DAYS}; split a longer trip into parts")
    if request.budget and request.budget.yuan <= 0:
        raise InputError(f"a budget of {request.budget.yuan:g} yuan in {text!r}: expected one above zero")
    if request.unknown_cities and not request.cities:
        near = "、".join(city.name for city in list(catalogue.cities.values())[:6])
        raise InputError(f"we hold no city named {'、'.join(request.unknown_cities)!r}; choose one we hold, such as {near} ('fengjing knowledge stats' lists all)")
    cities = request.cities or tuple(dict.fromkeys(sight.city for sight in catalogue.get(request.places)))
    if not cities:
        raise InputError(f"no city we hold was named in {text!r}; name one, as in --text '青岛三天，两个人，预算3000'")
    return trip_of(replace(request, cities=cities), catalogue, _today())[0]


def _chosen(
    catalogue: Catalogue, cities: list[str], days: int, start: str, people: Travellers, budget: float | None, pace: str
) -> Trip:
    """The trip of the options; raises `InputError` for one that means nothing."""
    if not cities:
        raise InputError("no city was given; try fengjing plan --city 青岛 --days 3, or --text '青岛三天'")
    if not 1 <= days <= MAX_DAYS or days < len(cities):
        raise InputError(f"--days {days}: expected 1 to {MAX_DAYS}, and at least one for each of the {len(cities)} cities")
    if budget is not None and not 0 < budget < MOST_YUAN:
        raise InputError(f"--budget {budget:g}: expected yuan above zero and below {MOST_YUAN}")
    if pace not in get_args(Pace):
        raise InputError(f"--pace {pace}: expected {', '.join(get_args(Pace))}")
    each, over = divmod(days, len(cities))
    stays = tuple(Stay(city=_city(catalogue, name), days=each + (place < over)) for place, name in enumerate(cities))
    wishes = (BudgetAtMost(yuan=budget),) if budget else ()
    return Trip(stays=stays, start=_day(start), travellers=people, pace=cast("Pace", pace), constraints=wishes)


def _city(catalogue: Catalogue, name: str) -> str:
    mentions = catalogue.city_names.find(name) or catalogue.city_main_names.find_misspelt(name)
    if not mentions:
        raise InputError(f"we hold no city named {name!r}; 'fengjing knowledge stats' lists those we hold")
    return mentions[0].ids[0]


def _today(clock: Callable[[], date] = date.today) -> date:
    return clock()


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"--from {path} cannot be read ({error.strerror}); give the file that --json wrote") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else _today() + timedelta(days=1)
    except ValueError as error:
        raise InputError(f"--start {text!r} is no day; write it as 2026-12-04") from error


def _form(form: str, out: Path | None, flags: dict[str, bool]) -> Form | None:
    wanted = form or next((name for name, given in flags.items() if given), "") or (out.suffix.removeprefix(".") if out else "")
    if wanted and wanted not in FORMS:
        raise InputError(f"a plan cannot be written as {wanted!r}; choose one of {', '.join(FORMS)}")
    if wanted == "pdf" and out is None:
        raise InputError("a PDF goes into a file: add --out trip.pdf")
    return cast("Form", wanted) if wanted else None


def _give(made: Plan, verdict: Verdict, catalogue: Catalogue, language: Language, form: Form | None, out: Path | None) -> None:
    cities = [name_of(catalogue.cities[city], language) for city in cities_of(made.trip) if city in catalogue.cities]
    if form and out:
        try:
            out.write_bytes(exported(made, form, language, cities))
        except OSError as error:
            raise StorageError(f"{out} cannot be written ({error.strerror}); choose another --out") from error
        typer.echo(f"{out}: {words.verdict_line(verdict, language)}")
    elif form:
        typer.echo(exported(made, form, language, cities).decode(), nl=False)
    else:
        _print(made, verdict, catalogue, language)
    if not verdict.ok:
        raise InputError("the plan does not pass the check: " + "; ".join(f"{r.title_en}: {r.detail_en}" for r in verdict.failed[:5]))


def _print(made: Plan, verdict: Verdict, catalogue: Catalogue, language: Language) -> None:
    console = Console(highlight=False)

    def name(record: str) -> str:
        found = catalogue.cities.get(record) or next(iter(catalogue.get([record])), None)
        return name_of(found, language) if found else record

    console.print("我的理解：" if language == "zh" else "As I understand it:", style="bold")
    for line in understood(made.trip, name, language):
        console.print(f"  - {line}", markup=False)
    for day in made.days:
        title, *rows = words.day_lines(day, language)
        console.print(f"\n{title}", style="bold", markup=False)
        console.print("\n".join(rows), markup=False)
    after = [words.cost_line(made, language), *words.conflict_lines(made, language), words.left_out_line(made, language)]
    console.print("\n" + "\n".join(text for text in after if text), markup=False)
    console.print(words.verdict_line(verdict, language), style="dim", markup=False)
