"""Finding a base and reading it into torch: names, paths, a GGUF that is none, and the real one against the engine."""

import os
import shutil
from pathlib import Path

import pytest
import requests
from tiny_gguf import write_tiny

from assistant.settings import Settings
from chains.models.catalogue import MODELS
from chains.models.embedded import EngineConfig, running_engine
from chains.models.pull import is_here, local_file
from finetune.base import BaseError, find_base, load_base, load_tokenizer

QWEN = MODELS["qwen-0.5b"]
TALK = [{"role": "system", "content": "你是旅行助手。"}, {"role": "user", "content": "<资料>\n1. 栈桥（免费）\n</资料>\n问题：青岛好玩吗？ Is it nice?"}]


def test_a_model_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    """By its own name and by the hub's: the command that brings it is named."""
    for name in (QWEN.name, "Qwen/Qwen2.5-Coder-0.5B-Instruct"):
        with pytest.raises(BaseError, match=r"run 'fengjing model pull qwen-0\.5b'"):
            find_base(name, tmp_path)


def test_the_hubs_name_means_the_gguf_that_is_served(tmp_path: Path) -> None:
    """A configuration with the hub's name trains on the served file; the adapter will call its base by that name."""
    local_file(QWEN, tmp_path).parent.mkdir()
    with local_file(QWEN, tmp_path).open("wb") as file:
        file.truncate(QWEN.size_bytes)
    base = find_base("Qwen/Qwen2.5-Coder-0.5B-Instruct", tmp_path)
    assert (base.name, base.gguf) == ("Qwen/Qwen2.5-Coder-0.5B-Instruct", local_file(QWEN, tmp_path))


def test_a_name_that_is_nothing_lists_what_there_is(tmp_path: Path) -> None:
    """Neither a path nor a hub name; a GGUF path without a file is named as such."""
    with pytest.raises(BaseError, match=r"qwen-0\.5b, qwen-1\.5b"):
        find_base("qwen", tmp_path)
    with pytest.raises(BaseError, match=r"no file .*gone\.gguf"):
        find_base(str(tmp_path / "gone.gguf"), tmp_path)


@pytest.mark.slow
def test_a_file_that_is_no_gguf_leaves_nothing_behind(tmp_path: Path) -> None:
    """The error names the file, and no half base is kept that the next start would trust."""
    junk = tmp_path / "junk.gguf"
    junk.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(BaseError, match="junk cannot be read"):
        load_tokenizer(str(junk), tmp_path)
    assert list((tmp_path / "bases").glob("*")) == []


@pytest.mark.slow
def test_training_reads_the_weights_and_tokens_that_are_served() -> None:
    """The real GGUF in torch: its matrices are the file's, and a rendered talk has the engine's own tokens."""
    import gguf
    import numpy as np

    home = Settings().home
    if not is_here(QWEN, home) and "CI" not in os.environ:
        pytest.skip(f"the model {QWEN.name} is not in {home}; run 'fengjing model pull'")
    model, tokenizer = load_base(QWEN.name, home)
    text = tokenizer.apply_chat_template(TALK, tokenize=False, add_generation_prompt=True)
    server = running_engine(EngineConfig(local_file(QWEN, home))).base_url.removesuffix("/v1")
    rendered = requests.post(f"{server}/apply-template", json={"messages": TALK}, timeout=60).json()["prompt"]
    tokens = requests.post(f"{server}/tokenize", json={"content": text, "parse_special": True}, timeout=60).json()["tokens"]
    assert rendered == text
    assert tokenizer(text, add_special_tokens=False)["input_ids"] == tokens
    (stored,) = (tensor for tensor in gguf.GGUFReader(str(local_file(QWEN, home))).tensors if tensor.name == "blk.3.ffn_up.weight")
    wanted = gguf.quants.dequantize(stored.data, stored.tensor_type)
    assert np.array_equal(model.model.layers[3].mlp.up_proj.weight.detach().numpy(), wanted)


@pytest.mark.slow
def test_a_tokenizer_is_read_without_the_weights(tmp_path: Path) -> None:
    """From the GGUF's header, kept apart: no weight is turned for it; once the base is kept, both come from there."""
    base = write_tiny(tmp_path / "tiny.gguf")
    first = load_tokenizer(str(base), tmp_path)
    (kept,) = (tmp_path / "bases").iterdir()
    assert (kept.name.endswith("-tokenizer"), list(kept.glob("*.safetensors"))) == (True, [])
    _, second = load_base(str(base), tmp_path)
    assert (first.get_vocab(), first.chat_template) == (second.get_vocab(), second.chat_template)
    shutil.rmtree(kept)
    assert load_tokenizer(str(base), tmp_path).get_vocab() == first.get_vocab()
    assert not kept.exists()
