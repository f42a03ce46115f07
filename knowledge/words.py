"""Search by words: BM25 over text cut by jieba.

LangChain's community BM25 cuts at spaces, so that a Chinese question scores zero everywhere and still returns
documents. Here both sides are cut by jieba's search mode and a score of zero is no hit.
"""

import logging
import re
from functools import cached_property

import jieba
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from rank_bm25 import BM25Okapi

from knowledge.passages import Passage

# Words that stand in nearly every question and say nothing about what is sought.
STOP_WORDS = frozenset(
    (
    "的 了 吗 呢 吧 啊 我 你 他 她 们 我们 是 在 有 和 与 跟 去 到 想 要 可以 能 什么 哪些 哪里 哪儿 怎么 多少 几 好 玩 推荐 景点 地方 一下 一个 请 请问 适合 值得 the "
    "a an of to in for and is are i me my what which where how can do please with at on some any good best "
    "place places visit see things"
).split()
)
_WORD = re.compile(r"[\w\u4e00-\u9fff]+")


class WordRetriever(BaseRetriever):
    """BM25 as a LangChain retriever; each hit's score stands in its metadata."""

    passages: list[Passage]
    limit: int = 20

    @cached_property
    def _model(self) -> BM25Okapi:
        return BM25Okapi([cut(passage.text) or [""] for passage in self.passages])

    def search(self, query: str, limit: int, cities: tuple[str, ...] = ()) -> list[tuple[str, float]]:
        """(record id, BM25 score above 0), best first; one entry a record."""
        best: dict[str, float] = {}
        for passage, score in self._scored(query):
            if not cities or passage.city in cities:
                best.setdefault(passage.record_id, score)
        return list(best.items())[:limit]

    def _scored(self, query: str) -> list[tuple[Passage, float]]:
        words = cut(query)
        if not words or not self.passages:
            return []
        scores = zip(self.passages, self._model.get_scores(words), strict=True)
        return sorted(((passage, float(score)) for passage, score in scores if score > 0), key=lambda hit: -hit[1])

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - LangChain's signature
        best: dict[str, Document] = {}
        for passage, score in self._scored(query):
            best.setdefault(passage.record_id, Document(passage.text, metadata={"record": passage.record_id, "score": score}))
        return list(best.values())[: self.limit]


def cut(text: str) -> list[str]:
    """The searchable words of a text, lower case, without stop words."""
    jieba.setLogLevel(logging.WARNING)
    words = (word.lower() for word in jieba.lcut_for_search(text) if _WORD.fullmatch(word))
    return [word for word in words if word not in STOP_WORDS]
