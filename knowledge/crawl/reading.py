"""A page as far as the crawler must read it: its characters, its title, the words one sees, and where it leads.

Links are `a[href]` and, for sites that draw their lists by script, the addresses inside their JSON. Links marked
nofollow are left alone. Not covered: pages that only exist after scripts have run.
"""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser

from knowledge.crawl.errors import AddressRefused
from knowledge.crawl.fetch import Reply
from knowledge.crawl.urls import canonical

_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META_BYTES = 4096  # browsers look at 1024; some Chinese pages open with long comments
_SUPERSET = {"gb2312": "gb18030", "gbk": "gb18030", "hz-gb-2312": "gb18030"}  # pages say GB2312 and use more
_JSON_LINK = re.compile(r'"(?:\w*[uU]rl|href|link)"\s*:\s*"((?:https?:|/)[^"\s\\]{1,1000})"')
_ESCAPED = (('\\"', '"'), ("\\/", "/"), ("\\u002F", "/"), ("\\u002f", "/"), ("\\u0026", "&"))
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNSEEN = frozenset({"script", "style", "noscript", "template"})


def charset_of(body: bytes, content_type: str = "") -> str:
    """The name of a page's encoding: byte order mark, header, meta tag, else UTF-8 where it fits, else GB18030."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name
    header, meta = _HEADER_CHARSET.search(content_type), _META_CHARSET.search(body[:_META_BYTES])
    stated = [header.group(1)] if header else []
    stated += [meta.group(1).decode("ascii", "replace")] if meta else []
    for name in stated:
        with suppress(LookupError, UnicodeError):
            return _SUPERSET.get(name.lower(), codecs.lookup(name).name)
    with suppress(UnicodeDecodeError):
        body.decode("utf-8")
        return "utf-8"
    return "gb18030"


def characters(body: bytes, charset: str) -> str:
    """The body as text; what does not fit the encoding becomes a replacement mark."""
    try:
        return body.decode(charset, "replace")
    except (LookupError, UnicodeError):  # a codec that is none for text, such as hex
        return body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Reading:
    """What the crawler takes from a page; `links` are canonical addresses in the order of the page."""

    title: str
    seen: str
    links: tuple[str, ...]


def read(text: str, url: str) -> Reading:
    """Read a page of HTML or JSON that stands at this address."""
    parser = _Parser()
    with suppress(AssertionError):  # html.parser's answer to a malformed <![…]; what came before it counts
        parser.feed(text)
    base = _address(parser.base, url) or url
    found = [] if parser.closed_to_robots else parser.hrefs
    for escape, plain in _ESCAPED:
        text = text.replace(escape, plain)
    found = [*found, *_JSON_LINK.findall(text)]
    links = dict.fromkeys(address for link in found if (address := _address(link, base)))
    return Reading(" ".join(parser.title.split()), " ".join(" ".join(parser.seen).split()), tuple(links))


def read_reply(reply: Reply) -> Reading:
    """Read what a server answered."""
    return read(characters(reply.body, charset_of(reply.body, reply.headers.get("Content-Type", ""))), reply.url)


def _address(link: str, base: str) -> str:
    """The canonical address of a link, empty where it leads to no page (mailto:, javascript:, a password in it)."""
    if not link:
        return ""
    try:
        return canonical(link, base)
    except AddressRefused:
        return ""


class _Parser(HTMLParser):
    """Collects links, title and visible words in one pass."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.seen: list[str] = []
        self.title = self.base = ""
        self.closed_to_robots = False
        self._inside = ""  # the element whose text is the title or is not seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "nofollow" not in values.get("rel", "").lower().split():
            self.hrefs.append(values.get("href", ""))
        elif tag == "base":
            self.base = self.base or values.get("href", "")
        elif tag == "meta" and values.get("name", "").lower() == "robots":
            self.closed_to_robots |= bool({"nofollow", "none"} & set(re.split(r"[\s,]+", values.get("content", "").lower())))
        elif tag == "title" or tag in _UNSEEN:
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif not self._inside:
            self.seen.append(data)
