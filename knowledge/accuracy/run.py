"""Putting questions to a system and noting what came of each."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge.accuracy.questions import Question
from knowledge.accuracy.reading import refuses

FOUND = 5  # records looked at: hit@5 is the widest figure


@dataclass(frozen=True)
class System:
    """What is checked: `find` gives record ids, best first, `answer` words; a system may do without either."""

    name: str
    find: Callable[[Question], Sequence[str]] | None = None
    answer: Callable[[Question], str] | None = None


@dataclass(frozen=True)
class Outcome:
    """One question and what came of it; None where the system was not asked for it.

    `rank` counts from 1 and is None where nothing right was found; `right` means a matching answer, or a refusal
    where the fact is absent.
    """

    question: Question
    searched: bool
    rank: int | None
    text: str | None
    right: bool | None
    seconds: float


def ask(system: System, questions: Iterable[Question], tell: Callable[[Outcome], None] | None = None) -> list[Outcome]:
    """Put every question to a system; `tell` hears of each outcome at once."""
    outcomes = []
    for question in questions:
        outcome = _ask_one(system, question)
        outcomes.append(outcome)
        if tell:
            tell(outcome)
    return outcomes


def _ask_one(system: System, question: Question) -> Outcome:
    started = time.perf_counter()
    searched = system.find is not None and bool(question.sights)
    rank = _rank(system.find(question), question.sights) if system.find and searched else None
    text = system.answer(question) if system.answer else None
    right = None if text is None else _is_right(question, text)
    return Outcome(question, searched, rank, text, right, time.perf_counter() - started)


def _rank(found: Sequence[str], right: frozenset[str]) -> int | None:
    return next((place for place, record in enumerate(found[:FOUND], 1) if record in right), None)


def _is_right(question: Question, text: str) -> bool:
    if question.absent:
        return refuses(text, question.kind)
    return any(answer.matches(text) for answer in question.answers)
