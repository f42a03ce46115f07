"""Whether the questions stand apart: from training data, and from the sentences of the records they ask about.

Training files are JSON lines of any shape; every string in them counts. A question overlaps where a training text holds
it whole, signs and spaces aside. Not covered: paraphrases.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.accuracy.questions import Question
from knowledge.accuracy.reading import plain
from knowledge.errors import InputError
from knowledge.records import Attraction

SHARED_CHARS, SHARED_WORDS = 8, 5  # so much of a record's sentence in a question gives the answer away
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Overlap:
    """A question that stands in other text, and where."""

    question: str
    seen: str


def in_training(questions: Iterable[Question], files: Iterable[Path]) -> list[Overlap]:
    """Questions that some training text holds whole; raises `InputError` where a file cannot be read."""
    asked = {_bare(question.text): question.text for question in questions}
    found: list[Overlap] = []
    for file in files:
        text = "\n".join(_bare(text) for text in _texts(file))
        found += [Overlap(original, file.name) for bare, original in asked.items() if bare in text]
    return found


def copied(questions: Iterable[Question], sights: Iterable[Attraction]) -> list[Overlap]:
    """Questions that share eight characters in a row, or five English words, with a record's description."""
    owners = {piece: sight.name for sight in sights for piece in _pieces(sight.summary) | _pieces(sight.summary_en)}
    shared = ((question, next((p for p in _pieces(question.text) if p in owners), "")) for question in questions)
    return [Overlap(question.text, f"{owners[piece]}: {piece}") for question, piece in shared if piece]


def _pieces(text: str) -> set[str]:
    """Every run of eight Chinese characters and of five English words."""
    clean = plain(text)
    runs = re.findall(r"[\u4e00-\u9fff]+", _SIGNS.sub("", clean))
    chinese = {run[place:place + SHARED_CHARS] for run in runs for place in range(len(run) - SHARED_CHARS + 1)}
    words = re.findall(r"[a-z']+", clean)
    return chinese | {" ".join(words[place:place + SHARED_WORDS]) for place in range(len(words) - SHARED_WORDS + 1)}


def _bare(text: str) -> str:
    return _SIGNS.sub("", plain(text))


def _texts(file: Path) -> Iterator[str]:
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield from _strings(_parsed(line, file, number))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read as JSON lines ({error}); give a file of training examples") from error


def _parsed(line: str, file: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise InputError(f"{file}, line {number} is no JSON ({error}); give a file with one JSON value a line") from error


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
