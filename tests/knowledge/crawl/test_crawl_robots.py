"""robots.txt: what it allows, how slowly, and what holds where it cannot be had."""

import itertools

import pytest

from knowledge.crawl.errors import AddressRefused, PageProblem, SiteClosed
from knowledge.crawl.robots import MAX_ROBOTS_BYTES, Robots
from tests.knowledge.crawl.local_site import Served, local_site, manners, redirect


@pytest.fixture
def robots(hand) -> Robots:
    """Rules that may be asked for on this machine."""
    return Robots(manners(hand))


def text(rules: str) -> Served:
    """A robots.txt."""
    return Served(rules, kind="text/plain")


def allowed(robots: Robots, url: str) -> bool:
    """Whether a page may be fetched."""
    try:
        robots.check(url)
    except PageProblem:
        return False
    return True


@pytest.mark.parametrize(("rules", "path", "expected"), [
    ("", "/a", True),
    ("User-agent: *\nDisallow: /", "/a", False),
    ("User-agent: *\nDisallow:", "/a", True),
    ("User-agent: *\nDisallow: /\nAllow: /sight/", "/sight/1.html", True),
    ("User-agent: *\nAllow: /\nDisallow: /sight/", "/sight/1.html", False),
    ("User-agent: *\nDisallow: /sight\nAllow: /sight", "/sight/1", True),
    ("User-agent: *\nDisallow: /*.html$", "/a/b.html", False),
    ("User-agent: *\nDisallow: /*.html$", "/a/b.html?x=1", True),
    ("User-agent: *\nDisallow: /*?*page=", "/list?city=qingdao&page=2", False),
    ("User-agent: *\nDisallow: /%E9%9D%92", "/青岛", False),
    ("User-agent: Baiduspider\nDisallow: /", "/a", True),
    ("User-agent: fengjing\nDisallow: /a\nUser-agent: *\nAllow: /", "/a", False),
    ("User-agent: *\nDisallow: /\n\nUser-agent: Fengjing\nAllow: /", "/a", True),
    ("User-agent: Googlebot\nUser-agent: *\nDisallow: /a", "/a", False),
    ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
    ("<html><body>Not a robots file</body></html>", "/a", True),
])
def test_rules_are_read_as_the_standard_has_them(site, robots, rules, path, expected):
    """The longest rule wins, Allow wins a tie, * and $ are patterns, the group with our name comes before *."""
    site.pages["/robots.txt"] = text(rules)
    assert allowed(robots, site.url + path) is expected


def test_a_refusal_names_the_file_and_the_way_out(site, robots):
    """What is forbidden is told with its reason and with importing saved pages."""
    site.pages["/robots.txt"] = text("User-agent: *\nDisallow: /")
    with pytest.raises(PageProblem, match=r"robots\.txt forbids it.*fengjing knowledge import"):
        robots.check(f"{site.url}/jd/10065/gonglve.html")
    assert site.asked == ["/robots.txt"]


@pytest.mark.parametrize("status", [400, 404, 410, 451])
def test_no_file_allows_everything(site, robots, status):
    """A site without a robots.txt has no wishes."""
    site.pages["/robots.txt"] = Served("nothing", status)
    assert allowed(robots, f"{site.url}/a")


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503, 504, 521])
def test_a_file_that_cannot_be_had_forbids_everything(site, robots, status):
    """A server in trouble, or one that refuses to show its rules, is not crawled."""
    site.pages["/robots.txt"] = Served("trouble", status)
    with pytest.raises(SiteClosed):
        robots.check(f"{site.url}/a")


def test_no_answer_forbids_everything(site, robots):
    """Where the connection breaks off nothing may be fetched."""
    site.pages["/robots.txt"] = Served(raw=lambda _: None)
    with pytest.raises(SiteClosed, match="cannot be read"):
        robots.check(f"{site.url}/a")


def test_a_passing_failure_is_waited_out(site, robots):
    """A server that was busy once is asked again, and its rules hold."""
    site.pages["/robots.txt"] = [Served("busy", 503), text("User-agent: *\nDisallow: /a")]
    assert not allowed(robots, f"{site.url}/a")
    assert allowed(robots, f"{site.url}/b")


@pytest.mark.parametrize(("hops", "expected"), [(1, False), (5, False), (6, True)])
def test_five_redirects_are_followed(site, robots, hops, expected):
    """Rules behind up to five redirects hold; behind more there are none."""
    names = ["/robots.txt", *(f"/r{hop}" for hop in range(1, hops + 1))]
    site.pages.update({here: redirect(there, 301) for here, there in itertools.pairwise(names)})
    site.pages[names[-1]] = text("User-agent: *\nDisallow: /")
    assert allowed(robots, f"{site.url}/a") is expected


def test_redirects_to_other_hosts_are_followed(site, robots):
    """The rules may lie on another host; they hold for the one that was asked."""
    with local_site() as other:
        other.pages["/rules"] = text("User-agent: *\nDisallow: /a")
        site.pages["/robots.txt"] = redirect(f"{other.url}/rules")
        assert not allowed(robots, f"{site.url}/a")


def test_redirects_do_not_lead_to_private_addresses(site, robots):
    """Not even for a robots.txt is a neighbour's machine asked."""
    site.pages["/robots.txt"] = redirect("http://169.254.169.254/latest/meta-data")
    with pytest.raises(AddressRefused):
        robots.check(f"{site.url}/a")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://x/", ""])
def test_redirects_to_nowhere_forbid_everything(site, robots, target):
    """A redirect that cannot be followed is a file that cannot be had."""
    site.pages["/robots.txt"] = [redirect(target), Served("x", 500)]
    with pytest.raises(SiteClosed):
        robots.check(f"{site.url}/a")


def test_500_kib_are_read(site, robots):
    """Rules within the limit hold, those beyond are not read, and a rule cut in half is none."""
    head = "User-agent: *\nDisallow: /first\n"
    filler = "#" * (MAX_ROBOTS_BYTES - len(head) - len("\nDisallow: /a"))
    site.pages["/robots.txt"] = text(f"{head}{filler}\nDisallow: /abc\nDisallow: /late\n")
    assert [allowed(robots, site.url + path) for path in ("/first", "/ax", "/late")] == [False, True, True]


@pytest.mark.parametrize(("rules", "seconds"), [
    ("Crawl-delay: 4", 4.0), ("Crawl-delay: 0.2", 1.5), ("Crawl-delay: inf", 1.5), ("Crawl-delay: -3", 1.5), ("Crawl-delay: x", 1.5),
    ("Request-rate: 1/10", 10.0), ("Request-rate: 6/1m", 10.0), ("Crawl-delay: 3\nRequest-rate: 1/8", 8.0),
])
def test_the_delay_asked_for_is_honoured(site, robots, rules, seconds):
    """Crawl-delay and Request-rate make the gap longer, never shorter."""
    site.pages["/robots.txt"] = text(f"User-agent: *\n{rules}\nDisallow: /x")
    robots.check(f"{site.url}/a")
    assert robots.manners.gap_seconds("127.0.0.1") == seconds


def test_a_day_between_pages_means_no_crawler(site, robots):
    """A delay beyond ten minutes ends the crawl with its reason instead of sleeping for ever."""
    site.pages["/robots.txt"] = text("User-agent: *\nCrawl-delay: 86400")
    with pytest.raises(SiteClosed, match="86400 s between pages"):
        robots.check(f"{site.url}/a")


def test_the_file_is_asked_for_once_a_day(site, robots, hand):
    """One request serves the whole crawl; after a day it is made again."""
    for seconds in (0, 3600, 25 * 3600):
        hand.seconds = 1000.0 + seconds
        robots.check(f"{site.url}/a")
    assert site.asked == ["/robots.txt"] * 2


def test_a_file_that_names_a_captcha_is_no_verification_page(site, robots):
    """Rules that close /captcha and /login are ordinary rules."""
    site.pages["/robots.txt"] = text("User-agent: *\nDisallow: /captcha\nDisallow: /login 验证码 ret=false")
    assert allowed(robots, f"{site.url}/a")


def test_a_verification_page_in_its_place_closes_the_site(site, robots):
    """A site that answers even here with a question is left."""
    site.pages["/robots.txt"] = Served("<title>安全验证</title>请拖动滑块")
    with pytest.raises(SiteClosed, match="verification page"):
        robots.check(f"{site.url}/a")
