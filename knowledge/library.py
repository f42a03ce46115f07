"""The knowledge of one installation, opened: catalogue, index and retriever from a home folder.

`build` makes them from the shipped data and what the user imported; `open_library` opens what is there and builds
only what is missing or was made from other data. Vectors of imported passages are kept, so that a rebuild does not compute
them again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.builtin import DATA_DIR, KnowledgeBase, load_builtin
from knowledge.catalogue import Catalogue, Filter, build_catalogue
from knowledge.embedding import E5Embeddings, NamedEmbeddings, load_vectors, save_vectors
from knowledge.errors import KnowledgeError
from knowledge.index import PassageIndex, Progress, build_index, read_manifest
from knowledge.passages import Passage, passages_of, text_key
from knowledge.retriever import HybridRetriever
from knowledge.vocabulary import ordinary_words
from knowledge.ways_in.combine import with_imports
from knowledge.ways_in.imported import has_imports, revision_of
from knowledge.words import WordRetriever

LAYOUT = 3  # raise when catalogue tables or passages change their shape


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


def build(home: Path, embeddings: NamedEmbeddings | None = None, progress: Progress | None = None) -> KnowledgeBase:
    """Build catalogue and index from the shipped and the imported data under `home`/knowledge; returns the data."""
    base = load_base(home)
    folder = _folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    build_catalogue(_url(folder), base)
    (folder / "vocabulary.txt").write_text("\n".join(sorted(ordinary_words(base))), encoding="utf-8")
    embedder = embeddings or E5Embeddings(load_vectors())
    if has_imports(home):
        remembering = _Remembering(embedder, folder)
        build_index(folder / "index", all_passages(base), remembering, data_version(home), progress)
        remembering.keep()
    else:
        build_index(folder / "index", all_passages(base), embedder, data_version(home), progress)
    return base


def open_library(
    home: Path, embeddings: NamedEmbeddings | None = None, say: Callable[[str], None] | None = None
) -> Library:
    """Open the knowledge under `home`, building it first where it is missing or out of date."""
    folder = _folder(home)
    if not is_current(home):
        if say:
            say("building the knowledge index (a few seconds; longer after a big import) …")
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
        return read_manifest(_folder(home) / "index").get("data") == data_version(home)
    except KnowledgeError:
        return False


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


def _folder(home: Path) -> Path:
    return home / "knowledge"


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'catalogue.db'}"
