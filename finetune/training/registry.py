"""`dataset_info.json`, LLaMA-Factory's list of data sets: which file a name stands for and how its columns are called.

Only local files are read; entries that point at a hub are named and refused. Not covered: turning rows into
conversations (see `finetune.training.conversations`).
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from finetune.training.errors import RowsError
from finetune.training.texts import read_text

REGISTRY = "dataset_info.json"
HUBS = ("hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name")
# Their defaults hold only while an entry lists no columns (or tags) at all: once it does, what it leaves out is absent.
COLUMNS = {"prompt": "instruction", "query": "input", "response": "output", "history": None, "messages": "conversations",
           "system": None, "tools": None}
TAGS = {"role_tag": "from", "content_tag": "value", "user_tag": "human", "assistant_tag": "gpt",
        "observation_tag": "observation", "function_tag": "function_call", "system_tag": "system"}


@dataclass(frozen=True)
class Entry:
    """One data set of the registry."""

    name: str
    path: Path
    formatting: str = "alpaca"
    columns: dict[str, str | None] = field(default_factory=lambda: dict(COLUMNS))
    tags: dict[str, str | None] = field(default_factory=lambda: dict(TAGS))
    num_samples: int | None = None


def entries(dataset_dir: Path, names: tuple[str, ...]) -> list[Entry]:
    """The entries of those names, in order; raises `RowsError` naming every one that cannot be used."""
    path = dataset_dir / REGISTRY
    if not path.is_file():
        raise RowsError(f"there is no {REGISTRY} in {dataset_dir.absolute()}; set dataset_dir, or run 'fengjing dataset build'")
    try:
        registry = json.loads(read_text(path))
    except ValueError as error:
        raise RowsError(f"{path} is no JSON ({error}); see 'fengjing dataset register'") from error
    problems = [problem for name in names if (problem := _problem(name, registry, dataset_dir))]
    if problems:
        raise RowsError("; ".join(problems))
    return [_entry(name, registry[name], dataset_dir) for name in names]


def _problem(name: str, registry: dict[str, Any], dataset_dir: Path) -> str:
    given = registry.get(name)
    if not isinstance(given, dict):
        return f"{REGISTRY} knows no data set {name!r}, it has {', '.join(registry) or 'none'}; run 'fengjing dataset register'"
    hub = next((key for key in HUBS if key in given and "file_name" not in given), "")
    if hub:
        return f"{name}: {hub} is not fetched here; download it and give its file_name"
    if given.get("ranking"):
        return f"{name}: ranking data (chosen and rejected) is not for stage sft"
    if given.get("formatting", "alpaca") not in {"alpaca", "sharegpt", "openai"}:
        return f"{name}: formatting {given['formatting']!r} is not known; write alpaca, sharegpt or openai"
    if not (dataset_dir / str(given.get("file_name", ""))).exists() or "file_name" not in given:
        return f"{name}: its file_name {given.get('file_name')!r} is not in {dataset_dir}"
    return ""


def _entry(name: str, given: dict[str, Any], dataset_dir: Path) -> Entry:
    columns = {**dict.fromkeys(COLUMNS), **given["columns"]} if "columns" in given else dict(COLUMNS)
    tags = {**dict.fromkeys(TAGS), **given["tags"]} if "tags" in given else dict(TAGS)
    return Entry(name, dataset_dir / given["file_name"], given.get("formatting", "alpaca"), columns, tags, given.get("num_samples"))
