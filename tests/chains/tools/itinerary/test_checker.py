"""The checker: valid plans pass, every way to be wrong is caught by the rule it breaks, conflicts must be true."""

import random

import pytest

from chains.tools.itinerary.checker import RULES, check
from chains.tools.itinerary.data import Ride
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.trip import BudgetAtMost, FreeOnly, SightsPerDay
from tests.chains.tools.itinerary.changing import (
    asked,
    naming,
    summed,
    wished,
    wishing_only,
    with_day,
    with_days,
    with_stop,
    with_stops,
    without,
)
from tests.chains.tools.itinerary.foreign import LODGINGS, RESTAURANTS, RIDES, SIGHTS, IslandData
from tests.chains.tools.itinerary.island_plan import TRIP, free_day, the_plan, the_stop
from tests.chains.tools.itinerary.mutants import MUTANTS, Mutant
from tests.chains.tools.itinerary.wish_mutants import BROKEN, KEPT, Asked

ISLAND = IslandData()


def _failed(plan: Plan, data: IslandData = ISLAND) -> set[str]:
    return {result.rule for result in check(plan, data).failed}


@pytest.mark.parametrize("plan", [the_plan(), free_day()])
def test_a_valid_plan_passes(plan):
    """A plan without faults passes every rule, and every rule and every condition is reported."""
    verdict = check(plan, ISLAND)
    assert [(result.rule, result.detail_en) for result in verdict.failed] == []
    assert (verdict.ok, verdict.named) == (True, ())
    assert [result.rule for result in verdict.results] == [*RULES, *(wish.kind for wish in plan.trip.constraints), "conflicts"]
    assert [result.said for result in verdict.results if result.constraint is not None] == [wish.said for wish in plan.trip.constraints]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mutant_is_caught_by_its_rule(mutant: Mutant):
    """Each way to be wrong fails the rules it breaks and no others, and each failure says in both languages what is wrong."""
    plan = mutant.change(the_plan())
    verdict = check(plan, ISLAND)
    assert not verdict.ok
    assert {result.rule for result in verdict.failed} == mutant.rules
    assert all(result.detail and result.detail_en and not result.passed for result in verdict.failed)


def test_mutants_have_names_of_their_own():
    """There are well over sixty ways to be wrong, and every rule of the frame is broken by one."""
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) > 100
    assert set(RULES) - set().union(*(mutant.rules for mutant in MUTANTS)) == set()


@pytest.mark.parametrize("asked_for", BROKEN, ids=lambda asked_for: asked_for.name)
def test_a_broken_condition_fails_and_may_be_named(asked_for: Asked):
    """A condition that does not hold fails alone; once the plan names it, it is neither passed nor failed."""
    plan = wished(the_plan(), asked_for.wish)
    assert _failed(plan) == {asked_for.wish.kind}
    assert check(plan, ISLAND).failed[0].constraint == len(TRIP.constraints)
    verdict = check(naming(plan, len(TRIP.constraints)), ISLAND)
    assert [(result.rule, result.state) for result in verdict.results if result.constraint == len(TRIP.constraints)] == [(asked_for.wish.kind, "named")]
    assert {result.rule for result in verdict.failed} <= {"conflicts"}  # some could have been met by one step


@pytest.mark.parametrize("asked_for", KEPT, ids=lambda asked_for: asked_for.name)
def test_a_kept_condition_passes_and_may_not_be_named(asked_for: Asked):
    """A condition that holds passes; a plan that claims it could not be met is dishonest."""
    plan = wished(the_plan(), asked_for.wish)
    assert _failed(plan) == set()
    assert _failed(naming(plan, len(TRIP.constraints))) == {"conflicts"}


@pytest.mark.parametrize("seed", range(20))
def test_names_and_order_of_the_data_do_not_matter(seed):
    """Data listed in another order lead to the same verdict, whatever the plan."""
    plan = random.Random(seed).choice(MUTANTS).change(the_plan())
    shuffled = IslandData()
    for lister in ("sights", "restaurants", "lodgings"):
        setattr(shuffled, lister, _shuffled(getattr(shuffled, lister), seed))
    assert check(plan, shuffled) == check(plan, ISLAND)


def _shuffled(lister, seed):
    return lambda city: random.Random(seed).sample(lister(city), len(lister(city)))


@pytest.mark.parametrize("seed", range(20))
def test_stops_in_another_order_never_pass(seed):
    """No other order of an inner day's stops is valid: the clock times give it away."""
    plan = the_plan()
    stops = list(plan.days[1].stops)
    random.Random(seed).shuffle(stops)
    assert ("times" in _failed(with_stops(plan, 2, *stops))) == (tuple(stops) != plan.days[1].stops)


@pytest.mark.parametrize("seed", range(20))
def test_renumbered_or_swapped_days_never_pass(seed):
    """Days in another order are on the wrong dates, with whatever numbers they carry."""
    plan = the_plan()
    days = list(plan.days)
    random.Random(seed).shuffle(days)
    renumbered = [day.model_copy(update={"number": number}) for number, day in enumerate(days, start=1)]
    assert ("days" in _failed(with_days(plan, *renumbered))) == (tuple(days) != plan.days)


def test_a_plan_read_back_from_its_file_passes():
    """A plan is a document: written and read again it is judged the same."""
    assert check(Plan.model_validate_json(the_plan().model_dump_json()), ISLAND) == check(the_plan(), ISLAND)


def test_every_day_that_breaks_a_rule_is_reported():
    """A rule broken on two days fails twice, each time with its day."""
    plan = with_stop(with_stop(the_plan(), 2, 2, yuan=1.0), 5, 2, yuan=1.0)
    assert [result.day for result in check(plan, ISLAND).failed if result.rule == "prices"] == [2, 5]


def test_a_frame_rule_is_excused_on_its_day_only_where_nothing_else_fits():
    """One sight on an inner day is forgiven when it is named and no other could be put in; else the plan is dishonest."""
    short = wishing_only(_ending_early(the_plan()))
    assert _failed(short) == {"inner_sights"}
    assert _failed(naming(short, None, rule="inner_sights", day=5)) == {"conflicts"}
    taken = _Without({"hilltop-tower", "hilltop-falls", "hilltop-terrace"})
    assert _failed(naming(short, None, rule="inner_sights", day=5), taken) == set()


class _Without(IslandData):
    """The island with some sights closed for good."""

    def __init__(self, closed: set[str]) -> None:
        super().__init__()
        self._closed = closed

    def open_span(self, sight, day):
        return None if sight in self._closed and day.day == 10 else super().open_span(sight, day)


def _ending_early(plan: Plan) -> Plan:
    """The fifth day with the temple alone, and the sixth without it."""
    stops = (the_stop("breakfast hilltop-porridge 8:00-8:30 36"), the_stop("sight hilltop-temple 9:00-10:00 30 walk 8:30-8:35 359 0"),
             the_stop("lunch hilltop-curry 12:10-13:10 120 walk 12:00-12:08 599 0"), the_stop("dinner hilltop-kitchen 17:10-18:10 150 walk 17:00-17:06 379 0"),
             the_stop("hotel hilltop-lodge 18:13-32:00 600 walk 18:10-18:13 170 0"))
    sixth = (the_stop("breakfast hilltop-porridge 8:00-8:30 36"), the_stop("ride fly-out 18:00-19:10 960"))
    return summed(with_stops(with_stops(plan, 5, *stops), 6, *sixth))


def test_a_day_of_foul_weather_excuses_outdoor_sights_only():
    """On a day with a weather note the tower could still be put in; once that is gone, nothing speaks against the claim."""
    stormy = naming(with_day(wishing_only(_ending_early(the_plan())), 5, note="暴雨", note_en="torrential rain"), None, rule="inner_sights", day=5)
    assert _failed(stormy) == {"conflicts"}
    assert _failed(stormy, _Without({"hilltop-tower"})) == set()


def test_fewer_sights_are_right_where_fewer_were_asked_for():
    """A traveller who wants one sight a day gets one, and nobody calls it too few."""
    plan = asked(_ending_early(the_plan()), constraints=(SightsPerDay(most=1, day=5),))
    assert _failed(plan) == set()


def test_a_missing_ride_is_excused_only_where_the_data_hold_none():
    """No ride home exists: the plan may say so, and must not then be without the one it could take."""
    plan = naming(summed(without(wishing_only(the_plan()), 6, 3)), None, rule="rides", day=6)
    assert _failed(plan) == {"conflicts"}
    assert _failed(plan, _Stranded()) == set()


class _Stranded(IslandData):
    """The island once the ferries home have stopped."""

    def rides(self, origin: str, destination: str, day) -> list[Ride]:
        return [] if destination == "mainland" else super().rides(origin, destination, day)


def test_where_no_ride_leads_nobody_knows_where_one_arrives():
    """Without any ride to the second town its first stop needs no way, once the plan says that there is no ride."""
    plan = naming(summed(without(wishing_only(the_plan()), 4, 0)), None, rule="rides", day=4)
    assert _failed(plan, _NoHillRailway()) == set()
    assert _failed(plan) >= {"conflicts", "ways"}


class _NoHillRailway(IslandData):
    """The island without any way up."""

    def rides(self, origin: str, destination: str, day) -> list[Ride]:
        return [] if (origin, destination) == ("harbour", "hilltop") else super().rides(origin, destination, day)


def test_a_conflict_that_another_hotel_would_end_is_dishonest():
    """Lodging over the budget is no conflict while the cheaper hotels would do, and is one below their price."""
    plan = wishing_only(the_plan(), BudgetAtMost(of="lodging", yuan=2000))
    assert _failed(naming(plan, 0, short_yuan=2800)) == {"conflicts"}
    assert _failed(naming(wishing_only(the_plan(), BudgetAtMost(of="lodging", yuan=400)), 0, short_yuan=4400)) == set()


def test_a_wrong_shortfall_is_dishonest():
    """What a budget is said to be short of is what the plan costs above it."""
    plan = wishing_only(the_plan(), BudgetAtMost(of="intercity", yuan=1000))
    assert _failed(naming(plan, 0, short_yuan=950)) == set()
    assert _failed(naming(plan, 0, short_yuan=500)) == {"conflicts"}


@pytest.mark.parametrize("wish", [asked_for.wish for asked_for in BROKEN if asked_for.name in {
    "a sight nobody saw", "a taxi where one could walk", "admission at all"}])
def test_a_sight_that_fits_a_gap_must_be_in(wish):
    """Of wishes that were named as impossible, the workshop nobody saw would have fitted in; the others need more than a step."""
    plan = naming(wishing_only(the_plan(), wish), 0)
    assert _failed(plan) == ({"conflicts"} if wish.kind == "visit" else set())


def test_a_free_sight_nobody_knows_the_price_of_is_not_free():
    """A price that is unknown does not keep a wish for free sights only."""
    plan = wishing_only(with_stops(the_plan(), 3, *the_plan().days[2].stops), FreeOnly())
    assert "长滩" in next(result.detail for result in check(plan, ISLAND).failed if result.rule == "free_only")


def test_the_island_is_sound():
    """The island's ids are all different, and its rides join its towns."""
    ids = [row[0].id for row in SIGHTS] + [place.id for place in (*RESTAURANTS, *LODGINGS, *RIDES)]
    assert len(ids) == len(set(ids))
    assert {ride.destination for ride in RIDES} == {"harbour", "hilltop", "mainland"}
