"""The vector index: the real Chroma under an embedder that needs no model."""

from pathlib import Path

import pytest

from knowledge.errors import IndexMismatch, KnowledgeError, StorageError
from knowledge.index import PassageIndex, build_index, read_manifest
from knowledge.passages import Passage, passages_of
from tests.knowledge.small_world import LetterEmbeddings, a_city, a_sight

QINGDAO, JINAN = a_city(), a_city("jinan", name="济南", name_en="Jinan")
PIER = a_sight("栈桥", summary_en="An old pier.")
SPRING = a_sight("趵突泉", "jinan", name_en="Baotu Spring", summary="三股清泉涌起。", summary_en="Three springs.")
PASSAGES = [*passages_of(PIER, QINGDAO), *passages_of(SPRING, JINAN)]


class FullDisk(LetterEmbeddings):
    """An embedder that meets a full disk half way."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Fail as the operating system does."""
        raise OSError(28, "No space left on device")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an index of two sights stands."""
    build_index(tmp_path / "index", PASSAGES, LetterEmbeddings(), "v1")
    return tmp_path / "index"


def test_the_nearest_record_stands_first_and_only_once(folder: Path) -> None:
    """Both passages of a sight count as one hit, with the better of their similarities."""
    hits = PassageIndex(folder, LetterEmbeddings()).search(PASSAGES[0].text, 5)
    assert [PIER.id, SPRING.id] == [record for record, _ in hits]
    assert pytest.approx(1.0, abs=1e-4) == hits[0][1]
    assert hits[1][1] < hits[0][1]


def test_a_search_may_be_kept_to_cities(folder: Path) -> None:
    """Sights elsewhere are no hits, however near their words."""
    hits = PassageIndex(folder, LetterEmbeddings()).search(PASSAGES[0].text, 5, ("jinan",))
    assert [SPRING.id] == [record for record, _ in hits]


def test_the_manifest_tells_what_the_index_was_built_from(folder: Path) -> None:
    """Embedder, data version and number of passages stand beside the vectors."""
    manifest = read_manifest(folder)
    assert {key: manifest[key] for key in ("embedder", "data", "passages")} == {"embedder": "letters", "data": "v1", "passages": 4}


def test_another_embedder_is_refused_with_the_command(folder: Path) -> None:
    """Vectors of two embedders do not compare: `IndexMismatch` names both and says what to type."""
    with pytest.raises(IndexMismatch) as error:
        PassageIndex(folder, LetterEmbeddings("syllables"))
    assert [part for part in ("letters", "syllables", "fengjing knowledge build") if part not in str(error.value)] == []


@pytest.mark.parametrize("manifest", [None, "", "{", "[]"])
def test_an_index_without_a_manifest_says_what_to_type(tmp_path: Path, manifest: str | None) -> None:
    """A missing or damaged manifest raises a `KnowledgeError` with the command that builds."""
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="fengjing knowledge build"):
        PassageIndex(tmp_path, LetterEmbeddings())


def test_a_broken_build_harms_nothing(folder: Path) -> None:
    """Where the disk runs full, a `StorageError` is raised and the old index still answers."""
    with pytest.raises(StorageError, match="free some disk space"):
        build_index(folder, PASSAGES, FullDisk(), "v2")
    assert read_manifest(folder)["data"] == "v1"
    assert PIER.id == PassageIndex(folder, LetterEmbeddings()).search(PASSAGES[0].text, 1)[0][0]


def test_a_broken_build_may_be_tried_again(tmp_path: Path) -> None:
    """Once there is room again, the same process builds what it could not build before."""
    with pytest.raises(StorageError):
        build_index(tmp_path / "index", PASSAGES, FullDisk(), "v1")
    build_index(tmp_path / "index", PASSAGES, LetterEmbeddings(), "v1")
    assert len(PassageIndex(tmp_path / "index", LetterEmbeddings()).search("泉", 5)) == 2


def test_an_open_index_outlives_a_build_elsewhere(folder: Path, tmp_path: Path) -> None:
    """Building one index leaves another that is open untouched."""
    opened = PassageIndex(folder, LetterEmbeddings())
    build_index(tmp_path / "other", PASSAGES[2:], LetterEmbeddings(), "v1")
    assert len(opened.search("泉", 5)) == 2


def test_a_new_build_replaces_the_old_in_the_same_process(folder: Path) -> None:
    """After a rebuild the index holds the new passages and none of the old."""
    assert len(PassageIndex(folder, LetterEmbeddings()).search("泉", 5)) == 2
    for version in ("v2", "v3"):
        build_index(folder, PASSAGES[2:], LetterEmbeddings(), version)
        assert [SPRING.id] == [record for record, _ in PassageIndex(folder, LetterEmbeddings()).search("栈桥", 5)]
    assert [folder] == [path for path in folder.parent.iterdir() if path.name.startswith("index")]


def test_progress_is_told(tmp_path: Path) -> None:
    """The caller hears how many passages are done, up to all of them."""
    told: list[tuple[int, int]] = []
    passages = [Passage(f"sight-{number}", "qingdao", "zh", f"景点{number}") for number in range(600)]
    build_index(tmp_path / "index", passages, LetterEmbeddings(), "v1", lambda done, every: told.append((done, every)))
    assert told == [(512, 600), (600, 600)]
