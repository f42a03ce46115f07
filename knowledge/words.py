"""Search by words: BM25 over text cut by jieba, as an inverted index.

LangChain's community BM25 cuts at spaces, so that a Chinese question scores zero everywhere and still returns
documents. Here both sides are cut by jieba's search mode and a score of zero is no hit. A question reads only the
postings of its own words, so that the cost follows the question and not the number of passages. Cutting takes the
longest by far (half a millisecond a passage), so an open library keeps its index in a file.
"""

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import jieba
import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray

from knowledge.exact import numbered
from knowledge.passages import Passage

jieba.setLogLevel(logging.WARNING)
log = logging.getLogger(__name__)
SATURATION, LENGTH_WEIGHT = 1.5, 0.75  # BM25's k1 and b as Robertson and Zaragoza give them (2009)
# Words that stand in nearly every question and say nothing about what is sought.
STOP_WORDS = frozenset(
    (
    "的 了 吗 呢 吧 啊 我 你 他 她 们 我们 是 在 有 和 与 跟 去 到 想 要 可以 能 什么 哪些 哪里 哪儿 怎么 多少 几 好 玩 推荐 景点 地方 一下 一个 请 请问 适合 值得 "
    "那个 那座 那 这 这个 个 座 里 得 啥 几个 钱 门票 票 看 免费 收费 不要 不用 叫 名字 来着 知道 the "
    "a an of to in for and is are i me my what which where how can do please with at on some any good best "
    "place places visit see things that s one near long much many does it there free ticket tickets yuan called name"
    ).split()
)
# What people say, and what descriptions say for it.
SAME = {
    "唐僧": "玄奘", "三藏": "玄奘", "孔明": "诸葛亮", "关公": "关帝", "关羽": "关帝", "毛主席": "毛泽东", "国父": "孙中山", "孙先生": "孙中山", "和尚": "禅寺", "武功": "功夫",
    "老佛爷": "慈禧", "士兵": "兵", "娃": "孩子", "小孩": "孩子", "皇家": "帝王", "老房子": "古建筑", "喇嘛": "藏传", "索道": "缆车", "洋楼": "别墅",
}
_WORD = re.compile(r"[\w\u4e00-\u9fff]+")
_BETWEEN_PHRASES = re.compile(r"[，。、；！？\s]+")  # jieba cuts here in any case, so phrases can be cut one by one
PHRASES_KEPT = 1 << 16
LAYOUT = 1  # raise when an index file or `cut` changes its shape
_PLURAL = re.compile(r"(?<=[a-z]{3}[^aisu])s$")  # gardens, temples; not moss, terrace, bus


class WordIndex:
    """Postings: for every word the passages that hold it, with the word's whole BM25 weight there."""

    def __init__(self, words: Sequence[str], documents: NDArray[np.int32], starts: NDArray[np.intp], weights: NDArray[np.float32]) -> None:
        """Take the words, and their postings side by side: those of word i are documents[starts[i]:starts[i + 1]], (postings,)."""
        self._numbers = {word: number for number, word in enumerate(words)}
        self._documents, self._starts, self._weights = documents, starts, weights

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Cut the texts and weigh their words."""
        counts = [Counter(cut(text)) for text in texts]
        numbers: dict[str, int] = {}
        words, documents, times = _triples(counts, numbers)
        order = np.argsort(words, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(words, minlength=len(numbers)))))
        lengths = np.array([count.total() for count in counts], dtype=np.float32)
        return cls(list(numbers), documents[order], starts, _bm25(words[order], documents[order], times[order], lengths, np.diff(starts)))

    @classmethod
    def kept(cls, texts: Sequence[str], path: Path) -> Self:
        """The index of these texts from its file; made and written first where the file is missing, unreadable or of other texts."""
        key = _key(texts)
        try:
            with np.load(path) as stored:
                if str(stored["key"]) == key:
                    return cls(str(stored["words"]).split("\n"), stored["documents"], stored["starts"], stored["weights"])
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            log.debug("no word index in %s: %s", path, error)
        index = cls.of(texts)
        index.save(path, key)
        return index

    def save(self, path: Path, key: str) -> None:
        """Write the index under its key, whole or not at all; a disk that takes nothing more only costs time at the next start."""
        part = path.with_suffix(".part.npz")
        try:
            np.savez(part, key=np.array(key), words=np.array("\n".join(self._numbers)), documents=self._documents, starts=self._starts, weights=self._weights)
            part.replace(path)
        except OSError as error:
            log.warning("the word index is not kept in %s (%s): the next start makes it again", path, error)
            with suppress(OSError):
                part.unlink()

    def scores(self, words: Collection[str], allowed: NDArray[np.bool_] | None = None) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The passages (of those `allowed`, (passages,)) that hold any of the words, in their order, and the BM25 score of each."""
        places = [slice(self._starts[number], self._starts[number + 1]) for number in map(self._numbers.get, words) if number is not None]
        documents = np.concatenate([np.zeros(0, dtype=np.int32), *(self._documents[place] for place in places)])
        weights = np.concatenate([np.zeros(0, dtype=np.float32), *(self._weights[place] for place in places)])
        if allowed is not None:
            inside = allowed[documents]
            documents, weights = documents[inside], weights[inside]
        found, entry = np.unique(documents, return_inverse=True)
        return found.astype(np.intp), np.bincount(entry, weights, len(found)).astype(np.float64)

    def holding(self, word: str) -> NDArray[np.int32]:
        """The passages that hold a word."""
        number = self._numbers.get(word)
        return self._documents[slice(0) if number is None else slice(self._starts[number], self._starts[number + 1])]


def _key(texts: Sequence[str]) -> str:
    """A digest of the texts and of how they are cut."""
    digest = hashlib.sha256(repr((LAYOUT, jieba.__version__, sorted(STOP_WORDS), _WORD.pattern, _PLURAL.pattern)).encode())
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _bm25(
    words: NDArray[np.int32], documents: NDArray[np.int32], times: NDArray[np.float32], lengths: NDArray[np.float32], held: NDArray[np.intp]
) -> NDArray[np.float32]:
    """The weight of each posting (word, document, times); `lengths` are those of all documents, `held` tells how many hold each word."""
    rarity = np.log1p((len(lengths) - held + 0.5) / (held + 0.5))[words]
    mean = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
    penalty = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * lengths[documents] / mean)
    return np.asarray(rarity * times * (SATURATION + 1) / (times + penalty), dtype=np.float32)


def _triples(counts: list[Counter[str]], numbers: dict[str, int]) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """(word number, passage, times it stands there) as three arrays; new words get the next number."""
    words = np.fromiter((numbers.setdefault(word, len(numbers)) for count in counts for word in count), dtype=np.int32)
    documents = np.repeat(np.arange(len(counts), dtype=np.int32), [len(count) for count in counts])
    times = np.fromiter((times for count in counts for times in count.values()), dtype=np.float32)
    return words, documents, times


class WordRetriever(BaseRetriever):
    """BM25 as a LangChain retriever; each hit's score stands in its metadata."""

    passages: list[Passage]
    limit: int = 20
    file: Path | None = None  # where the index is kept from one start to the next

    @cached_property
    def _index(self) -> WordIndex:
        texts = [passage.text for passage in self.passages]
        return WordIndex.kept(texts, self.file) if self.file else WordIndex.of(texts)

    def ready(self) -> None:
        """Have the index made or read now, and not at the first search."""
        _ = self._index

    @cached_property
    def _records(self) -> tuple[list[str], NDArray[np.int32]]:
        """The records in their order, and which of them each passage belongs to."""
        owners, numbers = numbered([passage.record_id for passage in self.passages])
        return list(numbers), owners

    @cached_property
    def _number_of(self) -> dict[str, int]:
        return {record: number for number, record in enumerate(self._records[0])}

    @cached_property
    def _cities(self) -> tuple[NDArray[np.int32], dict[str, int]]:
        """The number of each passage's city, and the cities' numbers."""
        return numbered([passage.city for passage in self.passages])

    def search(
        self, query: str, limit: int, cities: tuple[str, ...] = (), only: Collection[str] = ()
    ) -> list[tuple[str, float]]:
        """(record id, BM25 score above 0), best first; one entry a record; `only` these records, if any are given."""
        passages, scores = self._scored(query, cities)
        names, owners = self._records
        best = np.zeros(len(names))
        np.maximum.at(best, owners[passages], scores)
        if only:
            kept = np.zeros(len(names), dtype=bool)
            kept[[self._number_of[record] for record in only if record in self._number_of]] = True
            best[~kept] = 0.0
        return [(names[number], float(best[number])) for number in _highest(best, limit)]

    def shared(self, words: Collection[str], records: Iterable[str]) -> dict[str, tuple[int, float]]:
        """For each of these records that holds any of these words: how many of them, and how rare they are together.

        A word's rarity is the logarithm of how few records hold it, as in BM25.
        """
        asked = [record for record in records if record in self._number_of]
        passages = [self._passages_of(self._number_of[record]) for record in asked]
        rows = np.concatenate([np.zeros(0, dtype=np.intp), *passages])
        whose = np.repeat(np.arange(len(asked)), [len(own) for own in passages])
        counts, rarity = np.zeros(len(asked), dtype=np.int64), np.zeros(len(asked))
        for word in words:
            holding = self._index.holding(word)
            places = np.minimum(np.searchsorted(holding, rows), max(len(holding) - 1, 0))
            holds = np.zeros(len(asked), dtype=bool)
            holds[whose[holding[places] == rows] if len(holding) else []] = True
            if holds.any():
                counts += holds
                rarity += holds * self._rarity(word)
        return {record: (int(count), float(rare)) for record, count, rare in zip(asked, counts, rarity, strict=True) if count}

    @cached_property
    def _rarities(self) -> dict[str, float]:
        return {}

    def _rarity(self, word: str) -> float:
        """How rare a word is among the records; counted once a word."""
        if word not in self._rarities:
            names, owners = self._records
            holders = np.zeros(len(names), dtype=bool)
            holders[owners[self._index.holding(word)]] = True
            held = int(np.count_nonzero(holders))
            self._rarities[word] = float(np.log1p((len(names) - held + 0.5) / (held + 0.5)))
        return self._rarities[word]

    @cached_property
    def _by_record(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The passages sorted by their records, and where each record's begin."""
        names, owners = self._records
        order = np.argsort(owners, kind="stable")
        return order, np.searchsorted(owners[order], np.arange(len(names) + 1))

    def _passages_of(self, number: int) -> NDArray[np.intp]:
        order, starts = self._by_record
        return order[starts[number]:starts[number + 1]]

    def _scored(self, query: str, cities: tuple[str, ...] = ()) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Passages that hold a word of the query, and their scores."""
        words = [form for word in cut(query) for form in (word, SAME.get(word, "")) if form]
        if not words or not self.passages:
            return np.zeros(0, dtype=np.intp), np.zeros(0)
        return self._index.scores(words, self._inside(cities) if cities else None)

    def _inside(self, cities: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which passages are of these cities."""
        homes, numbers = self._cities
        wanted = np.array([city in cities for city in numbers], dtype=bool)
        return wanted[homes]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - LangChain's signature
        found, scores = self._scored(query)
        best: dict[str, Document] = {}
        for place in np.argsort(-scores, kind="stable"):
            passage = self.passages[found[place]]
            best.setdefault(passage.record_id, Document(passage.text, metadata={"record": passage.record_id, "score": float(scores[place])}))
            if len(best) == self.limit:
                break
        return list(best.values())


def _highest(scores: NDArray[np.float64], limit: int) -> list[int]:
    """Places of the highest scores above 0, best first, the earlier place first among equals."""
    held = np.flatnonzero(scores)
    if len(held) > limit:
        held = np.sort(held[np.argpartition(-scores[held], limit - 1)[:limit]])
    return [int(place) for place in held[np.argsort(-scores[held], kind="stable")]]


def telling_words(text: str) -> set[str]:
    """The words of a text that have two characters and more."""
    return {word for word in cut(text) if len(word) > 1}


def whole_words(text: str) -> set[str]:
    """Those of the telling words that are no piece of another: 发动机 without 发动 and 动机."""
    words = telling_words(text)
    return {word for word in words if not any(word != other and word in other for other in words)}


def cut(text: str) -> list[str]:
    """The searchable words of a text: lower case, English plurals as singulars, without stop words."""
    return [word for phrase in _BETWEEN_PHRASES.split(text) for word in _cut_phrase(phrase)]


@lru_cache(PHRASES_KEPT)
def _cut_phrase(phrase: str) -> tuple[str, ...]:
    words = (word.lower() for word in jieba.lcut_for_search(phrase) if _WORD.fullmatch(word))
    return tuple(_PLURAL.sub("", word) for word in words if word not in STOP_WORDS)
