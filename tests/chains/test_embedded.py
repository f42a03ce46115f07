"""The embedded engine in the face of files that are no model: one line that says what to type, and no crash."""

from pathlib import Path

import pytest

from chains.models.embedded import EmbeddedEngine, EngineConfig
from knowledge.errors import EngineError


def test_a_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    """Where no file is, the command that brings it is named."""
    with pytest.raises(EngineError, match=r"model\.gguf is missing; run 'fengjing model pull'"):
        EmbeddedEngine(EngineConfig(tmp_path / "model.gguf"))


@pytest.mark.parametrize("content", [b"", b"GG", b"<html>log in</html>", bytes(100)])
def test_a_file_that_is_no_model_is_refused_unread(tmp_path: Path, content: bytes) -> None:
    """A file without the format's mark is not given to native code; the line says to delete and pull."""
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(EngineError, match="no GGUF file; delete it and run 'fengjing model pull'"):
        EmbeddedEngine(EngineConfig(path))


def test_a_folder_in_place_of_a_model_counts_as_missing(tmp_path: Path) -> None:
    """A folder of the model's name is no model."""
    with pytest.raises(EngineError, match="is missing"):
        EmbeddedEngine(EngineConfig(tmp_path))


@pytest.mark.parametrize("content", [
    b"GGUF", b"GGUF" + bytes(5000), b"GGUF\x03\0\0\0" + bytes(16), b"GGUF" + bytes(range(256)) * 40,
])
def test_a_corrupt_model_is_our_own_error(tmp_path: Path, content: bytes) -> None:
    """A file with the mark and nothing sound behind it is refused by llama.cpp, and we say what to run."""
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(EngineError, match=r"could not load model\.gguf .*'fengjing model pull'"):
        EmbeddedEngine(EngineConfig(path))


def test_an_adapter_that_is_no_adapter_is_refused(tmp_path: Path) -> None:
    """The adapter's file is checked like the model's, with its own command."""
    model = tmp_path / "model.gguf"
    model.write_bytes(b"GGUF")
    with pytest.raises(EngineError, match=r"the adapter .* is missing; run 'fengjing adapt'"):
        EmbeddedEngine(EngineConfig(model, adapter=tmp_path / "adapter.gguf"))
