"""A trained adapter made ready for the embedded engine: a PEFT folder as a GGUF LoRA, checked against the base it is for.

Needs `gguf` and `safetensors` and no torch, so that a shipped adapter works in the base install. Not covered: merging
into the base, and bases whose query and key rows llama.cpp reorders (Llama, Mistral).
"""

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, deserialize

from knowledge.errors import ModelError, StorageError

WEIGHTS, CONFIG = "adapter_model.safetensors", "adapter_config.json"
IN_ORDER = {"qwen2", "qwen3"}  # architectures whose rows llama.cpp keeps as they were trained
KINDS = {".lora_A.weight": ".lora_a", ".lora_B.weight": ".lora_b"}
BFLOAT16 = "BF16"
NUMBERS: dict[str, type[np.generic]] = {"F32": np.float32, "F16": np.float16, BFLOAT16: np.uint16}


class AdapterError(ModelError):
    """An adapter cannot be read, or does not fit the base it is to speak through."""


def ready(adapter: Path, base: Path, home: Path) -> Path:
    """The GGUF LoRA of a PEFT folder, exported at the first call and kept in the home folder; a GGUF file is ready as it is."""
    if adapter.suffix == ".gguf":
        return adapter
    digest = hashlib.sha256((_read(adapter / WEIGHTS)) + _read(adapter / CONFIG) + base.name.encode()).hexdigest()
    kept = home / "adapters" / f"{adapter.name}-{digest[:12]}.gguf"
    return kept if kept.exists() else export(adapter, base, kept)


def export(adapter: Path, base: Path, target: Path) -> Path:
    """Write the PEFT folder `adapter` as a GGUF LoRA for the GGUF file `base`; raises `AdapterError` where they do not fit.

    Matrices are written in float16. rsLoRA's scale is carried over in alpha, as llama.cpp always divides by the rank.
    """
    config = _config(adapter)
    architecture, shapes = _base_shapes(base)
    tensors = _named(_matrices(adapter / WEIGHTS), architecture, shapes)
    alpha = float(config["lora_alpha"]) * (math.sqrt(config["r"]) if config.get("use_rslora") else 1.0)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(part, architecture, alpha, adapter.name, tensors)
        part.replace(target)
    except OSError as error:
        raise StorageError(f"{target} cannot be written ({error.strerror}); free some disk space or choose another place") from error
    return target


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


def _config(adapter: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads(_read(adapter / CONFIG))
    except ValueError as error:
        raise AdapterError(f"{adapter / CONFIG} is no JSON ({error}); export the folder a training has written") from error
    unfit = [said for said, found in (
        (f"it is a {config.get('peft_type')}, not a LORA", config.get("peft_type") != "LORA"), ("it uses DoRA", config.get("use_dora")),
        ("it holds whole layers (modules_to_save)", config.get("modules_to_save")), ("its ranks differ by layer", config.get("rank_pattern") or config.get("alpha_pattern")),
    ) if found]
    if unfit:
        raise AdapterError(f"{adapter} cannot become a GGUF LoRA: {', '.join(unfit)}; run 'fengjing merge' instead")
    return config


def _base_shapes(base: Path) -> tuple[str, dict[str, tuple[int, int]]]:
    """The base's architecture, and (in, out) of its matrices."""
    try:
        reader = gguf.GGUFReader(str(base))
    except (OSError, ValueError) as error:
        raise AdapterError(f"{base} is no readable GGUF ({error}); run 'fengjing model pull'") from error
    field = reader.get_field(gguf.Keys.General.ARCHITECTURE)
    architecture = str(field.contents()) if field else ""
    if architecture not in IN_ORDER:
        raise AdapterError(f"adapters for {architecture or 'this'} bases are not exported, only for {', '.join(sorted(IN_ORDER))}; run 'fengjing merge' instead")
    return architecture, {tensor.name: (int(tensor.shape[0]), int(tensor.shape[1])) for tensor in reader.tensors if len(tensor.shape) == 2}


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
    return matrices


def _named(matrices: dict[str, NDArray[np.float32]], architecture: str, shapes: dict[str, tuple[int, int]]) -> dict[str, NDArray[np.float32]]:
    """The matrices under llama.cpp's names; raises `AdapterError` for one that has no place in the base."""
    blocks = 1 + max((int(name.split(".")[1]) for name in shapes if name.startswith("blk.")), default=0)
    kind = next(key for key, value in gguf.MODEL_ARCH_NAMES.items() if value == architecture)
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
