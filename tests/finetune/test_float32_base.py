"""A base written out in float32: the same numbers, tokenizer and template, whatever its blocks were."""

from pathlib import Path
from types import SimpleNamespace

import gguf
import numpy as np
import pytest
from gguf.quants import dequantize, quantize
from tiny_gguf import write_tiny

from finetune.float32_base import float32_base
from finetune.shipping import AdapterError, gguf_base
from knowledge.errors import StorageError

QUANTISED = "blk.0.ffn_up.weight"


def write_quantised(tiny: Path, path: Path) -> Path:
    """The tiny base with one matrix in eight-bit blocks."""
    reader = gguf.GGUFReader(str(tiny))
    writer = gguf.GGUFWriter(str(path), "qwen2")
    for name, field in reader.fields.items():
        if not name.startswith("GGUF.") and name != "general.architecture":
            writer.add_key_value(name, field.contents(), field.types[0], field.types[-1] if len(field.types) > 1 else None)
    for tensor in reader.tensors:
        eight_bit = tensor.name == QUANTISED
        kind = gguf.GGMLQuantizationType.Q8_0 if eight_bit else gguf.GGMLQuantizationType.F32
        writer.add_tensor(tensor.name, quantize(tensor.data, kind) if eight_bit else tensor.data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_the_numbers_are_those_the_blocks_stand_for(tmp_path: Path) -> None:
    """Every tensor is float32 with its dequantised values, and shapes and template are the base's."""
    base = write_quantised(write_tiny(tmp_path / "tiny.gguf"), tmp_path / "q8.gguf")
    written = float32_base(base, tmp_path)
    before, after = ({tensor.name: tensor for tensor in gguf.GGUFReader(str(path)).tensors} for path in (base, written))
    assert before[QUANTISED].tensor_type == gguf.GGMLQuantizationType.Q8_0
    assert before.keys() == after.keys()
    for name, tensor in after.items():
        assert tensor.tensor_type == gguf.GGMLQuantizationType.F32
        np.testing.assert_array_equal(tensor.data, dequantize(before[name].data, before[name].tensor_type))
    assert gguf_base(written) == gguf_base(base)


def test_it_is_written_once(tmp_path: Path) -> None:
    """The second call finds the first one's file."""
    base = write_tiny(tmp_path / "tiny.gguf")
    written = float32_base(base, tmp_path).stat().st_mtime_ns
    assert float32_base(base, tmp_path).stat().st_mtime_ns == written


def test_a_full_disk_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room it takes is named, and nothing is left behind."""
    base = write_tiny(tmp_path / "tiny.gguf")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 20))
    with pytest.raises(StorageError, match=r"needs \d+ MB, 1 MB are free"):
        float32_base(base, tmp_path)
    assert not list((tmp_path / "bases").iterdir())


def test_what_is_no_gguf_is_refused(tmp_path: Path) -> None:
    """A file of another kind gets its own error."""
    (tmp_path / "a.gguf").write_bytes(b"nothing of the kind")
    with pytest.raises(AdapterError, match="no readable GGUF"):
        float32_base(tmp_path / "a.gguf", tmp_path)
