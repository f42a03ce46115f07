"""The vector index: the real Chroma under an embedder that needs no model."""

from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import pytest

import knowledge.index
from knowledge.errors import IndexMismatch, KnowledgeError, StorageError
from knowledge.index import PassageIndex, build_index, read_manifest
from knowledge.passages import Passage, passages_of
from tests.knowledge.small_world import LetterEmbeddings, a_city, a_sight
from tests.stores import ChromaServer

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
def place(index_place: Path | str) -> Path | str:
    """Where an index of two sights stands: a folder, and a Chroma server."""
    build_index(index_place, PASSAGES, LetterEmbeddings(), "v1")
    return index_place


def test_the_nearest_record_stands_first_and_only_once(place: Path | str) -> None:
    """Both passages of a sight count as one hit, with the better of their similarities."""
    hits = PassageIndex(place, LetterEmbeddings()).search(PASSAGES[0].text, 5)
    assert [PIER.id, SPRING.id] == [record for record, _ in hits]
    assert pytest.approx(1.0, abs=1e-4) == hits[0][1]
    assert hits[1][1] < hits[0][1]


@pytest.mark.parametrize("compared", [0, knowledge.index.COMPARED])
def test_the_graph_and_the_comparison_agree(place: Path | str, monkeypatch: pytest.MonkeyPatch, compared: int) -> None:
    """A country too large to be compared one by one is searched by Chroma's graph, with the same hits."""
    monkeypatch.setattr(knowledge.index, "COMPARED", compared)
    hits = PassageIndex(place, LetterEmbeddings()).search(PASSAGES[2].text, 5)
    assert [SPRING.id, PIER.id] == [record for record, _ in hits]
    assert hits[0][1] == pytest.approx(1.0, abs=1e-4)


def test_a_search_may_be_kept_to_cities(place: Path | str) -> None:
    """Sights elsewhere are no hits, however near their words."""
    hits = PassageIndex(place, LetterEmbeddings()).search(PASSAGES[0].text, 5, ("jinan",))
    assert [SPRING.id] == [record for record, _ in hits]


def test_the_manifest_tells_what_the_index_was_built_from(place: Path | str) -> None:
    """Embedder, data version and number of passages stand beside the vectors."""
    manifest = read_manifest(place)
    assert {key: manifest[key] for key in ("embedder", "data", "passages")} == {"embedder": "letters", "data": "v1", "passages": 4}


def test_another_embedder_is_refused_with_the_command(place: Path | str) -> None:
    """Vectors of two embedders do not compare: `IndexMismatch` names both and says what to type."""
    with pytest.raises(IndexMismatch) as error:
        PassageIndex(place, LetterEmbeddings("syllables"))
    assert [part for part in ("letters", "syllables", "fengjing knowledge build") if part not in str(error.value)] == []


@pytest.mark.parametrize("manifest", [None, "", "{", "[]"])
def test_an_index_without_a_manifest_says_what_to_type(tmp_path: Path, manifest: str | None) -> None:
    """A missing or damaged manifest raises a `KnowledgeError` with the command that builds."""
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="fengjing knowledge build"):
        PassageIndex(tmp_path, LetterEmbeddings())


def test_a_broken_build_harms_nothing(place: Path | str) -> None:
    """Where the disk runs full, a `StorageError` is raised and the old index still answers."""
    with pytest.raises(StorageError, match="free some disk space"):
        build_index(place, PASSAGES, FullDisk(), "v2")
    assert read_manifest(place)["data"] == "v1"
    assert PIER.id == PassageIndex(place, LetterEmbeddings()).search(PASSAGES[0].text, 1)[0][0]


def test_a_broken_build_may_be_tried_again(index_place: Path | str) -> None:
    """Once there is room again, the same process builds what it could not build before."""
    with pytest.raises(StorageError):
        build_index(index_place, PASSAGES, FullDisk(), "v1")
    build_index(index_place, PASSAGES, LetterEmbeddings(), "v1")
    assert len(PassageIndex(index_place, LetterEmbeddings()).search("泉", 5)) == 2


def test_an_open_index_outlives_builds(place: Path | str, tmp_path: Path) -> None:
    """An open index is read as it was while another is built, elsewhere or in its own place."""
    opened = PassageIndex(place, LetterEmbeddings())
    build_index(tmp_path / "other", PASSAGES[2:], LetterEmbeddings(), "v1")
    build_index(place, PASSAGES[2:], LetterEmbeddings(), "v2")
    assert len(opened.search("泉", 5)) == 2


def test_a_new_build_replaces_the_old_in_the_same_process(place: Path | str) -> None:
    """After a rebuild the index holds the new passages and none of the old."""
    assert len(PassageIndex(place, LetterEmbeddings()).search("泉", 5)) == 2
    for version in ("v2", "v3"):
        build_index(place, PASSAGES[2:], LetterEmbeddings(), version)
        assert [SPRING.id] == [record for record, _ in PassageIndex(place, LetterEmbeddings()).search("栈桥", 5)]
    if isinstance(place, Path):
        assert [place] == [path for path in place.parent.iterdir() if path.name.startswith("index")]
        assert len(list(place.glob("chroma-*"))) == 2


def test_progress_is_told(tmp_path: Path) -> None:
    """The caller hears how many passages are done, up to all of them."""
    told: list[tuple[int, int]] = []
    passages = [Passage(f"sight-{number}", "qingdao", "zh", f"景点{number}") for number in range(600)]
    build_index(tmp_path / "index", passages, LetterEmbeddings(), "v1", lambda done, every: told.append((done, every)))
    assert told == [(512, 600), (600, 600)]


@pytest.mark.slow
def test_a_server_keeps_the_build_of_before_and_what_is_not_ours(chroma_server: ChromaServer) -> None:
    """On a server two builds stand, the older for workers that have it open; collections of others are left alone."""
    chroma_server.empty()
    server = chromadb.HttpClient(port=urlsplit(chroma_server.url).port or 0, host="127.0.0.1")
    server.create_collection("somebody-elses")
    for version in ("v1", "v2", "v3"):
        build_index(chroma_server.url, PASSAGES, LetterEmbeddings(), version)
    names = [collection.name for collection in server.list_collections()]
    assert sorted(name.startswith("fengjing-") for name in names) == [False, True, True]
    assert read_manifest(chroma_server.url)["data"] == "v3"


@pytest.mark.slow
def test_a_worker_with_an_index_of_long_ago_turns_to_the_newest(chroma_server: ChromaServer) -> None:
    """After two builds the collection that a worker has open is gone, and the worker goes on with the newest."""
    chroma_server.empty()
    build_index(chroma_server.url, PASSAGES, LetterEmbeddings(), "v1")
    opened = PassageIndex(chroma_server.url, LetterEmbeddings())
    for version in ("v2", "v3"):
        build_index(chroma_server.url, PASSAGES[2:], LetterEmbeddings(), version)
    assert [SPRING.id] == [record for record, _ in opened.search("泉", 5)]


@pytest.mark.slow
def test_an_index_whose_server_stops_recovers_with_it(chroma_server: ChromaServer) -> None:
    """A stopped Chroma server is a `StorageError` that says what to check; once it is back the same index answers."""
    chroma_server.empty()
    build_index(chroma_server.url, PASSAGES, LetterEmbeddings(), "v1")
    opened = PassageIndex(chroma_server.url, LetterEmbeddings())
    chroma_server.stop()
    try:
        for ask in (partial(opened.search, "泉", 5), partial(read_manifest, chroma_server.url),
                    partial(build_index, chroma_server.url, PASSAGES, LetterEmbeddings(), "v2")):
            with pytest.raises(StorageError, match="check that it runs and FENGJING_CHROMA_URL"):
                ask()
    finally:
        chroma_server.start()
    assert len(opened.search("泉", 5)) == 2
