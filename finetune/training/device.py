"""What the machine can compute with: the device, the precision a configuration gets on it, and what is refused."""

from dataclasses import dataclass

import torch

from finetune.training.config import TrainConfig
from finetune.training.errors import TrainingError


@dataclass(frozen=True)
class Precision:
    """Precision of the frozen base, whether products run in it while the adapter stays float32, and a note for the reader."""

    base: torch.dtype
    mixed: bool
    note: str = ""


def device_name() -> str:
    """`cuda`, `mps` or `cpu`: where a training will run."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def precision(config: TrainConfig, device: str) -> Precision:
    """The precision asked for, or the nearest the device computes quickly; raises `TrainingError` for quantised bases without CUDA."""
    if config.quantization_bit and device != "cuda":
        raise TrainingError(
            f"quantization_bit {config.quantization_bit} needs an NVIDIA card (bitsandbytes), this machine has none; "
            "remove the key: the 0.5B base trains unquantised in a few GB"
        )
    if config.fp16 and device == "cpu":
        return Precision(torch.float32, mixed=False, note="fp16 is slow on a processor: computing in float32; bf16: true is quick where the processor has it")
    if not (config.bf16 or config.fp16 or config.pure_bf16):
        return Precision(torch.float32, mixed=False)
    if config.fp16:
        return Precision(torch.float16, mixed=True)
    if not has_bfloat16(device):
        return Precision(torch.float32, mixed=False, note="this machine computes no bfloat16: computing in float32")
    return Precision(torch.bfloat16, mixed=not config.pure_bf16)


def has_bfloat16(device: str) -> bool:
    """Whether the device multiplies bfloat16 in hardware; elsewhere it is slower than float32."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return device == "cpu" and bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())  # noqa: SLF001 - torch names no public one
