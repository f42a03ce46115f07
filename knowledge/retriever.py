"""The hybrid retriever: exact names first, then meaning, words and kinds joined by rank, under conditions.

The text's own conditions (`knowledge.conditions`) narrow the search as far as something meets them; where nothing does,
the nearest alternatives come back and say so. It can say "nothing found": a hit that neither shares a word with the
question nor lies near it is dropped. Ranks are fused with reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR
2009, k = 60); how well known a place is settles near ties.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.catalogue import Catalogue, Filter
from knowledge.conditions import Conditions, fit, joined, nameless, read_conditions, standing
from knowledge.index import PassageIndex
from knowledge.passages import passages_of
from knowledge.question_kinds import DESCRIBED, RECOMMEND, Guess, QuestionKinds
from knowledge.records import Attraction
from knowledge.slips import mended
from knowledge.spellings import GENERIC
from knowledge.words import WordRetriever, cut, telling_words, whole_words

FUSION_K = 60
EVERYTHING = Filter()
POOL = 40  # candidates taken from each side before fusing
MIN_COSINE = 0.86  # unrelated questions were seen at 0.79 to 0.858, related ones from 0.865 on
MIN_SHARED = 2  # words that a record far in meaning must share with a question, or half of a short one's
WEIGHTS = {"meaning": 1.0, "words": 1.0, "kind": 1.0, "fame": 1.0}
HEAD_FIT = 0.5
# For a description: shares beside the BM25 score of the best passage, whose best is 1; each word that stands anywhere in
# the record counts too. Cosines are told apart within their span below the best, how well known a sight is (`standing`)
# within its own. Fitted by softmax regression on 296 descriptions (282 right where their writer was left out).
MEANING_SHARE, WORD_SHARE, KIND_HINT, FAME_HINT = 1.0, 0.22, 0.43, 0.28
COSINE_SPAN, FAME_SPAN = 0.07, 10.0
LIKELY, SURE = 0.5, 0.6  # probabilities from which a guess is taken for a description, and for no description
NAMED, ALIKE = 10.0, 1.0  # an exact name beats any resemblance, one that sounds the same all but that


@dataclass(frozen=True)
class Hit:
    """A retrieved attraction, its fused score, and which ways found it.

    Ways are name, spelling (a name read through a slip), kind, meaning, words, rank; `alternative` marks a hit that
    breaks a condition which nothing meets.
    """

    attraction: Attraction
    score: float
    ways: tuple[str, ...]
    alternative: bool = False


class HybridRetriever(BaseRetriever):
    """Dense + BM25 + names + conditions over the catalogue; also usable as a LangChain retriever."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    catalogue: Catalogue
    index: PassageIndex
    words: WordRetriever
    kinds: QuestionKinds | None = None  # None with an embedder that none was trained for
    limit: int = 8

    def search(self, query: str, condition: Filter = EVERYTHING, limit: int | None = None) -> list[Hit]:
        """The best attractions for a question, best first; empty if nothing fits.

        What `condition` gives holds for every hit but a named one; what the text itself asks for gives way, part by
        part, where nothing meets it.
        """
        if not re.search(r"\w", query):
            return []
        query = mended(query)
        asked = self.conditions(query, condition.cities)
        if asked.describes:
            return self.described(query, joined(condition, asked.condition), limit or self.limit)
        named = [record for record in asked.named if record not in condition.exclude]
        wanted, alternative = (condition, False) if named else self._met(condition, asked)
        scores, ways = self._fuse(query, wanted, asked, guided=bool(named))
        for place, record in enumerate(named):
            scores[record] = scores.get(record, 0.0) + NAMED + 1.0 / (1 + place)
            ways.setdefault(record, []).insert(0, "name" if asked.exact else "spelling")
        for record in (record for record in asked.alike if record not in condition.exclude):
            scores[record] = scores.get(record, 0.0) + ALIKE / self._rank(record)
            ways.setdefault(record, []).insert(0, "spelling")
        order = sorted(scores, key=lambda record: -scores[record])[: limit or self.limit]
        return [Hit(sight, scores[sight.id], tuple(ways[sight.id]), alternative) for sight in self.catalogue.get(order)]

    def guess(self, text: str) -> Guess:
        """What kind of fact a text asks for; no kind where there is no guesser."""
        return self.kinds.guess(text, nameless(text, self.catalogue)) if self.kinds else Guess("", 0.0)

    def conditions(self, text: str, cities: tuple[str, ...] = ()) -> Conditions:
        """What a text says of itself, read with the guess whether one sight is described in it."""
        guess = self.guess(text)
        riddle = True if guess.kind == DESCRIBED and guess.share >= LIKELY else False if guess.share >= SURE and guess.kind == RECOMMEND else None
        return read_conditions(text, self.catalogue, cities, riddle=riddle)

    def described(self, query: str, condition: Filter = EVERYTHING, limit: int = 3) -> list[Hit]:
        """What a description fits best: meaning and words decide, its kind and how well known it is settle near ties.

        Scores are added and not ranks: a word that one record alone holds (落霞, 藏经洞) tells more than a first place.
        """
        asked = self.conditions(query, condition.cities)
        allowed = self._allowed(condition)
        if allowed == []:
            return []
        provinces = {self.catalogue.cities[city].province for city in condition.cities}
        words = re.sub("|".join(provinces), " ", query) if provinces else query  # 广西 is a condition here, and no word
        near, said = self._candidates(query, condition, allowed, words)
        nearest, most = max(near.values(), default=0.0), max(said.values(), default=1.0)
        fits, known = self._fits({**near, **said}, asked), {sight.id: standing(sight) for sight in self.catalogue.get({**near, **said})}
        shared = self.words.shared(telling_words(words), known)
        scores = {
            record: MEANING_SHARE * max(0.0, 1 - (nearest - near.get(record, 0.0)) / COSINE_SPAN) + said.get(record, 0.0) / most
            + WORD_SHARE * shared.get(record, (0, 0.0))[0] + KIND_HINT * fits.get(record, 0.0)
            + FAME_HINT * max(0.0, 1 - known[record] / FAME_SPAN) for record in known
        }
        order = sorted(scores, key=lambda record: -scores[record])[:limit]
        ways = (("meaning", near), ("words", said))
        return [Hit(sight, scores[sight.id], tuple(way for way, found in ways if sight.id in found)) for sight in self.catalogue.get(order)]

    def shared_words(self, text: str, record: str) -> tuple[int, float]:
        """How many telling words of a text stand in a record's passages, and how rare they are together."""
        return self.words.shared(telling_words(text) - GENERIC, (record,)).get(record, (0, 0.0))

    def best_known(self, condition: Filter, limit: int) -> list[Hit]:
        """The best-known attractions under a condition: for a question that only names a city."""
        sights = self.catalogue.find(condition, limit)
        return [Hit(sight, 1.0 / (FUSION_K + sight.rank), ("rank",)) for sight in sights]

    def _met(self, condition: Filter, asked: Conditions) -> tuple[Filter, bool]:
        """The given condition with as much of the text's own as something meets, and whether any was given up."""
        for number, own in enumerate(_loosened(asked.condition)):
            wanted = joined(condition, own)
            if wanted == EVERYTHING or self.catalogue.find_ids(replace(wanted, kinds=asked.kinds), 1) or (not number and self.catalogue.find_ids(wanted, 1)):
                return wanted, number > 0
        return condition, asked.limits

    def _fuse(
        self, query: str, condition: Filter, asked: Conditions, *, guided: bool
    ) -> tuple[dict[str, float], dict[str, list[str]]]:
        allowed = self._allowed(condition)
        if allowed == []:
            return {}, {}
        rankings = self._rankings(query if guided or not cut(asked.rest) else asked.rest, condition, allowed)
        if not guided and (asked.kinds or asked.limits or not cut(asked.rest)):
            rankings["kind"] = self._of_kind(condition, asked)
        if not guided:
            found = dict.fromkeys(record for ranking in rankings.values() for record in ranking[:POOL])
            rankings["fame"] = sorted(found, key=self._rank)
        scores, ways = _fused(rankings)
        if not guided:
            for record, bonus in self._fits(scores, asked).items():
                scores[record] += bonus
        return scores, ways

    def _allowed(self, condition: Filter) -> list[str] | None:
        """The records that meet a condition; None where it gives nothing but cities, which the indexes know themselves."""
        return None if condition == Filter(cities=condition.cities) else self.catalogue.find_ids(condition)

    def _of_kind(self, condition: Filter, asked: Conditions) -> list[str]:
        """The best known that meet all wishes, else some of them, else the condition alone."""
        some = tuple(tag for kind in asked.kinds for tag in kind)
        for wanted in (replace(condition, kinds=asked.kinds), replace(condition, kinds=(some,) if some else ()), condition):
            found = self.catalogue.find_ids(wanted, POOL) if wanted != EVERYTHING else []
            if found:
                return found
        return []

    def _rank(self, record: str) -> int:
        return self.catalogue.ranks.get(record, POOL)

    def _fits(self, records: Iterable[str], asked: Conditions) -> dict[str, float]:
        """How many of the wishes each record meets; a name that ends as the description does is worth half a wish."""
        if not asked.kinds:
            return {}
        tags = self.catalogue.tags_of(records)
        fits = {record: fit(tags.get(record, frozenset()), asked.kinds) for record in records}
        for sight in self.catalogue.get(fits) if asked.head else []:
            fits[sight.id] += HEAD_FIT * any(asked.head in name for name in sight.names)
        return fits

    def _rankings(self, query: str, condition: Filter, allowed: list[str] | None) -> dict[str, list[str]]:
        """Records near in meaning and records that share words, each best first, all under the condition."""
        near, said = self._candidates(query, condition, allowed)
        return {"meaning": [record for record, cosine in near.items() if cosine >= MIN_COSINE], "words": list(said)}

    def _candidates(self, query: str, condition: Filter, allowed: list[str] | None, words: str = "") -> tuple[dict[str, float], dict[str, float]]:
        """Records with their cosine, and with their BM25 score (of `words`, else the query), each best first, all under the condition."""
        words = words or query
        inside = set(allowed or ())
        near = dict(self.index.search(query, POOL, condition.cities, inside))
        whole, scored = whole_words(words), dict(self.words.search(words, POOL, condition.cities, inside))
        shared, enough = self.words.shared(whole, scored), min(MIN_SHARED, len(whole) / 2)  # 发动机 of 发动机机油更换周期 says nothing
        said = {record: score for record, score in scored.items()
                if shared.get(record, (0, 0.0))[0] >= enough or near.get(record, 0.0) >= MIN_COSINE}
        return {record: cosine for record, cosine in near.items() if cosine >= MIN_COSINE or record in said}, said

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - LangChain's signature
        documents = []
        for hit in self.search(query):
            chinese, *_ = passages_of(hit.attraction, self.catalogue.cities[hit.attraction.city])
            documents.append(Document(chinese.text, metadata={"record": hit.attraction.id, "score": hit.score}))
        return documents


def _fused(rankings: dict[str, list[str]]) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Every record's sum of reciprocal ranks, and the ways that found it; fame settles and finds nothing."""
    scores: dict[str, float] = {}
    ways: dict[str, list[str]] = {}
    for way, ranking in rankings.items():
        for place, record in enumerate(ranking if way == "fame" else ranking[:POOL]):
            scores[record] = scores.get(record, 0.0) + WEIGHTS[way] / (FUSION_K + place + 1)
            if way != "fame":
                ways.setdefault(record, []).append(way)
    return scores, ways


def _loosened(own: Filter) -> Iterator[Filter]:
    """The text's own conditions, then with one after another given up; city and what is refused are kept to the last."""
    yield own
    for loose in ({"districts": ()}, {"settings": ()}, {"open_on": 0}, {"min_level": 0}, {"max_ticket_yuan": None}, {"near": None}):
        looser = replace(own, **loose)
        if looser != own:
            own = looser
            yield own
