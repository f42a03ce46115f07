"""One conversation in the organisations people train on, and back: alpaca, ShareGPT, messages, dialogue lists, CSV.

Alpaca has two: the question as `instruction`, or (`alpaca-input`) the task as `instruction` and the question as `input`.
What a row carries besides (kind, group, …) is kept. Not covered: tools, pictures, preference pairs.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from finetune.datasets.rows import DatasetError

TASK = {True: "回答旅行者的问题。", False: "Answer the traveller's question."}  # the instruction where no system prompt stands
_FROM = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant", "bot": "assistant", "system": "system"}
_TO = {"user": "human", "assistant": "gpt", "system": "system"}
_ASKED = ("instruction", "question", "prompt")  # spellings of one column
_SAID = ("output", "answer", "response", "completion")


class Format(StrEnum):
    """An organisation of conversations."""

    ALPACA = "alpaca"
    ALPACA_INPUT = "alpaca-input"
    SHAREGPT = "sharegpt"
    MESSAGES = "messages"
    DIALOGUES = "dialogues"
    CSV = "csv"


class OddRow(DatasetError):
    """One row is no conversation; says why."""


@dataclass(frozen=True)
class Dialogue:
    """Messages with the roles system, user, assistant, and whatever else the row carried."""

    messages: tuple[dict[str, str], ...]
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """What was asked last."""
        return next((m["content"] for m in reversed(self.messages) if m["role"] == "user"), "")

    @property
    def answer(self) -> str:
        """The last words, where they are the assistant's."""
        return self.messages[-1]["content"] if self.messages and self.messages[-1]["role"] == "assistant" else ""


def format_of(value: Any) -> Format:
    """The organisation a value is in; raises `OddRow` naming its keys where it is none."""
    if isinstance(value, list):
        return Format.DIALOGUES
    if isinstance(value, dict):
        if "messages" in value:
            return Format.MESSAGES
        if "conversations" in value:
            return Format.SHAREGPT
        if _named(value, _ASKED):
            return Format.ALPACA
        raise OddRow(f"has the keys {', '.join(map(str, value))}, expected messages, conversations or instruction and output")
    raise OddRow(f"is {type(value).__name__}, expected an object or a list of turns")


def read(value: Any) -> Dialogue:
    """A value as a dialogue; raises `OddRow`."""
    readers: dict[Format, Callable[[Any], Dialogue]] = {
        Format.DIALOGUES: _from_list, Format.MESSAGES: _from_messages, Format.SHAREGPT: _from_sharegpt, Format.ALPACA: _from_alpaca,
    }
    return readers[format_of(value)](value)


def write(dialogue: Dialogue, form: Format) -> Any:
    """A dialogue as a value of that organisation; raises `OddRow` where it has no answer to learn."""
    if form is Format.MESSAGES:
        return {"messages": list(dialogue.messages), **dialogue.extra}
    if form is Format.SHAREGPT:
        return {"conversations": [{"from": _TO[m["role"]], "value": m["content"]} for m in dialogue.messages], **dialogue.extra}
    if form is Format.DIALOGUES:
        return [text for pair in _pairs(dialogue) for text in pair]
    row = _to_alpaca(dialogue, task_first=form is Format.ALPACA_INPUT)
    if form is Format.CSV:
        return {key: json.dumps(item, ensure_ascii=False) if isinstance(item, list | dict) else item for key, item in row.items()}
    return row


def _from_list(value: list[Any]) -> Dialogue:
    """Alternating turns, or a list of [question, answer]; a question left unanswered at the end is dropped."""
    turns = [text for pair in value for text in pair] if value and isinstance(value[0], list) else value
    if len(turns) < 2 or not all(isinstance(text, str) for text in turns):
        raise OddRow("is a list without a question and an answer, both text")
    turns = turns[: len(turns) // 2 * 2]
    return Dialogue(tuple({"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(turns)))


def _from_messages(value: dict[str, Any]) -> Dialogue:
    return Dialogue(_turns(value["messages"], "role", "content"), _without(value, "messages"))


def _from_sharegpt(value: dict[str, Any]) -> Dialogue:
    messages = _turns(value["conversations"], "from", "value")
    system = value.get("system")
    if system:
        messages = ({"role": "system", "content": str(system)}, *messages)
    return Dialogue(messages, _without(value, "conversations", "system"))


def _turns(turns: Any, role: str, content: str) -> tuple[dict[str, str], ...]:
    if not isinstance(turns, list):
        raise OddRow("has messages that are no list")
    try:
        return tuple({"role": _FROM[turn[role]], "content": turn[content]} for turn in turns)
    except (KeyError, TypeError) as error:
        raise OddRow(f"has a message without a known {role!r} or without {content!r} ({error})") from error


def _from_alpaca(value: dict[str, Any]) -> Dialogue:
    question, answer = _named(value, _ASKED), _named(value, _SAID)
    if not answer or not isinstance(value[answer], str):
        raise OddRow(f"has {question} but no {' or '.join(_SAID)} that is text")
    history = value.get("history") or []
    asked = "\n".join(part for part in (value[question], value.get("input")) if part)
    try:
        pairs = json.loads(history) if isinstance(history, str) else history
        said = [(str(before), str(after)) for before, after in pairs] + [(asked, value[answer])]
    except (TypeError, ValueError) as error:
        raise OddRow("has a history that is no list of [question, answer]") from error
    messages = [{"role": role, "content": text} for pair in said for role, text in zip(("user", "assistant"), pair, strict=True)]
    if value.get("system"):
        messages.insert(0, {"role": "system", "content": value["system"]})
    return Dialogue(tuple(messages), _without(value, question, answer, "input", "history", "system"))


def _named(value: dict[str, Any], keys: tuple[str, ...]) -> str:
    """The first of the keys that the row has, or nothing."""
    return next((key for key in keys if key in value), "")


def _to_alpaca(dialogue: Dialogue, *, task_first: bool) -> dict[str, Any]:
    *before, (question, answer) = _pairs(dialogue)
    system = next((m["content"] for m in dialogue.messages if m["role"] == "system"), "")
    row: dict[str, Any] = {"instruction": question, "input": "", "output": answer}
    if task_first:
        chinese = any("\u4e00" <= char <= "\u9fff" for char in question)
        row = {"instruction": system or TASK[chinese], "input": question, "output": answer}
    row["history"] = [list(pair) for pair in before]
    return row | ({"system": system} if system and not task_first else {}) | dialogue.extra


def _pairs(dialogue: Dialogue) -> list[tuple[str, str]]:
    """(question, answer) of every turn; raises `OddRow` where they do not alternate."""
    said = [message for message in dialogue.messages if message["role"] != "system"]
    roles = [message["role"] for message in said]
    if not said or roles != ["user", "assistant"] * (len(said) // 2):
        raise OddRow("does not alternate between user and assistant, or ends without an answer")
    return [(said[place]["content"], said[place + 1]["content"]) for place in range(0, len(said), 2)]


def _without(value: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key not in keys}
