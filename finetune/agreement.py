"""Whether a model, greedy, would have written the very tokens another one wrote, and how near a thing it was where not.

What was written is read in one pass: greedy decoding writes a token exactly where it is the likeliest after all before
it. So nothing has to be generated twice, and the logits at the first difference are there to be looked at.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

NEAR_TIE_LOGITS = 0.5  # two words nearer than this may change places by rounding: odds of 5 to 3 at most


@dataclass(frozen=True)
class Difference:
    """The first token that would have been another: its place in the answer from 0, both tokens, and the logits between them."""

    place: int
    wanted: int
    said: int
    margin: float

    @property
    def near_tie(self) -> bool:
        """Whether rounding explains it."""
        return self.margin <= NEAR_TIE_LOGITS


@dataclass(frozen=True)
class Agreement:
    """How many tokens were compared, at how many the two likeliest were nearly tied, and the first difference, if any."""

    tokens: int
    near_ties: int
    first: Difference | None


class Reader:
    """Reads token sequences with a model; what one shares with the one before is not read again."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self._read: list[int] = []
        self._cache: Any = None

    def greedy(self, asked: list[int], limit: int, stops: frozenset[int]) -> list[int]:
        """What the model writes after `asked`: at most `limit` tokens, the last one of `stops` where it ended by itself."""
        said: list[int] = []
        while len(said) < limit and not (said and said[-1] in stops):
            said.append(int(self._logits([*asked, *said], 1)[-1].argmax()))
        return said

    def agreement(self, asked: list[int], said: list[int]) -> Agreement:
        """Compare what was said after `asked` with what this model would have said; both are token ids, `said` not empty."""
        logits = self._logits([*asked, *said[:-1]], len(said))
        best = logits.topk(2, dim=-1)
        near = int(((best.values[:, 0] - best.values[:, 1]) <= NEAR_TIE_LOGITS).sum())
        for place, token in enumerate(said):
            wanted = int(best.indices[place, 0])
            if wanted != token:
                margin = float(logits[place, wanted] - logits[place, token])
                return Agreement(place + 1, near, Difference(place, wanted, token, round(margin, 4)))
        return Agreement(len(said), near, None)

    def _logits(self, ids: list[int], last: int) -> "torch.Tensor":
        """Float32 logits, (last, vocabulary), behind each of the `last` tokens of `ids`."""
        import torch
        from transformers import DynamicCache

        same = 0
        for before, now in zip(self._read, ids[: len(ids) - last], strict=False):
            if before != now:
                break
            same += 1
        if same == 0:
            self._cache = DynamicCache(config=self.model.config)
        elif same < len(self._read):
            self._cache.crop(same - len(self._read))  # negative: so many taken away from the end
        with torch.no_grad():
            new = torch.tensor([ids[same:]], device=self.model.device)
            logits: torch.Tensor = self.model(input_ids=new, past_key_values=self._cache, use_cache=True, logits_to_keep=last).logits[0]
        self._read = ids
        return logits.float().cpu()
