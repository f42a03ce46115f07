"""The guesser of question kinds: trained on what was read, measured on sets it was not trained on.

``python -m tests.bench kinds`` leaves out one writer's questions at a time, trains on the others and prints how often the
kind is right; ``--write`` then trains on all of them and writes the weights that ship. Never trained on: the held half of
the accuracy check, and the held, fresh and blind sets of the understanding.
"""

import sys
from collections.abc import Iterator

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.settings import load_settings
from chains.understanding.question_kinds import TOPICS, WEIGHTS
from knowledge.accuracy.derive import Deriver
from knowledge.accuracy.questions import HAND_WRITTEN, part_of
from knowledge.embedding import E5Embeddings
from knowledge.library import Library, open_library
from tests.test_house import ROOT

READ = ROOT / "tests" / "data" / "question_kinds.yaml"
UNDERSTANDING = ROOT / "tests" / "data" / "understanding.yaml"
WRITERS = (250, 250, 220, 140, 130)  # how many questions of `READ` each of its writers wrote, one after the other
STRENGTH = 0.03  # C of the regression; of 0.003, 0.01, 0.03 and 0.1 the best on writers left out
SEED = 5
OF_INTENT = {"recommend": "recommend", "itinerary": "itinerary", "weather": "weather", "identity": "chat", "smalltalk": "chat", "out_of_scope": "chat"}
OF_TOPIC = {topic.value: kind for kind, topic in TOPICS.items()}


def run() -> None:
    """Print the share of right kinds for each set left out; with ``--write`` write the weights."""
    rows = list(_rows(open_library(load_settings().home)))
    texts, kinds, sets = (np.array(column) for column in zip(*rows, strict=True))
    embedder = E5Embeddings()
    vectors = np.array([embedder.embed_query(text) for text in texts], dtype=np.float32)
    for left_out in sorted(set(sets) - {"derived"}):
        rest, own = sets != left_out, sets == left_out
        names, weights, bias = _train(vectors[rest], kinds[rest])
        right = names[(vectors[own] @ weights.T + bias).argmax(axis=1)] == kinds[own]
        print(f"{left_out}: {right.sum()} of {own.sum()} = {right.mean():.1%}", flush=True)
    if "--write" in sys.argv:
        names, weights, bias = _train(vectors, kinds)
        np.savez_compressed(WEIGHTS, kinds=names, weights=weights, bias=bias)
        print(f"{len(rows)} questions, {len(names)} kinds: {WEIGHTS.name}")


def _train(vectors: np.ndarray, kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Names, weights and bias of a regression on vectors as they come: their scaling is folded into the weights."""
    scale = StandardScaler().fit(vectors)
    model = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced").fit(scale.transform(vectors), kinds)
    weights = (model.coef_ / scale.scale_).astype(np.float32)
    return model.classes_, weights, (model.intercept_ - weights @ scale.mean_).astype(np.float32)


def _rows(library: Library) -> Iterator[tuple[str, str, str]]:
    """Text, kind and set."""
    read = yaml.safe_load(READ.read_text(encoding="utf-8"))
    writers = [f"writer {number}" for number, count in enumerate(WRITERS, 1) for _ in range(count)]
    for entry, writer in zip(read, writers, strict=True):
        yield entry["ask"], entry["kind"], writer
    for entry in yaml.safe_load(HAND_WRITTEN.read_text(encoding="utf-8")):
        if part_of(entry["ask"]) == "dev":
            yield entry["ask"], entry["kind"], "accuracy, dev"
    for question in Deriver(library.catalogue, SEED).questions(700):
        yield question.text, question.kind, "derived"
    for entry in yaml.safe_load(UNDERSTANDING.read_text(encoding="utf-8")):
        if entry.get("set") == "dev" and not entry.get("context"):
            topic = (entry.get("slots") or {}).get("topic")
            yield entry["text"], OF_INTENT.get(entry["intent"]) or OF_TOPIC.get(topic, "about"), "understanding, dev"
