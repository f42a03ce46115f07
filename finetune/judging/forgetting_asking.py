"""A served model asked multiple-choice items, greedy and without a grammar, and its answers kept for later.

What is read as an answer: a letter that stands alone ("B", "(B)", "B. …", "**B**", "答案是B", "The answer is B"), or an
option word for word. What names two letters, or none, is unparsed and counts as wrong. Not covered: the probabilities
of the letters, which not every server tells.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chains import prompts
from chains.models.chat import ENGINE_ERRORS, Engine
from finetune.judging.forgetting_items import LETTERS, Item
from knowledge.errors import EngineError, InputError, StorageError

MAX_TOKENS = 16  # "The correct answer is (B)." and a little more
_OPEN, _CLOSE = r"[\s(\[【\"'*“‘]*", r"[\s)\]】\"'*”’]*"
_ALONE = rf"{_OPEN}(?P<letter>[A-Z]){_CLOSE}"
_BEGINS = re.compile(rf"{_ALONE}(?=$|[.,:;、。)\]】*\n]|(?![不错])[\u4e00-\u9fff])")
_ARTICLE = r"(?!(?<=[AI])\s+[a-z])"  # "the answer is A dog", "I think": words, no letters
_SAID = re.compile(
    r"(?<!不)(?:(?:答案|选项|选择|选)(?:应该|应当)?(?:是|为|选)?|(?i:answer|option|choice)(?i:\s+is)?)\s*[:]?\s*"
    rf"{_OPEN}(?P<letter>[A-Z])(?![A-Za-z]){_ARTICLE}"
)
_SECOND = re.compile(rf"{_CLOSE}(?:[,、/&]|and\b|or\b|和|或者?|与){_OPEN}(?P<letter>[A-Z])(?![A-Za-z'])")
_END = " \t\n.。,!！;；\"'“”"


@dataclass(frozen=True)
class Choice:
    """How one item was answered; `chosen` is a letter, empty where none could be read."""

    id: str
    digest: str
    language: str
    stratum: str
    right: str
    chosen: str
    said: str

    @property
    def ok(self) -> bool:
        """Whether the right letter was chosen."""
        return self.chosen == self.right


@dataclass(frozen=True)
class Run:
    """One model's answers to a set of items; `model` says in words which model it was."""

    model: str
    choices: tuple[Choice, ...]


def ask(engine: Engine, items: Iterable[Item]) -> Iterator[Choice]:
    """Ask each item and give its answer as it is read; raises `EngineError` where the engine breaks off."""
    for item in items:
        asked = prompts.multiple_choice(item.language, item.question, item.options)
        try:
            said = "".join(str(chunk.content) for chunk in engine.model.stream(asked, max_tokens=MAX_TOKENS))
        except ENGINE_ERRORS as error:
            raise EngineError(
                f"the engine {engine.name} broke off at {item.id} ({type(error).__name__}); run 'fengjing doctor' to look at it"
            ) from error
        yield Choice(item.id, item.digest, item.language, item.stratum, item.right, chosen(said, item.options), said)


def chosen(said: str, options: tuple[str, ...]) -> str:
    """The letter an answer chooses among these options; empty where it names none, two, or one that is not there."""
    text = unicodedata.normalize("NFKC", said).strip()
    letters = LETTERS[: len(options)]
    alone = re.fullmatch(rf"{_OPEN}([A-Za-z]){_CLOSE}[.。]?", text)
    if alone and alone[1] in letters:  # before the options: one of them may be the word "a"
        return alone[1]
    exact = [letter for letter, option in zip(letters, options, strict=True) if _bare(option) == _bare(text)]
    if exact or alone:
        return exact[0] if exact else _among(alone[1].upper() if alone else "", letters)
    found = _BEGINS.match(text) or _SAID.search(text)
    second = _SECOND.match(text, found.end()) if found else None
    return "" if not found or (second and second["letter"] in letters) else _among(found["letter"], letters)


def _among(letter: str, letters: str) -> str:
    return letter if letter in letters else ""


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip(_END).lower()


def keep(run: Run, path: Path) -> None:
    """Write a run as JSON lines, one a choice; raises `StorageError`."""
    rows = [json.dumps({"model": run.model, **asdict(choice)}, ensure_ascii=False) + "\n" for choice in run.choices]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(rows), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}); choose another --out") from error


def kept(path: Path) -> Run:
    """A run as `keep` wrote it; raises `InputError` that names the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}); 'fengjing forgetting --out' writes such files") from error
    rows = [_row(path, number, line) for number, line in enumerate(lines, start=1)]
    if not rows:
        raise InputError(f"{path} holds no answers; 'fengjing forgetting --out' writes such files")
    return Run(rows[0][0], tuple(choice for _, choice in rows))


def _row(path: Path, number: int, line: str) -> tuple[str, Choice]:
    try:
        found: dict[str, Any] = json.loads(line)
        return str(found.pop("model")), Choice(**found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}, line {number}: no kept answer ({error}); expected what 'fengjing forgetting --out' writes") from error
