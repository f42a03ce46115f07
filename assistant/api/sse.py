"""Answers that end when their reader does: a stream of server-sent events, and a plain answer that notices a gone client.

Whoever goes away, reads too slowly or is cut off by the server's end: `close` is called, so that the work stops.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant.api.errors import Refused, refusal_of
from knowledge.errors import FengjingError

SEND_SECONDS = 30.0  # a client that takes nothing for so long is given up
_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no")]
T = TypeVar("T")


class ClientGone(Refused):
    """Nobody is there to read the answer."""

    def __init__(self) -> None:
        super().__init__(499, "client_gone", "the client left before the answer was done")


def data(value: object) -> str:
    """An event that carries JSON."""
    return f"data: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n\n"


def comment(text: str) -> str:
    """A line that clients pass over; it keeps the connection open."""
    return f": {text}\n\n"


class EventStream(Response):
    """A stream of events from pieces of text; `close` is called once it is over, however it ends."""

    media_type = "text/event-stream"

    def __init__(self, pieces: AsyncIterator[str], close: Callable[[], None]) -> None:
        super().__init__()
        self._pieces = pieces
        self._close = close

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces until they end or the client leaves."""
        try:
            await unless_gone(receive, self._send_all(send))
        except ClientGone:
            return
        finally:
            self._close()

    async def _send_all(self, send: Send) -> None:
        await _sent(send, {"type": "http.response.start", "status": 200, "headers": _HEADERS})
        try:
            async for piece in self._pieces:
                await _sent(send, {"type": "http.response.body", "body": piece.encode(), "more_body": True})
        except ClientGone:
            raise
        except FengjingError as error:  # the status is out: the error is the last event
            await _sent(send, {"type": "http.response.body", "body": data(refusal_of(error).body).encode(), "more_body": True})
        await _sent(send, {"type": "http.response.body", "body": b"", "more_body": False})


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`; where the client leaves first, the work is cancelled and `ClientGone` raised."""
    working, leaving = asyncio.create_task(work), asyncio.create_task(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _sent(send: Send, message: dict[str, Any]) -> None:
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await send(message)
    except OSError as error:  # TimeoutError is one: who reads too slowly is as good as gone
        raise ClientGone from error
