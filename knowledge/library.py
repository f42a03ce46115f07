"""The knowledge of one installation, opened: catalogue, index and retriever from a home folder.

`build` makes them from the shipped data; `open_library` opens what is there and builds only what is missing or
was made from other data.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.builtin import DATA_DIR, KnowledgeBase, load_builtin
from knowledge.catalogue import Catalogue, Filter, build_catalogue
from knowledge.embedding import E5Embeddings, NamedEmbeddings, load_vectors
from knowledge.errors import KnowledgeError
from knowledge.index import PassageIndex, Progress, build_index, read_manifest
from knowledge.passages import Passage, passages_of
from knowledge.retriever import HybridRetriever
from knowledge.vocabulary import ordinary_words
from knowledge.words import WordRetriever

LAYOUT = 2  # raise when catalogue tables or passages change their shape


@dataclass(frozen=True)
class Library:
    """Open knowledge: what can be asked, and the words that are nobody's name."""

    catalogue: Catalogue
    retriever: HybridRetriever
    vocabulary: frozenset[str]


def build(home: Path, embeddings: NamedEmbeddings | None = None, progress: Progress | None = None) -> KnowledgeBase:
    """Build catalogue and index from the shipped data under `home`/knowledge; returns the data."""
    base = load_builtin()
    folder = _folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    build_catalogue(_url(folder), base)
    (folder / "vocabulary.txt").write_text("\n".join(sorted(ordinary_words(base))), encoding="utf-8")
    embedder = embeddings or E5Embeddings(load_vectors())
    build_index(folder / "index", all_passages(base), embedder, data_version(), progress)
    return base


def open_library(
    home: Path, embeddings: NamedEmbeddings | None = None, say: Callable[[str], None] | None = None
) -> Library:
    """Open the knowledge under `home`, building it first where it is missing or out of date."""
    folder = _folder(home)
    if not is_current(home):
        if say:
            say("building the knowledge index from the shipped data (a few seconds) …")
        build(home, embeddings)
    catalogue = Catalogue(_url(folder))
    index = PassageIndex(folder / "index", embeddings or E5Embeddings())
    passages = [passage for sight in catalogue.find(Filter())
                for passage in passages_of(sight, catalogue.cities[sight.city])]
    vocabulary = frozenset((folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n"))
    retriever = HybridRetriever(catalogue=catalogue, index=index, words=WordRetriever(passages=passages))
    return Library(catalogue, retriever, vocabulary)


def is_current(home: Path) -> bool:
    """Whether an index from exactly this data stands under `home`."""
    try:
        return read_manifest(_folder(home) / "index").get("data") == data_version()
    except KnowledgeError:
        return False


def all_passages(base: KnowledgeBase) -> list[Passage]:
    """Every passage of the base, in file order."""
    return [passage for sight in base.attractions for passage in passages_of(sight, base.city_by_id[sight.city])]


def data_version() -> str:
    """A digest of the shipped data files and of our own layout."""
    digest = hashlib.sha256(str(LAYOUT).encode())
    for path in sorted(DATA_DIR.rglob("*.yaml")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _folder(home: Path) -> Path:
    return home / "knowledge"


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'catalogue.db'}"
