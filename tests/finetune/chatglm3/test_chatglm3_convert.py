"""Converting folders: every layout of files, what cannot be converted and why, and that a failure leaves nothing behind."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from thudm import TINY, VOCABULARY, random_weights, write_checkpoint, write_tensors
from typer.testing import CliRunner

from assistant.cli.main import app
from finetune.chatglm3.convert import convert
from finetune.chatglm3.naming import native_names
from finetune.chatglm3.source import ConvertError


def tensors_of(folder: Path) -> dict[str, torch.Tensor]:
    """Every tensor of a converted folder."""
    return {name: tensor for file in folder.glob("*.safetensors") for name, tensor in load_file(str(file)).items()}


@pytest.mark.parametrize(("ending", "shards"), [(".bin", 1), (".safetensors", 1), (".safetensors", 3)])
def test_every_layout_gives_the_same_tensors(ending: str, shards: int, native: Path, tokenizer_model: bytes, tmp_path: Path) -> None:
    """One file or shards, .bin or .safetensors: the same names with the same numbers, in as many files."""
    source = write_checkpoint(tmp_path / "thudm", TINY, tokenizer_model, ending=ending, shards=shards)
    convert(source, tmp_path / "native")
    found, wanted = tensors_of(tmp_path / "native"), tensors_of(native)
    assert len(list((tmp_path / "native").glob("*.safetensors"))) == shards
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def test_every_number_is_carried_over_as_it_was(native: Path) -> None:
    """Each native tensor holds its THUDM tensor's numbers, bit by bit; the fused one's rows in order."""
    found = tensors_of(native)
    for name, values in random_weights(TINY).items():
        assert np.array_equal(torch.cat([found.pop(new) for new in native_names(name)]).numpy(), values)
    assert found == {}


def test_half_precision_stays_half(tokenizer_model: bytes, tmp_path: Path) -> None:
    """A float16 checkpoint becomes a float16 folder whose configuration says so."""
    source = write_checkpoint(tmp_path / "thudm", TINY, tokenizer_model, shards=1, torch_dtype="float16")
    write_tensors(source / "pytorch_model.bin", {name: values.astype(np.float16) for name, values in random_weights(TINY).items()})
    made = convert(source, tmp_path / "native")
    assert {tensor.dtype for tensor in tensors_of(made.folder).values()} == {torch.float16}
    assert json.loads((made.folder / "config.json").read_text())["dtype"] == "float16"


def test_the_folder_says_how_to_stop(native: Path, tokenizer: Any) -> None:
    """Generation stops at </s>, <|user|> and <|observation|>; the configuration's ids lie inside the vocabulary."""
    config, generation = (json.loads((native / name).read_text()) for name in ("config.json", "generation_config.json"))
    assert generation["eos_token_id"] == [2, *tokenizer.convert_tokens_to_ids(["<|user|>", "<|observation|>"])]
    assert (config["eos_token_id"], config["pad_token_id"], config["bos_token_id"], generation["pad_token_id"]) == (2, 0, None, 0)
    assert (config["model_type"], config["rms_norm_eps"], config["vocab_size"]) == ("glm", 1e-5, VOCABULARY)
    assert max(tokenizer.get_vocab().values()) < VOCABULARY


@pytest.mark.parametrize(("changes", "said"), [
    ({"rmsnorm": False}, "rmsnorm"), ({"post_layer_norm": False}, "post_layer_norm"), ({"multi_query_attention": False}, "multi_query_attention"),
    ({"add_bias_linear": True}, "add_bias_linear"), ({"apply_residual_connection_post_layernorm": True}, "apply_residual"),
    ({"hidden_dropout": 0.1}, "hidden_dropout"), ({"original_rope": False}, "original_rope"), ({"pre_seq_len": 128}, "P-tuning"),
    ({"quantization_bit": 4}, "packed weights"), ({"model_type": "qwen2"}, "qwen2"), ({"num_layers": None}, "num_layers"),
    ({"_name_or_path": "THUDM/chatglm2-6b"}, "chatglm2"), ({"_name_or_path": "THUDM/glm-4-9b-chat"}, "glm-4"), ({"position_encoding_2d": True}, "2D"),
    ({"padded_vocab_size": 300}, "300 rows"), ({"ffn_hidden_size": 97}, "do not belong together"), ({"num_layers": 4}, "lacks 11 tensors"),
    ({"num_layers": 2}, "do not belong together"), ({"kv_channels": 8}, "do not belong together"), ({"multi_query_group_num": 1}, "has 128 rows"), ({"num_attention_heads": 3}, "cannot share"),
])
def test_what_cannot_be_converted_is_said(changes: dict[str, Any], said: str, tokenizer_model: bytes, tmp_path: Path) -> None:
    """The message names what is wrong, and no folder is left behind."""
    source = write_checkpoint(tmp_path / "thudm", TINY, tokenizer_model, **changes)
    with pytest.raises(ConvertError, match=said):
        convert(source, tmp_path / "native")
    assert [path.name for path in tmp_path.iterdir()] == ["thudm"]


def test_an_older_tokenizer_is_told_by_its_code(tokenizer_model: bytes, tmp_path: Path) -> None:
    """A renamed ChatGLM2 shows in the tokenizer's source, which is read and not run."""
    source = write_checkpoint(tmp_path / "thudm", TINY, tokenizer_model)
    (source / "tokenization_chatglm.py").write_text("raise SystemExit('run')\nspecial_tokens = ['[MASK]', '[gMASK]', 'sop']\n")
    with pytest.raises(ConvertError, match="another model"):
        convert(source, tmp_path / "native")


def test_code_beside_the_weights_is_never_run(thudm: Path, tmp_path: Path) -> None:
    """Python files that would end the process do nothing."""
    source = tmp_path / "thudm"
    source.mkdir()
    for file in thudm.iterdir():
        (source / file.name).symlink_to(file)
    for name in ("tokenization_chatglm.py", "configuration_chatglm.py", "modeling_chatglm.py"):
        (source / name).write_text("special = '<|assistant|>'\nraise SystemExit('run')\n")
    assert convert(source, tmp_path / "native").what == "model"
    assert not list((tmp_path / "native").glob("*.py"))


class Bomb:
    """A pickle that would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("content", ["bomb", "pointer", "torn", "nested", "unknown", "packed"])
def test_bad_weight_files_are_refused(content: str, thudm: Path, tokenizer_model: bytes, tmp_path: Path) -> None:
    """A pickle with code, a git-lfs pointer, half a file, a checkpoint in a checkpoint, strange and packed tensors."""
    source = write_checkpoint(tmp_path / "thudm", TINY, tokenizer_model, shards=1)
    file = source / "pytorch_model.bin"
    if content == "bomb":
        torch.save({"transformer.output_layer.weight": Bomb(tmp_path / "exploded")}, file)
    elif content == "pointer":
        file.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    elif content == "torn":
        file.write_bytes(file.read_bytes()[:5000])
    elif content == "nested":
        torch.save({"state_dict": {"transformer.output_layer.weight": torch.zeros(2)}}, file)
    else:
        name = "transformer.prefix_encoder.embedding.weight" if content == "unknown" else "transformer.output_layer.weight"
        torch.save({name: torch.zeros(2, 2, dtype=torch.int8)}, file)
    with pytest.raises(ConvertError, match=r"cannot be read|more than tensors|quantised and P-tuned"):
        convert(source, tmp_path / "native")
    assert not (tmp_path / "exploded").exists()
    assert pickle.loads(pickle.dumps(Bomb(tmp_path / "armed"))) is None  # noqa: S301 - our own: the bomb is a real one
    assert (tmp_path / "armed").exists()


def test_a_missing_shard_is_named(tokenizer_model: bytes, tmp_path: Path) -> None:
    """The index names a file that is not there."""
    source = write_checkpoint(tmp_path / "thudm", TINY, tokenizer_model)
    (source / "pytorch_model-00002-of-00002.bin").unlink()
    with pytest.raises(ConvertError, match="00002-of-00002"):
        convert(source, tmp_path / "native")


def test_nothing_is_overwritten(thudm: Path, tmp_path: Path) -> None:
    """A folder that holds something stays as it is."""
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(ConvertError, match="choose a new folder"):
        convert(thudm, tmp_path)


def test_the_command_converts_and_says_what_next(thudm: Path, tmp_path: Path) -> None:
    """`fengjing chatglm3 convert` makes the folder and names the keys a training needs."""
    done = CliRunner().invoke(app, ["chatglm3", "convert", str(thudm), str(tmp_path / "native")])
    assert (done.exit_code, "template: chatglm3" in done.output) == (0, True)
    assert (tmp_path / "native" / "tokenizer.json").is_file()
