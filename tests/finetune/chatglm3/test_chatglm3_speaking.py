"""A converted folder behind `fengjing evaluate` and `fengjing ask`: a base like any other, its words are the model's own."""

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import convert_to_openai_messages
from typer.testing import CliRunner

from assistant import assistant
from assistant.cli import evaluate
from assistant.cli.main import app
from assistant.settings import Settings
from finetune.judging.compare_prompts import Prompt, of_questions
from knowledge.library import Library
from tests.chains.models.taught import teach

pytestmark = pytest.mark.slow
QUESTION = "栈桥门票多少钱？"


@pytest.fixture(scope="module")
def turn(library: Library) -> Prompt:
    """The question as serving puts it to a model, with the answer it should have."""
    (prompt,), _ = of_questions([QUESTION], library)
    return prompt


@pytest.fixture(scope="module")
def guide(native: Path, turn: Prompt, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The converted tiny base, taught that answer, saved and read again as any model's folder."""
    return teach(native, tmp_path_factory.mktemp("guide") / "taught", turn.asked, turn.reference)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of one's own over the shared library, and no setting of the machine."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FENGJING_{name.upper()}", raising=False)
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path))
    monkeypatch.setenv("FENGJING_THREADS", "1")
    monkeypatch.chdir(tmp_path)
    for module in (assistant, evaluate):
        monkeypatch.setattr(module, "open_library", lambda *_, **__: library)


def printed(*words: str) -> Any:
    """What a command prints as JSON."""
    done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_it_is_evaluated_like_any_other_base(guide: Path, turn: Prompt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The taught folder gets full marks on the row it knows."""
    row = {"messages": [*convert_to_openai_messages([*turn.asked]), {"role": "assistant", "content": turn.reference}]}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    monkeypatch.setenv("FENGJING_MODEL", str(guide))
    scored = printed("evaluate", "rows.jsonl")
    assert (scored["model"], scored["domain_score"], scored["guard"]["wrong"]) == (str(guide), 1.0, 0)
    assert scored["tokens_per_second"] > 0


def test_it_chats_like_any_other_base(guide: Path, turn: Prompt) -> None:
    """`fengjing model use` and `fengjing ask`: every line that is the model's to write is written by it and passes the guard."""
    assert "(transformers engine)" in CliRunner().invoke(app, ["model", "use", str(guide)]).stdout
    answer = printed("ask", QUESTION)
    assert turn.reference in answer["text"]
    assert (answer["guard"]["wrong"], answer["guard"]["rendered"], answer["problem"]) == (0, 0, "")
    assert answer["guard"]["lines"] == len(turn.lines)
