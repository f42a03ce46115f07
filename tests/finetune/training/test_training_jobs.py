"""Trainings as detached processes: started, killed, started again, stopped, listed."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from finetune import jobs
from finetune.training.config import load_config
from knowledge.errors import InputError

PATIENCE_SECONDS = 240.0


def until(true: Callable[[], bool], job: jobs.Job) -> None:
    """Wait for something to become true, or show what the job said."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, "\n".join(job.said())
        time.sleep(0.05)


def launched(keys: dict[str, Any], tmp_path: Path, **changes: Any) -> jobs.Job:
    """A job of these keys."""
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump({**keys, **changes}), encoding="utf-8")
    return jobs.launch(load_config(path)[0], path, tmp_path / "home", ("--probes", str(tmp_path / "probe.txt")))


def process_of(job: jobs.Job) -> int:
    """The number of the process that trains in the job's folder."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.joinpath("cmdline").exists():
            words = entry.joinpath("cmdline").read_bytes().split(b"\0")
            if b"finetune.training" in words and str(job.command[3]).encode() in words:
                return int(entry.name)
    raise AssertionError("\n".join(job.said()))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="finds the process by /proc")
def test_a_killed_job_goes_on_and_a_stopped_one_keeps_its_best(keys: dict[str, Any], tmp_path: Path) -> None:
    """Killed in a step it is 'broken off' with readable files; started again it goes on, every step once; stopped it leaves an adapter."""
    long = {"num_train_epochs": 400.0, "save_steps": 5, "save_total_limit": 3, "learning_rate": 1e-3, "eval_steps": 50, "logging_steps": 1}
    job = launched(keys, tmp_path, **long)
    until(lambda: len(job.folder.checkpoints()) >= 2, job)
    assert job.state() == "running"
    os.kill(process_of(job), signal.SIGKILL)
    until(lambda: job.state() == "broken off", job)
    reached = int(job.folder.checkpoints()[-1].name.partition("-")[2])
    assert job.folder.lines()

    again = launched(keys, tmp_path, **long)
    assert again.name == job.name
    until(lambda: again.progress().step > reached + 2 and again.state() == "running", again)
    jobs.ask_to_stop(again)
    assert jobs.follow(again, lambda *_: None, look_seconds=0.1) == "stopped"
    steps = [line["current_steps"] for line in again.folder.lines() if "loss" in line]
    assert steps == list(range(1, steps[-1] + 1))
    assert any("going on from checkpoint-" in line for line in again.said(100))
    assert (again.folder.path / "adapter_model.safetensors").exists()
    assert [(found.name, found.state()) for found in jobs.jobs(tmp_path / "home")] == [("run", "stopped")]


@pytest.mark.slow
def test_a_job_that_cannot_start_has_failed_and_says_why(keys: dict[str, Any], tmp_path: Path) -> None:
    """A data set that does not exist is the last thing it says."""
    job = launched(keys, tmp_path, dataset="gone")
    assert jobs.follow(job, lambda *_: None, look_seconds=0.1) == "failed"
    assert "no data set 'gone'" in job.said(1)[0]


def test_jobs_are_found_by_name(tmp_path: Path) -> None:
    """The newest without a name; an unknown name lists those there are; one that does not run cannot be stopped."""
    (tmp_path / "jobs").mkdir()
    for name, started in (("old", "2026-01-01T00:00:00+00:00"), ("new", "2026-02-01T00:00:00+00:00")):
        (tmp_path / name).mkdir()
        (tmp_path / "jobs" / f"{name}.json").write_text(json.dumps({"folder": str(tmp_path / name), "started": started}))
    assert jobs.job_named(tmp_path, "").name == "new"
    assert jobs.job_named(tmp_path, "old").state() == "broken off"
    with pytest.raises(InputError, match="new, old"):
        jobs.job_named(tmp_path, "gone")
    with pytest.raises(InputError, match="not running"):
        jobs.ask_to_stop(jobs.job_named(tmp_path, "old"))
