"""An import from the first file to the report: recognise, read, understand, merge, store.

Rows pass through in batches, so that a file of any size takes the same memory. Every batch is stored as a whole; an
import that breaks off has stored whole batches, and the same files can simply be given again.
"""

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from knowledge.builtin import KnowledgeBase
from knowledge.records import Source
from knowledge.ways_in.cities import PLACES_SOURCE, CityBook
from knowledge.ways_in.dates import year_of
from knowledge.ways_in.facts import Sighting, name_problem, names_of, sighting_of
from knowledge.ways_in.imported import CityRow, Imported, NoteRow, PassageRow, SourceRow, opened, put
from knowledge.ways_in.merge import Merger, Origin
from knowledge.ways_in.notes import note_rows
from knowledge.ways_in.plain_text import plain
from knowledge.ways_in.raw import (
    FLAGGED,
    Layout,
    Publisher,
    RawNote,
    RawSight,
    Refused,
    Remark,
    Row,
    Unreadable,
    Wishes,
)
from knowledge.ways_in.recognise import recognise
from knowledge.ways_in.report import FileReport, ImportReport, RefusedRows
from knowledge.ways_in.sources import source_of

BATCH = 2000
_OBJECTS = 100_000  # made between two searches for cycles
Progress = Callable[[str, int], None]


def import_files(
    paths: Iterable[Path], home: Path, base: KnowledgeBase, wishes: Wishes | None = None, progress: Progress | None = None
) -> ImportReport:
    """Take in files; a file that cannot be read is reported and the others go on."""
    wishes = wishes or Wishes()
    report = ImportReport()
    rejects = RefusedRows(home / "imports" / f"refused-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.csv")
    with opened(home) as store, _cycles_rarely_sought():
        book, merger = CityBook((*base.cities, *store.cities())), Merger(base, store)
        for path in paths:
            report.files.append(_Intake(path, wishes, store, book, merger, rejects, progress).run())
        if report.changed:
            with store.transaction() as connection:
                store.touch(connection)
    report.refused_file = rejects.path if rejects.count else None
    return report


@contextmanager
def _cycles_rarely_sought() -> Iterator[None]:
    """Rows make many objects and no cycles: looking for these at every 700 objects takes a third of an import's time."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass
class _Batch:
    """What a stretch of rows is made into before it is stored."""

    sightings: list[tuple[Sighting, Origin]] = field(default_factory=list)
    notes: list[tuple[dict[str, object], list[dict[str, object]]]] = field(default_factory=list)


class _Intake:
    """One file on its way in."""

    def __init__(
        self, path: Path, wishes: Wishes, store: Imported, book: CityBook, merger: Merger, rejects: RefusedRows, progress: Progress | None
    ) -> None:
        self.path, self.wishes, self.store, self.book, self.merger, self.rejects = path, wishes, store, book, merger, rejects
        self.progress = progress
        self.report = FileReport(path.name)
        self.sources: dict[str, Source] = {}

    def run(self) -> FileReport:
        """Read the file to its end; returns what was done."""
        begun = time.perf_counter()
        try:
            layout = recognise(self.path, self.wishes)
            self.report.layout = layout.name
            rows = layout.rows()
            while some := list(islice(rows, BATCH)):
                self._store(self._understand(some, layout))
                if self.progress:
                    self.progress(self.path.name, self.report.rows_read)
        except Unreadable as error:
            self.report.unreadable = str(error)
        self.report.seconds = time.perf_counter() - begun
        return self.report

    def _understand(self, rows: list[Row], layout: Layout) -> _Batch:
        batch = _Batch()
        for row in rows:
            if isinstance(row, Refused):
                self._refuse(row)
            elif isinstance(row, RawNote):
                batch.notes.append(self._note(row, layout))
            else:
                batch.sightings.extend(self._sighting(row, layout))
        return batch

    def _refuse(self, row: Refused) -> None:
        self.report.refuse(row)
        self.rejects.add(self.path.name, row)

    def _sighting(self, raw: RawSight, layout: Layout) -> Iterator[tuple[Sighting, Origin]]:
        name, name_en = names_of(raw)
        problem = name_problem(name)
        city = None if problem else (self.book.find(plain(raw.city), plain(raw.county), plain(raw.address)) or self.book.find(self.wishes.city))
        if city is None:
            said = plain(raw.city, 20)
            missing = "the city is none that we know; say which with --city" if said else "the row names no city; say which with --city"
            self._refuse(Refused(raw.line, problem or missing, f"{said} {name}".strip()))
            return
        origin = self._origin(layout, raw.dated, raw.line)
        yield sighting_of(raw, name, name_en, city, origin.source), origin

    def _note(self, raw: RawNote, layout: Layout) -> tuple[dict[str, object], list[dict[str, object]]]:
        origin = self._origin(layout, raw.dated, raw.line)
        city = self.book.mentioned(f"{raw.city} {raw.title} {raw.text[:400]}") or self.book.find(self.wishes.city)
        return note_rows(plain(raw.title), raw.text, source=origin.source, year=origin.year, file=self.path.name, line=raw.line,
                         city=city.id if city else "", url=raw.url)

    def _origin(self, layout: Layout, dated: object, line: int) -> Origin:
        """The source of a row: its year is the row's own date, else what the user says, else the layout's or the file's."""
        year = year_of(dated)
        if year is None and plain(dated):
            self.report.remark(line, Remark("the date holds no year; the file's year is taken", plain(dated, 30)))
        year = year or self.wishes.year or layout.year or self._year_of_file(layout)
        source = source_of(layout.publisher, year, self.path)
        self.sources.setdefault(source.id, source)
        return Origin(source.id, year, self.path.name)

    def _year_of_file(self, layout: Layout) -> int:
        """When the file was written: right for pages saved by hand, a guess for tables, which is said once."""
        year = datetime.fromtimestamp(self.path.stat().st_mtime, UTC).year
        undated = Remark("rows without a date are taken for the file's year; say the true one with --year", str(year))
        if layout.publisher is Publisher.TABLE and undated.kind not in self.report.remarks:
            self.report.remark(1, undated)
        return year

    def _store(self, batch: _Batch) -> None:
        """One transaction: cities and sources first, then sights, then notes with the texts of the sights."""
        with self.store.transaction() as connection:
            cities: list[dict[str, object]] = [{"id": city.id, "record": city.model_dump_json()} for city in self.book.created]
            known = [*self.sources.values(), *([PLACES_SOURCE] if cities else [])]
            put(connection, CityRow, cities, replace=False)
            put(connection, SourceRow, [{"id": source.id, "record": source.model_dump_json()} for source in known])
            merged = self.merger.add(connection, batch.sightings)
            notes = batch.notes + [note for seen, origin in batch.sightings for note in _texts_of(seen, origin)]
            put(connection, NoteRow, [note for note, _ in notes])
            put(connection, PassageRow, [passage for _, passages in notes for passage in passages])
        self._count(batch, merged.taken, merged.merged, merged.disagreements)

    def _count(self, batch: _Batch, taken: int, merged: int, disagreements: int) -> None:
        report = self.report
        report.taken, report.merged = report.taken + taken, report.merged + merged
        report.notes, report.disagreements = report.notes + len(batch.notes), report.disagreements + disagreements
        for seen, _ in batch.sightings:
            for remark in seen.remarks:
                report.remark(seen.line, remark)
        for note, _ in batch.notes:
            if note["flagged"]:
                report.remark(int(str(note["line"])), FLAGGED)


def _texts_of(seen: Sighting, origin: Origin) -> Iterator[tuple[dict[str, object], list[dict[str, object]]]]:
    """Introductions and tips of a sight, as notes about it."""
    for text in seen.texts:
        note = note_rows(seen.name, text, source=origin.source, year=origin.year, file=origin.file, line=seen.line, city=seen.city.id)
        if note[0]["flagged"]:
            seen.remarks.append(FLAGGED)
        yield note
