"""The one GET of the weather tool, against a local server that misbehaves in every way services do."""

import gzip
import json
import time
from collections.abc import Iterator

import pytest

from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.fetch import MAX_BYTES, fetch_json
from tests.chains.tools.weather_server import HASTE, Reply, WeatherServer, weather_server

GOOD = Reply({"fine": True})
KEY = "a-secret-key"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WeatherServer]:
    """A local server, reached without a proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with weather_server() as running:
        yield running


def _fetch(server: WeatherServer, *replies: Reply) -> dict[str, object]:
    server.reply("/w", *replies)
    return fetch_json(f"{server.address}/w", {"key": KEY}, patience=HASTE)


def _trouble(server: WeatherServer, *replies: Reply) -> WeatherError:
    with pytest.raises(WeatherError) as caught:
        _fetch(server, *replies)
    return caught.value


def test_json_object_comes_back(server):
    """A JSON object is returned as a dict and the parameters are sent."""
    assert _fetch(server, GOOD) == {"fine": True}
    assert server.asked[0].query == {"key": KEY}


def test_gzip_is_unpacked(server):
    """A compressed answer, as QWeather sends it, is unpacked."""
    packed = gzip.compress(json.dumps({"text": "晴"}).encode())
    assert _fetch(server, Reply(packed, headers={"Content-Encoding": "gzip"})) == {"text": "晴"}


@pytest.mark.parametrize("first", [
    Reply({}, 500), Reply({}, 503), Reply({}, 429), Reply({}, 429, {"Retry-After": "0.02"}), Reply(GOOD.content, wait_seconds=0.4),
])
def test_second_try_heals(server, first):
    """A fault, a rate limit or a slow answer that passes is not noticed."""
    assert _fetch(server, first, GOOD) == {"fine": True}
    assert len(server.asked) == 2


@pytest.mark.parametrize(("reply", "trouble", "tries"), [
    (Reply({}, 500), Trouble.BROKEN, 2),
    (Reply({}, 429), Trouble.LIMITED, 2),
    (Reply({}, 429, {"Retry-After": "60"}), Trouble.LIMITED, 1),
    (Reply({}, 401), Trouble.KEY, 1),
    (Reply({}, 403), Trouble.KEY, 1),
    (Reply({"error": True, "reason": "Latitude must be in range"}, 400), Trouble.REFUSED, 1),
    (Reply(b"", 302, {"Location": "http://login.example/"}), Trouble.OFFLINE, 2),
    (Reply(b"<html>hello</html>"), Trouble.MALFORMED, 1),
    (Reply(b'{"daily": {"time": ["2026-'), Trouble.MALFORMED, 1),
    (Reply(b"\xff\xfe\x00"), Trouble.MALFORMED, 1),
    (Reply([{"daily": {}}]), Trouble.MALFORMED, 1),
    (Reply(b"x" * (MAX_BYTES + 1)), Trouble.MALFORMED, 1),
    (Reply(b"not gzip", headers={"Content-Encoding": "gzip"}), Trouble.OFFLINE, 2),
])
def test_troubles_are_told_apart(server, reply, trouble, tries):
    """Every way to fail has its own trouble, and only those that may pass are tried twice."""
    error = _trouble(server, reply)
    assert (error.trouble, len(server.asked)) == (trouble, tries)
    assert KEY not in str(error)


def test_reason_of_the_service_is_kept(server):
    """The service's own reason is part of the message, in Open-Meteo's and in QWeather's form."""
    assert "Latitude must be in range" in str(_trouble(server, Reply({"reason": "Latitude must be in range"}, 400)))
    assert "no such location" in str(_trouble(server, Reply({"error": {"detail": "no such location"}}, 404)))


def test_silence_is_cut_off(server):
    """A server that accepts and then says nothing costs no more than the patience given."""
    started = time.monotonic()
    assert _trouble(server, Reply(GOOD.content, wait_seconds=1.0)).trouble is Trouble.SLOW
    assert time.monotonic() - started < 0.9


def test_trickle_is_cut_off(server):
    """An answer that comes byte by byte is cut off although it is never silent for long."""
    started = time.monotonic()
    assert _trouble(server, Reply({"text": "x" * 200}, drip_seconds=0.02)).trouble is Trouble.SLOW
    assert time.monotonic() - started < 1.2


def test_nobody_listens():
    """A refused connection is offline, and the message shows no address."""
    with pytest.raises(WeatherError) as caught:
        fetch_json("http://127.0.0.1:9/w", {"key": KEY}, patience=HASTE)
    assert caught.value.trouble is Trouble.OFFLINE
    assert caught.value.__cause__ is None
    assert KEY not in str(caught.value)


def test_unusable_address():
    """An address that is none is the setting's fault and says so."""
    with pytest.raises(WeatherError, match="check its host") as caught:
        fetch_json("nonsense://host/w", {}, patience=HASTE)
    assert caught.value.trouble is Trouble.REFUSED
