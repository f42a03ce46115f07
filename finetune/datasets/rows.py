"""The row of a task data set, and JSON lines written and read one at a time.

A row holds OpenAI messages whose last one, by the assistant, is the target. Not covered: other organisations of the
same conversations (see `finetune.datasets.formats`).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chains.understanding.request import Language
from knowledge.errors import FengjingError, StorageError


class DatasetError(FengjingError):
    """A data set cannot be read as what it should be; names the file, the line and what to type next."""


@dataclass(frozen=True)
class Row:
    """One training conversation.

    `given_chars` of the last message were already written when the model is asked (a continuation): they are read,
    not learned. `group` names what must not be torn between splits, `provenance` the records behind the answer.
    """

    messages: tuple[dict[str, str], ...]
    kind: str
    language: Language
    group: str
    provenance: tuple[str, ...] = ()
    synthetic: bool = False
    given_chars: int = 0

    @property
    def target(self) -> str:
        """The answer to learn."""
        return self.messages[-1]["content"]

    def to_json(self) -> str:
        """One line of JSON, Chinese as it is."""
        return json.dumps(asdict(self), ensure_ascii=False)


def write_jsonl(path: Path, lines: Iterable[str]) -> str:
    """Write lines as they come and return the file's SHA-256; the file appears whole or not at all."""
    digest, part = hashlib.sha256(), path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            for line in lines:
                data = line.encode() + b"\n"
                digest.update(data)
                file.write(data)
        part.replace(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}); choose another --out") from error
    return digest.hexdigest()


def read_jsonl(path: Path) -> Iterator[tuple[int, Any]]:
    """(line number from 1, value) of every line that is not blank; raises `DatasetError` at a line that is no JSON."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _parsed(path, number, line)
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path.name} is not UTF-8 ({error.reason}); save it as UTF-8 and try again") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error.strerror}); check the path") from error


def _parsed(path: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise DatasetError(f"{path.name} line {number} is no JSON ({error}); run 'fengjing dataset check {path}'") from error
