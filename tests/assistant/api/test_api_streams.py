"""Streams under strain: waiting, leaving, reading slowly, and the server's end."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import httpx
import pytest
from openai import APIError, OpenAI, RateLimitError, Stream
from openai.types.chat import ChatCompletionChunk
from starlette.types import Message

from assistant.api import sse
from assistant.api.limits import Limits
from assistant.api.turns import HELD_ITEMS
from assistant.assistant import TravelAssistant
from assistant.store import Store
from chains.outline import outline
from knowledge.library import Library
from tests.assistant.api.live import SECONDS, GatedAssistant, client, desk_for, gated, live, wait_until
from tests.chains.turns import QINGDAO, TODAY, gather
from tests.fakes import engine_saying, model_of

ONE = Limits(turns=1, waiting=3, requests_per_minute=0, grace_seconds=5)
KEYS = ("key-of-anna", "key-of-bert")


@dataclass
class Running:
    """An API with one turn at a time, and the assistant behind it."""

    address: str
    assistant: GatedAssistant


@pytest.fixture
def running(library: Library) -> Iterator[Running]:
    """The API, with two keys; whatever a test has left waiting is let through at the end."""
    assistant = gated(library)
    with live(desk_for(library, assistant, keys=KEYS, limits=ONE)) as address:
        yield Running(address, assistant)
        assistant.let(1000)


def stream(asker: OpenAI, text: str) -> Stream[ChatCompletionChunk]:
    """A streamed question."""
    return asker.chat.completions.create(model="fengjing", messages=[{"role": "user", "content": text}], stream=True)


def text_of(chunks: Stream[ChatCompletionChunk]) -> str:
    """All text of a stream."""
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks)


def until_place(chunks: Stream[ChatCompletionChunk], place: int) -> None:
    """Read on until this place in the line was told."""
    for chunk in chunks:
        if (chunk.model_extra or {}).get("fengjing") == {"queue": place}:
            return
    raise AssertionError(f"place {place} was never told")


def raw(address: str, text: str) -> socket.socket:
    """A connection of its own that has asked and reads nothing."""
    body = json.dumps({"model": "fengjing", "messages": [{"role": "user", "content": text}], "stream": True}).encode()
    where = urlsplit(address)
    connection = socket.create_connection((where.hostname, where.port), timeout=SECONDS)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEYS[0]}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


def test_lines_come_as_they_are_written(running: Running) -> None:
    """A line is with the client before the next one is begun."""
    chunks = stream(client(running.address, KEYS[0]), "甲")
    for number in range(3):
        running.assistant.let(1)
        line = next(chunk for chunk in chunks if chunk.choices[0].delta.content)
        assert line.choices[0].delta.content.strip() == f"甲 {number}"
        assert running.assistant.given == number + 1
    assert [chunk.choices[0].finish_reason for chunk in chunks] == ["stop"]


def test_who_waits_sees_its_place_and_is_served_in_turn(running: Running) -> None:
    """Positions come as chunks and as comments; one key's second question comes after the other key's first."""
    anna, bert = (client(running.address, key) for key in KEYS)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(text_of, stream(anna, "a1"))
        wait_until(lambda: running.assistant.began == ["a1"])
        second, third = stream(anna, "a2"), None
        until_place(second, 1)
        third = stream(bert, "b1")
        until_place(third, 2)
        fourth = stream(anna, "a3")
        until_place(fourth, 3)
        answers = [pool.submit(text_of, waiting) for waiting in (second, third, fourth)]
        running.assistant.let(12)
        assert [answer.result(SECONDS) for answer in (first, *answers)] == [f"{name} 0\n{name} 1\n{name} 2" for name in ("a1", "a2", "b1", "a3")]
    assert running.assistant.began == ["a1", "a2", "b1", "a3"]


def test_the_place_is_a_comment_too(running: Running) -> None:
    """Clients that know nothing of our field are kept awake by lines they pass over."""
    blocking = raw(running.address, "前")
    wait_until(lambda: running.assistant.began)
    headers = {"Authorization": f"Bearer {KEYS[0]}"}
    body = {"model": "fengjing", "messages": [{"role": "user", "content": "后"}], "stream": True}
    with httpx.stream("POST", f"{running.address}/v1/chat/completions", headers=headers, json=body, timeout=SECONDS) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert next(row for row in answer.iter_lines() if row.startswith(":")) == ": place 1 in the line"
    blocking.close()


def test_a_full_line_is_429_and_leaves_the_other_key_a_place(running: Running) -> None:
    """One key cannot take the last seat of another; a key that may not wait hears so at once."""
    anna, bert = (client(running.address, key) for key in KEYS)
    held = [stream(anna, "a0")]
    wait_until(lambda: running.assistant.began)
    held += [stream(anna, f"a{number}") for number in (1, 2)]
    with pytest.raises(RateLimitError) as caught:
        stream(anna, "a3")
    assert caught.value.code == "busy"
    assert int(caught.value.response.headers["retry-after"]) > 0
    held.append(stream(bert, "b1"))
    for chunks in held:
        chunks.close()


def test_who_leaves_while_waiting_is_never_answered(running: Running) -> None:
    """A seat in the line is given up with the connection, streamed or not."""
    anna = client(running.address, KEYS[0])
    first = stream(anna, "一")
    wait_until(lambda: running.assistant.began)
    second = stream(anna, "二")
    until_place(second, 1)
    second.close()
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{running.address}/v1/chat/completions", headers={"Authorization": f"Bearer {KEYS[0]}"}, timeout=0.3,
                   json={"model": "fengjing", "messages": [{"role": "user", "content": "三"}]})
    wait_until(lambda: httpx.get(f"{running.address}/healthz").json()["waiting"] == 0)
    running.assistant.let(6)
    assert text_of(first).startswith("一 0")
    assert text_of(stream(anna, "四")).startswith("四 0")
    assert running.assistant.began == ["一", "四"]


class Paused(list[str]):
    """A completion in pieces of which the last ones come when the test says so."""

    def __init__(self, pieces: list[str], after: int) -> None:
        super().__init__(pieces)
        self.after = after
        self.go_on = threading.Event()

    def __iter__(self) -> Iterator[str]:
        """The pieces."""
        for number, piece in enumerate(super().__iter__()):
            if number == self.after:
                assert self.go_on.wait(SECONDS)
            yield piece


def test_a_client_that_leaves_stops_its_turn(library: Library, tmp_path: Path) -> None:
    """The engine is not read to its end, and a stored conversation keeps the lines shown, marked as stopped."""
    lines = [line.fallback + "\n" for line in outline(gather(library, QINGDAO)) if not line.by_code]
    script = Paused(lines, after=2)
    engine, store = engine_saying(script), Store(f"sqlite:///{tmp_path / 'fengjing.db'}")
    assistant = TravelAssistant(library, engine, store, lambda: TODAY)
    with live(desk_for(library, assistant, limits=ONE)) as address:
        asked = [{"role": "user", "content": QINGDAO}]
        chunks = client(address).chat.completions.create(
            model="fengjing", messages=asked, stream=True, extra_body={"fengjing": {"conversation": "new"}})
        pieces = (chunk.choices[0].delta.content or "" for chunk in chunks)
        seen = next(text for text in accumulate(pieces) if lines[1].strip() in text)
        chunks.close()
        wait_until(lambda: 'fengjing_turns_total{end="stopped"} 1.0' in httpx.get(f"{address}/metrics").text)
        script.go_on.set()
        wait_until(lambda: len(store.messages(1)) == 2)
        wait_until(lambda: httpx.get(f"{address}/healthz").json()["running"] == 0)
    answer = store.messages(1)[1]
    assert answer.stopped
    assert answer.text.startswith(seen)
    assert lines[-1].strip() not in answer.text
    assert model_of(engine).given_up == 1


@pytest.mark.slow
def test_a_slow_reader_stops_the_turn_not_the_memory(library: Library) -> None:
    """Of an answer without end only as much is made as the reader and the bounded hand-over take."""
    assistant = gated(library, lines=1_000_000)
    assistant.let(1_000_000)
    with live(desk_for(library, assistant, limits=ONE)) as address:
        connection = raw(address, "长" * 200)
        wait_until(lambda: assistant.given > HELD_ITEMS)
        seen = -1
        while seen != assistant.given:  # it comes to rest
            seen = assistant.given
            threading.Event().wait(0.5)
        assert seen < 50_000
        connection.close()
        wait_until(lambda: httpx.get(f"{address}/healthz").json()["running"] == 0)
    assert assistant.ended == {"长" * 200: "stopped"}


def test_a_reader_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time for one piece the stream is closed, so that its turn stops; nothing is raised."""
    monkeypatch.setattr(sse, "SEND_SECONDS", 0.05)
    heard: list[str] = []

    async def pieces() -> AsyncIterator[str]:
        for piece in "甲乙丙":
            heard.append(piece)
            yield piece

    async def never(*_: object) -> NoReturn:
        await asyncio.Event().wait()
        raise AssertionError

    async def takes_the_head(message: Message) -> None:
        if message["type"] != "http.response.start":
            await never()

    closed: list[bool] = []
    answer = sse.EventStream(pieces(), lambda: closed.append(True))
    asyncio.run(asyncio.wait_for(answer({}, never, takes_the_head), 10))
    assert (heard, closed) == (["甲"], [True])


def test_the_end_of_the_server_lets_running_answers_finish(library: Library) -> None:
    """What runs is finished within the grace; who waits is told that the server is being stopped."""
    assistant = gated(library)
    with ThreadPoolExecutor(2) as pool:
        with live(desk_for(library, assistant, limits=ONE)) as address:
            asker = client(address)
            answer = pool.submit(text_of, stream(asker, "终"))
            wait_until(lambda: assistant.began)
            waiting = stream(asker, "等")
            until_place(waiting, 1)
            told = pool.submit(_error_of, waiting)
            threading.Timer(0.5, assistant.let, [3]).start()
        assert answer.result(SECONDS) == "终 0\n终 1\n终 2"
        assert "being stopped" in told.result(SECONDS)
    assert assistant.began == ["终"]


@pytest.mark.slow
def test_after_the_grace_a_turn_is_stopped(library: Library) -> None:
    """A turn that does not end within the grace is closed, so that it keeps what was shown; the server ends."""
    assistant = gated(library, lines=1000)
    with live(desk_for(library, assistant, limits=Limits(turns=1, requests_per_minute=0, grace_seconds=1))) as address:
        chunks = stream(client(address), "久")
        assistant.let(1)
        assert next(chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content) == "久 0"
        threading.Timer(1.5, assistant.let, [1]).start()
    assert assistant.ended == {"久": "stopped"}
    chunks.close()


def _error_of(chunks: Stream[ChatCompletionChunk]) -> str:
    try:
        text_of(chunks)
    except APIError as error:
        return error.message
    return ""
