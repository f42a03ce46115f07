"""A tokenizer of ChatGLM3's kind, and the tiny checkpoint converted once."""

from pathlib import Path
from typing import Any

import pytest
from thudm import TINY, trained_tokenizer_model, write_checkpoint

from finetune.base import load_tokenizer
from finetune.chatglm3.convert import convert


@pytest.fixture(scope="session")
def tokenizer_model() -> bytes:
    """The bytes of a small tokenizer.model."""
    return trained_tokenizer_model()


@pytest.fixture(scope="session")
def thudm(tokenizer_model: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny checkpoint in THUDM's layout, two .bin shards."""
    return write_checkpoint(tmp_path_factory.mktemp("thudm") / "tiny", TINY, tokenizer_model)


@pytest.fixture(scope="session")
def native(thudm: Path) -> Path:
    """The same, converted; read only, as it is shared."""
    target = thudm.parent / "native"
    convert(thudm, target)
    return target


@pytest.fixture(scope="session")
def tokenizer(native: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The converted folder's tokenizer, as training and evaluation load it."""
    return load_tokenizer(str(native), tmp_path_factory.mktemp("home"))
