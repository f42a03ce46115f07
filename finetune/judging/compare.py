"""Two ways of speaking, side by side on the same prompts: what each wrote before the guard, and which is better.

The first side is called base and the second tuned, whatever they are; a verdict is the tuned side's. A prompt is won by
fewer wrong lines, then by more of what had to be copied. Not covered: what people prefer (see `finetune.judging.votes`).
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from chains.models.chat import Engine
from finetune.judging.compare_lines import CheckedLine, LineCounts, check_lines, count_lines
from finetune.judging.compare_prompts import Prompt
from finetune.judging.notes import each_said, write
from finetune.judging.predict import Said
from finetune.judging.task import task_score
from knowledge.accuracy.metrics import Share
from knowledge.errors import InputError

ROWS, ABOUT = "comparison.jsonl", "about.json"
Verdict = Literal["win", "tie", "loss"]


@dataclass(frozen=True)
class Answer:
    """One side's answer: its lines checked, and of what had to be copied how much is right."""

    text: str
    seconds: float
    tokens: int | None
    right: int
    asked: int
    lines: tuple[CheckedLine, ...]

    @property
    def wrong(self) -> int:
        """Wrong lines, missing and added ones among them."""
        return sum(bool(line.wrong) for line in self.lines)


@dataclass(frozen=True)
class Compared:
    """One prompt with both answers; the verdict is the tuned side's."""

    number: int
    question: str
    prompt: str
    reference: str
    base: Answer
    tuned: Answer
    verdict: Verdict

    @property
    def same(self) -> bool:
        """Whether both sides wrote the same, word for word."""
        return self.base.text.strip() == self.tuned.text.strip()


@dataclass(frozen=True)
class About:
    """What a comparison is of: the model, what each side speaks with, where the prompts are from, and when (ISO 8601)."""

    model: str
    base: str
    tuned: str
    source: str
    made: str


@dataclass(frozen=True)
class Comparison:
    """A finished comparison."""

    about: About
    rows: tuple[Compared, ...]


@dataclass(frozen=True)
class Outcome:
    """Wins, ties and losses of the tuned side."""

    wins: int
    ties: int
    losses: int

    @property
    def shares(self) -> dict[Verdict, Share]:
        """The shares of wins, ties and losses among all."""
        total = self.wins + self.ties + self.losses
        return {"win": Share(self.wins, total), "tie": Share(self.ties, total), "loss": Share(self.losses, total)}

    @property
    def preferred(self) -> Share:
        """The share of wins where one side was better."""
        return Share(self.wins, self.wins + self.losses)

    @property
    def chance(self) -> float:
        """The two-sided sign test: how likely so uneven a split is if neither side were better; ties count for nothing."""
        decided, fewer = self.wins + self.losses, min(self.wins, self.losses)
        return min(1.0, 2 * sum(math.comb(decided, count) for count in range(fewer + 1)) * 0.5**decided)


def outcome(verdicts: Iterable[Verdict]) -> Outcome:
    """Count verdicts."""
    counts = Counter(verdicts)
    return Outcome(counts["win"], counts["tie"], counts["loss"])


def answers(engine: Engine, prompts: Iterable[Prompt], notes: Path) -> Iterator[Answer]:
    """Put the prompts to an engine, one after the other, and give each answer checked; raises `EngineError`.

    Each answer is noted as it comes; what `notes` holds already, of a comparison that broke off, is not asked again.
    """
    held = list(prompts)
    for said, prompt in zip(each_said(engine, (one.asked for one in held), notes), held, strict=True):
        yield checked(said, prompt)


def checked(said: Said, prompt: Prompt) -> Answer:
    """An answer with its lines checked and its copying counted."""
    score = task_score([(prompt.text, said.text, prompt.reference)])
    return Answer(said.text, round(said.seconds, 3), said.tokens, score.right.total(), score.asked.total(), check_lines(said.text, prompt))


def side_by_side(prompts: list[Prompt], base: list[Answer], tuned: list[Answer]) -> tuple[Compared, ...]:
    """Both sides' answers to the same prompts, with the verdicts."""
    return tuple(Compared(prompt.number, prompt.question, prompt.text, prompt.reference, one, other, verdict(one, other))
                 for prompt, one, other in zip(prompts, base, tuned, strict=True))


def verdict(base: Answer, tuned: Answer) -> Verdict:
    """Fewer wrong lines win; where both have as many, more of what had to be copied."""
    better = (base.wrong - tuned.wrong) or (tuned.right - base.right)
    return "win" if better > 0 else "loss" if better < 0 else "tie"


def figures(comparison: Comparison) -> dict[str, Any]:
    """Everything counted, as plain data: each side, and wins, ties and losses with intervals."""
    rows = comparison.rows
    found = outcome(row.verdict for row in rows)
    return {**asdict(comparison.about), "prompts": len(rows), "same": sum(row.same for row in rows), **outcome_figures(found),
            "sides": {"base": _side([row.base for row in rows]), "tuned": _side([row.tuned for row in rows])}}


def outcome_figures(found: Outcome) -> dict[str, Any]:
    """Wins, ties, losses, each as a share of all, the share of wins among the decided, and the sign test."""
    return {"win": found.wins, "tie": found.ties, "loss": found.losses,
            "of_all": {name: share_figures(share, "counted") for name, share in found.shares.items()},
            "of_decided": share_figures(found.preferred, "won"), "sign_test_p": round(found.chance, 4)}


def share_figures(share: Share, counted: str = "right") -> dict[str, Any]:
    """A share as plain data, what is counted under its own name, with the 95 % interval after Wilson."""
    return {counted: share.right, "of": share.total, "share": round(share.value, 6), "interval": [round(limit, 6) for limit in share.interval]}


def line_figures(counts: LineCounts) -> dict[str, Any]:
    """Wrong lines before the guard, and by sort."""
    return {**share_figures(counts.share, "wrong"), "by_sort": counts.sorts}


def speed_figures(said: Iterable[tuple[float, int | None]]) -> dict[str, Any]:
    """The median seconds an answer, and tokens a second over all; None where the engine counts no tokens."""
    pairs = list(said)
    counted = [(seconds, tokens) for seconds, tokens in pairs if tokens and seconds > 0]
    rate = sum(tokens for _, tokens in counted) / sum(seconds for seconds, _ in counted) if counted else None
    return {"median_seconds": round(median(seconds for seconds, _ in pairs), 2) if pairs else None,
            "tokens_per_second": round(rate, 1) if rate else None}


def _side(side: list[Answer]) -> dict[str, Any]:
    return {"lines": line_figures(count_lines(answer.lines for answer in side)),
            "copied": share_figures(Share(sum(answer.right for answer in side), sum(answer.asked for answer in side))),
            **speed_figures((answer.seconds, answer.tokens) for answer in side)}


def save(comparison: Comparison, folder: Path) -> None:
    """Write the rows as JSON lines, and what they are of; raises `StorageError`."""
    lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in comparison.rows)
    write(folder / ROWS, lines)
    write(folder / ABOUT, json.dumps(asdict(comparison.about), ensure_ascii=False, indent=2) + "\n")


def load(folder: Path) -> Comparison:
    """A comparison from its folder; raises `InputError` where there is none or it is torn."""
    try:
        about = TypeAdapter(About).validate_json((folder / ABOUT).read_text(encoding="utf-8"))
        lines = (folder / ROWS).read_text(encoding="utf-8").splitlines()
        rows = TypeAdapter(Compared)
        return Comparison(about, tuple(rows.validate_json(line) for line in lines))
    except OSError as error:
        raise InputError(f"{folder} holds no comparison ({error.strerror}); 'fengjing compare' writes one") from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise InputError(f"the comparison in {folder} cannot be read ({type(error).__name__}); make it anew with 'fengjing compare'") from error


def kept(home: Path) -> list[Path]:
    """The folders of comparisons under a home folder, newest first."""
    found = [path.parent for path in (home / "comparisons").glob(f"*/{ABOUT}")]
    return sorted(found, key=lambda folder: ((folder / ABOUT).stat().st_mtime, folder.name), reverse=True)

