"""LoRA adapters between the two spellings: THUDM's fused query_key_value, and q_proj, k_proj, v_proj.

To native is exact: the three share A, and B's rows are split (DoRA's magnitudes too). Back is exact where the three
share A; otherwise their matrices are stacked, A over A and B along a diagonal, which is the same map at the sum of the
ranks. Not covered: P-tuning, whole layers beside the adapter, biases, and adapters that changed their base (PiSSA, OLoRA).
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from finetune.chatglm3.naming import (
    FUSED,
    LINEAR,
    NATIVE_LAYERS,
    SPLIT,
    THUDM_LAYERS,
    THUDM_OF,
    Place,
    native_place,
    short,
    thudm_place,
)
from finetune.chatglm3.source import ConvertError, read_config, read_json
from finetune.chatglm3.weights import read_tensors

CONFIG, WEIGHTS = "adapter_config.json", ("adapter_model.safetensors", "adapter_model.bin")
PREFIX = "base_model.model."
A, B, MAGNITUDES = "lora_A.weight", "lora_B.weight", ("lora_magnitude_vector", "lora_magnitude_vector.weight")
PUBLISHED_ROWS = (4096, 256, 256)  # of queries, keys, values in every ChatGLM3 THUDM has published
PEFT_USUAL = 8  # peft's r and lora_alpha where a configuration does not say
Rows = tuple[int, int, int]
Tensors = dict[Place, torch.Tensor]


@dataclass(frozen=True)
class Adapter:
    """An adapter in one spelling: its configuration, and its tensors by place."""

    config: dict[str, Any]
    tensors: Tensors
    native: bool


def convert_adapter(source: Path, folder: Path, base: Path | None = None) -> Adapter:
    """Write the adapter in the other spelling to `folder` and return it; raises `ConvertError`.

    `base` is a model folder of either spelling; without it, the base the adapter names is read where it lies on disk,
    else the sizes of the published ChatGLM3 hold.
    """
    found = _read(source)
    rows = _rows(base or Path(str(found.config.get("base_model_name_or_path") or "")), required=base is not None)
    made = _to_thudm(found, rows) if found.native else _to_native(found, rows)
    layers = NATIVE_LAYERS if made.native else THUDM_LAYERS
    named = {f"{PREFIX}{layers}.{at.layer}.{at.module}.{at.kind}": tensor.contiguous().clone() for at, tensor in made.tensors.items()}
    save_file(named, str(folder / WEIGHTS[0]), metadata={"format": "pt"})
    (folder / CONFIG).write_text(json.dumps(made.config, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return made


def _read(source: Path) -> Adapter:
    config = read_json(source / CONFIG)
    unfit = [said for said, seen in (
        (f"it is a {config.get('peft_type')}, not a LORA", config.get("peft_type") != "LORA"),
        (f"it trains biases (bias: {config.get('bias')})", config.get("bias", "none") != "none" or config.get("lora_bias")),
        (f"its base was changed by {config.get('init_lora_weights')}", isinstance(config.get("init_lora_weights"), str) and config["init_lora_weights"] != "gaussian"),
        *((f"it uses {key}", config.get(key)) for key in ("modules_to_save", "exclude_modules", "layer_replication", "target_parameters", "trainable_token_indices")),
    ) if seen]
    if unfit:
        raise ConvertError(f"{source} cannot be converted: {', '.join(unfit)}; merge it into its base first, then convert the base")
    file = next((source / name for name in WEIGHTS if (source / name).is_file()), None)
    if file is None:
        raise ConvertError(f"{source} holds no {' or '.join(WEIGHTS)}; give the folder a training has written")
    tensors = read_tensors(file)
    native = any(native_place(name.removeprefix(PREFIX)) for name in tensors)
    place = native_place if native else thudm_place
    placed = {name: place(name.removeprefix(PREFIX)) for name in tensors}
    strange = [name for name, at in placed.items() if at is None or at.kind not in {A, B, *MAGNITUDES}]
    if strange or not tensors:
        raise ConvertError(f"{file} is no adapter of ChatGLM3's linear layers ({strange[0] if strange else 'it is empty'}); expected {', '.join(LINEAR)} or {', '.join(THUDM_OF)}")
    return Adapter(config, {at: tensors[name] for name, at in placed.items() if at is not None}, native)


def _rows(base: Path, *, required: bool) -> Rows:
    """Rows of queries, keys and values in the base; raises `ConvertError` where a named base is neither spelling."""
    if not required and (not base.parts or not (base / "config.json").is_file()):
        return PUBLISHED_ROWS
    raw = read_json(base / "config.json")
    if raw.get("model_type") == "chatglm":
        return read_config(base).rows
    if raw.get("model_type") != "glm":
        raise ConvertError(f"{base} holds a {raw.get('model_type')}, the adapter must be for a ChatGLM3; give its base with --base")
    try:
        groups = raw["num_key_value_heads"] * raw["head_dim"]
        return (raw["num_attention_heads"] * raw["head_dim"], groups, groups)
    except KeyError as error:
        raise ConvertError(f"{base / 'config.json'} does not say {error}; give a folder 'fengjing chatglm3 convert' has made with --base") from error


def _to_native(adapter: Adapter, rows: Rows) -> Adapter:
    tensors: Tensors = {}
    for at, tensor in adapter.tensors.items():
        modules = LINEAR[at.module]
        parts = [tensor] * len(modules) if at.kind == A or len(modules) == 1 else _split(at, tensor, rows)
        tensors.update({Place(at.layer, module, at.kind): part for module, part in zip(modules, parts, strict=True)})
    names = {short(module): [short(native) for native in natives] for module, natives in LINEAR.items()}
    patterns = {key: {new: value for name, value in _pattern(adapter, key).items() for new in names[name]} for key in ("rank_pattern", "alpha_pattern")}
    return Adapter(_config(adapter, tensors, NATIVE_LAYERS, patterns), tensors, native=True)


def _split(at: Place, tensor: torch.Tensor, rows: Rows) -> list[torch.Tensor]:
    if tensor.shape[0] != sum(rows):
        raise ConvertError(f"layer {at.layer}'s {at.module}.{at.kind} has {tensor.shape[0]} rows, the base {sum(rows)}; give the adapter's base with --base")
    return list(torch.split(tensor, list(rows)))


def _to_thudm(adapter: Adapter, rows: Rows) -> Adapter:
    patterns = {key: _pattern(adapter, key) for key in ("rank_pattern", "alpha_pattern")}
    attended = sorted({at.module for at in adapter.tensors} & set(SPLIT), key=SPLIT.index)
    shared = all(torch.equal(tensor, adapter.tensors.get(Place(at.layer, attended[0], A), tensor[:0]))
                 for at, tensor in adapter.tensors.items() if at.module in SPLIT and at.kind == A)
    tensors = {Place(at.layer, THUDM_OF[at.module], at.kind): tensor for at, tensor in adapter.tensors.items() if at.module not in SPLIT}
    for layer in sorted({at.layer for at in adapter.tensors if at.module in SPLIT}):
        tensors.update(_fused(layer, adapter.tensors, attended, rows, shared=shared))
    times = 1 if shared else len(attended)
    renamed = {key: {short(THUDM_OF[native]): value for native in THUDM_OF if (value := pattern.get(short(native))) is not None and native not in SPLIT}
               for key, pattern in patterns.items()}
    if attended:
        usual_rank, usual_alpha = (adapter.config.get(key, PEFT_USUAL) for key in ("r", "lora_alpha"))
        rank, alpha = _of_three(usual_rank, patterns["rank_pattern"], attended), _of_three(usual_alpha, patterns["alpha_pattern"], attended)
        if times > 1 or rank != usual_rank:
            renamed["rank_pattern"][short(FUSED)] = rank * times
        if times > 1 or alpha != usual_alpha:  # so that alpha over the rank, or over its root, stays what it was
            renamed["alpha_pattern"][short(FUSED)] = alpha * (math.sqrt(times) if adapter.config.get("use_rslora") else times)
    return Adapter(_config(adapter, tensors, THUDM_LAYERS, renamed), tensors, native=False)


def _fused(layer: int, tensors: Tensors, attended: list[str], rows: Rows, *, shared: bool) -> Tensors:
    """One layer's query_key_value; a projection the adapter leaves alone gets rows of zeros."""
    parts: dict[str, list[torch.Tensor]] = {}
    for module, height in zip(SPLIT, rows, strict=True):
        for kind in (A, B, *MAGNITUDES):
            tensor = tensors.get(Place(layer, module, kind))
            if tensor is None:
                continue
            if kind != A and tensor.shape[0] != height:
                raise ConvertError(f"layer {layer}'s {module}.{kind} has {tensor.shape[0]} rows, the base {height}; give the adapter's base with --base")
            parts.setdefault(kind, []).append(tensor)
    counts = {kind: len(found) for kind, found in parts.items()}
    magnitudes = [kind for kind in MAGNITUDES if kind in parts]
    if counts.get(A) != len(attended) or counts.get(B) != len(attended) or (magnitudes and counts[magnitudes[0]] != len(SPLIT)):
        raise ConvertError(f"layer {layer} adapts some of {', '.join(map(short, SPLIT))} only (with DoRA all three are needed), other layers more; merge the adapter instead")
    ups = iter(parts[B])
    blocks = [next(ups) if module in attended else parts[B][0].new_zeros(height, 0) for module, height in zip(SPLIT, rows, strict=True)]
    if shared:
        rank = parts[A][0].shape[0]
        joined = {A: parts[A][0], B: torch.cat([block if block.shape[1] else block.new_zeros(block.shape[0], rank) for block in blocks])}
    else:
        joined = {A: torch.cat(parts[A]), B: torch.block_diag(*blocks)}  # type: ignore[no-untyped-call]
    joined.update({kind: torch.cat(parts[kind]) for kind in magnitudes})
    return {Place(layer, FUSED, kind): tensor for kind, tensor in joined.items()}


def _of_three(usual: float, pattern: dict[str, float], attended: list[str]) -> float:
    """The one rank or alpha of the attended projections."""
    found = {pattern.get(short(module), usual) for module in attended}
    if len(found) > 1:
        raise ConvertError(f"{', '.join(map(short, attended))} have different ranks or alphas ({sorted(found)}); merge the adapter instead")
    return found.pop()


def _pattern(adapter: Adapter, key: str) -> dict[str, float]:
    """rank_pattern or alpha_pattern by short module names."""
    pattern: dict[str, float] = adapter.config.get(key) or {}
    known = {short(module) for module in (THUDM_OF if adapter.native else LINEAR)}
    strange = [name for name in pattern if name not in known]
    if strange:
        raise ConvertError(f"the adapter's {key} names {strange[0]!r}; only whole kinds of layers ({', '.join(sorted(known))}) can be renamed, merge the adapter instead")
    return pattern


def _config(adapter: Adapter, tensors: Tensors, layers: str, patterns: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The configuration with its targets renamed; one that chose single layers by name gets every layer by name."""
    targets = adapter.config.get("target_modules")
    kinds = isinstance(targets, list) and not any("." in target for target in targets)
    names = {short(at.module) if kinds else f"{layers}.{at.layer}.{at.module}" for at in tensors}
    # auto_mapping may name THUDM's own Python classes, which nothing here may import.
    return {**adapter.config, **patterns, "target_modules": sorted(names), "auto_mapping": None}
