"""How a check went: figures as JSON, as a table, and as a picture.

One `Result` is one system on one set of questions. Hits count questions about sights that are held; answers those
whose fact is held; refusals those whose fact is absent.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table

from knowledge.accuracy.metrics import Share, hits, reciprocal_rank, share
from knowledge.accuracy.run import Outcome

HIT_AT = (1, 3, 5)


@dataclass(frozen=True)
class Result:
    """The outcomes of one system on one set."""

    system: str
    part: str
    outcomes: tuple[Outcome, ...]

    @property
    def ranks(self) -> list[int | None]:
        """Ranks of the first right record, of the questions that were searched."""
        return [outcome.rank for outcome in self.outcomes if outcome.searched]

    @property
    def hits(self) -> dict[int, Share]:
        """hit@1, hit@3 and hit@5."""
        return {k: hits(self.ranks, k) for k in HIT_AT}

    @property
    def answers(self) -> Share:
        """Right answers where the fact is held."""
        return self._right(absent=False)

    @property
    def refusals(self) -> Share:
        """Refusals where the fact is absent."""
        return self._right(absent=True)

    def answers_by(self, key: str) -> dict[str, Share]:
        """Right answers by kind, style or language, in the order they first come."""
        groups: dict[str, list[bool]] = defaultdict(list)
        for outcome in self.outcomes:
            if outcome.right is not None and not outcome.question.absent:
                groups[str(getattr(outcome.question, key))].append(outcome.right)
        return {name: share(flags) for name, flags in groups.items()}

    def hits_by(self, key: str, k: int = 1) -> dict[str, Share]:
        """hit@k by kind, style or language."""
        groups: dict[str, list[int | None]] = defaultdict(list)
        for outcome in self.outcomes:
            if outcome.searched:
                groups[str(getattr(outcome.question, key))].append(outcome.rank)
        return {name: hits(ranks, k) for name, ranks in groups.items()}

    def _right(self, *, absent: bool) -> Share:
        return share([o.right for o in self.outcomes if o.right is not None and o.question.absent is absent])


def figures(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Every figure of every result for JSON, shares with their totals and 95 % limits."""
    return [_figures(result) for result in results]


def _figures(result: Result) -> dict[str, Any]:
    rows: dict[str, Any] = {"system": result.system, "set": result.part, "questions": len(result.outcomes)}
    if result.ranks:
        mean, interval = reciprocal_rank(result.ranks)
        rows |= {f"hit@{k}": _share(found) for k, found in result.hits.items()}
        rows["mrr"] = {"value": mean, "low": interval[0], "high": interval[1], "of": len(result.ranks)}
        rows["hit@1 by style"] = {name: _share(found) for name, found in result.hits_by("style").items()}
        rows["hit@1 by kind"] = {name: _share(found) for name, found in result.hits_by("kind").items()}
    if result.answers.total:
        rows["answers"] = _share(result.answers)
        rows |= {f"answers by {key}": {n: _share(s) for n, s in result.answers_by(key).items()} for key in ("kind", "language")}
    if result.refusals.total:
        rows["refusals"] = _share(result.refusals)
    return rows


def _share(found: Share) -> dict[str, float]:
    low, high = found.interval
    return {"value": found.value, "low": low, "high": high, "right": found.right, "of": found.total}


def table(results: Sequence[Result]) -> Table:
    """One row a result: hits, reciprocal rank, answers, refusals, each with its 95 % limits in percent."""
    grid = Table(title="accuracy, in % (95 % limits)")
    for heading in ("system", "set", "questions", *(f"hit@{k}" for k in HIT_AT), "MRR", "answers", "refusals"):
        grid.add_column(heading, justify="left" if heading in {"system", "set"} else "right")
    for result in results:
        mean, (low, high) = reciprocal_rank(result.ranks)
        rank = f"{mean:.3f} ({low:.3f}–{high:.3f})" if result.ranks else "–"
        cells = [percent(found) for found in (*result.hits.values(),)]
        grid.add_row(result.system, result.part, str(len(result.outcomes)), *cells, rank, percent(result.answers), percent(result.refusals))
    return grid


def kinds_table(results: Sequence[Result]) -> Table:
    """Right answers by kind, a row a result."""
    kinds = list(dict.fromkeys(kind for result in results for kind in result.answers_by("kind")))
    grid = Table(title="right answers by kind, in % (95 % limits)")
    grid.add_column("system")
    grid.add_column("set")
    for kind in kinds:
        grid.add_column(kind, justify="right")
    for result in results:
        by_kind = result.answers_by("kind")
        if by_kind:
            grid.add_row(result.system, result.part, *(percent(by_kind.get(kind, Share(0, 0))) for kind in kinds))
    return grid


def percent(found: Share) -> str:
    """``97.1 (93.2–98.9)``, or a dash of nothing."""
    if not found.total:
        return "–"
    low, high = found.interval
    return f"{100 * found.value:.1f} ({100 * low:.1f}–{100 * high:.1f})"
