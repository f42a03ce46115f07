"""A tiny base as a GGUF file with a home folder of its own, and an adapter for it."""

import pytest
from tiny_gguf import write_tiny
from tuned import Tiny, write_tuned


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The base of `tiny_gguf` and a LoRA adapter on it; read only, as they are shared."""
    home = tmp_path_factory.mktemp("tiny")
    base = write_tiny(home / "tiny.gguf")
    return Tiny(home, base, write_tuned(base, home, home / "trained"))
