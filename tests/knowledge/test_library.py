"""The knowledge of one installation: built where it is missing or out of date, and only there."""

from functools import partial
from pathlib import Path

import pytest

from knowledge import library as shelves
from knowledge.catalogue import Filter
from knowledge.errors import IndexMismatch
from tests.knowledge.small_world import FREE, SIGHT, LetterEmbeddings, write_data


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one sight, standing in for the shipped one."""
    folder = write_data(tmp_path / "data", [{**SIGHT, "ticket": FREE}])
    monkeypatch.setattr(shelves, "DATA_DIR", folder)
    monkeypatch.setattr(shelves, "load_builtin", partial(shelves.load_builtin, folder))
    return folder


def test_a_first_start_builds_and_says_so(data: Path, tmp_path: Path) -> None:
    """Where nothing stands, catalogue and index are built, with one line to the user."""
    told: list[str] = []
    assert not shelves.is_current(tmp_path)
    library = shelves.open_library(tmp_path, LetterEmbeddings(), told.append)
    assert shelves.is_current(tmp_path)
    assert len(told) == 1
    assert [hit.attraction.name for hit in library.retriever.search("栈桥")] == ["栈桥"]


def test_a_second_start_builds_nothing(data: Path, tmp_path: Path) -> None:
    """What is current is opened as it is, without a word."""
    shelves.open_library(tmp_path, LetterEmbeddings())
    files = [tmp_path / "knowledge" / name for name in ("catalogue.db", "words.npz")]
    before = [file.stat().st_mtime_ns for file in files]
    told: list[str] = []
    library = shelves.open_library(tmp_path, LetterEmbeddings(), told.append)
    library.retriever.words.ready()
    assert ([], before) == (told, [file.stat().st_mtime_ns for file in files])


def test_other_data_is_built_anew(data: Path, tmp_path: Path) -> None:
    """After an upgrade with other data the old knowledge is replaced: new sights are found, old ones gone."""
    shelves.open_library(tmp_path, LetterEmbeddings())
    write_data(data, [{**SIGHT, "name": "八大关", "ticket": {**FREE, "adult_yuan": 15}}])
    assert not shelves.is_current(tmp_path)
    library = shelves.open_library(tmp_path, LetterEmbeddings())
    assert [(s.name, s.ticket and s.ticket.adult_yuan) for s in library.catalogue.find(Filter())] == [("八大关", 15.0)]
    assert [hit.attraction.name for hit in library.retriever.search("八大关")] == ["八大关"]


def test_another_embedder_on_current_data_is_refused(data: Path, tmp_path: Path) -> None:
    """A change of embedder is not silently rebuilt; the command is named."""
    shelves.open_library(tmp_path, LetterEmbeddings())
    with pytest.raises(IndexMismatch, match="fengjing knowledge build"):
        shelves.open_library(tmp_path, LetterEmbeddings("syllables"))


def test_the_version_follows_every_data_file(data: Path) -> None:
    """A change in any file, and a new file, is another version; the same files are the same one."""
    versions = [shelves.data_version(), shelves.data_version()]
    write_data(data, [SIGHT])
    versions.append(shelves.data_version())
    write_data(data, [SIGHT], file="jinan.yaml")
    versions.append(shelves.data_version())
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


def test_the_shipped_library_opens_with_everything(library: shelves.Library) -> None:
    """Catalogue, retriever and the ordinary words of our own descriptions are there."""
    assert len(library.catalogue.cities) >= 12
    assert {"栈桥", "青岛"}.isdisjoint(library.vocabulary)
    assert {"海湾", "temple"} <= library.vocabulary
