"""A trained adapter made ready for the embedded engine: a PEFT folder as a GGUF LoRA, checked against the base it is for.

Needs `gguf` and `safetensors` and no torch, so that a shipped adapter works in the base install. Not covered: merging
into the base (`finetune.merging`), other servers' folders (`finetune.serving_folder`), and bases whose query and key rows
llama.cpp reorders (Llama, Mistral).
"""

import hashlib
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, deserialize

from chains.models.bases import Base, BaseError, find_base
from knowledge.errors import ModelError, StorageError

WEIGHTS, CONFIG, RECORD = "adapter_model.safetensors", "adapter_config.json", "training_record.json"
IN_ORDER = {"qwen2", "qwen3"}  # architectures whose rows llama.cpp keeps as they were trained
KINDS = {".lora_A.weight": ".lora_a", ".lora_B.weight": ".lora_b"}
BFLOAT16 = "BF16"
NUMBERS: dict[str, type[np.generic]] = {"F32": np.float32, "F16": np.float16, BFLOAT16: np.uint16}


class AdapterError(ModelError):
    """An adapter cannot be read, or does not fit the base it is to speak through."""


@dataclass(frozen=True)
class GgufBase:
    """What a base's GGUF says of itself: (in, out) of its matrices by llama.cpp's names, and its chat template."""

    architecture: str
    shapes: dict[str, tuple[int, int]]
    template: str


def ready(adapter: Path, base: Path, home: Path) -> Path:
    """The GGUF LoRA of a PEFT folder, exported at the first call and kept in the home folder; a GGUF file is ready as it is."""
    if adapter.suffix == ".gguf":
        return adapter
    digest = hashlib.sha256(_bytes(adapter) + base.name.encode()).hexdigest()
    kept = home / "adapters" / f"{adapter.name}-{digest[:12]}.gguf"
    return kept if kept.exists() else export(adapter, base, kept)


def export(adapter: Path, base: Path, target: Path) -> Path:
    """Write the PEFT folder `adapter` as a GGUF LoRA for the GGUF file `base`; raises `AdapterError` where they do not fit.

    Matrices are written in float16. rsLoRA's scale is carried over in alpha, as llama.cpp always divides by the rank.
    """
    config = _convertible(adapter)
    found = gguf_base(base)
    tensors = _named(_matrices(adapter / WEIGHTS), found)
    alpha = float(config["lora_alpha"]) * (math.sqrt(config["r"]) if config.get("use_rslora") else 1.0)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(part, found.architecture, alpha, adapter.name, tensors)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StorageError(f"{target} cannot be written ({error.strerror}); free some disk space or choose another place") from error
    return target


def check(adapter: Path, base: Base) -> None:
    """Raise `AdapterError` for an adapter that would make the chat speak nonsense, or say nothing new.

    It must name this base, fit its matrices, hold numbers that were trained, and know the chat template that is served.
    `base` is one with a GGUF. Reads the base's header, which takes some seconds.
    """
    if base.gguf is None:
        raise AdapterError(f"the embedded engine serves GGUF bases only, {base.name} is none; run 'fengjing export {adapter} DIR --to vllm'")
    found = gguf_base(base.gguf)
    if adapter.suffix == ".gguf":
        _check_gguf(adapter, found)
        return
    check_base(adapter, _convertible(adapter), base)
    matrices = _matrices(adapter / WEIGHTS)
    _named(matrices, found)
    if not any(values.any() for key, values in matrices.items() if key.endswith(".lora_B.weight")):
        raise AdapterError(f"{adapter} was never trained: all its B matrices are zero, so nothing would change; train it first")
    trained_with = record(adapter).get("chat_template")
    if trained_with is not None and str(trained_with).strip() != found.template.strip():
        raise AdapterError(f"{adapter} was trained with another chat template than {base.gguf.name} is served with; train it on the base 'fengjing model list' shows")


def base_of(adapter: Path, home: Path, given: str = "") -> tuple[Base, str]:
    """The adapter's base and what it is loaded by: `given`, or else what the adapter names.

    Raises `AdapterError` where it is not here, or is another one than the adapter names.
    """
    config = read_config(adapter)
    source = given or str(config.get("base_model_name_or_path") or "")
    try:
        base = find_base(source, home)
    except BaseError as error:
        if given:
            raise
        raise AdapterError(f"{adapter} names {source or 'nothing'} as its base ({error}); where that lies elsewhere on this machine, give its path with --base") from error
    check_base(adapter, config, base)
    return base, source


def check_base(adapter: Path, config: dict[str, Any], base: Base) -> None:
    """Raise `AdapterError` where the adapter names another base; folders of one name count as the same base."""
    said = str(config.get("base_model_name_or_path") or "")
    names = {_plain(name) for name in (base.name, base.folder, base.gguf.stem if base.gguf else "") if name}
    if said and _plain(said) not in names:
        raise AdapterError(
            f"the adapter {adapter} was made for another base ({said}), not for {base.name}; use it with its own base, or, where both are the same "
            f"model under two names, write {base.name} as base_model_name_or_path into {adapter / CONFIG}"
        )


def read_config(adapter: Path) -> dict[str, Any]:
    """The folder's `adapter_config.json`; raises `AdapterError` where there is none, or it is no LoRA's."""
    try:
        config = json.loads(_read(adapter / CONFIG))
    except ValueError as error:
        raise AdapterError(f"{adapter / CONFIG} is no JSON ({error}); give the folder a training has written") from error
    kind = config.get("peft_type") if isinstance(config, dict) else None
    if kind != "LORA":
        raise AdapterError(f"{adapter} is a {kind or 'folder of another kind'}, not a LORA; give the folder a training has written")
    return dict(config)


def record(adapter: Path) -> dict[str, Any]:
    """What the training wrote about itself (`training_record.json`); empty for adapters of other tools."""
    try:
        found = json.loads((adapter / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def fingerprint(adapter: Path) -> str:
    """SHA-256 over the adapter's weights and configuration: what a report on it must name."""
    return hashlib.sha256(_bytes(adapter)).hexdigest()


def _bytes(adapter: Path) -> bytes:
    return _read(adapter) if adapter.suffix == ".gguf" else _read(adapter / WEIGHTS) + _read(adapter / CONFIG)


def _plain(name: str) -> str:
    """A base's name without its place: the hub's `owner/Name`, a folder's path and a file's stem come out alike."""
    return Path(name).name.lower().removesuffix(".gguf").removesuffix("-gguf")


def _write(path: Path, architecture: str, alpha: float, name: str, tensors: dict[str, NDArray[np.float32]]) -> None:
    writer = gguf.GGUFWriter(str(path), architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    writer.add_name(name)
    for key, values in tensors.items():
        writer.add_tensor(key, values.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _convertible(adapter: Path) -> dict[str, Any]:
    """The configuration of an adapter llama.cpp can apply."""
    config = read_config(adapter)
    unfit = [said for said, found in (
        ("it uses DoRA", config.get("use_dora")), ("it holds whole layers (modules_to_save)", config.get("modules_to_save")),
        ("its ranks differ by layer", config.get("rank_pattern") or config.get("alpha_pattern")),
        ("it trains biases", config.get("lora_bias") or config.get("bias", "none") != "none"),
    ) if found]
    if unfit:
        raise AdapterError(f"{adapter} cannot become a GGUF LoRA: {', '.join(unfit)}; run 'fengjing merge' instead")
    return config


@cache
def gguf_base(base: Path) -> GgufBase:
    """What stands in the GGUF's header; raises `AdapterError` where it is none, or of an architecture that is not exported."""
    try:
        reader = gguf.GGUFReader(str(base))
    except (OSError, ValueError) as error:
        raise AdapterError(f"{base} is no readable GGUF ({error}); run 'fengjing model pull'") from error
    texts = {key: reader.get_field(key) for key in (gguf.Keys.General.ARCHITECTURE, gguf.Keys.Tokenizer.CHAT_TEMPLATE)}
    architecture, template = (str(field.contents()) if field else "" for field in texts.values())
    if architecture not in IN_ORDER:
        raise AdapterError(f"adapters for {architecture or 'this'} bases are not exported, only for {', '.join(sorted(IN_ORDER))}; run 'fengjing merge' instead")
    shapes = {tensor.name: (int(tensor.shape[0]), int(tensor.shape[1])) for tensor in reader.tensors if len(tensor.shape) == 2}
    return GgufBase(architecture, shapes, template)


def _check_gguf(adapter: Path, base: GgufBase) -> None:
    """Raise `AdapterError` unless the file is a GGUF LoRA whose matrices fit the base."""
    try:
        reader = gguf.GGUFReader(str(adapter))
    except (OSError, ValueError) as error:
        raise AdapterError(f"{adapter} is no readable GGUF ({error}); write it anew with 'fengjing export'") from error
    said = {key: field.contents() for key in (gguf.Keys.General.TYPE, gguf.Keys.General.ARCHITECTURE) if (field := reader.get_field(key))}
    if said != {gguf.Keys.General.TYPE: "adapter", gguf.Keys.General.ARCHITECTURE: base.architecture}:
        raise AdapterError(f"{adapter} is a {' '.join(map(str, said.values())) or 'GGUF of no kind'}, not an adapter for {base.architecture}; write one with 'fengjing export'")
    for tensor in reader.tensors:
        name, _, kind = tensor.name.rpartition(".lora_")
        shape, seen = base.shapes.get(name), [int(size) for size in tensor.shape]
        width, wanted = (seen[0], shape and shape[0]) if kind == "a" else (seen[-1], shape and shape[1])
        if width != wanted:
            raise AdapterError(f"the adapter {adapter} is for another base: {tensor.name} is {width} wide, the base's is {wanted or 'not there'}")


def _matrices(path: Path) -> dict[str, NDArray[np.float32]]:
    """Every matrix in float32; numpy knows no bfloat16, whose bits are the upper half of a float32's."""
    try:
        found = deserialize(_read(path))  # type: ignore[no-untyped-call]
    except SafetensorError as error:
        raise AdapterError(f"{path} cannot be read ({error}); it was not saved whole") from error
    matrices = {}
    for name, tensor in found:
        if tensor["dtype"] not in NUMBERS:
            raise AdapterError(f"{path} holds {name} as {tensor['dtype']}; save it as float32, float16 or bfloat16")
        values = np.frombuffer(tensor["data"], dtype=NUMBERS[tensor["dtype"]]).reshape(tensor["shape"])
        matrices[name] = (values.astype(np.uint32) << 16).view(np.float32) if tensor["dtype"] == BFLOAT16 else values.astype(np.float32)
        if not np.isfinite(matrices[name]).all():
            raise AdapterError(f"{path} holds numbers that are none (NaN or infinite) in {name}; its training broke: use an earlier checkpoint")
    return matrices


def _named(matrices: dict[str, NDArray[np.float32]], base: GgufBase) -> dict[str, NDArray[np.float32]]:
    """The matrices under llama.cpp's names; raises `AdapterError` for one that has no place in the base."""
    shapes = base.shapes
    blocks = 1 + max((int(name.split(".")[1]) for name in shapes if name.startswith("blk.")), default=0)
    kind = next(key for key, value in gguf.MODEL_ARCH_NAMES.items() if value == base.architecture)
    names = gguf.get_tensor_name_map(kind, blocks)
    named = {}
    for key, values in matrices.items():
        path, suffix = next(((key.removesuffix(end), end) for end in KINDS if key.endswith(end)), (key, ""))
        layer = names.get_name(path.removeprefix("base_model.model."))
        shape = shapes.get(f"{layer}.weight")
        width = values.shape[-1] if suffix == ".lora_A.weight" else values.shape[0]
        wanted = None if shape is None or not suffix else shape[0] if suffix == ".lora_A.weight" else shape[1]
        if width != wanted:
            raise AdapterError(f"the adapter is for another base: {key} is {width} wide, the base's {layer or 'layer is missing'} is {wanted or 'not there'}")
        named[f"{layer}.weight{KINDS[suffix]}"] = values
    return named


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AdapterError(f"{path} cannot be read ({error.strerror}); give the folder a training has written") from error
