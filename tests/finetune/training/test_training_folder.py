"""A run's folder after kills and full disks, and how a run starts from what it finds there."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from finetune.training.config import TrainConfig
from finetune.training.errors import OutOfMemory, TrainingError, translated
from finetune.training.run_folder import Progress, RunFolder
from finetune.training.start import how_to_start
from knowledge.errors import StorageError


def config(folder: Path, **keys: Any) -> TrainConfig:
    """A configuration that writes to `folder`."""
    return TrainConfig(**{"model_name_or_path": "m", "dataset": "d", "output_dir": folder, **keys})


def checkpoint(folder: Path, step: int) -> Path:
    """A whole checkpoint."""
    path = folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    save_file({"weight": np.zeros((4, 4), np.float32)}, str(path / "adapter_model.safetensors"))
    (path / "adapter_config.json").write_text("{}")
    (path / "trainer_state.json").write_text("{}")
    return path


def begun(folder: Path, state: str = "running", **keys: Any) -> RunFolder:
    """A folder in which a run of this configuration began."""
    run = RunFolder(folder)
    how_to_start(run, config(folder, **keys)).prepare(run, config(folder, **keys))
    run.note(state=state, step=3, steps=9)
    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty run folder."""
    path = tmp_path / "run"
    path.mkdir()
    return path


def test_a_torn_line_does_not_hide_the_others(folder: Path) -> None:
    """A kill in the middle of a write costs that line only."""
    run = RunFolder(folder)
    run.append({"current_steps": 1, "loss": 2.0})
    with run.log.open("a", encoding="utf-8") as file:
        file.write('{"current_steps": 2, "lo')
    assert run.lines() == [{"current_steps": 1, "loss": 2.0}]


def test_a_resumed_run_takes_back_what_it_will_write_again(folder: Path) -> None:
    """Lines after the checkpoint go, those before stay."""
    run = RunFolder(folder)
    for step in (2, 4, 6):
        run.append({"current_steps": step})
        run.append({"step": step}, "samples.jsonl")
    run.rewind(4)
    assert [line["current_steps"] for line in run.lines()] == [2, 4]
    assert [line["step"] for line in run.lines("samples.jsonl")] == [2, 4]


@pytest.mark.parametrize("damage", ["no state", "half state", "half weights"])
def test_a_torn_checkpoint_does_not_count(folder: Path, damage: str) -> None:
    """The newest whole one is taken, the torn one is cleared away."""
    whole, torn = checkpoint(folder, 4), checkpoint(folder, 8)
    if damage == "no state":
        (torn / "trainer_state.json").unlink()
    elif damage == "half state":
        (torn / "trainer_state.json").write_text('{"epoch": 1')
    else:
        weights = torn / "adapter_model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-10])
    run = RunFolder(folder)
    assert run.checkpoints() == [whole]
    run.drop_torn()
    assert not torn.exists()


def test_a_damaged_progress_is_a_beginning(folder: Path) -> None:
    """Half a JSON, or one of another version, is read as no progress."""
    (folder / "progress.json").write_text('{"state": "run')
    assert RunFolder(folder).progress() == Progress()


def test_one_folder_one_training(folder: Path) -> None:
    """A second training in the folder is refused while a process holds it, and welcome when that process is killed."""
    code = ("import sys, time; from pathlib import Path; from finetune.training.run_folder import RunFolder\n"
            f"with RunFolder(Path({str(folder)!r})).held(): print('held', flush=True); time.sleep(60)")
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    run = RunFolder(folder)
    assert run.is_held()
    with pytest.raises(TrainingError, match="is running"), run.held():
        pass
    other.kill()
    other.wait()
    other.stdout.close()
    assert not run.is_held()


def test_an_unfinished_run_goes_on(folder: Path) -> None:
    """The same configuration starts from the last checkpoint, even where overwriting is allowed; fresh begins anew."""
    begun(folder, overwrite_output_dir=True)
    last = checkpoint(folder, 4)
    start = how_to_start(RunFolder(folder), config(folder, overwrite_output_dir=True))
    assert (start.checkpoint, start.clear) == (last, False)
    assert how_to_start(RunFolder(folder), config(folder), fresh=True).clear


def test_other_settings_do_not_mix_into_a_run(folder: Path) -> None:
    """The keys that differ are named; overwriting begins anew, resuming insists."""
    begun(folder)
    last = checkpoint(folder, 4)
    changed = {"learning_rate": 1e-3}
    with pytest.raises(TrainingError, match="learning_rate"):
        how_to_start(RunFolder(folder), config(folder, **changed))
    assert how_to_start(RunFolder(folder), config(folder, **changed, overwrite_output_dir=True)).clear
    assert how_to_start(RunFolder(folder), config(folder, **changed, resume_from_checkpoint=True)).checkpoint == last


def test_a_finished_run_is_not_overwritten_unasked(folder: Path) -> None:
    """It says so; with overwrite_output_dir its files go, and a stranger's file stays."""
    run = begun(folder, state="finished")
    checkpoint(folder, 4)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(TrainingError, match="finished run"):
        how_to_start(run, config(folder))
    again = config(folder, overwrite_output_dir=True)
    how_to_start(run, again).prepare(run, again)
    assert run.checkpoints() == []
    assert (folder / "notes.txt").read_text() == "mine"


def test_another_tools_weights_are_not_taken_away(folder: Path) -> None:
    """A folder with checkpoints that are not ours is refused, resumed or given up, as asked."""
    last = checkpoint(folder, 4)
    with pytest.raises(TrainingError, match="another run"):
        how_to_start(RunFolder(folder), config(folder))
    assert how_to_start(RunFolder(folder), config(folder, resume_from_checkpoint=True)).checkpoint == last
    assert last.exists()


def test_a_given_checkpoint_must_be_whole(folder: Path) -> None:
    """The whole ones beside it are named."""
    whole, torn = checkpoint(folder, 4), checkpoint(folder, 8)
    (torn / "trainer_state.json").unlink()
    with pytest.raises(TrainingError, match="checkpoint-4"):
        how_to_start(RunFolder(folder), config(folder, resume_from_checkpoint=torn))
    assert how_to_start(RunFolder(folder), config(folder, resume_from_checkpoint=whole)).checkpoint == whole


def test_memory_and_disk_are_said_in_our_words(tmp_path: Path) -> None:
    """What torch says when memory runs out, and what the system says when the disk does."""
    import torch

    with pytest.raises(OutOfMemory, match="halve per_device_train_batch_size"), translated("run"):
        torch.empty(1 << 55)
    full = tmp_path / "log"
    full.symlink_to("/dev/full")
    with pytest.raises(StorageError, match="disk of run is full"), translated("run"), full.open("w") as file:
        file.write(json.dumps({"loss": 1.0}))
