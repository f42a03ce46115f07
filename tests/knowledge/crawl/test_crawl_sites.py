"""The sites known by name, any other by its address, and the command."""

import json
from functools import partial

import pytest
from typer.testing import CliRunner

from assistant.cli import app, crawling
from knowledge.crawl.errors import AddressRefused, CrawlError, SiteClosed
from knowledge.crawl.fetch import Fetcher
from knowledge.crawl.gate import Gate
from knowledge.crawl.manners import Manners
from knowledge.crawl.sites import route_from, route_of
from knowledge.errors import FengjingError, InputError
from tests.knowledge.crawl.local_site import HERE, Served, page


@pytest.mark.parametrize(("site", "city", "start"), [
    ("qunar", "青岛", "https://sight.qunar.com/list?city=qingdao&page=1"),
    ("qunar", "西安市", "https://sight.qunar.com/list?city=xian&page=1"),
    ("Qunar", "guiyang", "https://sight.qunar.com/list?city=guiyang&page=1"),
    ("qunar", "厦门", "https://sight.qunar.com/list?city=xiamen&page=1"),
    ("qunar", "x&page=9", "https://sight.qunar.com/list?city=xpage&page=1"),
    ("qunar-tickets", "青岛", "https://piao.qunar.com/ticket/list.htm?from=mpl_search_suggest&keyword=%E9%9D%92%E5%B2%9B&page=1&region="),
    ("qunar-tickets", "a&page=9", "https://piao.qunar.com/ticket/list.htm?from=mpl_search_suggest&keyword=a%26page%3D9&page=1&region="),
    ("ctrip", "qingdao5", "https://you.ctrip.com/sight/qingdao5.html"),
    ("ctrip", "5", "https://you.ctrip.com/sight/5.html"),
])
def test_where_a_city_begins(site, city, start):
    """The first list page of a city, by the name the site has for it."""
    assert route_of(site, [city]).start == (start,)


@pytest.mark.parametrize(("site", "city", "second"), [
    ("qunar", "青岛", "https://sight.qunar.com/list?city=qingdao&page=2"),
    ("qunar-tickets", "a", "https://piao.qunar.com/ticket/list.htm?from=mpl_search_suggest&keyword=a&page=2&region="),
    ("ctrip", "qingdao5", "https://you.ctrip.com/sight/qingdao5/s0-p2.html"),
])
def test_lists_are_turned(site, city, second):
    """The second page, the tenth after the ninth, and no next page after a sight."""
    route = route_of(site, [city])
    assert route.next_list(route.start[0]) == second
    assert route.next_list(second.replace("page=2", "page=9").replace("p2", "p9")) == second.replace("page=2", "page=10").replace("p2", "p10")
    assert route.next_list("https://you.ctrip.com/sight/qingdao5/1265.html") == ""


@pytest.mark.parametrize(("site", "city", "url", "followed"), [
    ("qunar", "a", "https://sight.qunar.com/1703719381", True), ("qunar", "a", "https://sight.qunar.com/1703719381/comment", False),
    ("qunar", "a", "https://sight.qunar.com/list?city=beijing&page=1", False), ("qunar", "a", "https://evil.example/sight.qunar.com/1", False),
    ("qunar-tickets", "a", "https://piao.qunar.com/ticket/detail_3229271988.html", True),
    ("ctrip", "qingdao5", "https://you.ctrip.com/sight/qingdao5/1265.html", True), ("ctrip", "qingdao5", "https://you.ctrip.com/travels/qingdao5/1.html", False),
    ("ctrip", "qingdao5", "https://you.ctrip.com/sight/qingdao5/s0-p2.html", False),
])
def test_only_sights_are_followed(site, city, url, followed):
    """Details of sights, on the site itself; no comments, notes or other cities' lists."""
    assert route_of(site, [city]).follows(url) is followed


@pytest.mark.parametrize("refusal", [
    lambda: route_of("mafengwo", ["青岛"]), lambda: route_of("Mafengwo", []), lambda: route_from(["https://www.mafengwo.cn/jd/10065/gonglve.html"]),
])
def test_mafengwo_is_refused_with_its_reason(refusal):
    """Its robots.txt forbids crawling: the refusal says so and how pages come in nevertheless."""
    with pytest.raises(CrawlError, match=r"robots\.txt.*Disallow: /.*fengjing knowledge import"):
        refusal()


@pytest.mark.parametrize(("wrong", "message"), [
    (lambda: route_of("tripadvisor", ["青岛"]), "there are qunar"), (lambda: route_of("qunar", []), "at least one city"),
    (lambda: route_of("ctrip", ["青岛"]), "qingdao5"), (lambda: route_from(["https://h/"], "(["), "regular expression"),
])
def test_wrong_words_are_told_with_the_right_ones(wrong, message):
    """Unknown sites, missing cities and broken patterns say what to type."""
    with pytest.raises(InputError, match=message):
        wrong()


def test_any_site_by_its_address():
    """Start pages and a pattern; only links on those sites that match are followed."""
    route = route_from(["https://www.example.com/a#x"], "/sight/")
    assert route.start == ("https://www.example.com/a",)
    assert route.follows("https://example.com/sight/1")
    assert not route.follows("https://example.com/hotel/1")
    assert not route.follows("https://other.com/sight/1")
    assert not route_from(["https://www.example.com/a"]).follows("https://www.example.com/b")
    with pytest.raises(AddressRefused):
        route_from(["file:///etc/passwd"])


@pytest.fixture
def here(monkeypatch, hand, tmp_path):
    """The command as it is, with a fetcher that may reach this machine, a clock moved by hand and a home of its own."""
    monkeypatch.setattr(crawling, "Fetcher", partial(Fetcher, Gate(HERE)))
    monkeypatch.setattr(crawling, "Manners", partial(Manners, clock=hand.clock))
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path))
    return tmp_path


def crawl(*arguments: str):
    """Run `fengjing knowledge crawl`."""
    return CliRunner().invoke(app, ["knowledge", "crawl", *arguments])


def test_the_command_fetches_and_says_what_comes_next(site, here):
    """Pages land in the home folder under the host's name, and the import is named with its folder."""
    site.pages.update({"/": page("/sight/1", "/hotel/1"), "/sight/1": page()})
    done = crawl("--url", site.url, "--follow", "/sight/")
    assert done.exit_code == 0, done.output
    assert f"now: fengjing knowledge import {here / 'crawl' / '127.0.0.1'}" in done.stdout
    assert "2 pages in" in done.stdout
    assert len(list((here / "crawl" / "127.0.0.1").glob("*.html"))) == 2


def test_the_command_speaks_json(site, here, tmp_path):
    """The outcome for machines, with what was left out; --into and --pages hold."""
    site.pages["/"] = page("/sight/1", "/sight/2")
    done = crawl("--url", site.url, "--follow", "/sight/", "--pages", "2", "--into", str(tmp_path / "mine"), "--json")
    outcome = json.loads(done.stdout)
    assert (outcome["kept"], outcome["fetched"], outcome["closed"]) == (1, 1, None)
    assert outcome["left_out"] == [{"url": f"{site.url}/sight/1", "reason": "it answered HTTP 404"}]
    assert outcome["folder"] == str(tmp_path / "mine")


def test_a_closed_site_is_an_error_after_the_outcome(site, here):
    """What was kept is told first, then why it ended; the exit code is 1."""
    site.pages.update({"/": page("/sight/1"), "/sight/1": Served("", 521)})
    done = crawl("--url", site.url, "--follow", "/sight/")
    assert isinstance(done.exception, SiteClosed)
    assert "1 pages in" in done.stdout


def test_no_page_at_all_is_an_error(site, here):
    """A start page that robots.txt forbids leaves nothing to import: the reason is the error."""
    site.pages["/robots.txt"] = Served("User-agent: *\nDisallow: /", kind="text/plain")
    assert "robots.txt forbids it" in str(crawl("--url", site.url).exception)
    assert site.asked == ["/robots.txt"]


def test_the_real_command_does_not_reach_this_machine(site, tmp_path, monkeypatch):
    """Without a network allowed, a local address is refused before a single request."""
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path))
    site.pages["/"] = page()
    done = crawl("--url", site.url)
    assert isinstance(done.exception, FengjingError)
    assert "no public address" in str(done.exception)
    assert site.asked == []


@pytest.mark.parametrize("arguments", [(), ("qunar", "青岛", "--url", "https://h/"), ("--url", "https://h/", "--pages", "0")])
def test_wrong_use(arguments):
    """Neither or both of site and address is wrong use."""
    assert crawl(*arguments).exit_code == 2
