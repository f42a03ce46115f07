"""The search beside proven optima, and its cost beside the number of candidates."""

from statistics import mean

import pytest

from chains.tools.itinerary.planner import plan_trip
from chains.tools.itinerary.route import StayProblem
from tests.bench.plan import gap
from tests.chains.tools.itinerary.towns import START, Town, town_trip


def test_small_stays_come_close_to_their_optimum() -> None:
    """The mean gap of a few stays is under 2 %, the worst under 8 %."""
    gaps = [gap(seed) for seed in (1, 3, 4, 6)]
    assert mean(gaps) < 0.02
    assert max(gaps) < 0.08
    assert min(gaps) > -1e-6  # nothing is better than the optimum


@pytest.mark.slow
def test_sixty_small_stays_come_close_to_their_optimum() -> None:
    """The same over sixty stays, every third with a sight that is asked for."""
    gaps = [gap(seed) for seed in range(60)]
    assert mean(gaps) < 0.02
    assert max(gaps) < 0.08


def test_work_grows_slower_than_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """With twenty-five times the candidates not even four times as many routes are timed."""
    timed = {size: _routes_timed(size, monkeypatch) for size in (20, 500)}
    assert timed[500] < 4 * timed[20]


def _routes_timed(size: int, monkeypatch: pytest.MonkeyPatch) -> int:
    count = 0
    real = StayProblem._score

    def counted(self: StayProblem, *args: object) -> object:
        nonlocal count
        count += 1
        return real(self, *args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(StayProblem, "_score", counted)
        plan_trip(town_trip(5), Town(size, 1), today=START)
    return count
