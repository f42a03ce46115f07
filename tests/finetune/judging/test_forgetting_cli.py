"""`fengjing forgetting` as typed; the engines are scripted, by what adapter they are opened with."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tuned import Tiny
from typer.testing import CliRunner, Result

from assistant.cli import forgetting as command
from assistant.cli.main import app
from assistant.settings import Settings
from chains.models.chat import Engine
from finetune.judging.forgetting_asking import kept
from finetune.judging.forgetting_items import Item, own_items, spread
from knowledge.errors import FengjingError, InputError, StorageError
from tests.fakes import engine_saying

LIMIT = 24


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, without an adapter in use."""
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FENGJING_ADAPTER", "none")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def tuned(tmp_path: Path) -> str:
    """The path of an adapter."""
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    return str(tmp_path / "mine.gguf")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The adapters that engines were opened with: the base is right, a tuned model in Chinese only."""
    adapters: list[str] = []

    def by_rule(rule: Callable[[Item], str]) -> Engine:
        return engine_saying(*(rule(item) for item in spread(own_items(), LIMIT)))

    def open_engine(settings: Settings) -> Engine:
        adapters.append(settings.adapter)
        base = settings.adapter == "none"
        return by_rule(lambda item: item.right if base or item.language == "zh" else "Have a lovely trip!")

    monkeypatch.setattr(command, "open_engine_of", open_engine)
    return adapters


def typed(*words: str) -> Result:
    """What the command answers when letters are asked for."""
    return CliRunner().invoke(app, ["forgetting", "--by", "letters", "--limit", str(LIMIT), *words])


def test_tuned_and_base_are_compared(opened: list[str], tuned: str) -> None:
    """Both are asked, and what was lost is said by language, in all, and as JSON."""
    answer = typed("--adapter", tuned, "--json")
    assert answer.exit_code == 0, answer.exception
    found = json.loads(answer.stdout)
    assert sorted(opened) == sorted(["none", tuned])
    assert (found["base"]["accuracy"]["all"]["right"], found["tuned"]["accuracy"]["all"]["right"]) == (LIMIT, LIMIT / 2)
    assert found["difference"]["zh language"]["points"] == 0.0
    assert found["difference"]["en language"]["points"] == -100.0
    assert (found["tuned"]["unparsed"]["share"], found["verdict"]) == (0.5, "forgot")


def test_the_table_says_the_same(opened: list[str], tuned: str) -> None:
    """Every group with both accuracies, the answers that could not be read, and the verdict in words."""
    said = typed("--adapter", tuned).stdout
    assert all(part in said for part in ("en reasoning", "100.0%", "unparsed, counted as wrong: base 0.0%, tuned 50.0%", "more than 2 points were forgotten"))


def test_one_model_alone(opened: list[str]) -> None:
    """Its accuracy, and nobody else is asked."""
    said = typed("--alone").stdout
    assert opened == ["none"]
    assert "0.0% unparsed" in said
    assert "points" not in said


def test_kept_answers_are_compared_later(opened: list[str], tuned: str, tmp_path: Path) -> None:
    """Answers written by one run stand for their model in another, and no engine is opened for them."""
    out = tmp_path / "run"
    first = json.loads(typed("--adapter", tuned, "--out", str(out), "--json").stdout)
    assert json.loads((out / "forgetting.json").read_text(encoding="utf-8")) == first
    assert len(kept(out / "answers_base.jsonl").choices) == LIMIT
    opened.clear()
    again = typed("--adapter", str(out / "answers_tuned.jsonl"), "--against", str(out / "answers_base.jsonl"), "--json")
    assert (json.loads(again.stdout), opened) == (first, [])


def test_fewclue_is_asked_instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where its folder is given."""
    (tmp_path / "datasets" / "bustm").mkdir(parents=True)
    rows = "".join(json.dumps({"id": n, "sentence1": "开灯", "sentence2": f"第{n}次开灯", "label": "1"}, ensure_ascii=False) + "\n" for n in range(4))
    (tmp_path / "datasets" / "bustm" / "dev_0.json").write_text(rows, encoding="utf-8")
    monkeypatch.setattr(command, "open_engine_of", lambda settings: engine_saying("一样", "不一样", "一样", "B"))
    answer = typed("--alone", "--fewclue", str(tmp_path / "datasets"), "--split", "dev_0", "--json")
    found = json.loads(answer.stdout)["accuracy"]
    assert (found["all"]["of"], found["zh fewclue bustm"]["of"]) == (4, 4)
    assert found["all"]["right"] == 2


def test_a_model_is_not_compared_with_itself(opened: list[str]) -> None:
    """The chat speaks without adapter and so would the other: said before any model is loaded."""
    answer = typed()
    assert isinstance(answer.exception, InputError)
    assert "with itself" in str(answer.exception)
    assert opened == []


def test_one_server_is_not_asked_twice(opened: list[str], tuned: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server by URL has one adapter: how to go about it is said, and alone it is asked."""
    monkeypatch.setenv("FENGJING_BASE_URL", "http://localhost:1/v1")
    answer = typed("--adapter", tuned)
    assert isinstance(answer.exception, InputError)
    assert "--alone and --out" in str(answer.exception)
    assert typed("--alone").exit_code == 0
    assert opened == ["none"]


def test_wrong_words_are_errors_of_ours(opened: list[str], tmp_path: Path) -> None:
    """An adapter, a file of answers or a FewCLUE folder that does not exist."""
    for words in (("--adapter", "gone"), ("--adapter", "gone.jsonl"), ("--alone", "--fewclue", str(tmp_path / "gone"))):
        answer = typed(*words)
        assert isinstance(answer.exception, FengjingError)
        assert "gone" in str(answer.exception)


def test_a_place_that_cannot_be_written_is_found_out_first(opened: list[str], tuned: str, tmp_path: Path) -> None:
    """Before minutes of asking are lost."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert isinstance(typed("--adapter", tuned, "--out", str(tmp_path / "file")).exception, StorageError)
    assert opened == []


def test_by_likelihood_it_is_measured_on_the_weights(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --by the base and the adapter themselves are read; every item gets a letter."""
    monkeypatch.setenv("FENGJING_MODEL", str(tiny.base))
    monkeypatch.setenv("FENGJING_HOME", str(tiny.home))
    answer = CliRunner().invoke(app, ["forgetting", "--limit", "6", "--adapter", str(tiny.adapter), "--json"])
    assert answer.exit_code == 0, answer.exception
    found = json.loads(answer.stdout)
    assert "by likelihood" in found["tuned"]["model"]
    assert found["base"]["unparsed"]["right"] == found["tuned"]["unparsed"]["right"] == 0
    assert found["base"]["items"] == found["tuned"]["items"] == 6


def test_a_server_is_asked_for_letters_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells no likelihood of words it did not say."""
    monkeypatch.setenv("FENGJING_BASE_URL", "http://localhost:1/v1")
    answer = CliRunner().invoke(app, ["forgetting", "--alone"])
    assert isinstance(answer.exception, InputError)
    assert "--by letters" in str(answer.exception)
