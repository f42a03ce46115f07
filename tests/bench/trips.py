"""How well conditions stated in text are read: hand-written requests against `trip_of`, and what was silently dropped.

A request is right when every marked condition was read and no other one was; several wishes about ways that must hold together
are compared by what they leave. A condition that was not read counts as dropped when its words are not shown as unread either.
The notation of ``tests/data/trips.yaml``, one condition each:

    budget 3000 | budget food 500      at most so many yuan, of total, food, lodging, tickets, local, intercity
    rooms 2 twin                       number and type, either may be missing
    by train plane | local metro bus   between cities, within one
    eat A/B, noeat A                   one of these; none of these
    kind A/B, nokind A, like A         tags of sights; `like` holds for a like and for a condition
    visit A/B, novisit A               sights by any name
    at A 15:00- | -17:00 | day2 | 90min   how a sight is visited, and that it is
    feature A, nofeature A, brand A/B, nobrand A, area A, tier A/B, night 300-500
    near A 1000, walkbelow 1000, walkmost 800
    arrive 10:00, leave 18:00, hours 9:00-21:00 day2, perday 2-4 day1, free
    days 3, people 2 1 0, start 2026-12-25, pace relaxed, from A, stay A 3     parts of the frame
    ?                                  nothing of ours: must be shown as unread
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import yaml

from assistant.settings import load_settings
from chains.tools.itinerary.trip import AnyOf, Hotel, Trip
from chains.understanding import Understanding
from chains.understanding.trip import trip_of
from knowledge.catalogue import Catalogue
from knowledge.library import open_library
from knowledge.names import fold

FILE = Path(__file__).parent.parent / "data" / "trips.yaml"
TODAY = date(2026, 11, 21)  # the day the requests were written for, a Saturday
FRAME = frozenset({"days", "people", "start", "pace", "from", "stay", "like", "?"})
ALWAYS_SAID = frozenset({"pace", "from"})  # parts of the frame that must not be read where nobody said them
_MARK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
Fact = tuple[Any, ...]


@dataclass(frozen=True)
class Expected:
    """A marked piece of a request: its words, and what they state."""

    words: str
    notation: str


@dataclass(frozen=True)
class Item:
    """A request with its marks."""

    text: str
    marks: tuple[Expected, ...]
    held: bool


@dataclass(frozen=True)
class Outcome:
    """What became of one request."""

    item: Item
    missing: tuple[Expected, ...]
    extra: tuple[Fact, ...]
    dropped: tuple[Expected, ...]
    unread: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether every condition was read, and nothing else."""
        return not self.missing and not self.extra

    @property
    def needless(self) -> bool:
        """Whether more was shown as unread than had to be."""
        return self.right and len(self.unread) > sum(mark.notation == "?" for mark in self.item.marks)

    def __str__(self) -> str:
        lost = "; ".join(f"{mark.notation} <{mark.words}>" for mark in self.missing)
        return f"{self.item.text}\n    missing: {lost}\n    extra: {self.extra}\n    unread: {self.unread}\n    dropped: {[mark.notation for mark in self.dropped]}"


def items() -> list[Item]:
    """Every request of the file."""
    groups = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [item_of(line, held=name == "held") for name, lines in groups.items() for line in lines.splitlines() if line.strip()]


def item_of(line: str, *, held: bool = False) -> Item:
    """One line of the file."""
    marks = tuple(Expected(match[1], piece.strip()) for match in _MARK.finditer(line) for piece in match[2].split(";"))
    return Item(_MARK.sub(r"\1", line).strip(), marks, held)


class Judge:
    """Reads requests and compares what was read with what is marked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._reader = Understanding(catalogue, lambda: TODAY)

    def trip(self, text: str) -> Trip:
        """The trip of a request, as `fengjing plan --text` makes it; in Beijing where no city is named."""
        request = self._reader.read(text)
        cities = request.cities or tuple(dict.fromkeys(sight.city for sight in self._catalogue.get(request.places))) or ("beijing",)
        return trip_of(replace(request, cities=cities), self._catalogue, TODAY)[0]

    def outcome(self, item: Item) -> Outcome:
        """What became of a request."""
        trip = self.trip(item.text)
        read = together(facts_of(trip))
        stated = [mark for mark in item.marks if mark.notation.split()[0] not in FRAME]
        wanted = together(fact for mark in stated for fact in self.facts(mark.notation, trip))
        missing = [mark for mark in stated if not all(_held(fact, read, wanted) for fact in self.facts(mark.notation, trip))]
        missing += [mark for mark in item.marks if mark.notation.split()[0] in FRAME and not self._framed(mark, trip)]
        extra = [fact for fact in read if not any(_same(fact, other) for other in wanted) and not _liked(fact, item)]
        extra += [(name,) for name in self._unasked(item, trip)]
        dropped = [mark for mark in missing if not any(_overlap(mark.words, words) for words in trip.unread)]
        return Outcome(item, tuple(missing), tuple(extra), tuple(dropped), trip.unread)

    def _unasked(self, item: Item, trip: Trip) -> Iterator[str]:
        """Parts of the frame that were read without having been said."""
        said = {mark.notation.split()[0] for mark in item.marks}
        yield from (name for name, read in (("pace", trip.pace != "moderate"), ("from", trip.origin)) if read and name not in said)

    def _framed(self, mark: Expected, trip: Trip) -> bool:
        name, *words = mark.notation.split()
        people = trip.travellers
        match name:
            case "days":
                return trip.days == int(words[0])
            case "people":
                return [people.adults, people.children, people.elders] == [int(word) for word in words]
            case "start":
                return trip.start.isoformat() == words[0]
            case "pace":
                return trip.pace == words[0]
            case "from":
                return trip.origin == self._city(words[0])
            case "stay":
                return (self._city(words[0]), int(words[1])) in {(stay.city, stay.days) for stay in trip.stays}
            case "like":
                tags = {tag for wish in trip.constraints if wish.kind == "sight_kind" for tag in wish.any_of}
                return words[0] in {*trip.likes, *tags}
        return any(_overlap(mark.words, unread) for unread in trip.unread)

    def _city(self, name: str) -> str:
        return self._catalogue.city_names.ids_by_name.get(fold(name), (name,))[0]

    def facts(self, notation: str, trip: Trip) -> list[Fact]:
        """A condition's notation as facts, sights as ids."""
        options = [option.split() for option in notation.split("|")]
        if len(options) > 1:
            return [("any_of", frozenset(self._fact(*option, trip=trip)[0] for option in options))]
        return self._fact(*options[0], trip=trip)

    def _fact(self, name: str, *words: str, trip: Trip) -> list[Fact]:
        negative, kind = name.startswith("no"), name.removeprefix("no")
        if kind in ("visit", "at", "near"):
            places = frozenset(self._sight(place, trip) for place in words[0].split("/"))
            rest = _span(words[1:]) if kind == "at" else (float(words[1]),) if kind == "near" else ()
            visits = [("visit", False, places)] if kind == "at" else []
            return [(kind, *((negative,) if kind == "visit" else ()), places, *rest), *visits]
        return [_plain(name, kind, negative, words)]

    def _sight(self, name: str, trip: Trip) -> str:
        ids = self._catalogue.sight_names.ids_by_name.get(fold(name), (name,))
        local = [sight.id for sight in self._catalogue.get(ids) if sight.city in {stay.city for stay in trip.stays}] or list(ids)
        used = trip.model_dump_json()
        return next((one for one in local if one in used), local[0])


def _plain(name: str, kind: str, negative: bool, words: tuple[str, ...]) -> Fact:
    match kind:
        case "budget":
            return ("budget", words[0] if len(words) > 1 else "total", float(words[-1]))
        case "rooms":
            return ("rooms", next((int(word) for word in words if word.isdigit()), None), next((word for word in words if not word.isdigit()), None))
        case "by" | "local":
            return (kind, frozenset(words))
        case "eat" | "kind" | "feature" | "brand":
            return (kind, negative, frozenset(" ".join(words).split("/")))
        case "tier" | "area":
            return (kind, frozenset(words[0].split("/")))
        case "night" | "hours" | "perday":
            return (kind, *_span(words))
        case "walkbelow" | "walkmost":
            return (kind, float(words[0]))
        case "arrive" | "leave":
            return (kind, _minutes(words[0]))
        case "free":
            return ("free",)
    raise ValueError(f"{name} {words}: not in the notation")


def _span(words: Iterable[str]) -> Fact:
    """(from, to, day, minutes) of words like 9:00-21:00, 300-, day2 and 90min."""
    low = high = day = minutes = None
    for word in words:
        if word.startswith("day"):
            day = int(word[3:])
        elif word.endswith("min"):
            minutes = int(word[:-3])
        else:
            low, high = (_minutes(end) if end else None for end in word.split("-"))
    return (low, high, day, minutes)


def _minutes(word: str) -> float:
    hours, _, minutes = word.partition(":")
    return int(hours) * 60 + int(minutes) if minutes else float(word)


def facts_of(trip: Trip) -> Iterator[Fact]:
    """The conditions of a trip as facts, what is said of a hotel one by one."""
    for wish in trip.constraints:
        if isinstance(wish, AnyOf):
            yield ("any_of", frozenset(fact for option in wish.options for fact in _facts(option)))
        else:
            yield from _facts(wish)


def _facts(wish: Any) -> Iterator[Fact]:  # noqa: C901 - one case a kind
    match wish.kind:
        case "hotel":
            yield from _hotel(wish)
        case "visit" | "sight_kind" | "eat":
            yield ({"sight_kind": "kind"}.get(wish.kind, wish.kind), wish.avoid, frozenset(wish.any_of))
        case "at_place":
            yield ("at", frozenset({wish.place}), wish.not_before, wish.not_after, wish.day, wish.least_minutes)
        case "budget":
            yield ("budget", wish.of, wish.yuan)
        case "rooms":
            yield ("rooms", wish.count, wish.type)
        case "intercity_by" | "local_by":
            yield ("by" if wish.kind == "intercity_by" else "local", frozenset(wish.modes))
        case "hotel_near":
            yield ("near", frozenset({wish.place}), wish.metres)
        case "walk_below" | "walk_at_most":
            yield ("walkbelow" if wish.kind == "walk_below" else "walkmost", wish.metres)
        case "start_after" | "end_before":
            yield ("arrive" if wish.kind == "start_after" else "leave", wish.clock)
        case "day_hours":
            yield ("hours", wish.earliest, wish.latest, wish.day, None)
        case "sights_per_day":
            yield ("perday", wish.least, wish.most, wish.day, None)
        case _:
            yield ("free",)


def _hotel(wish: Hotel) -> Iterator[Fact]:
    if wish.names:
        yield ("brand", wish.avoid, frozenset(wish.names))
    yield from (("feature", wish.avoid, frozenset({feature})) for feature in wish.features)
    if wish.areas:
        yield ("area", frozenset(wish.areas))
    if wish.tiers:
        yield ("tier", frozenset(wish.tiers))
    if wish.least_yuan is not None or wish.most_yuan is not None:
        yield ("night", wish.least_yuan, wish.most_yuan, None, None)


def together(facts: Iterable[Fact]) -> list[Fact]:
    """Ways that must hold together as what they leave, spans of the same thing as one, everything else once."""
    kept = list(dict.fromkeys(facts))
    for kind in ("by", "local"):
        modes = [fact[1] for fact in kept if fact[0] == kind]
        kept = [fact for fact in kept if fact[0] != kind] + ([(kind, reduce(frozenset.intersection, modes))] if modes else [])
    rows: dict[Fact, list[Fact]] = {}
    for fact in kept:
        rows.setdefault(_subject(fact), []).append(fact)
    return [_merged(row) for row in rows.values()]


def _subject(fact: Fact) -> Fact:
    if fact[0] in ("hours", "perday"):
        return (fact[0], fact[3])
    return fact[:2] if fact[0] == "at" else fact


def _merged(row: list[Fact]) -> Fact:
    if len(row) == 1:
        return row[0]
    return tuple(next((value for value in values if value is not None), None) for values in zip(*row, strict=True))


def _held(fact: Fact, read: list[Fact], wanted: list[Fact]) -> bool:
    """Whether the merged fact that this one is part of was read."""
    whole = next((other for other in wanted if _covers(other, fact)), fact)
    return any(_same(other, whole) or (_subject(other) == _subject(fact) and _covers(other, fact)) for other in read)


def _covers(whole: Fact, part: Fact) -> bool:
    if whole[0] != part[0]:
        return False
    if part[0] in ("by", "local"):
        return bool(whole[1] <= part[1])
    return len(whole) == len(part) and all(one in (None, other) for one, other in zip(part, whole, strict=True))


def _same(fact: Fact, other: Fact) -> bool:
    if fact == other:
        return True
    if fact[:2] != other[:2] or fact[0] not in ("eat", "brand", "feature"):
        return fact[0] == other[0] == "area" and _alike(fact[1], other[1])
    return _alike(fact[2], other[2])


def _alike(names: frozenset[str], others: frozenset[str]) -> bool:
    """Each name is part of one on the other side or the other way round; a translation beside it does no harm."""
    def near(one: str, many: frozenset[str]) -> bool:
        return any(one.casefold() in other.casefold() or other.casefold() in one.casefold() for other in many)
    return all(near(one, others) or any(near(two, others) and one.isascii() != two.isascii() for two in names) for one in names) and all(near(one, names) for one in others)


def _liked(fact: Fact, item: Item) -> bool:
    return fact[0] == "kind" and not fact[1] and any(f"like {tag}" == mark.notation for tag in fact[2] for mark in item.marks)


def _overlap(words: str, unread: str) -> bool:
    one, other = (re.sub(r"[\s,，。.!！?？]", "", fold(text)) for text in (words, unread))
    return one in other or (len(other) > 1 and other in one)


def share(outcomes: Iterable[Outcome]) -> float:
    """Right of all, 0 to 1."""
    counted = list(outcomes)
    return sum(outcome.right for outcome in counted) / len(counted)


def report() -> list[str]:
    """A line for each part of the set, and one for what was dropped."""
    judge = Judge(open_library(load_settings().home).catalogue)
    outcomes = [judge.outcome(item) for item in items()]
    lines = []
    for name, part in (("all", outcomes), ("tuned", [one for one in outcomes if not one.item.held]), ("held", [one for one in outcomes if one.item.held])):
        lines.append(f"{name}: all conditions right in {sum(one.right for one in part)} of {len(part)} = {share(part):.1%}, "
                     f"silently dropped in {sum(bool(one.dropped) for one in part)}, more shown as unread than needed in {sum(one.needless for one in part)}")
    lost = Counter(mark.notation.split()[0] for one in outcomes for mark in one.missing)
    return [*lines, "not read, by kind: " + ", ".join(f"{kind} {count}" for kind, count in lost.most_common())]
