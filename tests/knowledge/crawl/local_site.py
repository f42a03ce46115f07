"""A web site on this machine that serves what a test puts into it, and remembers what it was asked."""

import ipaddress
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from knowledge.crawl.crawler import Bounds, Walk
from knowledge.crawl.fetch import Fetcher, Limits
from knowledge.crawl.folder import Folder
from knowledge.crawl.gate import Gate
from knowledge.crawl.manners import Clock, Manners, Patience
from knowledge.crawl.robots import Robots
from knowledge.crawl.sites import Route
from knowledge.crawl.urls import site_of
from knowledge.crawl.visit import Visitor

HERE = (ipaddress.ip_network("127.0.0.0/8"),)
HTML = "text/html; charset=utf-8"
WORDS = "青岛的海边有一座栈桥。" * 80  # a page about a sight has something to read


@dataclass(frozen=True)
class Served:
    """One answer; `raw` writes to the socket itself instead."""

    body: bytes | str = ""
    status: int = 200
    kind: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None


def page(*links: str, words: str = WORDS) -> Served:
    """A page with these links."""
    anchors = "".join(f'<a href="{link}">sight</a>' for link in links)
    return Served(f"<html><head><title>景点</title></head><body>{words}{anchors}</body></html>")


def redirect(target: str, status: int = 302, **headers: str) -> Served:
    """An answer that sends the visitor elsewhere."""
    return Served(status=status, headers={"Location": target, **headers})


@dataclass
class LocalSite:
    """What is served at which path (a list is served one after the other, the last for ever), and what was asked for."""

    url: str
    pages: dict[str, Served | list[Served]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def asked_pages(self) -> list[str]:
        """The paths that were asked for, without robots.txt."""
        return [path for path in self.asked if path != "/robots.txt"]

    def answer(self, path: str) -> Served:
        """What to serve now."""
        found = self.pages.get(path, Served("not here", 404))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


@contextmanager
def local_site() -> Iterator[LocalSite]:
    """A running site."""
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Stay silent."""

        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers.append(dict(self.headers.items()))
            served = site.answer(self.path)
            with suppress(ConnectionError):
                if served.raw:
                    served.raw(self)
                    return
                body = served.body.encode() if isinstance(served.body, str) else served.body
                self.send_response(served.status)
                for name, value in {"Content-Type": served.kind, "Content-Length": str(len(body)), **served.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = LocalSite(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class HandClock:
    """A clock that only moves when somebody sleeps, and remembers every sleep."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(round(seconds, 3))
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        """As the crawler takes it."""
        return Clock(lambda: self.seconds, self.sleep, lambda: datetime(2026, 5, 1, tzinfo=UTC) + timedelta(seconds=self.seconds))


def manners(hand: HandClock, limits: Limits | None = None, patience: Patience | None = None) -> Manners:
    """Manners that may speak to this machine."""
    return Manners(Fetcher(Gate(HERE), limits or Limits()), hand.clock, patience or Patience())


def visitor(site: LocalSite, hand: HandClock, limits: Limits | None = None) -> Visitor:
    """A visitor of the local site."""
    polite = manners(hand, limits)
    return Visitor(polite, Robots(polite), frozenset({site_of(site.url)}))


def walk(site: LocalSite, folder: Folder, route: Route, bounds: Bounds | None = None, hand: HandClock | None = None) -> Walk:
    """A walk through the local site that reports its progress to nobody."""
    return Walk(route, visitor(site, hand or HandClock()), folder, bounds or Bounds(), lambda *_: None)


def kept_files(folder: Path) -> list[str]:
    """The pages in a folder."""
    return sorted(path.name for path in folder.iterdir() if path.suffix in {".html", ".json"})
