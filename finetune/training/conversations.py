"""Rows of alpaca, sharegpt and openai files as one thing: a conversation of roles and texts that ends with an answer.

Rows that cannot be used are counted and named, not dropped in silence; a file with none that can is an error.
Not covered: tokens and masks (see `finetune.training.encoding`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from finetune.datasets.files import Placed, values
from finetune.training.config import TrainConfig
from finetune.training.errors import RowsError
from finetune.training.registry import Entry, entries

SUFFIXES = {".json", ".jsonl", ".csv", ".parquet"}
SHOWN = 3  # of the rows that could not be used


@dataclass(frozen=True)
class Conversation:
    """Messages in the order they were said; the last is the assistant's.

    The first `given_chars` characters of it stood there before the model was asked: they are read, not learned.
    """

    messages: tuple[dict[str, str], ...]
    given_chars: int = 0
    tools: str = ""


@dataclass
class Reading:
    """What was read from the files, and the rows that could not be used."""

    conversations: list[Conversation] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class _Unusable(Exception):
    """A row cannot be trained on; says why."""


def read_split(config: TrainConfig, names: tuple[str, ...]) -> Reading:
    """The conversations of the named data sets, mixed as the configuration says; raises `RowsError` where none is left."""
    readings = [_read(entry, config) for entry in entries(config.dataset_dir, names)]
    mixed = _mixed([reading.conversations for reading in readings], config)
    return Reading(mixed, [line for reading in readings for line in reading.refused])


def split_validation(conversations: list[Conversation], config: TrainConfig) -> tuple[list[Conversation], list[Conversation]]:
    """Training and validation rows, drawn with the configuration's seed; raises `RowsError` where either is empty."""
    if not config.val_size:
        return conversations, []
    share = config.val_size
    count = int(share) if share >= 1 else round(share * len(conversations))
    if not 0 < count < len(conversations):
        raise RowsError(f"val_size {share} of {len(conversations)} rows leaves {'no validation' if count <= 0 else 'no training'} rows; change val_size")
    drawn = Random(config.seed).sample(range(len(conversations)), len(conversations))
    kept = sorted(drawn[count:])
    return [conversations[i] for i in kept], [conversations[i] for i in sorted(drawn[:count])]


def _read(entry: Entry, config: TrainConfig) -> Reading:
    reading = Reading()
    limit = min((n for n in (entry.num_samples, config.max_samples) if n), default=None)
    for where, raw in _raw_rows(entry.path):
        if limit is not None and len(reading.conversations) >= limit:
            break
        try:
            reading.conversations.append(_conversation(raw, entry, config.default_system))
        except _Unusable as error:
            reading.refused.append(f"{where}: {error}")
    if not reading.conversations:
        seen = "; ".join(reading.refused[:SHOWN]) or "the file is empty"
        raise RowsError(f"data set {entry.name} ({entry.path.name}) has no row to train on ({seen}); check its formatting and columns in dataset_info.json")
    return reading


def _raw_rows(path: Path) -> Iterator[tuple[str, Any]]:
    """(where, value) of every row; a folder is all its files in order."""
    if path.is_dir():
        for file in sorted(p for p in path.iterdir() if p.suffix in SUFFIXES):
            yield from _raw_rows(file)
        return
    if path.suffix not in SUFFIXES:
        raise RowsError(f"{path.name}: the ending decides how a file is read; expected one of {', '.join(sorted(SUFFIXES))}")
    for placed in _parquet(path) if path.suffix == ".parquet" else values(path):
        yield f"{path.name} row {placed.place}", placed.value


def _parquet(path: Path) -> Iterator[Placed]:
    from pyarrow import ArrowException, parquet

    try:
        rows = parquet.read_table(path).to_pylist()
    except ArrowException as error:
        raise RowsError(f"{path.name} is no parquet file ({error}); check its ending") from error
    yield from (Placed(number, row) for number, row in enumerate(rows, start=1))


def _conversation(raw: Any, entry: Entry, default_system: str | None) -> Conversation:
    if not isinstance(raw, dict):
        raise _Unusable("is no object")
    messages = _alpaca(raw, entry) if entry.formatting == "alpaca" else _turns(raw, entry)
    system = _text(raw, entry.columns["system"])
    if messages and messages[0]["role"] != "system" and (system or default_system):
        messages.insert(0, {"role": "system", "content": system or default_system or ""})
    _check_turns(messages)
    given = raw.get("given_chars", 0)
    return Conversation(tuple(messages), given if isinstance(given, int) else 0, _text(raw, entry.columns["tools"]))


def _alpaca(raw: dict[str, Any], entry: Entry) -> list[dict[str, str]]:
    columns = entry.columns
    history = raw.get(columns["history"]) if columns["history"] else None
    turns = [(str(asked), str(said)) for asked, said in history or ()]
    asked = "\n".join(part for part in (_text(raw, columns["prompt"]), _text(raw, columns["query"])) if part)
    turns.append((asked, _text(raw, columns["response"])))
    return [{"role": role, "content": text} for turn in turns for role, text in zip(("user", "assistant"), turn, strict=True)]


def _turns(raw: dict[str, Any], entry: Entry) -> list[dict[str, str]]:
    openai = entry.formatting == "openai"
    tags = dict(entry.tags)
    if openai and tags["role_tag"] in {None, "from"}:  # an openai entry need not spell out what openai means
        tags = {**tags, "role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant",
                "observation_tag": "tool", "function_tag": "function", "system_tag": "system"}
    column = entry.columns["messages"] or "messages"
    turns = raw.get(column, raw.get("messages") if openai else None)
    if not isinstance(turns, list):
        raise _Unusable(f"has no list of messages in column {column!r}")
    roles = {tags["user_tag"]: "user", tags["assistant_tag"]: "assistant", tags["system_tag"]: "system",
             tags["observation_tag"]: "tool", tags["function_tag"]: "assistant"}
    roles.pop(None, None)  # a tag that is left out names no role
    messages = []
    for turn in turns:
        role = roles.get(turn.get(tags["role_tag"])) if isinstance(turn, dict) else None
        if role is None:
            raise _Unusable(f"has a message whose {tags['role_tag']!r} is none of {', '.join(map(str, roles))}")
        messages.append({"role": role, "content": str(turn.get(tags["content_tag"]) or "")})
    return messages


def _check_turns(messages: list[dict[str, str]]) -> None:
    said = [message["role"] for message in messages if message["role"] != "system"]
    if not said or said[-1] != "assistant":
        raise _Unusable("does not end with the assistant's answer")
    if said[0] != "user":
        raise _Unusable(f"begins with the {said[0]}, not with the user")
    if not messages[-1]["content"].strip():
        raise _Unusable("has an empty answer")


def _text(raw: dict[str, Any], column: str | None) -> str:
    value = raw.get(column) if column else None
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _mixed(parts: list[list[Conversation]], config: TrainConfig) -> list[Conversation]:
    """All parts one after the other, or interleaved until the first (under) or the last (over) is used up."""
    if config.mix_strategy == "concat" or len(parts) == 1:
        return [conversation for part in parts for conversation in part]
    from datasets import Dataset, interleave_datasets

    indexed = [Dataset.from_dict({"part": [number] * len(part), "row": list(range(len(part)))}) for number, part in enumerate(parts)]
    stop = "first_exhausted" if config.mix_strategy == "interleave_under" else "all_exhausted"
    mixed = interleave_datasets(indexed, probabilities=list(config.interleave_probs) or None, seed=config.seed, stopping_strategy=stop)
    return [parts[item["part"]][item["row"]] for item in mixed]
