"""One page of a site, fetched by the rules: robots.txt first, redirects only within the site, nothing behind a door.

Not covered: redirects by script or meta refresh; the page that holds one is kept as it is.
"""

from dataclasses import dataclass

from knowledge.crawl.errors import AddressRefused, PageProblem, SiteClosed
from knowledge.crawl.fetch import Reply
from knowledge.crawl.manners import Manners, verification
from knowledge.crawl.robots import Robots
from knowledge.crawl.urls import canonical, site_of
from knowledge.crawl.verification import is_door

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
REFUSALS_UNTIL_CLOSED = 3
_REFUSED = frozenset({403, 405, 406, 412, 418, 451})  # what shields answer to visitors they do not want


@dataclass
class Visitor:
    """Visits pages of the given sites (see `urls.site_of`); one for one crawl."""

    manners: Manners
    robots: Robots
    sites: frozenset[str]
    refusals: int = 0  # in a row

    def visit(self, url: str) -> Reply:
        """The page at the end of the redirects; raises `PageProblem` (take the next page) or `SiteClosed`."""
        trail = [url]
        while len(trail) <= MAX_REDIRECTS + 1:
            reply = self._ask(trail[-1])
            if reply.status not in REDIRECTS:
                return self._page(reply)
            trail.append(self._next(reply, trail))
        raise PageProblem(f"it was redirected more than {MAX_REDIRECTS} times")

    def _ask(self, url: str) -> Reply:
        try:
            self.robots.check(url)
            return self.manners.ask(url)
        except AddressRefused as error:
            raise PageProblem(str(error), passing=True) from error  # a network's login page may stand in for the site

    def _next(self, reply: Reply, trail: list[str]) -> str:
        if not reply.location:
            raise PageProblem(f"it answered HTTP {reply.status} without saying where to go")
        try:
            target = canonical(reply.location, reply.url)
        except AddressRefused as error:
            raise PageProblem(f"it was redirected where no crawler goes: {error}") from error
        if is_door(target):
            raise verification("a redirect to a login or verification page", reply.url)
        if site_of(target) not in self.sites:
            raise PageProblem(f"it was redirected to another site ({site_of(target)})")
        if target in trail:
            raise PageProblem("its redirects go round in a circle")
        return target

    def _page(self, reply: Reply) -> Reply:
        if reply.status == 200:
            self.refusals = 0
            return reply
        self.refusals = self.refusals + 1 if reply.status in _REFUSED else 0
        if self.refusals >= REFUSALS_UNTIL_CLOSED:
            raise SiteClosed(f"the site refused {self.refusals} pages in a row (HTTP {reply.status}); run the same command again tomorrow, "
                             "or save the pages in a browser and run 'fengjing knowledge import FOLDER'")
        raise PageProblem(f"it answered HTTP {reply.status}")
