"""A PEFT adapter on its base, for speaking; a misfit is told before peft loads what it can and leaves out the rest."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import EngineError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

WEIGHTS = "adapter_model.safetensors"


def first_line(error: BaseException) -> str:
    """The first line of what an error says, or its kind where it says nothing."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _check_kind(adapter: Path) -> None:
    if not (adapter / WEIGHTS).is_file():
        raise EngineError(f"the transformers engine takes a PEFT folder, {adapter} holds no {WEIGHTS}; give the folder a training has written, or run 'fengjing adapt none'")


def with_adapter(model: "PreTrainedModel", adapter: Path) -> "PreTrainedModel":
    """The model with the adapter; in float32 merged into it, which is exact and quicker."""
    import torch
    from peft import PeftModel

    _check_kind(adapter)
    _check_fits(model, adapter)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message="Found missing adapter keys")  # a base with more layers than the adapter knows
            adapted = PeftModel.from_pretrained(model, str(adapter))
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, UserWarning) as error:
        raise EngineError(f"the adapter {adapter} cannot be put on this base ({first_line(error)}); run 'fengjing adapt none', or set FENGJING_MODEL to its base") from error
    merged: PreTrainedModel = adapted.merge_and_unload() if model.dtype == torch.float32 else adapted  # type: ignore[assignment]
    return merged


def _check_fits(model: "PreTrainedModel", adapter: Path) -> None:
    """Raise `EngineError` unless every matrix of the adapter has its place in the model: peft passes over strangers."""
    from safetensors import SafetensorError

    try:
        found = misfit(model, adapter / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise EngineError(f"{adapter / WEIGHTS} cannot be read ({error}); it was not saved whole: use an earlier checkpoint") from error
    if found:
        raise EngineError(f"the adapter {adapter} is for another base: {found}; run 'fengjing adapt none', or set FENGJING_MODEL to its base")


def misfit(model: "PreTrainedModel", weights: Path) -> str:
    """The first matrix of a PEFT file that has no layer of its width in the model, in words; empty where all fit.

    Raises `OSError` and `SafetensorError` where the file cannot be read.
    """
    import torch
    from safetensors import safe_open

    layers = {name: module for name, module in model.named_modules() if isinstance(module, torch.nn.Linear)}
    with safe_open(str(weights), "pt") as tensors:
        shapes = {key: tensors.get_slice(key).get_shape() for key in tensors.keys()}  # noqa: SIM118 - no mapping
    for key, shape in shapes.items():
        path, _, kind = key.removeprefix("base_model.model.").partition(".lora_")
        if kind not in {"A.weight", "B.weight"}:
            continue
        layer = layers.get(path)
        seen = shape[1] if kind == "A.weight" else shape[0]
        wanted = None if layer is None else layer.in_features if kind == "A.weight" else layer.out_features
        if seen != wanted:
            what = "has no such layer" if wanted is None else f"is {wanted} wide there"
            return f"{path} is {seen} wide, this base {what}"
    return ""
