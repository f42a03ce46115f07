"""`fengjing train` and `fengjing jobs` as typed."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from assistant.cli.main import app
from finetune.training.run_folder import RunFolder
from knowledge.errors import FengjingError

QUICK = Path(__file__).parents[3] / "finetune" / "configs" / "quick.yaml"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own."""
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "home"


def typed(*words: str) -> Result:
    """What the command answers."""
    return CliRunner().invoke(app, list(words))


def job(home: Path, name: str, **progress: object) -> RunFolder:
    """A job of that name with this progress."""
    folder = RunFolder(home.parent / name)
    folder.path.mkdir(parents=True)
    (home / "jobs").mkdir(parents=True, exist_ok=True)
    (home / "jobs" / f"{name}.json").write_text(json.dumps({"folder": str(folder.path), "started": "2026-01-01T00:00:00+00:00"}))
    folder.note(**progress)
    return folder


def test_a_configuration_can_be_checked_alone(home: Path) -> None:
    """Nothing is started; the folder it would write to is said."""
    answer = typed("train", str(QUICK), "output_dir=elsewhere", "--check")
    assert (answer.exit_code, "elsewhere" in answer.output) == (0, True)
    assert not (home / "jobs").exists()


def test_a_wrong_configuration_lists_its_problems(home: Path, tmp_path: Path) -> None:
    """All of them, as an error of ours."""
    (tmp_path / "c.yaml").write_text(yaml.safe_dump({"lora_rnak": 8, "stage": "dpo"}), encoding="utf-8")
    answer = typed("train", str(tmp_path / "c.yaml"), "--check")
    assert isinstance(answer.exception, FengjingError)
    assert all(part in str(answer.exception) for part in ("lora_rnak", "stage", "model_name_or_path", "dataset", "output_dir"))


def test_jobs_are_listed_and_shown(home: Path) -> None:
    """State, steps and losses, as a table and as JSON; samples come with one job."""
    folder = job(home, "run", state="finished", step=9, steps=9, loss=0.5, remaining_s=0.0)
    folder.append({"when": "after", "step": 9, "question": "去哪里", "answer": "栈桥"}, "samples.jsonl")
    assert "finished" in typed("jobs", "list").output
    (listed,) = json.loads(typed("jobs", "list", "--json").output)
    assert (listed["name"], listed["state"], listed["step"], listed["loss"]) == ("run", "finished", 9, 0.5)
    shown = json.loads(typed("jobs", "show", "run", "--json").output)
    assert shown["samples"][0]["answer"] == "栈桥"
    assert "step 9 of 9, loss 0.500" in typed("jobs", "show").output


def test_only_a_running_job_can_be_stopped(home: Path) -> None:
    """One that is over is named as such, one that does not exist too."""
    job(home, "run", state="failed", message="the loss became nan")
    assert "not running (failed)" in str(typed("jobs", "stop", "run").exception)
    assert "no job is named 'gone'" in str(typed("jobs", "stop", "gone").exception)
