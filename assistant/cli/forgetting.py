"""`fengjing forgetting`: general multiple-choice items for the tuned model and its base, and what tuning cost."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.assistant import open_engine_of
from assistant.settings import Settings, load_settings
from finetune.adapters import NONE, adapter_named
from finetune.judging.fewclue import PUBLIC, items_of
from finetune.judging.forgetting import (
    ALL,
    Comparison,
    accuracies,
    compare,
    figures,
    in_words,
    p_in_words,
    run_figures,
    unparsed,
)
from finetune.judging.forgetting_asking import Choice, Run, ask, keep, kept
from finetune.judging.forgetting_items import Item, own_items, spread
from finetune.judging.forgetting_likelihood import ask_by_likelihood, load
from knowledge.accuracy.metrics import Share
from knowledge.errors import InputError, StorageError


class Way(StrEnum):
    """How an option is chosen."""

    LIKELIHOOD = "likelihood"
    LETTERS = "letters"


KEPT, TABLE_COLUMNS = ".jsonl", 130
BASE_FILE, TUNED_FILE, FIGURES_FILE = "answers_base.jsonl", "answers_tuned.jsonl", "forgetting.json"


def forgetting(
    adapter: Annotated[str, typer.Option(help="shipped, none, a folder or GGUF of your own, or answers kept earlier (.jsonl); the chat's otherwise.")] = "",
    against: Annotated[str, typer.Option(help="What it is compared with, in the same words.")] = NONE,
    alone: Annotated[bool, typer.Option("--alone", help="Ask only the one model and compare with nothing.")] = False,
    fewclue: Annotated[Path | None, typer.Option(help="Ask FewCLUE's items instead: the folder that holds its tasks' folders.")] = None,
    by: Annotated[Way, typer.Option(help="Choose by the likelihood of each option's words (needs the 'tune' packages), or by the letter the model says.")] = Way.LIKELIHOOD,
    split: Annotated[str, typer.Option(help="Which of FewCLUE's files, such as test_public or dev_0.")] = PUBLIC,
    task: Annotated[list[str] | None, typer.Option(help="Only this task of FewCLUE; may be given again.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many items, spread over all of them.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the answers (JSON lines, to compare with later) and the figures.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """See whether tuning cost general knowledge, in Chinese and English: accuracy with and without the adapter."""
    settings = load_settings()
    tuned = adapter or settings.adapter
    _check(settings, tuned, None if alone else against, by, out)
    items = spread(items_of(fewclue, split, task or ()) if fewclue else own_items(), limit)
    after = _run(settings, tuned, by, items, out and out / TUNED_FILE)
    shown: tuple[Table | str, ...]
    if alone:
        found, shown = run_figures(after), (_single(after),)
    else:
        comparison = compare(_run(settings, against, by, items, out and out / BASE_FILE), after)
        found, shown = figures(comparison), (_beside(comparison), *_words(comparison))
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if out:
        _write(out / FIGURES_FILE, text)
    if as_json:
        typer.echo(text)
    else:
        Console(width=TABLE_COLUMNS).print(*shown, sep="\n", highlight=False)


def _check(settings: Settings, tuned: str, against: str | None, by: Way, out: Path | None) -> None:
    """Refuse what cannot be compared or kept, before a model is loaded."""
    if out:
        _folder(out)
    asked = [name for name in (tuned, against) if name is not None and not name.endswith(KEPT)]
    if settings.base_url and asked and by is Way.LIKELIHOOD:
        raise InputError("a server (FENGJING_BASE_URL) does not tell likelihoods of our words; add --by letters")
    if settings.base_url and len(asked) > 1:
        raise InputError(
            "a server (FENGJING_BASE_URL) speaks with one adapter; ask each server with --alone and --out, "
            "then compare the kept answers with --adapter TUNED.jsonl --against BASE.jsonl"
        )
    if len(asked) > 1 and adapter_named(asked[0], settings.model) == adapter_named(asked[1], settings.model):
        raise InputError(f"this would compare the model with itself ({tuned} and {against}); give another --adapter, or --alone")


def _run(settings: Settings, name: str, by: Way, items: list[Item], file: Path | None) -> Run:
    """The answers kept in a file, or those of the model with that adapter, asked now; kept where a file is named."""
    if name.endswith(KEPT):
        run = kept(Path(name).expanduser())
    else:
        model, choices = (_likeliest if by is Way.LIKELIHOOD else _lettered)(settings, name, items)
        run = Run(model, tuple(track(choices, description=model, total=len(items), console=Console(stderr=True))))
    if file:
        keep(run, file)
    return run


def _lettered(settings: Settings, name: str, items: list[Item]) -> tuple[str, Iterator[Choice]]:
    engine = open_engine_of(settings.model_copy(update={"adapter": name}))
    return engine.name if settings.base_url else f"{engine.name}, {_used(settings, name)}", ask(engine, items)


def _likeliest(settings: Settings, name: str, items: list[Item]) -> tuple[str, Iterator[Choice]]:
    model, tokenizer = load(settings.model, adapter_named(name, settings.model), settings.home)
    return f"{settings.model}, {_used(settings, name)}, by likelihood", ask_by_likelihood(model, tokenizer, items)


def _used(settings: Settings, name: str) -> str:
    """The adapter in words; "shipped" is none where none comes along for the model."""
    return f"adapter {name if adapter_named(name, settings.model) else NONE}"


def _folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{out} cannot be made a folder ({error.strerror}); choose another --out") from error


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{file} cannot be written ({error.strerror}); choose another --out") from error


def _single(run: Run) -> Table:
    table = Table(title=f"{run.model}: {len(run.choices)} items, {_percent(unparsed(run))} unparsed (counted as wrong)")
    for head in ("items", "right", "of", "95 %"):
        table.add_column(head)
    for name, found in accuracies(run).items():
        table.add_row(name, _percent(found), str(found.total), _limits(found))
    return table


def _beside(comparison: Comparison) -> Table:
    table = Table(title=f"base: {comparison.base.model}   tuned: {comparison.tuned.model}")
    for head in ("items", "of", "base", "95 %", "tuned", "95 %", "points", "95 %", "McNemar"):
        table.add_column(head)
    for name, found in comparison.groups.items():
        low, high = found.interval
        table.add_row(name, str(found.total), _percent(found.base), _limits(found.base), _percent(found.tuned), _limits(found.tuned),
                      f"{found.points:+.1f}", f"{low:+.1f} to {high:+.1f}", p_in_words(found))
    return table


def _words(comparison: Comparison) -> tuple[str, str]:
    base, tuned = _percent(unparsed(comparison.base)), _percent(unparsed(comparison.tuned))
    return f"unparsed, counted as wrong: base {base}, tuned {tuned}", f"tuned minus base: {in_words(comparison.groups[ALL])}"


def _percent(found: Share) -> str:
    return f"{found.value:.1%}"


def _limits(found: Share) -> str:
    low, high = found.interval
    return f"{low:.1%} to {high:.1%}"
