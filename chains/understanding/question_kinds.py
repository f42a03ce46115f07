"""What kind of fact a question asks for, guessed from its meaning: for the wordings that no pattern knows.

A logistic regression over the embedder's vector of the question (384 numbers), whose weights ship as
``question_kinds.npz``; ``python -m tests.bench kinds`` trains and measures it. It is asked only where the patterns of
`chains.understanding.intent` found nothing, as those can be read and this cannot. Weights belong to one embedder: with
another, nothing is guessed.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from chains.understanding.request import Topic
from knowledge.embedding import DEFAULT_EMBEDDER, NamedEmbeddings

WEIGHTS = Path(__file__).with_name("question_kinds.npz")
TOPICS = {
    "price": Topic.TICKET, "hours": Topic.HOURS, "closed": Topic.CLOSED, "duration": Topic.VISIT_TIME, "level": Topic.LEVEL, "where": Topic.LOCATION,
}
RECOMMEND, DESCRIBED = "recommend", "name"  # sights are sought; one is described, whose name is sought


@dataclass(frozen=True)
class Guess:
    """The likeliest kind and its probability; `topic` is the fact asked for, None where it is no fact of one sight."""

    kind: str
    share: float

    @property
    def topic(self) -> Topic | None:
        """The fact of one sight, if it is one."""
        return TOPICS.get(self.kind)


class QuestionKinds:
    """Guesses kinds with one embedder's vectors."""

    def __init__(self, embeddings: NamedEmbeddings, weights: Path = WEIGHTS) -> None:
        self._embeddings = embeddings
        self._path = weights

    @classmethod
    def of(cls, embeddings: NamedEmbeddings) -> Self | None:
        """The guesser for an embedder; None for one the weights were not trained with."""
        return cls(embeddings) if embeddings.name == DEFAULT_EMBEDDER else None

    def guess(self, text: str) -> Guess:
        """The likeliest kind of a question."""
        kinds, weights, bias = self._trained
        scores = weights @ np.asarray(self._embeddings.embed_query(text), dtype=np.float32) + bias
        shares = np.exp(scores - scores.max())
        best = int(shares.argmax())
        return Guess(kinds[best], float(shares[best] / shares.sum()))

    @cached_property
    def _trained(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Kinds, (kinds, 384) weights and (kinds,) bias."""
        with np.load(self._path) as stored:
            return stored["kinds"].tolist(), stored["weights"], stored["bias"]
