"""`fengjing doctor`: is everything in its place, and what to type where it is not."""

import shutil
import sys
from collections.abc import Callable

import typer

from assistant.engines import open_engine_of
from assistant.settings import Settings, load_settings
from chains.models.bases import catalogue_model, find_base
from chains.models.chat import ENGINE_ERRORS
from chains.models.pull import is_here
from knowledge.builtin import load_builtin
from knowledge.errors import EngineError, FengjingError
from knowledge.library import is_current

ROOM_MB = 600
OLDEST_PYTHON = (3, 11)


def doctor() -> None:
    """Look at Python, disk, data, index, model and engine; exit code 1 where something is missing."""
    settings = load_settings()
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("python", _python), ("disk", _disk), ("data", _data), ("index", _index), ("model", _model), ("engine", _engine))
    sick = False
    for name, check in checks:
        try:
            typer.echo(f"ok    {name:8}{check(settings)}")
        except FengjingError as error:
            sick = True
            typer.echo(f"FAIL  {name:8}{error}")
    raise typer.Exit(1 if sick else 0)


def _python(_: Settings) -> str:
    if sys.version_info < OLDEST_PYTHON:
        raise FengjingError("Python 3.11 or later is needed; install it and run 'make setup' again")
    return sys.version.split()[0]


def _disk(settings: Settings) -> str:
    settings.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.home).free >> 20
    if free < ROOM_MB:
        raise FengjingError(f"only {free} MB are free at {settings.home}; free some space or set FENGJING_HOME")
    return f"{free} MB free at {settings.home}"


def _data(_: Settings) -> str:
    base = load_builtin()
    return f"{len(base.cities)} cities, {len(base.attractions)} sights"


def _index(settings: Settings) -> str:
    if not is_current(settings.home):
        raise FengjingError("the index is missing or from other data; run 'fengjing knowledge build'")
    return "built from exactly this data"


def _model(settings: Settings) -> str:
    if settings.base_url:
        return f"{settings.model_name or 'default'} at {settings.base_url}"
    model = catalogue_model(settings.model)
    if model is None:
        return str(find_base(settings.model, settings.home).gguf or settings.model)
    if not is_here(model, settings.home):
        raise EngineError(f"{model.file} is missing or cut short; run 'fengjing model pull {model.name}'")
    return f"{model.name}, {model.size_bytes >> 20} MB"


def _engine(settings: Settings) -> str:
    engine = open_engine_of(settings)
    try:
        answer = engine.model.bind(max_tokens=4).invoke("你好")
    except ENGINE_ERRORS as error:
        raise EngineError(f"{engine.name} does not answer ({type(error).__name__}: {error})") from error
    return f"{engine.name} answers: {str(answer.content)[:20]!r} ({engine.works})"
