"""`fengjing serve`: the HTTP API, for any OpenAI client."""

from typing import Annotated

import typer
from rich.console import Console

from assistant.settings import load_settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; FENGJING_API_HOST or 127.0.0.1 otherwise.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port; FENGJING_API_PORT or 8600 otherwise.")] = None,
) -> None:
    """Serve the assistant over HTTP, compatible with OpenAI's API; Ctrl-C lets running answers finish."""
    from assistant.api.app import create_app
    from assistant.api.desk import open_desk
    from assistant.api.limits import check_address, listed
    from assistant.api.server import Server, bound, settle

    settings = load_settings()
    address, chosen = host or settings.api_host, port or settings.api_port
    keys = listed(settings.api_keys)
    check_address(address, keys)
    with bound(address, chosen) as listener:  # before the model is loaded: a taken port is told at once
        errors = Console(stderr=True)
        desk = open_desk(settings, lambda line: errors.print(f"[dim]{line}[/dim]"))
        settle()
        root = f"http://{f'[{address}]' if ':' in address else address}:{chosen}"
        typer.echo(f"与风景对话: {root}/v1 ({'with' if keys else 'no'} API key), documentation at {root}/docs")
        Server(create_app(desk), desk).run([listener])
