"""Requests nobody wrote by hand: each is planned, and its plan passes the checker or names an honest conflict."""

from collections import Counter
from datetime import date
from functools import cache

import pytest

from chains.tools.itinerary.builtin import CatalogueData
from chains.tools.itinerary.checker import Verdict, check
from chains.tools.itinerary.data import TravelData
from chains.tools.itinerary.planner import plan_trip
from chains.tools.itinerary.trip import AnyOf, Trip
from tests.chains.tools.itinerary.foreign import IslandData
from tests.chains.tools.itinerary.trip_requests import HOLIDAYS, KINDS, TODAY, a_request
from tests.knowledge.small_world import shipped

ISLAND, QUICK, SLOW, MANY = IslandData(), 3, 150, 1000  # the thousand are planned by `python -m tests.bench itinerary`


@cache
def _catalogue() -> CatalogueData:
    base = shipped()
    return CatalogueData({city.id: city for city in base.cities}, {sight.id: sight for sight in base.attractions})


def _judged(data: TravelData, trip: Trip, seed: int) -> Verdict:
    return check(plan_trip(trip, data, today=TODAY, seed=seed), data)


def _assert_passes(data: TravelData, cities: tuple[str, ...], seed: int) -> None:
    verdict = _judged(data, a_request(data, cities, seed), seed)
    assert [(result.rule, result.day, result.detail_en) for result in verdict.failed] == []


@pytest.mark.parametrize("seed", range(QUICK))
def test_plans_over_foreign_data_pass(seed):
    """Whatever is asked of the island, the plan passes or says what it cannot do."""
    _assert_passes(ISLAND, ISLAND.cities, seed)


@pytest.mark.parametrize("seed", range(QUICK))
def test_plans_over_the_catalogue_pass(seed):
    """Whatever is asked of our own data, the plan passes or says what it cannot do."""
    _assert_passes(_catalogue(), tuple(sorted(_catalogue().cities)), seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(QUICK, SLOW))
def test_more_plans_over_the_catalogue_pass(seed):
    """The same for many requests, all kinds of condition among them."""
    _assert_passes(_catalogue(), tuple(sorted(_catalogue().cities)), seed)


def test_requests_hold_everything_there_is_to_ask():
    """A thousand requests name every city and every kind of condition, last one to seven days, and fall on Mondays and holidays."""
    data = _catalogue()
    cities = tuple(sorted(data.cities))
    trips = [a_request(data, cities, seed) for seed in range(MANY)]
    kinds = Counter(wish.kind for trip in trips for wish in trip.constraints)
    assert {stay.city for trip in trips for stay in trip.stays} == set(cities)
    assert len(kinds) == len(KINDS)
    assert min(kinds.values()) > 40
    assert {option.kind for trip in trips for wish in trip.constraints if isinstance(wish, AnyOf) for option in wish.options} == set(kinds) - {"any_of"}
    assert {trip.days for trip in trips} == set(range(1, 8))
    assert {len(trip.stays) for trip in trips} == {1, 2, 3}
    assert set(HOLIDAYS) <= {trip.start for trip in trips}
    assert sum(trip.start.isoweekday() == 1 for trip in trips) > 200
    assert all(trip.start >= TODAY for trip in trips)


def test_a_seed_decides_everything():
    """The same seed asks for the same trip; another for another."""
    cities = ISLAND.cities
    assert a_request(ISLAND, cities, 5) == a_request(ISLAND, cities, 5) != a_request(ISLAND, cities, 6)
    assert date(2026, 3, 2) == TODAY
