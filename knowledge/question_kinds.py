"""What kind of fact a question asks for, guessed from its meaning: for the wordings that no pattern knows.

A logistic regression over two readings of the question: the embedder's vector (384 numbers), which knows what words
mean, and TF-IDF of its characters and words without the names of sights, which knows which words were used; together
they are right more often than either alone. The weights ship as ``question_kinds.npz``; ``python -m tests.bench kinds`` trains and measures them. Weights
belong to one embedder: with another, nothing is guessed.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np

from knowledge.embedding import DEFAULT_EMBEDDER, NamedEmbeddings

WEIGHTS = Path(__file__).with_name("question_kinds.npz")
FACTS = frozenset({"price", "hours", "closed", "duration", "level", "where"})  # asked of one sight
RECOMMEND, DESCRIBED, OTHER = "recommend", "name", "other"  # sights are sought; one is described; what no record holds
GUESSES_KEPT = 32
GRAM = 3  # characters of the longest piece that is counted
_BLANKS, _WORD = re.compile(r"\s+"), re.compile(r"[a-z']+")


@dataclass(frozen=True)
class Guess:
    """The likeliest kind and its probability; `shares` holds those of all kinds, the likeliest first."""

    kind: str
    share: float
    shares: tuple[tuple[str, float], ...] = ()

    def share_of(self, kind: str) -> float:
        """The probability of one kind, 0 where nothing was guessed."""
        return dict(self.shares).get(kind, 0.0)

    def apart_from(self, kind: str) -> "Guess":
        """The guess where one kind is out of the question."""
        left = tuple(pair for pair in self.shares if pair[0] != kind)
        whole = sum(share for _, share in left)
        return self if not whole else Guess(left[0][0], left[0][1] / whole, tuple((name, share / whole) for name, share in left))


@dataclass(frozen=True)
class Weights:
    """What was learned: `kinds` (k names), `vector` (k, 384), `bias` (k,), `terms` (n, each with its place), `idf` (n,), `counted` (k, n)."""

    kinds: list[str]
    vector: np.ndarray
    bias: np.ndarray
    terms: dict[str, int]
    idf: np.ndarray
    counted: np.ndarray

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file that `tests.bench.kinds` writes."""
        with np.load(path) as stored:
            terms = {term: place for place, term in enumerate(str(stored["terms"]).split("\n"))}
            return cls(stored["kinds"].tolist(), stored["vector"], stored["bias"], terms, stored["idf"], stored["counted"].astype(np.float32))

    def tfidf(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Places and values of a text's known terms, of length one; rare terms weigh more, repetition only by its logarithm."""
        found = Counter(place for term in terms(text) if (place := self.terms.get(term)) is not None)
        places = np.fromiter(found.keys(), dtype=np.intp, count=len(found))
        values = (1 + np.log(np.fromiter(found.values(), dtype=np.float32, count=len(found)))) * self.idf[places]
        return places, values / max(float(np.linalg.norm(values)), 1e-9)

    def shares(self, nameless: str, vector: np.ndarray) -> np.ndarray:
        """The probability of each kind (k,) for a text's vector (384,) and the text without names."""
        places, values = self.tfidf(nameless)
        scores = self.vector @ vector + self.counted[:, places] @ values + self.bias
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum())


def terms(text: str) -> Iterator[str]:
    """What is counted of a text: pieces of one to three characters, and English words alone and in pairs (with a mark before them)."""
    clean = _BLANKS.sub(" ", text.lower()).strip()
    for size in range(1, GRAM + 1):
        yield from (clean[start:start + size] for start in range(len(clean) - size + 1))
    words = _WORD.findall(clean)
    yield from (f"={word}" for word in words)
    yield from (f"={first} {second}" for first, second in pairwise(words))


class QuestionKinds:
    """Guesses kinds with one embedder's vectors."""

    def __init__(self, embeddings: NamedEmbeddings, path: Path = WEIGHTS) -> None:
        self._embeddings = embeddings
        self._path = path
        self.guess = lru_cache(maxsize=GUESSES_KEPT)(self._guess)  # one turn's question is asked by more than one reader

    @classmethod
    def of(cls, embeddings: NamedEmbeddings) -> Self | None:
        """The guesser for an embedder; None for one the weights were not trained with."""
        return cls(embeddings) if embeddings.name == DEFAULT_EMBEDDER else None

    def _guess(self, text: str, nameless: str = "") -> Guess:
        """The likeliest kind of a question; `nameless` is the text without the names of sights, where it holds some."""
        vector = np.asarray(self._embeddings.embed_query(text), dtype=np.float32)
        if len(vector) != self._learned.vector.shape[1]:
            return Guess("", 0.0)  # another embedder under the same name
        shares = self._learned.shares(nameless or text, vector)
        ranked = tuple((self._learned.kinds[place], float(shares[place])) for place in np.argsort(-shares))
        return Guess(*ranked[0], ranked)

    @cached_property
    def _learned(self) -> Weights:
        return Weights.load(self._path)
