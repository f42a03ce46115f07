"""`POST /v1/plan`: a trip in words or in fields, planned and checked; the plan is the JSON of `fengjing plan --json`.

The same planner, checker and reading of words as the command. A plan that does not pass its check is never given out.
"""

from collections.abc import Generator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.api.asking import whole
from assistant.api.desk import AskedBy, AtDesk, Trips
from assistant.api.errors import Refused
from assistant.api.sse import unless_gone
from assistant.api.turns import Queued, Turn
from chains.tools.itinerary import words
from chains.tools.itinerary.checker import RuleResult, Verdict
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.trip import MAX_DAYS, BudgetAtMost, Constraint, Pace, Stay, Travellers, Trip
from chains.tools.itinerary.understood import understood
from chains.understanding.request import Language
from chains.understanding.trip import trip_of
from chains.understanding.understand import language_of
from chains.wording import name_of
from knowledge.catalogue import Catalogue
from knowledge.errors import InputError

router = APIRouter(prefix="/v1")
People = Annotated[int, Field(ge=0, le=50)]


class PlanRequest(BaseModel):
    """Either `text`, or `cities` with what else is known; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(default="", max_length=1000, description="The trip in your own words, Chinese or English.")
    cities: list[str] = Field(default=[], max_length=10, description="Names, Chinese or English, in the order of the trip.")
    days: int = Field(default=2, ge=1, le=MAX_DAYS, description="Of the whole trip; shared out evenly between cities.")
    start: date | None = Field(default=None, description="First day; tomorrow otherwise.")
    adults: People = 1
    children: People = 0
    elders: People = 0
    budget_yuan: float | None = Field(default=None, gt=0, allow_inf_nan=False, description="For everybody and everything.")
    pace: Pace = "moderate"
    constraints: list[Constraint] = Field(default=[], max_length=40, description="Conditions, in the plan's own schema.")
    effort: int = Field(default=1, ge=1, le=5, description="More searching for a better plan.")
    language: Literal["zh", "en"] | None = Field(default=None, description="Of `understood` and the verdict's words; the text's own otherwise.")


class PlanAnswer(BaseModel):
    """The plan in its export schema, how the request was read, what was checked, and what would make more possible."""

    plan: Plan
    understood: list[str]
    verdict: dict[str, Any]
    relaxations: list[dict[str, Any]]


@router.post("/plan", summary="Plan a trip day by day; every plan given out has passed the checker")
async def plan(asked: PlanRequest, desk: AtDesk, key: AskedBy, request: Request) -> PlanAnswer:
    """Waits in the same line as chat turns."""
    turn = desk.turns.begin(key, partial(_planned, asked, desk.trips, desk.library.catalogue))
    try:
        return await unless_gone(request.receive, _only(turn))
    finally:
        turn.close()


async def _only(turn: Turn[PlanAnswer]) -> PlanAnswer:
    *_, answer = [item async for item in turn.items() if not isinstance(item, Queued)]
    return answer


def _planned(asked: PlanRequest, trips: Trips, catalogue: Catalogue) -> Generator[PlanAnswer, None, None]:
    text = whole(asked.text)
    trip = _said(text, trips, catalogue) if text else _chosen(asked, trips.today(), catalogue)
    language: Language = asked.language or (language_of(text) if text else "zh")
    made, verdict = trips.planning.plan(trip, effort=asked.effort)
    if not verdict.ok:
        broken = "; ".join(f"{result.title_en}: {result.detail_en}" for result in verdict.failed[:5])
        raise Refused(500, "plan_not_proved", f"the plan made does not pass the check ({broken}); loosen a condition and try again")
    yield PlanAnswer(
        plan=made, understood=understood(made.trip, lambda record: _name(record, catalogue, language), language),
        verdict=_verdict(verdict, language), relaxations=_relaxations(made),
    )


def _said(text: str, trips: Trips, catalogue: Catalogue) -> Trip:
    request = trips.understanding.read(text)
    cities = request.cities or tuple(dict.fromkeys(sight.city for sight in catalogue.get(request.places)))
    if not cities:
        raise InputError(f'no city we hold was named in {text[:80]!r}; name one, as in {{"text": "青岛三天，两个人，预算3000"}}')
    return trip_of(replace(request, cities=cities), catalogue, trips.today())[0]


def _chosen(asked: PlanRequest, today: date, catalogue: Catalogue) -> Trip:
    if not asked.cities:
        raise InputError('neither text nor cities were given; send {"cities": ["青岛"], "days": 3} or {"text": "青岛三天"}')
    if asked.days < len(asked.cities):
        raise InputError(f"days is {asked.days}: expected at least one for each of the {len(asked.cities)} cities")
    each, over = divmod(asked.days, len(asked.cities))
    stays = tuple(Stay(city=_city(name, catalogue), days=each + (place < over)) for place, name in enumerate(asked.cities))
    budget = (BudgetAtMost(yuan=asked.budget_yuan),) if asked.budget_yuan else ()
    return Trip(
        stays=stays, start=asked.start or today + timedelta(days=1), pace=asked.pace, constraints=(*budget, *asked.constraints),
        travellers=Travellers(adults=asked.adults, children=asked.children, elders=asked.elders),
    )


def _city(name: str, catalogue: Catalogue) -> str:
    mentions = catalogue.city_names.find(name) or catalogue.city_main_names.find_misspelt(name)
    if not mentions:
        raise InputError(f"we hold no city named {name[:60]!r}; GET /v1/search finds what we hold")
    return mentions[0].ids[0]


def _name(record: str, catalogue: Catalogue, language: Language) -> str:
    found = catalogue.cities.get(record) or next(iter(catalogue.get([record])), None)
    return name_of(found, language) if found else record


def _verdict(verdict: Verdict, language: Language) -> dict[str, Any]:
    """The checker's sentence, and each rule with its state: passed, or named where the plan says that it cannot be met."""
    return {"ok": verdict.ok, "text": words.verdict_line(verdict, language), "rules": [_rule(result, language) for result in verdict.results]}


def _rule(result: RuleResult, language: Language) -> dict[str, Any]:
    title, detail = (result.title, result.detail) if language == "zh" else (result.title_en, result.detail_en)
    return {"rule": result.rule, "state": result.state, "title": title, "detail": detail, "day": result.day,
            "constraint": result.constraint, "said": result.said}


def _relaxations(made: Plan) -> list[dict[str, Any]]:
    """For each condition that cannot be met, why, and what would make it possible."""
    return [conflict.model_dump(mode="json") for conflict in made.conflicts]
