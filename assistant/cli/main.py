"""`fengjing`: the verbs, gathered from their modules."""

import sys

import typer
from rich.console import Console

from assistant.cli import (
    adapt,
    chat,
    chatglm3,
    compare,
    dataset,
    doctor,
    evaluate,
    export,
    forgetting,
    knowledge,
    merge,
    model,
    page,
    parity,
    plan,
    serve,
    train,
    weather,
)
from knowledge.errors import FengjingError

app = typer.Typer(name="fengjing", help="与风景对话: a travel assistant for China.", no_args_is_help=True, add_completion=False)
app.add_typer(model.app, name="model")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(dataset.app, name="dataset")
app.add_typer(train.app, name="jobs")
app.add_typer(chatglm3.app, name="chatglm3")
app.add_typer(compare.app, name="compare")
app.command("train")(train.train)
app.command("ask")(chat.ask)
app.command("chat")(chat.chat)
app.command("weather")(weather.weather)
app.command("plan")(plan.plan)
app.command("adapt")(adapt.adapt)
app.command("export")(export.export)
app.command("merge")(merge.merge)
app.command("parity")(parity.parity)
app.command("evaluate")(evaluate.evaluate)
app.command("forgetting")(forgetting.forgetting)
app.command("ui")(page.ui)
app.command("serve")(serve.serve)
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line; every error of ours is one helpful line."""
    try:
        app()
    except FengjingError as error:
        Console(stderr=True).print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
