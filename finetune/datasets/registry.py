"""`register`: an entry in LLaMA-Factory's `dataset_info.json`, spelt so that every version reads it alike.

All columns and tags in use are listed, because a listed set turns the unlisted ones off; the file is ASCII, because
Windows trainers open it without naming an encoding. Not covered: hub and cloud entries.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from finetune.datasets.files import ENDINGS, Layout, layout_of, values
from finetune.datasets.formats import Format
from finetune.datasets.grouping import organisation
from finetune.datasets.rows import DatasetError
from knowledge.errors import InputError, StorageError

REGISTRY = "dataset_info.json"
LOOKED_AT = 2000  # rows searched for optional columns
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


def register(path: Path, name: str = "", folder: Path | None = None, *, sha1: bool = False) -> dict[str, Any]:
    """Add or replace the entry of a file; returns it. `folder` holds the registry, by default the file's own.

    Raises `InputError` where the name is not ASCII or the file lies outside the folder, `DatasetError` where its ending
    would make a trainer read it wrongly, or where the registry is damaged.
    """
    home, chosen = folder or path.parent, name or path.stem
    if not _NAME.fullmatch(chosen):
        raise InputError(f"the name {chosen!r} must be of letters, digits, - _ and . so that a comma list can hold it; give --name")
    if not path.resolve().is_relative_to(home.resolve()):
        raise InputError(f"{path} does not lie under {home}; move it there, or register it in its own folder")
    _check_ending(path)
    entry: dict[str, Any] = {"file_name": path.resolve().relative_to(home.resolve()).as_posix(), **_columns(path)}
    if sha1:
        entry["file_sha1"] = _sha1(path)
    registry = _known(home / REGISTRY)
    _save(home / REGISTRY, {**registry, chosen: entry})
    return entry


def _check_ending(path: Path) -> None:
    layout = layout_of(path)
    wanted = {ENDINGS[layout], ".json"} - ({".json"} if layout is Layout.CSV else set())
    if path.suffix not in wanted:
        raise DatasetError(f"{path.name} holds {layout}, but trainers go by the ending and would misread it; rename it to {path.stem}{ENDINGS[layout]}")


def _columns(path: Path) -> dict[str, Any]:
    form = organisation(path)
    if form is Format.DIALOGUES:
        raise DatasetError(f"{path.name} holds bare lists, which no trainer reads; run 'fengjing dataset convert {path} {path.stem}.json --to alpaca'")
    if form is Format.MESSAGES:
        tags = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant", "system_tag": "system"}
        return {"formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": tags}
    seen = _keys(path)
    if form is Format.SHAREGPT:
        columns = {"messages": "conversations"} | ({"system": "system"} if "system" in seen else {})
        return {"formatting": "sharegpt", "columns": columns}
    wanted = {"prompt": "instruction", "query": "input", "response": "output", "history": "history", "system": "system"}
    return {"formatting": "alpaca", "columns": {column: key for column, key in wanted.items() if key in seen}}


def _keys(path: Path) -> set[str]:
    seen: set[str] = set()
    for number, placed in enumerate(values(path)):
        if number >= LOOKED_AT:
            break
        seen |= set(placed.value) if isinstance(placed.value, dict) else set()
    return seen


def _sha1(path: Path) -> str:
    digest = hashlib.sha1(usedforsecurity=False)  # what LLaMA-Factory asks for; it guards against mix-ups, not attackers
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _known(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path} is damaged ({error}); mend or remove it, nothing was changed") from error
    if not isinstance(known, dict):
        raise DatasetError(f"{path} holds no object of data sets; mend or remove it, nothing was changed")
    return known


def _save(path: Path, registry: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(registry, indent=2) + "\n", encoding="ascii")
        part.replace(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}); check its folder") from error
