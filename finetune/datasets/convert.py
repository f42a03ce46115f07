"""`convert`: from any organisation we read to any we write, one dialogue in memory at a time.

The ending of the target decides its layout (.jsonl lines, .json one array, .csv); rows that are no conversation are
left out, counted and named.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from finetune.datasets.files import ENDINGS, Layout, Progress, values
from finetune.datasets.formats import Dialogue, Format, OddRow, read, write
from finetune.datasets.rows import DatasetError
from knowledge.errors import InputError, StorageError

NAMED = 5  # rows left out that are named one by one


@dataclass
class Conversion:
    """What became of the rows."""

    rows: int = 0
    turns: int = 0
    left_out: int = 0
    reasons: list[str] = field(default_factory=list)


def convert(source: Path, target: Path, form: Format, progress: Progress | None = None) -> Conversion:
    """Write `source` anew as `target`; raises `InputError` where the target's ending does not suit, `DatasetError` where no row is left."""
    layout = target_layout(target, form)
    if source.resolve() == target.resolve():
        raise InputError("source and target are the same file; choose another name for the target")
    done = Conversion()
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="") as file:
            save(file, _converted(source, form, done, progress), layout)
        if not done.rows:
            raise DatasetError(f"{source.name} holds no conversation ({'; '.join(done.reasons)}); see 'fengjing dataset check {source}'")
        part.replace(target)
    except OSError as error:
        raise StorageError(f"{target} cannot be written ({error.strerror}); free some space or choose another place") from error
    finally:
        part.unlink(missing_ok=True)
    return done


def dialogues(path: Path, done: Conversion, progress: Progress | None = None) -> Iterator[tuple[int, Dialogue]]:
    """(place, dialogue) of every row that is one; the others are counted in `done`."""
    for placed in values(path, progress):
        try:
            yield placed.place, read(placed.value)
        except OddRow as error:
            leave_out(done, placed.place, error)


def leave_out(done: Conversion, place: int, error: OddRow) -> None:
    """Count a row that cannot be used and keep the first reasons."""
    done.left_out += 1
    if len(done.reasons) < NAMED:
        done.reasons.append(f"row {place} {error}")


def _converted(source: Path, form: Format, done: Conversion, progress: Progress | None) -> Iterator[Any]:
    for place, dialogue in dialogues(source, done, progress):
        try:
            row = write(dialogue, form)
        except OddRow as error:
            leave_out(done, place, error)
            continue
        done.rows += 1
        done.turns += sum(message["role"] == "assistant" for message in dialogue.messages)
        yield row


def target_layout(target: Path, form: Format) -> Layout:
    """The layout a target's ending asks for; raises `InputError` where the organisation cannot lie so."""
    layout = next((layout for layout, ending in ENDINGS.items() if ending == target.suffix.lower()), None)
    if layout is None:
        raise InputError(f"{target.name}: the ending decides how the file is written; expected .jsonl, .json or .csv")
    if (layout is Layout.CSV) != (form is Format.CSV) or (form is Format.DIALOGUES and layout is not Layout.LINES):
        wanted = {Format.CSV: ".csv", Format.DIALOGUES: ".jsonl"}.get(form, ".jsonl or .json")
        raise InputError(f"{form} is written to a file that ends in {wanted}, not {target.suffix}")
    return layout


def save(file: TextIO, rows: Iterable[Any], layout: Layout) -> None:
    """Write rows as they come."""
    if layout is Layout.CSV:
        _save_csv(file, iter(rows))
        return
    encode = json.JSONEncoder(ensure_ascii=False).encode
    if layout is Layout.LINES:
        file.writelines(encode(row) + "\n" for row in rows)
        return
    file.write("[")
    file.writelines((",\n" if number else "\n") + encode(row) for number, row in enumerate(rows))
    file.write("\n]\n")


def _save_csv(file: TextIO, rows: Iterator[dict[str, Any]]) -> None:
    """The first row names the columns; what later rows have besides is left out."""
    first = next(rows, None)
    if first is None:
        return
    columns = list(dict.fromkeys([*first, "system"]))
    writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(chain([first], rows))
