"""Questions that must not be learned: those of evaluation files, compared without marks, blanks and case."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from finetune.datasets.rows import DatasetError, read_jsonl
from knowledge.builtin import DATA_DIR

ACCURACY_FILE = DATA_DIR / "accuracy.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times faster where it exists
_KEYS = frozenset({"text", "question", "instruction", "prompt", "query", "context", "ask"})


def essence(text: str) -> str:
    """A question without marks, blanks and case: two spellings of one question are equal."""
    return re.sub(r"[\W_]+", "", text.casefold())


def evaluation_questions(paths: Iterable[Path] = ()) -> frozenset[str]:
    """Essences of every question in these YAML, JSON or JSONL files, and in the accuracy check's own file."""
    chosen = [*paths, *([ACCURACY_FILE] if ACCURACY_FILE.exists() else [])]
    return frozenset(essence(question) for path in chosen for question in _questions(_content(path)))


def _content(path: Path) -> Any:
    if path.suffix == ".jsonl":
        return [value for _, value in read_jsonl(path)]
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error.strerror}); check --exclude") from error
    except (ValueError, yaml.YAMLError) as error:
        raise DatasetError(f"{path.name} is neither YAML nor JSON; --exclude takes files of questions") from error


def _questions(value: Any, key: str = "") -> Iterator[str]:
    """Every text under a key that holds questions, however deep."""
    if isinstance(value, str) and key in _KEYS:
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _questions(item, str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _questions(item, key)
