"""Answers of a served model to held-out rows, greedy and without a grammar: what the model would say by itself."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from chains.models.chat import Engine
from knowledge.errors import InputError

_ROLES: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}


@dataclass(frozen=True)
class Prediction:
    """One row's prompt (its last user message), what the model wrote, the reference, and the seconds it took."""

    prompt: str
    predict: str
    label: str
    seconds: float


def read_rows(path: Path, limit: int | None = None) -> list[list[dict[str, str]]]:
    """The conversations of a file of OpenAI-messages rows; raises `InputError` that names the line."""
    rows: list[list[dict[str, str]]] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); 'fengjing dataset build' writes test.jsonl") from error
    for number, line in enumerate(lines[:limit], start=1):
        try:
            rows.append(_messages(json.loads(line)["messages"]))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise InputError(f"{path}, line {number}: no row of messages ({error}); expected what 'fengjing dataset build' writes") from error
    if not rows:
        raise InputError(f"{path} holds no rows; 'fengjing dataset build' writes test.jsonl")
    return rows


def _messages(found: list[dict[str, str]]) -> list[dict[str, str]]:
    if found[-1]["role"] != "assistant" or not {message["role"] for message in found} <= _ROLES.keys():
        raise ValueError("its last message must be the assistant's")
    return found


def predict(engine: Engine, rows: list[list[dict[str, str]]]) -> Iterator[Prediction]:
    """Ask each row and give its answer as it is done."""
    for messages in rows:
        asked = [_ROLES[message["role"]](message["content"]) for message in messages[:-1]]
        started = time.perf_counter()
        said = "".join(str(chunk.content) for chunk in engine.model.stream(asked))
        yield Prediction(messages[-2]["content"], said, messages[-1]["content"], time.perf_counter() - started)
