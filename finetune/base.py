"""The base model a tuned adapter stands on: found, read into torch, and kept so that the second start is quick.

A base is a folder, a hub name, a GGUF file, or a name of the model catalogue (`fengjing model list`). The catalogue's
models are read from the very GGUF they are served from: the weights an adapter is trained on are the weights it is
served on. Reading a GGUF takes half a minute, so the numbers are kept once as safetensors in the home folder.
This module does not fetch catalogue models (`fengjing model pull` does) and knows nothing of adapters.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chains.models.catalogue import MODELS, ModelFile
from chains.models.pull import is_here, local_file
from knowledge.errors import ModelError, StorageError

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

COMPLETE = "complete"  # written last into a kept base: a folder without it was cut short
SPARE_BYTES = 200 << 20
BYTES_PER_WEIGHT = 4  # kept in float32: exactly what the GGUF's blocks stand for


class BaseError(ModelError):
    """A base model is not here, or its files cannot be read."""


@dataclass(frozen=True)
class Base:
    """Where a base model lies; `gguf` is set where it must be turned into tensors first.

    `name` is what an adapter's files call it: the hub's name where there is one, so that other tools find it too.
    """

    name: str
    folder: str  # a folder, or a hub name that transformers resolves
    gguf: Path | None = None
    kept: Path | None = None  # where the turned tensors are kept


def find_base(source: str, home: Path) -> Base:
    """Where `source` lies; raises `BaseError` where it names a catalogue model or a path that is not here."""
    model = _catalogue_model(source)
    if model is not None:
        if not is_here(model, home):
            raise BaseError(f"the base {model.name} is not here yet; run 'fengjing model pull {model.name}'")
        return _gguf_base(model.repository.removesuffix("-GGUF"), local_file(model, home), home)
    path = Path(source).expanduser()
    if path.suffix == ".gguf":
        if not path.is_file():
            raise BaseError(f"there is no file {path}; give a GGUF file, a model folder or a hub name")
        return _gguf_base(path.stem, path, home)
    if not path.exists() and source.count("/") != 1:
        raise BaseError(
            f"model_name_or_path {source!r} is no folder, no GGUF file, no hub name (owner/name) and none of "
            f"{', '.join(MODELS)}; see 'fengjing model list'"
        )
    return Base(source, str(path) if path.exists() else source)


def load_tokenizer(source: str, home: Path) -> "PreTrainedTokenizerBase":
    """The base's tokenizer with its own chat template; raises `BaseError` where the files cannot be read."""
    return _read_tokenizer(find_base(source, home))


def load_base(
    source: str, home: Path, dtype: "torch.dtype | None" = None, quantization: object = None
) -> "tuple[PreTrainedModel, PreTrainedTokenizerBase]":
    """The base model (float32 unless `dtype` says otherwise) and its tokenizer.

    `quantization` is a transformers quantization config (QLoRA, needs CUDA). Raises `BaseError` and `StorageError`.
    """
    import torch
    from transformers import AutoModelForCausalLM

    base = find_base(source, home)
    tokenizer = _read_tokenizer(base)
    options = {"quantization_config": quantization} if quantization is not None else {}
    with _named_errors(base):
        model = AutoModelForCausalLM.from_pretrained(base.folder, dtype=dtype or torch.float32, **options)
    model.name_or_path = model.config._name_or_path = base.name  # noqa: SLF001 - peft and transformers read one each
    return model, tokenizer


def _catalogue_model(source: str) -> ModelFile | None:
    """The catalogue's model of that name; the hub's name of the unquantised model means the same one."""
    for model in MODELS.values():
        if source in (model.name, model.repository, model.repository.removesuffix("-GGUF")):
            return model
    return None


def _gguf_base(name: str, gguf: Path, home: Path) -> Base:
    seen = gguf.stat()
    kept = home / "bases" / f"{gguf.stem}-{seen.st_size:x}"
    return Base(name, str(kept), gguf, kept)


def _read_tokenizer(base: Base) -> "PreTrainedTokenizerBase":
    from transformers import AutoTokenizer, PreTrainedTokenizerBase

    if base.kept is not None:
        _keep(base)
    with _named_errors(base):
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(base.folder)
    return tokenizer


def _keep(base: Base) -> None:
    """Turn the GGUF into a folder of safetensors, once; a run cut short leaves nothing behind that counts."""
    gguf, kept = base.gguf, base.kept
    if gguf is None or kept is None or (kept / COMPLETE).exists():
        return
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        unfinished.mkdir(parents=True, exist_ok=True)
        _turn(base, gguf, unfinished)
        (unfinished / COMPLETE).write_text(f"{gguf.name}\n", encoding="utf-8")
        shutil.rmtree(kept, ignore_errors=True)
        unfinished.replace(kept)
    except OSError as error:
        raise StorageError(f"{kept} cannot be written ({error.strerror}); free some disk space or set FENGJING_HOME") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _turn(base: Base, gguf: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with _named_errors(base):
        tokenizer = AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name)
        model: Any = AutoModelForCausalLM.from_pretrained(str(gguf.parent), gguf_file=gguf.name, dtype=torch.float32)
    needed = sum(p.numel() for p in model.parameters()) * BYTES_PER_WEIGHT + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageError(f"{needed >> 20} MB must be free in {folder.parent} to read {gguf.name}, {free >> 20} MB are; free some space")
    model.hf_quantizer.remove_quantization_config(model)  # these are plain numbers now
    model.save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))


@contextmanager
def _named_errors(base: Base) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BaseError(
            f"the base {base.name} cannot be read ({first}); check the path, or use a model of 'fengjing model list'"
        ) from error
