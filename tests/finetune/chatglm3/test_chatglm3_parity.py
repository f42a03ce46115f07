"""A converted checkpoint computes what the equations say: against stored values and a live reference in double precision."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from golden import FOLDER, golden
from thudm import CASES, GREEDY, HEADS, KEPT, LONG, REAL, TINY, VOCABULARY, Case, write_checkpoint
from transformers import GlmConfig, GlmForCausalLM

from finetune.base import load_base
from finetune.chatglm3.convert import convert

TOLERANCE = 1e-4  # of a logit, in float32


def last_logits(model: Any, ids: list[int]) -> np.ndarray:
    """The model's logits at the last positions of `ids`."""
    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0, -KEPT:].numpy()


def greedy(model: Any, ids: list[int], *, cached: bool) -> list[int]:
    """Ids said after `ids`, with the key-value cache or by reading everything again."""
    never = VOCABULARY  # an id that cannot come up keeps the model from stopping early
    said = model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), max_new_tokens=GREEDY, do_sample=False,
                          temperature=None, top_p=None, use_cache=cached, eos_token_id=never)
    return said[0, len(ids):].tolist()


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    """The golden values of every case."""
    return {name: dict(np.load(FOLDER / f"{name}.npz")) for name in CASES}


def converted(case: Case, folder: Path, tokenizer_model: bytes) -> Path:
    """A case's checkpoint, written in THUDM's layout and converted."""
    convert(write_checkpoint(folder / "thudm", case, tokenizer_model, ending=".safetensors"), folder / "native")
    return folder / "native"


@pytest.mark.parametrize("case", [TINY, LONG, HEADS, pytest.param(REAL, marks=pytest.mark.slow)], ids=lambda case: case.name)
def test_logits_and_words_are_those_of_the_equations(case: Case, stored: dict[str, Any], tokenizer_model: bytes, tmp_path: Path) -> None:
    """Logits differ by under 1e-4 with SDPA and eager attention; what is said greedily is the same with and without a cache."""
    folder = converted(case, tmp_path, tokenizer_model)
    wanted, half = stored[case.name], case.ids[: case.tokens // 2]
    model, _ = load_base(str(folder), tmp_path)
    for attention in ("sdpa", "eager"):
        model.set_attn_implementation(attention)
        difference = np.abs(last_logits(model, case.ids) - wanted["logits"]).max()
        print(f"{case.name}, {attention}: max |Δlogit| {difference:.1e}")
        assert difference < TOLERANCE
    for cached in (True, False):
        assert greedy(model, half, cached=cached) == wanted["greedy"].tolist()


@pytest.mark.parametrize("case", [TINY, LONG, HEADS], ids=lambda case: case.name)
def test_the_stored_values_are_the_references(case: Case, stored: dict[str, Any]) -> None:
    """The reference, run now, gives the stored logits and words: neither has drifted from the other."""
    live = golden(case)
    assert np.abs(live["logits"] - stored[case.name]["logits"]).max() < 1e-5
    assert live["greedy"].tolist() == stored[case.name]["greedy"].tolist()


def swapped(first: str, second: str) -> Callable[[dict[str, torch.Tensor]], None]:
    """Exchange two tensors of a state dict."""
    def swap(state: dict[str, torch.Tensor]) -> None:
        state[first], state[second] = state[second], state[first]
    return swap


def heads_interleaved(state: dict[str, torch.Tensor]) -> None:
    """Cut the fused matrix group by group, as Megatron lays it out, instead of [all q | all k | all v]."""
    own = "model.layers.0.self_attn"
    fused = torch.cat([state[f"{own}.{name}_proj.weight"] for name in "qkv"])
    q, k, v = fused.view(2, 2 + 2, 16, -1).split([2, 1, 1], dim=1)
    state |= {f"{own}.{name}_proj.weight": part.reshape(-1, part.shape[-1]) for name, part in (("q", q), ("k", k), ("v", v))}


def gate_and_up_swapped(state: dict[str, torch.Tensor]) -> None:
    """Take the feed-forward's first half for the second."""
    name = "model.layers.1.mlp.gate_up_proj.weight"
    state[name] = torch.cat(state[name].chunk(2)[::-1])


ROPE = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5}


@pytest.mark.parametrize(("configured", "moved"), [
    ({"rms_norm_eps": 1.5625e-7}, None), ({"rope_parameters": {**ROPE, "rope_theta": 500000.0}}, None), ({"rope_parameters": {**ROPE, "partial_rotary_factor": 1.0}}, None),
    ({}, swapped("model.layers.0.self_attn.k_proj.weight", "model.layers.0.self_attn.v_proj.weight")), ({}, heads_interleaved), ({}, gate_and_up_swapped),
    ({}, swapped("model.layers.2.self_attn.k_proj.bias", "model.layers.2.self_attn.v_proj.bias")),
], ids=["epsilon", "rope base", "rope over all", "k for v", "split by group", "up for gate", "bias of k for v"])
def test_a_wrong_conversion_would_be_seen(configured: dict[str, Any], moved: Any, native: Path, stored: dict[str, Any]) -> None:
    """Each likely mistake moves the logits by more than the tolerance."""
    config = GlmConfig.from_pretrained(str(native), **configured)
    model = GlmForCausalLM.from_pretrained(str(native), config=config, dtype=torch.float32)
    if moved:
        state = dict(model.state_dict())
        moved(state)
        model = GlmForCausalLM(config).eval()
        model.load_state_dict(state)
    difference = np.abs(last_logits(model, TINY.ids) - stored["tiny"]["logits"]).max()
    print(f"mistake moves a logit by {difference:.1e}")
    assert difference > 2 * TOLERANCE
