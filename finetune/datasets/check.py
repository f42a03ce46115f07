"""`check`: what is wrong with a data set, line by line, before hours are spent on it.

Empty and doubled rows, questions that stand in two splits, endings that belie the content, prices that the knowledge
base contradicts, and whether the planned number of optimiser steps can change anything. Not covered: whether an
answer is good.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from finetune.datasets.evaluation import essence
from finetune.datasets.files import ENDINGS, Layout, Placed, layout_of, values
from finetune.datasets.formats import Dialogue, OddRow, read

MIN_STEPS = 100  # fewer were seen to change nothing but the loss
Prices = Callable[[str], list[str]]


@dataclass(frozen=True)
class Finding:
    """One thing wrong: the file, the line (in an array the element; 0 for the whole file), its kind, and words."""

    file: str
    place: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.place}: {self.kind}: {self.text}"


@dataclass
class Inspection:
    """Findings, and what was counted on the way."""

    findings: list[Finding] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    prices_checked: int = 0


@dataclass(frozen=True)
class Plan:
    """How the data will be trained on; the defaults are those of LLaMA-Factory's board."""

    batch: int = 2
    accumulation: int = 8
    epochs: float = 3.0
    devices: int = 1

    def steps(self, rows: int) -> int:
        """Optimiser steps for so many rows."""
        a_step = self.batch * self.accumulation * self.devices
        return round(max(1, -(-rows // a_step)) * self.epochs)


def inspect(paths: Iterable[Path], wrong_prices: Prices | None = None) -> Inspection:
    """Check files line by line, several as the splits of one set; raises `DatasetError` where a file is no data at all."""
    found = Inspection()
    owners: dict[int, str] = {}
    for path in paths:
        found.findings += ending_findings(path)
        seen: dict[int, int] = {}
        for placed in values(path):
            found.rows[path.name] += 1
            dialogue, problem = _read(placed)
            if dialogue is None:
                found.findings.append(Finding(path.name, placed.place, "format", problem))
                continue
            found.findings += _row_findings(path.name, placed.place, dialogue, seen)
            found.findings += _leaks(path.name, placed.place, dialogue, owners)
            if wrong_prices and not dialogue.extra.get("synthetic"):
                found.prices_checked += 1
                found.findings += [Finding(path.name, placed.place, "price", text) for text in wrong_prices(dialogue.answer)]
    return found


def ending_findings(path: Path) -> Iterator[Finding]:
    """Whether a trainer that goes by the ending would misread the content."""
    layout = layout_of(path)
    if path.suffix == ENDINGS[layout]:
        return
    if layout is Layout.LINES and path.suffix == ".json":
        yield Finding(path.name, 0, "ending", "holds JSON lines; some trainers take .json for one array, so name it .jsonl")
    else:
        yield Finding(path.name, 0, "ending", f"holds {layout}, which belongs in a file that ends in {ENDINGS[layout]}")


def step_findings(rows: int, plan: Plan) -> tuple[int, str]:
    """Planned optimiser steps, and a warning where so few can hardly change what the model says."""
    steps = plan.steps(rows)
    if steps >= MIN_STEPS:
        return steps, ""
    enough = -(-MIN_STEPS * plan.batch * plan.accumulation * plan.devices // max(1, rows))
    return steps, (f"{steps} optimiser steps can hardly change what the model says (under {MIN_STEPS}); "
                   f"train {enough} epochs, lower the accumulation of {plan.accumulation}, or add rows")


def _read(placed: Placed) -> tuple[Dialogue | None, str]:
    try:
        return read(placed.value), ""
    except OddRow as error:
        return None, str(error)


def _row_findings(file: str, place: int, dialogue: Dialogue, seen: dict[int, int]) -> Iterator[Finding]:
    empty = [message["role"] for message in dialogue.messages if not str(message["content"]).strip()]
    if empty or not dialogue.answer:
        yield Finding(file, place, "empty", f"the {empty[0]} says nothing" if empty else "there is no answer to learn at its end")
        return
    key = hash((_asked(dialogue), dialogue.answer))  # 64 bits in place of the text: large files fit into memory
    if key in seen:
        yield Finding(file, place, "duplicate", f"same as line {seen[key]}")
    seen.setdefault(key, place)


def _leaks(file: str, place: int, dialogue: Dialogue, owners: dict[int, str]) -> Iterator[Finding]:
    """The same question, or the same group, in another file of the set."""
    groups = [("group", group) for group in str(dialogue.extra.get("group") or "").split("+") if group]
    for kind, key in [("question", _asked(dialogue)), *groups]:
        owner = owners.setdefault(hash((kind, key)), file)
        if owner != file:
            yield Finding(file, place, "leak", f"its {kind} also stands in {owner}" + (f": {key}" if kind == "group" else ""))


def _asked(dialogue: Dialogue) -> str:
    """Everything said before the answer but the system prompt, without marks and case."""
    return essence("".join(message["content"] for message in dialogue.messages[:-1] if message["role"] != "system"))
