"""Plans of the built-in catalogue: whole, open, fed, bedded, the same for the same seed, and clear about bad input."""

from datetime import date, timedelta

import pytest

from chains.tools.itinerary.builtin import CatalogueData
from chains.tools.itinerary.checker import check
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.planner import TripError, plan_trip
from chains.tools.itinerary.trip import BudgetAtMost, Constraint, FreeOnly, Stay, Travellers, Trip, Visit
from chains.tools.weather.records import DayWeather
from knowledge.builtin import load_builtin
from tests.bench.plan import worth_of
from tests.chains.tools.itinerary.foreign import IslandData
from tests.chains.tools.itinerary.towns import START, Town, small_problem, town_trip

TODAY = date(2026, 5, 1)
SUNDAY = date(2026, 5, 10)


@pytest.fixture(scope="module")
def data() -> CatalogueData:
    """The shipped records as travel data."""
    base = load_builtin()
    return CatalogueData(base.city_by_id, base.attraction_by_id)


def trip(city: str = "qingdao", days: int = 3, *wishes: Constraint, **more: object) -> Trip:
    """Two adults from a Sunday in May."""
    return Trip.model_validate({"stays": (Stay(city=city, days=days),), "start": SUNDAY, "travellers": Travellers(adults=2),
                                "constraints": wishes, **more})


def names(plan: Plan, kind: str = "sight") -> list[str]:
    """Names of the plan's stops of a kind, in order."""
    return [stop.name for day in plan.days for stop in day.stops if stop.kind == kind]


def test_a_plan_has_every_day_bed_and_meal_and_passes_the_checker(data: CatalogueData) -> None:
    """Three days in Qingdao: three days, two nights, two main meals a day, and nothing that the checker minds."""
    plan = plan_trip(trip(), data, today=TODAY)
    assert [day.number for day in plan.days] == [1, 2, 3]
    assert (len(names(plan, "hotel")), len(names(plan, "lunch")), len(names(plan, "dinner"))) == (2, 3, 3)
    assert plan.conflicts == ()
    assert check(plan, data).failed == ()


def test_the_best_known_sights_come_first(data: CatalogueData) -> None:
    """Five days in Beijing hold the Forbidden City, the Great Wall and the Summer Palace."""
    assert {"故宫博物院", "八达岭长城", "颐和园"} <= set(names(plan_trip(trip("beijing", 5), data, today=TODAY)))


def test_the_same_seed_gives_the_same_plan(data: CatalogueData) -> None:
    """Nothing depends on the clock of the machine."""
    assert plan_trip(trip(), data, today=TODAY, seed=7) == plan_trip(trip(), data, today=TODAY, seed=7)


def test_more_effort_is_never_worse() -> None:
    """Over some towns, four times the work finds as much worth or more."""
    assert all(worth_of(small_problem(seed), seed, 4) >= worth_of(small_problem(seed), seed, 1) - 1e-6 for seed in range(4))


def test_with_an_origin_the_ways_there_and_back_are_planned_and_paid(data: CatalogueData) -> None:
    """From Shanghai to Qingdao and home: a ride on the first and the last day, for two."""
    plan = plan_trip(trip(origin="shanghai"), data, today=TODAY)
    rides = [stop for day in plan.days for stop in day.stops if stop.kind == "ride"]
    assert [plan.days[0].stops[0], plan.days[-1].stops[-1]] == rides
    assert plan.costs["intercity"] == sum(stop.yuan or 0 for stop in rides) > 0
    assert check(plan, data).ok


def test_two_cities_are_joined_by_a_ride_on_the_first_day_of_the_second(data: CatalogueData) -> None:
    """Qingdao then Jinan: the third day begins with the ride, the night before is still in Qingdao."""
    plan = plan_trip(trip(stays=(Stay(city="qingdao", days=2), Stay(city="jinan", days=2))), data, today=TODAY)
    assert plan.days[2].stops[0].kind == "ride"
    assert plan.days[1].stops[-1].city == "qingdao"
    assert check(plan, data).ok


def test_museums_closed_on_mondays_are_not_visited_then(data: CatalogueData) -> None:
    """A plan that asks for the Forbidden City on a Monday says that it is closed, and plans the rest."""
    palace = next(sight.id for sight in data.sights("beijing") if sight.name == "故宫博物院")
    plan = plan_trip(trip("beijing", 1, Visit(any_of=(palace,)), start=date(2026, 5, 11)), data, today=TODAY)
    assert [conflict.constraint for conflict in plan.conflicts] == [0]
    assert "不开放" in plan.conflicts[0].why
    assert check(plan, data).ok


def test_a_museum_opens_on_a_holiday_monday(data: CatalogueData) -> None:
    """The usual Monday closing is lifted on a public holiday, also in years whose calendar is not published yet."""
    museum = next(sight.id for sight in data.sights("beijing") if sight.name == "首都博物馆")
    assert data.open_span(museum, date(2026, 5, 11)) is None
    assert data.open_span(museum, date(2026, 5, 4)) is not None
    assert data.open_span(museum, date(2029, 10, 1)) is not None


def test_a_storm_keeps_everybody_indoors_and_says_so(data: CatalogueData) -> None:
    """On a day of severe weather only indoor sights are planned, and the day says why."""
    storm = {SUNDAY + timedelta(days=1): DayWeather(SUNDAY + timedelta(days=1), gust_max_kmh=110)}
    plan = plan_trip(trip(), data, today=TODAY, weather=storm)
    indoor = {sight.id for sight in data.sights("qingdao") if sight.indoor}
    assert {stop.place for stop in plan.days[1].stops if stop.kind == "sight"} <= indoor
    assert plan.days[1].note
    assert plan.days[1].note_en
    assert not plan.days[0].note
    assert check(plan, data).ok


def test_children_and_elders_get_a_rest_and_fewer_sights(data: CatalogueData) -> None:
    """A family with a grandmother rests after lunch and sees no more than three places a day."""
    plan = plan_trip(trip(travellers=Travellers(adults=2, children=1, elders=1)), data, today=TODAY)
    assert all(sum(stop.kind == "sight" for stop in day.stops) <= 3 for day in plan.days)
    assert len(names(plan, "rest")) == 3


def test_a_budget_is_kept_by_saving(data: CatalogueData) -> None:
    """A budget well below the comfortable plan is kept, and the plan passes."""
    most = 0.55 * plan_trip(trip(), data, today=TODAY).total_yuan
    plan = plan_trip(trip("qingdao", 3, BudgetAtMost(yuan=most)), data, today=TODAY)
    assert plan.total_yuan <= most
    assert check(plan, data).ok


def test_one_yuan_is_too_little_and_the_gap_is_named(data: CatalogueData) -> None:
    """A budget of 1 yuan gives a whole plan, the amount that is missing, and the nearest way out."""
    plan = plan_trip(trip("qingdao", 2, BudgetAtMost(yuan=1)), data, today=TODAY)
    (conflict,) = plan.conflicts
    assert conflict.short_yuan == pytest.approx(plan.total_yuan - 1)
    assert f"{plan.total_yuan - 1:.0f}" in conflict.relaxation
    assert check(plan, data).ok


def test_contradictory_wishes_are_named(data: CatalogueData) -> None:
    """To see Laoshan and not to see it: one of the two is a named conflict."""
    laoshan = next(sight.id for sight in data.sights("qingdao") if sight.name == "崂山风景区")
    plan = plan_trip(trip("qingdao", 2, Visit(any_of=(laoshan,)), Visit(any_of=(laoshan,), avoid=True)), data, today=TODAY)
    assert len(plan.conflicts) == 1
    assert check(plan, data).ok


def test_a_place_in_another_city_is_named(data: CatalogueData) -> None:
    """The Forbidden City cannot be seen in Qingdao: it is said where it is, and what to do instead, in both languages."""
    palace = next(sight.id for sight in data.sights("beijing") if sight.name == "故宫博物院")
    (conflict,) = plan_trip(trip("qingdao", 2, Visit(any_of=(palace,))), data, today=TODAY).conflicts
    assert "故宫博物院在北京，不在青岛" in conflict.why
    assert "在北京加一天" in conflict.relaxation
    assert "同类景点" in conflict.relaxation
    assert "Beijing, not in Qingdao" in conflict.why_en
    assert "add a day in Beijing" in conflict.relaxation_en


def test_only_free_sights(data: CatalogueData) -> None:
    """Tickets cost nothing where only free sights are wanted."""
    plan = plan_trip(trip("qingdao", 3, FreeOnly()), data, today=TODAY)
    assert plan.costs["tickets"] == 0
    assert plan.conflicts == ()


@pytest.mark.parametrize(("wrong", "word"), [
    ({"start": TODAY - timedelta(days=1)}, "before today"), ({"travellers": Travellers(adults=0)}, "nobody"),
    ({"stays": (Stay(city="atlantis", days=2),)}, "atlantis"),
    ({"stays": (Stay(city="qingdao", days=30), Stay(city="jinan", days=30))}, "at most 30"),
])
def test_trips_that_cannot_be_planned_are_refused_with_a_reason(data: CatalogueData, wrong: dict[str, object], word: str) -> None:
    """Past dates, nobody, unknown cities and sixty days: an error that says what was expected."""
    with pytest.raises(TripError, match=word):
        plan_trip(trip(**wrong), data, today=TODAY)


def test_foreign_data_need_nothing_of_ours() -> None:
    """A drawn town and an invented island with a timetable are planned by the same planner."""
    town = Town(40, 3)
    plan = plan_trip(town_trip(3), town, today=START)
    assert check(plan, town).failed == ()
    island = IslandData()
    there = Trip(stays=(Stay(city="harbour", days=2), Stay(city="hilltop", days=1)), start=date(2026, 6, 6), origin="mainland")
    assert check(plan_trip(there, island, today=TODAY), island).failed == ()
