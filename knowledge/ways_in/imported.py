"""What was imported, in one SQLite file of the user's home: sights, every source's statement of every fact, notes.

A statement is kept as (sight, fact, source, name it was said under): a second source adds a row and never replaces the first one's, so that
disagreements stay visible; the same source read again replaces its own. Sights that ship with Fengjing appear here by
their id only. The file is the user's own data: no build and no upgrade removes it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TypeVar, cast
from uuid import uuid4

from sqlalchemy import Boolean, Connection, Float, Integer, String, Table, Text, event, select
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from knowledge.catalogue import open_engine
from knowledge.errors import StorageError
from knowledge.geometry import Spot
from knowledge.records import City, Source
from knowledge.ways_in.matching import Known

FILE = "imported.sqlite"
LAYOUT = 1
_MANY = 400  # values in one IN (…)
_CACHE_KB = 32_768  # pages kept in memory: rows come in no order, and SQLite's own 2 MB hold few of the pages they go to
_BY_KEY = {"sqlite_with_rowid": False}  # rows lie in the order of their keys: a quarter less to write and to keep
T = TypeVar("T")


class _Base(DeclarativeBase):
    pass


class StateRow(_Base):
    """The layout of the tables, and a mark that changes with every import."""

    __tablename__ = "state"
    layout: Mapped[int] = mapped_column(Integer, primary_key=True)
    revision: Mapped[str] = mapped_column(String(32))


class SourceRow(_Base):
    """A source, as JSON."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(String(96), primary_key=True)
    record: Mapped[str] = mapped_column(Text)


class CityRow(_Base):
    """A city that did not ship, as JSON."""

    __tablename__ = "city"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    record: Mapped[str] = mapped_column(Text)


class SightRow(_Base):
    """A sight, by the id it has in the catalogue; `own` are those that did not ship."""

    __tablename__ = "sight"
    __table_args__ = _BY_KEY
    id: Mapped[str] = mapped_column(String(96), primary_key=True)
    city: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    own: Mapped[bool] = mapped_column(Boolean)
    line: Mapped[int] = mapped_column(Integer)  # where it first stood: lists begin with the best known


class NameRow(_Base):
    """A spelling of a sight's name."""

    __tablename__ = "sight_name"
    __table_args__ = _BY_KEY
    sight: Mapped[str] = mapped_column(String(96), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)


class KeyRow(_Base):
    """What a sight is found by within its city."""

    __tablename__ = "sight_key"
    __table_args__ = _BY_KEY
    city: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    sight: Mapped[str] = mapped_column(String(96), primary_key=True)


class CellRow(_Base):
    """Where a sight is: the cell of the grid, and the point (GCJ-02 degrees)."""

    __tablename__ = "sight_cell"
    sight: Mapped[str] = mapped_column(String(96), primary_key=True)
    cell: Mapped[int] = mapped_column(Integer, index=True)
    latitude_deg: Mapped[float] = mapped_column(Float)
    longitude_deg: Mapped[float] = mapped_column(Float)


class FactRow(_Base):
    """What one source says of one fact of a sight, and under which name: JSON, the text it was read from, and where that stood."""

    __tablename__ = "fact"
    __table_args__ = _BY_KEY
    sight: Mapped[str] = mapped_column(String(96), primary_key=True)
    fact: Mapped[str] = mapped_column(String(24), primary_key=True)
    source: Mapped[str] = mapped_column(String(96), primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    weight: Mapped[int] = mapped_column(Integer)
    value: Mapped[str] = mapped_column(Text)
    raw: Mapped[str] = mapped_column(Text)
    file: Mapped[str] = mapped_column(String(200))
    line: Mapped[int] = mapped_column(Integer)


class NoteRow(_Base):
    """Somebody's words, as data; `flagged` where they try to give orders."""

    __tablename__ = "note"
    __table_args__ = _BY_KEY
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    city: Mapped[str] = mapped_column(String(64), index=True)
    sight: Mapped[str] = mapped_column(String(96))
    source: Mapped[str] = mapped_column(String(96))
    year: Mapped[int] = mapped_column(Integer)
    url: Mapped[str] = mapped_column(String(300))
    file: Mapped[str] = mapped_column(String(200))
    line: Mapped[int] = mapped_column(Integer)
    flagged: Mapped[bool] = mapped_column(Boolean)


class PassageRow(_Base):
    """A searchable piece of a note."""

    __tablename__ = "passage"
    __table_args__ = _BY_KEY
    note: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Said:
    """One stored statement."""

    sight: str
    fact: str
    source: str
    name: str
    year: int
    weight: int
    value: str


class Imported:
    """The user's imported data, opened; every block of work is one transaction."""

    def __init__(self, home: Path) -> None:
        """Open the file under `home`, making it where there is none."""
        home.mkdir(parents=True, exist_ok=True)
        self._engine = open_engine(f"sqlite:///{home / FILE}")
        event.listen(self._engine, "connect", _hurry)
        with self.transaction() as connection:
            _Base.metadata.create_all(connection)
            layout = connection.execute(select(StateRow.layout)).scalar()
            if layout is None:
                connection.execute(insert(StateRow).values(layout=LAYOUT, revision=uuid4().hex))
            elif layout > LAYOUT:
                raise StorageError(f"{FILE} was written by a later version of Fengjing; upgrade, or give another FENGJING_HOME")

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction; whatever the database refuses is said in one line."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StorageError(f"{FILE} cannot be read or written ({error.__cause__ or error}); free some disk space, or move the file away") from error

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @property
    def revision(self) -> str:
        """A mark that changes with every import."""
        with self.transaction() as connection:
            return connection.execute(select(StateRow.revision)).scalar() or ""

    def touch(self, connection: Connection) -> None:
        """Note that something changed."""
        connection.execute(StateRow.__table__.update().values(revision=uuid4().hex))  # type: ignore[attr-defined]  # a Table

    def cities(self) -> list[City]:
        """The cities that were made for imports."""
        with self.transaction() as connection:
            return [City.model_validate_json(record) for record in connection.execute(select(CityRow.record).order_by(CityRow.id)).scalars()]

    def sources(self) -> list[Source]:
        """The sources of all that was imported."""
        with self.transaction() as connection:
            return [Source.model_validate_json(record) for record in connection.execute(select(SourceRow.record).order_by(SourceRow.id)).scalars()]

    def sights(self) -> Iterator[tuple[str, str, str, bool, list[str]]]:
        """(id, city, name, own, further spellings) of every sight, in the order of their lines."""
        with self.transaction() as connection:
            spellings: dict[str, list[str]] = {}
            for sight, name in connection.execute(select(NameRow.sight, NameRow.name)):
                spellings.setdefault(sight, []).append(name)
            rows = connection.execute(select(SightRow.id, SightRow.city, SightRow.name, SightRow.own).order_by(SightRow.line, SightRow.id))
            for sight, city, name, own in rows:
                yield sight, city, name, own, [spelling for spelling in spellings.get(sight, ()) if spelling != name]

    def statements(self, sights: Iterable[str] | None = None) -> Iterator[Said]:
        """Every statement, or those about some sights; sight by sight."""
        columns = select(FactRow.sight, FactRow.fact, FactRow.source, FactRow.name, FactRow.year, FactRow.weight, FactRow.value)
        with self.transaction() as connection:
            if sights is None:
                yield from (Said(*row) for row in connection.execute(columns.order_by(FactRow.sight, FactRow.fact, FactRow.source, FactRow.name)))
                return
            for some in _in_parts(sights):
                yield from (Said(*row) for row in connection.execute(columns.where(FactRow.sight.in_(some))))

    def known(self, connection: Connection, keys: set[tuple[str, str]], cells: set[int]) -> list[Known]:
        """The sights found by these keys and in these cells."""
        ids: set[str] = set()
        for city, some in _by_city(keys):  # SQLite reads the whole table where pairs are asked for
            ids.update(connection.execute(select(KeyRow.sight).where(KeyRow.city == city, KeyRow.key.in_(some))).scalars())
        for part in _in_parts(cells):
            ids.update(connection.execute(select(CellRow.sight).where(CellRow.cell.in_(part))).scalars())
        found: dict[str, Known] = {}
        for several in _in_parts(ids):
            for sight, city, name in connection.execute(select(SightRow.id, SightRow.city, SightRow.name).where(SightRow.id.in_(several))):
                found[sight] = Known(sight, city, name)
            for sight, name in connection.execute(select(NameRow.sight, NameRow.name).where(NameRow.sight.in_(several))):
                found[sight].called((name,))
            for row in connection.execute(select(CellRow.sight, CellRow.latitude_deg, CellRow.longitude_deg).where(CellRow.sight.in_(several))):
                found[row[0]].point = Spot(row[1], row[2])
        return list(found.values())


def put(connection: Connection, kind: type[DeclarativeBase], rows: list[dict[str, object]], *, replace: bool = True) -> None:
    """Insert rows; those that stand there already are replaced, or left."""
    if rows:
        statement, columns = _insertion(kind, replace=replace)
        connection.exec_driver_sql(statement, list(map(itemgetter(*columns), rows)))


@cache
def _insertion(kind: type[DeclarativeBase], *, replace: bool) -> tuple[str, list[str]]:
    """An INSERT and the columns of its values: rows go to the driver as they are, which takes half the time."""
    table = cast("Table", kind.__table__)
    statement = insert(table)
    primary = [column.name for column in table.primary_key]
    others = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in primary}
    compiled = (statement.on_conflict_do_update(index_elements=primary, set_=others) if replace and others
                else statement.on_conflict_do_nothing()).compile(dialect=sqlite_dialect())
    return str(compiled), list(compiled.positiontup or ())


def has_imports(home: Path) -> bool:
    """Whether anything was ever imported here."""
    return (home / FILE).exists()


@contextmanager
def opened(home: Path) -> Iterator[Imported]:
    """The imported data of a home, closed again at the end."""
    store = Imported(home)
    try:
        yield store
    finally:
        store.close()


def revision_of(home: Path) -> str:
    """A mark that changes with every import under `home`."""
    with opened(home) as store:
        return store.revision


def _by_city(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """The keys of one city after the other, so many at a time."""
    held: dict[str, list[str]] = {}
    for city, key in keys:
        held.setdefault(city, []).append(key)
    yield from ((city, some) for city, all_keys in held.items() for some in _in_parts(all_keys))


def _in_parts(values: Iterable[T]) -> Iterator[list[T]]:
    items = list(values)
    for start in range(0, len(items), _MANY):
        yield items[start:start + _MANY]


def _hurry(connection: object, _record: object) -> None:
    """Imports are many small writes: leave the syncing to the write-ahead log."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
    cursor.close()
