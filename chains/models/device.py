"""What the machine computes with when torch speaks: the device, and the number format of a model on it.

Not covered: the precision a training asks for (see `finetune.training.device`), and several devices at once.
"""

from typing import TYPE_CHECKING

from knowledge.errors import EngineError

if TYPE_CHECKING:
    import torch

CUDA, MPS, CPU = "cuda", "mps", "cpu"
ROOM = 0.9  # share of the free memory that weights may take; the rest is for what is read and said
WIDE_BYTES, HALF_BYTES = 4, 2  # a number's in float32, and in bfloat16 or float16


def device_name() -> str:
    """`cuda`, `mps` or `cpu`, the quickest there is."""
    import torch

    if torch.cuda.is_available():
        return CUDA
    return MPS if torch.backends.mps.is_available() else CPU


def has_bfloat16(device: str) -> bool:
    """Whether the device multiplies bfloat16 in hardware; elsewhere it is slower than float32."""
    import torch

    if device == CUDA:
        return bool(torch.cuda.is_bf16_supported())
    return device == CPU and bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())  # noqa: SLF001 - torch names no public one


def speaking_dtype(device: str, numbers: int, free_bytes: int | None = None) -> "torch.dtype":
    """The number format in which a model of so many numbers speaks on the device.

    A processor without bfloat16 computes in float32 where that fits into its free memory, else slowly in bfloat16;
    raises `EngineError` where neither fits: the system would end the program without a word.
    """
    import torch

    if device != CPU:
        return torch.bfloat16 if has_bfloat16(device) else torch.float16
    free = int((_free_bytes() if free_bytes is None else free_bytes) * ROOM)
    if numbers * WIDE_BYTES <= free and not has_bfloat16(device):
        return torch.float32
    if numbers * HALF_BYTES <= free:
        return torch.bfloat16
    raise EngineError(
        f"the model needs {numbers * HALF_BYTES >> 20} MB of memory, {free >> 20} MB are free; close other programs, choose a smaller "
        "model ('fengjing model list'), or a server by FENGJING_BASE_URL"
    )


def _free_bytes() -> int:
    import psutil  # type: ignore[import-untyped]

    return int(psutil.virtual_memory().available)
