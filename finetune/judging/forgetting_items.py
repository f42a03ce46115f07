"""General multiple-choice items: what a model should still know after it was tuned for travel.

The set that ships (``data/forgetting.yaml``) was written for this project: half Chinese, half English, evenly over
language, reasoning and common knowledge, at the level of a primary or middle school. Not covered: long texts, and
anything that needs more than one letter as its answer.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from chains.understanding.request import Language
from knowledge.errors import DataError

OWN_ITEMS = Path(__file__).parent / "data" / "forgetting.yaml"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Item:
    """One question with its options; `right` is the letter of the one that is right."""

    id: str
    language: Language
    stratum: str  # what it is about: language, reasoning, knowledge, or a task of FewCLUE
    question: str
    options: tuple[str, ...]
    right: str

    @property
    def digest(self) -> str:
        """Eight hex digits of everything that is asked: answers kept from another wording are not comparable."""
        return hashlib.sha256("\n".join((self.question, *self.options, self.right)).encode()).hexdigest()[:8]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    id: str
    ask: str
    options: tuple[str, str, str, str]
    right: str


_File = TypeAdapter(dict[Language, dict[str, dict[str, tuple[_Entry, ...]]]])  # language, stratum, topic


def own_items(path: Path = OWN_ITEMS) -> list[Item]:
    """The items of a file in the form of the set that ships; raises `DataError` that names what is wrong."""
    items = [
        Item(entry.id, language, stratum, entry.ask, entry.options, entry.right)
        for language, strata in _read(path).items()
        for stratum, topics in strata.items()
        for entries in topics.values()
        for entry in entries
    ]
    for item in items:
        if item.right not in LETTERS[: len(item.options)] or len(set(item.options)) < len(item.options):
            raise DataError(f"{path.name}: {item.id} needs distinct options and the letter of the right one; correct the file")
    if len({item.id for item in items}) < len(items):
        raise DataError(f"{path.name} gives one id to two items; kept answers could not be told apart: correct the file")
    return items


def _read(path: Path) -> dict[Language, dict[str, dict[str, tuple[_Entry, ...]]]]:
    try:
        found: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _File.validate_python(found)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}); install Fengjing again") from error
    except (yaml.YAMLError, ValidationError) as error:
        raise DataError(f"{path.name} is no file of items ({error}); compare it with the one that ships") from error


def spread(items: Sequence[Item], limit: int | None) -> list[Item]:
    """As many as the limit allows, taken from all over the list."""
    if not limit or limit >= len(items):
        return list(items)
    return [items[place * len(items) // limit] for place in range(limit)]
