"""`fengjing train` and `fengjing jobs list | show | stop`: trainings, as processes that outlive the terminal."""

import json
from dataclasses import asdict
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from assistant.settings import load_settings
from finetune import jobs
from finetune.training.config import load_config
from finetune.training.run_folder import Progress as RunProgress
from knowledge.errors import InputError

app = typer.Typer(help="Trainings: list, show and follow, stop.", no_args_is_help=True)
NEEDED = ("torch", "transformers", "peft", "trl", "datasets", "matplotlib")
JobName = Annotated[str, typer.Argument(help="A name from 'fengjing jobs list'; the newest job otherwise.")]


def train(
    config: Annotated[Path, typer.Argument(help="A YAML of LLaMA-Factory's keys, as finetune/configs/quick.yaml.")],
    overrides: Annotated[list[str] | None, typer.Argument(help="key=value, over the file's.")] = None,
    probes: Annotated[Path | None, typer.Option(help="Questions answered before, during and after, one a line.")] = None,
    detach: Annotated[bool, typer.Option("--detach", help="Return at once; see 'fengjing jobs show'.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew where an unfinished run could go on.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check the configuration.")] = False,
) -> None:
    """Train an adapter; the job goes on when this terminal is closed, and a broken one goes on where it was."""
    settings = load_settings()
    given = tuple(overrides or ())
    read, notes = load_config(config, given)
    for note in notes:
        Console(stderr=True).print(note, highlight=False)
    if check:
        typer.echo(f"{config} can be trained; its files will go to {read.output_dir}")
        return
    _check_installed()
    options = [*given, "--threads", str(settings.worker_threads), *(["--probes", str(probes.absolute())] if probes else []), *(["--fresh"] if fresh else [])]
    job = jobs.launch(read, config, settings.home, tuple(options), fresh=fresh)
    typer.echo(f"job {job.name} writes to {job.folder.path}; it goes on without this terminal, 'fengjing jobs stop {job.name}' ends it")
    if not detach:
        _follow(job)


@app.command("list")
def list_jobs(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show every training and how far it is."""
    known = jobs.jobs(load_settings().home)
    if as_json:
        typer.echo(json.dumps([_row(job) for job in known], ensure_ascii=False, indent=2))
        return
    table = Table("job", "state", "step", "loss", "validation", "left", "started", "folder")
    for job in known:
        progress = job.progress()
        table.add_row(job.name, job.state(), f"{progress.step}/{progress.steps}", _number(progress.loss), _number(progress.eval_loss),
                      _left(progress), job.started[:16].replace("T", " "), str(job.folder.path))
    Console().print(table)


@app.command("show")
def show(
    name: JobName = "", follow: Annotated[bool, typer.Option("--follow", "-f", help="Stay until it ends.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show one training: its state, what it said last, and its samples."""
    job = jobs.job_named(load_settings().home, name)
    if as_json:
        typer.echo(json.dumps({**_row(job), "said": job.said(), "samples": job.folder.lines("samples.jsonl")}, ensure_ascii=False, indent=2))
        return
    progress = job.progress()
    typer.echo("\n".join(job.said()))
    typer.echo(f"{job.name}: {job.state()}, step {progress.step} of {progress.steps}, loss {_number(progress.loss)}, left {_left(progress)}")
    if follow:
        _follow(job)


@app.command("stop")
def stop(name: JobName = "") -> None:
    """End a training after its step; the best adapter so far is kept."""
    job = jobs.job_named(load_settings().home, name)
    jobs.ask_to_stop(job)
    typer.echo(f"{job.name} ends after this step and keeps its best; 'fengjing jobs show {job.name} --follow' waits for it")


def _follow(job: jobs.Job) -> None:
    """A bar until the job ends; Ctrl-C leaves the job alone."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} {task.fields[more]}"))
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("starting", total=None, more="")
        state = jobs.follow(job, lambda state, seen: bar.update(
            task, description=state, completed=seen.step, total=seen.steps or None, more=f"loss {_number(seen.loss)}, {_left(seen)} left"))
    message = job.progress().message
    if state in {"failed", "broken off"}:
        raise InputError(f"{job.name} {state}: {message or _last_words(job)}")
    typer.echo(message)


def _last_words(job: jobs.Job) -> str:
    said = job.said(1)
    return f"{said[0] if said else 'it was killed'}; the same command goes on from the last checkpoint (where memory ran out, halve per_device_train_batch_size)"


def _row(job: jobs.Job) -> dict[str, object]:
    return {"name": job.name, "started": job.started, "folder": str(job.folder.path), **asdict(job.progress()), "state": job.state()}


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _left(progress: RunProgress) -> str:
    return "–" if progress.remaining_s is None else str(timedelta(seconds=int(progress.remaining_s)))


def _check_installed() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(f"training needs {', '.join(missing)}; run 'pip install -e .[tune]'")
