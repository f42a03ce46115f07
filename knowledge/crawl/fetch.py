"""One request, bounded in time and size; no redirect is followed, no cookie kept or sent, no credential known.

Not covered: proxies and `.netrc` (ignored on purpose: a proxy would resolve names behind the gate's back), and
compression other than gzip and deflate, which is not asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
import urllib3

from knowledge.crawl.deadline import Deadline
from knowledge.crawl.errors import Busy, PageProblem
from knowledge.crawl.gate import Gate, GatedAdapter

PRODUCT = "Fengjing"  # the name that robots.txt files can speak to
USER_AGENT = f"{PRODUCT}/0.1 (crawler of a personal travel assistant; obeys robots.txt)"
PAGE_KINDS = frozenset({"text/html", "application/xhtml+xml", "application/json", "text/json"})
MAX_OTHER_BYTES = 100_000  # of an error page or a redirect: enough to recognise a verification page
_CHUNK_BYTES = 65_536
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


@dataclass(frozen=True)
class Limits:
    """How much one page may cost: bytes after decompression, and seconds."""

    page_bytes: int = 5_000_000
    page_seconds: float = 30.0  # in all
    connect_seconds: float = 8.0
    silence_seconds: float = 15.0  # between two pieces


@dataclass(frozen=True)
class Terms:
    """What is wanted of an answer: how many bytes, of which kinds (None: any), and whether a part is of use."""

    max_bytes: int
    kinds: frozenset[str] | None = PAGE_KINDS
    part_will_do: bool = False


@dataclass(frozen=True)
class Reply:
    """A server's answer; header names in any case, the body decompressed, `cut` where only its beginning was kept."""

    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    cut: bool = False

    @property
    def kind(self) -> str:
        """The content type, bare and in lower case."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def location(self) -> str:
        """Where a redirect leads; headers arrive as Latin-1, and addresses with Chinese in them were UTF-8."""
        stated = self.headers.get("Location", "")
        try:
            return stated.encode("latin-1").decode()
        except UnicodeError:
            return stated


@dataclass(frozen=True)
class Fetcher:
    """Makes single requests through the gate; `certificates` is a file of authorities where the usual ones do not do."""

    gate: Gate = field(default_factory=Gate)
    limits: Limits = Limits()
    certificates: str | None = None

    def get(self, url: str, terms: Terms | None = None) -> Reply:
        """One GET; raises `AddressRefused`, `PageProblem`, and `Busy` where another try may help."""
        with Deadline(self.limits.page_seconds) as deadline:
            try:
                reply = self._answer(url, terms or Terms(self.limits.page_bytes), deadline)
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                raise self._translated(error, deadline) from error
            if deadline.passed:  # a shut socket looks like the end of the page
                raise self._slow()
            return reply

    def _answer(self, url: str, terms: Terms, deadline: Deadline) -> Reply:
        timeouts = (self.limits.connect_seconds, self.limits.silence_seconds)
        with self._session(deadline) as session, session.get(url, timeout=timeouts, stream=True, allow_redirects=False) as answer:
            if answer.status_code == requests.codes.ok:
                _check_kind(answer, terms)
            else:
                terms = Terms(MAX_OTHER_BYTES, None, part_will_do=True)
            body = _body(answer, terms)
        return Reply(url, answer.status_code, answer.headers, body[:terms.max_bytes], len(body) > terms.max_bytes)

    def _session(self, deadline: Deadline) -> requests.Session:
        """A session without memory, for one request: cookies, .netrc and proxies have no way in."""
        session = requests.Session()
        session.trust_env = False
        session.verify = self.certificates or True
        session.headers = requests.structures.CaseInsensitiveDict({
            "User-Agent": USER_AGENT, "Accept": "text/html,application/xhtml+xml,application/json;q=0.9",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5", "Accept-Encoding": "gzip, deflate", "Connection": "close",
        })
        for scheme in ("http://", "https://"):
            session.mount(scheme, GatedAdapter(self.gate, deadline))
        return session

    def _slow(self) -> Busy:
        return Busy(f"the page took longer than {self.limits.page_seconds:g} s")

    def _translated(self, error: Exception, deadline: Deadline) -> PageProblem:
        if deadline.passed or isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
            return self._slow()
        if isinstance(error, requests.exceptions.SSLError):
            return PageProblem("the site's certificate is not valid")
        if isinstance(error, requests.ConnectionError | urllib3.exceptions.HTTPError | requests.exceptions.ChunkedEncodingError):
            return Busy(f"the connection failed or broke off ({type(error).__name__})")
        return PageProblem(f"the page cannot be requested ({type(error).__name__})")


def _check_kind(answer: requests.Response, terms: Terms) -> None:
    """Refuse before a byte of the body is read what is no page."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if terms.kinds is not None and kind not in terms.kinds:
        raise PageProblem(f"it is {kind or 'of no stated type'}, not a page")
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise PageProblem(f"it is compressed in a way nobody asked for ({encoding})")
    length = answer.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > terms.max_bytes and not terms.part_will_do:
        raise PageProblem(f"it has more than {terms.max_bytes} bytes")


def _body(answer: requests.Response, terms: Terms) -> bytes:
    """The body, at most a chunk beyond the limit; decompressed bytes count, so a gzip bomb is cut like a long page."""
    pieces, size = [], 0
    while size <= terms.max_bytes and (piece := answer.raw.read1(_CHUNK_BYTES, decode_content=True)):
        pieces.append(piece)
        size += len(piece)
    if size > terms.max_bytes and not terms.part_will_do:
        raise PageProblem(f"it has more than {terms.max_bytes} bytes")
    return b"".join(pieces)
