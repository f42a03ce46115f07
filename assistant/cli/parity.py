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
from finetune.parity import GATE_PROMPTS, MAX_TOKENS, Gate, ParityError, Prompt, Report, Row, Side, report_on
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
    """Compare training and engine: the tokens of prompts, and greedy answers, in float32 and as served. Broken off, it goes on where it stopped."""
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
    float32, served = (Gate(folder, settings.home, name, max_tokens) for name in (f"{engine}, in float32", engine))
    if fresh:
        served.forget()
    if float32.missing(prompts) or served.missing(prompts):
        _ask(float32, served, prompts, found.gguf, settings, base)
    return report_on(prompts, float32, served, found.name)


def _ask(float32: Gate, served: Gate, prompts: list[Prompt], gguf: Path, settings: Settings, base: str) -> None:
    """What is still missing, one engine after the other."""
    from chains.models.embedded import EmbeddedEngine, EngineConfig
    from finetune.agreement import Reader
    from finetune.float32_base import float32_base
    from finetune.merging import load_tuned
    from finetune.served import LlamaServer

    console = Console(stderr=True)
    console.print(f"reading {gguf.name} …", highlight=False)
    tuned, lora = load_tuned(served.adapter, settings.home, base), ready(served.adapter, gguf, settings.home)
    for gate, said in ((float32, "in float32"), (served, "as served")):
        missing = gate.missing(prompts)
        if missing:
            exact = gate is float32
            engine = EmbeddedEngine(EngineConfig(float32_base(gguf, settings.home) if exact else gguf, lora, settings.worker_threads, float32=exact))
            rows = gate.ask(missing, LlamaServer(engine.base_url), Reader(tuned.model), tuned.tokenizer)
            for _ in track(rows, description=said, total=len(missing), console=console):
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
    console = Console()
    for side, how in ((report.float32, "in float32"), (report.served, "as served")):
        _print_side(console, side, f"{report.adapter} on {report.base}, {how}: what is not the same")
    console.print(f"{'NOT ' if report.problems else ''}passed: tokens equal on {min(side.to_dict()['tokens_equal'] for side in (report.float32, report.served))} of {report.prompts} prompts", highlight=False)
    for side, how in ((report.float32, "in float32"), (report.served, "as served")):
        found = side.to_dict()
        console.print(f"{how}: answers the same on {found['same_answers']}, {found['explained']} more part where two words are at most {side.tie_logits} logits apart; "
                      f"{found['compared_tokens']} tokens compared, {found['near_ties']} of them near ties", highlight=False)
    if report.prompts < GATE_PROMPTS:
        console.print(f"'fengjing export --publish' takes {GATE_PROMPTS} prompts", highlight=False)


def _print_side(console: Console, side: Side, title: str) -> None:
    table = Table("question", "tokens", "answer parts at", "trained model", "engine", "logits apart", title=title)
    for row in side.rows:
        if row.tokens_differ or row.place is not None:
            table.add_row(*_cells(row, side.tie_logits))
    if table.row_count:
        console.print(table)


def _cells(row: Row, tie_logits: float) -> tuple[str, ...]:
    asked = row.question[-40:].replace("\n", " ")
    if row.place is None:
        return asked, row.tokens_differ, "", "", "", ""
    wide = " !" if row.margin > tie_logits else ""
    return asked, row.tokens_differ or str(row.prompt_tokens), str(row.place), repr(row.wanted), repr(row.said), f"{row.margin:.3f}{wide}"
