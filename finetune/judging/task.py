"""What an answer must get right by itself, before any guard: names, prices and fact lines copied, and the form kept.

Read off the prompt alone: its facts block says what is to be copied. Not covered: what the free words claim, which the
guard's bench counts (`tests.bench guard`).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.accuracy.metrics import Share

_BLOCK = re.compile(r"<(?:资料|facts)>\n(.*?)\n</(?:资料|facts)>", re.DOTALL)
_ITEM = re.compile(r"(?P<number>\d+)\. (?P<name>.+?)(?P<open>（| \()(?P<price>[^（）]*?)(?P<close>）：|\): )")


@dataclass
class TaskScore:
    """Right and asked of each kind; `wrong` keeps what was written instead, for the reader."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)  # kind, wanted, written

    def count(self, kind: str, wanted: str, written: str, *, ok: bool) -> None:
        """One thing that was asked for."""
        self.asked[kind] += 1
        self.right[kind] += ok
        if not ok:
            self.wrong.append((kind, wanted, written))

    def shares(self) -> dict[str, Share]:
        """The share of each kind, with its 95 % interval."""
        return {kind: Share(self.right[kind], count) for kind, count in sorted(self.asked.items())}


def task_score(answers: Iterable[tuple[str, str, str]]) -> TaskScore:
    """Score (prompt, predicted, reference) triples; prompts without a facts block are left out."""
    score = TaskScore()
    for prompt, predicted, reference in answers:
        block = _BLOCK.search(prompt)
        if block:
            _one(score, block[1].split("\n"), [line.strip() for line in predicted.strip().split("\n")], reference)
    return score


def _one(score: TaskScore, facts: list[str], lines: list[str], reference: str) -> None:
    wanted = [line.strip() for line in reference.strip().split("\n")]
    for fact in facts:
        item = _ITEM.match(fact)
        if item:
            _item(score, item, lines)
        else:
            score.count("fact line", fact, "", ok=fact in lines)
    heads = [item[0] for line in wanted if (item := _ITEM.match(line))]
    kept = [item[0] for line in lines if (item := _ITEM.match(line))]
    fixed = [line for line in wanted if line in facts and not _ITEM.match(line)]
    ok = len(lines) == len(wanted) and len(kept) == len(heads) and all(line in lines for line in fixed) and all(lines)
    score.count("form", f"{len(wanted)} lines, {len(heads)} numbered", "\n".join(lines), ok=ok)


def _item(score: TaskScore, item: re.Match[str], lines: list[str]) -> None:
    written = next((line for line in lines if line.startswith(f"{item['number']}. ")), "")
    named = f"{item['number']}. {item['name']}{item['open']}"
    score.count("name", item["name"], written, ok=written.startswith(named))
    found = _ITEM.match(written)
    score.count("price", item["price"], written, ok=bool(found and found["price"] == item["price"]))
