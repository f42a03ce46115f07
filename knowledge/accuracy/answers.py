"""Right answers: what a record says about a kind of fact, and whether a text says the same.

Figures are compared as values, not as letters: 60元, ￥60 and 60 yuan are one price.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pypinyin import lazy_pinyin

from knowledge.accuracy.reading import DAY_MINUTES, amounts_yuan, durations_minutes, levels, plain, shut_weekdays, spans
from knowledge.prices import admission_yuan
from knowledge.records import Attraction, City

DURATION_SLACK = 0.06  # 100 minutes are told as 1.7 hours
_DISTRICT_ASKED = re.compile(r"哪个[区县]|什么区|district", re.IGNORECASE)
_ITEM = re.compile(r"^\s*\d{1,2}\s*[.、)]\s*(.+)$", re.MULTILINE)


class Answer(Protocol):
    """A right answer."""

    def matches(self, text: str) -> bool:
        """Whether a text says it."""
        ...


@dataclass(frozen=True)
class Price:
    """Admission in yuan: every price the record has, in the peak season and outside it; 0 is free."""

    yuan: frozenset[float]

    def matches(self, text: str) -> bool:
        """All of these prices are named; others (students, a cable car) may be."""
        return self.yuan <= amounts_yuan(text)


@dataclass(frozen=True)
class OpenHours:
    """Every opening span, as (open, close) minutes after midnight; round the clock is (0, 0)."""

    spans: frozenset[tuple[int, int]]

    def matches(self, text: str) -> bool:
        """All spans are named."""
        return self.spans <= spans(text)


@dataclass(frozen=True)
class ClosedOn:
    """The weekly closing days (Monday = 1); empty for a place without."""

    weekdays: frozenset[int]

    def matches(self, text: str) -> bool:
        """Exactly these days are named as closed, or that there are none."""
        return shut_weekdays(text) == self.weekdays


@dataclass(frozen=True)
class Stay:
    """How long people stay, in minutes."""

    minutes_min: int
    minutes_max: int

    def matches(self, text: str) -> bool:
        """The same span is named, or one figure that lies in it."""
        return any(self._is(low, high) for low, high in durations_minutes(text))

    def _is(self, low: float, high: float) -> bool:
        if low == high:
            return self.minutes_min * (1 - DURATION_SLACK) <= low <= self.minutes_max * (1 + DURATION_SLACK)
        return _close(low, self.minutes_min) and _close(high, self.minutes_max)


@dataclass(frozen=True)
class Graded:
    """The national level, such as ``5A``."""

    level: str

    def matches(self, text: str) -> bool:
        """This level is named and no other."""
        return levels(text) == {self.level}


@dataclass(frozen=True)
class Said:
    """Words any of which must stand in the answer: a name, a district, an address."""

    words: tuple[str, ...]

    def matches(self, text: str) -> bool:
        """One of the words stands in the text."""
        clean = plain(text)
        return any(plain(word) in clean for word in self.words)


@dataclass(frozen=True)
class Listed:
    """Names of all sights that meet the conditions: an answer lists some of them and nothing else."""

    names: frozenset[str]

    @classmethod
    def of(cls, sights: Iterable[Attraction]) -> "Listed":
        """The names, in both languages, of these sights."""
        return cls(frozenset(plain(name) for sight in sights for name in (*sight.names, sight.name_en)))

    def matches(self, text: str) -> bool:
        """Every numbered item begins with a right name; where nothing is numbered, a right name stands in the text."""
        items = [plain(match[1]) for match in _ITEM.finditer(text)]
        if items:
            return all(any(item.startswith(name) for name in self.names) for item in items)
        clean = plain(text)
        return any(name in clean for name in self.names)


def answer_of(kind: str, sight: Attraction, city: City, question: str = "") -> Answer | None:
    """The right answer of a kind of fact about a sight; None where the record does not hold it."""
    if kind == "price":
        return _price(sight)
    if kind == "hours":
        return _hours(sight)
    if kind == "closed":
        return ClosedOn(frozenset(sight.hours.closed_weekdays)) if sight.hours else None
    if kind == "duration":
        return Stay(sight.visit.minutes_min, sight.visit.minutes_max) if sight.visit else None
    if kind == "level":
        return Graded(sight.grade.level) if sight.grade else None
    if kind == "where":
        return _where(sight, city, district_asked=bool(_DISTRICT_ASKED.search(question)))
    return Said((*sight.names, sight.name_en)) if kind == "name" else None


def _price(sight: Attraction) -> Price | None:
    peak = admission_yuan(sight.ticket)
    if peak is None or sight.ticket is None:
        return None
    low = sight.ticket.low_yuan
    return Price(frozenset({peak} if low is None else {peak, low}))


def _hours(sight: Attraction) -> OpenHours | None:
    if not sight.hours or not sight.hours.periods:
        return None
    return OpenHours(frozenset((p.open_minute % DAY_MINUTES, p.close_minute % DAY_MINUTES) for p in sight.hours.periods))


def _where(sight: Attraction, city: City, *, district_asked: bool) -> Said:
    """The district in characters or letters; its address too, unless the district itself was asked for."""
    district = sight.district or city.name
    short = district[:-1] if len(district) > 2 and district[-1] in "区县市镇" else district
    words = (district, short, "".join(lazy_pinyin(short)))
    return Said(words if district_asked or not sight.address else (*words, sight.address))


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= DURATION_SLACK * other
