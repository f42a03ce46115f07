"""`fengjing evaluate`: a served model on held-out rows, with and without its adapter."""

import json
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.assistant import open_engine_of
from assistant.settings import Settings, load_settings
from finetune.judging.predict import Prediction, predict, read_rows
from finetune.judging.task import TaskScore, task_score
from knowledge.errors import StorageError


def evaluate(
    rows: Annotated[Path, typer.Argument(help="Held-out rows, as 'fengjing dataset build' writes them (test.jsonl).")],
    adapter: Annotated[str, typer.Option(help="shipped, none, or a folder or GGUF of your own; the chat's otherwise.")] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many rows.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for generated_predictions.jsonl and the scores.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Ask the rows, greedy and without a grammar, and score names, prices, form and likeness."""
    settings = load_settings()
    chosen = settings.model_copy(update={"adapter": adapter}) if adapter else settings
    asked = read_rows(rows, limit)
    engine = open_engine_of(chosen)
    console = Console(stderr=True)
    said = list(track(predict(engine, asked), description="asking", total=len(asked), console=console))
    score = task_score((p.prompt, p.predict, p.label) for p in said)
    result = _result(chosen, said, score)
    if out:
        _write(out, said, score, result)
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _print(result)


def _result(settings: Settings, said: list[Prediction], score: TaskScore) -> dict[str, Any]:
    from finetune.judging.likeness import likeness  # nltk and rouge are of the tune extra

    shares = {kind: {"right": share.right, "of": share.total, "share": round(share.value, 4), "interval": [round(x, 4) for x in share.interval]}
              for kind, share in score.shares().items()}
    return {
        "model": settings.model, "adapter": settings.adapter, "rows": len(said), "task": shares,
        **likeness([p.predict for p in said], [p.label for p in said]), "median_seconds": round(median(p.seconds for p in said), 2),
    }


def _write(out: Path, said: list[Prediction], score: TaskScore, result: dict[str, Any]) -> None:
    """`generated_predictions.jsonl` and `predictions_score.json` as LLaMA-Factory names them, and what was wrong."""
    files = {
        "generated_predictions.jsonl": "".join(json.dumps({k: v for k, v in asdict(p).items() if k != "seconds"}, ensure_ascii=False) + "\n" for p in said),
        "predictions_score.json": json.dumps(result, ensure_ascii=False, indent=2) + "\n",
        "wrong.jsonl": "".join(json.dumps(dict(zip(("kind", "wanted", "written"), one, strict=True)), ensure_ascii=False) + "\n" for one in score.wrong),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{out} cannot be written ({error.strerror}); choose another --out") from error


def _print(result: dict[str, Any]) -> None:
    table = Table(title=f"{result['model']} with adapter {result['adapter'] or 'none'}, {result['rows']} rows, before any guard")
    for head in ("what", "right", "of", "share", "95 %"):
        table.add_column(head)
    for kind, share in result["task"].items():
        low, high = share["interval"]
        table.add_row(kind, str(share["right"]), str(share["of"]), f"{share['share']:.1%}", f"{low:.1%} to {high:.1%}")
    console = Console()
    console.print(table)
    console.print("  ".join(f"{key} {value}" for key, value in result.items() if key.startswith("predict_") or key == "median_seconds"))
