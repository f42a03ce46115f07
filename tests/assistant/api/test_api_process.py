"""`fengjing serve` as a process of its own: started, ended by a signal, and killed in the middle of an answer."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import APIError, OpenAI

from tests.assistant.api.live import SECONDS, client, wait_until
from tests.chains.turns import QINGDAO

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
NOBODY = "http://127.0.0.1:1/v1"
GOODBYE_SECONDS = 30


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose index is built at the first start."""
    return tmp_path_factory.mktemp("serve")


@dataclass
class Engine:
    """A server in an engine's place: it ends its answers without a word, or holds them open for as long as it is held."""

    url: str
    free: threading.Event = field(default_factory=threading.Event)
    held: int = 0


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine, running."""
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(b'data: {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}\n\n')
            self.wfile.flush()
            running.held += not running.free.is_set()
            running.free.wait(SECONDS)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = Engine(f"http://127.0.0.1:{server.server_port}/v1")
    running.free.set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield running
    running.free.set()
    server.shutdown()
    server.server_close()


@contextmanager
def serving(home: Path, engine_url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address, once it answers; ended with a signal, or killed where it does not end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"HOME": str(home), "BASE_URL": engine_url, "API_KEYS": "one,two", "WEATHER": "none", "DATABASE_URL": "", "CHROMA_URL": "", "API_GRACE_SECONDS": "3"}
    environment = {**os.environ, **{f"FENGJING_{key}": value for key, value in given.items()}}
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        address = f"http://127.0.0.1:{port}"
        assert process.stdout.readline().strip() == f"与风景对话: {address}/v1 (with API key), documentation at {address}/docs"
        wait_until(lambda: _answers(address))
        yield process, address
    finally:
        process.terminate()
        try:
            process.wait(GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(SECONDS)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=SECONDS).status_code == 200
    except httpx.ConnectError:
        return False


def ask(asker: OpenAI, text: str, conversation: str, *, stream: bool = False) -> Any:
    """A question of a stored conversation."""
    return asker.chat.completions.create(
        model="fengjing", messages=[{"role": "user", "content": text}], stream=stream, extra_body={"fengjing": {"conversation": conversation}})


def said(asker: OpenAI, conversation: str) -> list[tuple[str, str]]:
    """Who said what in a stored conversation."""
    kept: Any = asker.get(f"/conversations/{conversation}", cast_to=object)
    return [(message["role"], message["content"]) for message in kept["messages"]]


def test_serve_runs_and_ends_as_a_process(home: Path) -> None:
    """The command serves with keys and without an engine, answers are then rendered; SIGTERM ends it in good order."""
    with serving(home, NOBODY) as (process, address):
        answer = ask(client(address, "two"), "故宫门票多少钱", "new")
        assert "故宫博物院" in (answer.choices[0].message.content or "")
        assert "fengjing doctor" in answer.model_extra["fengjing"]["problem"]
        process.terminate()
        process.wait(GOODBYE_SECONDS)
    assert process.returncode in {0, -signal.SIGTERM}


def test_a_server_killed_in_the_middle_of_an_answer_keeps_its_conversations(home: Path) -> None:
    """After SIGKILL and a new start the finished turns and the open question are there, and the same name goes on."""
    with engine() as writer:
        with serving(home, writer.url) as (process, address):
            asker = client(address, "one")
            first = ask(asker, QINGDAO, "new")
            name, answer = first.model_extra["fengjing"]["conversation"], first.choices[0].message.content
            writer.free.clear()
            chunks = ask(asker, "那杭州呢", name, stream=True)
            assert next(chunk for chunk in chunks if chunk.choices[0].delta.content)  # the answer has begun
            wait_until(lambda: writer.held)
            process.kill()
            with pytest.raises((APIError, httpx.HTTPError)):
                list(chunks)
        writer.free.set()
        with serving(home, writer.url) as (_, address):
            asker = client(address, "one")
            assert said(asker, name) == [("user", QINGDAO), ("assistant", answer), ("user", "那杭州呢")]
            ours = ask(asker, "那里有什么好吃的", name).model_extra["fengjing"]
    assert ours["citations"][0]["record"] == "qingdao"  # the city of the last turn that was answered


def test_an_engine_that_hangs_does_not_hold_the_server(home: Path) -> None:
    """SIGTERM ends the process soon after the grace, although a thread still waits for its engine; the question is kept."""
    with engine() as writer, serving(home, writer.url) as (process, address):
        writer.free.clear()
        chunks = ask(client(address, "one"), QINGDAO, "new", stream=True)
        assert next(chunk for chunk in chunks if chunk.choices[0].delta.content)
        wait_until(lambda: writer.held)
        process.terminate()
        process.wait(GOODBYE_SECONDS)
        chunks.close()
