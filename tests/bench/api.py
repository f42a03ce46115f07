"""The HTTP API: a hundred open streams, a line of real turns, and what `fengjing serve` costs beside the Python call.

`python -m tests.bench api` prints all three, `python -m tests.bench.api streams|line|overhead` one of them. Everything is
real (app, uvicorn, loopback, the whole chain) but for the engine of the streams, which writes at a fixed pace. Not covered:
networks, TLS, proxies.
"""

import asyncio
import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from openai import AsyncOpenAI, OpenAI, RateLimitError
from pydantic import PrivateAttr

from assistant.api.desk import open_desk
from assistant.api.limits import Limits
from assistant.api.server import settle
from assistant.api.stateless import Stateless
from assistant.assistant import TravelAssistant, embedded_config
from assistant.events import FinishedEvent
from assistant.settings import load_settings
from assistant.store import Store
from chains.models.chat import Engine, chat_engine, chunk_of
from chains.models.embedded import EmbeddedEngine
from chains.outline import outline
from knowledge.library import Library, open_library
from tests.assistant.api.live import client, desk_for, live
from tests.bench.turn import CITIES
from tests.chains.turns import QINGDAO, gather
from tests.fakes import ScriptedModel

STREAMS, SECONDS, WARM_SECONDS = 100, 60.0, 8.0
PACE_SECONDS = 0.5  # a line, on every stream at once
LETTERS = "abcdefghij"
ASKED = {"anna": 6, "bert": 2, "cleo": 1}  # key to the questions it sends at once, in this order
ROOM = 6
TURNS = 12


class PacedModel(ScriptedModel):
    """An engine that writes the lines of one answer at a fixed pace, and notes when it hands each over."""

    _lines: tuple[str, ...] = PrivateAttr(default=())
    _written: dict[str, list[float]] = PrivateAttr(default_factory=dict)

    @classmethod
    def writing(cls, lines: tuple[str, ...]) -> "PacedModel":
        """A model with these lines."""
        model = cls()
        model._lines = lines
        return model

    @property
    def written(self) -> dict[str, list[float]]:
        """When the lines of each stream were handed over, by the last word of its question; monotonic seconds."""
        return self._written

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        times = self._written.setdefault(str(messages[-1].content).split()[-1], [])
        due = time.monotonic()
        for line in self._lines:
            due += PACE_SECONDS
            time.sleep(max(0.0, due - time.monotonic()))
            times.append(time.monotonic())
            yield chunk_of(f"{line}\n", run_manager)


@dataclass
class Seen:
    """What the clients saw: when each of the engine's lines came, by stream; whole turns; errors; memory of the server."""

    came: dict[str, list[float]] = field(default_factory=dict)
    turns: int = 0
    errors: list[str] = field(default_factory=list)
    memory_mib: list[float] = field(default_factory=list)


def run() -> None:
    """Print all three parts."""
    for part in PARTS.values():
        part()


def streams(seconds: float = SECONDS) -> None:
    """Hold the streams open for so long; print errors, how late lines came, and the server's memory."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    address, lines = ours.recv()
    _ask_for(address, lines, "warm", WARM_SECONDS, server.pid or 0)  # what is made at the first use is made
    seen = _ask_for(address, lines, "", seconds, server.pid or 0)
    ours.send("stop")
    written, cpu_seconds = ours.recv()
    server.join(30)
    late = [(came - wrote) * 1000 for name, times in seen.came.items() for came, wrote in zip(times, written[name], strict=not seen.errors)]
    memory = seen.memory_mib
    print(f"{STREAMS} streams for {seconds:.0f} s, an engine that writes {STREAMS / PACE_SECONDS:.0f} lines/s: "
          f"{seen.turns} turns, {len(late)} lines, {len(seen.errors)} errors {seen.errors[:3]}")
    print(f"a line with the client after the engine wrote it: p50 {median(late):.1f} ms, p95 {quantiles(late, n=20)[-1]:.1f} ms, worst {max(late):.1f} ms")
    print(f"server memory: {memory[0]:.0f} MiB after warming up, {memory[len(memory) // 2]:.0f} at half-time, {memory[-1]:.0f} at the end, "
          f"{max(memory):.0f} at most; CPU {cpu_seconds / (seconds + WARM_SECONDS):.0%} of a core")


def _serve(pipe: Connection) -> None:
    """The server process: the real assistant on the paced engine."""
    library = open_library(load_settings().home)
    lines = tuple(line.fallback for line in outline(gather(library, QINGDAO)) if not line.by_code)
    model = PacedModel.writing(lines)
    engine = Engine(model, "paced", takes_grammar=True)
    with TemporaryDirectory() as folder:
        desk = desk_for(library, *_assistants(library, engine, Path(folder)), limits=Limits(turns=STREAMS, requests_per_minute=0))
        with live(desk) as address:
            settle()
            pipe.send((address, lines))
            began = time.process_time()
            pipe.recv()
            pipe.send((model.written, time.process_time() - began))


def _assistants(library: Library, engine: Engine, folder: Path) -> tuple[TravelAssistant, Stateless]:
    """One that stores conversations, one for those that are sent along."""
    stored = TravelAssistant(library, engine, Store(f"sqlite:///{folder / 'bench.db'}"))
    return stored, Stateless(lambda store: TravelAssistant(library, engine, store))


def _ask_for(address: str, lines: tuple[str, ...], prefix: str, seconds: float, server: int) -> Seen:
    seen = Seen()

    async def all_of_them() -> None:
        limits = httpx.Limits(max_connections=STREAMS)
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as http:
            until = time.monotonic() + seconds
            names = [f"{prefix}{first}{second}" for first in LETTERS for second in LETTERS]
            talks = (_converse(http, name, number, lines, until, seen) for number, name in enumerate(names[:STREAMS]))
            await asyncio.gather(_weigh(server, until, seen), *talks)

    asyncio.run(all_of_them())
    return seen


async def _weigh(pid: int, until: float, seen: Seen) -> None:
    """Note a process's resident memory every second (Linux)."""
    while time.monotonic() < until:
        rows = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()  # noqa: ASYNC240 - no disk behind it
        seen.memory_mib.append(next(int(row.split()[1]) for row in rows if row.startswith("VmRSS")) / 1024)
        await asyncio.sleep(1)


async def _converse(http: httpx.AsyncClient, name: str, number: int, lines: tuple[str, ...], until: float, seen: Seen) -> None:
    """Turn after turn until the time is up; the streams do not all begin at the same moment."""
    await asyncio.sleep(number * len(lines) * PACE_SECONDS / STREAMS)
    came = seen.came.setdefault(name, [])
    while time.monotonic() < until:
        try:
            await _turn(http, f"{QINGDAO} {name}", lines, came)
            seen.turns += 1
        except (httpx.HTTPError, ValueError, KeyError) as error:
            seen.errors.append(f"{error!r} {error.__cause__!r}")


async def _turn(http: httpx.AsyncClient, text: str, lines: tuple[str, ...], came: list[float]) -> None:
    """One turn, with the moments its lines came at; raises `ValueError` where it is not the answer, whole and in order."""
    body = {"model": "fengjing", "messages": [{"role": "user", "content": text}], "stream": True}
    said, last = [], ""
    async with http.stream("POST", "/v1/chat/completions", json=body) as answer:
        answer.raise_for_status()
        async for row in answer.aiter_lines():
            now = time.monotonic()
            if '"content":"' in row:
                line = json.loads(row.removeprefix("data: "))["choices"][0]["delta"]["content"].strip()
                if line in lines:
                    said.append(line)
                    came.append(now)
            last = row or last
    if tuple(said) != lines or last != "data: [DONE]":
        raise ValueError(f"{len(said)} of {len(lines)} lines came, and the stream ends with {last[:60]!r}")


@dataclass
class Waiter:
    """One question in the line: the places it heard, and what became of it."""

    key: str
    places: list[int] = field(default_factory=list)
    heard_seconds: float = 0.0  # from the question to the first place, or to the refusal
    began: float = 0.0  # the first line, monotonic seconds; 0 where there was none
    end: str = ""


def line() -> None:
    """Ask the real model more than it can take at once, under keys of which one is greedy; print who was served when."""
    with TemporaryDirectory() as folder:
        settings = load_settings().model_copy(update={
            "api_keys": ",".join(ASKED), "api_requests_per_minute": 0, "api_waiting": ROOM, "database_url": f"sqlite:///{Path(folder) / 'bench.db'}"})
        desk = open_desk(settings, lambda _: None)
        with live(desk) as address:
            waiters = asyncio.run(_ask_at_once(address))
    answered = sorted((waiter for waiter in waiters if waiter.end == "stop"), key=lambda waiter: waiter.began)
    refused = [waiter.end for waiter in waiters if waiter.end != "stop"]
    told = ", ".join(f"{key} {times}" for key, times in ASKED.items())
    print(f"{len(waiters)} questions at once ({told}, in this order), one turn at a time, room for {ROOM}: {len(answered)} answered, the others: {refused}")
    print(f"answered in the order: {' '.join(waiter.key for waiter in answered)}")
    print(f"places each of them heard: {'; '.join(f'{waiter.key} {waiter.places}' for waiter in answered)}")
    print(f"first place or refusal heard after: worst {max(waiter.heard_seconds for waiter in waiters) * 1000:.0f} ms")


async def _ask_at_once(address: str) -> list[Waiter]:
    waiters = [Waiter(key) for key, times in ASKED.items() for _ in range(times)]
    await asyncio.gather(*(_wait(address, waiter, number) for number, waiter in enumerate(waiters)))
    return waiters


async def _wait(address: str, waiter: Waiter, number: int) -> None:
    await asyncio.sleep(number * 0.05)  # so that the order is certain
    asked = time.monotonic()
    async with AsyncOpenAI(base_url=f"{address}/v1", api_key=waiter.key, max_retries=0, timeout=600) as asker:
        try:
            question = {"role": "user", "content": f"{CITIES[number]}有什么好吃的"}
            async for chunk in await asker.chat.completions.create(model="fengjing", messages=[question], stream=True):
                now = time.monotonic()
                ours = (chunk.model_extra or {}).get("fengjing", {})
                if "queue" in ours:
                    waiter.places.append(ours["queue"])
                if chunk.choices[0].delta.content:
                    waiter.began = waiter.began or now
                waiter.heard_seconds = waiter.heard_seconds or now - asked
                waiter.end = chunk.choices[0].finish_reason or ""
        except RateLimitError as error:
            waiter.heard_seconds = time.monotonic() - asked
            waiter.end = f"429 {error.code}, Retry-After {error.response.headers['retry-after']} s"


@dataclass
class Pair:
    """An engine of its own, and both ways to it."""

    assistant: TravelAssistant
    asker: OpenAI


def overhead() -> None:
    """The same questions to the real model by Python and over HTTP; print how the seconds of the two compare.

    Each city is asked once either way, half a round apart: the engine keeps one conversation and has read another city since.
    """
    settings = load_settings()
    library = open_library(settings.home)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        engine = EmbeddedEngine(embedded_config(settings))
        assistant, stateless = _assistants(library, chat_engine(engine.base_url, "bench", takes_grammar=True), Path(folder))
        assistant.warm_up()
        address = stack.enter_context(live(desk_for(library, assistant, stateless, limits=Limits(requests_per_minute=0))))
        pair = Pair(assistant, client(address))
        _by_http(pair, "南昌")
        cities = CITIES[:TURNS]
        python: dict[str, float] = {}
        http: dict[str, tuple[float, float]] = {}
        for number, city in enumerate(cities):
            python[city] = _by_python(pair, city)
            other = cities[(number + TURNS // 2) % TURNS]
            http[other] = _by_http(pair, other)
    ratios = [http[city][0] / python[city] for city in cities]
    whole, added = [seconds for seconds, _ in http.values()], [more for _, more in http.values()]
    print(f"a whole turn, median of {TURNS} cities, each asked once either way: Python {median(python.values()):.2f} s (least {min(python.values()):.2f}), "
          f"serve {median(whole):.2f} s (least {min(whole):.2f}); serve over Python: median {median(ratios):.3f}, worst {max(ratios):.3f}")
    print(f"of a serve turn, what is not the turn itself: median {median(added) * 1000:.1f} ms = {median(added) / median(whole):.2%}, "
          f"worst {max(added) * 1000:.1f} ms")


def _by_python(pair: Pair, city: str) -> float:
    began = time.perf_counter()
    *_, end = pair.assistant.stream(pair.assistant.new_conversation(), _question(city))
    assert isinstance(end, FinishedEvent)
    return time.perf_counter() - began


def _by_http(pair: Pair, city: str) -> tuple[float, float]:
    """A stored conversation too, so that both ways do the same."""
    began = time.perf_counter()
    *_, last = pair.asker.chat.completions.create(
        model="fengjing", messages=[{"role": "user", "content": _question(city)}], stream=True, extra_body={"fengjing": {"conversation": "new"}})
    seconds = time.perf_counter() - began
    return seconds, seconds - (last.model_extra or {})["fengjing"]["timings"]["total"]


def _question(city: str) -> str:
    return f"我去{city}可以去哪里玩,花费多少?"


PARTS: dict[str, Callable[[], None]] = {"streams": streams, "line": line, "overhead": overhead}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
