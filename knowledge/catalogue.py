"""The catalogue: records in SQL, for everything that is a condition and not a resemblance.

Derived data: it can always be built again from the data files, so a catalogue of another version is replaced.
One transaction builds it and readers see the old one until the end. In SQLite the tables are replaced; in PostgreSQL each build has
a schema of its own, which a worker that opened it goes on reading until two newer ones have come; then it turns to the newest.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from uuid import uuid4

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, Engine, Executable, delete, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateSchema, DropSchema

from knowledge.builtin import KnowledgeBase
from knowledge.database import is_down, open_engine, told, trouble
from knowledge.districts import DistrictHomes
from knowledge.errors import KnowledgeError
from knowledge.geometry import EARTH_RADIUS_KM
from knowledge.names import NameTable, name_table, short_names
from knowledge.records import Attraction, City, Record, Source
from knowledge.servers import is_shared
from knowledge.tables import BuildBase, BuildRow, CatalogueBase, CityRow, SightRow, SourceRow, TagRow, WordRow

__all__ = [
    "NEAR_KM", "Catalogue", "Filter", "Near", "build_catalogue", "built_from", "level_number", "open_engine", "open_weekdays",
]

KEPT_BUILDS = 2  # the one in force and the one that running workers may still read
NEAR_KM = 5.0  # what people mean by 附近: an hour on foot, a short ride
KM_PER_DEGREE = EARTH_RADIUS_KM * math.pi / 180
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Near:
    """Within so many kilometres of a point."""

    latitude_deg: float
    longitude_deg: float
    km: float = NEAR_KM


@dataclass(frozen=True)
class Filter:
    """Conditions on attractions; what is empty, 0 or None does not restrict.

    A sight whose price, opening days or position are not known meets no condition on them. `open_on` is a weekday,
    Monday = 1. Of each of `kinds` a sight carries at least one tag.
    """

    cities: tuple[str, ...] = ()
    any_tag: tuple[str, ...] = ()
    no_tag: tuple[str, ...] = ()
    max_ticket_yuan: float | None = None
    min_level: int = 0
    exclude: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    open_on: int = 0
    near: Near | None = None
    kinds: tuple[tuple[str, ...], ...] = ()


class Catalogue:
    """Reads records back, whole or by condition."""

    def __init__(self, url: str) -> None:
        """Open the build in force; in PostgreSQL this one is read as long as it stands, whatever is built meanwhile."""
        self._database = open_engine(url)
        self._place = _place_in_force(self._database) if is_shared(url) else ""

    @cached_property
    def cities(self) -> dict[str, City]:
        """City id to city, all of them."""
        return {row: _record(City, text) for row, text in self._rows(select(CityRow.id, CityRow.record))}

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Source id to source, all of them."""
        query = select(SourceRow.id, SourceRow.record)
        return {row: _record(Source, text) for row, text in self._rows(query)}

    @cached_property
    def city_names(self) -> NameTable:
        """Every name of every city, Chinese and English."""
        return name_table((city.id, (*city.names, city.name_en, city.id)) for city in self.cities.values())

    @cached_property
    def city_main_names(self) -> NameTable:
        """Only the proper name of every city: what a misspelt word may mean."""
        return name_table((city.id, (city.name, city.name_en)) for city in self.cities.values())

    @cached_property
    def sight_names(self) -> NameTable:
        """Every name of every sight, Chinese and English."""
        sights = self.find(Filter())
        written = {name for sight in sights for name in sight.names}
        told = ((sight.id, (*sight.names, sight.name_en, *short_names(sight, self.cities[sight.city], written))) for sight in sights)
        return name_table(told, min_homophone_length=3)

    @cached_property
    def districts(self) -> dict[str, tuple[str, ...]]:
        """City id to the districts its sights lie in."""
        query = select(SightRow.city, SightRow.district).where(SightRow.district != "").distinct()
        held: dict[str, list[str]] = {}
        for city, district in self._rows(query):
            held.setdefault(city, []).append(district)
        return {city: tuple(sorted(districts)) for city, districts in held.items()}

    @cached_property
    def district_homes(self) -> DistrictHomes:
        """Which city each district belongs to; none that is a city's or a sight's name."""
        return DistrictHomes.of(self.districts, self.city_names.ids_by_name.keys() | self.sight_names.ids_by_name.keys(), {city.province for city in self.cities.values()})

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The ordinary words of the descriptions, which are nobody's name."""
        return frozenset(word for (word,) in self._rows(select(WordRow.word)))

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Every sight's place in its city's list, 1 for the best known."""
        return {record: int(rank) for record, rank in self._rows(select(SightRow.id, SightRow.rank))}

    def get(self, ids: Iterable[str]) -> list[Attraction]:
        """The attractions with these ids, in this order; unknown ids are left out."""
        wanted = list(ids)
        query = select(SightRow.id, SightRow.record).where(SightRow.id.in_(wanted))
        found = {row: _record(Attraction, text) for row, text in self._rows(query)}
        return [found[record_id] for record_id in wanted if record_id in found]

    def find(self, condition: Filter, limit: int | None = None) -> list[Attraction]:
        """Attractions that meet the condition, best known first (city by city where cities are given)."""
        query = select(SightRow.id, SightRow.record).order_by(*_order(condition))
        for clause in _clauses(condition):
            query = query.where(clause)
        return [_record(Attraction, text) for _, text in self._rows(query.limit(limit))]

    def find_ids(self, condition: Filter, limit: int | None = None) -> list[str]:
        """Like `find`, ids only."""
        query = select(SightRow.id, SightRow.rank).order_by(*_order(condition))
        for clause in _clauses(condition):
            query = query.where(clause)
        return [row for row, _ in self._rows(query.limit(limit))]

    def tags_of(self, ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """The tags of these sights; without an entry where there are none."""
        held: dict[str, set[str]] = {}
        query = select(TagRow.attraction, TagRow.tag).where(TagRow.attraction.in_(list(ids)))
        for record, tag in self._rows(query):
            held.setdefault(record, set()).add(tag)
        return {record: frozenset(tags) for record, tags in held.items()}

    def _rows(self, query: Executable) -> list[tuple[str, ...]]:
        place = self._place
        try:
            return self._read(query, place)
        except SQLAlchemyError as error:
            if is_down(self._database, error):
                raise trouble(self._database, "the catalogue", error) from error
            if not place or place == _place_in_force(self._database):
                raise KnowledgeError("the catalogue cannot be read; run 'fengjing knowledge build'") from error
        self._turn_to_the_newest()
        return self._rows(query)

    def _read(self, query: Executable, place: str) -> list[tuple[str, ...]]:
        engine = self._database.execution_options(schema_translate_map={None: place}) if place else self._database
        with Session(engine) as session:
            return [tuple(row) for row in session.execute(query)]

    def _turn_to_the_newest(self) -> None:
        """The build that was opened is gone: forget all that was read of it."""
        place = _place_in_force(self._database)
        for name in [name for name in self.__dict__ if not name.startswith("_")]:
            self.__dict__.pop(name, None)
        self._place = place


def build_catalogue(url: str, base: KnowledgeBase, words: Iterable[str] = (), data: str = "") -> None:
    """Replace whatever the database holds of ours with this base, in one transaction; raises `StorageError`."""
    engine = open_engine(url)
    try:
        with told(engine, "the catalogue"):
            with engine.begin() as connection:
                _make_room(connection, data)
                _fill(connection, base, words)
            _drop_old_builds(engine)
    finally:
        engine.dispose()


def built_from(url: str) -> str:
    """The version of the data that the build in force was made from; empty where there is none."""
    engine = open_engine(url)
    try:
        build = _build_in_force(engine)
        return build.data if build else ""
    finally:
        engine.dispose()


def _build_in_force(engine: Engine) -> BuildRow | None:
    try:
        with Session(engine) as session:
            return session.scalars(select(BuildRow).order_by(BuildRow.id.desc())).first()
    except SQLAlchemyError as error:
        if is_down(engine, error):
            raise trouble(engine, "the catalogue", error) from error
        return None  # no table yet, or a file of an older layout


def _place_in_force(engine: Engine) -> str:
    build = _build_in_force(engine)
    if build is None:
        raise KnowledgeError("there is no catalogue yet; run 'fengjing knowledge build'")
    return build.place


def _make_room(connection: Connection, data: str) -> None:
    """Empty tables for a build, and its entry in the list: nobody sees either before the transaction ends."""
    shared = connection.dialect.name == "postgresql"
    if not shared:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # Python's driver would leave DDL outside
        CatalogueBase.metadata.drop_all(connection)
    place = f"catalogue_{uuid4().hex[:8]}" if shared else ""
    BuildBase.metadata.create_all(connection)
    with Session(connection) as session:
        session.add(BuildRow(place=place, data=data))
        session.flush()
    if shared:
        connection.execute(CreateSchema(place))
        connection.execution_options(schema_translate_map={None: place})
    CatalogueBase.metadata.create_all(connection)


def _fill(connection: Connection, base: KnowledgeBase, words: Iterable[str]) -> None:
    with Session(connection) as session:
        session.add_all(SourceRow(id=item.id, record=item.model_dump_json()) for item in base.sources)
        session.add_all(CityRow(id=item.id, record=item.model_dump_json()) for item in base.cities)
        session.flush()
        session.add_all(_sight_row(sight) for sight in base.attractions)
        session.flush()
        session.add_all(TagRow(attraction=s.id, tag=tag) for s in base.attractions for tag in set(s.tags))
        session.add_all(WordRow(word=word) for word in words)
        session.flush()


def _drop_old_builds(engine: Engine) -> None:
    with engine.begin() as connection:
        held = select(BuildRow.id, BuildRow.place).order_by(BuildRow.id.desc()).offset(KEPT_BUILDS)
        for build, place in connection.execute(held).all():
            if place:
                connection.execute(DropSchema(place, cascade=True, if_exists=True))
            connection.execute(delete(BuildRow).where(BuildRow.id == build))


def _record(kind: type[R], text: str) -> R:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise KnowledgeError("the catalogue was built by another version of Fengjing; upgrade, or run 'fengjing knowledge build'") from error


def _sight_row(sight: Attraction) -> SightRow:
    return SightRow(
        id=sight.id, city=sight.city, rank=sight.rank, level=level_number(sight),
        adult_yuan=sight.ticket.adult_yuan if sight.ticket else None, district=sight.district, setting=sight.setting,
        open_days="".join(map(str, open_weekdays(sight))), record=sight.model_dump_json(),
        latitude_deg=sight.position.latitude_deg if sight.position else None,
        longitude_deg=sight.position.longitude_deg if sight.position else None,
    )


def open_weekdays(sight: Attraction) -> tuple[int, ...]:
    """The weekdays (Monday = 1) on which a sight opens in some season; none where its hours are unknown."""
    if sight.hours is None:
        return ()
    opened = {day for period in sight.hours.periods for day in period.weekdays} or set(range(1, 8))
    return tuple(sorted(opened - set(sight.hours.closed_weekdays)))


def level_number(sight: Attraction) -> int:
    """Number of As: 5 for 5A, 0 for an unrated place."""
    return int(sight.grade.level[0]) if sight.grade else 0


def _order(condition: Filter) -> tuple[ColumnElement[str] | ColumnElement[int], ...]:
    return (SightRow.city, SightRow.rank) if condition.cities else (SightRow.rank, SightRow.city)  # type: ignore[return-value]


def _clauses(condition: Filter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if condition.cities:
        clauses.append(SightRow.city.in_(condition.cities))
    if condition.any_tag:
        clauses.append(_carries(condition.any_tag))
    clauses += [_carries(kind) for kind in condition.kinds]
    if condition.no_tag:
        clauses.append(~_carries(condition.no_tag))
    if condition.max_ticket_yuan is not None:
        clauses.append(SightRow.adult_yuan <= condition.max_ticket_yuan)
    if condition.min_level:
        clauses.append(SightRow.level >= condition.min_level)
    if condition.exclude:
        clauses.append(SightRow.id.not_in(condition.exclude))
    return clauses + _place_clauses(condition)


def _carries(tags: tuple[str, ...]) -> ColumnElement[bool]:
    """Whether a sight carries one of these tags, asked row by row: the tags of all sights of a country are many."""
    return exists().where(TagRow.attraction == SightRow.id, TagRow.tag.in_(tags))


def _place_clauses(condition: Filter) -> list[ColumnElement[bool]]:
    """Conditions on where a sight lies, under what roof, and on which day it opens."""
    clauses: list[ColumnElement[bool]] = []
    if condition.districts:
        clauses.append(SightRow.district.in_(condition.districts))
    if condition.settings:
        clauses.append(SightRow.setting.in_(condition.settings))
    if condition.open_on:
        clauses.append(SightRow.open_days.contains(str(condition.open_on)))
    if condition.near:
        clauses.append(_within(condition.near))
    return clauses


def _within(near: Near) -> ColumnElement[bool]:
    """The distance on a flat map, in plain arithmetic that every database knows; right to a few metres over a city."""
    north_km = (SightRow.latitude_deg - near.latitude_deg) * KM_PER_DEGREE
    east_km = (SightRow.longitude_deg - near.longitude_deg) * (KM_PER_DEGREE * math.cos(math.radians(near.latitude_deg)))
    return north_km * north_km + east_km * east_km <= near.km**2
