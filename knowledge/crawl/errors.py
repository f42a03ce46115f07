"""What can go wrong while crawling, drawn once: with an address, with one page, or with the whole site.

KnowledgeError
└── CrawlError           the crawl cannot go as asked
├── AddressRefused   an address this crawler never reaches for: private, or with a password in it
├── PageProblem      one page was not taken; the walk goes on
│   └── Busy         … for now: worth another try after a wait
└── SiteClosed       the site wants no more visits; the walk ends, what was fetched is kept
"""

from knowledge.errors import KnowledgeError


class CrawlError(KnowledgeError):
    """The crawl cannot go as asked."""


class AddressRefused(CrawlError):
    """The address is none that a crawler of public pages may reach."""


class PageProblem(CrawlError):
    """One page was not taken, and why; `passing` says whether a later crawl should try it again."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class Busy(PageProblem):
    """The page could not be had just now; `retry_after_seconds` is what the site asked for, None where it did not."""

    def __init__(self, message: str, status: int = 0, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, passing=True)
        self.status = status
        self.retry_after_seconds = retry_after_seconds


class SiteClosed(CrawlError):
    """No further request may go to this site now."""
