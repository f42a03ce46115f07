"""How good and how fast plans are: the gap to proven optima of small stays, and seconds over candidates and days."""

import time
from collections.abc import Iterator
from datetime import date
from statistics import mean, median

from chains.tools.itinerary.builtin import CatalogueData
from chains.tools.itinerary.planner import plan_trip
from chains.tools.itinerary.route import StayProblem
from chains.tools.itinerary.search import Search
from chains.tools.itinerary.solve import solve_stay
from chains.tools.itinerary.trip import Stay, Travellers, Trip
from knowledge.builtin import load_builtin
from tests.chains.tools.itinerary.exact import best_worth
from tests.chains.tools.itinerary.towns import START, Town, small_problem, town_trip

INSTANCES, RUNS = 60, 20
SIZES = (20, 60, 200, 500)


def report() -> list[str]:
    """Lines with every figure."""
    gaps = [gap(seed) for seed in range(INSTANCES)]
    seconds = {size: _seconds(size) for size in SIZES}
    lines = [f"gap to the proven optimum: mean {mean(gaps):.2%}, worst {max(gaps):.2%}, optimal in "
             f"{sum(one < 1e-4 for one in gaps)} of {INSTANCES} stays of 1 to 3 days and 6 to 9 sights"]
    lines += [f"5 days, {size} candidates: median {median(times):.2f} s, p95 {sorted(times)[int(0.95 * len(times))]:.2f} s of {len(times)}"
              for size, times in seconds.items()]
    built_in = list(_built_in())
    return [*lines, f"built-in cities, 5 days: median {median(built_in):.2f} s, p95 {sorted(built_in)[int(0.95 * len(built_in))]:.2f} s, "
                    f"worst {max(built_in):.2f} s of {len(built_in)}"]


def gap(seed: int) -> float:
    """How far, as a share of the optimum, the search stays below it."""
    optimum = best_worth(small_problem(seed))
    problem = small_problem(seed)
    found = worth_of(problem, seed)
    return (optimum - found) / abs(optimum)


def worth_of(problem: StayProblem, seed: int, effort: int = 1) -> float:
    """Worth of what the planner's search finds."""
    routes = solve_stay(problem, seed, effort)
    return Search(problem, work=0).value(routes)


def _seconds(size: int) -> list[float]:
    return [_timed(town_trip(5), Town(size, seed), START) for seed in range(RUNS)]


def _built_in() -> Iterator[float]:
    base = load_builtin()
    data = CatalogueData(base.city_by_id, base.attraction_by_id)
    for city in sorted(base.city_by_id):
        trip = Trip(stays=(Stay(city=city, days=5),), start=date(2027, 5, 10), travellers=Travellers(adults=2))
        yield _timed(trip, data, trip.start)


def _timed(trip: Trip, data: Town | CatalogueData, today: date) -> float:
    started = time.perf_counter()
    plan_trip(trip, data, today=today)
    return time.perf_counter() - started


def run() -> None:
    """Print the report."""
    for line in report():
        print(line)
