"""How well turns are understood: a gold set against `Understanding`, intent and every slot.

An item counts as right when its intent is right and all its slots are; a slot the gold leaves out must be empty.
Cities and sights are compared through the ids of the catalogue, so that any name of a place will do; a name that the
catalogue does not hold is compared as text. Identity, small talk and what is out of scope have no slots, so whatever
was read beside such an intent does not count; as in `TravelAssistant`, such turns leave the conversation's state alone.

    items = load_items("understanding.yaml")
    result = score(items, Understanding(catalogue, lambda: TODAY), catalogue)
    print(result)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from chains.understanding import Intent, TripRequest, Understanding
from chains.understanding.request import State
from knowledge.catalogue import Catalogue
from knowledge.names import NameTable, fold

DATA = Path(__file__).parent.parent / "data"
TODAY = date(2026, 11, 21)  # the day the gold sets were written for, a Saturday
SLOTLESS = frozenset({Intent.IDENTITY, Intent.SMALLTALK, Intent.OUT_OF_SCOPE})
Item = Mapping[str, Any]
Slots = dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """One item that was not understood; `slots` holds (expected, seen) for each slot that differs."""

    text: str
    context: tuple[str, ...]
    expected: str
    seen: str
    slots: Mapping[str, tuple[Any, Any]]

    def __str__(self) -> str:
        before = f"{' / '.join(self.context)} / " if self.context else ""
        intent = self.expected if self.expected == self.seen else f"{self.expected} read as {self.seen}"
        differ = "; ".join(f"{name}: {want!r} read as {got!r}" for name, (want, got) in sorted(self.slots.items()))
        return f"{before}{self.text} | {intent} | {differ}"


@dataclass
class Count:
    """Items of one intent: how many there are, and how many had their intent, their slots and both right."""

    total: int = 0
    intent_right: int = 0
    slots_right: int = 0
    right: int = 0

    def add(self, *, intent: bool, slots: bool) -> None:
        """Count one item."""
        self.total += 1
        self.intent_right += intent
        self.slots_right += slots
        self.right += intent and slots

    def __str__(self) -> str:
        return f"{self.total:5} {self.intent_right:7} {self.slots_right:6} {self.right:6} {self.right / self.total:7.1%}"


@dataclass(frozen=True)
class Score:
    """The outcome over a gold set: counts by the gold's intent, and what went wrong."""

    by_intent: Mapping[str, Count]
    failures: tuple[Failure, ...]

    @property
    def total(self) -> int:
        """How many items were read."""
        return sum(count.total for count in self.by_intent.values())

    @property
    def right(self) -> int:
        """How many had intent and all slots right."""
        return sum(count.right for count in self.by_intent.values())

    @property
    def share(self) -> float:
        """Right of all, 0 to 1."""
        return self.right / self.total

    def summary(self) -> str:
        """One line with the figure and the intents that lost items."""
        lost = ", ".join(f"{intent} {count.total - count.right}" for intent, count in sorted(self.by_intent.items()) if count.right < count.total)
        return f"{self.right} of {self.total} = {self.share:.1%}" + (f" (lost: {lost})" if lost else "")

    def __str__(self) -> str:
        rows = [f"{'intent':12} items  intent  slots   both   share"]
        rows += [f"{intent:12} {count}" for intent, count in sorted(self.by_intent.items())]
        return "\n".join([*rows, f"{'all':12} {self.summary()}"])


def load_items(file: str) -> list[Item]:
    """The items of a gold set under ``tests/data``."""
    items: list[Item] = yaml.safe_load((DATA / file).read_text(encoding="utf-8"))
    return items


def score(items: Iterable[Item], understanding: Understanding, catalogue: Catalogue) -> Score:
    """Read every item, after its context, and compare."""
    counts: dict[str, Count] = {}
    failures: list[Failure] = []
    for item in items:
        seen = read(item, understanding)
        wrong = differing_slots(item, seen, catalogue)
        same = item["intent"] == seen.intent.value
        counts.setdefault(item["intent"], Count()).add(intent=same, slots=not wrong)
        if wrong or not same:
            context = tuple(item.get("context") or ())
            failures.append(Failure(item["text"], context, item["intent"], seen.intent.value, wrong))
    return Score(counts, tuple(failures))


def read(item: Item, understanding: Understanding) -> TripRequest:
    """The item's turn, read after the turns of its context."""
    state = State()
    for earlier in item.get("context") or ():
        request = understanding.read(earlier, state)
        state = state if request.intent in SLOTLESS else State(request)
    return understanding.read(item["text"], state)


def differing_slots(item: Item, seen: TripRequest, catalogue: Catalogue) -> dict[str, tuple[Any, Any]]:
    """Slot to (expected, seen), for the slots that differ."""
    expected = {} if item["intent"] in SLOTLESS else gold_slots(item, seen, catalogue)
    got = {} if seen.intent in SLOTLESS else slots_of(seen)
    names = expected.keys() | got.keys()
    return {name: (expected.get(name), got.get(name)) for name in names if expected.get(name) != got.get(name)}


def slots_of(request: TripRequest) -> Slots:
    """The request in the gold's terms, without what is empty; places as sets of ids, unknown cities as text."""
    when, wishes, party, budget = request.when, request.wishes, request.party, request.budget
    slots = {
        "cities": frozenset((*request.cities, *request.unknown_cities)),
        "places": frozenset(request.places), "exclude": frozenset(request.exclude),
        "topic": request.topic and request.topic.value,
        "days": when.days, "start": when.start and when.start.isoformat(), "end": when.end and when.end.isoformat(),
        "holiday": when.holiday, "month": when.month,
        "adults": party and party.adults, "children": party and party.children, "elders": party and party.elders,
        "budget_yuan": budget and budget.yuan, "budget_scope": budget and budget.scope,
        "free": wishes.free_only, "likes": frozenset(wishes.likes), "dislikes": frozenset(wishes.dislikes),
    }
    return {name: value for name, value in slots.items() if value}


def gold_slots(item: Item, seen: TripRequest, catalogue: Catalogue) -> Slots:
    """The item's slots, names turned into ids."""
    slots: Slots = {name: value for name, value in (item.get("slots") or {}).items() if value}
    cities = frozenset(_city(name, catalogue.city_names) for name in slots.get("cities", ()))
    for name in ("places", "exclude"):
        if name in slots:
            read_ids = getattr(seen, name)
            slots[name] = frozenset(_sight(place, cities, read_ids, catalogue) for place in slots[name])
    for name in ("likes", "dislikes"):
        if name in slots:
            slots[name] = frozenset(slots[name])
    return slots | ({"cities": cities} if cities else {})


def _city(name: str, names: NameTable) -> str:
    return names.ids_by_name.get(fold(name), (fold(name),))[0]


def _sight(name: str, cities: frozenset[str], seen: tuple[str, ...], catalogue: Catalogue) -> str:
    """The gold's sight: of several that share the name one in the item's cities, and there the one that was read."""
    ids = catalogue.sight_names.ids_by_name.get(fold(name), (name,))
    local = [sight.id for sight in catalogue.get(ids) if sight.city in cities] or list(ids)
    return next((record for record in local if record in seen), local[0])
