"""Probes: questions answered before, during and after a training, so that a reader sees what it changed.

A file of probes holds a question a line, or JSON lines with `messages`; without one, rows of the validation set are
asked, one for each way the prompts begin. Not covered: scores (see `finetune.evaluation`).
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from finetune.training.conversations import Conversation
from finetune.training.errors import RowsError
from finetune.training.texts import read_text

if TYPE_CHECKING:
    from finetune.training.trainer import AnswerTrainer

OWN_PROBES = 3  # taken from the validation rows where the user gives none
MAX_NEW_TOKENS = 160


@dataclass(frozen=True)
class Probe:
    """What is asked, and the answer the data set holds, if it does."""

    messages: tuple[dict[str, str], ...]
    expected: str = ""


def read_probes(path: Path) -> list[Probe]:
    """The probes of a file; raises `RowsError` at a line that cannot be used."""
    probes = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("{"):
            probes.append(Probe(({"role": "user", "content": line.strip()},)))
            continue
        try:
            messages = json.loads(line)["messages"]
            probes.append(probe_of(tuple({"role": str(m["role"]), "content": str(m["content"])} for m in messages)))
        except (ValueError, KeyError, TypeError) as error:
            raise RowsError(f"{path.name} line {number}: expected a question, or an object whose messages have role and content ({error})") from error
    if not probes:
        raise RowsError(f"{path} holds no question; write one a line")
    return probes


def own_probes(rows: list[Conversation]) -> list[Probe]:
    """Rows to ask where no probes are given: the first of each way of beginning."""
    chosen: dict[str, Probe] = {}
    for row in rows:
        if len(chosen) < OWN_PROBES:
            chosen.setdefault(row.messages[0]["content"] if row.messages[0]["role"] == "system" else "", probe_of(row.messages))
    return list(chosen.values())


def probe_of(messages: tuple[dict[str, str], ...]) -> Probe:
    """A conversation up to where the model must speak; what the assistant said last is the expected answer."""
    if messages and messages[-1]["role"] == "assistant":
        return Probe(messages[:-1], messages[-1]["content"])
    return Probe(messages)


def answer_probes(trainer: "AnswerTrainer", probes: list[Probe]) -> Iterator[dict[str, Any]]:
    """The model's greedy answer to each probe, with the seconds it took."""
    model, tokenizer = trainer.model, trainer.processing_class
    was_training = model.training
    model.eval()
    try:
        for probe in probes:
            began = time.monotonic()
            text = tokenizer.apply_chat_template(list(probe.messages), tokenize=False, add_generation_prompt=True)
            asked = tokenizer(text, add_special_tokens=False, return_tensors="pt").to(model.device)
            with torch.no_grad(), trainer.accelerator.autocast():
                said = model.generate(**asked, max_new_tokens=MAX_NEW_TOKENS, do_sample=False, temperature=None, top_p=None, top_k=None)
            answer = tokenizer.decode(said[0][asked["input_ids"].shape[1] :], skip_special_tokens=True)
            yield {"question": probe.messages[-1]["content"], "answer": answer, "expected": probe.expected, "seconds": round(time.monotonic() - began, 1)}
    finally:
        model.train(was_training)
