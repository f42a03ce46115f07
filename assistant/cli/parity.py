"""`fengjing parity`: the gate between training and publishing, on the machine that serves."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.cli.merge import Base, check_installed, named_folder
from assistant.settings import Settings, load_settings
from finetune.parity import GATE_PROMPTS, MAX_TOKENS, Gate, ParityError, Prompt, Report, Row
from finetune.shipping import AdapterError, base_of, ready
from knowledge.errors import StorageError


def parity(
    adapter: Annotated[str, typer.Argument(help="A folder a training has written, or shipped.")] = "shipped",
    prompts: Annotated[Path | None, typer.Option(help="Rows of messages (test.jsonl) or a question a line; held-out rows are made otherwise.")] = None,
    count: Annotated[int, typer.Option(min=1, help=f"How many prompts; publishing takes {GATE_PROMPTS}.")] = GATE_PROMPTS,
    max_tokens: Annotated[int, typer.Option(min=1, help="How much of each answer is compared.")] = MAX_TOKENS,
    base: Base = "",
    out: Annotated[Path | None, typer.Option(help="A file for the report, beside the one in the home folder.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask everything anew.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Compare training and engine: the tokens of prompts, and greedy answers. Broken off, it goes on where it stopped."""
    check_installed("the parity gate")
    settings = load_settings()
    folder = named_folder(adapter, settings.model)
    chosen = (_read(prompts) if prompts else _made(settings, count))[:count]
    report = _run(folder, settings, chosen, max_tokens, base, fresh=fresh)
    if out:
        _write(out, report)
    if as_json:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=2))
    else:
        _print(report)
    if report.problems:
        raise ParityError(f"{folder} did not pass the parity gate: {'; '.join(report.problems)}; see the rows above, and train and serve the same base and template")


def _run(folder: Path, settings: Settings, prompts: list[Prompt], max_tokens: int, base: str, *, fresh: bool) -> Report:
    found, _ = base_of(folder, settings.home, base)
    if found.gguf is None:
        raise AdapterError(f"{found.name} is no GGUF, and the embedded engine serves nothing else; the gate is for GGUF bases")
    engine = f"xllamacpp {version('xllamacpp')}, {found.gguf.name} of {found.gguf.stat().st_size:,} bytes"
    gate = Gate(folder, settings.home, engine, max_tokens)
    if fresh:
        gate.forget()
    missing = gate.missing(prompts)
    if missing:
        _ask(gate, missing, found.gguf, settings, base)
    return gate.report(prompts, found.name)


def _ask(gate: Gate, prompts: list[Prompt], gguf: Path, settings: Settings, base: str) -> None:
    from chains.models.embedded import EngineConfig, running_engine
    from finetune.agreement import Reader
    from finetune.merging import load_tuned
    from finetune.served import LlamaServer

    console = Console(stderr=True)
    console.print(f"reading {gguf.name} into the engine and into float32 …", highlight=False)
    tuned = load_tuned(gate.adapter, settings.home, base)
    engine = running_engine(EngineConfig(gguf, ready(gate.adapter, gguf, settings.home), settings.worker_threads))
    rows = gate.ask(prompts, LlamaServer(engine.base_url), Reader(tuned.model), tuned.tokenizer)
    for _ in track(rows, description="asking both", total=len(prompts), console=console):
        pass


def _read(path: Path) -> list[Prompt]:
    from finetune.training.samples import read_probes

    return [Prompt(probe.messages) for probe in read_probes(path)]


def _made(settings: Settings, count: int) -> list[Prompt]:
    """Held-out rows as 'fengjing dataset build' makes them: cities no training has seen, begun answers among them."""
    from finetune.datasets.task import SPLIT_SHARE, Recipe, TaskData
    from knowledge.library import open_library

    console = Console(stderr=True)
    console.print("making held-out prompts …", highlight=False)
    with TaskData(open_library(settings.home), Recipe(rows=round(max(count, GATE_PROMPTS) / SPLIT_SHARE["test"]))) as data:
        return [Prompt(row.messages[:-1], row.target[:row.given_chars]) for row in data.rows("test")]


def _write(out: Path, report: Report) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{out} cannot be written ({error.strerror}); choose another --out") from error


def _print(report: Report) -> None:
    found = report.to_dict()
    console = Console()
    table = Table("question", "tokens", "answer parts at", "trained model", "engine", "logits apart", title=f"{report.adapter} on {report.base}: what is not the same")
    for row in report.rows:
        if row.tokens_differ or row.place is not None:
            table.add_row(*_cells(row))
    if table.row_count:
        console.print(table)
    console.print(f"{'passed' if found['passed'] else 'NOT passed'}: tokens equal on {found['tokens_equal']} of {found['prompts']} prompts, answers the same on "
                  f"{found['same_answers']}, {found['explained']} more part at a near tie; {found['near_ties']} near ties in {found['compared_tokens']} tokens", highlight=False)
    if found["prompts"] < GATE_PROMPTS:
        console.print(f"'fengjing export --publish' takes {GATE_PROMPTS} prompts", highlight=False)


def _cells(row: Row) -> tuple[str, ...]:
    asked = row.question[-40:].replace("\n", " ")
    if row.place is None:
        return asked, row.tokens_differ, "", "", "", ""
    return asked, row.tokens_differ or str(row.prompt_tokens), str(row.place), repr(row.wanted), repr(row.said), f"{row.margin:.3f}{'' if row.explained else ' !'}"
