"""The year in a date, however it is written: 2023-05-01, 2023/5/1, 2023.5.1, 2023年5月1日, 20230501, 1/5/2023, stamps.

Only the year matters to a source, so that the order of day and month never has to be guessed.
"""

import re
from datetime import UTC, date, datetime, timedelta

OLDEST_YEAR = 1990
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\D|$|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\D|$))")
_NUMBER = re.compile(r"\d+(?:\.0+)?")
_SHEET_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet's serial dates


def year_of(value: object) -> int | None:
    """The year of a date text, a Unix time (seconds or milliseconds) or a spreadsheet's day; None if there is none."""
    text = str(value if value is not None else "").strip()
    if _NUMBER.fullmatch(text):
        year = _year_of_number(int(text.partition(".")[0]))
    else:
        found = _YEAR.search(text)
        year = int(found.group(1)) if found else None
    return year if year is not None and OLDEST_YEAR <= year <= datetime.now(UTC).year + 1 else None


def _year_of_number(number: int) -> int | None:
    if number < 3000:
        return number
    if 30_000 <= number <= 80_000:
        return (_SHEET_EPOCH + timedelta(days=number)).year
    if 19_000_000 <= number <= 21_000_000:
        return number // 10_000
    seconds = number // 1000 if number >= 10**11 else number
    return datetime.fromtimestamp(seconds, UTC).year if 6 * 10**8 <= seconds < 4 * 10**9 else None
