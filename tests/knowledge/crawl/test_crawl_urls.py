"""One spelling for one page, and addresses that are refused."""

import pytest

from knowledge.crawl.errors import AddressRefused
from knowledge.crawl.urls import canonical, is_trap, origin_of, site_of

BASE = "https://you.ctrip.com/sight/qingdao5.html"


@pytest.mark.parametrize(("given", "expected"), [
    ("HTTPS://You.Ctrip.com:443/a", "https://you.ctrip.com/a"),
    ("http://host:80", "http://host/"),
    ("http://host./a#top", "http://host/a"),
    ("http://host/a/../b/./c", "http://host/b/c"),
    ("http://host/../../etc", "http://host/etc"),
    ("http://host//evil.example/x", "http://host/evil.example/x"),
    ("http://host/a;jsessionid=0A1B2C?x=1", "http://host/a?x=1"),
    ("http://host/a?PHPSESSID=abc&b=2&a=1", "http://host/a?a=1&b=2"),
    ("http://host/a?utm_source=x&spm=1.2.3", "http://host/a"),
    ("http://host/a?sid=42", "http://host/a?sid=42"),
    ("http://host/a?sid=0123456789abcdef01", "http://host/a"),
    ("http://host/a?_=1762000000000", "http://host/a"),
    ("http://host/列表?keyword=青岛", "http://host/%E5%88%97%E8%A1%A8?keyword=%E9%9D%92%E5%B2%9B"),
    ("http://host/a?keyword=%c7%e0%b5%ba", "http://host/a?keyword=%C7%E0%B5%BA"),
    ("http://host/a?region=&page=1", "http://host/a?page=1&region="),
    ("http://例子.cn/", "http://xn--fsqu00a.cn/"),
    ("http://[::1]:8080/a", "http://[::1]:8080/a"),
    (" http://host/a\n/b ", "http://host/a/b"),
    ("http://host/a b", "http://host/a%20b"),
])
def test_one_page_has_one_spelling(given, expected):
    """Case, ports, dots, fragments, session ids and the order of parameters make no second page; GBK stays GBK."""
    assert canonical(given) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(("link", "expected"), [
    ("qingdao5/1265.html", "https://you.ctrip.com/sight/qingdao5/1265.html"),
    ("//sight.qunar.com/17", "https://sight.qunar.com/17"),
    ("?page=2", "https://you.ctrip.com/sight/qingdao5.html?page=2"),
])
def test_relative_links_are_read_from_their_page(link, expected):
    """A link is completed by the page it stands on."""
    assert canonical(link, BASE) == expected


@pytest.mark.parametrize("address", [
    "ftp://host/a", "file:///etc/passwd", "javascript:alert(1)", "mailto:a@b.cn", "data:text/html,x", "gopher://host/", "/only/a/path",
    "http://", "http://host:port/", "http://[::1/", "http://host:99999/",
])
def test_what_is_no_page_is_refused(address):
    """Other schemes, missing hosts and broken addresses are refused in our own words."""
    with pytest.raises(AddressRefused):
        canonical(address)


def test_a_password_is_refused_and_not_repeated():
    """An address with credentials is refused, and the message does not carry them on."""
    with pytest.raises(AddressRefused, match="give it without") as refused:
        canonical("https://anna:geheim@host/")
    assert "geheim" not in str(refused.value)


def test_sites_and_origins():
    """A leading www makes no other site, another port does; robots.txt goes by scheme, host and port."""
    assert site_of("http://www.host/a") == site_of("https://host/b") == "host"
    assert site_of("http://host:8080/") != site_of("http://host/")
    assert origin_of("http://host:8080/a?b") == "http://host:8080"


@pytest.mark.parametrize(("path", "expected"), [
    ("/sight/qingdao5/1265.html", False), ("/a/b/a/b/a/b/a/b", True), ("/x" * 3, False), ("/" + "/".join("abcdefghijklmnopqrst"), True),
    ("/" + "a" * 1000, True),
])
def test_endless_paths_are_recognised(path, expected):
    """Paths that repeat themselves, run deep or grow long are those of link loops."""
    assert is_trap(f"http://host{path}") is expected
