"""The guesser of question kinds: trained on what was read, measured on sets it was not trained on.

``python -m tests.bench kinds`` leaves out one writer's questions at a time, trains on the others and prints how often the
kind is right; ``--write`` then trains on all of them and writes the weights that ship. Never trained on: the held half of
the accuracy check, and the held, fresh and blind sets of the understanding.
"""

import re
import sys
from collections.abc import Iterator
from random import Random

import numpy as np
import yaml
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.settings import load_settings
from chains.second_reading import SURE, TOPICS
from knowledge.accuracy.derive import Deriver
from knowledge.accuracy.questions import HAND_WRITTEN, part_of
from knowledge.catalogue import Filter
from knowledge.conditions import nameless
from knowledge.embedding import E5Embeddings
from knowledge.library import Library, open_library
from knowledge.question_kinds import WEIGHTS, Weights, terms
from tests.test_house import ROOT

READ = ROOT / "tests" / "data" / "question_kinds.yaml"
UNDERSTANDING = ROOT / "tests" / "data" / "understanding.yaml"
WRITERS = (250, 250, 220, 140, 130, 170, 150, 170, 180, 170, 150, 150, 100, 110, 110, 110, 100, 120, 120, 120, 120, 110, 110, 140, 140, 140, 120, 120, 120, 120, 140, 140, 140, 150, 130, 130, 130, 130, 130, 120, 200, 200, 200, 200, 200)  # how many questions of `READ` each of its writers wrote, one after the other
STRENGTH = 0.05  # C of the regression; of 0.01, 0.03 and 0.1 none is better on writers left out
COUNTED = 20.0  # how much TF-IDF counts beside the vector's numbers, of spread one each; 5, 10 and 40 are worse
RARE = 3  # how many questions a term must stand in
SEED = 5
# What people type in a hurry: too short for the sets below, and asked more often than anything else.
BRIEF = {
    "price": ("{}多少钱", "{}门票", "{}多少钱一张", "去{}多少钱", "多少钱去{}", "进{}要钱吗", "{}票价", "{}贵吗", "{}收费吗", "how much is {}", "{} price", "{} ticket", "{} cost?", "do I pay for {}"),
    "hours": ("{}几点开门", "{}几点关门", "{}开放时间", "{}营业时间", "{}几点开", "{}晚上开吗", "{}什么时候关", "{}早上几点", "{} opening hours", "when does {} open", "{} closing time", "is {} open at night"),
    "closed": ("{}周几闭馆", "{}周一开吗", "{}哪天不开", "{}周二关门吗", "{}休息日", "{} closed on Mondays?", "{} closing day", "is {} open on Tuesday"),
    "duration": ("{}玩多久", "{}要多久", "{}逛几个小时", "{}半天够吗", "{}多长时间", "how long for {}", "{} how many hours", "{} half a day?"),
    "level": ("{}几A", "{}是5A吗", "{}什么级别", "{}景区等级", "{} rating", "is {} 5A"),
    "where": ("{}在哪", "{}在哪里", "{}地址", "{}在哪个区", "{}位置", "where is {}", "{} address", "{} location"),
    "about": ("{}", "{}", "{}", "{}怎么样", "介绍一下{}", "{}好玩吗", "{}值得去吗", "去{}", "我想去{}", "tell me about {}", "what is {}", "is {} worth it", "{} please"),
}
BRIEF_SIGHTS = 5  # sights each of these is asked of
OF_INTENT = {"recommend": "recommend", "itinerary": "itinerary", "weather": "weather", "identity": "chat", "smalltalk": "chat", "out_of_scope": "chat"}
OF_TOPIC = {topic.value: kind for kind, topic in TOPICS.items()}


def run() -> None:
    """Print the share of right kinds for each set left out; with ``--write`` write the weights."""
    library = open_library(load_settings().home)
    rows = list(_rows(library))
    texts, kinds, sets = (np.array(column) for column in zip(*rows, strict=True))
    bare = np.array([nameless(text, library.catalogue) for text in texts])
    embedder = E5Embeddings()
    vectors = np.array([embedder.embed_query(text) for text in texts], dtype=np.float32)
    for left_out in sorted(set(sets) - {"derived"}):
        rest, own = sets != left_out, sets == left_out
        learned = _train(bare[rest], vectors[rest], kinds[rest])
        shares = np.array([learned.shares(text, vector) for text, vector in zip(bare[own], vectors[own], strict=True)])
        right, sure = np.array(learned.kinds)[shares.argmax(axis=1)] == kinds[own], shares.max(axis=1) >= SURE
        print(f"{left_out}: {right.sum()} of {own.sum()} = {right.mean():.1%}; where sure ({sure.mean():.0%}) {right[sure].mean():.1%}", flush=True)
    if "--write" in sys.argv:
        learned = _train(bare, vectors, kinds)
        np.savez_compressed(WEIGHTS, kinds=learned.kinds, vector=learned.vector, bias=learned.bias, terms="\n".join(learned.terms),
                            idf=learned.idf, counted=learned.counted.astype(np.float16))
        print(f"{len(rows)} questions, {len(learned.kinds)} kinds, {len(learned.terms)} terms: {WEIGHTS.name}")


def _train(bare: np.ndarray, vectors: np.ndarray, kinds: np.ndarray) -> Weights:
    """A regression on the vectors and the texts without names; the scaling of each is folded into its weights."""
    scale = StandardScaler().fit(vectors)
    counts = TfidfVectorizer(analyzer=lambda text: list(terms(text)), min_df=RARE, sublinear_tf=True)
    both = hstack([csr_matrix(scale.transform(vectors)), counts.fit_transform(bare) * COUNTED]).tocsr()
    model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced").fit(both, kinds)
    vector = (model.coef_[:, :vectors.shape[1]] / scale.scale_).astype(np.float32)
    bias = (model.intercept_ - vector @ scale.mean_).astype(np.float32)
    names = {str(term): place for place, term in enumerate(counts.get_feature_names_out())}
    counted = (model.coef_[:, vectors.shape[1]:] * COUNTED).astype(np.float32)
    return Weights(model.classes_.tolist(), vector, bias, names, counts.idf_.astype(np.float32), counted)


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
    draw, sights = Random(SEED), library.catalogue.find(Filter())
    for kind, wordings in BRIEF.items():
        for wording in wordings:
            for sight in draw.sample(sights, BRIEF_SIGHTS):
                yield wording.format(sight.name if re.search(r"[\u4e00-\u9fff]", wording) else sight.name_en), kind, "derived"
    for entry in yaml.safe_load(UNDERSTANDING.read_text(encoding="utf-8")):
        if entry.get("set") == "dev" and not entry.get("context"):
            topic = (entry.get("slots") or {}).get("topic")
            yield entry["text"], OF_INTENT.get(entry["intent"]) or OF_TOPIC.get(topic, "about"), "understanding, dev"
