"""What is wrong in the lines a model wrote, before the guard mends anything: each line against the one that was due.

Lines are laid beside the due ones so that the fewest differ; a due line that was not written is wrong, and so is one
that nobody asked for. Not covered: rows without facts, for which no line is due.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from chains.guard import Violation, ViolationKind
from chains.guard.claims import claims
from chains.guard.quantities import quantities
from chains.outline import Line
from finetune.judging.compare_prompts import Prompt
from finetune.judging.task import lines_of
from knowledge.accuracy.metrics import Share

SHOWN_CHARS = 40
WHOLE_LINE = frozenset({"format", "language", "added"})  # wrong as a line: its words are the line's own
_NUMBERED = re.compile(r"\d+\s*[.、．]")
_TOTAL = re.compile(r"合计|Total\b")
# What a figure or a claim is about, for the reader; what is not listed is a "number" or another "claim".
_FIGURES = {"yuan": "price", "折": "price", "clock": "hours", "hour": "duration", "minute": "duration", "day": "date", "month": "date", "年": "date",
            "周": "date", "year": "date", "years": "date", "km": "distance", "level": "rank"}
_CLAIMS = {"free": "price", "paid": "price", "money": "price", "concession": "price", "opening": "hours", "season": "date"}
_PLAIN = {ViolationKind.NAME: "name", ViolationKind.FORMAT: "format", ViolationKind.LANGUAGE: "language"}


@dataclass(frozen=True)
class Wrong:
    """One thing wrong: its sort (name, price, hours, date, …) and the words that show it."""

    sort: str
    words: str


@dataclass(frozen=True)
class CheckedLine:
    """A written line, "" where one is missing, with what is wrong in it."""

    text: str
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True)
class LineCounts:
    """Over many answers: lines looked at, wrong ones, and how many lines were wrong by each sort."""

    lines: int
    wrong: int
    sorts: dict[str, int]

    @property
    def share(self) -> Share:
        """The share of wrong lines."""
        return Share(self.wrong, self.lines)


def check_lines(text: str, prompt: Prompt) -> tuple[CheckedLine, ...]:
    """The lines of an answer to a prompt, each checked; nothing is wrong where the prompt says nothing about lines."""
    said = lines_of(text)
    if prompt.guard is None:
        return tuple(CheckedLine(line) for line in said)
    fixed = {line.fixed for line in prompt.lines if not line.free}
    pairs = _beside([_key(line, fixed) for line in said], [_key(line.fallback if line.fixed else "", fixed) for line in prompt.lines])
    checked: list[CheckedLine] = []
    for mine, due in pairs:
        before = [line.text for line in checked if not line.wrong]
        checked.append(_checked(None if mine is None else said[mine], None if due is None else prompt.lines[due], prompt, before))
    return tuple(checked)


def count_lines(answers: Iterable[tuple[CheckedLine, ...]]) -> LineCounts:
    """Wrong lines of all answers; a line with two wrong prices counts once for prices."""
    lines = [line for answer in answers for line in answer]
    sorts = Counter(sort for line in lines for sort in {found.sort for found in line.wrong})
    return LineCounts(len(lines), sum(bool(line.wrong) for line in lines), dict(sorts.most_common()))


def reasons(line: CheckedLine) -> dict[str, tuple[str, ...]]:
    """What is wrong in a line for a reader: by sort the words that show it, those left out that stand within others."""
    found = {}
    for sort in dict.fromkeys(wrong.sort for wrong in line.wrong):
        words = [wrong.words for wrong in line.wrong if wrong.sort == sort and wrong.words]
        found[sort] = () if sort in WHOLE_LINE else tuple(word for word in words if not any(word in other for other in words if other != word))
    return found


def reason_words(line: CheckedLine) -> str:
    """``price: 54 yuan; name: Mount Li, Huaqing; format``."""
    return "; ".join(f"{sort}: {', '.join(words)}" if words else sort for sort, words in reasons(line).items())


def sort_of(violation: Violation) -> str:
    """What a violation is about: name, price, hours, date, duration, … format or language."""
    if violation.kind in _PLAIN:
        return _PLAIN[violation.kind]
    if violation.kind is ViolationKind.NUMBER:
        units = [_FIGURES[figure.unit] for figure in quantities(violation.text) if figure.unit in _FIGURES]
        return units[0] if units else "number"
    about = [kind for kind, _ in claims(violation.text)]
    return _CLAIMS.get(about[0], about[0]) if about else "claim"


def _checked(said: str | None, due: Line | None, prompt: Prompt, before: list[str]) -> CheckedLine:
    if said is None:
        return CheckedLine("", (Wrong("missing", due.fallback[:SHOWN_CHARS] if due else ""),))
    if due is None or prompt.guard is None:
        return CheckedLine(said, (Wrong("added", ""),))
    number = _NUMBERED.match(said) if due.card else None  # an item's own number is no figure, even where its name is miswritten
    found = [violation for violation in prompt.guard.check(said, due, before) if not (number and number[0].startswith(violation.text))]
    return CheckedLine(said, tuple(dict.fromkeys(Wrong(sort_of(violation), violation.text) for violation in found)))


def _key(line: str, fixed: set[str]) -> str:
    """What a line claims to be: an item of some number, the total, a fact copied whole; "" for free words."""
    if _TOTAL.match(line):
        return "total"
    if line in fixed:
        return line
    number = _NUMBERED.match(line)
    return re.sub(r"\D", "", number[0]) if number else ""


def _beside(said: list[str], due: list[str]) -> list[tuple[int | None, int | None]]:
    """Places of written and due lines side by side, None beside what has no partner: the edit distance's path.

    Of equally short paths the one that pairs early: what a model adds at the end is what was added.
    """
    cost = [[len(said) - mine + len(due) - yours for yours in range(len(due) + 1)] for mine in range(len(said) + 1)]
    for mine, yours in product(reversed(range(len(said))), reversed(range(len(due)))):
        cost[mine][yours] = min(cost[mine + 1][yours] + 1, cost[mine][yours + 1] + 1, cost[mine + 1][yours + 1] + (said[mine] != due[yours]))
    pairs: list[tuple[int | None, int | None]] = []
    mine = yours = 0
    while mine < len(said) or yours < len(due):
        here = cost[mine][yours]
        if mine < len(said) and yours < len(due) and here == cost[mine + 1][yours + 1] + (said[mine] != due[yours]):
            pairs.append((mine, yours))
            mine, yours = mine + 1, yours + 1
        elif mine < len(said) and here == cost[mine + 1][yours] + 1:
            pairs.append((mine, None))
            mine += 1
        else:
            pairs.append((None, yours))
            yours += 1
    return pairs
