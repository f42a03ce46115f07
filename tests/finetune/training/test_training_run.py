"""Trainings from end to end on a tiny random base: what remains of them, and what goes wrong in them."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from finetune.training.config import check
from finetune.training.errors import LossError, TrainingError
from finetune.training.run_folder import RunFolder
from knowledge.errors import StorageError

pytestmark = pytest.mark.slow
LOG_KEYS = {"current_steps", "total_steps", "loss", "lr", "epoch", "percentage", "elapsed_time", "remaining_time", "throughput", "total_tokens"}


def run(keys: dict[str, Any], tmp_path: Path, at_plan: Any = None, **changes: Any) -> tuple[RunFolder, list[str]]:
    """Train with these keys; the folder, and what was said. `at_plan` is called just before the first step."""
    from finetune.training.run import Job, train

    config, _ = check({**keys, **changes})
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        if at_plan and line.startswith("training ") and "steps" in line:
            at_plan()

    return train(Job(config, tmp_path / "home", tmp_path / "probe.txt"), say), lines


def losses(folder: RunFolder, key: str = "loss") -> list[float]:
    """The losses of the log."""
    return [line[key] for line in folder.lines() if key in line]


def test_a_run_leaves_an_adapter_and_its_files(keys: dict[str, Any], tmp_path: Path) -> None:
    """The loss falls; adapter, LLaMA-Factory's run files, both pictures and samples of before, during and after are there."""
    folder, lines = run(keys, tmp_path)
    assert losses(folder)[-1] < losses(folder)[0] - 0.5
    assert folder.lines()[0].keys() >= LOG_KEYS
    results = json.loads((folder.path / "all_results.json").read_text())
    assert results.keys() >= {"train_loss", "train_runtime", "train_samples_per_second", "train_steps_per_second", "total_flos", "epoch", "eval_loss"}
    assert [line["when"] for line in folder.lines("samples.jsonl")] == ["before", "during", "after"]
    assert all((folder.path / name).read_bytes().startswith(b"\x89PNG") for name in ("training_loss.png", "training_eval_loss.png"))
    assert json.loads((folder.path / "training_record.json").read_text())["computed_tokens"] > 0
    assert (folder.path / "adapter_model.safetensors").exists()
    assert folder.progress().state == "finished"
    assert any("fewer than 100 steps" in line for line in lines)
    shown = next(line for line in lines if "⟦" in line)
    assert "⟦海湾0免费，祝你玩得开心！<|im_end|>⟧" in shown


def test_the_adapter_that_is_left_is_the_best(keys: dict[str, Any], tmp_path: Path) -> None:
    """Its validation loss is the lowest seen, and loading it on the base gives that loss again."""
    folder, _ = run(keys, tmp_path, learning_rate=0.2, num_train_epochs=3.0)
    results = json.loads((folder.path / "eval_results.json").read_text())
    assert results["eval_loss"] == pytest.approx(min(losses(folder, "eval_loss")), abs=1e-4)
    again, _ = run(keys, tmp_path, adapter_name_or_path=str(folder.path), learning_rate=1e-12, num_train_epochs=1.0, output_dir=str(tmp_path / "again"))
    assert losses(again, "eval_loss")[0] == pytest.approx(results["eval_loss"], abs=1e-3)


@pytest.mark.parametrize("changes", [
    {"use_dora": True, "neftune_noise_alpha": 5, "lora_dropout": 0.1}, {"use_rslora": True, "packing": True, "gradient_accumulation_steps": 2},
    {"disable_gradient_checkpointing": False, "gradient_checkpointing": True, "group_by_length": True}, {"additional_target": "lm_head"},
    {"lr_scheduler_type": "inverse_sqrt", "warmup_steps": 2}, {"lr_scheduler_type": "polynomial", "max_grad_norm": 0.5, "optim": "adamw_torch_fused"},
    {"train_on_prompt": True, "mask_history": False, "eval_dataset": None, "val_size": 0.2}, {"lora_target": "q_proj,v_proj", "bf16": True},
], ids="+".join)
def test_the_ways_to_train(keys: dict[str, Any], tmp_path: Path, changes: dict[str, Any]) -> None:
    """Each way learns something and leaves an adapter."""
    folder, _ = run(keys, tmp_path, **{**changes, "max_steps": 8})
    record = json.loads((folder.path / "training_record.json").read_text())
    assert (record["computed_tokens"] > 0) == ("additional_target" not in changes)  # a trained head goes the usual, padded way
    assert losses(folder)[-1] < losses(folder)[0]
    assert (folder.path / "adapter_model.safetensors").exists()


def test_a_run_goes_on_from_an_adapter(keys: dict[str, Any], tmp_path: Path) -> None:
    """A continued adapter begins where the first ended, not at the base."""
    first, _ = run(keys, tmp_path)
    second, _ = run(keys, tmp_path, adapter_name_or_path=str(first.path), output_dir=str(tmp_path / "second"))
    assert losses(second)[0] < losses(first)[0] - 0.5


def test_an_adapter_of_another_base_is_named(keys: dict[str, Any], tmp_path: Path) -> None:
    """The layer and both widths are said."""
    import numpy as np
    from safetensors.numpy import save_file

    other = tmp_path / "other"
    other.mkdir()
    layer = "base_model.model.model.layers.0.self_attn.q_proj"
    save_file({f"{layer}.lora_A.weight": np.zeros((4, 96), np.float32), f"{layer}.lora_B.weight": np.zeros((96, 4), np.float32)},
              str(other / "adapter_model.safetensors"))
    (other / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "base_model_name_or_path": "big", "r": 4, "lora_alpha": 8}))
    with pytest.raises(TrainingError, match=r"another base \(big\).*96 wide, this base is 64 wide"):
        run(keys, tmp_path, adapter_name_or_path=str(other))


def test_targets_the_base_has_not_are_named(keys: dict[str, Any], tmp_path: Path) -> None:
    """With the layers there are."""
    with pytest.raises(TrainingError, match=r"no layer query_key_value; it has down_proj"):
        run(keys, tmp_path, lora_target="query_key_value")


def test_a_loss_that_is_no_number_ends_the_run(keys: dict[str, Any], tmp_path: Path) -> None:
    """The step is said, the state is failed, and what was written before stays readable."""
    with pytest.raises(LossError, match="lower learning_rate"):
        run(keys, tmp_path, learning_rate=1e30, max_grad_norm=0.0)
    folder = RunFolder(Path(keys["output_dir"]))
    assert folder.progress().state == "failed"
    assert all(math.isfinite(loss) for loss in losses(folder))


def test_a_stop_keeps_the_best_so_far(keys: dict[str, Any], tmp_path: Path) -> None:
    """A file named stop ends the run after its step, with validation, adapter and results; a restart goes on from there."""
    stop = Path(keys["output_dir"]) / "stop"
    folder, _ = run(keys, tmp_path, at_plan=lambda: stop.write_text("stop"))
    assert (folder.progress().state, folder.progress().step) == ("stopped", 1)
    assert (folder.path / "adapter_model.safetensors").exists()
    assert len(losses(folder, "eval_loss")) > 0
    again, lines = run(keys, tmp_path)
    assert "going on from checkpoint-1" in lines
    assert (again.progress().state, again.progress().step) == ("finished", 12)


def test_a_plateau_ends_the_run(keys: dict[str, Any], tmp_path: Path) -> None:
    """With a learning rate of almost nothing the loss stays, and the run ends after the patience."""
    folder, _ = run(keys, tmp_path, learning_rate=1e-12, eval_steps=1, early_stopping_steps=2)
    assert folder.progress().step == 3


def test_a_full_disk_is_said(keys: dict[str, Any], tmp_path: Path) -> None:
    """The log cannot grow: the run ends with our words, and its progress still reads."""
    log = Path(keys["output_dir"]) / "trainer_log.jsonl"
    with pytest.raises(StorageError, match="is full; free some space"):
        run(keys, tmp_path, at_plan=lambda: log.symlink_to("/dev/full"))
    assert RunFolder(Path(keys["output_dir"])).progress().state == "failed"


def test_a_quantised_base_needs_a_card(keys: dict[str, Any], tmp_path: Path) -> None:
    """On a processor the message says what is missing and what to do."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a card")
    with pytest.raises(TrainingError, match="needs an NVIDIA card"):
        run(keys, tmp_path, quantization_bit=4)
