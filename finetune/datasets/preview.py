"""Rows as a model will meet them: rendered with its own chat template, and which part of the text is learned.

The very pieces that training tokenises, so that what is seen here is what happens there. Not covered: batches, packing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from finetune.datasets.convert import Conversion, dialogues
from finetune.datasets.formats import Dialogue
from finetune.training.conversations import Conversation
from finetune.training.encoding import NOT_LEARNED, Piece, encode, pieces

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Rendered:
    """One row: its pieces in order, and its tokens, all and learned."""

    place: int
    pieces: list[Piece]
    tokens: int
    learned: int


@dataclass(frozen=True)
class Length:
    """A row that is longer than the cut: how long, and whether any of its answer is left."""

    place: int
    tokens: int
    answer_left: bool


def conversation(dialogue: Dialogue) -> Conversation:
    """A dialogue as training reads it."""
    given = dialogue.extra.get("given_chars", 0)
    return Conversation(dialogue.messages, given if isinstance(given, int) else 0)


def rendered(path: Path, tokenizer: "PreTrainedTokenizerBase", first: int, count: int, *, history: bool) -> Iterator[Rendered]:
    """`count` rows from row `first` (counted from 1) on, as the template writes them."""
    for number, (place, dialogue) in enumerate(dialogues(path, Conversion()), start=1):
        if number >= first + count:
            return
        if number >= first and dialogue.answer:
            row = conversation(dialogue)
            example = encode(tokenizer, row, history=history)
            learned = sum(label != NOT_LEARNED for label in example.labels)
            yield Rendered(place, pieces(tokenizer, row, history=history), len(example.input_ids), learned)


def overlong(path: Path, tokenizer: "PreTrainedTokenizerBase", cutoff: int) -> tuple[list[Length], list[int]]:
    """The rows that `cutoff` tokens would cut, and every row's length in tokens."""
    cut, lengths = [], []
    for place, dialogue in dialogues(path, Conversion()):
        if not dialogue.answer:
            continue
        example = encode(tokenizer, conversation(dialogue), history=False)
        lengths.append(len(example.input_ids))
        if lengths[-1] > cutoff:
            left = any(label != NOT_LEARNED for label in example.labels[:cutoff])
            cut.append(Length(place, lengths[-1], left))
    return cut, lengths
