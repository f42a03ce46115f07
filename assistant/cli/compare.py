"""`fengjing compare`: two adapters side by side on the same prompts; `compare vote` and `compare result`: which one people prefer."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.assistant import open_engine_of
from assistant.settings import Settings, load_settings
from finetune.adapters import NONE, SHIPPED, adapter_named
from finetune.judging import compare as comparing
from finetune.judging.compare import About, Answer, Compared, Comparison, figures, kept, side_by_side
from finetune.judging.compare_page import figure_rows, outcome_words, page_html, share_words
from finetune.judging.compare_prompts import Prompt, of_questions, of_rows, read_questions
from finetune.judging.notes import unfinished, write
from finetune.judging.predict import read_held_out
from finetune.judging.votes import Booth, Choice, lay_key, tally_figures
from knowledge.errors import EngineError, InputError
from knowledge.library import Library, open_library

app = typer.Typer(help="Two adapters side by side, and blind votes on them.", invoke_without_command=True, subcommand_metavar="[vote | result]")
PAGE = "comparison.html"
TABLE_COLUMNS = 130  # shares with their limits are wider than a terminal that is no terminal
_ANSWERS: dict[str, Choice] = {"a": "A", "b": "B", "t": "tie", "x": "both bad"}
Folder = Annotated[Path | None, typer.Argument(help="A folder 'fengjing compare' has written; the newest otherwise.")]


@app.callback()
def compare(
    context: typer.Context,
    base: Annotated[str, typer.Option(help="One side: none, shipped, or a folder or GGUF of your own.")] = NONE,
    tuned: Annotated[str, typer.Option(help="The other side.")] = SHIPPED,
    rows: Annotated[Path | None, typer.Option(help="Held-out rows, as 'fengjing dataset build' writes them (test.jsonl).")] = None,
    questions: Annotated[Path | None, typer.Option(help="Questions, one a line, put as the chat would put them.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; one under the home folder's comparisons otherwise.")] = None,
    seed: Annotated[int | None, typer.Option(help="Shuffles the sides for voting; drawn where it is not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Ask both sides the same, greedy and before the guard; write JSON lines and a page, and print the figures."""
    if context.invoked_subcommand:
        return
    if (rows is None) == (questions is None):
        raise typer.BadParameter("give --rows FILE or --questions FILE")
    settings = load_settings()
    _check_sides(settings, base, tuned)
    prompts = _prompts(open_library(settings.home, servers=settings.servers), rows, questions, limit)
    about = About(settings.model, base, tuned, str(rows or questions), datetime.now(UTC).isoformat(timespec="seconds"))
    folder = out or settings.home / "comparisons" / _folder_name(about)
    notes = [unfinished(folder, settings.model, side) for side in (base, tuned)]
    sides = [_asked(settings, side, prompts, note) for side, note in zip((base, tuned), notes, strict=True)]
    comparison = Comparison(about, side_by_side(prompts, *sides))
    comparing.save(comparison, folder)
    write(folder / PAGE, page_html(comparison))
    lay_key(folder, seed)
    for note in notes:
        note.unlink()
    _print(figures(comparison), folder, as_json=as_json)


@app.command("vote")
def vote(folder: Folder = None, voter: Annotated[str, typer.Option(help="Who votes.")] = "me") -> None:
    """Vote blind, prompt by prompt; what was voted is kept, and an empty line or q ends it."""
    booth, console = Booth(_given(folder)), Console()
    waiting = booth.waiting(voter)
    for row in waiting:
        console.print(f"\n[bold]{len(booth.ballots) - len(booth.waiting(voter)) + 1} of {len(booth.ballots)}[/bold]")
        console.print(row.question, markup=False, highlight=False)
        choice = _choice(console, booth, row)
        if choice is None:
            break
        booth.cast(row.number, choice, voter)
    left = len(booth.waiting(voter))
    typer.echo(f"{len(booth.ballots) - left} of {len(booth.ballots)} voted; " + (f"{left} wait for 'fengjing compare vote {booth.folder}'" if left else f"see 'fengjing compare result {booth.folder}'"))


@app.command("result")
def result(folder: Folder = None, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show how the votes fell, for all and for each voter, and how often they agree with the counted verdict; the page gets them too."""
    booth = Booth(_given(folder))
    tallies = [tally_figures(tally) for tally in booth.tallies()]
    write(booth.folder / PAGE, page_html(booth.comparison, tallies))
    if as_json:
        typer.echo(json.dumps({"tuned": booth.comparison.about.tuned, "base": booth.comparison.about.base, "ballots": len(booth.ballots), "votes": tallies}, ensure_ascii=False, indent=2))
        return
    if not tallies:
        raise InputError(f"nobody has voted yet; run 'fengjing compare vote {booth.folder}'")
    about = booth.comparison.about
    table = Table("voter", "win", "tie", "loss", "both bad", "win where decided", "p", "agrees with the count", title=f"votes for {about.tuned} against {about.base}")
    for tally in tallies:
        table.add_row(tally["voter"], *(share_words(tally["of_all"][key]) for key in ("win", "tie", "loss")), str(tally["both_bad"]),
                      share_words(tally["of_decided"]), f"{tally['sign_test_p']:.4f}", share_words(tally["agreement"]))
    Console(width=TABLE_COLUMNS).print(table)
    typer.echo(f"the page with the votes is {booth.folder / PAGE}")


def _check_sides(settings: Settings, base: str, tuned: str) -> None:
    """Both sides must be there, differ, and be ours to load: a server behind a URL speaks with its own adapter."""
    if settings.base_url:
        raise InputError("compare loads both adapters itself and cannot do so behind FENGJING_BASE_URL; run 'FENGJING_BASE_URL= fengjing compare …'")
    if adapter_named(base, settings.model) == adapter_named(tuned, settings.model):
        raise InputError(f"{base} and {tuned} are the same adapter for {settings.model}; name another with --base or --tuned")


def _prompts(library: Library, rows: Path | None, questions: Path | None, limit: int | None) -> list[Prompt]:
    if rows:
        return of_rows(read_held_out(rows, limit), library)
    if questions is None:
        raise AssertionError("one of the two is given")
    made, by_code = of_questions(read_questions(questions)[:limit], library)
    if by_code:
        Console(stderr=True).print(f"{len(by_code)} questions are answered by code alone and are left out, such as: {by_code[0]}", highlight=False)
    if not made:
        raise InputError(f"no question of {questions} is put to a model; ask for sights, prices or itineraries of cities")
    return made


def _asked(settings: Settings, side: str, prompts: list[Prompt], notes: Path) -> list[Answer]:
    engine = open_engine_of(settings.model_copy(update={"adapter": side}))
    try:
        return list(track(comparing.answers(engine, prompts, notes), description=f"asking {side}", total=len(prompts), console=Console(stderr=True)))
    except EngineError as error:
        raise EngineError(f"{error}; then go on with the same command and --out {notes.parent}") from error


def _folder_name(about: About) -> str:
    """``20261121-101500-none-shipped``: when, and the two sides without what a file system dislikes."""
    when = re.sub(r"\D", "", about.made[:10]) + "-" + re.sub(r"\D", "", about.made[11:19])
    return "-".join([when, _plain_name(about.base), _plain_name(about.tuned)])


def _plain_name(side: str) -> str:
    return re.sub(r"[^\w.]+", "_", Path(side).name)


def _given(folder: Path | None) -> Path:
    if folder:
        return folder
    found = kept(load_settings().home)
    if not found:
        raise InputError("there is no comparison yet; run 'fengjing compare --questions FILE'")
    return found[0]


def _choice(console: Console, booth: Booth, row: Compared) -> Choice | None:
    for name, answer in zip("AB", booth.shown(row), strict=True):
        console.rule(name)
        console.print(answer.text, markup=False, highlight=False)
    while True:
        try:
            typed = console.input(f"[green]which is better? {', '.join(f'{key} {word}' for key, word in _ANSWERS.items())}, q to end: [/green]").strip().lower()
        except EOFError:
            return None
        if typed in ("", "q"):
            return None
        if typed in _ANSWERS:
            return _ANSWERS[typed]


def _print(counted: dict[str, Any], folder: Path, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({**counted, "folder": str(folder)}, ensure_ascii=False, indent=2))
        return
    table = Table("", f"base: {counted['base']}", f"tuned: {counted['tuned']}", title=f"{counted['model']}, {counted['prompts']} prompts, before the guard")
    for row in figure_rows(counted):
        table.add_row(*row)
    Console().print(table)
    typer.echo(outcome_words(counted))
    typer.echo(f"the page is {folder / PAGE}; vote blind with 'fengjing compare vote {folder}'")
