"""How much memory a conversion takes beside its shards."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from thudm import TINY, VOCABULARY

LAYERS, HIDDEN, FFN = 8, 512, 8192
MEASURED = """
import sys
from pathlib import Path
from finetune.chatglm3.convert import convert
def peak():  # of this process alone: what getrusage says begins with the parent's
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
small, big = map(Path, sys.argv[1:])
convert(small, small.with_name("small"))  # so that every library is loaded before memory is first read
before = peak()
convert(big, big.with_name("big"))
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
@pytest.mark.parametrize("ending", [".bin", ".safetensors"])
def test_two_shards_lie_in_memory_at_most(ending: str, thudm: Path, tokenizer_model: bytes, tmp_path: Path) -> None:
    """Eight shards are converted in the memory of two, not of eight."""
    source = tmp_path / "thudm"
    source.mkdir()
    placed = {}
    for layer in range(LAYERS):
        own = f"transformer.encoder.layers.{layer}"
        shapes = {
            f"{own}.input_layernorm.weight": (HIDDEN,), f"{own}.post_attention_layernorm.weight": (HIDDEN,), f"{own}.self_attention.query_key_value.bias": (128,),
            f"{own}.self_attention.query_key_value.weight": (128, HIDDEN), f"{own}.self_attention.dense.weight": (HIDDEN, 64),
            f"{own}.mlp.dense_h_to_4h.weight": (2 * FFN, HIDDEN), f"{own}.mlp.dense_4h_to_h.weight": (HIDDEN, FFN),
        }
        if layer == 0:
            shapes |= {"transformer.embedding.word_embeddings.weight": (VOCABULARY, HIDDEN), "transformer.output_layer.weight": (VOCABULARY, HIDDEN),
                       "transformer.encoder.final_layernorm.weight": (HIDDEN,)}
        tensors, file = {name: torch.ones(shape) for name, shape in shapes.items()}, f"shard-{layer}{ending}"
        torch.save(tensors, source / file) if ending == ".bin" else save_file(tensors, str(source / file))
        placed.update(dict.fromkeys(tensors, file))
    index = "pytorch_model.bin.index.json" if ending == ".bin" else "model.safetensors.index.json"
    (source / index).write_text(json.dumps({"weight_map": placed}))
    (source / "config.json").write_text(json.dumps({**TINY.config, "num_layers": LAYERS, "hidden_size": HIDDEN, "ffn_hidden_size": FFN}))
    (source / "tokenizer.model").write_bytes(tokenizer_model)
    shard = max(file.stat().st_size for file in source.glob(f"shard-*{ending}"))
    small = tmp_path / "first" / "thudm"
    small.parent.mkdir()
    small.symlink_to(thudm, target_is_directory=True)
    done = subprocess.run([sys.executable, "-c", MEASURED, str(small), str(source)], capture_output=True, text=True, check=True)
    print(f"{ending}: {int(done.stdout) / shard:.2f} shards of {shard >> 20} MiB")
    assert 0.5 * shard < int(done.stdout) < 2.2 * shard
