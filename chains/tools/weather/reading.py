"""Reading foreign JSON: what is absent, null, empty or not sensible becomes None, and nothing raises."""

import math
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # one time zone, no summer time since 1991


def number(value: object, low: float = -math.inf, high: float = math.inf) -> float | None:
    """A finite number within bounds, also out of a string."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) and low <= found <= high else None


def celsius(value: object) -> float | None:
    """An air temperature that has been seen on this planet."""
    return number(value, -90, 65)


def percent(value: object) -> float | None:
    """0 to 100."""
    return number(value, 0, 100)


def share(value: object) -> float | None:
    """A fraction of 1 as per cent."""
    found = number(value, 0, 1)
    return None if found is None else round(found * 100, 1)


def text(value: object) -> str:
    """A string, empty for anything else (AMap writes an empty one as an empty list)."""
    return value if isinstance(value, str) else ""


def mapping(value: object) -> dict[str, Any]:
    """A JSON object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """A JSON array, empty for anything else."""
    return value if isinstance(value, list) else []


def moment(value: object) -> datetime | None:
    """An ISO time in China; one without an offset is taken as local."""
    try:
        found = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return found.astimezone(CHINA) if found.tzinfo else found.replace(tzinfo=CHINA)


def day(value: object) -> date | None:
    """The calendar day in China of an ISO date or time."""
    found = moment(value)
    return found.date() if found else None


def clock(value: object) -> time | None:
    """The time of day in China of an ISO time, without its zone."""
    found = moment(value)
    return found.time() if found else None


def most(*values: float | None) -> float | None:
    """The greatest of the known values."""
    return max((value for value in values if value is not None), default=None)


def together(*values: float | None) -> float | None:
    """The sum of the known values, None where none is known."""
    known = [value for value in values if value is not None]
    return round(sum(known), 2) if known else None
