"""Which days a question about the weather means: from what was understood of its dates to a start and a number.

Holidays with a fixed date get that date; the lunar ones (春节, 端午, 中秋), which move, get the month they mostly
fall in, and so a climate average. Not covered: 调休.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from chains.understanding.request import When

DEFAULT_DAYS = 3
# Month, day and length of holidays with a fixed date.
_FIXED = {"国庆": (10, 1, 7), "五一": (5, 1, 5), "元旦": (1, 1, 3), "清明": (4, 4, 3)}
_MONTHS = {"春节": 2, "端午": 6, "中秋": 9, "暑假": 7, "寒假": 1}


@dataclass(frozen=True)
class Span:
    """Either days from `start` on, or a whole `month` in general."""

    start: date
    days: int = DEFAULT_DAYS
    month: int | None = None


def asked_span(when: When, today: date) -> Span:
    """The days meant; nothing said means the next three."""
    if when.start:
        return Span(when.start, _length(when, when.start))
    if when.holiday in _FIXED:
        month, day, length = _FIXED[when.holiday]
        start = _coming(month, day, length, today)
        return Span(start, when.days or length)
    month_only = when.month or _MONTHS.get(when.holiday or "")
    if month_only:
        return Span(today, month=month_only)
    return Span(today, when.days or DEFAULT_DAYS)


def _length(when: When, start: date) -> int:
    if when.end:
        return (when.end - start).days + 1
    return when.days or 1


def _coming(month: int, day: int, length: int, today: date) -> date:
    """The holiday's next start; one that is under way counts as coming."""
    start = date(today.year, month, day)
    return start if start + timedelta(days=length) > today else date(today.year + 1, month, day)
