"""The hybrid retriever: exact names first, then meaning and words joined by rank, under conditions.

It can say "nothing found": a hit that neither shares a word with the question nor lies near it is dropped.
Ranks are fused with reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009, k = 60); how well known a
place is settles near ties.
"""

import re
from dataclasses import dataclass

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.catalogue import Catalogue, Filter
from knowledge.index import PassageIndex
from knowledge.passages import passages_of
from knowledge.records import Attraction
from knowledge.words import WordRetriever

FUSION_K = 60
EVERYTHING = Filter()
POOL = 40  # candidates taken from each side before fusing
MIN_COSINE = 0.855  # unrelated questions were seen at 0.79 to 0.86, related ones from 0.865 on
MAX_LISTED = 2000  # ids Chroma is given as a condition; above that the city alone narrows its search


@dataclass(frozen=True)
class Hit:
    """A retrieved attraction, its fused score, and which ways found it (name, meaning, words, rank)."""

    attraction: Attraction
    score: float
    ways: tuple[str, ...]


class HybridRetriever(BaseRetriever):
    """Dense + BM25 + exact names + filters over the catalogue; also usable as a LangChain retriever."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    catalogue: Catalogue
    index: PassageIndex
    words: WordRetriever
    limit: int = 8

    def search(self, query: str, condition: Filter = EVERYTHING, limit: int | None = None) -> list[Hit]:
        """The best attractions for a question under a condition, best first; empty if nothing fits."""
        if not re.search(r"\w", query):
            return []
        named = self._named(query, condition)
        allowed = {record: place for place, record in enumerate(self.catalogue.find_ids(condition))}
        scores, ways = self._fuse(query, condition, allowed)
        for record in named:
            scores[record] = scores.get(record, 0.0) + 1.0  # an exact name beats any resemblance
            ways.setdefault(record, []).insert(0, "name")
        order = sorted(scores, key=lambda record: -scores[record])[: limit or self.limit]
        return [Hit(sight, scores[sight.id], tuple(ways[sight.id])) for sight in self.catalogue.get(order)]

    def best_known(self, condition: Filter, limit: int) -> list[Hit]:
        """The best-known attractions under a condition: for a question that only names a city."""
        sights = self.catalogue.find(condition, limit)
        return [Hit(sight, 1.0 / (FUSION_K + sight.rank), ("rank",)) for sight in sights]

    def _named(self, query: str, condition: Filter) -> list[str]:
        """Sights named in the query. A city is a wish and gives way to a name; an exclusion is a refusal."""
        names = self.catalogue.sight_names
        mentions = names.find(query)
        found = dict.fromkeys(record for mention in mentions for record in mention.ids)
        return [record for record in found if record not in condition.exclude]

    def _fuse(
        self, query: str, condition: Filter, allowed: dict[str, int]
    ) -> tuple[dict[str, float], dict[str, list[str]]]:
        only = tuple(allowed) if condition != EVERYTHING and len(allowed) <= MAX_LISTED else ()
        near = self.index.search(query, POOL, condition.cities, only)
        meaning = [record for record, cosine in near if cosine >= MIN_COSINE]
        said = [record for record, _ in self.words.search(query, MAX_LISTED, condition.cities)]
        scores: dict[str, float] = {}
        ways: dict[str, list[str]] = {}
        for way, ranking in (("meaning", meaning), ("words", said)):
            for place, record in enumerate(list(filter(allowed.__contains__, ranking))[:POOL]):
                scores[record] = scores.get(record, 0.0) + 1.0 / (FUSION_K + place + 1)
                ways.setdefault(record, []).append(way)
        for record in scores:
            scores[record] += 0.2 / (FUSION_K + allowed[record] + 1)
        return scores, ways

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - LangChain's signature
        documents = []
        for hit in self.search(query):
            chinese, _ = passages_of(hit.attraction, self.catalogue.cities[hit.attraction.city])
            documents.append(Document(chinese.text, metadata={"record": hit.attraction.id, "score": hit.score}))
        return documents
