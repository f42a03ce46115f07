"""Exporting an adapter for the embedded engine: names, numbers, scale; and adapters that do not fit."""

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from safetensors.numpy import save_file

from finetune import shipping
from finetune.shipping import AdapterError, export, ready
from knowledge.errors import StorageError

RANK, WIDTH, OUT = 4, 16, 24


def write_base(path: Path, architecture: str = "qwen2") -> Path:
    """A GGUF with one block's query and feed-forward matrices."""
    writer = gguf.GGUFWriter(str(path), architecture)
    for name in ("blk.0.attn_q.weight", "blk.0.ffn_up.weight", "blk.1.attn_q.weight"):
        writer.add_tensor(name, np.zeros((OUT, WIDTH), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_adapter(folder: Path, width: int = WIDTH, **config: Any) -> dict[str, Any]:
    """A PEFT folder with random matrices for two layers; the matrices."""
    folder.mkdir()
    numbers = np.random.default_rng(1)
    layers = ("model.layers.0.self_attn.q_proj", "model.layers.1.self_attn.q_proj", "model.layers.0.mlp.up_proj")
    shapes = {"lora_A": (RANK, width), "lora_B": (OUT, RANK)}
    tensors = {f"base_model.model.{layer}.{part}.weight": numbers.normal(size=shape).astype(np.float32) for layer in layers for part, shape in shapes.items()}
    save_file(tensors, str(folder / "adapter_model.safetensors"))
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": RANK, "lora_alpha": 16, **config}))
    return tensors


def test_an_adapter_reads_back_under_the_engines_names(tmp_path: Path) -> None:
    """Every matrix stands under llama.cpp's name with its numbers, and the metadata says LoRA and alpha."""
    tensors = write_adapter(tmp_path / "adapter")
    reader = gguf.GGUFReader(str(export(tmp_path / "adapter", write_base(tmp_path / "base.gguf"), tmp_path / "out.gguf")))
    said = {name: reader.fields[name].contents() for name in ("general.type", "general.architecture", "adapter.type", "adapter.lora.alpha")}
    assert said == {"general.type": "adapter", "general.architecture": "qwen2", "adapter.type": "lora", "adapter.lora.alpha": 16.0}
    found = {tensor.name: tensor.data for tensor in reader.tensors}
    assert sorted(found) == [f"{layer}.weight.lora_{part}" for layer in ("blk.0.attn_q", "blk.0.ffn_up", "blk.1.attn_q") for part in "ab"]
    wanted = tensors["base_model.model.model.layers.0.mlp.up_proj.lora_B.weight"]
    assert np.allclose(found["blk.0.ffn_up.weight.lora_b"], wanted, atol=2e-3)


def test_rslora_keeps_its_scale(tmp_path: Path) -> None:
    """Alpha over the square root of the rank is what the engine computes as alpha over the rank."""
    write_adapter(tmp_path / "adapter", use_rslora=True)
    reader = gguf.GGUFReader(str(export(tmp_path / "adapter", write_base(tmp_path / "base.gguf"), tmp_path / "out.gguf")))
    assert reader.fields["adapter.lora.alpha"].contents() / RANK == 16 / RANK**0.5


def test_an_export_is_kept_until_the_adapter_changes(tmp_path: Path) -> None:
    """The second call gives the same file untouched; another adapter of the same name gives another file."""
    write_adapter(tmp_path / "adapter")
    base = write_base(tmp_path / "base.gguf")
    first = ready(tmp_path / "adapter", base, tmp_path)
    written = first.stat().st_mtime_ns
    assert ready(tmp_path / "adapter", base, tmp_path) == first
    assert first.stat().st_mtime_ns == written
    config = tmp_path / "adapter" / "adapter_config.json"
    config.write_text(config.read_text().replace("16", "32"))
    assert ready(tmp_path / "adapter", base, tmp_path) != first


@pytest.mark.parametrize(("changes", "said"), [
    ({"width": WIDTH * 2}, "another base"), ({"use_dora": True}, "DoRA"), ({"modules_to_save": ["lm_head"]}, "modules_to_save"), ({"peft_type": "IA3"}, "IA3"),
])
def test_an_adapter_that_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    """The message names what is wrong with it."""
    write_adapter(tmp_path / "adapter", **changes)
    with pytest.raises(AdapterError, match=said):
        export(tmp_path / "adapter", write_base(tmp_path / "base.gguf"), tmp_path / "out.gguf")


def test_a_base_whose_rows_are_reordered_is_refused(tmp_path: Path) -> None:
    """A Llama base would need its query rows permuted; that is said instead of writing nonsense."""
    write_adapter(tmp_path / "adapter")
    with pytest.raises(AdapterError, match="llama"):
        export(tmp_path / "adapter", write_base(tmp_path / "base.gguf", "llama"), tmp_path / "out.gguf")


def test_a_torn_adapter_is_named(tmp_path: Path) -> None:
    """Half a safetensors file is said to be half."""
    write_adapter(tmp_path / "adapter")
    weights = tmp_path / "adapter" / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:200])
    with pytest.raises(AdapterError, match="not saved whole"):
        export(tmp_path / "adapter", write_base(tmp_path / "base.gguf"), tmp_path / "out.gguf")


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills while the matrices are written: the error says so, and nothing remains."""
    def full(path: Path, *_: object) -> None:
        path.write_bytes(b"GGUF")
        raise OSError(errno.ENOSPC, "No space left on device")

    write_adapter(tmp_path / "adapter")
    base = write_base(tmp_path / "base.gguf")
    monkeypatch.setattr(shipping, "_write", full)
    with pytest.raises(StorageError, match="No space left"):
        export(tmp_path / "adapter", base, tmp_path / "out" / "a.gguf")
    assert list((tmp_path / "out").iterdir()) == []


def test_exporting_needs_no_torch() -> None:
    """The base install has none."""
    code = "import sys, finetune.shipping; print({'torch', 'transformers', 'peft'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "set()"
