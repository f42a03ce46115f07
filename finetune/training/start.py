"""Whether a run begins anew or goes on: what lies in its folder decides, and what the configuration says about it.

An unfinished run of the same configuration always goes on from its last whole checkpoint. Anything else in the folder
is kept unless `overwrite_output_dir` gives it up.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finetune.training.config import TrainConfig
from finetune.training.errors import TrainingError
from finetune.training.run_folder import RunFolder

# Changing these between two starts does not make another run of it.
MAY_DIFFER = {"overwrite_output_dir", "resume_from_checkpoint", "output_dir", "plot_loss", "save_total_limit", "logging_steps", "save_steps",
              "per_device_eval_batch_size"}


@dataclass(frozen=True)
class Start:
    """How a run starts: from a checkpoint, or from nothing after clearing what lay there."""

    checkpoint: Path | None
    clear: bool

    def prepare(self, folder: RunFolder, config: TrainConfig) -> None:
        """Put the folder in order for this start."""
        folder.stop_file.unlink(missing_ok=True)
        if self.clear:
            folder.clear()
        folder.drop_torn()
        if self.checkpoint:
            folder.rewind(int(self.checkpoint.name.partition("-")[2] or 0))
        folder.write_arguments(as_arguments(config))
        folder.note(state="starting", message="", remaining_s=None)


def how_to_start(folder: RunFolder, config: TrainConfig, *, fresh: bool = False) -> Start:
    """How to start; raises `TrainingError` where what lies in the folder would be lost without having been given up."""
    given = config.resume_from_checkpoint
    if isinstance(given, Path):
        return _from_given(given)
    may_clear = config.overwrite_output_dir or fresh
    if not folder.has_run():
        return _from_foreign(folder, may_clear=may_clear, go_on=bool(given))
    different = _differences(folder.arguments() or {}, as_arguments(config))
    if fresh or (may_clear and (different or folder.progress().state == "finished")):
        return Start(None, clear=True)
    if folder.progress().state == "finished" and not given:
        raise TrainingError(f"{folder.path} holds a finished run; choose another output_dir, or set overwrite_output_dir: true")
    if different and not given:
        raise TrainingError(
            f"{folder.path} holds an unfinished run with other settings ({', '.join(sorted(different))}); choose another output_dir, "
            "set overwrite_output_dir: true to begin anew, or resume_from_checkpoint: true to go on with the new settings"
        )
    found = folder.checkpoints()
    return Start(found[-1], clear=False) if found else Start(None, clear=True)


def _from_foreign(folder: RunFolder, *, may_clear: bool, go_on: bool) -> Start:
    """A folder without a run of ours: empty, or another tool's, whose weights are not taken away unasked."""
    found = folder.checkpoints()
    if go_on and found:
        return Start(found[-1], clear=False)
    if not may_clear and (found or any(folder.path.glob("*.safetensors"))):
        raise TrainingError(
            f"{folder.path} holds weights of another run; choose another output_dir, set overwrite_output_dir: true to give them up"
            + (f", or resume_from_checkpoint: true to go on from {found[-1].name}" if found else "")
        )
    return Start(None, clear=True)


def as_arguments(config: TrainConfig) -> dict[str, Any]:
    """The keys that were set, as they go into a YAML of LLaMA-Factory's."""
    plain = config.model_dump(mode="json", exclude_unset=True)
    return {key: _as_written(value) for key, value in plain.items()}


def _as_written(value: Any) -> Any:
    """Lists as LLaMA-Factory's comma lists, whole step counts without a point."""
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return int(value) if isinstance(value, float) and value >= 1 and value.is_integer() else value


def _from_given(path: Path) -> Start:
    whole = RunFolder(path.parent).checkpoints()
    if path not in whole:
        others = ", ".join(found.name for found in whole) or "none"
        raise TrainingError(f"resume_from_checkpoint {path} is no whole checkpoint (whole ones beside it: {others}); use one of those, or true")
    return Start(path, clear=False)


def _differences(kept: dict[str, Any], wanted: dict[str, Any]) -> set[str]:
    return {key for key in kept.keys() | wanted.keys() if kept.get(key) != wanted.get(key)} - MAY_DIFFER
