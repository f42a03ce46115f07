"""`fengjing merge`: an adapter merged into its base, as a folder any server loads."""

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from assistant.settings import load_settings
from finetune import merging
from finetune.adapters import adapter_named
from knowledge.errors import InputError

NEEDED = ("torch", "transformers", "peft")
Base = Annotated[str, typer.Option(help="The base, where the adapter names it by a path or name that is not valid here.")]
Dtype = Annotated[Literal["fp16", "bf16", "fp32"], typer.Option(help="The numbers that are written.")]


def merge(
    adapter: Annotated[str, typer.Argument(help="A folder a training has written, or shipped.")],
    out: Annotated[Path, typer.Argument(help="The folder to make.")],
    dtype: Dtype = "fp16", base: Base = "", as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Merge an adapter into its base and compare what both say, before and after."""
    check_installed("merging")
    settings = load_settings()
    merged = merging.merge(named_folder(adapter, settings.model), out.expanduser(), settings.home, dtype, base, say=partial(Console(stderr=True).print, highlight=False))
    if as_json:
        typer.echo(merged.to_json())
        return
    typer.echo(f"{merged.folder} ({merged.size_bytes:,} bytes, {merged.dtype}; memory at its highest {merged.peak_mb:,} MB)\n"
               f"  float32, before and after: {merged.in_float32}\n  as written ({merged.dtype}): {merged.as_written}")


def named_folder(adapter: str, model: str) -> Path:
    """The adapter's folder; raises `InputError` where the name means none, or a GGUF file, which holds too little."""
    found = adapter_named(adapter, model)
    if found is None or not found.is_dir():
        raise InputError(f"{adapter} is no adapter folder; give the folder a training has written, or shipped")
    return found


def check_installed(what: str) -> None:
    """Raise `InputError` where the tune extra is not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(f"{what} needs {', '.join(missing)}; run 'pip install -e .[tune]'")
