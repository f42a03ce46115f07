"""How the crawler behaves toward a host: it waits between requests, backs off when asked, leaves when unwelcome.

A wait counts from the end of the last request to the host, whatever became of it. Clock and sleep are given, so
that tests need not wait. Not covered: several crawls of one site at once on different machines.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from knowledge.crawl.errors import Busy, SiteClosed
from knowledge.crawl.fetch import Fetcher, Reply, Terms
from knowledge.crawl.verification import sign_of_verification

BUSY_STATUSES = frozenset({429, 500, 502, 503, 504})
ASKS_FOR_REST = frozenset({429, 503})


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """Time as the crawler sees it: seconds that only grow, a way to wait, and the date."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = _now


@dataclass(frozen=True)
class Patience:
    """Seconds between requests to a host, and how long to back off before another try."""

    gap_seconds: float = 1.5
    tries: int = 4
    first_backoff_seconds: float = 5.0
    longest_backoff_seconds: float = 300.0  # a site that asks for more is left for today


@dataclass
class Manners:
    """Sends every request of a crawl; nothing reaches a host but through here."""

    fetcher: Fetcher
    clock: Clock = field(default_factory=Clock)
    patience: Patience = field(default_factory=Patience)
    gaps: dict[str, float] = field(default_factory=dict)  # host to the seconds its robots.txt asks for
    _last_end: dict[str, float] = field(default_factory=dict)

    def ask(self, url: str, terms: Terms | None = None) -> Reply:
        """An answer worth reading, after as many tries as are polite; raises as `Fetcher.get` and `SiteClosed`."""
        for tried in range(1, self.patience.tries + 1):
            try:
                return self._once(url, terms)
            except Busy as busy:
                if tried == self.patience.tries:
                    if busy.status in ASKS_FOR_REST:
                        raise SiteClosed(f"the site asks for rest (HTTP {busy.status}, {tried} times); go on in an hour or later") from busy
                    raise
                self.clock.sleep(self._backoff(busy, tried))
        raise SiteClosed("no try was allowed; set at least one")

    def _once(self, url: str, terms: Terms | None) -> Reply:
        host = urlsplit(url).hostname or ""
        self._wait(host)
        try:
            reply = self.fetcher.get(url, terms)
        finally:
            self._last_end[host] = self.clock.monotonic()
        sign = sign_of_verification(reply)
        if sign:
            raise verification(sign, url)
        if reply.status in BUSY_STATUSES:
            raise Busy(f"the site answered HTTP {reply.status}", reply.status, retry_after_seconds(reply.headers.get("Retry-After"), self.clock.now()))
        return reply

    def gap_seconds(self, host: str) -> float:
        """The wait between two requests to a host: ours, or the site's where it asks for more."""
        return max(self.patience.gap_seconds, self.gaps.get(host, 0.0))

    def _wait(self, host: str) -> None:
        if host in self._last_end:
            wait = self._last_end[host] + self.gap_seconds(host) - self.clock.monotonic()
            if wait > 0:
                self.clock.sleep(wait)

    def _backoff(self, busy: Busy, tried: int) -> float:
        longest = self.patience.longest_backoff_seconds
        asked = busy.retry_after_seconds
        if asked is None:
            return float(min(self.patience.first_backoff_seconds * 2 ** (tried - 1), longest))
        if asked > longest:
            raise SiteClosed(f"the site asks to be left alone for {asked / 60:.0f} minutes; run the same command again after that")
        return max(asked, self.patience.gap_seconds)


def verification(sign: str, url: str) -> SiteClosed:
    """The end of a crawl at a locked door, with what one can do."""
    host = urlsplit(url).hostname
    return SiteClosed(
        f"{host} answered with {sign}: it wants no crawler now, and this one does not answer such questions; wait a day and run the "
        "same command again (it goes on where it stopped), or save the pages in a browser and run 'fengjing knowledge import FOLDER'"
    )


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """The wait a Retry-After header asks for, given as seconds or as a date; None where there is none to be read."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text)
        return seconds if math.isfinite(seconds) else None
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())
