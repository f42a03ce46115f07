"""`fengjing export`: an adapter as llama.cpp, vLLM, Ollama or LLaMA-Factory take it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.cli.merge import Base, Dtype, check_installed, named_folder
from assistant.settings import load_settings
from finetune import serving_folder
from finetune.merging import Number, merge
from knowledge.errors import InputError


def export(
    adapter: Annotated[str, typer.Argument(help="A folder a training has written, or shipped.")],
    out: Annotated[Path, typer.Argument(help="The folder to make; for gguf a file NAME.gguf, too.")],
    to: Annotated[serving_folder.Kind, typer.Option("--to", help="Who is to take it.")] = "gguf",
    base: Base = "",
    merged: Annotated[bool, typer.Option("--merged", help="For vllm: the merged model instead of base and adapter.")] = False,
    dtype: Dtype = "fp16",
    publish: Annotated[bool, typer.Option("--publish", help="Only where 'fengjing parity' was passed; its report goes along.")] = False,
) -> None:
    """Write an adapter for another tool, and say how it is served there."""
    if merged and to != "vllm":
        raise InputError(f"--merged is for --to vllm, not for {to}; 'fengjing merge' writes the merged model alone")
    settings = load_settings()
    folder = named_folder(adapter, settings.model)
    report = _report(folder, settings.home) if publish else None
    merger = _merger(folder, settings.home, dtype, base) if merged else None
    written = serving_folder.write(serving_folder.prepare(folder, settings.home, base, report, merger), to, out.expanduser())
    typer.echo(f"{written.path} is written; serve it with:\n{written.command}")


def _report(adapter: Path, home: Path) -> Path:
    from finetune.parity import published_report

    return published_report(adapter, home)


def _merger(adapter: Path, home: Path, dtype: Number, base: str) -> Callable[[Path], object]:
    check_installed("merging")
    return partial(merge, adapter, home=home, dtype=dtype, base=base, say=partial(Console(stderr=True).print, highlight=False))
