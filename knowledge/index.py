"""The vector index: the only place that knows Chroma, embedded in a folder or as a server by URL.

A manifest names the embedder and the data an index was built from; another embedder is refused with the command that
rebuilds. Each build fills a store of its own and then the manifest is written in one step, so a build that breaks off
harms nothing and whoever has the old store open goes on reading it. In a folder a store is a sub-folder and the manifest a
file beside it; on a server a store is a collection and the manifest its metadata, so that every worker sees the same one.
Not covered: signing in at a Chroma server (give it a private network, or a proxy that asks).
"""

import json
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError
from langchain_chroma import Chroma
from langchain_core.documents import Document

from knowledge.embedding import NamedEmbeddings
from knowledge.errors import IndexMismatch, KnowledgeError, StorageError
from knowledge.exact import CityVectors, load_city_vectors, save_city_vectors
from knowledge.passages import Passage

COLLECTION = "attractions"
ON_SERVER = "fengjing-"  # our collections on a server begin so; others' are left alone
VECTORS = "vectors.npz"
BATCH = 512
PAGE = 20_000  # vectors read at once; SQLite takes 32,766 at most
COMPARED = 50_000  # passages up to which a whole country is compared one by one
MAX_LISTED = 2000  # records Chroma is given as a condition; above that the cities alone narrow its search
Progress = Callable[[int, int], None]
Manifest = dict[str, object]
Where = dict[str, dict[str, list[str]]]


class _Replaced(KnowledgeError):
    """The collection that was open is gone."""


class PassageIndex:
    """Dense search over passages; cosine similarity, 1 is the same text."""

    def __init__(self, place: Path | str, embeddings: NamedEmbeddings) -> None:
        """Open the index in a folder or at a server's URL; raises `IndexMismatch` where another embedder made it."""
        self.embeddings = embeddings
        self._place = place
        self._store, self._by_city = _opened(place, embeddings)

    def search(
        self, query: str, limit: int, cities: tuple[str, ...] = (), only: Collection[str] = ()
    ) -> list[tuple[str, float]]:
        """(record id, cosine similarity) of the nearest records, best first; `only` these of the cities, if any are given.

        Where more than `MAX_LISTED` are given and no city, or on a server, those nearest of all are looked through for them.
        """
        vector = self.embeddings.embed_query(query)
        if self._by_city and (cities or len(self._by_city) <= COMPARED):
            return self._by_city.search(vector, limit, cities, only)
        listed = list(only) if len(only) <= MAX_LISTED else []
        where: Where | None = {"record": {"$in": listed}} if listed else {"city": {"$in": list(cities)}} if cities else None
        try:
            hits = self._ask(vector, limit * 2, where)
        except _Replaced:  # two builds have come since this one was opened: turn to the newest
            self._store, self._by_city = _opened(self._place, self.embeddings)
            hits = self._ask(vector, limit * 2, where)
        best: dict[str, float] = {}
        for document, distance in hits:
            best.setdefault(document.metadata["record"], 1.0 - distance)
        return [(record, cosine) for record, cosine in list(best.items())[:limit] if not only or record in only]

    def _ask(self, vector: list[float], limit: int, where: Where | None) -> list[tuple[Document, float]]:
        with _told(self._place, "read"):
            return self._store.similarity_search_by_vector_with_relevance_scores(
                vector, k=limit, filter=where  # type: ignore[arg-type]  # Chroma takes nested conditions
            )


def build_index(
    place: Path | str, passages: list[Passage], embeddings: NamedEmbeddings, data: str, progress: Progress | None = None
) -> None:
    """Embed and store all passages in a folder or at a server; the old index serves until the new one is whole."""
    with _told(place, "built"):
        stores = _stores(place)
        before, store = str((stores.manifest() or {}).get("store")), uuid4().hex[:8]
        filled = stores.create(store, embeddings)
        _fill(filled, passages, progress)
        stores.copy_vectors(store, filled)
        stores.publish(store, {"embedder": embeddings.name, "data": data, "passages": len(passages), "store": store})
        stores.sweep({store, before})


def read_manifest(place: Path | str) -> Manifest:
    """The manifest of an index; raises `KnowledgeError` where there is none."""
    with _told(place, "read"):
        manifest = _stores(place).manifest()
    if manifest is None:
        raise KnowledgeError("there is no index yet; run 'fengjing knowledge build'")
    return manifest


class _Stores(Protocol):
    """The stores of one place, by name, and which of them is in force."""

    def manifest(self) -> Manifest | None:
        """Of the store in force; None where there is none."""
        ...

    def create(self, store: str, embeddings: NamedEmbeddings) -> Chroma:
        """A new, empty store."""
        ...

    def open(self, store: str, embeddings: NamedEmbeddings) -> Chroma:
        """A store that is there."""
        ...

    def copy_vectors(self, store: str, filled: Chroma) -> None:
        """Lay a full store's vectors where `vectors` reads them."""
        ...

    def vectors(self, store: str) -> CityVectors | None:
        """All vectors of a store; None from a server, from which they would be too long on their way."""
        ...

    def publish(self, store: str, manifest: Manifest) -> None:
        """Put a full store in force, in one step."""
        ...

    def sweep(self, keep: set[str]) -> None:
        """Remove the others."""
        ...


class _Folder:
    """Each store is a sub-folder with a Chroma of its own; the manifest is a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def manifest(self) -> Manifest | None:
        try:
            manifest = json.loads((self._folder / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return manifest if isinstance(manifest, dict) else None

    def create(self, store: str, embeddings: NamedEmbeddings) -> Chroma:
        self._at(store).mkdir(parents=True)
        return self.open(store, embeddings)

    def open(self, store: str, embeddings: NamedEmbeddings) -> Chroma:
        client = chromadb.PersistentClient(str(self._at(store)), Settings(anonymized_telemetry=False))
        return _collection(client, COLLECTION, embeddings)

    def copy_vectors(self, store: str, filled: Chroma) -> None:
        _write_vectors(filled, self._at(store) / VECTORS)

    def vectors(self, store: str) -> CityVectors | None:
        try:
            return load_city_vectors(self._at(store) / VECTORS)
        except FileNotFoundError as error:
            raise IndexMismatch("the index is of an earlier version of Fengjing; run 'fengjing knowledge build'") from error

    def publish(self, store: str, manifest: Manifest) -> None:
        written = self._folder / "manifest.new"
        written.write_text(json.dumps({**manifest, "store": store}), encoding="utf-8")
        written.replace(self._folder / "manifest.json")

    def sweep(self, keep: set[str]) -> None:
        for old in self._folder.glob("chroma-*"):
            if old not in {self._at(store) for store in keep}:
                shutil.rmtree(old, ignore_errors=True)

    def _at(self, store: str) -> Path:
        return self._folder / f"chroma-{store.removeprefix('chroma-')}"  # manifests of before held the folder's name


class _Server:
    """Each store is a collection; a full one carries its manifest and a number, and the highest number is in force."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        tls = parts.scheme == "https"
        try:
            self._client = chromadb.HttpClient(
                parts.hostname or "", parts.port or (443 if tls else 80), tls, settings=Settings(anonymized_telemetry=False))
        except ValueError as error:  # Chroma's own word for a server that does not answer
            raise _away(url, error) from error

    def manifest(self) -> Manifest | None:
        full = [dict(found.metadata) for found in self._ours() if found.metadata and "number" in found.metadata]
        return max(full, key=lambda manifest: int(str(manifest["number"])), default=None)

    def create(self, store: str, embeddings: NamedEmbeddings) -> Chroma:
        return _collection(self._client, ON_SERVER + store, embeddings)

    def open(self, store: str, embeddings: NamedEmbeddings) -> Chroma:
        return _collection(self._client, ON_SERVER + store, embeddings, create=False)

    def copy_vectors(self, store: str, filled: Chroma) -> None:
        pass

    def vectors(self, store: str) -> CityVectors | None:  # noqa: ARG002 - the shape of a place
        return None

    def publish(self, store: str, manifest: Manifest) -> None:
        before = self.manifest() or {}
        number = int(str(before.get("number", 0))) + 1
        self._client.get_collection(ON_SERVER + store).modify(metadata={**manifest, "number": number})

    def sweep(self, keep: set[str]) -> None:
        for old in self._ours():
            if old.name.removeprefix(ON_SERVER) not in keep:
                self._client.delete_collection(old.name)

    def _ours(self) -> list[chromadb.Collection]:
        return [found for found in self._client.list_collections() if found.name.startswith(ON_SERVER)]


def _opened(place: Path | str, embeddings: NamedEmbeddings) -> tuple[Chroma, CityVectors | None]:
    """The store in force, and its vectors if they are near."""
    manifest = read_manifest(place)
    if manifest.get("embedder") != embeddings.name:
        raise IndexMismatch(
            f"the index was built with {manifest.get('embedder')}, the embedder now is {embeddings.name}; "
            "run 'fengjing knowledge build'"
        )
    stores, store = _stores(place), str(manifest.get("store"))
    with _told(place, "read"):
        return stores.open(store, embeddings), stores.vectors(store)


def _stores(place: Path | str) -> _Stores:
    return _Folder(place) if isinstance(place, Path) else _Server(place)


def _collection(client: ClientAPI, name: str, embeddings: NamedEmbeddings, *, create: bool = True) -> Chroma:
    return Chroma(
        collection_name=name,
        embedding_function=embeddings,  # type: ignore[arg-type]  # a protocol of the same shape
        client=client,
        collection_metadata={"hnsw:space": "cosine"},
        create_collection_if_not_exists=create,
    )


def _write_vectors(store: Chroma, file: Path) -> None:
    """Copy a store's vectors into a file: Chroma takes a second for what is read from there in a hundredth."""
    vectors = [np.zeros((0, 1), dtype=np.float32)]
    cities: list[str] = []
    records: list[str] = []
    while (page := store.get(limit=PAGE, offset=len(records), include=["embeddings", "metadatas"]))["ids"]:
        vectors.append(np.asarray(page["embeddings"], dtype=np.float32))
        cities += [metadata["city"] for metadata in page["metadatas"]]
        records += [metadata["record"] for metadata in page["metadatas"]]
    save_city_vectors(file, np.concatenate(vectors[1:] or vectors), cities, records)


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


@contextmanager
def _told(place: Path | str, doing: str) -> Iterator[None]:
    """Chroma's, the network's and the disk's own errors, each as one line of ours."""
    try:
        yield
    except httpx.HTTPError as error:
        raise _away(place, error) from error
    except NotFoundError as error:
        raise _Replaced("the index was replaced meanwhile; try again") from error
    except ChromaError as error:
        raise KnowledgeError(f"the index cannot be {doing} ({error}); run 'fengjing knowledge build'") from error
    except OSError as error:
        raise StorageError(f"the index at {place} cannot be {doing} ({error.strerror}); free some disk space") from error


def _away(place: Path | str, error: Exception) -> StorageError:
    return StorageError(f"the Chroma server at {place} cannot be reached ({error}); check that it runs and FENGJING_CHROMA_URL is right")
