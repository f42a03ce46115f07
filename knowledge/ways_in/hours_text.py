"""Chinese opening hours as people write them, made into weekly schedules with seasons and closing days.

``4月1日-10月31日8:00-17:30（17:00停止入场），11月1日-次年3月31日8:30-17:00；周一闭馆（法定节假日除外）`` becomes two
seasonal periods with their last entries and a closing day; the exception becomes the note. A clause with a word that is
not understood is never guessed at: it goes into the note whole. So does everything where the text says of the same days
two different things, names a season without dates (夏季), or says that the place is shut for now.
Not covered: holidays and lunar dates, which stay words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.seasons import OpeningPeriod, Season
from knowledge.ways_in.hours_tokens import ALL_WEEK, Kind, Token, plain_hours, season_without_dates, tokens_of

LONGEST_TEXT = 600
NOTE_CHARS = 120
MIN_OPEN_MINUTES = 45
_SHUT = re.compile(r"暂停|暂时(?:停业|关闭|闭馆|闭园|不开放)|停业|已关闭|歇业|维修中|尚未开放|未开放|不对外开放|不再开放|改造")
_PAREN = re.compile(r"\(([^()]*)\)")
_MARK = "\x01"  # stands before what was written in brackets: it speaks of what came before


@dataclass(frozen=True)
class HoursReading:
    """What a text says: periods and closing days that were understood, and the rest as a note."""

    periods: tuple[OpeningPeriod, ...] = ()
    closed_weekdays: tuple[int, ...] = ()
    note: str = ""

    @property
    def understood(self) -> bool:
        """Whether there is a schedule and not only words."""
        return bool(self.periods)


@dataclass
class _Group:
    """What was said since the last season or weekday: the ranges that belong together."""

    season: Season | None = None
    weekdays: tuple[int, ...] | None = None
    ranges: list[tuple[int, int]] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    sales: list[int] = field(default_factory=list)

    def periods(self) -> Iterator[OpeningPeriod]:
        """The group's periods; a last entry goes to every range that holds it."""
        stops = self.entries or self.sales
        for opens, closes in self.ranges:
            inside = [stop for stop in stops if opens < stop <= closes]
            yield OpeningPeriod(opens, closes, inside[0] if inside else None, self.season, self.weekdays or ALL_WEEK)


@lru_cache(maxsize=8192)
def read_hours(text: str) -> HoursReading:
    """The schedule in a text; what was not understood stands in the note, cut to a readable length."""
    plain = plain_hours(text[:LONGEST_TEXT])
    if not re.search(r"\w", plain):
        return HoursReading()
    if _SHUT.search(plain):
        return HoursReading(note=_note([text]))
    reader = _Reader()
    for clause in plain.split(";"):
        reader.read(clause)
    return reader.result(text)


class _Reader:
    """Walks the clauses of one text and collects periods, closing days and what was left over."""

    def __init__(self) -> None:
        self.found: list[OpeningPeriod] = []
        self.closed: set[int] = set()
        self.left: list[str] = []
        self.dropped = False  # a clause with hours was not understood
        self.vague = False  # hours were said of a season without dates
        self.group = _Group()

    def read(self, clause: str) -> None:
        """One clause, which either is understood whole or becomes a note whole."""
        clause = _PAREN.sub(self._unwrap, clause).strip(" ,")
        if not clause:
            return
        tokens = tokens_of(clause)
        vague = season_without_dates(clause, tokens)
        strange = False  # a piece with hours of something else: bare hours after it are of that thing too
        for piece, inside in [(clause, tokens)] if vague else _pieces(clause, tokens):
            kinds = {token.kind for token in inside}
            strange = strange and not kinds & {Kind.SEASON, Kind.WEEKDAYS, Kind.ALL_YEAR}
            if vague or Kind.UNKNOWN in kinds or strange:
                self.left.append(piece.replace(_MARK, ""))
                strange = bool(kinds & {Kind.RANGE, Kind.ALL_DAY}) or strange
                self.dropped, self.vague = self.dropped or strange, self.vague or (vague and strange)
            else:
                for token in inside:
                    self._take(token)
                if Kind.CLOSED in kinds and (self.group.season or Kind.WEEKDAYS not in kinds):
                    self.left.append(piece.replace(_MARK, ""))  # closed for a season or some days of the year: no weekly day
        self._close()

    def _unwrap(self, found: re.Match[str]) -> str:
        """Brackets whose content is understood are opened; the others become a note."""
        inner = found.group(1)
        if all(token.kind is not Kind.UNKNOWN for token in tokens_of(inner)):
            return f" {_MARK}{inner} "
        self.left.append(inner.strip())
        return " "

    def _take(self, token: Token) -> None:
        if token.kind in {Kind.SEASON, Kind.ALL_YEAR}:
            self._season(token)
        elif token.kind is Kind.WEEKDAYS and isinstance(token.value, tuple):
            if self.group.ranges:
                season = self.group.season
                self._close()
                self.group.season = season
            self.group.weekdays = tuple(sorted({*(self.group.weekdays or ()), *token.value}))
        elif token.kind is Kind.CLOSED:
            self._closing()
        elif isinstance(token.value, tuple):
            self.group.ranges.append((token.value[0], token.value[1]))
        elif isinstance(token.value, int):
            (self.group.entries if token.kind is Kind.LAST_ENTRY else self.group.sales).append(token.value)

    def _season(self, token: Token) -> None:
        """A season opens a group; in brackets after hours it belongs to those hours."""
        season = token.value if isinstance(token.value, Season) else None
        if self.group.ranges and self.group.season is None and token.bracketed:
            self.group.season = season
            return
        if self.group.ranges or self.group.season:
            self._close()
        self.group.season = season

    def _closing(self) -> None:
        group = self.group
        if group.weekdays and not group.ranges:
            if group.season is None:
                self.closed.update(group.weekdays)
            self.group = _Group(season=group.season)

    def _close(self) -> None:
        """Store the group; what came without hours (星期一、三开放; 16:30停止入馆) speaks of the schedule before it."""
        group, self.group = self.group, _Group()
        if not group.ranges and self.found and (group.weekdays or group.entries or group.sales):
            before = self.found.pop()
            group.ranges, group.season = [(before.open_minute, before.close_minute)], before.season
            group.weekdays = group.weekdays or before.weekdays
            group.entries = group.entries or [minute for minute in [before.last_entry_minute] if minute is not None]
        self.found.extend(group.periods())

    def result(self, text: str) -> HoursReading:
        """The reading; doubts turn it into a note."""
        periods = tuple(dict.fromkeys(self.found))
        closed = self.closed | (_never_open(periods) if periods else set())
        doubtful = not all(map(_plausible, periods)) or _contradict(periods) or len(closed) == len(ALL_WEEK)
        doubtful = doubtful or (self.vague and any(period.season is None for period in periods))
        if doubtful or not (periods or closed) or (self.dropped and not periods):
            return HoursReading(note=_note([text]))
        return HoursReading(periods, tuple(sorted(closed)), _note(self.left))


def _pieces(clause: str, tokens: list[Token]) -> list[tuple[str, list[Token]]]:
    """The clause cut at those commas that are no part of a token (周六,日 is one token)."""
    pieces, start = [], 0
    borders = [token.start for token in tokens if token.kind is Kind.COMMA] + [len(clause)]
    for border in borders:
        inside = [token for token in tokens if start <= token.start < border and token.kind is not Kind.COMMA]
        pieces.append((clause[start:border], inside))
        start = border
    return pieces


def _plausible(period: OpeningPeriod) -> bool:
    return period.close_minute - period.open_minute >= MIN_OPEN_MINUTES


def _contradict(periods: tuple[OpeningPeriod, ...]) -> bool:
    """Whether two periods speak of the same time of the same days."""
    return any(_overlap(one, other) for place, one in enumerate(periods) for other in periods[:place])


def _overlap(one: OpeningPeriod, other: OpeningPeriod) -> bool:
    same_season = one.season is None or other.season is None or _seasons_meet(one.season, other.season)
    same_days = bool(set(one.weekdays) & set(other.weekdays))
    same_time = one.open_minute < other.close_minute and other.open_minute < one.close_minute
    return same_season and same_days and same_time


def _seasons_meet(one: Season, other: Season) -> bool:
    return any(_holds(one, edge) for edge in (other.first, other.last)) or any(_holds(other, edge) for edge in (one.first, one.last))


def _holds(season: Season, day: tuple[int, int]) -> bool:
    if season.first <= season.last:
        return season.first <= day <= season.last
    return day >= season.first or day <= season.last


def _never_open(periods: tuple[OpeningPeriod, ...]) -> set[int]:
    """Weekdays that no period names: 周二-周日9:00-17:00 says that Monday is a closing day."""
    return set(ALL_WEEK) - {day for period in periods for day in period.weekdays}


def _note(parts: list[str]) -> str:
    text = "；".join(part.strip(" ;,。；，") for part in parts if part.strip(" ;,。；，"))
    return text if len(text) <= NOTE_CHARS else text[:NOTE_CHARS - 1] + "…"
