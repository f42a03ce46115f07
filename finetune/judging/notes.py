"""What a model said, noted as it comes: minutes of answers outlast a kill, and the same command goes on after it.

Not covered: an adapter that is trained anew at the same place while its answers are unfinished.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from langchain_core.messages import BaseMessage

from chains.models.chat import Engine
from finetune.judging.predict import Said, put
from knowledge.errors import StorageError

UNFINISHED = "unfinished-*.jsonl"
MAX_NAME_CHARS = 80


def unfinished(folder: Path, model: str, adapter: str) -> Path:
    """The file in which a model's answers are noted until all are there."""
    plain = re.sub(r"[^\w.]+", "_", f"{model}-{adapter or 'none'}")
    return folder / UNFINISHED.replace("*", plain[-MAX_NAME_CHARS:])


def each_said(engine: Engine, asked: Iterable[Sequence[BaseMessage]], notes: Path | None = None) -> Iterator[Said]:
    """The engine's answer to each, one after the other; raises `EngineError`.

    Each is noted under the last message as it comes; what `notes` holds already, of a run that broke off, is not asked again.
    """
    noted = {note["prompt"]: Said(**note["said"]) for note in _read(notes)} if notes else {}
    for messages in asked:
        prompt = str(messages[-1].content)
        said = noted.get(prompt)
        if said is None:
            said = put(engine, messages)
            if notes:
                write(notes, json.dumps({"prompt": prompt, "said": asdict(said)}, ensure_ascii=False) + "\n", more=True)
        yield said


def write(path: Path, text: str, *, more: bool = False) -> None:
    """Write a file of a comparison or an evaluation, or `more` at its end; raises `StorageError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if more else "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}); choose another --out") from error


def _read(path: Path) -> list[dict[str, Any]]:
    """What was noted; nothing from the first torn line on."""
    found: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    if path.exists():
        write(path, "".join(json.dumps(note, ensure_ascii=False) + "\n" for note in found))
    return found
