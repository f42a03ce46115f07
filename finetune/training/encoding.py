"""Conversations as tokens, and which of them are learned: the assistant's words and the mark that ends them.

The base's own chat template writes the text, growing message by message; what the template adds for an assistant
message is that message's span. Pieces are tokenised apart at the place where the model takes over, as they are when it
is served, so that training and serving see the same tokens. Not covered: batches (see `finetune.training.batches`).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from finetune.training.conversations import Conversation
from finetune.training.errors import RowsError, TrainingError
from finetune.training.keys import TEMPLATES

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

NOT_LEARNED = -100  # torch's own mark for positions without loss


@dataclass(frozen=True)
class Piece:
    """A stretch of the rendered text; `learned` pieces carry the loss."""

    text: str
    learned: bool


@dataclass(frozen=True)
class Example:
    """One row's tokens; a label is the token itself where it is learned, else -100."""

    input_ids: list[int]
    labels: list[int]


@dataclass(frozen=True)
class Counts:
    """What became of the rows: how many are left, how many were cut, how many had nothing to learn left after the cut."""

    rows: int
    cut: int
    dropped: int
    tokens: int
    learned: int


def pieces(tokenizer: "PreTrainedTokenizerBase", row: Conversation, *, history: bool, prompts: bool = False) -> list[Piece]:
    """The row as the template writes it, cut where learning begins and ends.

    `history` learns every answer, else only the last; `prompts` learns everything. Raises `TrainingError` where the
    template rewrites earlier turns, so that an answer has no span of its own.
    """
    render = _renderer(tokenizer, row)
    messages = list(row.messages)
    last = len(messages) - 1
    done, cut = 0, []
    for number, message in enumerate(messages):
        if message["role"] != "assistant" or (number != last and not history):
            continue
        before, after = render(messages[:number], True), render(messages[: number + 1], False)
        start = _behind(after, len(before), message["content"][: row.given_chars] if number == last else "")
        end = _end_of_turn(after, tokenizer)
        if not after.startswith(before) or done > len(before):
            raise TrainingError(
                "the base's chat template rewrites earlier turns, so the answers of a longer conversation cannot be told "
                "apart; set mask_history: true to learn the last answer only"
            )
        mark = "" if number == last else _next_speaker(tokenizer, after[:end], render(messages[: number + 2], False))
        unended = number == last and not after[:end].endswith(str(tokenizer.eos_token))
        said = after[start:end] + (str(tokenizer.eos_token) if unended else mark)  # else it would never learn to stop
        cut += [Piece(after[done:start], prompts), Piece(said, True)]
        done = end + len(mark)
    return [piece for piece in cut if piece.text]


def encode(tokenizer: "PreTrainedTokenizerBase", row: Conversation, *, history: bool, prompts: bool = False) -> Example:
    """Tokens and labels of a row; raises `TrainingError` as `pieces` does."""
    ids: list[int] = []
    labels: list[int] = []
    for piece in pieces(tokenizer, row, history=history, prompts=prompts):
        tokens = tokenizer(piece.text, add_special_tokens=False)["input_ids"]
        ids += tokens
        labels += tokens if piece.learned else [NOT_LEARNED] * len(tokens)
    labels[:1] = [NOT_LEARNED]  # nothing stands before the first token to predict it from
    return Example(ids, labels)


def encode_all(
    tokenizer: "PreTrainedTokenizerBase", rows: list[Conversation], cutoff: int, *, history: bool, prompts: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[Example], Counts]:
    """Every row cut to `cutoff` tokens; raises `RowsError` where no row keeps an answer."""
    examples, cut, dropped, shortest = [], 0, 0, 0
    for number, row in enumerate(rows, start=1):
        whole = encode(tokenizer, row, history=history, prompts=prompts)
        example = Example(whole.input_ids[:cutoff], whole.labels[:cutoff])
        cut += len(whole.input_ids) > cutoff
        first = next((i for i, label in enumerate(whole.labels) if label != NOT_LEARNED), len(whole.labels))
        shortest = min(shortest or first, first)
        if first >= cutoff:
            dropped += 1
        else:
            examples.append(example)
        if progress:
            progress(number, len(rows))
    if not examples:
        raise RowsError(f"cutoff_len {cutoff} is shorter than every prompt (the shortest takes {shortest} tokens); set it above that plus the answer")
    learned = sum(label != NOT_LEARNED for example in examples for label in example.labels)
    return examples, Counts(len(examples), cut, dropped, sum(len(e.input_ids) for e in examples), learned)


def check_template(tokenizer: "PreTrainedTokenizerBase", template: str | None) -> None:
    """Raise `TrainingError` where the base has no chat template, or another than the configuration names."""
    if not tokenizer.chat_template:
        raise TrainingError("the base has no chat template of its own; use an instruct model, or put a chat_template.jinja into its folder")
    if template is None:
        return
    lacking = [mark for mark in TEMPLATES[template] if mark not in str(tokenizer.chat_template)]
    if lacking:
        fitting = [name for name, marks in TEMPLATES.items() if all(mark in str(tokenizer.chat_template) for mark in marks)]
        raise TrainingError(
            f"template {template} is wrong for this model: its chat template has no {' '.join(lacking)}; "
            f"write template: {fitting[0]}" if fitting else f"template {template} is wrong for this model; leave the key out"
        )


def _renderer(tokenizer: "PreTrainedTokenizerBase", row: Conversation) -> Callable[[list[dict[str, str]], bool], str]:
    tools = json.loads(row.tools) if row.tools else None

    def render(messages: list[dict[str, str]], asked: bool) -> str:
        text: Any = tokenizer.apply_chat_template(messages, tools=tools, tokenize=False, add_generation_prompt=asked)
        return str(text)

    return render


def _behind(text: str, at: int, given: str) -> int:
    """Where `given` ends in the text from `at` on; templates may put a line break before an answer."""
    found = text.find(given, at) if given else -1
    return found + len(given) if found >= 0 else at


def _next_speaker(tokenizer: "PreTrainedTokenizerBase", said: str, whole: str) -> str:
    """The special token that begins the next turn, where it alone ends an answer: a model without a mark of its own stops by saying it."""
    marks = tuple(tokenizer.get_added_vocab())
    if said.endswith(marks) or not whole.startswith(said):
        return ""
    return next((mark for mark in marks if whole.startswith(mark, len(said))), "")


def _end_of_turn(text: str, tokenizer: "PreTrainedTokenizerBase") -> int:
    """Where the last answer ends: after its end-of-turn mark, before the line break some templates add."""
    stripped = text.rstrip()
    return len(stripped) if stripped.endswith(str(tokenizer.eos_token)) else len(text)
