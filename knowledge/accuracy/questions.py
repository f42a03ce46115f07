"""What is asked: a question, what a right answer is about, and the answer itself, or None for a fact nobody holds.

The hand-written set ships as ``data/accuracy.yaml``. It names sights and conditions; the answers are read from the
records, so that a record that changes needs no change there. A question about a sight that this base does not hold,
though the shipped one does, is left out: a user's own base is not blamed for it.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.accuracy.answers import Answer, Listed, answer_of
from knowledge.builtin import DATA_DIR
from knowledge.catalogue import NEAR_KM, Catalogue, Filter, Near
from knowledge.errors import DataError
from knowledge.records import Attraction

HAND_WRITTEN = DATA_DIR / "accuracy.yaml"
Language = Literal["zh", "en"]
Kind = Literal["price", "hours", "closed", "duration", "level", "where", "name", "recommend", "other"]
Part = Literal["dev", "held", "derived"]


@dataclass(frozen=True)
class Question:
    """One question. `sights` are the ids any of which is right; `answers` any of which is right, empty for a refusal."""

    text: str
    language: Language
    kind: Kind
    style: str
    part: Part
    sights: frozenset[str] = frozenset()
    answers: tuple[Answer, ...] = ()

    @property
    def absent(self) -> bool:
        """Whether the one right answer is that we do not know."""
        return not self.answers


class Wants(BaseModel):
    """The conditions of a recommendation, as the hand-written set spells them; `near` is city/name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cities: tuple[str, ...] = ()
    district: str = ""
    tags: tuple[str, ...] = ()
    no_tags: tuple[str, ...] = ()
    max_yuan: float | None = None
    min_level: int = 0
    setting: str = ""
    open_on: int = 0
    near: str = ""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ask: str
    language: Language
    kind: Kind
    style: str
    sights: tuple[str, ...] = ()
    wants: Wants = Field(default_factory=Wants)


def hand_written(catalogue: Catalogue, path: Path = HAND_WRITTEN) -> list[Question]:
    """The hand-written questions that concern this catalogue; raises `DataError` where the file is wrong."""
    held = {f"{sight.city}/{sight.name}": sight for sight in catalogue.find(Filter())}
    questions = []
    for entry in _entries(path):
        named = (*entry.sights, *([entry.wants.near] if entry.wants.near else []))
        if all(name in held for name in named) and all(city in catalogue.cities for city in entry.wants.cities):
            questions.append(_question(entry, [held[name] for name in named], catalogue))
    return questions


def part_of(text: str) -> Part:
    """Which half of the hand-written set a question belongs to, by its hash: `held` is never tuned on."""
    return "held" if hashlib.sha256(text.encode()).digest()[0] % 2 else "dev"


def _entries(path: Path) -> list[_Entry]:
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [_Entry.model_validate(entry) for entry in content]
    except (OSError, TypeError, ValidationError, yaml.YAMLError) as error:
        raise DataError(f"{path.name} holds no questions as they are expected ({error}); reinstall Fengjing") from error


def _question(entry: _Entry, named: list[Attraction], catalogue: Catalogue) -> Question:
    if entry.kind == "recommend":
        right = catalogue.find(condition_of(entry.wants, named))
        answers: list[Answer | None] = [Listed.of(right)] if right else []
    else:
        right = named
        answers = [answer_of(entry.kind, sight, catalogue.cities[sight.city], entry.ask) for sight in named]
    return Question(
        text=entry.ask, language=entry.language, kind=entry.kind, style=entry.style, part=part_of(entry.ask),
        sights=frozenset(sight.id for sight in right), answers=tuple(answer for answer in answers if answer is not None),
    )


def condition_of(wants: Wants, named: list[Attraction]) -> Filter:
    """The wish as a condition on the catalogue; the place one is near is itself no answer."""
    position = named[0].position if wants.near and named else None
    return Filter(
        cities=wants.cities, districts=(wants.district,) if wants.district else (), any_tag=wants.tags,
        no_tag=wants.no_tags, max_ticket_yuan=wants.max_yuan, min_level=wants.min_level,
        settings=(wants.setting,) if wants.setting else (), open_on=wants.open_on,
        near=Near(position.latitude_deg, position.longitude_deg, NEAR_KM) if position else None,
        exclude=(named[0].id,) if wants.near and named else (),
    )
