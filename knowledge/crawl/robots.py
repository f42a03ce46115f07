"""robots.txt as RFC 9309 has it, read by `protego`: what may be fetched, and how slowly.

No file (404, 410 and most of 4xx) allows everything. A file that cannot be had (a server error, no answer, or
401, 403 and 429, where this crawler is stricter than the RFC) forbids everything. At most 500 KiB are read.
Not covered: Visit-time, and the `X-Robots-Tag` of single pages, which speaks to search engines.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from knowledge.crawl.errors import CrawlError, PageProblem, SiteClosed
from knowledge.crawl.fetch import PRODUCT, Reply, Terms
from knowledge.crawl.manners import Manners
from knowledge.crawl.urls import canonical, origin_of

MAX_ROBOTS_BYTES = 500 * 1024
MAX_REDIRECTS = 5
KEPT_SECONDS = 24 * 3600  # RFC 9309, 2.4
LONGEST_DELAY_SECONDS = 600  # a site that wants longer waits is not meant to be crawled
_ROBOTS = Terms(MAX_ROBOTS_BYTES, None, part_will_do=True)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFUSALS = frozenset({401, 403, 429})


@dataclass
class Robots:
    """The rules of every origin met so far, each asked for once a day."""

    manners: Manners
    _rules: dict[str, tuple[float, Protego]] = field(default_factory=dict)

    def check(self, url: str) -> None:
        """Return where the page may be fetched, else raise `PageProblem`, or `SiteClosed` where nothing may."""
        origin = origin_of(url)
        if not self._rules_of(origin).can_fetch(url, PRODUCT):
            raise PageProblem(f"{origin}/robots.txt forbids it; save such pages in a browser and run 'fengjing knowledge import FOLDER'", passing=True)

    def _rules_of(self, origin: str) -> Protego:
        now = self.manners.clock.monotonic()
        known = self._rules.get(origin)
        if known and now - known[0] < KEPT_SECONDS:
            return known[1]
        rules = Protego.parse(self._text(origin))
        self._slow_down(origin, rules)
        self._rules[origin] = (now, rules)
        return rules

    def _text(self, origin: str) -> str:
        try:
            reply = self._followed(f"{origin}/robots.txt")
        except PageProblem as problem:
            raise _unreadable(origin, str(problem)) from problem
        if reply is None or (400 <= reply.status < 500 and reply.status not in _REFUSALS):
            return ""
        if reply.status != 200:
            raise _unreadable(origin, f"HTTP {reply.status}")
        whole = reply.body.rpartition(b"\n")[0] if reply.cut else reply.body  # half a rule may say something else
        return whole.decode("utf-8-sig", "replace")

    def _followed(self, url: str) -> Reply | None:
        """The file behind at most five redirects, which may lead to other hosts; None where they do not end."""
        for _ in range(MAX_REDIRECTS + 1):
            reply = self.manners.ask(url, _ROBOTS)
            if reply.status not in _REDIRECTS:
                return reply
            try:
                url = canonical(reply.location, url)
            except CrawlError as error:
                raise PageProblem(str(error)) from error
        return None

    def _slow_down(self, origin: str, rules: Protego) -> None:
        rate = rules.request_rate(PRODUCT)
        asked = max(rules.crawl_delay(PRODUCT) or 0.0, rate.seconds / rate.requests if rate else 0.0)
        if asked > LONGEST_DELAY_SECONDS:
            raise SiteClosed(f"{origin}/robots.txt asks for {asked:.0f} s between pages, too slow to be worth a crawl; save the pages in a "
                             "browser and run 'fengjing knowledge import FOLDER'")
        self.manners.gaps[urlsplit(origin).hostname or ""] = asked


def _unreadable(origin: str, why: str) -> SiteClosed:
    return SiteClosed(f"{origin}/robots.txt cannot be read ({why}), and without it nothing may be fetched; run the same command again later")
