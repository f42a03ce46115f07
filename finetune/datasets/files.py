"""Data files read value by value, whatever their size: JSON lines, one JSON array, or CSV.

The content decides, not the ending. UTF-8 with or without a mark is read, else GB18030, which spreadsheets in China
write. Not covered: what the values mean (see `finetune.datasets.formats`).
"""

import codecs
import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from finetune.datasets.rows import DatasetError

CHUNK_CHARS = 1 << 20
LOOK_BYTES = 1 << 16  # of a file's beginning, to tell its encoding
REPORT_ROWS = 2000
Progress = Callable[[int, int], None]  # bytes read, bytes in all


class Layout(StrEnum):
    """How values lie in a file."""

    LINES = "JSON lines"
    ARRAY = "a JSON array"
    CSV = "CSV"


ENDINGS = {Layout.LINES: ".jsonl", Layout.ARRAY: ".json", Layout.CSV: ".csv"}


@dataclass(frozen=True)
class Placed:
    """A value and where it stands: the line, in an array the element, counted from 1."""

    place: int
    value: Any


def layout_of(path: Path) -> Layout:
    """What the content is, judged by its beginning; raises `DatasetError` where it is empty or nothing we read."""
    with opened(path) as (file, _):
        first = next((line.strip() for line in file if line.strip()), "")
    if not first:
        raise DatasetError(f"{path.name} is empty; there is nothing to read")
    if first[0] not in "[{":
        if "," in first or path.suffix == ".csv":
            return Layout.CSV
        raise DatasetError(f"{path.name} is neither JSON lines, a JSON array nor CSV; it begins with {first[:30]!r}")
    try:
        value = json.loads(first)
    except ValueError:
        return Layout.ARRAY if first[0] == "[" else Layout.LINES
    return Layout.ARRAY if isinstance(value, list) and (not value or isinstance(value[0], dict)) else Layout.LINES


def values(path: Path, progress: Progress | None = None) -> Iterator[Placed]:
    """Every value of a file in order; raises `DatasetError` naming the line that cannot be read."""
    layout = layout_of(path)
    with opened(path) as (file, told):
        readers = {Layout.LINES: _lines, Layout.ARRAY: _elements, Layout.CSV: _rows}
        try:
            for count, placed in enumerate(readers[layout](path, file)):
                yield placed
                if progress and count % REPORT_ROWS == 0:
                    progress(told(), path.stat().st_size)
        except UnicodeDecodeError as error:
            raise DatasetError(f"{path.name} is neither UTF-8 nor GB18030; save it as UTF-8 and try again") from error


@contextmanager
def opened(path: Path) -> Iterator[tuple[TextIO, Callable[[], int]]]:
    """The file as text, and how many bytes of it were read; raises `DatasetError` where it cannot be opened."""
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, _encoding(path), newline="") as text:
            yield text, raw.tell
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error.strerror}); check the path") from error


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        beginning = file.read(LOOK_BYTES)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _lines(path: Path, file: TextIO) -> Iterator[Placed]:
    for number, line in enumerate(file, start=1):
        if line.strip():
            try:
                yield Placed(number, json.loads(line))
            except ValueError as error:
                raise DatasetError(f"{path.name} line {number} is no JSON ({error}); run 'fengjing dataset check {path}'") from error


def _elements(path: Path, file: TextIO) -> Iterator[Placed]:
    """The elements of one array, read in pieces: a file larger than memory is no matter."""
    decoder, text, start, number = json.JSONDecoder(), file.read(CHUNK_CHARS).lstrip().removeprefix("["), 0, 1
    while True:
        start = _past_blanks(text, start)
        if start < len(text) and text[start] == "]":
            return
        try:
            value, start = decoder.raw_decode(text, start)
        except ValueError as error:
            more = file.read(max(CHUNK_CHARS, len(text) - start))
            if not more:
                raise DatasetError(f"{path.name} element {number} is no JSON ({error}); is the file whole?") from error
            text, start = text[start:] + more, 0
            continue
        yield Placed(number, value)
        number += 1


def _past_blanks(text: str, start: int) -> int:
    while start < len(text) and text[start] in " \t\r\n,":
        start += 1
    return start


def _rows(path: Path, file: TextIO) -> Iterator[Placed]:
    csv.field_size_limit(sys.maxsize)
    reader = csv.DictReader(file)
    for row in reader:
        if None in row or None in row.values():
            raise DatasetError(f"{path.name} line {reader.line_num} has another number of fields than the header; check quotes and commas")
        yield Placed(reader.line_num, row)
