"""Figures of a check: shares with Wilson intervals, mean reciprocal rank with a bootstrap interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z_95 = 1.959964  # two-sided 95 %
RESAMPLES = 2000


@dataclass(frozen=True)
class Share:
    """A share of `total`, between its 95 % limits; all are 0 to 1."""

    right: int
    total: int

    @property
    def value(self) -> float:
        """The share itself; 0 of nothing."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval at 95 %: sensible at 0 and 1 and for small totals, unlike the normal one."""
        if not self.total:
            return (0.0, 1.0)
        spread = Z_95 * math.sqrt(self.value * (1 - self.value) / self.total + Z_95**2 / (4 * self.total**2))
        middle, scale = self.value + Z_95**2 / (2 * self.total), 1 + Z_95**2 / self.total
        return (max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def share(flags: Sequence[bool]) -> Share:
    """How many of these are true."""
    return Share(sum(flags), len(flags))


def hits(ranks: Sequence[int | None], k: int) -> Share:
    """How often the first right record stood among the first k; a rank counts from 1, None is not found."""
    return share([rank is not None and rank <= k for rank in ranks])


def reciprocal_rank(ranks: Sequence[int | None], seed: int = 1) -> tuple[float, tuple[float, float]]:
    """The mean reciprocal rank, and its 95 % interval from seeded resampling."""
    values = np.array([1.0 / rank if rank else 0.0 for rank in ranks])
    if not len(values):
        return 0.0, (0.0, 1.0)
    drawn = np.random.default_rng(seed).choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = (float(limit) for limit in np.percentile(drawn, (2.5, 97.5)))
    return float(values.mean()), (low, high)
