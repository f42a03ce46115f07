"""Answers of a served model to held-out rows, greedy and without a grammar: what the model would say by itself."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage

from chains.models.chat import ENGINE_ERRORS, Engine
from knowledge.errors import EngineError, InputError

_ROLES: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}


@dataclass(frozen=True)
class HeldOut:
    """A row kept apart from training: its messages, the last one the reference, the ids of its records, whether it is invented."""

    messages: list[dict[str, str]]
    provenance: tuple[str, ...] = ()
    synthetic: bool = False

    @property
    def asked(self) -> list[BaseMessage]:
        """What is sent to the model."""
        return [_ROLES[message["role"]](message["content"]) for message in self.messages[:-1]]


@dataclass(frozen=True)
class Said:
    """What the model wrote, the seconds it took, and its tokens where the engine counts them."""

    text: str
    seconds: float
    tokens: int | None = None


@dataclass(frozen=True)
class Prediction:
    """One row's prompt (its last user message), what the model wrote, the reference, the seconds it took, and its tokens."""

    prompt: str
    predict: str
    label: str
    seconds: float
    tokens: int | None = None


def read_held_out(path: Path, limit: int | None = None) -> list[HeldOut]:
    """The rows of a file of OpenAI messages; raises `InputError` that names the line."""
    rows: list[HeldOut] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(f"{path} cannot be read ({why}); 'fengjing dataset build' writes test.jsonl") from error
    for number, line in enumerate(lines[:limit], start=1):
        try:
            found = json.loads(line)
            rows.append(HeldOut(_messages(found["messages"]), tuple(found.get("provenance", ())), bool(found.get("synthetic"))))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise InputError(f"{path}, line {number}: no row of messages ({error}); expected what 'fengjing dataset build' writes") from error
    if not rows:
        raise InputError(f"{path} holds no rows; 'fengjing dataset build' writes test.jsonl")
    return rows


def _messages(found: list[dict[str, str]]) -> list[dict[str, str]]:
    if found[-1]["role"] != "assistant" or len(found) < 2 or not {message["role"] for message in found} <= _ROLES.keys():
        raise ValueError("its last message must be the assistant's, after a question")
    return found


def prediction(row: HeldOut, said: Said) -> Prediction:
    """What a model said to a row, beside its prompt and its reference."""
    return Prediction(row.messages[-2]["content"], said.text, row.messages[-1]["content"], said.seconds, said.tokens)


def put(engine: Engine, asked: Sequence[BaseMessage]) -> Said:
    """One completion, greedy, as the engine is set; raises `EngineError` where it breaks off."""
    started = time.perf_counter()
    text, tokens = "", 0
    try:
        for chunk in engine.model.stream(list(asked)):
            text += str(chunk.content)
            usage = chunk.usage_metadata if isinstance(chunk, AIMessageChunk) else None
            tokens += usage["output_tokens"] if usage else 0
    except ENGINE_ERRORS as error:
        raise EngineError(f"the engine {engine.name} broke off ({type(error).__name__}); run 'fengjing doctor' to look at it") from error
    return Said(text, time.perf_counter() - started, tokens or None)
