"""A linter over the data: what a schema cannot see, such as impossible hours or a sight outside its city.

`check` returns findings, it never raises; the built-in data must have none (held by a test).
Not covered: whether a price is still true today. That is what sources and years are for.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.builtin import KnowledgeBase
from knowledge.geometry import distance_km
from knowledge.records import Attraction, City, Hours, Ticket
from knowledge.tags import TAGS

ADMISSION_CEILING_YUAN = 800  # the dearest theme park day ticket is below this
CITY_RADIUS_KM = 400  # prefectures in the west are this wide
MIN_OPEN_MINUTES = 45
_CJK = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: the record, the field, and what was seen."""

    record: str
    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.record}: {self.field}: {self.problem}"


def check(base: KnowledgeBase) -> list[Finding]:
    """Every finding over the whole base, in file order."""
    findings = [finding for city in base.cities for finding in _check_city(city, base)]
    for sight in base.attractions:
        city = base.city_by_id[sight.city]
        where = f"{city.name} {sight.name}"
        findings += [Finding(where, field, problem) for field, problem in _check_sight(sight, city, base)]
        findings += [Finding(where, "part_of", problem) for problem in _check_part(sight, base)]
    return findings


def _check_city(city: City, base: KnowledgeBase) -> Iterator[Finding]:
    counts = Counter(name for sight in base.in_city(city.id) for name in sight.names)
    for name, count in counts.items():
        if count > 1:
            yield Finding(city.name, "sights", f"the name {name} stands {count} times")
    for field in ("summary", "summary_en", "transport", "transport_en"):
        if re.search(r"\d", getattr(city, field)):
            yield Finding(city.name, field, "holds a figure; figures live in fact blocks")
    for bands, field in ((city.meals, "meals"), (city.lodging, "lodging")):
        if any(band.low_yuan > band.high_yuan for band in bands):
            yield Finding(city.name, field, "a band's low end is above its high end")
    if city.source not in base.source_by_id:
        yield Finding(city.name, "source", f"{city.source} is not in sources.yaml")


def _check_sight(sight: Attraction, city: City, base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    yield from _check_words(sight)
    yield from ((fact, f"source {source} is not in sources.yaml")
                for fact, source in sight.facts().items() if source not in base.source_by_id)
    if sight.ticket:
        yield from _check_ticket(sight.ticket)
    if sight.hours:
        yield from _check_hours(sight.hours)
    if sight.visit and sight.visit.minutes_min > sight.visit.minutes_max:
        yield "visit", "the shortest stay is longer than the longest"
    if sight.position and distance_km(sight.position, city.position) > CITY_RADIUS_KM:
        yield "position", f"{distance_km(sight.position, city.position):.0f} km from the city"


def _check_part(sight: Attraction, base: KnowledgeBase) -> Iterator[str]:
    """One level only: whoever is let into the whole has seen its parts, and nothing asks for parts of parts."""
    if sight.part_of is None:
        return
    whole = base.attraction_by_id.get(sight.part_of)
    if sight.part_of == sight.id:
        yield "names the sight itself"
    elif whole is None or whole.city != sight.city:
        yield f"{sight.part_of} is no sight of its city; give the main name of one in the same file"
    elif whole.part_of is not None:
        yield f"{whole.name} is itself part of another sight; name the outermost"


def _check_words(sight: Attraction) -> Iterator[tuple[str, str]]:
    for tag in sight.tags:
        if tag not in TAGS:
            yield "tags", f"{tag} is not in knowledge/tags.py"
    if not sight.tags:
        yield "tags", "none given"
    if _CJK.search(sight.name_en + sight.summary_en):
        yield "name_en/summary_en", "holds Chinese characters"
    for field in ("summary", "summary_en"):
        if re.search(r"\d", getattr(sight, field)):
            yield field, "holds a figure; figures live in fact blocks"


def _check_ticket(ticket: Ticket) -> Iterator[tuple[str, str]]:
    if ticket.adult_yuan is not None and ticket.adult_yuan > ADMISSION_CEILING_YUAN:
        yield "ticket", f"{ticket.adult_yuan:g} yuan is above {ADMISSION_CEILING_YUAN}"
    if ticket.low_yuan is not None:
        if ticket.peak is None or ticket.adult_yuan is None:
            yield "ticket", "a low-season price needs adult_yuan and peak"
        elif ticket.low_yuan > ticket.adult_yuan:
            yield "ticket", "the low-season price is above the peak price"
    if ticket.student_yuan is not None and ticket.student_yuan > (ticket.adult_yuan or 0):
        yield "ticket", "students pay more than adults"


def _check_hours(hours: Hours) -> Iterator[tuple[str, str]]:
    if not hours.periods and not hours.note:
        yield "hours", "neither a period nor a note"
    if any(day not in range(1, 8) for day in hours.closed_weekdays):
        yield "hours", "weekdays count from 1 (Monday) to 7"
    for period in hours.periods:
        if period.close_minute - period.open_minute < MIN_OPEN_MINUTES:
            yield "hours", f"open for {period.close_minute - period.open_minute} minutes"
        entry = period.last_entry_minute
        if entry is not None and not period.open_minute < entry <= period.close_minute:
            yield "hours", "the last entry lies outside the opening period"
