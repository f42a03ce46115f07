"""What is mixed into task data: self-cognition, a small general set, and public sets the user names.

`identity` and `general` ship (`memory`, drawn from the records, is in `finetune.datasets.memory`); anything else is a file in any organisation we read, or ``hub:NAME``, which the
`datasets` library fetches. Not covered: the licence of a public set, which is the user's to check.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from chains import prompts
from chains.understanding.request import Language
from chains.understanding.understand import language_of
from finetune.datasets.coinage import wordlist
from finetune.datasets.convert import Conversion, dialogues
from finetune.datasets.formats import Dialogue, OddRow, read
from finetune.datasets.rows import DatasetError, Row
from knowledge.errors import InputError

IDENTITY, GENERAL, HUB = "identity", "general", "hub:"
NAMES: dict[Language, str] = {"zh": "与风景对话", "en": "Fengjing"}
AUTHORS: dict[Language, str] = {"zh": "与风景对话项目", "en": "the Fengjing project"}
MAX_SHARE = 0.9


@dataclass(frozen=True)
class Portion:
    """A source of rows and the share of the finished file it is to have, as far as it has so many rows."""

    source: str
    share: float


@dataclass(frozen=True)
class Persona:
    """The name the assistant gives itself and who it says made it; empty for the house's own."""

    name: str = ""
    author: str = ""


def portion(text: str) -> Portion:
    """``identity=0.03``, ``path/file.json=0.2`` or ``hub:owner/name=0.1``; raises `InputError`."""
    source, _, share = text.rpartition("=")
    try:
        number = float(share)
    except ValueError:
        number = -1.0
    if not source or not 0 <= number <= MAX_SHARE:
        raise InputError(f"--mix takes SOURCE=SHARE with a share of 0 to {MAX_SHARE}, such as general=0.03; {text!r} is not that")
    return Portion(source, number)


def extra_rows(source: str, languages: tuple[Language, ...], rng: Random, most: int, persona: Persona) -> list[Row]:
    """At most `most` rows of a source in these languages, drawn at random; raises `DatasetError`, `InputError`."""
    if source == IDENTITY:
        rows = [row for language in languages for row in _identity(language, persona)]
    elif source == GENERAL:
        rows = [row for language in languages for row in _general(language)]
    else:
        rows = [row for row in _public(source, most) if row.language in languages]
    rng.shuffle(rows)
    return rows[:most]


def _identity(language: Language, persona: Persona) -> Iterator[Row]:
    """Every question with every answer that fits it, under the serving system prompt."""
    system = prompts.beginning(language)[0].content
    said = {"name": persona.name or NAMES[language], "author": persona.author or AUTHORS[language]}
    for number, block in enumerate(wordlist("identity.yaml")[language]):
        for question in block["ask"]:
            for answer in block["answer"]:
                yield _row([("system", str(system)), ("user", question), ("assistant", answer.format(**said))], IDENTITY, f"identity-{number}")


def _general(language: Language) -> Iterator[Row]:
    for number, (question, answer) in enumerate(wordlist("general.yaml")[language]):
        yield _row([("user", question), ("assistant", answer)], GENERAL, f"general-{language}-{number}")


def _row(said: list[tuple[str, str]], kind: str, group: str) -> Row:
    messages = tuple({"role": role, "content": text} for role, text in said)
    return Row(messages, kind, language_of(said[-2][1]), group)


def _public(source: str, most: int) -> Iterator[Row]:
    found = _hub(source.removeprefix(HUB)) if source.startswith(HUB) else _file(Path(source))
    for number, dialogue in enumerate(islice(found, most * 2)):
        group = str(dialogue.extra.get("group") or f"{source}-{number}")
        yield Row(dialogue.messages, "public", language_of(dialogue.question), group)


def _file(path: Path) -> Iterator[Dialogue]:
    if not path.is_file():
        raise InputError(f"--mix: there is no file {path}; give identity, general, memory, a file or hub:NAME")
    return (dialogue for _, dialogue in dialogues(path, Conversion()) if dialogue.answer)


def _hub(name: str) -> Iterator[Dialogue]:
    try:
        from datasets import load_dataset
        from datasets.exceptions import DatasetNotFoundError
    except ImportError as error:
        raise DatasetError("fetching a public set needs the training parts; type: pip install -e '.[tune]'") from error
    try:
        rows: Any = load_dataset(name, split="train", streaming=True)
        yield from _readable(rows)
    except (DatasetNotFoundError, OSError, ValueError) as error:
        raise DatasetError(f"{name} cannot be fetched ({error}); download it and give the file instead") from error


def _readable(rows: Any) -> Iterator[Dialogue]:
    for row in rows:
        try:
            dialogue = read(row)
        except OddRow:
            continue
        if dialogue.answer:
            yield dialogue
