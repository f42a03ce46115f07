"""Trainings as processes of their own: started, listed, followed, stopped; they outlive the terminal and the page.

A job is its run folder plus one small file in the home folder that says where that is. Whether it still trains is told
by the lock the process holds on the folder, so a killed one is noticed whatever became of its number. Needs no torch.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from finetune.training.config import TrainConfig
from finetune.training.errors import TrainingError
from finetune.training.run_folder import ENDED, Progress, RunFolder, write_whole
from finetune.training.start import how_to_start
from knowledge.errors import InputError

JobState = Literal["starting", "running", "finished", "stopped", "failed", "broken off"]
OUTPUT = "job.log"
ERROR = "error: "  # how the process begins its last line where it fails
LOOK_SECONDS = 1.0
START_SECONDS = 120.0  # a process that holds no lock by then never will: loading the libraries takes seconds
POLITE = 5  # niceness of a training beside a chat on the same machine


@dataclass(frozen=True)
class Job:
    """A training that was started here."""

    name: str
    folder: RunFolder
    started: str  # local time, ISO
    command: tuple[str, ...] = ()

    def state(self) -> JobState:
        """What it is doing; `broken off` where the process is gone without a word (killed, or the machine went down)."""
        began = datetime.fromisoformat(self.started).timestamp()
        news = self.folder.progress_written() >= began  # older progress is an earlier run's in the same folder
        progress = self.folder.progress()
        if self.folder.is_held():
            return "running" if news and progress.state == "running" else "starting"
        if news and progress.state in ENDED:
            return progress.state
        if any(line.startswith(ERROR) for line in self.said()):
            return "failed"
        return "starting" if not news and time.time() - began < START_SECONDS else "broken off"

    def progress(self) -> Progress:
        """How far it is."""
        return self.folder.progress()

    def said(self, last: int = 20) -> list[str]:
        """The last lines the process wrote."""
        path = self.folder.path / OUTPUT
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[-last:] if path.exists() else []


def launch(config: TrainConfig, config_path: Path, home: Path, arguments: tuple[str, ...] = (), *, fresh: bool = False) -> Job:
    """Start a training of `config` as a detached process; raises `TrainingError` where its folder forbids it.

    `config_path` and `arguments` are handed to `python -m finetune.training`, which reads the configuration again.
    """
    folder = RunFolder(config.output_dir.absolute())
    how_to_start(folder, config, fresh=fresh)  # refuse here, where somebody reads it
    if folder.is_held():
        raise TrainingError(f"a training is running in {folder.path}; see 'fengjing jobs list', or choose another output_dir")
    folder.path.mkdir(parents=True, exist_ok=True)
    command = (sys.executable, "-m", "finetune.training", str(config_path.absolute()), "--home", str(home), *arguments)
    with (folder.path / OUTPUT).open("wb") as output:
        # Its own session: neither the terminal's hang-up nor its Ctrl-C reaches it.
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)  # noqa: S603 - our own module
    job = Job(_name(home, folder.path), folder, datetime.now().astimezone().isoformat(timespec="microseconds"), command)
    _register(home, job)
    return job


def jobs(home: Path) -> list[Job]:
    """Every job that was started from this home and whose folder is still there, newest first."""
    found = []
    for path in (home / "jobs").glob("*.json"):
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            job = Job(path.stem, RunFolder(Path(kept["folder"])), str(kept["started"]), tuple(kept.get("command", ())))
        except (OSError, ValueError, KeyError):
            continue
        if job.folder.path.exists():
            found.append(job)
    return sorted(found, key=lambda job: job.started, reverse=True)


def job_named(home: Path, name: str) -> Job:
    """The job of that name, or the newest where none is given; raises `InputError` listing the names there are."""
    known = jobs(home)
    for job in known:
        if name in {job.name, ""}:
            return job
    names = ", ".join(job.name for job in known) or "none"
    raise InputError(f"no job is named {name!r} (there are: {names}); start one with 'fengjing train finetune/configs/quick.yaml'")


def ask_to_stop(job: Job) -> None:
    """Ask a job to end after its step and keep the best so far; raises `InputError` where it does not run."""
    state = job.state()
    if state not in {"running", "starting"}:
        raise InputError(f"the job {job.name} is not running ({state}); see 'fengjing jobs list'")
    write_whole(job.folder.stop_file, "stop\n")


def follow(job: Job, each: Callable[[JobState, Progress], None], look_seconds: float = LOOK_SECONDS) -> JobState:
    """Call `each` until the job has ended; its last state."""
    for state, progress in _looks(job, look_seconds):
        each(state, progress)
        last = state
    return last


def _looks(job: Job, look_seconds: float) -> Iterator[tuple[JobState, Progress]]:
    while True:
        state = job.state()
        yield state, job.progress()
        if state not in {"running", "starting"}:
            return
        time.sleep(look_seconds)


def _name(home: Path, folder: Path) -> str:
    """The folder's own name; a number behind it where another folder has that name too."""
    for number in range(1, 1000):
        name = folder.name if number == 1 else f"{folder.name}-{number}"
        path = home / "jobs" / f"{name}.json"
        if not path.exists() or json.loads(path.read_text(encoding="utf-8")).get("folder") == str(folder):
            return name
    raise TrainingError(f"there are too many jobs named {folder.name}; choose another output_dir")


def _register(home: Path, job: Job) -> None:
    (home / "jobs").mkdir(parents=True, exist_ok=True)
    kept = {"folder": str(job.folder.path), "started": job.started, "command": job.command}
    write_whole(home / "jobs" / f"{job.name}.json", json.dumps(kept, ensure_ascii=False))
