"""`fengjing knowledge accuracy`: how often search and answers are right, on this installation's own base."""

import json
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TaskID

from assistant.accuracy import engine_of, systems, systems_of_model
from assistant.settings import load_settings
from knowledge.accuracy import Outcome, Question, System, ask
from knowledge.accuracy.apart import Overlap, copied, in_training
from knowledge.accuracy.derive import DEFAULT_NUMBER, Deriver
from knowledge.accuracy.picture import picture
from knowledge.accuracy.questions import hand_written
from knowledge.accuracy.report import Result, figures, kinds_table, table
from knowledge.accuracy.sample import sample
from knowledge.catalogue import Filter
from knowledge.errors import StorageError
from knowledge.library import Library, open_library

PACE_SECONDS = 120.0  # a model takes seconds for an answer: the remaining time is guessed from the last two minutes
TABLE_COLUMNS = 150  # figures with their limits are wider than a terminal that is no terminal


class QuestionSet(StrEnum):
    """Which questions are put."""

    HAND = "hand"
    DERIVED = "derived"
    BOTH = "both"


class Model(StrEnum):
    """Whose words are checked beside the search."""

    NONE = "none"
    BASE = "base"
    TUNED = "tuned"


def accuracy(
    which: Annotated[QuestionSet, typer.Option("--set", help="Hand-written, derived from the records, or both.")] = QuestionSet.BOTH,
    model: Annotated[Model, typer.Option(help="Also ask a model, without and with what we know.")] = Model.NONE,
    size: Annotated[int, typer.Option("--sample", min=0, help="At most so many questions of each set, every kind by its share; 0 for all.")] = 0,
    number: Annotated[int, typer.Option(min=7, help="How many questions to derive.")] = DEFAULT_NUMBER,
    seed: Annotated[int, typer.Option(help="Another seed derives and draws other questions.")] = 1,
    against: Annotated[list[Path] | None, typer.Option(help="Training data (JSON lines) the questions must stand apart from.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    picture_file: Annotated[Path | None, typer.Option("--picture", help="Draw the figures as SVG into this file.")] = None,
) -> None:
    """Check search and answers with questions whose answers the records hold; exit code 1 where questions leak."""
    settings = load_settings()
    library = open_library(settings.home)
    sets = {name: sample(questions, size, seed) for name, questions in _sets(library, which, number, seed).items()}
    checked = systems(library)
    if model is not Model.NONE:
        checked += systems_of_model(library, engine_of(settings, model), model)
    results = _results(checked, sets)
    overlaps = _overlaps(sets, library, against or [])
    if picture_file:
        _write(picture_file, picture(results))
    _show(results, overlaps, as_json=as_json)
    raise typer.Exit(1 if overlaps else 0)


def _sets(library: Library, which: QuestionSet, number: int, seed: int) -> dict[str, list[Question]]:
    """The questions by set; the hand-written ones in the half that was tuned on and the half that never is."""
    sets: dict[str, list[Question]] = {}
    if which is not QuestionSet.DERIVED:
        written = hand_written(library.catalogue)
        sets = {f"hand, {part}": [question for question in written if question.part == part] for part in ("dev", "held")}
    if which is not QuestionSet.HAND:
        sets["derived"] = Deriver(library.catalogue, seed).questions(number)
    return sets


def _results(checked: list[System], sets: dict[str, list[Question]]) -> list[Result]:
    """Every system on every set, and on the hand-written halves together; a bar a system, as their pace differs."""
    results = []
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=Console(stderr=True), speed_estimate_period=PACE_SECONDS) as bar:
        for system in checked:
            task = bar.add_task(system.name, total=sum(map(len, sets.values())))
            done = {name: ask(system, questions, partial(_step, bar, task)) for name, questions in sets.items()}
            results += [Result(system.name, name, tuple(outcomes)) for name, outcomes in done.items()]
            written = [outcome for name, outcomes in done.items() if name.startswith("hand") for outcome in outcomes]
            results += [Result(system.name, "hand", tuple(written))] if written else []
    return results


def _step(bar: Progress, task: TaskID, _: Outcome) -> None:
    bar.advance(task)


def _overlaps(sets: dict[str, list[Question]], library: Library, against: list[Path]) -> list[Overlap]:
    """Questions that give their answer away or stand in training data; derived ones use templates by design."""
    asked = [question for questions in sets.values() for question in questions]
    written = [question for question in asked if question.part != "derived"]
    return copied(written, library.catalogue.find(Filter())) + in_training(asked, against)


def _show(results: list[Result], overlaps: list[Overlap], *, as_json: bool) -> None:
    if as_json:
        leaks = [{"question": overlap.question, "seen": overlap.seen} for overlap in overlaps]
        typer.echo(json.dumps({"results": figures(results), "overlaps": leaks}, ensure_ascii=False, indent=2))
        return
    console = Console(width=TABLE_COLUMNS)
    console.print(table(results))
    console.print(kinds_table(results))
    for overlap in overlaps:
        typer.echo(f"not apart: {overlap.question!r} stands in {overlap.seen}")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"the picture cannot be written to {file} ({error.strerror}); name a folder that exists") from error
