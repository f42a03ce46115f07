"""The weights of a THUDM checkpoint under their native names, shard by shard: at most two shards lie in memory.

Numbers are moved, not changed: every native tensor is a THUDM tensor or a run of its rows, in the type it was saved in.
.bin files are read as plain tensors only (`weights_only`); a pickle that wants to run something is refused.
"""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from finetune.chatglm3.naming import DROPPED, native_names
from finetune.chatglm3.source import ConvertError

Shapes = dict[str, tuple[int, ...]]
Progress = Callable[[int, int], None]
INDEX = "model.safetensors.index.json"


def convert_weights(files: list[Path], rows: tuple[int, int, int], shapes: Shapes, folder: Path, progress: Progress | None = None) -> int:
    """Write every file's tensors to `folder`; the bytes written. `shapes` is what the native model has.

    Raises `ConvertError` where a tensor is unknown, missing, of another shape or packed.
    """
    missing, placed, written = dict(shapes), {}, 0
    for number, file in enumerate(files, start=1):
        name = f"model-{number:05}-of-{len(files):05}.safetensors" if len(files) > 1 else "model.safetensors"
        sizes = _convert_file(file, rows, missing, folder / name)
        placed.update(dict.fromkeys(sizes, name))
        written += sum(sizes.values())
        if progress:
            progress(number, len(files))
    if missing:
        raise ConvertError(f"{files[0].parent} lacks {len(missing)} tensors, {min(missing)} among them; fetch the folder again")
    if len(files) > 1:
        (folder / INDEX).write_text(json.dumps({"metadata": {"total_size": written}, "weight_map": placed}, indent=2) + "\n", encoding="utf-8")
    return written


def read_tensors(file: Path) -> dict[str, torch.Tensor]:
    """The tensors of a .safetensors or .bin file; raises `ConvertError` where it cannot be read or holds anything else."""
    try:
        found = load_file(str(file)) if file.suffix == ".safetensors" else torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConvertError(f"{file} cannot be read ({first}); a download cut short or a git-lfs pointer? fetch it again") from error
    if not isinstance(found, dict) or not all(isinstance(tensor, torch.Tensor) for tensor in found.values()):
        raise ConvertError(f"{file} holds more than tensors; expected a plain state dict as THUDM ships it")
    return found


def _convert_file(file: Path, rows: tuple[int, int, int], missing: Shapes, target: Path) -> dict[str, int]:
    """Bytes of each native tensor written to `target`; takes what it found out of `missing`."""
    source, native = read_tensors(file), {}
    for name in list(source):
        for new, tensor in _renamed(name, source.pop(name), rows, file).items():
            if missing.get(new) != tuple(tensor.shape):
                wanted = list(missing[new]) if new in missing else "no such tensor, or no second one"
                raise ConvertError(f"{file}: {name} gives {new} {list(tensor.shape)}, the configuration wants {wanted}; config.json and weights do not belong together")
            del missing[new]
            native[new] = tensor
    save_file(native, str(target), metadata={"format": "pt"})
    return {name: tensor.nbytes for name, tensor in native.items()}


def _renamed(name: str, tensor: torch.Tensor, rows: tuple[int, int, int], file: Path) -> dict[str, torch.Tensor]:
    if name == DROPPED:
        return {}
    new = native_names(name)
    if not new or not tensor.is_floating_point():
        seen = "which ChatGLM3 has not" if not new else f"packed as {tensor.dtype}"
        raise ConvertError(f"{file} holds {name}, {seen}; quantised and P-tuned checkpoints cannot be converted, take the plain one")
    if len(new) == 1:
        return {new[0]: tensor.contiguous()}
    if tensor.shape[0] != sum(rows):
        raise ConvertError(f"{file}: {name} has {tensor.shape[0]} rows, the configuration wants {sum(rows)}; config.json and weights do not belong together")
    return {one: part.clone() for one, part in zip(new, torch.split(tensor, list(rows)), strict=True)}
