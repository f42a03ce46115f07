"""Counts and times of one server for Prometheus. Each app has a registry of its own; no label tells who asked or what."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Message, Scope, Send

from assistant.api.waiting import Line
from assistant.events import FinishedEvent

PATHS = frozenset({"/v1/chat/completions", "/v1/models", "/v1/plan", "/v1/search", "/healthz", "/metrics", "/docs", "/openapi.json"})
SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 60, 120, 300)


class Metrics:
    """What is counted."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter("fengjing_requests", "Requests answered.", ["path", "status"], registry=registry)
        self._turns = Counter("fengjing_turns", "Turns by how they ended: done, stopped, failed.", ["end"], registry=registry)
        self._seconds = Histogram("fengjing_turn_seconds", "From the turn's start to these moments.", ["moment"], buckets=SECONDS, registry=registry)
        self._answers = Histogram("fengjing_request_seconds", "Seconds until a request was answered whole.", ["path"], buckets=SECONDS, registry=registry)
        self._lines = Counter("fengjing_guard_lines", "Lines of the model by what the guard did with them.", ["fate"], registry=registry)
        self._wrong = Counter("fengjing_guard_violations", "Violations the guard found, by kind.", ["kind"], registry=registry)

    def watch(self, line: Line) -> None:
        """Tell how many turns run and wait."""
        Gauge("fengjing_turns_running", "Turns that run now.", registry=self._registry).set_function(lambda: line.running)
        Gauge("fengjing_turns_waiting", "Turns that wait now.", registry=self._registry).set_function(lambda: line.waiting)

    @contextmanager
    def request(self, scope: Scope) -> Iterator[Callable[[Send], Send]]:
        """Count a request and its time; gives what to wrap its `send` with, to learn the status."""
        path = scope["path"] if scope["path"] in PATHS else "other"
        status, began = "none", time.perf_counter()  # none: the client left before any answer

        def counted(send: Send) -> Send:
            async def send_counted(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = str(message["status"])
                await send(message)

            return send_counted

        try:
            yield counted
        finally:
            self._requests.labels(path, status).inc()
            self._answers.labels(path).observe(time.perf_counter() - began)

    def ended(self, end: str) -> None:
        """A turn is over: done, stopped or failed."""
        self._turns.labels(end).inc()

    def finished(self, event: FinishedEvent) -> None:
        """Times and guard counts of a turn that came to its end."""
        for moment in ("facts", "first_text", "total"):
            self._seconds.labels(moment).observe(getattr(event.timings, moment))
        guard = event.guard
        for fate, lines in (("written", guard.lines), ("wrong", guard.wrong), ("rewritten", guard.rewritten), ("rendered", guard.rendered)):
            self._lines.labels(fate).inc(lines)
        for kind, times in guard.kinds:
            self._wrong.labels(kind).inc(times)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)
