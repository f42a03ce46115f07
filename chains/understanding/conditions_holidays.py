"""On which day a named holiday next begins.

Holidays of the sun have fixed dates; those of the moon (1/1, 5/5 and 8/15 of the lunar calendar) and 清明 (the sun at 15°) are
listed for the years below and unknown afterwards. Not covered: the days off around them, which are announced each year.
"""

from collections.abc import Mapping
from datetime import date

FIXED: Mapping[str, tuple[int, int]] = {"元旦": (1, 1), "五一": (5, 1), "国庆": (10, 1), "暑假": (7, 1), "寒假": (1, 20)}
MOVING: Mapping[str, tuple[date, ...]] = {
    "春节": (date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3)),
    "清明": (date(2026, 4, 5), date(2027, 4, 5), date(2028, 4, 4), date(2029, 4, 4), date(2030, 4, 5)),
    "端午": (date(2026, 6, 19), date(2027, 6, 9), date(2028, 5, 28), date(2029, 6, 16), date(2030, 6, 5)),
    "中秋": (date(2026, 9, 25), date(2027, 9, 15), date(2028, 10, 3), date(2029, 9, 22), date(2030, 9, 12)),
}


def holiday_start(name: str, today: date) -> date | None:
    """The holiday's next first day, today at the earliest; None where no table reaches that far."""
    if name in FIXED:
        month, day = FIXED[name]
        return next(found for year in (today.year, today.year + 1) if (found := date(year, month, day)) >= today)
    return next((day for day in MOVING.get(name, ()) if day >= today), None)
