"""ChatGLM3 as THUDM published it turned into a folder that plain transformers, and so everything here, loads as any other base.

A model folder becomes a native `GlmForCausalLM` with a fast tokenizer; an adapter folder takes the other spelling.
Nothing is fetched, and no Python file of a checkpoint is run. A conversion that fails leaves nothing behind.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import GenerationConfig, GlmConfig, GlmForCausalLM, PreTrainedTokenizerFast

from finetune.chatglm3.adapter import CONFIG as ADAPTER_CONFIG
from finetune.chatglm3.adapter import convert_adapter
from finetune.chatglm3.source import ConvertError, read_config, weight_files
from finetune.chatglm3.tokenizer import STOPS, fast_tokenizer
from finetune.chatglm3.weights import Progress, Shapes, convert_weights
from knowledge.errors import StorageError

SPARE_BYTES = 100 << 20
SAMPLING = {"do_sample": True, "temperature": 0.8, "top_p": 0.8}  # the original chat()'s own


@dataclass(frozen=True)
class Converted:
    """What a conversion made: a `model`, a `native adapter` or a `THUDM adapter`, and its tensors' bytes."""

    what: str
    folder: Path
    bytes: int


def convert(source: Path, target: Path, base: Path | None = None, progress: Progress | None = None) -> Converted:
    """Convert a model or adapter folder into the new folder `target`; raises `ConvertError` or `StorageError`.

    `base` is read for adapters only: the model they are for, where it has not the published sizes.
    """
    if not source.is_dir():
        raise ConvertError(f"there is no folder {source}; give one with THUDM's files, or with an adapter")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConvertError(f"{target} is there already; choose a new folder")
    if (source / ADAPTER_CONFIG).exists():
        with _whole(target) as folder:
            made = convert_adapter(source, folder, base)
        return Converted("native adapter" if made.native else "THUDM adapter", target, sum(tensor.nbytes for tensor in made.tensors.values()))
    return Converted("model", target, _convert_model(source, target, progress))


def _convert_model(source: Path, target: Path, progress: Progress | None) -> int:
    thudm, files = read_config(source), weight_files(source)
    tokenizer = fast_tokenizer(source)
    if len(tokenizer) > thudm.padded_vocab_size:
        raise ConvertError(f"{source}: the tokenizer has {len(tokenizer)} entries, the model {thudm.padded_vocab_size} rows; they do not belong together")
    ends = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id, "bos_token_id": None}
    config = GlmConfig(**thudm.native(), **ends)
    with _whole(target, sum(file.stat().st_size for file in files)) as folder:
        written = convert_weights(files, thudm.rows, _shapes(config), folder, progress)
        config.save_pretrained(str(folder))
        _generation(tokenizer).save_pretrained(str(folder))
        tokenizer.save_pretrained(str(folder))
    return written


def _shapes(config: GlmConfig) -> Shapes:
    """Names and shapes of the native model's tensors, without making them."""
    with torch.device("meta"):
        model = GlmForCausalLM(config)
    return {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}


def _generation(tokenizer: PreTrainedTokenizerFast) -> GenerationConfig:
    """Where the model stops: with </s> alone it would go on and invent the user's next words."""
    stops = [tokenizer.eos_token_id, *(tokenizer.convert_tokens_to_ids(token) for token in STOPS)]
    return GenerationConfig(eos_token_id=stops, pad_token_id=tokenizer.pad_token_id, **SAMPLING)  # type: ignore[no-untyped-call]


@contextmanager
def _whole(target: Path, needed: int = 0) -> Iterator[Path]:
    """A folder beside `target` that takes its place when everything in it is written."""
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        unfinished.mkdir(parents=True)
        free = shutil.disk_usage(unfinished).free
        if free < needed + SPARE_BYTES:
            raise StorageError(f"{needed + SPARE_BYTES >> 20} MB must be free in {target.parent}, {free >> 20} MB are; free some space or choose another folder")
        yield unfinished
        if target.exists():
            target.rmdir()  # empty, as was seen above
        unfinished.replace(target)
    except OSError as error:
        raise StorageError(f"{target} cannot be written ({error.strerror or error}); free some disk space or choose another folder") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
