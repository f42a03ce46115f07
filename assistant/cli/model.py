"""`fengjing model list | pull | use`: the models an installation has and which one speaks."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from assistant.engines import engine_kind, shown_name
from assistant.settings import Settings, load_settings, remember
from chains.models.bases import catalogue_model, find_base
from chains.models.catalogue import MODELS, model_named
from chains.models.pull import is_here, local_file, pull

app = typer.Typer(help="Models: list, fetch, choose.", no_args_is_help=True)


@app.command("list")
def list_models(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show every known model, whether it is here and which one is in use."""
    settings = load_settings()
    rows = _rows(settings)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("", "name", "MB", "licence", "here", "engine", "file")
    for row in rows:
        table.add_row("*" if row["in_use"] else "", str(row["name"]), str(row["megabytes"]), str(row["licence"]),
                      "yes" if row["here"] else "no", str(row["engine"]), str(row["file"]))
    Console().print(table)
    if settings.base_url:
        Console().print(f"in use: {settings.model_name or 'default'} at {settings.base_url}")


def _rows(settings: Settings) -> list[dict[str, object]]:
    """The catalogue's models, and the one in use where it is none of them; `engine` is set for the one in use."""
    used = None if settings.base_url else catalogue_model(settings.model)
    engine = str(engine_kind(settings))
    rows: list[dict[str, object]] = [
        {"name": m.name, "file": m.file, "megabytes": m.size_bytes >> 20, "licence": m.licence,
         "here": is_here(m, settings.home), "in_use": m is used, "engine": engine if m is used else ""}
        for m in MODELS.values()]
    if used is None and not settings.base_url:
        path = Path(settings.model).expanduser()
        rows.append({"name": shown_name(settings), "file": settings.model, "megabytes": _megabytes(path), "licence": "", "here": path.exists(),
                     "in_use": True, "engine": engine})
    return rows


def _megabytes(path: Path) -> int | None:
    """Size of a model file, or of the weights in a folder; None where the hub has it."""
    if path.is_dir():
        return sum(file.stat().st_size for kind in ("*.safetensors", "*.bin") for file in path.glob(kind)) >> 20
    return path.stat().st_size >> 20 if path.exists() else None


@app.command("pull")
def pull_model(
    name: Annotated[str, typer.Argument(help="A name from 'fengjing model list'.")] = "",
    given: Annotated[Path | None, typer.Option("--from", help="A file or folder that already holds the model.")] = None,
) -> None:
    """Fetch a model, check its size and SHA-256, and resume where a download broke off."""
    settings = load_settings()
    model = model_named(name or settings.model)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(model.name, total=model.size_bytes)
        path = pull(model, settings.home, lambda what, done, all_: bar.update(task, description=what, completed=done, total=all_), given)
    typer.echo(f"{model.name} is here: {path} ({model.size_bytes >> 20} MB, SHA-256 checked)")


@app.command("use")
def use_model(name: Annotated[str, typer.Argument(help="A name from 'fengjing model list', a GGUF file, a model folder or a hub name.")]) -> None:
    """Let this model speak from now on."""
    settings = load_settings()
    model = catalogue_model(name)
    if model is None:
        find_base(name, settings.home)  # fails here and now where it is nothing
        path = Path(name).expanduser().absolute()
        chosen = settings.model_copy(update={"model": str(path) if path.exists() else name})
        remember(settings.home, "FENGJING_MODEL", chosen.model)
        typer.echo(f"{chosen.model} speaks from the next start on ({engine_kind(chosen)} engine)")
        return
    remember(settings.home, "FENGJING_MODEL", model.name)
    typer.echo(f"{model.name} speaks from the next start on" + (
        "" if is_here(model, settings.home) else f"; it is not here yet ({local_file(model, settings.home).name}), run 'fengjing model pull {name}'"))
