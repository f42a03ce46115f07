"""The conditions a traveller states in free text, Chinese and English, and the words that nobody understood.

    reading = read_conditions(request.text, request, catalogue, days=3, people=2)
    reading.constraints, reading.unread

The text is cut into clauses, each reader takes what it knows, and what carries no mark in the end is given back word for
word. Only the turn's own text is read: in a conversation the conditions of earlier turns are not kept, apart from what
`TripRequest` itself carries on. Not covered: quantities other than those of `chains.tools.itinerary.trip`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from chains.tools.itinerary.trip import AnyOf, Constraint, Hotel, HotelNear, Pace, Rooms, Single, Stay, Visit
from chains.understanding.clauses import Clause, Found, Scene, clauses_of, masked, scene_of
from chains.understanding.clauses_left import unread_of
from chains.understanding.conditions_food import read_food
from chains.understanding.conditions_frame import first_weekday, read_origin, read_pace, read_stays
from chains.understanding.conditions_hotel import read_hotel, read_near, read_rooms
from chains.understanding.conditions_money import read_money
from chains.understanding.conditions_places import read_visits
from chains.understanding.conditions_tastes import read_counts, read_free, read_kinds, soft_kinds
from chains.understanding.conditions_time import read_at_place, read_hours
from chains.understanding.conditions_ways import read_walking, read_ways
from chains.understanding.request import TripRequest
from knowledge.catalogue import Catalogue

# In this order: the narrower reading first, as each takes its words away from the next.
_READERS: tuple[Callable[[Clause, Scene], list[Found]], ...] = (
    read_walking, read_near, read_counts, read_rooms, read_money, read_hotel, read_at_place, read_hours, read_visits, read_ways,
    read_free, read_food, read_kinds,
)
_OR = re.compile(r"或|要么|还是|\bor\b|\beither\b", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Reading:
    """What a text says about a trip. `spoken` are the sights it names in whatever sense."""

    constraints: tuple[Constraint, ...] = ()
    pace: Pace | None = None
    origin: str | None = None
    stays: tuple[Stay, ...] | None = None
    unread: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    spoken: frozenset[str] = frozenset()


@dataclass
class _Frame:
    """Pace and origin while the clauses are gone through; the first said counts."""

    pace: Pace | None = None
    origin: str | None = None
    marks: list[Found] = field(default_factory=list)
    likes: list[str] = field(default_factory=list)
    rooms: Rooms | None = None

    def contradicts(self, found: Found) -> bool:
        """Whether it asks for other rooms than were asked for before ("two rooms, one of them a twin"): no condition holds that."""
        wish = found.condition
        if not isinstance(wish, Rooms):
            return False
        before, self.rooms = self.rooms, self.rooms or wish
        return bool(before and ((before.count and wish.count and before.count != wish.count) or (before.type and wish.type and before.type != wish.type)))


def read_conditions(text: str, request: TripRequest, catalogue: Catalogue, days: int, people: int) -> Reading:
    """Read a normalised text, that of the request, for a trip of so many days and people."""
    scene = scene_of(request, catalogue, days, people)
    veiled = masked(scene)
    pieces = clauses_of(veiled)
    origin = next((city for clause in pieces if (city := read_origin(clause, scene)[0])), None)
    stays, marks = read_stays(veiled, scene, origin)
    frame = _Frame(marks=marks)
    constraints: list[Constraint] = []
    pairs: list[tuple[Clause, Clause]] = []
    for clause in pieces:
        found, rest = _read(clause, scene, frame)
        frame.marks += found
        pairs.append((clause, rest.without(marks)))
        constraints += _said(_chosen(clause, found), clause, text)
    spoken = frozenset(one for mention in (*scene.sights, *catalogue.sight_names.find(text)) for one in mention.ids)
    unread = tuple(unread_of(text, pairs, frame.marks, sum(stay.days for stay in stays) if stays else days))
    return Reading(_unique(constraints), frame.pace, frame.origin, stays, unread, tuple(dict.fromkeys(frame.likes)), spoken)


def _read(clause: Clause, scene: Scene, frame: _Frame) -> tuple[list[Found], Clause]:
    """Everything a clause says, and what is left of it."""
    pace, marks = read_pace(clause, scene)
    origin, more = read_origin(clause, scene)
    frame.pace, frame.origin = frame.pace or pace, frame.origin or origin
    weekday = first_weekday(clause.text)
    found = [*marks, *more, *([clause.found(None, weekday)] if weekday else [])]
    rest = clause.without(found)
    for reader in _READERS:
        frame.likes += soft_kinds(rest) if reader is read_kinds else ()
        new = [one for one in reader(rest, scene) if not frame.contradicts(one)]
        found += new
        rest = rest.without(new)
    return found, rest


def _chosen(clause: Clause, found: Iterable[Found]) -> list[Single | AnyOf]:
    """The conditions of a clause; those that an "or" joins become a choice."""
    rows: list[list[Found]] = []
    stated = sorted((one for one in found if one.condition), key=lambda one: (one.start, one.end))
    for one in stated:
        between = clause.text[rows[-1][-1].end - clause.start:one.start - clause.start] if rows else ""
        if rows and _OR.search(between) and _open(rows[-1][-1]) and _open(one):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [row[0].condition if len(row) == 1 else AnyOf(options=tuple(one.condition for one in row if one.condition)) for row in rows if row[0].condition]


def _open(found: Found) -> bool:
    """Whether a condition may be one option of a choice: those that hold alternatives themselves have taken theirs."""
    wish = found.condition
    if getattr(wish, "avoid", False):
        return False  # neither beef nor lamb
    return not isinstance(wish, Hotel | HotelNear) or not (isinstance(wish, Hotel) and len(wish.names) > 1)


def _said(wishes: Iterable[Single | AnyOf], clause: Clause, text: str) -> list[Constraint]:
    words = text[clause.start:clause.end].strip()
    return [wish.model_copy(update={"said": words}) for wish in wishes]


def _unique(constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Without what was said twice; a sight that is refused by one of its names is not wanted by another."""
    kept: dict[str, Constraint] = {}
    for wish in constraints:
        kept.setdefault(wish.model_dump_json(exclude={"said"}), wish)
    out = {place for wish in kept.values() if isinstance(wish, Visit) and wish.avoid for place in wish.any_of}
    return tuple(wish for wish in kept.values() if not (isinstance(wish, Visit) and not wish.avoid and out.issuperset(wish.any_of)))
