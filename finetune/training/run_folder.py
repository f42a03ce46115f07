"""The folder of a run: its files, what state it is in, and what a restart finds there.

Named and shaped as LLaMA-Factory's (`trainer_log.jsonl`, `training_args.yaml`, `checkpoint-N`, `all_results.json` …),
plus `progress.json` (state, step, what is left), `samples.jsonl` and `best/`. Whatever is read often is written whole
or not at all, so that a run killed in a step leaves readable files. Needs no torch: pages and jobs read it too.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import yaml
from filelock import FileLock, Timeout

from finetune.training.errors import TrainingError

State = Literal["starting", "running", "finished", "stopped", "failed"]
ENDED: tuple[State, ...] = ("finished", "stopped", "failed")
OURS = ("trainer_log.jsonl", "progress.json", "samples.jsonl", "training_args.yaml", "training_loss.png", "training_eval_loss.png", "train_results.json",
        "eval_results.json", "all_results.json", "trainer_state.json", "training_args.bin", "adapter_config.json", "adapter_model.safetensors",
        "training_record.json", "README.md", "stop", "best")  # what a fresh start takes away, beside the checkpoints
LOCK_SECONDS = 2.0  # longer than `is_held` ever keeps the lock to itself
CHECKPOINT_WHOLE = ("trainer_state.json", "adapter_model.safetensors", "adapter_config.json")


@dataclass(frozen=True)
class Progress:
    """How far a run is. Times in seconds; `remaining_s` is an estimate from the steps so far."""

    state: State = "starting"
    step: int = 0
    steps: int = 0
    epoch: float = 0.0
    elapsed_s: float = 0.0
    remaining_s: float | None = None
    loss: float | None = None
    eval_loss: float | None = None
    best_eval_loss: float | None = None
    best_step: int | None = None
    tokens_per_s: float | None = None
    message: str = ""


class RunFolder:
    """Reading and writing one run's files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = path / "trainer_log.jsonl"
        self.samples = path / "samples.jsonl"
        self.best = path / "best"
        self.stop_file = path / "stop"
        self._progress = path / "progress.json"
        self._args = path / "training_args.yaml"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder while training; raises `TrainingError` where another training does."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(self.path / "run.lock"))
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout as error:
            raise TrainingError(f"a training is running in {self.path}; see 'fengjing jobs list', or choose another output_dir") from error
        try:
            yield
        finally:
            lock.release()

    def is_held(self) -> bool:
        """Whether a process trains here now; a killed one holds nothing."""
        if not (self.path / "run.lock").exists():
            return False
        lock = FileLock(str(self.path / "run.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        return False

    def has_run(self) -> bool:
        """Whether a run of ours began here."""
        return self._progress.exists() and self._args.exists()

    def progress(self) -> Progress:
        """The last progress written; the beginning where there is none."""
        try:
            return Progress(**json.loads(self._progress.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Progress()

    def progress_written(self) -> float:
        """When the progress was last written, in seconds since 1970; 0 where there is none."""
        return self._progress.stat().st_mtime if self._progress.exists() else 0.0

    def write_progress(self, progress: Progress) -> None:
        """Say how far the run is."""
        write_whole(self._progress, json.dumps(asdict(progress), ensure_ascii=False, indent=2))

    def note(self, **changes: Any) -> None:
        """Change some fields of the progress."""
        self.write_progress(replace(self.progress(), **changes))

    def arguments(self) -> dict[str, Any] | None:
        """The run's configuration, or None where none is kept here."""
        try:
            kept = yaml.safe_load(self._args.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError):
            return None
        return kept if isinstance(kept, dict) else None

    def write_arguments(self, arguments: dict[str, Any]) -> None:
        """Keep the configuration as a YAML that runs again, here or in LLaMA-Factory."""
        write_whole(self._args, yaml.safe_dump(arguments, allow_unicode=True, sort_keys=False))

    def lines(self, name: str = "trainer_log.jsonl") -> list[dict[str, Any]]:
        """The lines of a log; one torn by a kill is left out."""
        path = self.path / name
        found = []
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return [line for line in found if isinstance(line, dict)]

    def append(self, line: dict[str, Any], name: str = "trainer_log.jsonl") -> None:
        """Add a line to a log."""
        with (self.path / name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def rewind(self, step: int) -> None:
        """Take away log lines after `step`: a resumed run writes them again."""
        for name, key in (("trainer_log.jsonl", "current_steps"), ("samples.jsonl", "step")):
            kept = [line for line in self.lines(name) if line.get(key, 0) <= step]
            if (self.path / name).exists():
                write_whole(self.path / name, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept))

    def checkpoints(self) -> list[Path]:
        """Checkpoints that were saved whole, oldest first."""
        found = [path for path in self.path.glob("checkpoint-*") if path.name.partition("-")[2].isdigit() and _is_whole(path)]
        return sorted(found, key=lambda path: int(path.name.partition("-")[2]))

    def clear(self) -> None:
        """Take away what an earlier run wrote here, and nothing else."""
        for path in [*(self.path / name for name in OURS), *self.path.glob("checkpoint-*")]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def drop_torn(self) -> None:
        """Take away checkpoints that a kill or a full disk left unfinished."""
        whole = set(self.checkpoints())
        for path in self.path.glob("checkpoint-*"):
            if path not in whole and path.is_dir():
                shutil.rmtree(path)


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader never sees half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _is_whole(path: Path) -> bool:
    """The state is written last, and the adapter's own header says how long its file must be."""
    if not all((path / name).is_file() for name in CHECKPOINT_WHOLE):
        return False
    try:
        json.loads((path / "trainer_state.json").read_text(encoding="utf-8"))
        with (path / "adapter_model.safetensors").open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(size))
    except (OSError, ValueError, MemoryError, OverflowError):
        return False
    end = max((tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"), default=0)
    return (path / "adapter_model.safetensors").stat().st_size == 8 + size + end
