"""A local web server that answers as weather services do, from a script; it keeps what it was asked."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chains.tools.weather.fetch import Patience

HASTE = Patience(connect_seconds=0.5, silence_seconds=0.25, total_seconds=0.3, backoff_seconds=0.01, longest_backoff_seconds=0.05)


@dataclass(frozen=True)
class Reply:
    """One answer: `content` becomes JSON unless it is bytes; `wait_seconds` passes before it, `drip_seconds` between bytes."""

    content: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait_seconds: float = 0.0
    drip_seconds: float = 0.0

    @property
    def body(self) -> bytes:
        """The bytes to send."""
        return self.content if isinstance(self.content, bytes) else json.dumps(self.content, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


class WeatherServer:
    """Replies by path ending, each path in its own order; the last reply of a path is repeated."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply]] = {}

    def reply(self, path_end: str, *replies: Reply) -> None:
        """Script the answers to paths that end so."""
        self._replies[path_end] = list(replies)

    def answer(self, asked: Asked) -> Reply:
        """The next scripted answer."""
        self.asked.append(asked)
        for path_end, replies in self._replies.items():
            if asked.path.endswith(path_end):
                return replies.pop(0) if len(replies) > 1 else replies[0]
        return Reply({"error": True, "reason": "no such path"}, 404)


@contextmanager
def weather_server() -> Iterator[WeatherServer]:
    """A running server, stopped at the end."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    http.block_on_close = False
    http.script = WeatherServer(f"http://127.0.0.1:{http.server_port}")
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield http.script
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        reply = self.server.script.answer(Asked(parts.path, query, dict(self.headers)))
        time.sleep(reply.wait_seconds)
        try:
            self._send(reply)
        except OSError:
            return  # the client has hung up, as it should on a slow answer

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if not reply.drip_seconds:
            self.wfile.write(reply.body)
            return
        for byte in reply.body:
            self.wfile.write(bytes([byte]))
            time.sleep(reply.drip_seconds)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
