"""What stands before every request: the key, the pace and the size of the body.

Plain ASGI, so that streams pass through untouched. The body is read here, whole and up to its limit, before anything is made
of it; of one that is too big the rest is thrown away unread, so that the client gets to hear why.
"""

import asyncio
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.errors import Refused
from assistant.api.keys import Keys, Pace
from assistant.api.limits import Limits, is_loopback
from assistant.api.metrics import Metrics

FREE = frozenset({"/healthz", "/docs", "/openapi.json"})  # no key, no pace
UNPACED = FREE | {"/metrics"}
BODY_SECONDS = 30.0
DRAINED_BYTES = 64 << 20  # of a body that is too big, as much is taken and thrown away


class Door:
    """Lets a request through with the name of its key in ``scope["state"]["key"]``, or answers in its place."""

    def __init__(self, app: ASGIApp, keys: Keys, limits: Limits, metrics: Metrics) -> None:
        self._app = app
        self._keys = keys
        self._pace = Pace(limits.requests_per_minute)
        self._body_bytes = limits.body_bytes
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the server's start and end."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._metrics.request(scope) as count:
            try:
                self._let_in(scope)
                body = await self._body(receive)
            except Refused as refused:
                await refused.response()(scope, receive, count(send))
                return
            await self._app(scope, _again(body, receive), count(send))

    def _let_in(self, scope: Scope) -> None:
        headers = {name: value.decode("utf-8", "surrogateescape") for name, value in scope["headers"]}
        if not self._keys.are_set and not is_loopback(urlsplit(f"//{headers.get(b'host', '')}").hostname or ""):
            # A page of another site may have its own name point at this machine.
            raise Refused(403, "wrong_host", "without keys only http://localhost and http://127.0.0.1 are answered; set FENGJING_API_KEYS")
        if scope["path"] not in FREE:
            key = self._keys.name_of(headers.get(b"authorization", ""))
            scope.setdefault("state", {})["key"] = key
            if scope["path"] not in UNPACED:
                self._pace.count(key)

    async def _body(self, receive: Receive) -> bytes:
        """The whole body; raises `Refused` (413, 408)."""
        parts: list[bytes] = []
        seen, more = 0, True
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while more and seen < DRAINED_BYTES:
                    message = await receive()
                    part: bytes = message.get("body", b"")
                    seen += len(part)
                    parts = [*parts, part] if seen <= self._body_bytes else []
                    more = message["type"] == "http.request" and message.get("more_body", False)
        except TimeoutError as error:
            raise Refused(408, "body_too_slow", f"the body did not come within {BODY_SECONDS:.0f} s") from error
        if seen > self._body_bytes:
            raise Refused(413, "body_too_large", f"the body has more than {self._body_bytes} bytes; send less of the conversation")
        return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, then what comes after it."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
