"""Batches that share a front: the same loss and gradients as the rows apart, and every row once an epoch."""

from pathlib import Path
from typing import Any

import pytest
import torch

from finetune.training.attention import use_layout
from finetune.training.batches import Collator, FamilySampler, shared_front
from finetune.training.encoding import NOT_LEARNED, Example
from finetune.training.loss import ROWS_AT_ONCE, answer_loss

FRONT = list(range(10, 40))


def row(*rest: int, learned: int = 3) -> dict[str, list[int]]:
    """A row of the common front and its own tokens, the last `learned` of which carry the loss."""
    ids = [*FRONT, *rest]
    return {"input_ids": ids, "labels": [NOT_LEARNED] * (len(ids) - learned) + ids[-learned:]}


ROWS = [row(50, 51, 52, 53, 54), row(60, 61, 62, 63, 64, 65, 66, 67), row(50, 51, 70, 71)]


def model_with_lora(base: Path, **lora: Any) -> Any:
    """The tiny base with an adapter whose matrices are both random, so that every gradient is there."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(3)
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(str(base)), LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM", **lora))
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    return model.train()


def gradients(model: Any) -> dict[str, torch.Tensor]:
    """What the backward pass left on the adapter."""
    return {name: weight.grad.clone() for name, weight in model.named_parameters() if weight.grad is not None}


def apart(model: Any, rows: list[dict[str, list[int]]]) -> tuple[float, dict[str, torch.Tensor]]:
    """Loss sum and gradients of the rows one by one, computed by transformers' own forward."""
    total = 0.0
    for item in rows:
        logits = model(input_ids=torch.tensor([item["input_ids"]])).logits[0, :-1]
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(item["labels"][1:]), ignore_index=NOT_LEARNED, reduction="sum")
        loss.backward()
        total += loss.item()
    return total, gradients(model)


def together(model: Any, items: list[dict[str, Any]]) -> tuple[float, dict[str, torch.Tensor]]:
    """The same for one laid-out batch."""
    batch = Collator()(items)
    labels = batch.pop("labels")[0]
    places = (labels != NOT_LEARNED).nonzero().flatten()
    logits = model(**batch, attention_mask=torch.ones(1, 1, 1, 1), use_cache=False, logits_to_keep=places - 1).logits[0]
    loss = torch.nn.functional.cross_entropy(logits, labels[places], reduction="sum")
    loss.backward()
    return loss.item(), gradients(model)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("lora", [{}, {"use_dora": True}, {"use_rslora": True}])
def test_sharing_the_front_changes_no_number(tiny_base: Path, lora: dict[str, bool], packed: bool) -> None:
    """Loss and every gradient of a shared or packed batch are those of the rows one by one."""
    wanted_loss, wanted = apart(model_with_lora(tiny_base, **lora), ROWS)
    model = model_with_lora(tiny_base, **lora)
    use_layout(model.get_base_model())
    both = {key: ROWS[0][key] + ROWS[1][key] for key in ("input_ids", "labels")} | {"seq_lengths": [len(r["input_ids"]) for r in ROWS[:2]]}
    loss, seen = together(model, [both, ROWS[2]] if packed else ROWS)
    assert loss == pytest.approx(wanted_loss, rel=1e-5)
    assert seen.keys() == wanted.keys()
    assert all(torch.allclose(seen[name], wanted[name], rtol=1e-3, atol=1e-5) for name in wanted)
    assert max(grad.abs().max() for grad in wanted.values()) > 1e-2


def test_the_first_learned_token_is_predicted_from_the_rows_own_part() -> None:
    """A front is shared short of the token that predicts the first learned one, and not at all for a single row."""
    same = [row(50, 51, learned=2), row(50, 51, learned=2)]
    examples = [Example(item["input_ids"], item["labels"]) for item in same]
    assert shared_front(examples) == len(FRONT) - 1
    assert shared_front(examples[:1]) == 0


def test_positions_and_labels_go_with_their_rows() -> None:
    """Every row's rest counts on from the front; labels stay with their tokens."""
    batch = Collator()(ROWS)
    front = len(FRONT)
    assert batch["layout"].prefix == front
    assert batch["layout"].rests == (5, 8, 4)
    assert batch["position_ids"][0].tolist() == [*range(front), *range(front, front + 5), *range(front, front + 8), *range(front, front + 4)]
    kept = [(token, label) for token, label in zip(batch["input_ids"][0].tolist(), batch["labels"][0].tolist(), strict=True) if label != NOT_LEARNED]
    assert kept == [(token, token) for token in (52, 53, 54, 65, 66, 67, 51, 70, 71)]


def test_every_row_comes_once_an_epoch_in_batches_of_one_family() -> None:
    """Families are kept together (one batch is made of what they leave), the order changes from epoch to epoch and repeats for the same epoch."""
    fronts = [(number % 2,) for number in range(21)]
    sampler = FamilySampler(fronts, [1] * 21, batch=4, seed=3)
    first = list(sampler)
    sampler.set_epoch(1)
    assert sorted(first) == sorted(sampler) == list(range(21))
    assert list(sampler) != first
    assert sum(len({fronts[row] for row in first[at : at + 4]}) > 1 for at in range(0, 20, 4)) <= 1
    sampler.set_epoch(0)
    assert list(sampler) == first


def test_rows_with_a_front_of_their_own_are_met_throughout() -> None:
    """Short general rows share no front: in the last batches the learning rate would be next to nothing."""
    fronts = [(0,)] * 80 + [(number,) for number in range(1, 81)]
    order = list(FamilySampler(fronts, [1] * 160, batch=4, seed=3))
    places = [place for place, row in enumerate(order) if row >= 80]
    assert 60 < sum(places) / len(places) < 100


def test_batches_are_about_equally_long() -> None:
    """The longest batch is little longer than the shortest, though rows differ eightfold; without dealing it would be."""
    lengths = [100 + (number * 37) % 701 for number in range(256)]

    def totals(order: list[int]) -> list[int]:
        return [sum(lengths[row] for row in order[at : at + 8]) for at in range(0, 256, 8)]

    dealt, plain = totals(list(FamilySampler([()] * 256, lengths, batch=8, seed=1))), totals(torch.randperm(256).tolist())
    assert max(dealt) / min(dealt) < 1.1 < max(plain) / min(plain)


def test_rows_of_similar_length_meet() -> None:
    """With length grouping the lengths within a batch lie closer together than without."""
    lengths = [(number * 37) % 101 for number in range(64)]

    def spread(by_length: bool) -> int:
        order = list(FamilySampler([()] * 64, lengths, batch=8, seed=1, by_length=by_length))
        batches = [[lengths[row] for row in order[at : at + 8]] for at in range(0, 64, 8)]
        return sum(max(batch) - min(batch) for batch in batches)

    assert spread(True) < spread(False) / 3


def test_the_loss_in_parts_is_torchs_own() -> None:
    """Loss, gradient and hits equal cross entropy over all logits at once, across several parts."""
    torch.manual_seed(0)
    head = torch.nn.Linear(16, 50)
    head.requires_grad_(False)
    hidden, wanted = torch.randn(ROWS_AT_ONCE + 44, 16, requires_grad=True), torch.randint(0, 50, (ROWS_AT_ONCE + 44,))
    plain = torch.nn.functional.cross_entropy(head(hidden), wanted, reduction="sum")
    plain.backward()
    expected, hidden.grad = hidden.grad, None
    loss, right = answer_loss(hidden, head, wanted)
    (loss * 3).backward()
    assert loss.item() == pytest.approx(plain.item(), rel=1e-5)
    assert torch.allclose(hidden.grad, expected * 3, rtol=1e-4, atol=1e-5)
    assert right == int((head(hidden).argmax(-1) == wanted).sum())
