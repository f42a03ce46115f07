"""Parts of the year and of the day, as data files write them.

A season is ``4.1-10.31`` (month.day) or ``4-10`` (whole months) and may cross New Year
(``11.16-3.15``). An opening period is ``[season] [wFROM-TO] HH:MM-HH:MM [last HH:MM]``,
for example ``4.1-10.31 08:30-17:00 last 16:10`` or ``w6-7 09:00-21:00``; weekdays count from
Monday = 1; ``24:00`` is the end of the day, and a closing time at or before the opening time
lies after midnight. Not covered: lunar dates and moving holidays.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from knowledge.errors import DataError

DAY_MINUTES = 24 * 60
_SEASON = re.compile(r"(\d{1,2})(?:\.(\d{1,2}))?-(\d{1,2})(?:\.(\d{1,2}))?")
_PERIOD = re.compile(
    r"(?:(?P<season>\d[\d.]*-\d[\d.]*)\s+)?(?:w(?P<first>[1-7])(?:-(?P<last>[1-7]))?\s+)?"
    r"(?P<open>\d{1,2}:\d\d)-(?P<close>\d{1,2}:\d\d)(?:\s+last\s+(?P<entry>\d{1,2}:\d\d))?"
)


@dataclass(frozen=True)
class Season:
    """A stretch of the year, both ends included, as (month, day) pairs."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Whether the calendar day lies in the season."""
        today = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last

    def __str__(self) -> str:
        return f"{self.first[0]}.{self.first[1]}-{self.last[0]}.{self.last[1]}"


@dataclass(frozen=True)
class OpeningPeriod:
    """When a place is open: minutes after midnight, in a season, on some weekdays (Monday = 1)."""

    open_minute: int
    close_minute: int
    last_entry_minute: int | None = None
    season: Season | None = None
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)

    @property
    def all_day(self) -> bool:
        """Open round the clock."""
        return self.open_minute == 0 and self.close_minute == DAY_MINUTES

    def holds(self, day: date) -> bool:
        """Whether the period applies on that calendar day."""
        in_season = self.season is None or self.season.holds(day)
        return in_season and day.isoweekday() in self.weekdays


def parse_season(text: str) -> Season:
    """Read ``4.1-10.31`` or ``4-10``; raises `DataError` with the text that did not fit."""
    match = _SEASON.fullmatch(text.strip())
    if not match:
        raise DataError(f"season {text!r} is not like 4.1-10.31 or 4-10")
    first_month, first_day, last_month, last_day = match.groups()
    if not all(1 <= int(month) <= 12 for month in (first_month, last_month)):
        raise DataError(f"season {text!r} names a month that does not exist")
    first = (int(first_month), int(first_day or 1))
    last = (int(last_month), int(last_day or _month_end(int(last_month))))
    for month, day in (first, last):
        if not (1 <= month <= 12 and 1 <= day <= _month_end(month)):
            raise DataError(f"season {text!r} names a day that does not exist: {month}.{day}")
    return Season(first, last)


def parse_period(text: str) -> OpeningPeriod:
    """Read one opening period; raises `DataError` with the text that did not fit."""
    match = _PERIOD.fullmatch(text.strip())
    if not match:
        raise DataError(f"opening period {text!r} is not like '4.1-10.31 w2-7 08:30-17:00 last 16:10'")
    season = match["season"]
    opens, closes = parse_clock(match["open"]), parse_clock(match["close"])
    entry = match["entry"]
    return OpeningPeriod(
        open_minute=opens,
        close_minute=_after_opening(closes, opens),
        last_entry_minute=_after_opening(parse_clock(entry), opens) if entry else None,
        season=parse_season(season) if season else None,
        weekdays=_weekdays(match["first"], match["last"]),
    )


def parse_clock(text: str) -> int:
    """Minutes after midnight of ``HH:MM``; 24:00 is allowed."""
    hour, minute = (int(part) for part in text.split(":"))
    if not (0 <= minute < 60 and 0 <= hour * 60 + minute <= DAY_MINUTES):
        raise DataError(f"clock time {text!r} does not exist")
    return hour * 60 + minute


def _after_opening(minute: int, opens: int) -> int:
    return minute if minute > opens else minute + DAY_MINUTES


def clock(minute: int) -> str:
    """``HH:MM`` of minutes after midnight; past midnight it wraps, the day's end stays 24:00."""
    wrapped = minute if minute <= DAY_MINUTES else minute - DAY_MINUTES
    return f"{wrapped // 60:02d}:{wrapped % 60:02d}"


def _month_end(month: int) -> int:
    return calendar.monthrange(2024, month)[1]  # a leap year, so that 2.29 is a day


def _weekdays(first: str | None, last: str | None) -> tuple[int, ...]:
    if first is None:
        return (1, 2, 3, 4, 5, 6, 7)
    start, end = int(first), int(last or first)
    if start <= end:
        return tuple(range(start, end + 1))
    return tuple(range(start, 8)) + tuple(range(1, end + 1))
