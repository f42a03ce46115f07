"""One model, two spellings: THUDM's own checkpoint of ChatGLM3 and transformers' `GlmForCausalLM`.

Only names stand here; numbers are moved by `weights` and `adapter`. No tensor is transposed or permuted: the fused
query_key_value is [all q | all k | all v], and both spellings rotate neighbouring pairs of the first half of a head.
"""

import re
from dataclasses import dataclass

WHOLE = {
    "transformer.embedding.word_embeddings.weight": "model.embed_tokens.weight",
    "transformer.encoder.final_layernorm.weight": "model.norm.weight",
    "transformer.output_layer.weight": "lm_head.weight",
}
DROPPED = "transformer.rotary_pos_emb.inv_freq"  # computed anew from the configuration
FUSED = "self_attention.query_key_value"
SPLIT = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")  # in the order of the fused rows
LINEAR = {
    FUSED: SPLIT,
    "self_attention.dense": ("self_attn.o_proj",),
    "mlp.dense_h_to_4h": ("mlp.gate_up_proj",),  # both are [gate; up]
    "mlp.dense_4h_to_h": ("mlp.down_proj",),
}
NATIVE_OF = {**LINEAR, "input_layernorm": ("input_layernorm",), "post_attention_layernorm": ("post_attention_layernorm",)}
THUDM_OF = {native: thudm for thudm, natives in LINEAR.items() for native in natives}
THUDM_LAYERS, NATIVE_LAYERS = "transformer.encoder.layers", "model.layers"


@dataclass(frozen=True)
class Place:
    """Where a tensor sits: its layer, the module in it, and what of the module it is (weight, bias, lora_A.weight …)."""

    layer: int
    module: str
    kind: str


def thudm_place(name: str) -> Place | None:
    """The place a THUDM name means, None where it means none inside a layer."""
    return _place(name, THUDM_LAYERS, tuple(NATIVE_OF))


def native_place(name: str) -> Place | None:
    """The place of a linear layer's tensor under its native name, None for any other."""
    return _place(name, NATIVE_LAYERS, tuple(THUDM_OF))


def native_names(name: str) -> tuple[str, ...]:
    """The native names of one THUDM tensor: one, three for the fused one, none where the name is unknown."""
    if name in WHOLE:
        return (WHOLE[name],)
    place = thudm_place(name)
    return tuple(f"{NATIVE_LAYERS}.{place.layer}.{module}.{place.kind}" for module in NATIVE_OF[place.module]) if place else ()


def short(module: str) -> str:
    """The last part of a module's name, as peft's target_modules hold it."""
    return module.rpartition(".")[2]


def _place(name: str, layers: str, modules: tuple[str, ...]) -> Place | None:
    found = re.fullmatch(rf"{re.escape(layers)}\.(\d+)\.({'|'.join(map(re.escape, modules))})\.(.+)", name)
    return Place(int(found[1]), found[2], found[3]) if found else None
