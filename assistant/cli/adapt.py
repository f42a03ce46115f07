"""`fengjing adapt` and `fengjing export`: which adapter the chat speaks with, and an adapter as a file for llama.cpp."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.settings import load_settings, remember
from chains.models.catalogue import model_named
from chains.models.pull import local_file
from finetune.adapters import NONE, SHIPPED, adapter_named
from finetune.shipping import export as as_gguf
from finetune.shipping import ready


def adapt(adapter: Annotated[str, typer.Argument(help="A folder a training has written, a GGUF LoRA, shipped, or none.")]) -> None:
    """Let the chat speak with this adapter from the next start on."""
    settings = load_settings()
    base = local_file(model_named(settings.model), settings.home)
    chosen = adapter_named(adapter, settings.model)
    if chosen:
        ready(chosen, base, settings.home)  # fails here and now where it does not fit
    remember(settings.home, "FENGJING_ADAPTER", adapter if adapter in (SHIPPED, NONE) else str(Path(adapter).expanduser().absolute()))
    typer.echo(f"the chat now speaks with {chosen or 'no adapter'}; start it anew to hear it")


def export(
    adapter: Annotated[Path, typer.Argument(help="A folder a training has written.")],
    out: Annotated[Path, typer.Argument(help="The GGUF file to write.")],
) -> None:
    """Write an adapter as a GGUF LoRA for llama.cpp, Ollama and the embedded engine."""
    settings = load_settings()
    base = local_file(model_named(settings.model), settings.home)
    written = as_gguf(adapter, base, out)
    typer.echo(f"{written} ({written.stat().st_size:,} bytes); serve it with: llama-server -m {base.name} --lora {written.name}")
