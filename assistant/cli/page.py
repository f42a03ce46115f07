"""`fengjing ui`: start the Streamlit page."""

import os
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.settings import load_settings
from knowledge.errors import InputError

PAGE = Path(__file__).parent.parent.parent / "ui" / "app.py"


def ui(
    port: Annotated[int | None, typer.Option(help="Port of the page; FENGJING_PORT or 8501 otherwise.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
) -> None:
    """Open the chat page in the browser."""
    settings = load_settings()
    chosen, address = port or settings.port, host or settings.host
    _check_free(address, chosen)
    typer.echo(f"与风景对话: http://{'localhost' if address in ('127.0.0.1', '0.0.0.0') else address}:{chosen}")  # noqa: S104 - shown, not bound
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE), "--server.port", str(chosen),
               "--server.address", address, "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    os.execv(sys.executable, command)  # noqa: S606 - the page takes this process over, and gets its signals


def _check_free(address: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise InputError(f"port {port} is taken; run 'fengjing ui --port {port + 1}' or stop what uses it") from error
