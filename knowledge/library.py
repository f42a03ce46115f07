"""The knowledge of one installation, opened: catalogue, index and retriever from a home folder or from servers.

`build` makes them from the shipped data and what the user imported; `open_library` opens what is there and builds
only what is missing or was made from other data. A catalogue on a server belongs to all workers: a worker opens it as it
stands, whatever data came with the worker itself, and only `build` replaces it. One process builds at a time, the
others wait. Vectors of imported passages are kept, so that a rebuild does not compute them again.
"""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from knowledge.builtin import DATA_DIR, KnowledgeBase, load_builtin
from knowledge.catalogue import Catalogue, Filter, build_catalogue, built_from
from knowledge.database import only_one
from knowledge.embedding import E5Embeddings, NamedEmbeddings, load_vectors, save_vectors
from knowledge.errors import KnowledgeError
from knowledge.index import PassageIndex, Progress, build_index, read_manifest
from knowledge.passages import Passage, passages_of, text_key
from knowledge.question_kinds import QuestionKinds
from knowledge.retriever import HybridRetriever
from knowledge.servers import LOCAL, Servers
from knowledge.vocabulary import ordinary_words
from knowledge.ways_in.combine import with_imports
from knowledge.ways_in.imported import has_imports, revision_of
from knowledge.words import WordRetriever

LAYOUT = 7  # raise when catalogue tables or passages change their shape


@dataclass(frozen=True)
class Library:
    """Open knowledge: what can be asked, and the words that are nobody's name."""

    catalogue: Catalogue
    retriever: HybridRetriever
    vocabulary: frozenset[str]


class _Remembering:
    """An embedder that keeps its vectors of imported passages in a file, for the next build."""

    def __init__(self, inner: NamedEmbeddings, folder: Path) -> None:
        self.name = inner.name
        self._inner = inner
        self._path = folder / f"vectors-{text_key(inner.name)}.npz"
        self._kept = load_vectors(self._path)
        self._texts: list[str] = []
        self._vectors: list[list[float]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Kept vectors where there are any, fresh ones else."""
        missing = [text for text in texts if text_key(text) not in self._kept]
        fresh = dict(zip(missing, self._inner.embed_documents(missing), strict=True))
        vectors = [fresh[text] if text in fresh else [float(value) for value in self._kept[text_key(text)]] for text in texts]
        self._texts += texts
        self._vectors += vectors
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """As the embedder itself."""
        return self._inner.embed_query(text)

    def keep(self) -> None:
        """Write the vectors of this build."""
        save_vectors(self._texts, self._vectors, self._path)


def load_base(home: Path) -> KnowledgeBase:
    """The shipped data with everything imported under `home`."""
    return with_imports(load_builtin(), home)


def build(
    home: Path, embeddings: NamedEmbeddings | None = None, progress: Progress | None = None, servers: Servers = LOCAL
) -> KnowledgeBase:
    """Build catalogue and index from the shipped and the imported data under `home`; returns the data."""
    with _building(home, servers):
        base = load_base(home)
        _build_rows(home, servers, base)
        _build_vectors(home, servers, all_passages(base), data_version(home), embeddings, progress)
        _words(home, Catalogue(_rows(home, servers))).ready()
    return base


def open_library(
    home: Path, embeddings: NamedEmbeddings | None = None, say: Callable[[str], None] | None = None, servers: Servers = LOCAL
) -> Library:
    """Open the knowledge under `home` or on the servers, building it first where it is missing or out of date."""
    if not is_current(home, servers):
        if say:
            say("building the knowledge index (a few seconds; longer after a big import) …")
        with _building(home, servers):
            _complete(home, servers, embeddings)
    catalogue = Catalogue(_rows(home, servers))
    index = PassageIndex(_vectors(home, servers), embeddings or E5Embeddings())
    retriever = HybridRetriever(catalogue=catalogue, index=index, words=_words(home, catalogue), kinds=QuestionKinds.of(index.embeddings))
    return Library(catalogue, retriever, catalogue.vocabulary)


def is_current(home: Path, servers: Servers = LOCAL) -> bool:
    """Whether catalogue and index stand, from the same data: exactly this data, or what the servers' was built from."""
    held = built_from(_rows(home, servers))
    return _fits(home, servers, held) and _indexed(home, servers) == held


def _fits(home: Path, servers: Servers, held: str) -> bool:
    """Whether a catalogue built from `held` is the one to open."""
    return bool(held) if servers.database_url else held == data_version(home)


def _complete(home: Path, servers: Servers, embeddings: NamedEmbeddings | None) -> None:
    """Build what is missing, if it is still missing: another process may have built while we waited."""
    url = _rows(home, servers)
    if not _fits(home, servers, built_from(url)):
        _build_rows(home, servers, load_base(home))
    held = built_from(url)
    if _indexed(home, servers) != held:
        _build_vectors(home, servers, _passages_in(Catalogue(url)), held, embeddings)
    _words(home, Catalogue(url)).ready()


def _build_rows(home: Path, servers: Servers, base: KnowledgeBase) -> None:
    build_catalogue(_rows(home, servers), base, ordinary_words(base), data_version(home))


def _build_vectors(
    home: Path, servers: Servers, passages: list[Passage], data: str, embeddings: NamedEmbeddings | None,
    progress: Progress | None = None,
) -> None:
    embedder = embeddings or E5Embeddings(load_vectors())
    if not has_imports(home):
        build_index(_vectors(home, servers), passages, embedder, data, progress)
        return
    remembering = _Remembering(embedder, _folder(home))
    build_index(_vectors(home, servers), passages, remembering, data, progress)
    remembering.keep()


def _building(home: Path, servers: Servers) -> AbstractContextManager[None]:
    _folder(home).mkdir(parents=True, exist_ok=True)
    return only_one(_rows(home, servers), "build")


def _indexed(home: Path, servers: Servers) -> object:
    """The version of the data that the index was built from; None where there is none."""
    try:
        return read_manifest(_vectors(home, servers)).get("data")
    except KnowledgeError:
        return None


def all_passages(base: KnowledgeBase) -> list[Passage]:
    """Every passage of the base, in file order."""
    return [passage for sight in base.attractions for passage in passages_of(sight, base.city_by_id[sight.city])]


def data_version(home: Path | None = None) -> str:
    """A digest of the shipped data files, of our own layout, and of what was imported under `home`."""
    digest = hashlib.sha256(str(LAYOUT).encode())
    if home is not None and has_imports(home):
        digest.update(revision_of(home).encode())
    for path in sorted(DATA_DIR.rglob("*.yaml")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _passages_in(catalogue: Catalogue) -> list[Passage]:
    return [passage for sight in catalogue.find(Filter()) for passage in passages_of(sight, catalogue.cities[sight.city])]


def _words(home: Path, catalogue: Catalogue) -> WordRetriever:
    """The search by words; its index is each machine's own, wherever rows and vectors are."""
    return WordRetriever(passages=_passages_in(catalogue), file=_folder(home) / "words.npz")


def _folder(home: Path) -> Path:
    return home / "knowledge"


def _rows(home: Path, servers: Servers) -> str:
    """The URL of the catalogue's database."""
    return servers.database_url or f"sqlite:///{_folder(home) / 'catalogue.db'}"


def _vectors(home: Path, servers: Servers) -> Path | str:
    """Where the index is: a folder, or a server's URL."""
    return servers.chroma_url or _folder(home) / "index"
