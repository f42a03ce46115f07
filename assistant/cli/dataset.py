"""`fengjing dataset build | convert | split | register | check | preview`: data sets for fine-tuning."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from assistant.settings import load_settings
from chains.understanding.request import Language
from finetune.base import load_tokenizer
from finetune.datasets import check as checking
from finetune.datasets import convert as converting
from finetune.datasets import grouping, preview, registry
from finetune.datasets.build import SHIPPED_MIX, Mixture
from finetune.datasets.build import build as make
from finetune.datasets.evaluation import evaluation_questions
from finetune.datasets.extra import Persona, portion
from finetune.datasets.formats import Format
from finetune.datasets.prices import PriceCheck
from finetune.datasets.task import LANGUAGES, Recipe
from knowledge.errors import InputError
from knowledge.library import Library, open_library

app = typer.Typer(help="Data sets for fine-tuning: make, convert, split, register, check, look at.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
Model = Annotated[str, typer.Option(help="Whose tokenizer: a name of 'fengjing model list', a GGUF file, a folder or a hub name.")]
SHOWN = 20  # findings printed unless all are asked for


@app.command("build")
def build(
    rows: Annotated[int, typer.Option(min=20, help="Rows of task data, all splits together.")] = 5000,
    seed: Annotated[int, typer.Option(help="The same seed over the same knowledge makes the same files.")] = 42,
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("dataset"),
    language: Annotated[list[str] | None, typer.Option(help="zh or en; both where none is given.")] = None,
    mix: Annotated[list[str] | None, typer.Option(help="SOURCE=SHARE of the training file: identity, general, memory, a file, hub:NAME. "
                                                       "Given once, only what is given is mixed in.")] = None,
    organisation: Annotated[Format, typer.Option(help="How rows are written.")] = Format.MESSAGES,
    name: Annotated[str, typer.Option(help="What the assistant calls itself in self-cognition rows.")] = "",
    author: Annotated[str, typer.Option(help="Who it says made it.")] = "",
    exclude: Annotated[list[Path] | None, typer.Option(help="Files of evaluation questions that must not be learned.")] = None,
    as_json: Json = False,
) -> None:
    """Make task data from the knowledge base in exactly the prompt that serves, and mix in the rest."""
    if organisation in (Format.DIALOGUES, Format.CSV):
        raise InputError(f"--organisation {organisation} cannot carry a system prompt; build messages and convert")
    recipe = Recipe(rows=rows, seed=seed, languages=_languages(language), forbidden=evaluation_questions(exclude or ()))
    portions = tuple(map(portion, mix)) if mix else SHIPPED_MIX
    library = _library()
    with _bar("rows") as moved:
        card = make(library, out, recipe, Mixture(portions, Persona(name, author), organisation), moved)
    if as_json:
        typer.echo(json.dumps(card, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{out}: rows {card['rows']}, mixed in {card['mixed_in']}\nkinds {card['kinds']}\nlanguages {card['languages']}, "
               f"distinct names {card['distinct_names']}; registered in {out / registry.REGISTRY}")


@app.command("convert")
def convert(
    source: Annotated[Path, typer.Argument(help="JSON lines, a JSON array or CSV.")],
    target: Annotated[Path, typer.Argument(help="The ending decides: .jsonl, .json (one array) or .csv.")],
    to: Annotated[Format, typer.Option(help="The organisation to write.")] = Format.ALPACA,
    as_json: Json = False,
) -> None:
    """Convert between alpaca, ShareGPT, OpenAI messages, CSV and lists of turns, whatever the size."""
    with _bar(source.name) as moved:
        done = converting.convert(source, target, to, moved)
    if as_json:
        typer.echo(json.dumps(vars(done), ensure_ascii=False))
        return
    typer.echo(f"{target}: {done.rows} rows, {done.turns} answers, {done.left_out} left out")
    for reason in done.reasons:
        typer.echo(f"  {reason}")


@app.command("split")
def split(
    source: Annotated[Path, typer.Argument(help="Any file that convert reads.")],
    ratio: Annotated[str, typer.Option(help="80/10/10, 7:2:1, 9:1 …")] = "80/10/10",
    out: Annotated[Path | None, typer.Option(help="Folder for the parts; a folder beside the source where none is given.")] = None,
    by: Annotated[str, typer.Option(help="What stays together: a field's name, 'question', or 'place' (cities and sights of the knowledge base).")] = "group",
    seed: int = 42,
    as_json: Json = False,
) -> None:
    """Split rows by group, so that no sight and no question is in two parts."""
    group = grouping.by_question if by == "question" else grouping.by_field(by)
    if by == "place":
        group = grouping.by_place(grouping.cities_named(_library().catalogue))
    folder = out or source.with_name(f"{source.stem}-split")
    division = grouping.split(source, folder, grouping.ratios_of(ratio), seed, group)
    if as_json:
        typer.echo(json.dumps(vars(division)))
        return
    typer.echo(f"{folder}: " + ", ".join(f"{part} {rows} rows in {division.groups[part]} groups" for part, rows in division.rows.items()))


@app.command("register")
def register(
    file: Annotated[Path, typer.Argument(help="A data file.")],
    name: Annotated[str, typer.Option(help="The name to train by; the file's own where none is given.")] = "",
    folder: Annotated[Path | None, typer.Option("--dir", help="Folder of dataset_info.json; the file's own where none is given.")] = None,
    sha1: Annotated[bool, typer.Option("--sha1", help="Add file_sha1, which LLaMA-Factory up to v0.7.0 compares.")] = False,
) -> None:
    """Add a file to LLaMA-Factory's dataset_info.json."""
    entry = registry.register(file, name, folder, sha1=sha1)
    typer.echo(f"{(folder or file.parent) / registry.REGISTRY}: {name or file.stem} = {json.dumps(entry)}")


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="One file, or the splits of one set: leaks between them are looked for.")],
    prices: Annotated[bool, typer.Option("--prices", help="Compare prices with the knowledge base.")] = False,
    cutoff: Annotated[int, typer.Option(min=0, help="cutoff_len; 0 skips counting tokens.")] = 0,
    model: Model = "",
    batch: Annotated[int, typer.Option(min=1)] = 2,
    accumulation: Annotated[int, typer.Option(min=1)] = 8,
    epochs: Annotated[float, typer.Option(min=0.01)] = 3.0,
    everything: Annotated[bool, typer.Option("--all", help="Print every finding.")] = False,
    as_json: Json = False,
) -> None:
    """Look for what spoils a training; exit code 1 where something is wrong."""
    found = checking.inspect(files, PriceCheck(_library().catalogue).wrong if prices else None)
    lengths = [_truncation(path, cutoff, model, found) for path in files] if cutoff else []
    rows = found.rows[files[0].name]
    steps, warning = checking.step_findings(rows, checking.Plan(batch, accumulation, epochs))
    report = {"rows": dict(found.rows), "steps": steps, "warning": warning, "tokens": lengths,
              "findings": [vars(finding) for finding in found.findings]}
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print_check(found, report, everything=everything)
    raise typer.Exit(1 if found.findings else 0)


def _truncation(path: Path, cutoff: int, model: str, found: checking.Inspection) -> dict[str, float]:
    """Count tokens, and add a finding for every row that the cut reaches."""
    settings = load_settings()
    cut, lengths = preview.overlong(path, load_tokenizer(model or settings.model, settings.home), cutoff)
    for row in cut:
        left = "its answer is cut short" if row.answer_left else "nothing of its answer is left"
        found.findings.append(checking.Finding(path.name, row.place, "cutoff", f"{row.tokens} tokens at cutoff_len {cutoff}: {left}"))
    return {"rows": len(lengths), "mean": round(mean(lengths or [0]), 1), "longest": max(lengths, default=0), "cut": len(cut)}


def _print_check(found: checking.Inspection, report: dict[str, object], *, everything: bool) -> None:
    shown = found.findings if everything else found.findings[:SHOWN]
    for finding in shown:
        typer.echo(str(finding))
    if len(shown) < len(found.findings):
        typer.echo(f"… and {len(found.findings) - len(shown)} more; --all prints them")
    for tokens in report["tokens"]:  # type: ignore[attr-defined]
        typer.echo(f"tokens: {tokens}")
    typer.echo(f"rows {report['rows']}; {len(found.findings)} findings; {report['steps']} optimiser steps for the first file")
    if report["warning"]:
        typer.echo(f"warning: {report['warning']}")


@app.command("preview")
def show(
    file: Annotated[Path, typer.Argument(help="Any file that convert reads.")],
    row: Annotated[int, typer.Option(min=1, help="The first row to show.")] = 1,
    count: Annotated[int, typer.Option(min=1, help="How many rows.")] = 3,
    model: Model = "",
    history: Annotated[bool, typer.Option("--history", help="Learn every answer of a conversation, not only the last.")] = False,
) -> None:
    """Show rows as the model's template writes them; what is learned is green and underlined."""
    console, settings = Console(highlight=False), load_settings()
    tokenizer = load_tokenizer(model or settings.model, settings.home)
    for seen in preview.rendered(file, tokenizer, row, count, history=history):
        console.rule(f"row {seen.place}: {seen.tokens} tokens, {seen.learned} learned")
        console.print(Text.assemble(*((piece.text, "green underline" if piece.learned else "dim") for piece in seen.pieces)), soft_wrap=True)


def _library() -> Library:
    return open_library(load_settings().home, say=lambda text: typer.echo(text, err=True))


def _languages(given: list[str] | None) -> tuple[Language, ...]:
    unknown = set(given or ()) - set(LANGUAGES)
    if unknown:
        raise InputError(f"--language takes zh or en, not {', '.join(sorted(unknown))}")
    return tuple(known for known in LANGUAGES if known in (given or LANGUAGES))


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, moved by calls with (done, all)."""
    with Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, all_: bar.update(task, completed=done, total=all_)
