"""The figures: shares and their limits against values worked out elsewhere, ranks, resampling."""

import pytest

from knowledge.accuracy.metrics import Share, hits, reciprocal_rank, share


@pytest.mark.parametrize(("right", "total", "low", "high"), [
    (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (97, 100, 0.9155, 0.9897), (50, 100, 0.4038, 0.5962),
])
def test_wilsons_interval(right: int, total: int, low: float, high: float) -> None:
    """The limits are those of the published formula and stay within 0 and 1."""
    assert Share(right, total).interval == (pytest.approx(low, abs=2e-4), pytest.approx(high, abs=2e-4))


def test_nothing_asked_says_nothing() -> None:
    """Of no questions the share is 0 and may be anything."""
    assert (Share(0, 0).value, Share(0, 0).interval) == (0.0, (0.0, 1.0))


def test_hits_count_the_first_ranks() -> None:
    """A rank within k is a hit, a missing one never is."""
    ranks = [1, 3, None, 2]
    assert [hits(ranks, k).right for k in (1, 2, 3, 5)] == [1, 2, 3, 3]


def test_shares_count_what_is_true() -> None:
    """Two of three."""
    assert share([True, False, True]) == Share(2, 3)


def test_the_mean_reciprocal_rank_lies_in_its_interval() -> None:
    """1, 1/2 and nothing make one half; resampling is seeded, so the limits stay the same."""
    mean, (low, high) = reciprocal_rank([1, 2, None] * 20)
    assert mean == pytest.approx(0.5)
    assert 0.35 < low < mean < high < 0.65
    assert reciprocal_rank([1, 2, None] * 20) == (mean, (low, high))
