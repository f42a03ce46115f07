"""The app under uvicorn: bound before anything slow is loaded, ended without cutting anybody short.

At SIGTERM or Ctrl-C nobody is let in any more, whoever waits is told so, and what runs may finish within the grace.
"""

import gc
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from assistant.api.desk import Desk
from knowledge.errors import InputError

KEEP_ALIVE_SECONDS = 75  # OpenAI's client uses a connection again for 5 s: uvicorn's own 5 s would now and then close it under the next question


class Server(uvicorn.Server):
    """A server that says when it begins to end."""

    def __init__(self, app: FastAPI, desk: Desk) -> None:
        super().__init__(uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=desk.limits.grace_seconds))
        self._leaving: Callable[[], None] = desk.turns.line.close

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Turn away who waits, then let uvicorn wait for what runs."""
        self._leaving()
        await super().shutdown(sockets)


def bound(host: str, port: int) -> socket.socket:
    """A socket at the address, not listening yet; raises `InputError` where it cannot be had."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        listener.close()
        raise InputError(f"{host}:{port} cannot be had ({error.strerror}); try 'fengjing serve --port {port % 65535 + 1}' or stop what uses it") from error
    return listener


def settle() -> None:
    """For a process that does nothing but serve: what was loaded at the start is looked through by the garbage collector no more.

    Dictionaries, records and libraries stay as they are; looking through them held up every stream for tenths of a second.
    """
    gc.collect()
    gc.freeze()
