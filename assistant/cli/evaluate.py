"""`fengjing evaluate`: a served model on held-out rows, beside its base where asked; or every checkpoint of a run."""

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
from chains.prompts import closed_book as from_memory
from chains.understanding.understand import language_of
from finetune import jobs
from finetune.adapters import NONE, adapter_named
from finetune.judging.compare_page import share_words, sorts_words
from finetune.judging.compare_prompts import Prompt, of_rows
from finetune.judging.notes import UNFINISHED, each_said, unfinished, write
from finetune.judging.predict import HeldOut, prediction, read_held_out
from finetune.judging.scores import AIMS, Judged, closed_book_prompts, cut, cut_figures, cut_words, judged
from finetune.training.run_folder import RunFolder
from knowledge.errors import EngineError, InputError
from knowledge.library import open_library

SCORES, BESIDE = "checkpoint_scores.json", "beside.json"
TABLE_COLUMNS = 120  # two sides with their limits are wider than a terminal that is no terminal
Shares = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Examination:
    """The rows and their prompts; whether questions are asked without facts too; the folder where unfinished answers are noted."""

    rows: list[HeldOut]
    prompts: list[Prompt]
    closed_book: bool
    out: Path | None

    def of(self, settings: Settings) -> Judged:
        """Ask the settings' model and count everything; raises `EngineError` that says how to go on."""
        name = settings.adapter or NONE
        notes = unfinished(self.out, settings.model, name) if self.out else None
        alone = closed_book_prompts(self.rows, self.prompts) if self.closed_book else []
        asked = [*(row.asked for row in self.rows), *(from_memory(language_of(prompt.question), prompt.question) for prompt in alone)]
        try:
            said = list(track(each_said(open_engine_of(settings), asked, notes), f"asking {Path(name).name}", len(asked), console=Console(stderr=True)))
        except EngineError as error:
            raise EngineError(f"{error}; the same command then goes on where this one broke off" if notes else str(error)) from error
        pairs = [(prompt.text, one.text) for prompt, one in zip(alone, said[len(self.rows):], strict=True)]
        return judged(name, [prediction(row, one) for row, one in zip(self.rows, said, strict=False)], self.prompts, pairs if self.closed_book else None)


def evaluate(
    rows: Annotated[Path, typer.Argument(help="Held-out rows, as 'fengjing dataset build' writes them (test.jsonl).")],
    adapter: Annotated[str, typer.Option(help="shipped, none, or a folder or GGUF of your own; the chat's otherwise.")] = "",
    against: Annotated[str, typer.Option(help="Ask this one the same rows and lay both side by side: none is the untuned base.")] = "",
    checkpoint: Annotated[Path | None, typer.Option(help="A checkpoint of a run, such as RUN/checkpoint-100.")] = None,
    run: Annotated[str, typer.Option("--all", help="A run's folder or its job's name: score every checkpoint, and name the best.")] = "",
    closed_book: Annotated[bool, typer.Option("--closed-book", help="Also ask the questions about real places without any facts.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many rows.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for generated_predictions.jsonl and the scores; what breaks off goes on there.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Ask the rows, greedy and without a grammar; score names, prices, form, answers, refusals, likeness, speed, and lines wrong before the guard."""
    if sum(map(bool, (adapter, checkpoint, run))) > 1 or (run and against):
        raise typer.BadParameter("give one of --adapter, --checkpoint and --all; --against goes with the first two")
    settings = load_settings()
    named = str(_whole(checkpoint)) if checkpoint else adapter
    sides = [settings.model_copy(update={"adapter": named}) if named else settings]
    sides += [settings.model_copy(update={"adapter": against})] if against else []
    _check_sides(sides)
    asked = read_held_out(rows, limit)
    examination = Examination(asked, of_rows(asked, open_library(settings.home, servers=settings.servers)), closed_book, out)
    if run:
        _every_checkpoint(settings, _run_folder(settings, run), examination, as_json=as_json)
        return
    found = [examination.of(side) for side in sides]
    result = _figures(settings, found)
    if out:
        _keep(out, found, result)
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _print(found, settings.model)


def _check_sides(sides: list[Settings]) -> None:
    """Two sides must differ and be ours to load: a server behind a URL speaks with its own adapter."""
    if len(sides) == 1:
        return
    if sides[0].base_url:
        raise InputError("--against loads both adapters here and cannot do so behind FENGJING_BASE_URL; run 'FENGJING_BASE_URL= fengjing evaluate …'")
    names = [side.adapter or NONE for side in sides]
    if adapter_named(names[0], sides[0].model) == adapter_named(names[1], sides[1].model):
        raise InputError(f"{names[0]} and {names[1]} are the same adapter for {sides[0].model}; name another with --adapter or --against")


def _figures(settings: Settings, found: list[Judged]) -> dict[str, Any]:
    """One side's figures, or both sides' and how far wrong lines were cut."""
    first, *others = ({"model": settings.model, "adapter": side.name, **side.figures} for side in found)
    return {"tuned": first, "against": others[0], "wrong_lines_cut": cut_figures(cut(found[1], found[0]))} if others else first


def _every_checkpoint(settings: Settings, run: RunFolder, examination: Examination, *, as_json: bool) -> None:
    """Score each checkpoint that was saved whole, one engine at a time; the best has the highest domain score."""
    if settings.base_url:
        raise InputError("checkpoints are loaded here and not behind FENGJING_BASE_URL; run 'FENGJING_BASE_URL= fengjing evaluate …'")
    checkpoints = run.checkpoints()
    if not checkpoints:
        raise InputError(f"{run.path} holds no whole checkpoint; give a folder that 'fengjing jobs list' shows")
    scored: dict[str, Any] = {}
    for path in checkpoints:
        found = examination.of(settings.model_copy(update={"adapter": str(path)}))
        scored[path.name] = found.figures
        running_engine.cache_clear()  # an engine for each checkpoint would fill the memory
        if examination.out:
            _keep_side(examination.out / path.name, found, _figures(settings, [found]))
    best = best_checkpoint(scored)
    result = {"model": settings.model, "run": str(run.path), "best": best, "lowest_validation_loss_at": run.progress().best_step, "checkpoints": scored}
    if examination.out:
        write(examination.out / SCORES, json.dumps(result, ensure_ascii=False, indent=2) + "\n")
        _forget_notes(examination.out)
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


def _keep(out: Path, found: list[Judged], result: dict[str, Any]) -> None:
    """One side's files in the folder; of two sides a folder each, and both side by side."""
    if len(found) == 1:
        _keep_side(out, found[0], result)
    else:
        for role, side in zip(("tuned", "against"), found, strict=True):
            _keep_side(out / role, side, result[role])
        write(out / BESIDE, json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    _forget_notes(out)


def _keep_side(out: Path, found: Judged, figures: dict[str, Any]) -> None:
    """`generated_predictions.jsonl` and `predictions_score.json` as LLaMA-Factory names them, and what was wrong."""
    predictions = [{"prompt": p.prompt, "predict": p.predict, "label": p.label} for p in found.said]
    wrong = [dict(zip(("kind", "wanted", "written"), one, strict=True)) for one in found.score.wrong]
    write(out / "generated_predictions.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in predictions))
    write(out / "predictions_score.json", json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    write(out / "wrong.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in wrong))


def _forget_notes(out: Path) -> None:
    """All answers are in: a later evaluation in this folder asks anew."""
    for notes in out.glob(UNFINISHED):
        notes.unlink()


def _print(found: list[Judged], model: str) -> None:
    """A column a side; with two, how far wrong lines were cut."""
    table = Table("before any guard", *(side.name for side in found), "aim", title=f"{model}, {len(found[0].said)} held-out rows: right of all, share (95 % limits)")
    for name, words in _rows(found):
        table.add_row(name, *words, f"≥ {AIMS[name]:.0%}" if name in AIMS else "")
    Console(width=TABLE_COLUMNS).print(table)
    if len(found) > 1:
        typer.echo(cut_words(cut(found[1], found[0]), found[0].name, found[1].name))
    references = found[0].figures["guard"]["references"]
    typer.echo(f"wrong lines in the references, by the same count: {share_words(references)}")


def _rows(found: list[Judged]) -> list[tuple[str, list[str]]]:
    """What was counted and each side's figure, in words."""
    sides = [side.figures for side in found]
    shares = [_shares(figures) for figures in sides]
    kinds = dict.fromkeys(kind for one in shares for kind in one)
    likeness = [key for key in sides[0] if key.startswith("predict_")]
    return [
        *((kind, [share_words(one[kind]) for one in shares]) for kind in kinds),
        ("wrong by sort", [sorts_words(figures["guard"]["by_sort"]) for figures in sides]),
        ("domain score", [f"{figures['domain_score']:.4f}" for figures in sides]),
        *((key.removeprefix("predict_"), [f"{figures[key]:.2f}" for figures in sides]) for key in likeness),
        ("median seconds", [str(figures["median_seconds"]) for figures in sides]),
        ("tokens a second", [str(figures["tokens_per_second"] or "not counted by this engine") for figures in sides]),
    ]


def _shares(figures: dict[str, Any]) -> Shares:
    """Everything counted as a share, by its name in print."""
    alone = {"answer, closed book": figures["closed_book_match"]} if figures["closed_book_match"] else {}
    return {**figures["task"], "answer": figures["answer_match"], **alone, "unknown, said so": figures["refusals"]["unknown"],
            "known, refused": figures["refusals"]["known"], "wrong lines": figures["guard"]}


def _print_checkpoints(scored: dict[str, Any], run: RunFolder, best: str) -> None:
    kinds = sorted({kind for figures in scored.values() for kind in figures["task"]})
    table = Table("checkpoint", "domain score", *kinds, "wrong lines", "median s", title=f"checkpoints of {run.path}")
    for name, figures in scored.items():
        shares = (f"{figures['task'][kind]['share']:.1%}" if kind in figures["task"] else "–" for kind in kinds)
        table.add_row(f"{name} (best)" if name == best else name, f"{figures['domain_score']:.4f}", *shares, f"{figures['guard']['share']:.1%}", str(figures["median_seconds"]))
    Console().print(table)
    lowest = run.progress().best_step
    typer.echo(f"best by the domain score: {best}" + (f"; lowest validation loss at step {lowest}" if lowest else "") + f"; speak with it: fengjing adapt {run.path / best}")
