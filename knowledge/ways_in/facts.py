"""From a raw sight to facts: each value read, checked, and made into a block of our records, or remarked upon.

Every layout goes through here, so that hours, prices and positions mean the same wherever they came from. What is not
understood stays as words in a note; what would be a wrong fact (a position abroad, a rating of 9) is left out with a remark.
"""

import json
import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import get_args

from pydantic import BaseModel

from knowledge.geometry import Spot, distance_km, gcj02_from_bd09, gcj02_from_wgs84
from knowledge.records import City, Datum, Grade, Hours, Level, Position, Rating, Ticket, Visit
from knowledge.ways_in.hours_text import read_hours
from knowledge.ways_in.kinds import is_common_word
from knowledge.ways_in.plain_text import NAME_CHARS, gives_orders, is_nothing, plain
from knowledge.ways_in.price_text import PriceReading, read_concessions, read_price
from knowledge.ways_in.raw import FLAGGED, RawSight, Remark
from knowledge.ways_in.stay_text import read_stay

CITY_RADIUS_KM = 400  # as in knowledge/check.py: prefectures in the west are this wide
FROM_NOTE = "售票网站所列最低价，可能不是成人门票"
_CHINESE_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5"}
_quoted = json.JSONEncoder(ensure_ascii=False).encode
_MAIN_NAME = re.compile(r"(.*[\u4e00-\u9fff）)])\s*((?:\d+ )?[A-Za-z][ -~’]{3,})")


class Weight(IntEnum):
    """A vague statement (words without a schedule, a rough position) gives way to any firm one; a doubted one is never shown."""

    DOUBTED = 0
    VAGUE = 1
    FIRM = 2


@dataclass(frozen=True)
class Statement:
    """What one source says of one fact, and how much weight it has when one is chosen to be shown."""

    fact: str
    value: str  # JSON of the block, or of the plain text
    weight: Weight = Weight.FIRM
    raw: str = ""


@dataclass
class Sighting:
    """A row understood: who it is, where, what it says, and what was odd about it."""

    name: str
    city: City
    line: int
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    category: str = ""
    point: Spot | None = None
    statements: list[Statement] = field(default_factory=list)
    texts: tuple[str, ...] = ()
    remarks: list[Remark] = field(default_factory=list)


def name_problem(name: str) -> str:
    """Why a name cannot be one, or nothing."""
    if is_nothing(name):
        return "no name"
    if not re.search(r"[A-Za-z\u4e00-\u9fff]", name) or len(name) < 2:
        return "the name is no name of a place"
    if "\ufffd" in name:
        return "the name holds characters that could not be read; save the file as UTF-8"
    if gives_orders(name):
        return "the name reads like an instruction, not like a place"
    return "the name is a common word" if is_common_word(name) else ""


def names_of(raw: RawSight) -> tuple[str, str]:
    """(Chinese name, English name); some tables write both into one cell."""
    name = plain(raw.name, NAME_CHARS * 2)
    both = _MAIN_NAME.fullmatch(name)
    if both:
        name, english = both.group(1).strip(), both.group(2).strip()
    else:
        english = ""
    return name[:NAME_CHARS], plain(raw.name_en, NAME_CHARS * 2) or english


def sighting_of(raw: RawSight, name: str, name_en: str, city: City, source: str) -> Sighting:
    """Read everything a raw sight says; `source` is the id every fact carries."""
    seen = Sighting(name=name, name_en=name_en, city=city, line=raw.line, texts=raw.texts, category=plain(raw.category),
                    aliases=tuple(alias for alias in map(plain, raw.aliases) if alias and alias != name and not name_problem(alias)))
    for reader in (_position, _grade, _ticket, _hours, _visit, _rating):
        seen.statements.extend(reader(raw, seen, source))
    seen.statements.extend(_words(raw, seen))
    return seen


def _said(fact: str, block: str, *, firm: bool = True, raw: object = "") -> Statement:
    return Statement(fact, block, Weight.FIRM if firm else Weight.VAGUE, plain(raw))


@lru_cache(maxsize=16384)  # the same hours, stays and prices stand in most rows
def _json_of(kind: type[BaseModel], **values: Hashable) -> str:
    """A block of a record, checked, as JSON."""
    return kind(**values).model_dump_json(exclude_defaults=True)


def _position(raw: RawSight, seen: Sighting, source: str) -> Iterator[Statement]:
    latitude, longitude = number_of(raw.latitude), number_of(raw.longitude)
    if latitude is None or longitude is None or not (latitude or longitude):
        return
    if 73 <= latitude <= 136 and 3 <= longitude <= 54:
        latitude, longitude = longitude, latitude
        seen.remarks.append(Remark("latitude and longitude stood swapped and were set right", f"{latitude}, {longitude}"))
    if not (3 <= latitude <= 54 and 73 <= longitude <= 136):
        seen.remarks.append(Remark("the position lies outside China and was left out", f"{latitude}, {longitude}"))
        return
    spot = {Datum.BD09: gcj02_from_bd09, Datum.WGS84: gcj02_from_wgs84}.get(raw.datum, lambda point: point)(Spot(latitude, longitude))
    if distance_km(spot, seen.city.position) > CITY_RADIUS_KM:
        seen.remarks.append(Remark(f"the position lies more than {CITY_RADIUS_KM} km from the city and was left out", f"{latitude}, {longitude}"))
        return
    seen.point = Spot(round(spot.latitude_deg, 6), round(spot.longitude_deg, 6))
    block = Position(latitude_deg=seen.point.latitude_deg, longitude_deg=seen.point.longitude_deg, approximate=raw.rough, source=source)
    yield _said("position", block.model_dump_json(exclude_defaults=True), firm=not raw.rough, raw=f"{raw.latitude}, {raw.longitude} {raw.datum}")


def number_of(value: object) -> float | None:
    """A number out of a number or a text such as ``4.7分``; None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if value == value else None  # noqa: PLR0124 - nan is not itself
    found = re.match(r"\s*(-?\d+(?:\.\d+)?)", str(value)) if isinstance(value, str) else None
    return float(found.group(1)) if found else None


def _grade(raw: RawSight, _: Sighting, source: str) -> Iterator[Statement]:
    found = re.search(r"([1-5一二三四五])\s*A|(?<!A)(A{1,5})(?!A)", raw.level.upper().replace("Ａ", "A"))
    if found:
        digit = _CHINESE_DIGITS.get(found.group(1), found.group(1)) if found.group(1) else str(len(found.group(2)))
        level = next(known for known in get_args(Level) if known == f"{digit}A")
        yield _said("level", _json_of(Grade, level=level, source=source), raw=raw.level)


def _ticket(raw: RawSight, seen: Sighting, source: str) -> Iterator[Statement]:
    if all(cell is None or cell == "" for cell in (raw.price, raw.price_low, raw.student, raw.concessions)):
        return
    read = read_price(raw.price if isinstance(raw.price, int | float | dict) else plain(raw.price, 1200), seen.name)
    low, student = read_price(raw.price_low, seen.name).adult_yuan, read_price(raw.student, seen.name).adult_yuan
    reduced = read_concessions(plain(raw.concessions, 1200)) if raw.concessions else PriceReading()
    is_from = (raw.price_is_from or read.is_from) and bool(read.adult_yuan)
    note = _safe_note("；".join(part for part in (FROM_NOTE if is_from else "", read.note) if part), seen)
    if read.adult_yuan is None and read.note:
        seen.remarks.append(Remark("the price holds no admission that is understood; kept as a note", plain(raw.price, 40)))
    extras = tuple(dict.fromkeys(read.extras)) if not is_from else ()
    facts: dict[str, Hashable] = {
        "adult_yuan": read.adult_yuan, "low_yuan": read.low_yuan if read.low_yuan is not None else _below(low, read.adult_yuan), "peak": read.peak,
        "student_yuan": _below(read.student_yuan if read.student_yuan is not None else student, read.adult_yuan),
        "senior_free_age": read.senior_free_age or reduced.senior_free_age, "child_free_cm": read.child_free_cm or reduced.child_free_cm,
        "booking": read.booking or reduced.booking, "extras": extras, "note": note,
    }
    if any(fact not in (None, "", ()) for fact in facts.values()):
        yield _said("ticket", _json_of(Ticket, **facts, source=source), firm=read.adult_yuan is not None and not is_from, raw=raw.price)


def _below(yuan: float | None, adult_yuan: float | None) -> float | None:
    """A reduced price, where it is one."""
    return yuan if yuan is not None and adult_yuan is not None and yuan <= adult_yuan else None


def _hours(raw: RawSight, seen: Sighting, source: str) -> Iterator[Statement]:
    text = plain(raw.hours.replace("\n", "；"), 600)
    if is_nothing(text):
        return
    read = read_hours(text)
    if not read.understood:
        seen.remarks.append(Remark("the hours hold no schedule that is understood; kept as a note", text[:40]))
    note = _safe_note(read.note, seen)
    if read.periods or read.closed_weekdays or note:
        block = _json_of(Hours, periods=read.periods, closed_weekdays=read.closed_weekdays, note=note, source=source)
        yield _said("hours", block, firm=read.understood, raw=text)


def _safe_note(note: str, seen: Sighting) -> str:
    """A note that gives orders is kept only as the raw text of its statement, never in a record."""
    if note and gives_orders(note):
        seen.remarks.append(FLAGGED)
        return ""
    return note


def _visit(raw: RawSight, seen: Sighting, source: str) -> Iterator[Statement]:
    text = plain(raw.stay, 80)
    if is_nothing(text):
        return
    span = read_stay(text, triple_days=raw.triple_days)
    if span is None:
        seen.remarks.append(Remark("the length of stay is not understood", text[:30]))
        return
    yield _said("visit", _json_of(Visit, minutes_min=span[0], minutes_max=span[1], source=source), raw=text)


def _rating(raw: RawSight, seen: Sighting, source: str) -> Iterator[Statement]:
    score, reviews = number_of(raw.rating), count_of(raw.reviews)
    if score is not None and not 0 <= score <= 5:
        seen.remarks.append(Remark("the rating is not between 0 and 5 and was left out", f"{score:g}"))
        score = None
    if score or reviews:
        yield _said("rating", _json_of(Rating, score=score or None, reviews=reviews, source=source))


def count_of(value: object) -> int | None:
    """A count such as 1234, ``1,234条`` or ``1.1万``."""
    text = plain(value, 30).replace(",", "").replace("，", "")
    if not text:
        return None
    found = re.search(r"(\d+(?:\.\d+)?)\s*([万wWkK千])?", text)
    if not found:
        return None
    factor = {"万": 10_000, "w": 10_000, "k": 1000, "千": 1000}.get((found.group(2) or "").lower(), 1)
    return int(float(found.group(1)) * factor)


def _words(raw: RawSight, seen: Sighting) -> Iterator[Statement]:
    """The plain texts of a record: address, district, English name, page, kind."""
    values = {"address": plain(raw.address, 120), "district": plain(raw.county, 30), "name_en": seen.name_en,
              "url": plain(raw.url) if raw.url.startswith(("http://", "https://")) else "", "category": seen.category}
    for fact, value in values.items():
        if is_nothing(value):
            continue
        if gives_orders(value):
            seen.remarks.append(FLAGGED)
        else:
            yield Statement(fact, _quoted(value))
