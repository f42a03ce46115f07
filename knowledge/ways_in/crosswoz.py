"""CrossWOZ's database of Beijing sights: a list of pairs of a name and what is held about it.

Its hotels and restaurants are of the same shape and are refused, as they are no sights. The database was gathered in 2020
and its longest stays carry the days that are three times too long.
"""

from collections.abc import Iterator
from typing import Any

from knowledge.ways_in.plain_text import plain
from knowledge.ways_in.raw import RawSight, Refused, Row

CITY = "北京"
YEAR = 2020  # of the corpus; the file carries no date


def is_json(content: Any) -> bool:
    """A list of [name, {领域, 名称, …}]."""
    first = content[0] if isinstance(content, list) and content else None
    return isinstance(first, list) and len(first) == 2 and isinstance(first[1], dict) and "领域" in first[1]


def read_json(content: list[Any]) -> Iterator[Row]:
    """One row for each sight; neighbours, hotels and restaurants of a sight are not taken."""
    for place, pair in enumerate(content, start=1):
        entry = pair[1] if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], dict) else {}
        if entry.get("领域") != "景点":
            yield Refused(place, "the entry is no sight", f"{plain(entry.get('领域'))} {plain(pair[0] if isinstance(pair, list) and pair else pair, 40)}".strip())
            continue
        yield RawSight(
            line=place, name=plain(entry.get("名称") or pair[0], 120), city=CITY, address=plain(entry.get("地址")), price=entry.get("门票"),
            stay=plain(entry.get("游玩时间")), triple_days=True, rating=entry.get("评分"),
        )
