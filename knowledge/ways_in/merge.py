"""Rows into the store, a batch at a time: matched to what is known, their statements kept beside the others'.

A batch asks the database once for every key and every grid cell of its rows; matching itself happens in memory. A sight
that is not known becomes known to the rows after it.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from knowledge.builtin import KnowledgeBase
from knowledge.geometry import cell_of, cells_around, distance_km
from knowledge.names import fold
from knowledge.records import Attraction, Position, attraction_id
from knowledge.ways_in.facts import Sighting, Statement, Weight
from knowledge.ways_in.imported import CellRow, FactRow, Imported, KeyRow, NameRow, Said, SightRow, put
from knowledge.ways_in.matching import STRANGE_KM, Known, Shelf, known_of, same_subject
from knowledge.ways_in.raw import Remark

# Facts on which two sources can disagree; of the others the newer is simply the newer.
DISPUTED = ("ticket", "hours", "level", "visit")


@dataclass(frozen=True)
class Origin:
    """Where a sighting was read: source, its year, and the file."""

    source: str
    year: int
    file: str


@dataclass
class Merged:
    """What became of a batch."""

    taken: int = 0
    merged: int = 0
    disagreements: int = 0


class Merger:
    """Matches sightings against the shipped sights and the imported ones, and stores what they say."""

    def __init__(self, base: KnowledgeBase, store: Imported) -> None:
        self._base = base
        self._store = store
        self._names = {city.id: city.names for city in (*base.cities, *store.cities())}
        self._shipped = Shelf(map(known_of, base.attractions), self._names)

    def add(self, connection: Connection, batch: list[tuple[Sighting, Origin]]) -> Merged:
        """Store a batch; remarks are added to the sightings."""
        for seen, _ in batch:
            self._names.setdefault(seen.city.id, seen.city.names)
        shelf = Shelf(self._store.known(connection, self._keys(batch), self._cells(batch)), self._names)
        result, rows = Merged(), _Rows()
        for seen, origin in batch:
            sight = self._find(seen, shelf)
            if sight is None:
                sight = Known(attraction_id(seen.city.id, seen.name), seen.city.id, seen.name)
                rows.sights[sight.id] = {"id": sight.id, "city": sight.city, "name": sight.name, "own": True, "line": seen.line}
                result.taken += 1
            else:
                result.merged += 1
                if sight.id in self._base.attraction_by_id:
                    rows.sights[sight.id] = {"id": sight.id, "city": sight.city, "name": sight.name, "own": False, "line": seen.line}
            self._learn(sight, seen, shelf, rows)
            rows.say(sight.id, seen, origin)
        result.disagreements = self._disagreements(rows)
        rows.write(connection)
        return result

    def _keys(self, batch: list[tuple[Sighting, Origin]]) -> set[tuple[str, str]]:
        return {(seen.city.id, key) for seen, _ in batch for key in self._shipped.keys(seen.city.id, (seen.name, *seen.aliases))}

    @staticmethod
    def _cells(batch: list[tuple[Sighting, Origin]]) -> set[int]:
        return {cell for seen, _ in batch if seen.point for cell in cells_around(seen.point)}

    def _find(self, seen: Sighting, shelf: Shelf) -> Known | None:
        """The sight a row speaks of: by name in what shipped and what was imported, then by place in both."""
        names = (seen.name, *seen.aliases)
        for known in (self._shipped, shelf):
            found = known.named(seen.city.id, names, seen.point)
            if found:
                return found
        if seen.point is None:
            return None
        return self._shipped.near(seen.city.id, seen.name, seen.point) or shelf.near(seen.city.id, seen.name, seen.point)

    def _learn(self, sight: Known, seen: Sighting, shelf: Shelf, rows: "_Rows") -> None:
        """New names and a first position of a sight; what may speak of another place is doubted."""
        fresh = [name for name in (seen.name, *seen.aliases) if fold(name) not in sight.names]
        sight.called(fresh)
        if not same_subject(seen.name, sight.name):
            seen.remarks.append(Remark("another name of a sight we hold, perhaps of a part of it: its facts are kept and not shown",
                                       f"{seen.name}, {sight.name}"))
            seen.statements = [_doubted(said) for said in seen.statements]
        elif seen.point and sight.point and distance_km(seen.point, sight.point) > STRANGE_KM:
            seen.remarks.append(Remark(f"the position lies more than {STRANGE_KM:g} km from the one known of this sight; it is kept and not shown"))
            seen.statements = [_doubted(said) if said.fact == "position" else said for said in seen.statements]
        elif seen.point and not sight.point:
            sight.point = seen.point
            rows.cells[sight.id] = {"sight": sight.id, "cell": cell_of(seen.point), "latitude_deg": seen.point.latitude_deg,
                                    "longitude_deg": seen.point.longitude_deg}
        shelf.add(sight)
        rows.names += [{"sight": sight.id, "name": name} for name in fresh]
        rows.keys += [{"city": sight.city, "key": key, "sight": sight.id} for key in shelf.keys(sight.city, fresh)]

    def _disagreements(self, rows: "_Rows") -> int:
        """How many statements of the batch say otherwise than another source does."""
        ours = {(fact["sight"], fact["fact"]): fact for fact in rows.facts.values() if fact["fact"] in DISPUTED and fact["weight"] == Weight.FIRM}
        against: Counter[tuple[object, object]] = Counter()
        for said in self._others(rows):
            mine = ours.get((said.sight, said.fact))
            if mine and said.weight == Weight.FIRM and said.source != mine["source"] and plain_value(said.value) != plain_value(str(mine["value"])):
                against[said.sight, said.fact] += 1
        return len(against)

    def _others(self, rows: "_Rows") -> Iterable[Said]:
        ids = {str(fact["sight"]) for fact in rows.facts.values()}
        yield from self._store.statements(ids)
        for sight in ids & self._base.attraction_by_id.keys():
            yield from statements_of(self._base.attraction_by_id[sight], self._base)


class _Rows:
    """The rows a batch writes."""

    def __init__(self) -> None:
        self.sights: dict[str, dict[str, object]] = {}
        self.names: list[dict[str, object]] = []
        self.keys: list[dict[str, object]] = []
        self.cells: dict[str, dict[str, object]] = {}
        self.facts: dict[tuple[str, str, str, str], dict[str, object]] = {}

    def say(self, sight: str, seen: Sighting, origin: Origin) -> None:
        """Keep a sighting's statements; of two rows of one name and source the firmer stays, else the later."""
        for said in seen.statements:
            key = (sight, said.fact, origin.source, seen.name)
            before = self.facts.get(key)
            if before and before["value"] != said.value and said.fact in DISPUTED:
                kept = "earlier" if int(str(before["weight"])) > said.weight else "later"
                seen.remarks.append(Remark(f"two rows of one name say another {said.fact}", f"line {before['line']}; the {kept} is kept"))
            if before and int(str(before["weight"])) > said.weight:
                continue
            self.facts[key] = {"sight": sight, "fact": said.fact, "source": origin.source, "name": seen.name, "year": origin.year,
                               "weight": int(said.weight), "value": said.value, "raw": said.raw, "file": origin.file, "line": seen.line}

    def write(self, connection: Connection) -> None:
        """All rows, in one go a table."""
        put(connection, SightRow, list(self.sights.values()), replace=False)
        put(connection, NameRow, self.names, replace=False)
        put(connection, KeyRow, self.keys, replace=False)
        put(connection, CellRow, list(self.cells.values()), replace=False)
        put(connection, FactRow, [self.facts[key] for key in sorted(self.facts)])  # in the order of the table, which SQLite fills faster


def statements_of(sight: Attraction, base: KnowledgeBase) -> Iterable[Said]:
    """What a shipped record says, as statements of its sources."""
    blocks = {"position": sight.position, "level": sight.grade, "ticket": sight.ticket, "hours": sight.hours, "visit": sight.visit, "rating": sight.rating}
    for fact, block in blocks.items():
        if block is not None:
            weight = Weight.VAGUE if isinstance(block, Position) and block.approximate else Weight.FIRM
            source = base.source_by_id.get(block.source)
            yield Said(sight.id, fact, block.source, sight.name, source.year if source else 0, weight, block.model_dump_json(exclude_defaults=True))


def plain_value(value: str) -> str:
    """What a statement says, without who says it and without its notes."""
    content = json.loads(value)
    if isinstance(content, dict):
        content = {key: item for key, item in content.items() if key not in {"source", "note", "note_en", "booking", "extras"}}
    return json.dumps(content, sort_keys=True, ensure_ascii=False)


def _doubted(said: Statement) -> Statement:
    return Statement(said.fact, said.value, Weight.DOUBTED, said.raw)
