"""One spelling for one page: addresses are normalised so that session ids and fragments make no second page of it.

Not covered: what only the site knows, such as two paths with the same content.
"""

import re
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from knowledge.crawl.errors import AddressRefused

MAX_URL_LENGTH = 1000
MAX_SEGMENTS = 16
MAX_REPEATS = 3  # /a/b/a/b/a/b/…: relative links that lead ever deeper
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?"
_LINE_BREAKS = re.compile(r"[\t\r\n]")  # browsers drop them from links
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_SESSION = re.compile(r"(?:jsessionid|phpsessid|aspsessionid\w*|session_?id|utm_\w+|spm|scm|ctm_ref|gclid|fbclid)", re.IGNORECASE)
_MAYBE_SESSION = re.compile(r"(?:sid|sess|token|t|_t|_|ts|timestamp|rnd|rand|random)", re.IGNORECASE)
_RANDOM_VALUE = re.compile(r"[0-9A-Za-z_-]{16,}|\d{10,}|0\.\d{5,}")  # what a session id or the time looks like; 42 is a page


def canonical(url: str, base: str = "") -> str:
    """The address in its one spelling, without fragment and session ids; raises `AddressRefused`.

    Args:
        url: an address as it stands in a link or as a user typed it.
        base: the page it stands on, for relative links.
    """
    try:
        parts = urlsplit(urljoin(base, _LINE_BREAKS.sub("", url.strip())))
        place = _place(parts)
    except ValueError as error:  # a port of letters, half a bracket, a host that is no name
        raise AddressRefused(f"an address cannot be read ({error}); give it as https://host/path") from error
    path = urljoin("http://host/", "/" + _PATH_SESSION.sub("", parts.path).lstrip("/")).removeprefix("http://host")
    return urlunsplit((parts.scheme.lower(), place, _quoted(path, _PATH_SAFE), _query(parts.query), ""))


def _place(parts: SplitResult) -> str:
    if parts.scheme.lower() not in _DEFAULT_PORTS:
        raise AddressRefused(f"only http and https are crawled, not {parts.scheme or 'an address without a scheme'}; give https://…")
    if "@" in parts.netloc:  # not repeated in the message: it may be a password
        raise AddressRefused("an address with a user name or password in it is not crawled; give it without")
    host = (parts.hostname or "").rstrip(".").encode("idna").decode()
    if not host:
        raise AddressRefused("an address without a host cannot be crawled; give https://host/path")
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in {None, _DEFAULT_PORTS[parts.scheme.lower()]} else f"{host}:{parts.port}"


def _quoted(text: str, safe: str) -> str:
    return _ESCAPE.sub(lambda escape: escape.group().upper(), quote(text, safe=safe))


def _query(query: str) -> str:
    """Parameters in order of their names; never decoded, as they may be GBK."""
    kept = [piece for piece in query.split("&") if piece and not _is_session(*piece.partition("=")[::2])]
    return "&".join(sorted(_quoted(piece, _QUERY_SAFE) for piece in kept))


def _is_session(name: str, value: str) -> bool:
    return bool(_SESSION.fullmatch(name) or (_MAYBE_SESSION.fullmatch(name) and _RANDOM_VALUE.fullmatch(value)))


def site_of(url: str) -> str:
    """Host (without a leading www) and port: what must stay the same for a link to lead within the site."""
    return urlsplit(url).netloc.removeprefix("www.")


def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_trap(url: str) -> bool:
    """Whether the address grows as those of endless link loops do."""
    segments = [segment for segment in unquote(urlsplit(url).path).split("/") if segment]
    repeats = max((segments.count(segment) for segment in segments), default=0)
    return len(url) > MAX_URL_LENGTH or len(segments) > MAX_SEGMENTS or repeats > MAX_REPEATS
