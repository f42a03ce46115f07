"""Public holidays of China, for museums that close on Mondays except on holidays.

From chinesecalendar, which ends with the last published year; later only the holidays with a fixed date are known.
"""

from datetime import date

import chinese_calendar  # type: ignore[import-untyped]

FIXED = {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)}


def is_public_holiday(day: date) -> bool:
    """Whether the day is off because of a holiday, and not only because it is a weekend."""
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:  # a year that is not published yet
        return (day.month, day.day) in FIXED
    return bool(off and name)
