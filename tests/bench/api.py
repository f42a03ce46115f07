"""The HTTP API under a hundred open streams, and what `fengjing serve` costs beside the Python call.

The streams come from an assistant that writes a line at a fixed pace, in a server process of its own: real app, real uvicorn,
real loopback. `python -m tests.bench.api 10` runs that part alone, for 10 seconds. Not covered: networks, TLS, proxies.
"""

import asyncio
import json
import multiprocessing
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import httpx
from openai import OpenAI

from assistant.api.desk import Desk, open_desk
from assistant.api.limits import Limits
from assistant.events import Event, FactsEvent, FinishedEvent, GuardCounts, StatusEvent, TextEvent, Timings
from assistant.settings import load_settings
from chains.answer import Origin
from chains.outline import Part
from knowledge.library import open_library
from tests.assistant.api.live import GatedAssistant, client, desk_for, gated, live
from tests.bench.turn import CITIES

STREAMS, SECONDS = 100, 60.0
PACE_SECONDS, LINES = 0.25, 20  # a line of a turn, as fast as no model here writes
TURNS = 10


class Paced(GatedAssistant):
    """Writes lines that hold the moment they were written at."""

    def stream(self, conversation: int, text: str) -> Generator[Event, None, None]:
        """A turn of `LINES` lines."""
        yield StatusEvent("writing")
        yield FactsEvent(self.facts, 0.0)
        due = time.monotonic()
        for _ in range(LINES):
            due += PACE_SECONDS
            time.sleep(max(0.0, due - time.monotonic()))
            yield TextEvent(f"{time.monotonic():.6f}", Part.ADVICE, Origin.MODEL, 0.0)
        yield FinishedEvent(1, "", self.facts, GuardCounts(), Timings(0, 0, 0))


@dataclass
class Seen:
    """What the clients saw."""

    late_ms: list[float] = field(default_factory=list)
    turns: int = 0
    errors: list[str] = field(default_factory=list)


def run() -> None:
    """Print both parts."""
    streams(SECONDS)
    _against_python()


def streams(seconds: float) -> None:
    """Hold the streams open for so long; print errors, lateness of chunks and the server's memory."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    address = ours.recv()
    _ask_for(address, 5)  # what is made at the first use is made
    before = _memory_mib(server.pid or 0)
    seen = _ask_for(address, seconds)
    after = _memory_mib(server.pid or 0)
    ours.send("stop")
    server.join(30)
    fine = quantiles(seen.late_ms, n=20)
    print(f"{STREAMS} streams for {seconds:.0f} s: {seen.turns} turns, {len(seen.late_ms)} chunks, {len(seen.errors)} errors {seen.errors[:3]}")
    print(f"a chunk seen after it was written: p50 {median(seen.late_ms):.1f} ms, p95 {fine[-1]:.1f} ms, worst {max(seen.late_ms):.1f} ms")
    print(f"server memory: {before:.0f} MiB after warming up, {after:.0f} MiB at the end")


def _serve(pipe: Connection) -> None:
    """The server process: a paced assistant behind the real app."""
    with TemporaryDirectory() as folder:
        library = open_library(Path(folder))
        limits = Limits(turns=STREAMS, waiting=STREAMS, requests_per_minute=0)
        with live(desk_for(library, Paced(gated(library).facts), limits=limits)) as address:
            pipe.send(address)
            pipe.recv()


def _ask_for(address: str, seconds: float) -> Seen:
    seen = Seen()

    async def all_of_them() -> None:
        limits = httpx.Limits(max_connections=STREAMS)
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as http:
            until = time.monotonic() + seconds
            await asyncio.gather(*(_converse(http, number, until, seen) for number in range(STREAMS)))

    asyncio.run(all_of_them())
    return seen


async def _converse(http: httpx.AsyncClient, number: int, until: float, seen: Seen) -> None:
    """One conversation: turn after turn until the time is up; they do not all begin at the same moment."""
    await asyncio.sleep(number * PACE_SECONDS / STREAMS)
    while time.monotonic() < until:
        try:
            await _turn(http, f"{number}", seen)
        except (httpx.HTTPError, ValueError, KeyError) as error:
            seen.errors.append(f"{type(error).__name__}: {error}")


async def _turn(http: httpx.AsyncClient, text: str, seen: Seen) -> None:
    body = {"model": "fengjing", "messages": [{"role": "user", "content": text}], "stream": True}
    async with http.stream("POST", "/v1/chat/completions", json=body) as answer:
        answer.raise_for_status()
        lines, last = 0, ""
        async for row in answer.aiter_lines():
            now = time.monotonic()
            if '"content":"' in row and (content := json.loads(row.removeprefix("data: "))["choices"][0]["delta"]["content"]):
                seen.late_ms.append((now - float(content)) * 1000)
                lines += 1
            last = row or last
    if lines != LINES or last != "data: [DONE]":
        raise ValueError(f"a turn of {lines} lines that ends with {last[:60]!r}")
    seen.turns += 1


def _memory_mib(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    rows = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS")) / 1024


def _against_python() -> None:
    """The real model: whole turns by Python and over HTTP in turns, on cities that differ, and what HTTP adds to its own turn."""
    with TemporaryDirectory() as folder:
        settings = load_settings().model_copy(update={
            "api_keys": "", "api_requests_per_minute": 0, "database_url": f"sqlite:///{Path(folder) / 'bench.db'}"})
        desk = open_desk(settings, lambda _: None)
        with live(desk) as address:
            asker = client(address)
            _by_http(asker, "南昌")
            pairs = [_pair(desk, asker, number) for number in range(TURNS)]
    python, http, added = zip(*pairs, strict=True)
    print(f"whole turn, median of {TURNS} alternating: Python {median(python):.2f} s, serve {median(http):.2f} s")
    print(f"serve beside the same turn's own seconds: median {median(added) * 1000:.1f} ms, worst {max(added) * 1000:.1f} ms")


def _pair(desk: Desk, asker: OpenAI, number: int) -> tuple[float, float, float]:
    """Seconds by Python, seconds over HTTP, and of these what the turn itself did not take; the first one alternates."""
    cities = CITIES[2 * number], CITIES[2 * number + 1]
    if number % 2:
        http, added = _by_http(asker, cities[0])
        return _by_python(desk, cities[1]), http, added
    return _by_python(desk, cities[0]), *_by_http(asker, cities[1])


def _by_python(desk: Desk, city: str) -> float:
    *_, end = desk.assistant.stream(desk.assistant.new_conversation(), _question(city))
    assert isinstance(end, FinishedEvent)
    return end.timings.total


def _by_http(asker: OpenAI, city: str) -> tuple[float, float]:
    began = time.perf_counter()
    chunks = asker.chat.completions.create(model="fengjing", messages=[{"role": "user", "content": _question(city)}], stream=True)
    *_, last = chunks
    seconds = time.perf_counter() - began
    return seconds, seconds - (last.model_extra or {})["fengjing"]["timings"]["total"]


def _question(city: str) -> str:
    return f"我去{city}可以去哪里玩,花费多少?"


if __name__ == "__main__":
    streams(float(sys.argv[1]))
