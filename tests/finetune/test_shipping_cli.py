"""`fengjing adapt`, `export`, `merge` and `parity` as typed, on the tiny base in the catalogue's place."""

import json
import shutil
from pathlib import Path

import pytest
from tiny_gguf import write_tiny
from tuned import drawn_adapter
from typer.testing import CliRunner, Result

from assistant.cli.main import app
from assistant.settings import load_settings
from chains.models.catalogue import MODELS, ModelFile, Pieces
from finetune.parity import ParityError
from finetune.shipping import AdapterError
from knowledge.errors import FengjingError, InputError

NAME = "Somebody/tiny"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder whose model is the tiny one; the catalogue knows it."""
    home = tmp_path / "home"
    (home / "models").mkdir(parents=True)
    size = write_tiny(home / "models" / "tiny.gguf").stat().st_size
    model = ModelFile("tiny", "tiny.gguf", size, "", "Apache-2.0", f"{NAME}-GGUF", "main", Pieces("", "", 0, ""))
    monkeypatch.setitem(MODELS, "tiny", model)
    for key, value in {"HOME": str(home), "MODEL": "tiny", "THREADS": "1"}.items():
        monkeypatch.setenv(f"FENGJING_{key}", value)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)  # no .env of the project
    return home


def typed(*words: object) -> Result:
    """What the command answers."""
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(*words: object) -> FengjingError:
    """The error the command ends with."""
    error = typed(*words).exception
    assert isinstance(error, FengjingError)
    return error


def test_the_chat_takes_a_fitting_adapter_and_lets_go_of_it(home: Path, tmp_path: Path) -> None:
    """The choice holds for the next start, its GGUF is ready by then, and what is typed to undo it is said."""
    adapter = drawn_adapter(tmp_path / "a", base=NAME)
    answer = typed("adapt", adapter)
    assert answer.exit_code == 0
    assert "To undo: fengjing adapt shipped" in answer.output
    assert load_settings().adapter == str(adapter)
    assert len(list((home / "adapters").glob("a-*.gguf"))) == 1
    assert f"To undo: fengjing adapt {adapter}" in typed("adapt", "none").output
    assert load_settings().adapter == "none"


def test_a_choice_the_environment_overrules_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered loses against the environment: the reader is told where to look."""
    monkeypatch.setenv("FENGJING_ADAPTER", "shipped")
    assert "FENGJING_ADAPTER=shipped stands in the environment" in typed("adapt", "none").stderr


def test_a_refused_adapter_changes_nothing(home: Path, tmp_path: Path) -> None:
    """One for another base, one that is not there, and the choice before them stays."""
    typed("adapt", "none")
    other = drawn_adapter(tmp_path / "b", base="Somebody/else")
    assert "made for another base" in str(refused("adapt", other))
    assert "does not exist" in str(refused("adapt", tmp_path / "gone"))
    assert load_settings().adapter == "none"


def test_publishing_is_refused_before_the_gate(home: Path, tmp_path: Path) -> None:
    """The command that runs the gate is named, and nothing is written."""
    error = refused("export", drawn_adapter(tmp_path / "a", base=NAME), tmp_path / "out", "--to", "vllm", "--publish")
    assert isinstance(error, ParityError)
    assert f"run 'fengjing parity {tmp_path / 'a'}'" in str(error)
    assert not (tmp_path / "out").exists()


def test_an_export_says_how_it_is_served(home: Path, tmp_path: Path) -> None:
    """The very command of the README is printed."""
    answer = typed("export", drawn_adapter(tmp_path / "a", base=NAME), tmp_path / "out", "--to", "vllm")
    assert answer.exit_code == 0
    assert answer.output.split("\n")[1].removeprefix(f"cd {tmp_path / 'out'} && ") in (tmp_path / "out" / "README.md").read_text()


def test_options_that_do_not_go_together_are_said(home: Path, tmp_path: Path) -> None:
    """A merged export is vLLM's; an adapter that is none is no folder."""
    assert "--merged is for --to vllm" in str(refused("export", drawn_adapter(tmp_path / "a"), tmp_path / "out", "--merged"))
    assert isinstance(refused("merge", "none", tmp_path / "out"), InputError)


@pytest.mark.slow
def test_from_training_to_publishing(home: Path, tmp_path: Path) -> None:
    """The gate on fifty questions, the merged model, and exports with the report; changed weights need the gate anew."""
    adapter = drawn_adapter(tmp_path / "a", base=NAME)
    (tmp_path / "questions.txt").write_text("".join(f"去海湾{number}好吗？\n" for number in range(50)))
    gate = ("parity", adapter, "--prompts", tmp_path / "questions.txt", "--max-tokens", 6)
    few = typed(*gate, "--count", 2)
    assert (few.exit_code, "takes 50 prompts" in few.output) == (0, True)
    report = json.loads(typed(*gate, "--json", "--out", tmp_path / "report.json").stdout)
    assert (report["passed"], report["prompts"], report["float32"]["same_answers"], report["served"]["tokens_equal"]) == (True, 50, 50, 50)
    assert json.loads((tmp_path / "report.json").read_text()) == report
    merged = json.loads(typed("merge", adapter, tmp_path / "merged", "--dtype", "fp32", "--json").stdout)
    assert (merged["base"], merged["as_written"]["same"]) == (NAME, 4)
    assert typed("export", adapter, tmp_path / "vllm", "--to", "vllm", "--merged", "--publish").exit_code == 0
    assert {path.name for path in (tmp_path / "vllm").iterdir()} == {"model", "chat_template.jinja", "parity.json", "README.md"}
    shutil.copy(drawn_adapter(tmp_path / "b", rank=8) / "adapter_model.safetensors", adapter / "adapter_model.safetensors")
    assert "was not run" in str(refused("export", adapter, tmp_path / "again", "--to", "ollama", "--publish"))


@pytest.mark.slow
def test_a_failed_gate_ends_in_an_error(home: Path, tmp_path: Path) -> None:
    """Results that say the tokens differ, kept from an earlier run, fail the command with what is wrong."""
    adapter = drawn_adapter(tmp_path / "a", base=NAME)
    (tmp_path / "questions.txt").write_text("去海湾好吗？\n")
    gate = ("parity", adapter, "--prompts", tmp_path / "questions.txt", "--max-tokens", 2)
    assert typed(*gate).exit_code == 0
    (rows,) = (home / "parity").glob("a-*/rows.jsonl")
    rows.write_text(rows.read_text().replace('"tokens_differ": ""', '"tokens_differ": "token 0"'))
    assert "1 of 1 prompts become other tokens" in str(refused(*gate))
    assert typed(*gate, "--fresh").exit_code == 0
    assert isinstance(refused("parity", tmp_path / "gone"), AdapterError)
