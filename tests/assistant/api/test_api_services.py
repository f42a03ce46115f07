"""Plans, search, health, metrics and the description of the API; and how `fengjing serve` refuses to start."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from typer.testing import CliRunner

from assistant.api.server import bound
from assistant.cli import app
from assistant.exports import read_plan
from chains.tools.itinerary.builtin import catalogue_data
from chains.tools.itinerary.checker import check
from knowledge.errors import InputError
from knowledge.library import Library
from tests.assistant.api.conftest import KEYS
from tests.assistant.api.live import SECONDS


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    """A plain client with a good key."""
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {KEYS[0]}"}, timeout=SECONDS) as client:
        yield client


def test_a_trip_in_words_is_planned(http: httpx.Client, library: Library) -> None:
    """The plan is a file that `fengjing plan --from` reads; it passes the checker, and the request is told as understood."""
    answer = http.post("/v1/plan", json={"text": "下周青岛三天，两个人，预算3000"})
    body = answer.json()
    plan = read_plan(httpx.Response(200, json=body["plan"]).content)
    assert (plan.trip.stays[0].city, plan.trip.days, plan.trip.travellers.adults) == ("qingdao", 3, 2)
    assert check(plan, catalogue_data(library.catalogue)).ok
    assert any("3000" in line for line in body["understood"])
    assert body["verdict"]["ok"]
    assert {rule["state"] for rule in body["verdict"]["rules"]} <= {"passed", "named"}


def test_a_trip_in_fields_is_planned(http: httpx.Client) -> None:
    """Cities by any name, a first day, people, a budget, a pace and conditions; days are shared out between the cities."""
    asked = {"cities": ["Qingdao", "济南"], "days": 3, "start": "2026-12-04", "adults": 2, "children": 1, "pace": "relaxed", "language": "en",
             "constraints": [{"kind": "sights_per_day", "most": 3}]}
    body = http.post("/v1/plan", json=asked).json()
    assert body["plan"]["trip"]["stays"] == [{"city": "qingdao", "days": 2}, {"city": "jinan", "days": 1}]
    assert (body["plan"]["trip"]["start"], body["plan"]["trip"]["pace"]) == ("2026-12-04", "relaxed")
    assert "Qingdao 2 day" in body["understood"][0]
    assert body["verdict"]["text"].startswith("Checked against")


def test_what_cannot_be_met_comes_with_what_could(http: httpx.Client) -> None:
    """A budget that is too small is named with the nearest one that is not."""
    body = http.post("/v1/plan", json={"cities": ["青岛"], "days": 3, "budget_yuan": 20}).json()
    assert body["relaxations"][0]["short_yuan"] > 0
    assert body["relaxations"][0]["relaxation"]
    assert "named" in {rule["state"] for rule in body["verdict"]["rules"]}


@pytest.mark.parametrize(("asked", "status", "words"), [
    ({}, 400, "neither text nor cities"), ({"text": "随便玩玩"}, 400, "no city"), ({"cities": ["亚特兰蒂斯"]}, 400, "no city named"),
    ({"cities": ["青岛", "北京", "杭州"], "days": 2}, 400, "days is 2"), ({"cities": ["青岛"], "days": 31}, 422, "days"),
    ({"cities": ["青岛"], "adults": 0}, 400, "travel"), ({"cities": ["青岛"], "start": "2020-01-01"}, 400, "2020-01-01"),
    ({"cities": ["青岛"], "budget": 20}, 422, "budget"), ({"cities": ["青岛"], "constraints": [{"kind": "wings"}]}, 422, "kind"),
])
def test_a_trip_that_means_nothing_is_told(http: httpx.Client, asked: dict[str, object], status: int, words: str) -> None:
    """The error names what was wrong."""
    answer = http.post("/v1/plan", json=asked)
    assert answer.status_code == status
    assert words in answer.json()["error"]["message"]


def test_search_gives_records_with_sources(http: httpx.Client) -> None:
    """A sight by its name, with price and the source and year of each fact; a city narrows the search."""
    best = http.get("/v1/search", params={"q": "故宫"}).json()["results"][0]
    assert (best["name"], best["city"]) == ("故宫博物院", "北京")
    assert best["facts"]["ticket"]["year"] > 2000
    found = http.get("/v1/search", params={"q": "海边", "city": "青岛", "limit": 3}).json()["results"]
    assert [row["city"] for row in found] == ["青岛"] * 3


def test_health_names_its_parts(address: str) -> None:
    """Without a key: what is there, how much runs and waits."""
    answer = httpx.get(f"{address}/healthz", timeout=SECONDS)
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "model": "scripted", "database": "ok", "knowledge": "ok", "running": 0, "waiting": 0}


def test_metrics_count_what_happened(http: httpx.Client) -> None:
    """Requests by path and status, turns by their end, guard counts and times; made-up paths share one name."""
    before = _counts(http)
    http.post("/v1/chat/completions", json={"model": "fengjing", "messages": [{"role": "user", "content": "故宫门票多少钱"}]})
    http.get("/v1/made-up")
    after = _counts(http)
    grown = {name for name, value in after.items() if value > before.get(name, 0.0)}
    assert {'fengjing_requests_total{path="/v1/chat/completions",status="200"}', 'fengjing_requests_total{path="other",status="404"}',
            'fengjing_turns_total{end="done"}', 'fengjing_turn_seconds_count{moment="total"}', 'fengjing_guard_lines_total{fate="rendered"}'} <= grown
    assert {"fengjing_turns_running", "fengjing_turns_waiting"} <= set(after)
    assert not any("made-up" in name or KEYS[0] in name for name in after)


def _counts(http: httpx.Client) -> dict[str, float]:
    rows = (row.rsplit(" ", 1) for row in http.get("/metrics").text.splitlines() if not row.startswith("#"))
    return {name: float(value) for name, value in rows}


def test_the_api_describes_itself(address: str) -> None:
    """The schema lists every route, with the one shape of errors."""
    schema = httpx.get(f"{address}/openapi.json", timeout=SECONDS).json()
    assert {"/v1/chat/completions", "/v1/models", "/v1/plan", "/v1/search", "/healthz", "/metrics"} <= set(schema["paths"])
    assert schema["components"]["schemas"]["ErrorDetail"]["required"] == ["message", "type", "code"]
    assert "HTTPValidationError" not in schema["components"]["schemas"]


def test_the_description_is_a_page_of_its_own(address: str) -> None:
    """It names every route and the fields of a request, and loads nothing from elsewhere."""
    page = httpx.get(f"{address}/docs", timeout=SECONDS).text
    assert "/v1/chat/completions" in page
    assert "budget_yuan" in page
    assert "<script" not in page
    assert "src=" not in page


def test_serve_refuses_other_machines_without_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """An address that others reach needs keys; nothing is loaded before that is told."""
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path))
    monkeypatch.setenv("FENGJING_API_KEYS", "")
    done = CliRunner().invoke(app, ["serve", "--host", "0.0.0.0"])  # noqa: S104 - refused
    assert isinstance(done.exception, InputError)
    assert "set FENGJING_API_KEYS" in str(done.exception)


def test_serve_tells_a_taken_port() -> None:
    """A port that is in use is told before the model is loaded, with another one to try."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match="fengjing serve --port"):
            bound("127.0.0.1", port)
