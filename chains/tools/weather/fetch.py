"""One GET that answers with a JSON object, or a `WeatherError` that says why not.

Bounded in time as a whole (a trickling answer is cut off) and in size, tried once more after a short wait where
that may help. Redirects are not followed: in hotels and stations they lead to a login page, and a key must not
travel to another host. No message holds the address, because AMap's key is part of it.
Not covered: more than one retry (the traveller waits) and proxies beyond what `requests` finds by itself.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import urllib3

from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.reading import mapping, number, text

MAX_BYTES = 2_000_000  # 16 days of Open-Meteo are 6 kB
_CHUNK_BYTES = 65_536
_WORTH_RETRYING = frozenset({Trouble.OFFLINE, Trouble.SLOW, Trouble.LIMITED, Trouble.BROKEN})


@dataclass(frozen=True)
class Patience:
    """How long to wait for an answer, in seconds; the second try gets the same again."""

    connect_seconds: float = 3.0
    silence_seconds: float = 4.0  # between two pieces of the answer
    total_seconds: float = 6.0
    backoff_seconds: float = 0.4
    longest_backoff_seconds: float = 2.0  # a service that asks for more is not asked again


PATIENCE = Patience()


def fetch_json(
    url: str, params: Mapping[str, str], headers: Mapping[str, str] | None = None, patience: Patience = PATIENCE
) -> dict[str, Any]:
    """Get a JSON object; raises `WeatherError`."""
    try:
        return _once(url, params, headers or {}, patience)
    except WeatherError as error:
        wait = _backoff(error, patience)
        if wait is None:
            raise
    time.sleep(wait)
    return _once(url, params, headers or {}, patience)


def _backoff(error: WeatherError, patience: Patience) -> float | None:
    """Seconds to wait before the second try, None where a second try is useless or not wanted."""
    wait = max(patience.backoff_seconds, error.retry_after_seconds or 0.0)
    hopeful = error.trouble in _WORTH_RETRYING and wait <= patience.longest_backoff_seconds
    return wait if hopeful else None


def _once(url: str, params: Mapping[str, str], headers: Mapping[str, str], patience: Patience) -> dict[str, Any]:
    deadline = time.monotonic() + patience.total_seconds
    timeouts = (patience.connect_seconds, patience.silence_seconds)
    try:
        with requests.get(
            url, params=dict(params), headers=dict(headers), timeout=timeouts, stream=True, allow_redirects=False
        ) as response:
            body = _body(response, deadline)
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        raise _slow(patience) from None  # the foreign message would show the address, and with it the key
    except (requests.ConnectionError, urllib3.exceptions.HTTPError):
        raise WeatherError("the weather service cannot be reached; check the network and ask again", Trouble.OFFLINE) from None
    except requests.RequestException as error:
        kind = type(error).__name__
        raise WeatherError(f"the weather service's address cannot be used ({kind}); check its host in .env", Trouble.REFUSED) from None
    if body is None:
        raise _slow(patience)
    return _checked(response.status_code, response.headers.get("Retry-After"), body)


def _slow(patience: Patience) -> WeatherError:
    return WeatherError(f"the weather service did not answer within {patience.total_seconds:g} s; ask again later", Trouble.SLOW)


def _body(response: requests.Response, deadline: float) -> bytes | None:
    """The whole body, or None when time ran out. `read1` returns what has arrived; `read` would wait for more."""
    pieces, size = [], 0
    while piece := response.raw.read1(_CHUNK_BYTES, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_BYTES:
            raise WeatherError(f"the weather service sent more than {MAX_BYTES} bytes; is its host right?", Trouble.MALFORMED)
        if time.monotonic() > deadline:
            return None
    return b"".join(pieces)


def _checked(status: int, retry_after: str | None, body: bytes) -> dict[str, Any]:
    if status != requests.codes.ok:
        raise _refusal(status, retry_after, body)
    try:
        content = json.loads(body)
    except ValueError as error:
        raise WeatherError("the weather service did not answer with JSON; ask again later", Trouble.MALFORMED) from error
    if not isinstance(content, dict):
        raise WeatherError(f"expected a JSON object from the weather service, saw {type(content).__name__}", Trouble.MALFORMED)
    return content


def _refusal(status: int, retry_after: str | None, body: bytes) -> WeatherError:
    if status == requests.codes.too_many_requests:
        seconds = number(retry_after, 0)  # given as a date it is not read: the usual back-off holds
        return WeatherError("the weather service has had too many requests; ask again in a few minutes", Trouble.LIMITED, seconds)
    if status >= requests.codes.server_error:
        return WeatherError(f"the weather service has a fault (HTTP {status}); ask again later", Trouble.BROKEN)
    if status in (requests.codes.unauthorized, requests.codes.forbidden):
        return WeatherError(f"the weather service rejects the key (HTTP {status}); check key and host in .env", Trouble.KEY)
    if status < requests.codes.bad_request:
        return WeatherError("the network wants a login before it lets anything through; open a browser first", Trouble.OFFLINE)
    return WeatherError(f"the weather service refused the request (HTTP {status}{_reason(body)})", Trouble.REFUSED)


def _reason(body: bytes) -> str:
    """The service's own words: Open-Meteo's `reason`, QWeather's `error.detail`."""
    try:
        content = mapping(json.loads(body))
    except ValueError:
        return ""
    words = text(content.get("reason")) or text(mapping(content.get("error")).get("detail"))
    return f": {words[:120]}" if words else ""
