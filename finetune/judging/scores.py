"""Everything counted of a model's answers to held-out rows, and of two models' answers to the same rows.

Shares carry Wilson's interval. How many times fewer lines are wrong carries one from resampled rows, because the lines
of one answer are not wrong independently. Not covered: asking (see `finetune.judging.notes`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from finetune.judging.compare import line_figures, share_figures, speed_figures
from finetune.judging.compare_lines import CheckedLine, check_lines, count_lines
from finetune.judging.compare_prompts import Prompt
from finetune.judging.predict import HeldOut, Prediction
from finetune.judging.task import TaskScore, answer_match, domain_score, refusals, task_score, values_of
from knowledge.accuracy.metrics import RESAMPLES

# What the tuned model is to reach with retrieval, before the guard; a price is stricter than a name.
AIMS = {"name": 0.98, "price": 0.99, "form": 0.98, "answer": 0.95}
AIM_CUT = 4.0


@dataclass(frozen=True)
class Judged:
    """One side: its adapter, its answers, what it copied wrongly, its lines checked (of rows with facts), and everything counted."""

    name: str
    said: list[Prediction]
    score: TaskScore
    lines: list[tuple[CheckedLine, ...]]
    figures: dict[str, Any]


@dataclass(frozen=True)
class Cut:
    """How many times fewer lines are wrong: infinite where none is left, undefined (nan) where none ever was."""

    factor: float
    low: float
    high: float


def judged(name: str, said: list[Prediction], prompts: Sequence[Prompt], alone: Sequence[tuple[str, str]] | None = None) -> Judged:
    """Count everything of one side; `guard.references` is the guard on the references, where it should find nothing.

    `alone` are (prompt, answer) pairs of questions asked without their facts, where that was done.
    """
    from finetune.judging.likeness import likeness  # nltk and rouge are of the tune extra

    triples = [(p.prompt, p.predict, p.label) for p in said]
    score, refused = task_score(triples), refusals(triples)
    shares = score.shares()
    lines = [check_lines(p.predict, prompt) for p, prompt in zip(said, prompts, strict=True) if prompt.guard]
    references = [check_lines(prompt.reference, prompt) for prompt in prompts if prompt.guard]
    return Judged(name, said, score, lines, {
        "rows": len(said), "domain_score": round(domain_score(shares), 4),
        "task": {kind: share_figures(share) for kind, share in shares.items()},
        "format_rate": share_figures(shares["form"]) if "form" in shares else None,
        "answer_match": share_figures(answer_match((p.prompt, p.predict) for p in said)),
        "closed_book_match": None if alone is None else share_figures(answer_match(alone)),
        "refusals": {"unknown": share_figures(refused.said, "refused"), "known": share_figures(refused.needless, "refused")},
        "guard": {**line_figures(count_lines(lines)), "references": line_figures(count_lines(references))},
        **likeness([p.predict for p in said], [p.label for p in said]), **speed_figures((p.seconds, p.tokens) for p in said),
    })


def closed_book_prompts(rows: Sequence[HeldOut], prompts: Sequence[Prompt]) -> list[Prompt]:
    """The prompts whose bare question has one value for its answer and is about real places: nobody can know invented ones."""
    return [prompt for row, prompt in zip(rows, prompts, strict=True) if not row.synthetic and len(values_of(prompt.text)) == 1]


def cut(base: Judged, tuned: Judged, seed: int = 1) -> Cut:
    """How many times smaller the tuned side's share of wrong lines is, with a 95 % interval over `RESAMPLES` draws of rows."""
    counts = np.array([[_wrong(one), len(one), _wrong(other), len(other)] for one, other in zip(base.lines, tuned.lines, strict=True)], dtype=float)
    if not len(counts):
        return Cut(math.nan, math.nan, math.nan)
    drawn = np.random.default_rng(seed).integers(len(counts), size=(RESAMPLES, len(counts)))
    factors = sorted(factor for sums in counts[drawn].sum(axis=1) if not math.isnan(factor := _factor(sums)))
    if not factors:
        return Cut(math.nan, math.nan, math.nan)
    last = len(factors) - 1
    return Cut(_factor(counts.sum(axis=0)), factors[round(0.025 * last)], factors[round(0.975 * last)])


def cut_figures(found: Cut) -> dict[str, Any]:
    """The cut as plain data: "infinite" where no wrong line is left, None where there was none to begin with."""
    return {"factor": _plain(found.factor), "interval": [_plain(found.low), _plain(found.high)], "aim": AIM_CUT}


def cut_words(found: Cut, tuned: str, base: str) -> str:
    """``shipped has 6.3 times fewer wrong lines than none (95 % 3.9 to 12.1; aim 4)``."""
    if math.isnan(found.factor):
        return f"neither {tuned} nor {base} wrote a wrong line"
    if math.isinf(found.factor):
        return f"{tuned} has no wrong line left; {base} has (at least {found.low:.1f} times fewer by its 95 % limit; aim {AIM_CUT:g})"
    return f"{tuned} has {found.factor:.1f} times fewer wrong lines than {base} (95 % {found.low:.1f} to {found.high:.1f}; aim {AIM_CUT:g})"


def _wrong(lines: tuple[CheckedLine, ...]) -> int:
    return sum(bool(line.wrong) for line in lines)


def _factor(sums: Sequence[float]) -> float:
    wrong, lines, left, of = sums
    if not (wrong and lines and of):
        return 0.0 if left else math.nan
    return math.inf if not left else float((wrong / lines) / (left / of))


def _plain(factor: float) -> float | str | None:
    return None if math.isnan(factor) else "infinite" if math.isinf(factor) else round(factor, 2)
