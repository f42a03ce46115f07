"""The walk through a site: start pages first, then what they lead to, until there is no more or a limit is reached.

The walk itself is not stored. Run again, it goes the same way and reads from the folder what was fetched before, so
it continues after a kill wherever it was. Not covered: fetching again what has changed.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from knowledge.crawl.errors import Busy, PageProblem, SiteClosed
from knowledge.crawl.folder import Entry, Folder
from knowledge.crawl.reading import characters, read
from knowledge.crawl.sites import Route
from knowledge.crawl.urls import is_trap
from knowledge.crawl.visit import Visitor

PROBLEMS_UNTIL_CLOSED = 5  # pages in a row that could not be had: the site is down, or does not want us
Progress = Callable[[int, int, str], None]  # addresses done, addresses in view, the one in hand


@dataclass(frozen=True)
class Bounds:
    """How far a walk goes: addresses in all (those without a page count too) and links away from the start."""

    pages: int = 200
    depth: int = 3


@dataclass
class Outcome:
    """What a walk brought: files in the folder, pages fetched in this run, what was left out and why it ended."""

    kept: int = 0
    fetched: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    closed: SiteClosed | None = None


@dataclass
class Walk:
    """One crawl: the addresses still to see, and those seen."""

    route: Route
    visitor: Visitor
    folder: Folder
    bounds: Bounds
    progress: Progress
    outcome: Outcome = field(default_factory=Outcome)
    _ahead: deque[tuple[str, int]] = field(default_factory=deque)  # address, links away from the start
    _seen: set[str] = field(default_factory=set)
    _reached: set[str] = field(default_factory=set)  # where redirects ended
    _done: int = 0
    _problems: int = 0  # in a row

    def go(self) -> Outcome:
        """Walk to the end; a site that closes its door ends the walk and stands in the outcome."""
        for url in self.route.start:
            self._add(url, 0)
        try:
            while self._ahead and self._done < self.bounds.pages:
                url, depth = self._ahead.popleft()
                self._show(url)
                self._at(url, depth)
                self._done += 1
        except SiteClosed as closed:
            self.outcome.closed = closed
        self._show("")
        self.outcome.kept = self.folder.count()
        return self.outcome

    def _show(self, url: str) -> None:
        self.progress(self._done, min(self.bounds.pages, self._done + len(self._ahead) + bool(url)), url)

    def _add(self, url: str, depth: int) -> bool:
        """Put an address in line; False where it is known already, too far away, or looks like a trap."""
        full = self._done + len(self._ahead) >= self.bounds.pages  # what stands further back would never be reached
        if full or url in self._seen or depth > self.bounds.depth or is_trap(url):
            return False
        self._seen.add(url)
        self._ahead.append((url, depth))
        return True

    def _at(self, url: str, depth: int) -> None:
        if url in self._reached:
            return
        entry = self.folder.entry(url)
        if entry is None or (not entry.file and entry.try_again):
            entry = self._fetched(url)
        if not entry.file:
            self.outcome.left_out.append((url, entry.reason))
            return
        self._reached.add(entry.final_url)
        self._look_around(entry, depth)

    def _fetched(self, url: str) -> Entry:
        clock = self.visitor.manners.clock
        try:
            reply = self.visitor.visit(url)
        except PageProblem as problem:
            self._problems = self._problems + 1 if isinstance(problem, Busy) else 0
            entry = self.folder.note(url, str(problem), clock.now(), try_again=problem.passing)
            if self._problems >= PROBLEMS_UNTIL_CLOSED:
                raise SiteClosed(f"{self._problems} pages in a row could not be had ({problem}); run the same command again later") from problem
            return entry
        self._problems = 0
        self.outcome.fetched += 1
        return self.folder.keep(url, reply, clock.now())

    def _look_around(self, entry: Entry, depth: int) -> None:
        body = self.folder.body(entry) or b""
        page = read(characters(body, entry.charset), entry.final_url)
        found = [self._add(link, depth + 1) for link in page.links if self.route.follows(link)]
        following = self.route.next_list(entry.url) if self.route.next_list else ""
        if following and any(found):  # a list that brings nothing new has ended, whatever its pager says
            self._add(following, depth)
