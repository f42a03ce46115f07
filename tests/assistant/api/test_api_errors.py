"""Whatever goes wrong has one shape, and says what to do."""

import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from assistant.api import door
from assistant.api.limits import Limits
from assistant.assistant import TravelAssistant
from assistant.store import Store
from knowledge.errors import KnowledgeError
from knowledge.library import Library
from tests.assistant.api.conftest import KEYS
from tests.assistant.api.live import SECONDS, GatedAssistant, desk_for, gated, live
from tests.chains.turns import QINGDAO, TODAY
from tests.fakes import engine_saying

ASK = {"model": "fengjing", "messages": [{"role": "user", "content": "你好"}]}
KEEP = {**ASK, "fengjing": {"conversation": "new"}}


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    """A plain client with a good key."""
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {KEYS[0]}"}, timeout=SECONDS) as client:
        yield client


@contextmanager
def plain(library: Library, limits: Limits, assistant: GatedAssistant | None = None) -> Iterator[httpx.Client]:
    """A client of an API without keys, whose turns need no letting on."""
    with live(desk_for(library, assistant or gated(library, lines=0), limits=limits)) as address, httpx.Client(base_url=address, timeout=SECONDS) as client:
        yield client


def code_of(answer: httpx.Response) -> str:
    """The code of an error, after its shape was looked at."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "code"}
    assert all(isinstance(value, str) and value for value in body["error"].values())
    return str(body["error"]["code"])


@pytest.mark.parametrize(("method", "path", "status", "code"), [
    ("GET", "/v1/nothing", 404, "not_found"), ("GET", "/", 404, "not_found"), ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
    ("GET", "/v1/models/gpt-4o", 404, "model_not_found"), ("GET", "/v1/search", 422, "invalid_value"),
    ("GET", "/v1/search?q=海&limit=0", 422, "invalid_value"), ("GET", "/v1/search?q=海&city=火星", 400, "invalid_input"),
])
def test_a_wrong_address_is_told(http: httpx.Client, method: str, path: str, status: int, code: str) -> None:
    """404, 405 and 422 come in the one shape."""
    answer = http.request(method, path)
    assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.parametrize(("body", "status", "code"), [
    (b"{", 400, "malformed_json"), (b"", 422, "invalid_value"), (b"\xff\xfe", 400, "malformed_json"), (b"[]", 422, "invalid_value"), (b"{}", 422, "invalid_value"),
])
def test_a_body_that_is_no_request_is_told(http: httpx.Client, body: bytes, status: int, code: str) -> None:
    """Broken JSON is 400, JSON of another shape 422."""
    answer = http.post("/v1/chat/completions", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_json_that_does_not_say_that_it_is_json_is_told(http: httpx.Client) -> None:
    """What curl sends where it is not told: the error names the header that is missing."""
    answer = http.post("/v1/chat/completions", content=json.dumps(ASK), headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, code_of(answer)) == (422, "invalid_value")
    assert "Content-Type: application/json" in answer.json()["error"]["message"]


@pytest.mark.parametrize(("change", "status", "code"), [
    ({"model": "gpt-4o"}, 404, "model_not_found"), ({"messages": []}, 400, "no_user_message"),
    ({"messages": [{"role": "system", "content": "x"}]}, 400, "no_user_message"), ({"messages": [{"role": "king", "content": "x"}]}, 422, "invalid_value"),
    ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]}, 400, "unsupported_content"),
    ({"messages": ASK["messages"] * 201}, 400, "too_many_messages"), ({"n": 2}, 400, "unsupported_parameter"),
    ({"response_format": {"type": "json_object"}}, 400, "unsupported_parameter"), ({"tool_choice": "required"}, 400, "unsupported_parameter"),
    ({"fengjing": {"conversation": "new", "owner": "root"}}, 422, "invalid_value"), ({"stream": "perhaps"}, 422, "invalid_value"),
])
def test_a_request_that_cannot_be_met_is_told(http: httpx.Client, change: dict[str, object], status: int, code: str) -> None:
    """What would make the answer another one than asked for is refused, not passed over."""
    answer = http.post("/v1/chat/completions", json={**ASK, **change})
    assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.parametrize("body", [
    rb'{"model": "fengjing", "messages": [{"role": "user", "content": "\ud83d\u53bb\u9752\u5c9b"}]}',
    rb'{"model": "fengjing", "messages": [], "fengjing": {"\ud83d": 1}}',
    rb'{"model": "\ud83d", "messages": []}', b"[" * 100_000, b'{"model": ' * 20_000,
    b'{"model": "fengjing", "messages": [{"role": "user", "content": "\\u0000"}], "seed": NaN}',
])
def test_odd_bodies_are_answered(http: httpx.Client, body: bytes) -> None:
    """Half characters, deep nesting, NUL and NaN: an answer or an error in the one shape, never a broken server."""
    answer = http.post("/v1/chat/completions", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200 or code_of(answer)
    assert answer.status_code < 500


@pytest.mark.parametrize("stream", [True, False])
def test_a_megabyte_is_too_much(http: httpx.Client, stream: bool) -> None:
    """413, heard by the client although it was still sending; also where the size is not told beforehand."""
    body = json.dumps({**ASK, "messages": [{"role": "user", "content": "青" * 350_000}]}).encode()
    pieces = (body[start:start + 65_536] for start in range(0, len(body), 65_536))
    answer = http.post("/v1/chat/completions", content=pieces if stream else body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


def test_a_body_that_trickles_is_given_up(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that sends half of its body and then nothing hears 408; it holds up nobody."""
    monkeypatch.setattr(door, "BODY_SECONDS", 0.3)
    with plain(library, Limits(requests_per_minute=0)) as client:
        head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
        with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=SECONDS) as slow:
            slow.sendall(head + b'{"model": "fengjing", ')
            assert client.get("/v1/models").status_code == 200
            answer = slow.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"body_too_slow" in answer


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}])
def test_without_a_key_there_is_nothing_to_see(address: str, header: dict[str, str]) -> None:
    """401 for every path, the body unread; only health, documentation and schema are open."""
    with httpx.Client(base_url=address, headers=header, timeout=SECONDS) as client:
        for method, path in (("POST", "/v1/chat/completions"), ("GET", "/v1/models"), ("GET", "/metrics"), ("GET", "/v1/nothing")):
            answer = client.request(method, path)
            assert (answer.status_code, code_of(answer)) == (401, "invalid_api_key")
            assert answer.headers["www-authenticate"] == "Bearer"
        assert {client.get(path).status_code for path in ("/healthz", "/docs", "/openapi.json")} == {200}


def test_a_key_that_asks_too_fast_is_slowed(library: Library) -> None:
    """Above the pace 429 with Retry-After; health can always be asked."""
    with plain(library, Limits(requests_per_minute=2)) as client:
        answers = [client.get("/v1/models") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert code_of(answers[-1]) == "rate_limit_exceeded"
        assert 0 < int(answers[-1].headers["retry-after"]) <= 30
        assert {client.get("/healthz").status_code for _ in range(5)} == {200}


def test_a_database_that_is_down_is_told_and_comes_back(http: httpx.Client, database: Path) -> None:
    """Stored conversations are 503 while it is away, others go on; when it is back nothing has to be restarted."""
    with _taken_away(database):
        answer = http.post("/v1/chat/completions", json=KEEP)
        assert (answer.status_code, code_of(answer)) == (503, "database_unavailable")
        assert "sqlite" not in answer.text
        assert int(answer.headers["retry-after"]) > 0
        health = http.get("/healthz")
        assert (health.status_code, health.json()["status"], health.json()["knowledge"]) == (503, "failing", "ok")
        assert http.post("/v1/chat/completions", json=ASK).status_code == 200
    assert http.post("/v1/chat/completions", json=KEEP).status_code == 200
    assert http.get("/healthz").json()["database"] == "ok"


def test_a_database_that_goes_down_within_an_answer_is_told(library: Library, tmp_path: Path) -> None:
    """What was said stays with the client, the last event says that it could not be kept, and the conversation goes on later."""
    file = tmp_path / "fengjing.db"
    store = Store(f"sqlite:///{file}")

    class Losing(TravelAssistant):
        def stream(self, conversation: int, text: str):
            events = super().stream(conversation, text)
            yield next(events)
            with _taken_away(file):
                yield from events

    losing = Losing(library, engine_saying(), store, lambda: TODAY)
    with live(desk_for(library, losing)) as address, httpx.Client(base_url=address, timeout=SECONDS) as client:
        asked = {**KEEP, "messages": [{"role": "user", "content": QINGDAO}], "stream": True}
        rows = [row for row in client.post("/v1/chat/completions", json=asked).text.splitlines() if row]
        assert any("栈桥" in row for row in rows)
        assert json.loads(rows[-1].removeprefix("data: "))["error"]["code"] == "database_unavailable"
        assert 'fengjing_turns_total{end="failed"} 1.0' in client.get("/metrics").text
    assert [message.text for message in store.messages(1)] == [QINGDAO]
    *_, end = TravelAssistant(library, engine_saying(), store, lambda: TODAY).stream(1, "那里有什么好吃的")
    assert [message.role for message in store.messages(1)] == ["user", "user", "assistant"]
    assert end.text


@contextmanager
def _taken_away(database: Path) -> Iterator[None]:
    """The tables under other names: every statement on them fails."""
    tables = ("conversation", "message")
    with sqlite3.connect(database) as connection:
        for table in tables:
            connection.execute(f"alter table {table} rename to {table}_away")
    try:
        yield
    finally:
        with sqlite3.connect(database) as connection:
            for table in tables:
                connection.execute(f"alter table {table}_away rename to {table}")


def test_a_missing_index_is_told(library: Library) -> None:
    """An index that cannot be read is 503 in general words, before the first chunk and within a stream."""
    class Lost(GatedAssistant):
        def stream(self, conversation: int, text: str):
            raise KnowledgeError("/home/x/index is gone; run 'fengjing knowledge build'")
            yield

    with plain(library, Limits(requests_per_minute=0), Lost(gated(library).facts)) as client:
        answer = client.post("/v1/chat/completions", json=ASK)
        assert (answer.status_code, code_of(answer)) == (503, "knowledge_unavailable")
        assert "fengjing knowledge build" in answer.text
        assert "/home/x" not in answer.text
        events = client.post("/v1/chat/completions", json={**ASK, "stream": True}).text
        assert '"code": "knowledge_unavailable"' in events.replace('":"', '": "')
        assert "[DONE]" not in events


def test_a_fault_of_ours_within_a_stream_cuts_it_off(library: Library) -> None:
    """A network error that nobody translated is no end of an answer: the client sees a broken stream, not a short one."""
    class Broken(GatedAssistant):
        def stream(self, conversation: int, text: str):
            raise ConnectionResetError("a socket of the turn, not of the client")
            yield

    with plain(library, Limits(requests_per_minute=0), Broken(gated(library).facts)) as client:
        answer = client.post("/v1/chat/completions", json=ASK)
        assert (answer.status_code, code_of(answer)) == (500, "server_error")
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            client.post("/v1/chat/completions", json={**ASK, "stream": True})
        assert client.get("/healthz").json()["running"] == 0


def test_a_turn_that_takes_too_long_is_ended(library: Library) -> None:
    """504, and the turn stops at its next line."""
    assistant = gated(library)
    with plain(library, Limits(turn_seconds=0.3, requests_per_minute=0), assistant) as client:
        answer = client.post("/v1/chat/completions", json=ASK)
        assert (answer.status_code, code_of(answer)) == (504, "turn_timeout")
        assistant.let(10)
    assert assistant.given <= 1


def test_without_keys_a_foreign_name_is_refused(library: Library) -> None:
    """A web page whose name points at this machine gets nothing from an open API."""
    with plain(library, Limits()) as client:
        answer = client.get("/v1/models", headers={"Host": "evil.example:8600"})
        assert (answer.status_code, code_of(answer)) == (403, "wrong_host")


def test_other_origins_are_let_in_only_by_the_setting(library: Library) -> None:
    """No CORS headers by default; with origins set a browser's preflight is answered for these and no other."""
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    with plain(library, Limits()) as client:
        assert "access-control-allow-origin" not in client.get("/v1/models", headers={"Origin": "https://a.cn"}).headers
    with plain(library, Limits(origins=("https://a.cn",))) as client:
        good, bad = (client.options("/v1/models", headers={"Origin": origin, **ask}) for origin in ("https://a.cn", "https://b.cn"))
        assert good.headers["access-control-allow-origin"] == "https://a.cn"
        assert "access-control-allow-origin" not in bad.headers
