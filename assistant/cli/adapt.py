"""`fengjing adapt`: which adapter the chat speaks with."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.settings import load_settings, remember
from chains.models.bases import find_base
from finetune.adapters import NONE, SHIPPED, adapter_named
from finetune.shipping import check, ready


def adapt(adapter: Annotated[str, typer.Argument(help="A folder a training has written, a GGUF LoRA, shipped, or none.")]) -> None:
    """Let the chat speak with this adapter from the next start on; one that does not fit is refused."""
    settings = load_settings()
    chosen = adapter_named(adapter, settings.model)
    if chosen:
        base = find_base(settings.model, settings.home)
        check(chosen, base)
        ready(chosen, base.gguf or Path(base.folder), settings.home)  # so that the next start need not wait for it
    before = settings.adapter or NONE
    setting = adapter if adapter in (SHIPPED, NONE) else str(Path(adapter).expanduser().absolute())
    remember(settings.home, "FENGJING_ADAPTER", setting)
    typer.echo(f"the chat now speaks with {chosen or 'no adapter'}; start it anew to hear it. To undo: fengjing adapt {before}")
    in_force = load_settings().adapter
    if in_force != setting:
        typer.echo(f"but FENGJING_ADAPTER={in_force} stands in the environment or in .env, and wins: take it away there", err=True)
