"""Notes and guides: cut into passages, flagged where they give orders, stored, and found again by their words.

A passage is quoted with its source wherever it is shown; none of it is a fact, and none of it is ever followed.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from knowledge.passages import Passage
from knowledge.ways_in.imported import Imported, NoteRow, PassageRow
from knowledge.ways_in.plain_text import gives_orders
from knowledge.words import WordRetriever, cut

if TYPE_CHECKING:
    from langchain_text_splitters import TextSplitter

PASSAGE_CHARS = 400
MOST_CANDIDATES = 3000
MOST_WORDS = 12


@dataclass(frozen=True)
class NotePassage:
    """A passage found: what it says, whose words they are, and whether it tries to give orders."""

    title: str
    text: str
    source: str
    year: int
    city: str
    url: str
    flagged: bool
    score: float


def note_rows(
    title: str, text: str, *, source: str, year: int, file: str, line: int, city: str = "", sight: str = "", url: str = ""
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """The row of a note and the rows of its passages."""
    note = hashlib.sha256(f"{source}|{file}|{line}|{title}|{text[:80]}".encode()).hexdigest()[:24]
    row: dict[str, object] = {"id": note, "title": title[:300], "city": city, "sight": sight, "source": source, "year": year, "url": url[:300],
                              "file": file, "line": line, "flagged": gives_orders(title) or gives_orders(text)}
    return row, [{"note": note, "number": number, "text": piece} for number, piece in enumerate(passages_of_text(text))]


def passages_of_text(text: str) -> list[str]:
    """A text in pieces of at most 400 characters, cut at the ends of paragraphs and sentences."""
    return [text] if len(text) <= PASSAGE_CHARS else [piece for piece in _splitter().split_text(text) if piece.strip()]


@cache
def _splitter() -> "TextSplitter":
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    ends = ["\n\n", "\n", "。", "！", "？", "；", ". ", "，", " ", ""]
    return RecursiveCharacterTextSplitter(separators=ends, keep_separator="end", chunk_size=PASSAGE_CHARS, chunk_overlap=0)


def search_notes(store: Imported, query: str, cities: tuple[str, ...] = (), limit: int = 5) -> list[NotePassage]:
    """The passages that share the most telling words with the query, best first."""
    rows = {f"{row.note}:{row.number}": row for row in _candidates(store, cut(query)[:MOST_WORDS], cities)}
    passages = [Passage(key, row.city, "zh", row.text) for key, row in rows.items()]
    if not passages:
        return []
    return [_found(rows[key], score) for key, score in WordRetriever(passages=passages).search(query, limit)] or [
        _found(row, 0.0) for row in list(rows.values())[:limit]]  # BM25 gives nothing where every passage holds the word


@dataclass(frozen=True)
class _Candidate:
    note: str
    number: int
    text: str
    title: str
    source: str
    year: int
    city: str
    url: str
    flagged: bool


def _candidates(store: Imported, words: list[str], cities: tuple[str, ...]) -> Iterator[_Candidate]:
    """Passages that hold one of the words, the newest first."""
    if not words:
        return
    query = select(PassageRow.note, PassageRow.number, PassageRow.text, NoteRow.title, NoteRow.source, NoteRow.year, NoteRow.city, NoteRow.url,
                   NoteRow.flagged).join(NoteRow, NoteRow.id == PassageRow.note)
    query = query.where(or_(*(PassageRow.text.contains(word, autoescape=True) for word in words)))
    if cities:
        query = query.where(NoteRow.city.in_(cities))
    with store.transaction() as connection:
        for row in connection.execute(query.order_by(NoteRow.year.desc(), PassageRow.note).limit(MOST_CANDIDATES)):
            yield _Candidate(*row)


def _found(row: _Candidate, score: float) -> NotePassage:
    return NotePassage(row.title, row.text, row.source, row.year, row.city, row.url, row.flagged, score)
