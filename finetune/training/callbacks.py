"""What happens beside the steps: the log, the progress, stopping on request, keeping the best, samples of the probes."""

import shutil
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback
from typing_extensions import override

from finetune.training.curves import draw
from finetune.training.run_folder import RunFolder
from finetune.training.samples import Probe, answer_probes

if TYPE_CHECKING:
    from transformers import TrainerControl, TrainerState, TrainingArguments

    from finetune.training.trainer import AnswerTrainer

SHOWN_DIGITS = 4


class RunLog(TrainerCallback):
    """Writes `trainer_log.jsonl` and `progress.json`, with LLaMA-Factory's keys and an estimate of the time left."""

    def __init__(self, folder: RunFolder, trainer: "AnswerTrainer") -> None:
        self.folder, self.trainer = folder, trainer
        self.started = time.monotonic()
        self.first_step = 0

    @override
    def on_train_begin(self, args: "TrainingArguments", state: "TrainerState", control: "TrainerControl", **_: Any) -> None:
        """The clock starts; a resumed run estimates from its own steps only."""
        self.started, self.first_step = time.monotonic(), state.global_step
        self.folder.note(state="running", step=state.global_step, steps=state.max_steps, message="")

    @override
    def on_step_end(self, args: "TrainingArguments", state: "TrainerState", control: "TrainerControl", **_: Any) -> None:
        """Say how far it is after every step."""
        elapsed, remaining = self._times(state)
        known = self.folder.progress()
        self.folder.write_progress(replace(
            known, state="running", step=state.global_step, steps=state.max_steps, epoch=round(state.epoch or 0.0, 3), elapsed_s=round(elapsed, 1),
            remaining_s=round(remaining, 1), tokens_per_s=round(self.trainer.row_tokens / elapsed, 1)))

    @override
    def on_log(self, args: "TrainingArguments", state: "TrainerState", control: "TrainerControl", logs: dict[str, Any] | None = None, **_: Any) -> None:
        """One line a log, in LLaMA-Factory's spelling; what is not known is left out."""
        logs = logs or {}
        elapsed, remaining = self._times(state)
        line = {
            "current_steps": state.global_step, "total_steps": state.max_steps, "loss": logs.get("loss"), "eval_loss": logs.get("eval_loss"),
            "accuracy": logs.get("mean_token_accuracy", logs.get("eval_mean_token_accuracy")), "lr": logs.get("learning_rate"),
            "grad_norm": logs.get("grad_norm"), "epoch": logs.get("epoch"),
            "percentage": round(state.global_step / state.max_steps * 100, 2) if state.max_steps > 0 else 100.0,
            "elapsed_time": _clock(elapsed), "remaining_time": _clock(remaining),
            "throughput": round(self.trainer.row_tokens / elapsed, 2), "total_tokens": self.trainer.row_tokens,
        }
        self.folder.append({key: round(value, 6) if isinstance(value, float) and key != "lr" else value for key, value in line.items() if value is not None})
        self.folder.note(**{key: round(logs[key], SHOWN_DIGITS) for key in ("loss", "eval_loss") if key in logs})

    def _times(self, state: "TrainerState") -> tuple[float, float]:
        elapsed = max(time.monotonic() - self.started, 1e-6)
        done = state.global_step - self.first_step
        return elapsed, elapsed / done * (state.max_steps - state.global_step) if done else 0.0


class StopOnRequest(TrainerCallback):
    """Ends the training when a file named `stop` lies in the run's folder; validates and saves first."""

    def __init__(self, folder: RunFolder, *, validates: bool) -> None:
        self.folder, self.validates, self.asked = folder, validates, False

    @override
    def on_step_end(self, args: "TrainingArguments", state: "TrainerState", control: "TrainerControl", **_: Any) -> None:
        """Look for the file after every step."""
        if not self.folder.stop_file.exists():
            return
        self.asked = True
        control.should_training_stop = control.should_save = control.should_log = True
        control.should_evaluate = self.validates


class KeepBest(TrainerCallback):
    """Keeps the adapter with the lowest validation loss in `best/`, and ends the training when it stays away.

    What it needs to know after a restart it reads from the trainer's own history.
    """

    def __init__(self, folder: RunFolder, trainer: "AnswerTrainer", patience: int | None) -> None:
        self.folder, self.trainer, self.patience = folder, trainer, patience
        self.gave_up = False

    @override
    def on_evaluate(self, args: "TrainingArguments", state: "TrainerState", control: "TrainerControl", **_: Any) -> None:
        """Compare with every validation so far."""
        seen = [(entry["eval_loss"], entry["step"]) for entry in state.log_history if "eval_loss" in entry]
        if not seen:
            return
        best, step = min(seen)
        if step == state.global_step and state.is_world_process_zero:
            self._save()
        self.folder.note(best_eval_loss=round(best, SHOWN_DIGITS), best_step=step)
        since = len([1 for _, at in seen if at > step])
        if self.patience is not None and since >= self.patience:
            self.gave_up = control.should_training_stop = True

    def _save(self) -> None:
        part = self.folder.path / "best.part"
        self.trainer.model.save_pretrained(str(part))
        old = self.folder.path / "best.old"
        if self.folder.best.exists():
            self.folder.best.replace(old)
        part.replace(self.folder.best)
        shutil.rmtree(old, ignore_errors=True)


class Curves(TrainerCallback):
    """Draws the losses whenever there is something new to see, so that a stopped or killed run has its picture too."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    @override
    def on_save(self, args: "TrainingArguments", state: "TrainerState", control: "TrainerControl", **_: Any) -> None:
        """Draw at every checkpoint."""
        draw(self.folder)

    @override
    def on_train_end(self, args: "TrainingArguments", state: "TrainerState", control: "TrainerControl", **_: Any) -> None:
        """Draw at the end."""
        draw(self.folder)


class Samples(TrainerCallback):
    """Answers the probes before, halfway through and after the training, into `samples.jsonl`."""

    def __init__(self, folder: RunFolder, trainer: "AnswerTrainer", probes: list[Probe]) -> None:
        self.folder, self.trainer, self.probes = folder, trainer, probes

    @override
    def on_train_begin(self, args: "TrainingArguments", state: "TrainerState", control: "TrainerControl", **_: Any) -> None:
        """Before: only when the run begins, not when it goes on."""
        if state.global_step == 0:
            self._answer("before", state)

    @override
    def on_step_end(self, args: "TrainingArguments", state: "TrainerState", control: "TrainerControl", **_: Any) -> None:
        """During: halfway."""
        if state.global_step == state.max_steps // 2:
            self._answer("during", state)

    def after(self) -> None:
        """After: with the weights that are kept; the owner of the run calls it once they are in place."""
        self._answer("after", self.trainer.state)

    def _answer(self, when: str, state: "TrainerState") -> None:
        for line in answer_probes(self.trainer, self.probes):
            self.folder.append({"when": when, "step": state.global_step, "epoch": round(state.epoch or 0.0, 3), **line}, "samples.jsonl")


def _clock(seconds: float) -> str:
    return str(timedelta(seconds=int(seconds)))
