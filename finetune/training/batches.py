"""Batches without padding: rows one after the other in a single sequence, what they share at their front only once.

Every row of a language begins with the same few hundred tokens (system prompt and worked example). In a batch they
stand once; each row attends to them and to itself, never to its neighbours (`finetune.training.attention`). Loss and
gradients are those of the rows apart, for a fraction of the tokens.

    [ prefix | rest of row 1 | rest of row 2 | … ]      positions: 0…P-1, P…P+n1-1, P…P+n2-1, …
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils.data import Sampler

from finetune.training.encoding import NOT_LEARNED, Example

FRONT_TOKENS = 64  # rows with the same first tokens are put in one batch
SHORTEST_SHARED = 16  # a shorter common front is not worth a layout of its own
DEALT_BATCHES = 16  # long and short rows are dealt out evenly among so many batches


@dataclass
class Layout:
    """Where rows lie in the sequence: `prefix` shared tokens, then a rest of `rests[i]` tokens for each row."""

    prefix: int
    rests: tuple[int, ...]
    _masks: dict[tuple[int, int, torch.dtype], torch.Tensor] = field(default_factory=dict, repr=False)

    def mask(self, rest: int, like: torch.Tensor) -> torch.Tensor:
        """What a row's rest may see, (rest, prefix + rest): all of the prefix, and itself up to each token."""
        return self._mask(rest, self.prefix, like)

    def front_mask(self, like: torch.Tensor) -> torch.Tensor:
        """What the shared front may see, (prefix, prefix): itself up to each token."""
        return self._mask(self.prefix, 0, like)

    def _mask(self, rows: int, before: int, like: torch.Tensor) -> torch.Tensor:
        """Zeros where a token may look, minus infinity where not; made once a batch, used by every layer."""
        key = (rows, before, like.dtype)
        if key not in self._masks:
            seen = torch.ones(rows, before + rows, dtype=torch.bool, device=like.device).tril(before)
            self._masks[key] = torch.zeros(seen.shape, dtype=like.dtype, device=like.device).masked_fill_(~seen, float("-inf"))
        return self._masks[key]


@dataclass(frozen=True)
class Collator:
    """Lays rows out as one sequence; with `share_prefix` their common front stands once."""

    share_prefix: bool = True

    def __call__(self, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Tensors of shape (1, tokens): `input_ids`, `labels`, `position_ids`; and the `layout`."""
        rows = [row for item in items for row in _unpacked(item)]
        prefix = shared_front(rows) if self.share_prefix else 0
        ids, labels = list(rows[0].input_ids[:prefix]), [NOT_LEARNED] * prefix
        positions = list(range(prefix))
        for row in rows:
            ids += row.input_ids[prefix:]
            labels += row.labels[prefix:]
            positions += range(prefix, len(row.input_ids))
        rests = tuple(len(row.input_ids) - prefix for row in rows)
        tensors = {"input_ids": ids, "labels": labels, "position_ids": positions}
        return {**{name: torch.tensor([values]) for name, values in tensors.items()}, "layout": Layout(prefix, rests)}


def shared_front(rows: Sequence[Example]) -> int:
    """How many tokens all rows begin with alike, short of the first that any of them learns; 0 where it is not worth it."""
    if len(rows) < 2:
        return 0
    first = rows[0].input_ids
    length = min(_unlearned_front(row) for row in rows)
    for row in rows[1:]:
        same = next((i for i in range(length) if row.input_ids[i] != first[i]), length)
        length = min(length, same)
    return length if length >= SHORTEST_SHARED else 0


def _unlearned_front(row: Example) -> int:
    """Tokens before the one that predicts the first learned token: that one must stand in the row's own rest."""
    first = next((i for i, label in enumerate(row.labels) if label != NOT_LEARNED), len(row.labels))
    return max(first - 1, 0)


def _unpacked(item: dict[str, Any]) -> Iterator[Example]:
    """The rows of an item: one, or those that packing put together."""
    at = 0
    for length in item.get("seq_lengths") or [len(item["input_ids"])]:
        yield Example(list(item["input_ids"][at : at + length]), [NOT_LEARNED, *item["labels"][at + 1 : at + length]])
        at += length


class FamilySampler(Sampler[int]):
    """Rows in batches of one family (the same first tokens), shuffled anew each epoch; resuming repeats the same order.

    Batches are about equally long, so that none needs much more memory than the others. With `by_length` rows of similar
    length meet instead, which helps where batches are padded.
    """

    def __init__(self, fronts: Sequence[tuple[int, ...]], lengths: Sequence[int], batch: int, seed: int, *, by_length: bool = False) -> None:
        self.lengths, self.batch, self.seed, self.by_length, self.epoch = lengths, batch, seed, by_length, 0
        self.families: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for number, front in enumerate(fronts):
            self.families[front].append(number)

    def set_epoch(self, epoch: int) -> None:
        """The order is that of this epoch from now on."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed + self.epoch)
        batches: list[list[int]] = []
        left: list[int] = []
        for family in self.families.values():
            order = [family[i] for i in torch.randperm(len(family), generator=generator).tolist()]
            whole = len(order) // self.batch * self.batch
            batches += self._batches(order[:whole])
            left += order[whole:]
        left = [left[i] for i in torch.randperm(len(left), generator=generator).tolist()]
        whole = len(left) // self.batch * self.batch  # rows with a family of their own are met throughout, not when the rate has sunk to nothing
        batches += [left[at : at + self.batch] for at in range(0, whole, self.batch)]
        for at in torch.randperm(len(batches), generator=generator).tolist():
            yield from batches[at]
        yield from left[whole:]  # last: a batch that is not full would shift all others across families

    def _batches(self, order: list[int]) -> list[list[int]]:
        if self.by_length:
            order = sorted(order, key=lambda row: self.lengths[row])
            return [order[at : at + self.batch] for at in range(0, len(order), self.batch)]
        hand = DEALT_BATCHES * self.batch
        return [batch for at in range(0, len(order), hand) for batch in self._dealt(order[at : at + hand])]

    def _dealt(self, rows: list[int]) -> list[list[int]]:
        """Full batches of about equal length: each row, longest first, goes to the batch that is shortest so far."""
        batches: list[list[int]] = [[] for _ in range(len(rows) // self.batch)]
        tokens = [0] * len(batches)
        for row in sorted(rows, key=lambda row: -self.lengths[row]):
            chosen = min((number for number, batch in enumerate(batches) if len(batch) < self.batch), key=tokens.__getitem__)
            batches[chosen].append(row)
            tokens[chosen] += self.lengths[row]
        return batches
