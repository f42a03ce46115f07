"""Saved web pages: the parsed page, its JSON-LD and its label-value pairs, for the readers of each site.

Pages are parsed, never run: scripts are only looked at as text where a site keeps its data in one.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

from knowledge.ways_in.plain_text import plain
from knowledge.ways_in.raw import Unreadable

_BLOCKED = re.compile(r"安全系统检测到异常访问|当前请求已经被拦截|\bret\s*=\s*false\b|\"ret\"\s*:\s*false|请完成(?:安全)?验证|访问过于频繁|滑动验证")
_BLOCKED_CHARS = 20_000  # a page that was refused is short
_SIGHT_TYPES = {"TouristAttraction", "LandmarksOrHistoricalBuildings", "Museum", "Park", "Zoo", "AmusementPark", "Place", "TouristDestination"}


@dataclass(frozen=True)
class Page:
    """A parsed page and its source."""

    soup: BeautifulSoup
    text: str

    @property
    def url(self) -> str:
        """The address the page gives as its own."""
        for selector, attribute in (("link[rel=canonical]", "href"), ('meta[property="og:url"]', "content")):
            found = self.soup.select_one(selector)
            if found and found.get(attribute):
                return str(found[attribute])
        saved = re.search(r"saved from url=\(\d+\)(\S+)", self.text[:2000])
        return saved.group(1) if saved else ""

    def first(self, *selectors: str, within: Tag | None = None) -> str:
        """The text of the first element that one of the selectors finds."""
        for selector in selectors:
            found = (within or self.soup).select_one(selector)
            if found and (text := text_of(found)):
                return text
        return ""

    def labelled(self, *labels: str) -> str:
        """The value beside a label: ``dt``/``dd``, ``th``/``td``, or two neighbours of which the first is the label."""
        for tag in self.soup.find_all(["dt", "th", "label", "span", "div", "p", "h3", "strong"]):
            words = tag.get_text(strip=True).rstrip(":：") if len(tag.contents) <= 3 else ""
            value = tag.find_next_sibling() if words in labels else None
            if isinstance(value, Tag) and (text := text_of(value)):
                return text
        return ""

    def json_ld(self) -> Iterator[dict[str, Any]]:
        """Every JSON-LD object that describes a sight."""
        for script in self.soup.select('script[type="application/ld+json"]'):
            yield from _sights_in(_json_of(script.string or ""))


def text_of(tag: Tag) -> str:
    """The visible text of an element on one line."""
    return plain(tag.get_text(" ", strip=True), 2000)


def open_page(text: str) -> Page:
    """Parse a page; raises `Unreadable` for the page of a site that refused the request."""
    if len(text) < _BLOCKED_CHARS and _BLOCKED.search(text):
        raise Unreadable("the site refused the request and this page only says so; open it in a browser and save it again")
    return Page(BeautifulSoup(text, "lxml"), text)


def script_json(page: Page, script_id: str) -> Any:
    """The JSON that a page keeps in the script of this id; None where there is none or it is broken."""
    script = page.soup.find("script", id=script_id)
    return _json_of(script.string or "") if isinstance(script, Tag) else None


def _json_of(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _sights_in(content: Any) -> Iterator[dict[str, Any]]:
    items = content if isinstance(content, list) else content.get("@graph", [content]) if isinstance(content, dict) else []
    for item in items if isinstance(items, list) else []:
        kinds = item.get("@type") if isinstance(item, dict) else None
        if set(kinds if isinstance(kinds, list) else [kinds]) & _SIGHT_TYPES and item.get("name"):
            yield item
