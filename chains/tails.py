"""A turn of phrase is said once an answer: small models end line after line with the same clause.

Only the end of a sight's line is looked at, what code has fixed is never touched. Not covered: the same thing in other words.
"""

import re
from collections.abc import Iterable

from chains.outline import Line, Part

_TAIL = re.compile(r"(?:，|, )([^，,。.]+)([。.!！])$")
LEAST_LEFT = 4  # characters of the line's own words that must stay


def said_once(text: str, line: Line, earlier: Iterable[str]) -> str:
    """The line without a last clause that an earlier line has ended with already."""
    tail = _TAIL.search(text)
    if line.part is not Part.ITEM or line.free is None or tail is None or not text.startswith(line.fixed):
        return text
    if tail.start() - len(line.fixed) < LEAST_LEFT or not any(_same_end(tail[1], other) for other in earlier):
        return text
    return text[: tail.start()] + tail[2]


def _same_end(clause: str, other: str) -> bool:
    end = _TAIL.search(other)
    return end is not None and end[1] == clause
