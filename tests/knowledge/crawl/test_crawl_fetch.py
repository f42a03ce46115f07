"""One request: its limits in bytes and seconds, and what it never carries."""

import gzip
import shutil
import ssl
import subprocess
import threading
import time
import tracemalloc
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from knowledge.crawl.errors import Busy, PageProblem
from knowledge.crawl.fetch import USER_AGENT, Fetcher, Limits, Terms
from knowledge.crawl.gate import Gate
from tests.knowledge.crawl.local_site import HERE, Served, page, redirect


def fetcher(**limits) -> Fetcher:
    """A fetcher that may speak to this machine."""
    return Fetcher(Gate(HERE), Limits(**limits))


def dripping(lines: bytes, seconds: float = 0.05):
    """A server that sends a beginning and then a byte at a time for ever."""
    def drip(handler):
        handler.wfile.write(lines)
        for _ in range(200):
            handler.wfile.write(b"x")
            time.sleep(seconds)
    return drip


def test_a_page_comes_as_it_is(site):
    """Status, headers and bytes arrive unchanged."""
    site.pages["/"] = Served("景点".encode("gbk"), kind="text/html; charset=GBK")
    reply = fetcher().get(f"{site.url}/")
    assert (reply.status, reply.body.decode("gbk"), reply.kind) == (200, "景点", "text/html")


def test_the_crawler_says_who_it_is_and_nothing_else(site, tmp_path, monkeypatch):
    """The name stands in the User-Agent; cookies, the user's .netrc, proxies and a referrer have no way in."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login anna password geheim\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.pages["/"] = Served("x", headers={"Set-Cookie": "track=1; Path=/"})
    polite = fetcher()
    polite.get(f"{site.url}/")
    polite.get(f"{site.url}/")
    assert [headers["User-Agent"] for headers in site.headers] == [USER_AGENT] * 2
    assert USER_AGENT.startswith("Fengjing/")
    assert not {"Cookie", "Authorization", "Referer", "Proxy-Authorization"} & {name for headers in site.headers for name in headers}


def test_redirects_are_not_followed_here(site):
    """A redirect comes back as it is: rules and addresses are checked first."""
    site.pages["/"] = redirect("/next")
    assert fetcher().get(f"{site.url}/").headers["location"] == "/next"
    assert site.asked == ["/"]


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "application/octet-stream", "text/plain", ""])
def test_only_pages_are_taken(site, kind):
    """What is neither HTML nor JSON is refused before its body is read."""
    site.pages["/"] = Served("x", kind=kind)
    with pytest.raises(PageProblem, match="not a page"):
        fetcher().get(f"{site.url}/")


def test_json_is_a_page(site):
    """JSON answers are kept as pages."""
    site.pages["/"] = Served('{"a": 1}', kind="Application/JSON;charset=utf-8")
    assert fetcher().get(f"{site.url}/").body == b'{"a": 1}'


def stated(handler):
    """Five gigabytes are announced, none sent."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000000000\r\n\r\n")


def endless(handler):
    """A page without an end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(1000):
        handler.wfile.write(b"x" * 10_000)


@pytest.mark.parametrize("raw", [stated, endless])
def test_long_pages_are_cut_off(site, raw):
    """A page over the limit is refused, whether it says so beforehand or not."""
    site.pages["/"] = Served(raw=raw)
    with pytest.raises(PageProblem, match="more than 20000 bytes"):
        fetcher(page_bytes=20_000).get(f"{site.url}/")


def test_a_gzip_bomb_counts_as_what_it_becomes(site):
    """Fifty kilobytes that unpack to fifty megabytes are cut off near the limit, not held in memory."""
    site.pages["/"] = Served(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    with pytest.raises(PageProblem, match="more than 100000 bytes"):
        fetcher(page_bytes=100_000).get(f"{site.url}/")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000


def test_gzip_is_unpacked(site):
    """An honest compressed page is kept unpacked."""
    site.pages["/"] = Served(gzip.compress(b"<p>ok</p>"), headers={"Content-Encoding": "gzip"})
    assert fetcher().get(f"{site.url}/").body == b"<p>ok</p>"


def test_a_compressed_page_may_come_in_small_pieces(site):
    """A piece that unpacks to nothing yet is not the end of the page."""
    packed = gzip.compress(b"<p>ok</p>" * 1000)

    def pieces(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + packed[:5])
        time.sleep(0.05)
        handler.wfile.write(packed[5:12])
        time.sleep(0.05)
        handler.wfile.write(packed[12:])

    site.pages["/"] = Served(raw=pieces)
    assert len(fetcher().get(f"{site.url}/").body) == 9000


def test_an_unasked_compression_is_refused(site):
    """Bytes that cannot be unpacked are no page."""
    site.pages["/"] = Served(b"\x0b\x02", headers={"Content-Encoding": "br"})
    with pytest.raises(PageProblem, match="compressed"):
        fetcher().get(f"{site.url}/")


@pytest.mark.parametrize("beginning", [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Slow: ",
    b"HT",
], ids=["body", "header", "status"])
def test_a_server_that_drips_is_left(site, beginning):
    """Byte by byte, in page, header or status line: the page ends with its time, though no single wait was long."""
    site.pages["/"] = Served(raw=dripping(beginning))
    started = time.monotonic()
    with pytest.raises(PageProblem, match=r"longer than 0\.4 s"):
        fetcher(page_seconds=0.4).get(f"{site.url}/")
    assert time.monotonic() - started < 2


def test_a_silent_server_is_left(site):
    """A server that takes the request and says nothing is left after the longest silence."""
    silence = threading.Event()
    site.pages["/"] = Served(raw=lambda _: silence.wait(5) and None)
    with pytest.raises(Busy):
        fetcher(silence_seconds=0.2).get(f"{site.url}/")
    silence.set()


def broken_length(handler):
    """Half of what was announced."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nhalf")


def broken_chunks(handler):
    """The last chunk never comes."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")


def no_http(handler):
    """Another protocol."""
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


def closed(_handler):
    """Not a word."""


@pytest.mark.parametrize("raw", [broken_length, broken_chunks, no_http, closed])
def test_a_broken_answer_is_no_page(site, raw):
    """Half a page is never taken for a whole one."""
    site.pages["/"] = Served(raw=raw)
    with pytest.raises(Busy):
        fetcher().get(f"{site.url}/")


def test_chunks_make_a_page(site):
    """A chunked answer that ends properly is whole."""
    site.pages["/"] = Served(raw=lambda handler: handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n4\r\nhalf\r\n0\r\n\r\n"))
    assert fetcher().get(f"{site.url}/").body == b"halfhalf"


def test_where_a_part_will_do_the_rest_is_left(site):
    """A robots.txt is read up to its limit instead of being refused."""
    site.pages["/robots.txt"] = Served("x" * 1000, kind="text/plain")
    reply = fetcher().get(f"{site.url}/robots.txt", Terms(100, None, part_will_do=True))
    assert (len(reply.body), reply.cut) == (100, True)


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"over TLS")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command to make a certificate")
def test_certificates_are_checked_against_the_name(tmp_path):
    """A https address goes to the checked number and still proves the name: the right one passes, another one does not."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    "/CN=sight.example", "-addext", "subjectAltName=DNS:sight.example", "-keyout", str(key), "-out", str(certificate)],
                   check=True, capture_output=True)
    server = HTTPServer(("127.0.0.1", 0), _Quiet)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    gate = Gate(HERE, lambda _host, port, **_: [(2, 1, 6, "", ("127.0.0.1", port))])
    try:
        assert Fetcher(gate, certificates=str(certificate)).get(f"https://sight.example:{server.server_port}/").body == b"over TLS"
        for name, known in (("other.example", str(certificate)), ("sight.example", None)):
            with pytest.raises(PageProblem, match="certificate"):
                Fetcher(gate, certificates=known).get(f"https://{name}:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()


def test_a_page_is_not_refused_for_its_status(site):
    """An error page comes back with its status and the beginning of its body, for the signs on it."""
    site.pages["/"] = Served("gone", 410, kind="text/plain")
    reply = fetcher().get(f"{site.url}/")
    assert (reply.status, reply.body) == (410, b"gone")
    site.pages["/"] = page()
    assert fetcher().get(f"{site.url}/").status == 200
