"""Has a tuned model forgotten? Its answers to general items beside the base's, item by item.

Both models answer the same items, so the difference is judged on the items where they differ: an exact McNemar test,
and Newcombe's interval for paired proportions (his method 10: Statistics in Medicine 17, 1998, 2635-2650), which keeps
within sense at small counts. Not covered: why an answer changed, and travel questions (see `task`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from finetune.judging.forgetting_asking import Choice, Run
from knowledge.accuracy.metrics import Z_95, Share, share
from knowledge.errors import InputError

ALLOWED_POINTS = 2.0  # of accuracy that tuning may cost
P_SHOWN = 0.001  # the smallest p value that is shown as a figure
ALL = "all"


class Verdict(StrEnum):
    """What the items allow to be said about a loss of more than the allowed points."""

    KEPT = "kept"  # the whole interval lies above the allowed loss
    FORGOT = "forgot"  # the whole interval lies below it
    OPEN = "open"  # the interval holds the allowed loss: too few items to tell


@dataclass(frozen=True)
class Paired:
    """Two models on the same items: both right, only the base, only the tuned one, neither."""

    both: int
    base_only: int
    tuned_only: int
    neither: int

    @property
    def total(self) -> int:
        """Items asked."""
        return self.both + self.base_only + self.tuned_only + self.neither

    @property
    def base(self) -> Share:
        """The base's accuracy."""
        return Share(self.both + self.base_only, self.total)

    @property
    def tuned(self) -> Share:
        """The tuned model's accuracy."""
        return Share(self.both + self.tuned_only, self.total)

    @property
    def points(self) -> float:
        """Tuned minus base in points of accuracy, -100 to 100; below 0 something was lost."""
        return 100 * (self.tuned_only - self.base_only) / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % limits of `points`, Newcombe's method 10."""
        if not self.total:
            return (-100.0, 100.0)
        (base_low, base_high), (tuned_low, tuned_high) = self.base.interval, self.tuned.interval
        below, above = self.tuned.value - tuned_low, base_high - self.base.value
        over, under = tuned_high - self.tuned.value, self.base.value - base_low
        return (self.points - 100 * self._spread(below, above), self.points + 100 * self._spread(over, under))

    def _spread(self, tuned: float, base: float) -> float:
        return math.sqrt(max(0.0, tuned**2 - 2 * self._correlation * tuned * base + base**2))

    @property
    def _correlation(self) -> float:
        """Phi of the two-by-two table, its positive numerator lessened by half the items as method 10 asks."""
        product = self.base.right * (self.total - self.base.right) * self.tuned.right * (self.total - self.tuned.right)
        if not product:
            return 0.0
        numerator = self.both * self.neither - self.base_only * self.tuned_only
        return (max(0.0, numerator - self.total / 2) if numerator > 0 else numerator) / math.sqrt(product)

    @property
    def p_value(self) -> float:
        """Exact two-sided McNemar test: how likely so uneven a change is if neither direction is favoured."""
        changed, fewer = self.base_only + self.tuned_only, min(self.base_only, self.tuned_only)
        tail = sum(math.comb(changed, count) for count in range(fewer + 1))
        return min(1.0, float(2 * tail / 2**changed))

    @property
    def verdict(self) -> Verdict:
        """Whether more than the allowed points were lost, as far as the interval tells."""
        low, high = self.interval
        return Verdict.KEPT if low >= -ALLOWED_POINTS else Verdict.FORGOT if high < -ALLOWED_POINTS else Verdict.OPEN

    @property
    def items_needed(self) -> int:
        """Roughly how many items it takes to show that nothing was lost, if nothing was and as many answers change."""
        changed = (self.base_only + self.tuned_only) / self.total if self.total else 0.0
        return math.ceil(changed * (Z_95 * 100 / ALLOWED_POINTS) ** 2)


@dataclass(frozen=True)
class Comparison:
    """Two runs over the same items."""

    base: Run
    tuned: Run
    groups: dict[str, Paired]  # all of them, then each language with each stratum


def compare(base: Run, tuned: Run) -> Comparison:
    """The runs item by item; raises `InputError` where they were not asked the same."""
    asked = {choice.id: choice for choice in base.choices}
    pairs = [(asked[choice.id], choice) for choice in tuned.choices if choice.id in asked]
    strangers = len(base.choices) + len(tuned.choices) - 2 * len(pairs) + sum(one.digest != other.digest for one, other in pairs)
    if strangers or not pairs:
        raise InputError(f"the two runs were asked different items ({strangers} do not match); ask both anew with 'fengjing forgetting'")
    names = dict.fromkeys(group_of(choice) for choice in tuned.choices)
    groups = {name: paired([pair for pair in pairs if group_of(pair[1]) == name]) for name in names}
    return Comparison(base, tuned, {ALL: paired(pairs), **groups})


def group_of(choice: Choice) -> str:
    """The language and stratum of an answer, as a table names them."""
    return f"{choice.language} {choice.stratum}"


def paired(pairs: Sequence[tuple[Choice, Choice]]) -> Paired:
    """The four counts of (base, tuned) answers."""
    def count(*, base: bool, tuned: bool) -> int:
        return sum(one.ok is base and other.ok is tuned for one, other in pairs)

    return Paired(count(base=True, tuned=True), count(base=True, tuned=False), count(base=False, tuned=True), count(base=False, tuned=False))


def accuracies(run: Run) -> dict[str, Share]:
    """The share of right answers of one run, in all and by group; unparsed ones are wrong."""
    groups = {name: [choice for choice in run.choices if group_of(choice) == name] for name in dict.fromkeys(map(group_of, run.choices))}
    return {name: share([choice.ok for choice in choices]) for name, choices in {ALL: list(run.choices), **groups}.items()}


def unparsed(run: Run) -> Share:
    """The share of answers no letter could be read from."""
    return share([not choice.chosen for choice in run.choices])


def run_figures(run: Run) -> dict[str, Any]:
    """The figures of one run for JSON; shares are 0 to 1 with their 95 % limits."""
    return {"model": run.model, "items": len(run.choices), "unparsed": _share(unparsed(run)),
            "accuracy": {name: _share(found) for name, found in accuracies(run).items()}}


def figures(comparison: Comparison) -> dict[str, Any]:
    """The figures of a comparison for JSON; differences are in points of accuracy, tuned minus base."""
    whole = comparison.groups[ALL]
    return {
        "base": run_figures(comparison.base), "tuned": run_figures(comparison.tuned),
        "difference": {name: _difference(found) for name, found in comparison.groups.items()},
        "allowed_points": ALLOWED_POINTS, "verdict": whole.verdict.value, "items_needed": whole.items_needed, "said": in_words(whole),
    }


def _share(found: Share) -> dict[str, Any]:
    return {"right": found.right, "of": found.total, "share": round(found.value, 4), "interval": [round(limit, 4) for limit in found.interval]}


def _difference(found: Paired) -> dict[str, Any]:
    return {"points": round(found.points, 2), "interval": [round(limit, 2) for limit in found.interval],
            "base_only": found.base_only, "tuned_only": found.tuned_only, "p": round(found.p_value, 4)}


def p_in_words(found: Paired) -> str:
    """The test's p value with three digits, or what it is below."""
    return f"p {found.p_value:.3f}" if found.p_value >= P_SHOWN else f"p < {P_SHOWN}"


def in_words(found: Paired) -> str:
    """The verdict as one sentence that claims no more than the items show."""
    low, high = found.interval
    measured = f"{found.points:+.1f} points on {found.total} items (95 %: {low:+.1f} to {high:+.1f}, McNemar {p_in_words(found)})"
    if found.verdict is Verdict.KEPT:
        return f"{measured}: at most {ALLOWED_POINTS:g} points were forgotten"
    if found.verdict is Verdict.FORGOT:
        return f"{measured}: more than {ALLOWED_POINTS:g} points were forgotten"
    place = "within" if found.points >= -ALLOWED_POINTS else "beyond"
    needed = max(found.items_needed, found.total + 1)
    return f"{measured}: measured {place} a loss of {ALLOWED_POINTS:g} points, but not shown; that takes about {needed} items of this kind"
