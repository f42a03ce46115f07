"""The sites the crawler knows by name, as they were seen in 2025 and 2026: where lists of sights begin and go on.

A list is turned page by page as long as it names sights that were not known yet. A site without an entry is
crawled by `--url`. Not covered: hotels, reviews, travel notes, and anything a site only gives to its own app.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from knowledge.crawl.errors import CrawlError
from knowledge.crawl.urls import canonical, site_of
from knowledge.errors import InputError

_CJK = re.compile(r"[\u4e00-\u9fff]")
_PAGE_IN_QUERY = re.compile(r"(?<=[?&]page=)\d{1,4}")
_CTRIP_PLACE = re.compile(r"[A-Za-z]*\d+")
_CTRIP_LIST = re.compile(r"(?P<place>.*/sight/[A-Za-z]*\d+)(?:/s0-p(?P<page>\d{1,4}))?\.html")


@dataclass(frozen=True)
class Route:
    """Where a crawl begins, which links it follows, and how lists go on; `sites` are those of the start pages."""

    start: tuple[str, ...]
    follow: re.Pattern[str] | None = None
    next_list: Callable[[str], str] | None = None  # address of a list page to that of the next, empty for other pages

    @property
    def sites(self) -> frozenset[str]:
        """What the crawl stays within."""
        return frozenset(site_of(url) for url in self.start)

    def follows(self, url: str) -> bool:
        """Whether a link on a page is one to follow."""
        return self.follow is not None and site_of(url) in self.sites and bool(self.follow.search(url))


@dataclass(frozen=True)
class Site:
    """A site known by name: the first list page of a city, the addresses of its sights, and the next list page."""

    list_page: Callable[[str], str]
    sights: re.Pattern[str]
    next_list: Callable[[str], str]


def _slug(city: str) -> str:
    """Qunar's name for a city: pinyin without tones or spaces (西安 is xian)."""
    if not _CJK.search(city):
        return re.sub(r"[^a-z]", "", city.lower())
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(city.removesuffix("市")))


def _ctrip_list(place: str) -> str:
    if not _CTRIP_PLACE.fullmatch(place):
        raise InputError(f"ctrip knows places by a number, {place!r} has none; open you.ctrip.com, look for the city and give what stands "
                         "in the address between /place/ or /sight/ and .html, such as qingdao5")
    return f"https://you.ctrip.com/sight/{place}.html"


def _next_in_query(url: str) -> str:
    page = _PAGE_IN_QUERY.search(url)
    return f"{url[:page.start()]}{int(page.group()) + 1}{url[page.end():]}" if page else ""


def _next_ctrip(url: str) -> str:
    page = _CTRIP_LIST.fullmatch(url)
    return f"{page['place']}/s0-p{int(page['page'] or 1) + 1}.html" if page else ""


SITES = {
    "qunar": Site(lambda city: f"https://sight.qunar.com/list?city={_slug(city)}&page=1",
                  re.compile(r"^https?://sight\.qunar\.com/\d+(?:\?|$)"), _next_in_query),
    "qunar-tickets": Site(lambda city: f"https://piao.qunar.com/ticket/list.htm?keyword={quote(city)}&region=&from=mpl_search_suggest&page=1",
                          re.compile(r"^https?://piao\.qunar\.com/ticket/detail_\w+\.html"), _next_in_query),
    "ctrip": Site(_ctrip_list, re.compile(r"^https?://you\.ctrip\.com/sight/[A-Za-z]*\d+/\d+\.html"), _next_ctrip),
}
REFUSED = {
    "mafengwo": "mafengwo is not crawled: its robots.txt closes the whole site to crawlers it does not name (User-agent: *, Disallow: /); open the "
                "pages you want in a browser, save them (Ctrl+S) into a folder, and run 'fengjing knowledge import FOLDER'",
}


def route_of(site: str, cities: Iterable[str]) -> Route:
    """The way through a known site; raises `InputError`, and `CrawlError` for a site that must not be crawled."""
    name = site.lower()
    if name in REFUSED:
        raise CrawlError(REFUSED[name])
    if name not in SITES:
        raise InputError(f"no site is named {site!r}; there are {', '.join(SITES)}, and any other one can be given by --url")
    known, cities = SITES[name], tuple(cities)
    if not cities:
        raise InputError(f"name at least one city after {name}, such as 'fengjing knowledge crawl qunar 青岛'")
    start = tuple(canonical(known.list_page(city.strip())) for city in cities)
    return Route(start, known.sights, known.next_list)


def route_from(urls: Iterable[str], follow: str = "") -> Route:
    """The way through any other site: start pages, and a pattern for the links to follow; without one none are."""
    start = tuple(canonical(url) for url in urls)
    for url in start:
        closed = next((name for name in REFUSED if name in (urlsplit(url).hostname or "").split(".")), None)
        if closed:
            raise CrawlError(REFUSED[closed])
    try:
        pattern = re.compile(follow) if follow else None
    except re.error as error:
        raise InputError(f"--follow {follow!r} is no regular expression ({error}); give one such as '/sight/[0-9]+'") from error
    return Route(start, pattern)
