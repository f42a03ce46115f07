"""`fengjing evaluate`: a served model on held-out rows, with and without its adapter; or every checkpoint of a run."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.assistant import open_engine_of
from assistant.settings import Settings, load_settings
from chains.models.embedded import running_engine
from finetune import jobs
from finetune.judging.compare import line_figures, share_figures, speed_figures
from finetune.judging.compare_lines import check_lines, count_lines
from finetune.judging.compare_page import share_words, sorts_words
from finetune.judging.compare_prompts import Prompt, of_rows
from finetune.judging.predict import HeldOut, Prediction, predict, read_held_out
from finetune.judging.task import TaskScore, domain_score, refusals, task_score
from finetune.training.run_folder import RunFolder
from knowledge.errors import InputError, StorageError
from knowledge.library import open_library

SCORES = "checkpoint_scores.json"


@dataclass(frozen=True)
class Evaluated:
    """The answers of one adapter to the rows, what was wrong in them, and everything counted."""

    said: list[Prediction]
    score: TaskScore
    figures: dict[str, Any]


def evaluate(
    rows: Annotated[Path, typer.Argument(help="Held-out rows, as 'fengjing dataset build' writes them (test.jsonl).")],
    adapter: Annotated[str, typer.Option(help="shipped, none, or a folder or GGUF of your own; the chat's otherwise.")] = "",
    checkpoint: Annotated[Path | None, typer.Option(help="A checkpoint of a run, such as RUN/checkpoint-100.")] = None,
    run: Annotated[str, typer.Option("--all", help="A run's folder or its job's name: score every checkpoint, and name the best.")] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many rows.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for generated_predictions.jsonl and the scores.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Ask the rows, greedy and without a grammar; score names, prices, form, likeness, refusals, and lines wrong before the guard."""
    if sum(map(bool, (adapter, checkpoint, run))) > 1:
        raise typer.BadParameter("give one of --adapter, --checkpoint and --all")
    settings = load_settings()
    asked = read_held_out(rows, limit)
    prompts = of_rows(asked, open_library(settings.home, servers=settings.servers))
    if run:
        _every_checkpoint(settings, _run_folder(settings, run), asked, prompts, out, as_json=as_json)
        return
    named = str(_whole(checkpoint)) if checkpoint else adapter
    found = _evaluated(settings.model_copy(update={"adapter": named}) if named else settings, asked, prompts)
    if out:
        _write(out, found)
    if as_json:
        typer.echo(json.dumps(found.figures, ensure_ascii=False, indent=2))
    else:
        _print(found.figures)


def _evaluated(settings: Settings, asked: list[HeldOut], prompts: list[Prompt]) -> Evaluated:
    engine = open_engine_of(settings)
    said = list(track(predict(engine, asked), description=f"asking {Path(settings.adapter).name or 'none'}", total=len(asked), console=Console(stderr=True)))
    score = task_score((p.prompt, p.predict, p.label) for p in said)
    return Evaluated(said, score, _figures(settings, said, score, prompts))


def _figures(settings: Settings, said: list[Prediction], score: TaskScore, prompts: list[Prompt]) -> dict[str, Any]:
    """Everything counted; `guard.references` is the guard on the references themselves, as it should find nothing there."""
    from finetune.judging.likeness import likeness  # nltk and rouge are of the tune extra

    shares = score.shares()
    refused = refusals((p.prompt, p.predict, p.label) for p in said)
    checked = [check_lines(p.predict, prompt) for p, prompt in zip(said, prompts, strict=True) if prompt.guard]
    references = [check_lines(prompt.reference, prompt) for prompt in prompts if prompt.guard]
    return {
        "model": settings.model, "adapter": settings.adapter, "rows": len(said), "domain_score": round(domain_score(shares), 4),
        "task": {kind: share_figures(share) for kind, share in shares.items()},
        "format_rate": share_figures(shares["form"]) if "form" in shares else None,
        "refusals": {"unknown": share_figures(refused.said, "refused"), "known": share_figures(refused.needless, "refused")},
        "guard": {**line_figures(count_lines(checked)), "references": line_figures(count_lines(references))},
        **likeness([p.predict for p in said], [p.label for p in said]), **speed_figures((p.seconds, p.tokens) for p in said),
    }


def _every_checkpoint(settings: Settings, run: RunFolder, asked: list[HeldOut], prompts: list[Prompt], out: Path | None, *, as_json: bool) -> None:
    """Score each checkpoint that was saved whole, one engine at a time; the best has the highest domain score."""
    if settings.base_url:
        raise InputError("checkpoints are loaded here and not behind FENGJING_BASE_URL; run 'FENGJING_BASE_URL= fengjing evaluate …'")
    checkpoints = run.checkpoints()
    if not checkpoints:
        raise InputError(f"{run.path} holds no whole checkpoint; give a folder that 'fengjing jobs list' shows")
    scored: dict[str, Any] = {}
    for path in checkpoints:
        found = _evaluated(settings.model_copy(update={"adapter": str(path)}), asked, prompts)
        scored[path.name] = found.figures
        running_engine.cache_clear()  # an engine for each checkpoint would fill the memory
        if out:
            _write(out / path.name, found)
    best = best_checkpoint(scored)
    result = {"run": str(run.path), "best": best, "lowest_validation_loss_at": run.progress().best_step, "checkpoints": scored}
    if out:
        _put(out / SCORES, json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _print_checkpoints(scored, run, best)


def best_checkpoint(scored: dict[str, Any]) -> str:
    """The highest domain score; of equals the one with the fewest wrong lines, then the earliest."""
    return min(scored, key=lambda name: (-scored[name]["domain_score"], scored[name]["guard"]["wrong"], int(name.rpartition("-")[2])))


def _run_folder(settings: Settings, run: str) -> RunFolder:
    """The run of a folder, else of the job of that name; raises `InputError` naming the jobs there are."""
    return RunFolder(Path(run)) if Path(run).is_dir() else jobs.job_named(settings.home, run).folder


def _whole(checkpoint: Path) -> Path:
    """The checkpoint's folder; raises `InputError` where it was not saved whole."""
    if checkpoint.resolve() not in [path.resolve() for path in RunFolder(checkpoint.parent).checkpoints()]:
        raise InputError(f"{checkpoint} is no whole checkpoint; 'fengjing evaluate ROWS --all {checkpoint.parent}' scores those there are")
    return checkpoint


def _write(out: Path, found: Evaluated) -> None:
    """`generated_predictions.jsonl` and `predictions_score.json` as LLaMA-Factory names them, and what was wrong."""
    predictions = [{"prompt": p.prompt, "predict": p.predict, "label": p.label} for p in found.said]
    wrong = [dict(zip(("kind", "wanted", "written"), one, strict=True)) for one in found.score.wrong]
    _put(out / "generated_predictions.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in predictions))
    _put(out / "predictions_score.json", json.dumps(found.figures, ensure_ascii=False, indent=2) + "\n")
    _put(out / "wrong.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in wrong))


def _put(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{path.parent} cannot be written ({error.strerror}); choose another --out") from error


def _print(result: dict[str, Any]) -> None:
    table = Table("what", "count", "of", "share", "95 %", title=f"{result['model']} with adapter {result['adapter'] or 'none'}, {result['rows']} rows, before any guard")
    shares = {**result["task"], "unknown, said so": result["refusals"]["unknown"], "known, refused": result["refusals"]["known"]}
    for kind, share in shares.items():
        low, high = share["interval"]
        table.add_row(kind, str(next(iter(share.values()))), str(share["of"]), *((f"{share['share']:.1%}", f"{low:.1%} to {high:.1%}") if share["of"] else ("–", "–")))
    console, guard = Console(), result["guard"]
    console.print(table)
    typer.echo(f"lines wrong before the guard: {share_words(guard)}; by sort: {sorts_words(guard['by_sort'])}")
    typer.echo(f"the same count on the references: {share_words(guard['references'])}")
    typer.echo("  ".join(f"{key} {value}" for key, value in result.items() if key.startswith(("predict_", "domain_"))))
    typer.echo(f"median seconds {result['median_seconds']}, tokens a second {result['tokens_per_second'] or 'not counted by this engine'}")


def _print_checkpoints(scored: dict[str, Any], run: RunFolder, best: str) -> None:
    kinds = sorted({kind for figures in scored.values() for kind in figures["task"]})
    table = Table("checkpoint", "domain score", *kinds, "wrong lines", "median s", title=f"checkpoints of {run.path}")
    for name, figures in scored.items():
        shares = (f"{figures['task'][kind]['share']:.1%}" if kind in figures["task"] else "–" for kind in kinds)
        table.add_row(f"{name} (best)" if name == best else name, f"{figures['domain_score']:.4f}", *shares, f"{figures['guard']['share']:.1%}", str(figures["median_seconds"]))
    Console().print(table)
    lowest = run.progress().best_step
    typer.echo(f"best by the domain score: {best}" + (f"; lowest validation loss at step {lowest}" if lowest else "") + f"; speak with it: fengjing adapt {run.path / best}")
