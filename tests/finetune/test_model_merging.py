"""Merging an adapter into its base: the same words before and after, whatever kind of LoRA; and what is refused."""

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file
from tiny_gguf import TEMPLATE, write_tiny
from tuned import Tiny, drawn_adapter, rename_base, write_tuned

from finetune import merging
from finetune.agreement import Agreement, Difference, Reader
from finetune.shipping import AdapterError
from knowledge.errors import InputError, StorageError

pytestmark = pytest.mark.slow
ASKED = [5, 6, 7, 8]


def said_by(folder: Path, count: int = 16) -> list[int]:
    """What the model of a plain folder says after `ASKED`."""
    from transformers import AutoModelForCausalLM

    return Reader(AutoModelForCausalLM.from_pretrained(str(folder), dtype="float32")).greedy(ASKED, count, frozenset())


def said_by_tuned(adapter: Path, tiny: Tiny, count: int = 16) -> list[int]:
    """What base and adapter say after `ASKED`."""
    return Reader(merging.load_tuned(adapter, tiny.home, str(tiny.base)).model).greedy(ASKED, count, frozenset())


@pytest.mark.parametrize("lora", [
    {}, {"use_rslora": True}, {"use_dora": True}, {"rank_pattern": {"q_proj": 2}, "alpha_pattern": {"up_proj": 16}}, {"modules_to_save": ["lm_head"]},
], ids=["lora", "rslora", "dora", "patterns", "whole layer"])
def test_a_merged_folder_says_what_base_and_adapter_said(tiny: Tiny, tmp_path: Path, lora: dict[str, Any]) -> None:
    """Greedy tokens of the written folder, read by plain transformers, are those of PEFT, and not the base's own."""
    adapter = write_tuned(tiny.base, tiny.home, tmp_path / "a", **lora)
    merged = merging.merge(adapter, tmp_path / "out", tiny.home, "fp32", str(tiny.base), say=lambda _: None)
    wanted = said_by_tuned(adapter, tiny)
    assert said_by(tmp_path / "out") == wanted
    assert Reader(merging.load_base(str(tiny.base), tiny.home)[0]).greedy(ASKED, 16, frozenset()) != wanted
    assert (merged.in_float32.same, merged.as_written.same) == (4, 4)


def test_a_merged_folder_is_whole(tiny: Tiny, tmp_path: Path) -> None:
    """Weights in the numbers asked for, tokenizer, template, both configurations with every end mark, and a card."""
    merged = merging.merge(tiny.adapter, tmp_path / "out", tiny.home, "bf16", str(tiny.base), say=lambda _: None)
    files = {path.name for path in merged.folder.iterdir()}
    assert {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "README.md"} <= files
    assert json.loads((merged.folder / "config.json").read_text())["dtype"] == "bfloat16"
    assert json.loads((merged.folder / "generation_config.json").read_text())["eos_token_id"] == [471, 473]
    assert (merged.folder / "chat_template.jinja").read_text() == TEMPLATE
    assert merged.size_bytes == sum(path.stat().st_size for path in merged.folder.iterdir())
    assert json.loads(merged.to_json())["in_float32"] == {"prompts": 4, "same": 4, "widest": 0.0}


def test_a_trained_head_of_a_tied_base_is_kept(tmp_path: Path) -> None:
    """Where the base shares its words' matrix with its head, a merged head of its own is not tied back at load."""
    base = write_tiny(tmp_path / "tied.gguf", tied=True)
    with pytest.warns(UserWarning, match="tie_word_embeddings"):  # PEFT doubts that it ends well
        adapter = write_tuned(base, tmp_path, tmp_path / "a", modules_to_save=["lm_head"])
    merging.merge(adapter, tmp_path / "out", tmp_path, "fp32", str(base), say=lambda _: None)
    assert said_by(tmp_path / "out") == Reader(merging.load_tuned(adapter, tmp_path, str(base)).model).greedy(ASKED, 16, frozenset())


def test_an_adapter_of_another_base_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    """By its name where the sizes are the same, by its widths where the names are; nothing is left behind."""
    adapter = write_tuned(tiny.base, tiny.home, tmp_path / "a")
    rename_base(adapter, "Qwen/Qwen2.5-0.5B-Instruct")
    with pytest.raises(AdapterError, match=r"another base \(Qwen/Qwen2.5-0.5B-Instruct\)"):
        merging.merge(adapter, tmp_path / "out", tiny.home, base=str(tiny.base), say=lambda _: None)
    rename_base(adapter, "tiny")
    weights = load_file(adapter / "adapter_model.safetensors")
    key = next(name for name in weights if name.endswith("q_proj.lora_A.weight"))
    save_file({**weights, key: weights[key][:, :32]}, adapter / "adapter_model.safetensors")
    with pytest.raises(AdapterError, match="is 32 wide, this base's is 64"):
        merging.merge(adapter, tmp_path / "out", tiny.home, base=str(tiny.base), say=lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_base_that_is_not_here_is_named(tiny: Tiny, tmp_path: Path) -> None:
    """An adapter remembers a GGUF by its name only: where it lies must then be said."""
    with pytest.raises(AdapterError, match="give its path with --base"):
        merging.merge(tiny.adapter, tmp_path / "out", tiny.home, say=lambda _: None)


def test_a_taken_target_is_refused_before_anything_is_read(tiny: Tiny, tmp_path: Path) -> None:
    """What lies in the target stays as it was."""
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        merging.merge(tmp_path / "no adapter", tmp_path, tiny.home, say=lambda _: None)


def test_a_full_disk_leaves_no_half_folder(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills while the shards are written: neither the folder nor its unfinished part remains."""
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(merging, "_describe", full)
    with pytest.raises(StorageError, match="No space left"):
        merging.merge(tiny.adapter, tmp_path / "out", tiny.home, base=str(tiny.base), say=lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_reading_along_finds_the_first_other_token(tiny: Tiny) -> None:
    """A changed token is found at its place with what the model wanted and by how much; a read beginning changes nothing."""
    model = merging.load_tuned(tiny.adapter, tiny.home, str(tiny.base)).model
    reader = Reader(model)
    said = reader.greedy(ASKED, 8, frozenset())
    assert reader.agreement(ASKED, said).first is None
    changed = [*said[:5], said[5] + 1, *said[6:]]
    found = reader.agreement(ASKED, changed)
    anew = Reader(model).agreement(ASKED, changed)
    assert found.first is not None
    assert anew.first is not None
    assert (found.tokens, found.first.place, found.first.wanted, found.first.said) == (6, 5, said[5], said[5] + 1)
    assert found.first.margin == pytest.approx(anew.first.margin, abs=0.01)
    assert reader.greedy(ASKED, 8, frozenset({said[2]})) == said[:3]
    assert Agreement(1, 0, Difference(0, 1, 2, 0.5)).first.near_tie  # type: ignore[union-attr]


@pytest.mark.parametrize(("changes", "said"), [
    ({"target_modules": ["q_proj", "k_proj"]}, "lacks .*k_proj.*not saved whole"), ({"target_modules": ["v_proj"]}, "holds .*q_proj.*no place there"),
])
def test_an_adapter_that_is_not_what_its_configuration_says_is_refused(tiny: Tiny, tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    """PEFT would go on without what is missing and drop what it does not know."""
    with pytest.raises(AdapterError, match=said):
        merging.load_tuned(drawn_adapter(tmp_path / "a", **changes), tiny.home, str(tiny.base))
