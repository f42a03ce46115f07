"""`fengjing knowledge import`: take in users' files, and show what other sources than the shown one say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from assistant.settings import load_settings
from chains import wording
from knowledge import library as shelves
from knowledge.builtin import load_builtin
from knowledge.embedding import E5Embeddings, load_vectors
from knowledge.errors import InputError
from knowledge.library import Library
from knowledge.records import Attraction, Datum
from knowledge.ways_in.combine import block_of, other_statements
from knowledge.ways_in.imported import Said, has_imports, opened
from knowledge.ways_in.intake import import_files
from knowledge.ways_in.notes import NotePassage, search_notes
from knowledge.ways_in.raw import Wishes
from knowledge.ways_in.report import FileReport, ImportReport

QUOTED_CHARS = 160
_ERROR = typer.style("error:", fg="red")


def take_in(
    files: Annotated[list[Path], typer.Argument(help="Saved pages, tables, exports, guides; what each is, is told by its content.")],
    city: Annotated[str, typer.Option(help="The city of rows that name none.")] = "",
    year: Annotated[int | None, typer.Option(min=1990, max=2100, help="The year of facts whose rows carry no date; without it the file's.")] = None,
    datum: Annotated[Datum | None, typer.Option(help="The datum of a table's coordinates.")] = None,
    columns: Annotated[list[str] | None, typer.Option("--map", help="A table's column for a field, as name=景点; may be given several times.")] = None,
    build: Annotated[bool, typer.Option(help="Rebuild the index afterwards.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Take in files: Qunar, Ctrip and Mafengwo pages, Xiaohongshu exports, the 352-city table, CrossWOZ, CSV, JSON, guides."""
    folders = [str(path) for path in files if path.is_dir()]
    if folders:
        raise InputError(f"{folders[0]} is a folder; give its files, as in {folders[0]}/*")
    wishes = Wishes(city, year, datum, dict(map(_pair, columns or ())))
    home = load_settings().home
    with _progress() as bar:
        task = bar.add_task("reading", total=None)
        report = import_files(files, home, load_builtin(), wishes, lambda name, rows: bar.update(task, description=f"{name}: {rows} rows"))
    if build and report.changed:
        _rebuild(home)
    typer.echo(json.dumps(report.content(), ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(report)))
    if any(file.unreadable for file in report.files):
        raise typer.Exit(1)


def _pair(text: str) -> tuple[str, str]:
    field, sign, column = text.partition("=")
    if not (field and sign and column):
        raise InputError(f"--map {text!r} is not like name=景点")
    return field.strip(), column.strip()


def _progress() -> Progress:
    return Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True))


def _rebuild(home: Path) -> None:
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("passages", total=None)
        shelves.build(home, E5Embeddings(load_vectors()), lambda done, all_: bar.update(task, completed=done, total=all_))


def _lines(report: ImportReport) -> Iterator[str]:
    for file in report.files:
        yield from _file_lines(file)
    if report.refused_file:
        yield f"all refused rows: {report.refused_file}"
    if not report.changed:
        yield "nothing was stored"


def _file_lines(file: FileReport) -> Iterator[str]:
    if file.unreadable:
        yield f"{file.file}: {_ERROR} {file.unreadable}"
        return
    yield (f"{file.file} · {file.layout}: {file.taken} taken, {file.merged} merged, {file.notes} notes, {file.refused} refused; "
           f"{file.disagreements} disagreements kept ({file.seconds:.1f} s)")
    for reason, count in file.reasons.most_common():
        yield f"  refused {count}: {reason}"
    for row in file.refused_lines:
        yield f"    line {row.line}: {row.reason}" + (f" · {row.excerpt[:60]}" if row.excerpt else "")
    for kind, count in file.remarks.most_common():
        yield f"  noticed {count}: {kind}"
    for line, remark in file.remark_lines:
        yield f"    line {line}: {remark}"


def other_lines(sight: Attraction, library: Library) -> list[str]:
    """What other sources say otherwise of a sight, one line each."""
    home, sources = load_settings().home, library.catalogue.sources
    base = load_builtin() if has_imports(home) else None
    others = other_statements(base, home, sight) if base else []
    return [f"also {said.fact:9} {_said_words(said)}  ← {sources[said.source].label} {said.year}{_under(said, sight)}" for said in others if said.source in sources]


def _under(said: Said, sight: Attraction) -> str:
    """The name it was said under, where that is not the sight's own."""
    return "" if said.name == sight.name else f" ({said.name})"


def _said_words(said: Said) -> str:
    block = block_of(said)
    if said.fact == "ticket":
        return wording.ticket_details(block, "zh")
    if said.fact == "hours":
        return wording.hours_words(block, "zh")
    if said.fact == "visit":
        return wording.visit_words(block, "zh")
    if said.fact == "position":
        return f"{block.latitude_deg}, {block.longitude_deg} {block.datum}"
    return block.level if said.fact == "level" else f"{block.score} ({block.reviews or '?'})"


def find_notes(text: str, cities: tuple[str, ...], limit: int) -> list[NotePassage]:
    """Passages of imported notes and guides that speak of the text."""
    home = load_settings().home
    if not has_imports(home):
        return []
    with opened(home) as store:
        return search_notes(store, text, cities, limit)


def note_line(note: NotePassage, library: Library) -> str:
    """A passage, quoted, with whose words it is."""
    quoted = note.text.replace("\n", " ")
    quoted = quoted if len(quoted) <= QUOTED_CHARS else quoted[:QUOTED_CHARS] + "…"
    source = library.catalogue.sources.get(note.source)
    warning = " [flagged: reads like an instruction, only quoted]" if note.flagged else ""
    return f"“{quoted}” — {note.title} · {source.label if source else note.source} {note.year}{warning}"
