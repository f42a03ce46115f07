"""Base models for torch, to train on and to speak with: found, read, and kept so that the second start is quick.

A base is a folder, a hub name, a GGUF file, or a name of the model catalogue (`fengjing model list`). The catalogue's
models are read from the very GGUF they are served from: the weights an adapter is trained on are the weights it is
served on. Reading a GGUF takes half a minute, so the numbers are kept once as safetensors in the home folder; its
tokenizer is kept apart where nobody has needed the numbers yet.
This module does not fetch catalogue models (`fengjing model pull` does) and knows nothing of adapters.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError

from chains.models.catalogue import MODELS, ModelFile
from chains.models.pull import is_here, local_file
from knowledge.errors import ModelError, StorageError

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

COMPLETE = "complete"  # written last into a kept base: a folder without it was cut short
SPARE_BYTES = 200 << 20
NEEDED = ("torch", "transformers", "peft")  # of the tune extra
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
    model = catalogue_model(source)
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
            f"{source!r} is no folder, no GGUF file, no hub name (owner/name) and none of "
            f"{', '.join(MODELS)}; see 'fengjing model list'"
        )
    if path.exists():
        _check_folder(path)
    return Base(source, str(path) if path.exists() else source)


def _check_folder(folder: Path) -> None:
    """Raise `BaseError` where no model lies in the folder, or one that only THUDM's own program can read."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BaseError(f"{folder} holds no model: its config.json cannot be read ({error}); give the folder that holds config.json, weights and tokenizer") from error
    if isinstance(config, dict) and config.get("model_type") == "chatglm":
        raise BaseError(f"{folder} is ChatGLM as THUDM published it; run 'fengjing chatglm3 convert {folder} NEW' and use the new folder")


def load_tokenizer(source: str, home: Path) -> "PreTrainedTokenizerBase":
    """The base's tokenizer with its own chat template; raises `BaseError` where the files cannot be read."""
    return _read_tokenizer(find_base(source, home))


def load_base(
    source: str, home: Path, dtype: "torch.dtype | None" = None, quantization: object = None
) -> "tuple[PreTrainedModel, PreTrainedTokenizerBase]":
    """The base model (float32 unless `dtype` says otherwise) and its tokenizer.

    `quantization` is a transformers quantization config (QLoRA, needs CUDA). Raises `BaseError` and `StorageError`.
    """
    base = find_base(source, home)
    with _named_errors(base):
        import torch
        from transformers import AutoModelForCausalLM

    if base.kept is not None:
        _keep(base, base.kept, _turn)
    tokenizer = _read_tokenizer(base)
    options = {"quantization_config": quantization} if quantization is not None else {}
    with _named_errors(base):
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            base.folder, dtype=dtype or torch.float32, trust_remote_code=False, output_loading_info=True, **options)
    model, found = loaded
    if missing := sorted(found["missing_keys"]):  # transformers would fill them with chance and go on
        raise BaseError(f"the base {base.name} lacks {len(missing)} of its tensors, {missing[0]} among them; fetch or convert it again")
    model.name_or_path = model.config._name_or_path = base.name  # noqa: SLF001 - peft and transformers read one each
    return model, tokenizer


def count_numbers(source: str, home: Path) -> int:
    """How many numbers the base's weights are, without reading them; raises `BaseError`."""
    base = find_base(source, home)
    if base.kept is not None:
        _keep(base, base.kept, _turn)
    with _named_errors(base):
        import torch
        from transformers import AutoConfig, AutoModelForCausalLM

        config = AutoConfig.from_pretrained(base.folder, trust_remote_code=False)
        with torch.device("meta"):
            model = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    return int(model.num_parameters())


def catalogue_model(source: str) -> ModelFile | None:
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
    folder = base.folder
    if base.kept is not None and not (base.kept / COMPLETE).exists():
        words = base.kept.with_name(f"{base.kept.name}-tokenizer")
        _keep(base, words, _turn_tokenizer)
        folder = str(words)
    with _named_errors(base):
        from transformers import AutoTokenizer, PreTrainedTokenizerBase

        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    return tokenizer


def _keep(base: Base, kept: Path, turn: Callable[[Base, Path, Path], None]) -> None:
    """Turn the GGUF into the folder `kept`, once; a run cut short leaves nothing behind that counts."""
    gguf = base.gguf
    if gguf is None or (kept / COMPLETE).exists():
        return
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        unfinished.mkdir(parents=True, exist_ok=True)
        turn(base, gguf, unfinished)
        (unfinished / COMPLETE).write_text(f"{gguf.name}\n", encoding="utf-8")
        shutil.rmtree(kept, ignore_errors=True)
        unfinished.replace(kept)
    except OSError as error:
        raise StorageError(f"{kept} cannot be written ({error.strerror}); free some disk space or set FENGJING_HOME") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _turn_tokenizer(base: Base, gguf: Path, folder: Path) -> None:
    with _named_errors(base):
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name)
    tokenizer.save_pretrained(str(folder))


def _turn(base: Base, gguf: Path, folder: Path) -> None:
    _turn_tokenizer(base, gguf, folder)
    with _named_errors(base):
        import torch
        from transformers import AutoModelForCausalLM

        model: Any = AutoModelForCausalLM.from_pretrained(str(gguf.parent), gguf_file=gguf.name, dtype=torch.float32)
    needed = sum(p.numel() for p in model.parameters()) * BYTES_PER_WEIGHT + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageError(f"{needed >> 20} MB must be free in {folder.parent} to read {gguf.name}, {free >> 20} MB are; free some space")
    model.hf_quantizer.remove_quantization_config(model)  # these are plain numbers now
    model.save_pretrained(str(folder))


@contextmanager
def _named_errors(base: Base) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in NEEDED:
            raise
        raise BaseError(f"reading the base {base.name} needs {error.name}; run \"pip install 'fengjing[tune]'\"") from error
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BaseError(
            f"the base {base.name} cannot be read ({first}); check the path, or use a model of 'fengjing model list'"
        ) from error
