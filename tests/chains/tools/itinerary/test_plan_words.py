"""What a traveller reads of a plan: meals that are meals, a rain plan in names, and conflicts without a word said twice."""

from datetime import date

import pytest

from chains.tools.itinerary.builtin import CatalogueData, catalogue_data
from chains.tools.itinerary.checker import check
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.planner import plan_trip
from chains.tools.itinerary.trip import BudgetAtMost, Constraint, Eat, Stay, Travellers, Trip
from chains.tools.itinerary.words import conflict_lines, day_lines, day_notes
from chains.understanding.request import Language
from knowledge.catalogue import Catalogue
from tests.chains.tools.itinerary.changing import with_day

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def data(catalogue: Catalogue) -> CatalogueData:
    """The shipped records as travel data."""
    return catalogue_data(catalogue)


def planned(data: CatalogueData, city: str, days: int, *wishes: Constraint) -> Plan:
    """Two adults from a Friday in December."""
    trip = Trip(stays=(Stay(city=city, days=days),), start=date(2026, 12, 4), travellers=Travellers(adults=2), constraints=wishes)
    return plan_trip(trip, data, today=TODAY)


def eaten(plan: Plan) -> list[str]:
    """Every dish of the plan's main meals."""
    return [stop.cuisine for day in plan.days for stop in day.stops if stop.kind in ("lunch", "dinner")]


@pytest.mark.parametrize(("city", "light", "filling"), [
    ("qingdao", "青岛原浆啤酒", "鲅鱼水饺"), ("harbin", "马迭尔冰棍", "锅包肉"), ("lhasa", "甜茶", ""), ("hangzhou", "", "龙井虾仁"), ("guilin", "", "啤酒鱼"),
])
def test_a_drink_or_a_sweet_is_told_from_a_dish(data: CatalogueData, city: str, light: str, filling: str) -> None:
    """Beer and ice cream are light; what is only cooked with beer or tea is a dish."""
    tables = {table.cuisine: table.light for table in data.restaurants(city)}
    assert not light or tables[light]
    assert not filling or not tables[filling]


def test_nobody_gets_beer_for_lunch_who_did_not_ask(data: CatalogueData) -> None:
    """Three days in Qingdao hold no light meal, unless it is wished for."""
    light = {table.cuisine for table in data.restaurants("qingdao") if table.light}
    assert light
    assert not light & set(eaten(planned(data, "qingdao", 3)))
    assert "青岛原浆啤酒" in eaten(planned(data, "qingdao", 2, Eat(any_of=("原浆啤酒",))))


@pytest.mark.parametrize(("language", "begins"), [("zh", "· 下雨可改去："), ("en", "· If it rains: ")])
def test_a_day_says_where_to_go_when_it_rains(data: CatalogueData, language: Language, begins: str) -> None:
    """The rain plan is told by name; another name than the data's is a broken rule."""
    plan = planned(data, "beijing", 2)
    day = next(day for day in plan.days if day.rain_plan)
    names = day.rain_names if language == "zh" else day.rain_names_en
    assert len(names) == len(day.rain_plan) > 0
    line = next(line for line in day_lines(day, language) if line.startswith(begins))
    assert all(name in line for name in names)
    assert line.removeprefix("· ") in day_notes(day, language)
    false = with_day(plan, day.number, rain_names=("月宫",))
    assert check(plan, data).ok
    assert [result.rule for result in check(false, data).failed] == ["suggestions"]


@pytest.mark.parametrize(("language", "word"), [("zh", "预算差"), ("en", "short")])
def test_a_missing_sum_is_said_once(data: CatalogueData, language: Language, word: str) -> None:
    """One yuan for two days: the line holds the sum that is missing a single time, with what would help."""
    lines = conflict_lines(planned(data, "qingdao", 2, BudgetAtMost(yuan=1)), language)
    assert "".join(lines).count(word) == 1
