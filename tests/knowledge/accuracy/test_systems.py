"""The check wired to the product: what each system finds and says, and the command over it."""

import json
from pathlib import Path

import pytest
from openai import OpenAIError
from typer.testing import CliRunner

from assistant.accuracy import FactPath, closed_book, engine_of, systems, systems_of_model
from assistant.cli.knowledge import app
from assistant.settings import Settings
from chains import prompts
from knowledge.accuracy.questions import Question, hand_written
from knowledge.accuracy.run import ask
from knowledge.catalogue import Catalogue
from knowledge.errors import EngineError, InputError
from knowledge.library import Library
from tests.fakes import engine_saying, model_of


def asked(catalogue: Catalogue, text: str) -> Question:
    """The hand-written question of that text."""
    return next(question for question in hand_written(catalogue) if question.text == text)


def test_the_search_finds_and_the_product_finds_and_says(library: Library) -> None:
    """Of one question the search gives ranks only, the product ranks and a right answer."""
    question = asked(library.catalogue, "黄鹤楼登楼要掏多少钱")
    search, product = (ask(system, [question])[0] for system in systems(library))
    assert (search.rank, search.text) == (1, None)
    assert (product.rank, product.right) == (1, True)


def test_the_product_refuses_what_is_absent(library: Library) -> None:
    """A sight that is not held and a fact that the record lacks are both said to be unknown."""
    product = systems(library)[1]
    questions = [asked(library.catalogue, text) for text in ("东京塔门票多少钱", "外滩是几A景区")]
    assert [outcome.right for outcome in ask(product, questions)] == [True, True]


def test_facts_are_looked_up_once(library: Library) -> None:
    """Finding and answering the same question share one look-up."""
    path, question = FactPath(library), asked(library.catalogue, "黄鹤楼登楼要掏多少钱")
    assert path.facts(question) is path.facts(question)


def test_a_model_is_asked_without_and_with_what_we_know(library: Library) -> None:
    """Closed book the model sees the question under the prompt that asks its memory, and no fact; with retrieval it sees the facts and the guard sees it."""
    question = asked(library.catalogue, "黄鹤楼登楼要掏多少钱")
    engine = engine_saying("大概八十块吧", "黄鹤楼门票：八十元。")
    closed, opened = systems_of_model(library, engine, "base")
    assert (closed.name, ask(closed, [question])[0].right) == ("base, closed book", False)
    assert (opened.name, ask(opened, [question])[0].right) == ("base, with retrieval", True)
    first, second = model_of(engine).history[:2]
    assert [message.content for message in first.messages] == [message.content for message in prompts.closed_book("zh", question.text)]
    assert first.messages[-1].content == question.text
    assert "70元" not in str(first.messages)
    assert "70元" in str(second.messages)


def test_an_engine_that_breaks_off_is_said_so(catalogue: Catalogue) -> None:
    """A foreign error becomes one line that says what to type."""
    engine = engine_saying([OpenAIError("gone")])
    with pytest.raises(EngineError, match="fengjing doctor"):
        closed_book(engine, asked(catalogue, "黄鹤楼登楼要掏多少钱"))


@pytest.mark.parametrize(("adapter", "model"), [("", "qwen-0.5b"), ("none", "qwen-0.5b"), ("shipped", "qwen-1.5b")])
def test_tuned_needs_an_adapter(tmp_path: Path, adapter: str, model: str) -> None:
    """Without an adapter in use, or with a base for which none comes along, there is nothing tuned to check."""
    with pytest.raises(InputError, match="fengjing adapt"):
        engine_of(Settings(home=tmp_path, adapter=adapter, model=model), "tuned")


def test_tuned_is_what_the_settings_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The adapter that comes along is a name and no path; `base` is the same model without it."""
    opened = []
    monkeypatch.setattr("assistant.accuracy.open_engine_of", lambda settings: opened.append(settings.adapter))
    for model in ("tuned", "base"):
        engine_of(Settings(home=tmp_path, adapter="shipped"), model)
    assert opened == ["shipped", "none"]


@pytest.fixture
def home(tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose library is the shared one, so that no test builds its own."""
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path))
    monkeypatch.setattr("assistant.cli.accuracy.open_library", lambda _: library)
    return tmp_path


def test_the_command_gives_json_and_a_picture(home: Path) -> None:
    """A few questions of both sets: figures of both systems as JSON, a picture in the file, exit code 0."""
    file = home / "accuracy.svg"
    done = CliRunner().invoke(app, ["accuracy", "--sample", "2", "--number", "7", "--json", "--picture", str(file)])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    rows = {(row["system"], row["set"]): row for row in told["results"]}
    assert set(rows) == {(system, part) for system in ("retrieval", "product") for part in ("hand, dev", "hand, held", "hand", "derived")}
    assert rows["retrieval", "hand"]["questions"] == 4
    assert told["overlaps"] == []
    assert file.read_text(encoding="utf-8").startswith("<svg")


def test_the_command_shows_tables(home: Path) -> None:
    """Without --json a table stands on the screen."""
    done = CliRunner().invoke(app, ["accuracy", "--set", "hand", "--sample", "2"])
    assert done.exit_code == 0
    assert "hit@1" in done.stdout
    assert "derived" not in done.stdout


def test_the_command_fails_where_questions_leak(home: Path, library: Library) -> None:
    """Questions that stand in the training data are named, and the exit code is 1."""
    train = home / "train.jsonl"
    train.write_text("\n".join(json.dumps(question.text) for question in hand_written(library.catalogue)), encoding="utf-8")
    done = CliRunner().invoke(app, ["accuracy", "--set", "hand", "--sample", "1", "--against", str(train)])
    assert done.exit_code == 1
    assert done.stdout.count("stands in train.jsonl") == 2


def test_a_picture_needs_a_folder(home: Path) -> None:
    """A path that cannot be written is an error of the house."""
    done = CliRunner().invoke(app, ["accuracy", "--set", "hand", "--sample", "1", "--picture", str(home / "none" / "a.svg")])
    assert done.exit_code == 1
    assert "none/a.svg" in str(done.exception)
