"""Multiple choice by likelihood: which option's words the model itself would rather have written.

A half-billion model asked for a letter says A whatever is asked (302 of our 336 items), which measures its habit and not
its knowledge. Here every option is read as the answer, and the one with the highest mean log-probability of a token is
chosen, as is usual for small models (lm-evaluation-harness calls it acc_norm). Needs torch; nothing is unparsed.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chains import prompts
from chains.models.adapted import with_adapter
from finetune.base import load_base
from finetune.judging.forgetting_asking import Choice
from finetune.judging.forgetting_items import LETTERS, Item

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def load(base: str, adapter: Path | None, home: Path) -> "tuple[PreTrainedModel, PreTrainedTokenizerBase]":
    """The base in float32, with the PEFT folder `adapter` where one is given; raises `BaseError` and `EngineError`."""
    model, tokenizer = load_base(base, home)
    if adapter:
        model = with_adapter(model, adapter)
    model.eval()  # type: ignore[no-untyped-call]
    return model, tokenizer


def ask_by_likelihood(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", items: Iterable[Item]) -> Iterator[Choice]:
    """The likeliest option of each item; `said` keeps the options' mean log-probabilities."""
    for item in items:
        scores = option_scores(model, tokenizer, prompts.open_question(item.language, item.question), item.options)
        best = LETTERS[max(range(len(scores)), key=scores.__getitem__)]
        said = " ".join(f"{score:.3f}" for score in scores)
        yield Choice(item.id, item.digest, item.language, item.stratum, item.right, best, said)


def option_scores(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", question: str, options: Sequence[str]
) -> list[float]:
    """Mean log-probability of a token of each option as the answer; the question is read once for all of them."""
    import torch

    begun: str = tokenizer.apply_chat_template([{"role": "user", "content": question}], tokenize=False, add_generation_prompt=True)  # type: ignore[assignment]
    head = tokenizer(begun, add_special_tokens=False)["input_ids"]
    tails = [tokenizer(option, add_special_tokens=False)["input_ids"] for option in options]
    longest = max(map(len, tails))
    rows = torch.tensor([[*tail, *[0] * (longest - len(tail))] for tail in tails], device=model.device)
    with torch.inference_mode():
        read = model(torch.tensor([head], device=model.device), use_cache=True, logits_to_keep=1)
        read.past_key_values.batch_repeat_interleave(len(options))
        after = model(rows, past_key_values=read.past_key_values).logits  # what stands after an answer cannot change it: padding needs no mask
    logits = torch.cat([read.logits.expand(len(options), -1, -1), after[:, :-1]], dim=1).float()
    return [_mean(logits[place], tail) for place, tail in enumerate(tails)]


def _mean(logits: "torch.Tensor", tail: Sequence[int]) -> float:
    import torch

    wanted = torch.tensor(tail, device=logits.device)
    chances = logits[: len(tail)].log_softmax(-1)
    return float(chances.gather(1, wanted[:, None]).mean())
