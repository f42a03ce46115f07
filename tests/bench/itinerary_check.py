"""How many of a thousand drawn requests end in a plan that passes the checker, and what the others break.

Requests are those of the tests (`tests/chains/tools/itinerary/trip_requests.py`), drawn over the shipped data.
"""

import time
from collections import Counter

from chains.tools.itinerary.builtin import CatalogueData
from chains.tools.itinerary.checker import Verdict, check
from chains.tools.itinerary.planner import plan_trip
from knowledge.builtin import load_builtin
from tests.chains.tools.itinerary.trip_requests import TODAY, a_request


def report(count: int = 1000) -> list[str]:
    """Plan and check so many requests; lines to print."""
    base = load_builtin()
    data = CatalogueData({city.id: city for city in base.cities}, {sight.id: sight for sight in base.attractions})
    cities = sorted(data.cities)
    verdicts: list[Verdict] = []
    began = time.perf_counter()
    for seed in range(count):
        trip = a_request(data, cities, seed)
        verdicts.append(check(plan_trip(trip, data, today=TODAY, seed=seed), data))
    return lines_of(verdicts, time.perf_counter() - began)


def lines_of(verdicts: list[Verdict], seconds: float) -> list[str]:
    """The figures of so many verdicts: one line for all, one for what was named, one for each rule that failed."""
    clean = sum(verdict.ok and not verdict.named for verdict in verdicts)
    named = sum(verdict.ok and bool(verdict.named) for verdict in verdicts)
    by_name = Counter(rule for verdict in verdicts for rule in {result.rule for result in verdict.named})
    by_rule = Counter(rule for verdict in verdicts for rule in {result.rule for result in verdict.failed})
    return [
        f"{len(verdicts)} requests: {clean} pass, {named} name a conflict, {len(verdicts) - clean - named} fail; "
        f"{seconds / max(1, len(verdicts)):.2f} s a request",
        "named: " + (", ".join(f"{rule} {times}" for rule, times in by_name.most_common()) or "nothing"),
        *(f"failed: {rule} in {times}" for rule, times in by_rule.most_common()),
    ]


def run() -> None:
    """Print the figures."""
    print("\n".join(report()))
