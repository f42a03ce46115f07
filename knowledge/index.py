"""The vector index: the only place that knows Chroma.

A manifest beside the index names the embedder and the data it was built from; another embedder is refused with
the command that rebuilds. Each build fills a store of its own and then the manifest is replaced, so a build that breaks
off harms nothing and whoever has the old store open goes on reading it.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import chromadb
from chromadb.config import Settings
from chromadb.errors import ChromaError
from langchain_chroma import Chroma

from knowledge.embedding import NamedEmbeddings
from knowledge.errors import IndexMismatch, KnowledgeError, StorageError
from knowledge.passages import Passage

COLLECTION = "attractions"
BATCH = 512
Progress = Callable[[int, int], None]


class PassageIndex:
    """Dense search over passages; cosine similarity, 1 is the same text."""

    def __init__(self, folder: Path, embeddings: NamedEmbeddings) -> None:
        """Open an index; raises `IndexMismatch` where another embedder made it."""
        manifest = read_manifest(folder)
        if manifest.get("embedder") != embeddings.name:
            raise IndexMismatch(
                f"the index was built with {manifest.get('embedder')}, the embedder now is {embeddings.name}; "
                "run 'fengjing knowledge build'"
            )
        self._embeddings = embeddings
        self._store = _open(folder / str(manifest.get("store")), embeddings)

    def search(
        self, query: str, limit: int, cities: tuple[str, ...] = (), only: tuple[str, ...] = ()
    ) -> list[tuple[str, float]]:
        """(record id, cosine similarity) of the nearest passages, best first; `only` these records, if any are given."""
        where = {"record": {"$in": list(only)}} if only else {"city": {"$in": list(cities)}} if cities else None
        vector = self._embeddings.embed_query(query)
        try:
            hits = self._store.similarity_search_by_vector_with_relevance_scores(
                vector, k=limit * 2, filter=where  # type: ignore[arg-type]  # Chroma takes nested conditions
            )
        except ChromaError as error:
            raise KnowledgeError(f"the index cannot be read ({error}); run 'fengjing knowledge build'") from error
        best: dict[str, float] = {}
        for document, distance in hits:
            best.setdefault(document.metadata["record"], 1.0 - distance)
        return list(best.items())[:limit]


def build_index(
    folder: Path, passages: list[Passage], embeddings: NamedEmbeddings, data: str, progress: Progress | None = None
) -> None:
    """Embed and store all passages under `folder`; the old index serves until the new one is whole."""
    before = _store_named(folder)
    store = f"chroma-{uuid4().hex[:8]}"
    try:
        (folder / store).mkdir(parents=True)
        _fill(_open(folder / store, embeddings), passages, progress)
        manifest = {"embedder": embeddings.name, "data": data, "passages": len(passages), "store": store}
        written = folder / "manifest.new"
        written.write_text(json.dumps(manifest), encoding="utf-8")
        written.replace(folder / "manifest.json")
        _sweep(folder, {store, before})
    except ChromaError as error:
        raise KnowledgeError(f"the index cannot be built ({error}); run 'fengjing knowledge build' again") from error
    except OSError as error:
        raise StorageError(f"the index cannot be written to {folder} ({error.strerror}); free some disk space") from error


def read_manifest(folder: Path) -> dict[str, object]:
    """The manifest of an index; raises `KnowledgeError` where there is none."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KnowledgeError("there is no index yet; run 'fengjing knowledge build'") from error
    if not isinstance(manifest, dict):
        raise KnowledgeError("the index manifest is damaged; run 'fengjing knowledge build'")
    return manifest


def _open(folder: Path, embeddings: NamedEmbeddings) -> Chroma:
    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    return Chroma(
        collection_name=COLLECTION,
        embedding_function=embeddings,  # type: ignore[arg-type]  # a protocol of the same shape
        client=client,
        collection_metadata={"hnsw:space": "cosine"},
    )


def _fill(store: Chroma, passages: list[Passage], progress: Progress | None) -> None:
    for start in range(0, len(passages), BATCH):
        batch = passages[start:start + BATCH]
        store.add_texts(
            [passage.text for passage in batch],
            [{"record": passage.record_id, "city": passage.city, "language": passage.language} for passage in batch],
            ids=[passage.id for passage in batch],
        )
        if progress:
            progress(min(start + BATCH, len(passages)), len(passages))


def _store_named(folder: Path) -> str:
    """The store an index serves from now; it may be open in another process, so the next build leaves it."""
    try:
        return str(read_manifest(folder).get("store"))
    except KnowledgeError:
        return ""


def _sweep(folder: Path, keep: set[str]) -> None:
    for old in folder.glob("chroma-*"):
        if old.name not in keep:
            shutil.rmtree(old, ignore_errors=True)
