"""`fengjing chatglm3 convert`: THUDM's ChatGLM3 as a base like any other, and adapters in either spelling."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from knowledge.errors import InputError

app = typer.Typer(help="ChatGLM3 checkpoints and adapters for plain transformers.", no_args_is_help=True)
NEEDED = ("torch", "transformers", "safetensors")
NEXT = {
    "model": "train with model_name_or_path: {folder} and template: chatglm3",
    "native adapter": "it fits a folder 'fengjing chatglm3 convert' has made from its base",
    "THUDM adapter": "it fits THUDM's original checkpoint",
}


@app.callback()
def chatglm3() -> None:
    """ChatGLM3 checkpoints and adapters for plain transformers."""


@app.command("convert")
def convert(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="A folder with THUDM's ChatGLM3 (6B, base, 32k, 128k), or a LoRA adapter of either spelling.")],
    target: Annotated[Path, typer.Argument(metavar="DST", help="The folder to make.")],
    base: Annotated[Path | None, typer.Option(help="For adapters: their base's folder, where it has not the published sizes.")] = None,
) -> None:
    """Turn a checkpoint into a folder that transformers loads without remote code; turn an adapter's names round."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(f"converting needs {', '.join(missing)}; run 'pip install -e .[tune]'")
    from finetune.chatglm3.convert import convert as into

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("shards", total=None)
        made = into(source.expanduser(), target.expanduser(), base.expanduser() if base else None,
                    lambda done, total: bar.update(task, completed=done, total=total))
    typer.echo(f"{made.folder} is a {made.what} ({made.bytes:,} bytes of tensors); {NEXT[made.what].format(folder=made.folder)}")
