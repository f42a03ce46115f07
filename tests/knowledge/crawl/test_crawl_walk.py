"""The walk through a site: lists, sights, limits, traps, and going on after a stop."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge.crawl.crawler import Bounds
from knowledge.crawl.folder import Folder
from knowledge.crawl.sites import Route, route_of
from tests.knowledge.crawl.local_site import HandClock, LocalSite, Served, kept_files, page, redirect, walk

ROOT = Path(__file__).parents[3]


def lists_of(site: LocalSite, *lists: tuple[int, ...]) -> Route:
    """A site in the manner of Qunar: list pages with numbered sights; the last page is repeated for ever, as on the real one."""
    for number, sights in enumerate((*lists, lists[-1]), start=1):
        site.pages[f"/list?city=qingdao&page={number}"] = page(*(f"/{sight}" for sight in sights), "/list?city=beijing&page=1", "/1001/comment")
        site.pages.update({f"/{sight}": page("/9999") for sight in sights})
    return Route((f"{site.url}/list?city=qingdao&page=1",), re.compile(r"/\d{4}$"), route_of("qunar", ["青岛"]).next_list)


def test_a_city_is_fetched_list_by_list(site, tmp_path):
    """Each list page, its sights, the next list until one brings nothing new; no other city, no comments."""
    route = lists_of(site, (1001, 1002), (1003,))
    with Folder(tmp_path) as folder:
        outcome = walk(site, folder, route, Bounds(depth=1)).go()
    assert site.asked_pages() == ["/list?city=qingdao&page=1", "/1001", "/1002", "/list?city=qingdao&page=2", "/1003", "/list?city=qingdao&page=3"]
    assert (outcome.kept, outcome.fetched, outcome.left_out, outcome.closed) == (6, 6, [], None)
    assert len(kept_files(tmp_path)) == 6


def test_nothing_is_fetched_twice(site, tmp_path):
    """A second run reads the folder: not one page is asked for, and the outcome is the same."""
    route = lists_of(site, (1001, 1002), (1003,))
    site.pages["/1002"] = Served("gone", 410)
    with Folder(tmp_path) as folder:
        first = walk(site, folder, route, Bounds(depth=1)).go()
    asked = len(site.asked)
    with Folder(tmp_path) as folder:
        second = walk(site, folder, route, Bounds(depth=1)).go()
    assert (len(site.asked), second.fetched) == (asked, 0)
    assert (second.kept, second.left_out) == (first.kept, [(f"{site.url}/1002", "it answered HTTP 410")])


def test_a_passing_failure_is_tried_in_the_next_run(site, tmp_path):
    """What failed for now is asked for again, what is gone is not."""
    route = lists_of(site, (1001, 1002))
    site.pages.update({"/1001": Served("x", 500), "/1002": Served("x", 404)})
    with Folder(tmp_path) as folder:
        assert len(walk(site, folder, route, Bounds(depth=1)).go().left_out) == 2
    site.pages.update({"/1001": page(), "/1002": page()})
    site.asked.clear()
    with Folder(tmp_path) as folder:
        assert walk(site, folder, route, Bounds(depth=1)).go().fetched == 1
    assert site.asked_pages() == ["/1001"]


def test_the_page_limit_counts_earlier_runs(site, tmp_path):
    """Three pages are three pages, in one run or two; a higher limit goes on."""
    route = lists_of(site, (1001, 1002, 1003, 1004))
    for limit, asked in ((3, 3), (3, 3), (5, 5)):
        with Folder(tmp_path) as folder:
            assert walk(site, folder, route, Bounds(limit, 1)).go().kept == limit
        assert len(site.asked_pages()) == asked


@pytest.mark.parametrize(("depth", "pages"), [(0, 1), (1, 2), (3, 4)])
def test_the_depth_limit_holds(site, tmp_path, depth, pages):
    """Links are followed so many steps away from the start."""
    site.pages.update({f"/p{number}": page(f"/p{number + 1}") for number in range(10)})
    with Folder(tmp_path) as folder:
        assert walk(site, folder, Route((f"{site.url}/p0",), re.compile("/p")), Bounds(depth=depth)).go().kept == pages


def test_traps_do_not_hold_the_walk(site, tmp_path):
    """Session ids, fragments, link loops, growing paths and links to other hosts: three pages come of it."""
    site.pages["/start"] = page("/a;jsessionid=1", "/a;jsessionid=2#x", "/a?PHPSESSID=3", "/start#top", "http://169.254.169.254/start", "https://example.com/start",
                                "http://user:pw@127.0.0.1/a", "/d/d/d/d/d", "/b")
    site.pages["/a"] = page("/start", "/a", "/b")
    site.pages["/b"] = page("/a")
    with Folder(tmp_path) as folder:
        outcome = walk(site, folder, Route((f"{site.url}/start",), re.compile("")), Bounds(depth=20)).go()
    assert sorted(site.asked_pages()) == ["/a", "/b", "/start"]
    assert outcome.left_out == []


def test_an_endless_calendar_ends_at_the_limit(site, tmp_path):
    """A site that invents a new link on every page costs as many pages as were asked for, failures counted too."""
    for number in range(60):
        site.pages[f"/day?d={number}"] = page(f"/day?d={number + 1}", f"/none?d={number}")
    with Folder(tmp_path) as folder:
        walk(site, folder, Route((f"{site.url}/day?d=0",), re.compile("d=")), Bounds(20, 100)).go()
    assert len(site.asked_pages()) == 20


def test_without_a_pattern_only_the_start_is_fetched(site, tmp_path):
    """Nothing is followed that nobody asked to be followed."""
    site.pages["/a"] = page("/b")
    with Folder(tmp_path) as folder:
        assert walk(site, folder, Route((f"{site.url}/a",))).go().kept == 1


def test_a_redirected_page_is_kept_once(site, tmp_path):
    """Two addresses that end at one page are one file; its links are read from where it really stands."""
    site.pages.update({"/start": page("/old", "/new/x"), "/old": redirect("/new/x"), "/new/x": page("y"), "/new/y": page()})
    with Folder(tmp_path) as folder:
        outcome = walk(site, folder, Route((f"{site.url}/start",), re.compile("old|new"))).go()
    assert site.asked_pages() == ["/start", "/old", "/new/x", "/new/y"]
    assert outcome.kept == len(kept_files(tmp_path)) == 3


def test_a_verification_page_ends_the_walk_and_keeps_what_came_before(site, tmp_path):
    """At the first question the whole site is left; the question itself is not kept as a page."""
    route = lists_of(site, (1001, 1002, 1003))
    site.pages["/1002"] = Served("<title>安全验证</title>请拖动滑块完成拼图")
    with Folder(tmp_path) as folder:
        outcome = walk(site, folder, route, Bounds(depth=1)).go()
    assert "verification page" in str(outcome.closed)
    assert (outcome.kept, site.asked_pages()[-1]) == (2, "/1002")
    site.pages["/1002"] = page()
    with Folder(tmp_path) as folder:
        assert walk(site, folder, route, Bounds(depth=1)).go().fetched == 3


def test_what_robots_forbids_is_left_out(site, tmp_path):
    """Forbidden pages are named with their reason and never asked for; they are looked at again in the next run."""
    route = lists_of(site, (1001, 1002))
    site.pages["/robots.txt"] = Served("User-agent: *\nDisallow: /1001", kind="text/plain")
    with Folder(tmp_path) as folder:
        outcome = walk(site, folder, route, Bounds(depth=1)).go()
    assert "/1001" not in site.asked
    assert [url for url, reason in outcome.left_out if "robots.txt forbids" in reason] == [f"{site.url}/1001"]
    site.pages["/robots.txt"] = Served("", kind="text/plain")
    with Folder(tmp_path) as folder:
        assert walk(site, folder, route, Bounds(depth=1)).go().left_out == []


def test_a_site_that_is_down_is_left(site, tmp_path):
    """Five pages in a row that cannot be had end the walk instead of trying two hundred."""
    route = lists_of(site, tuple(range(1001, 1020)))
    site.pages.update({f"/{sight}": Served("x", 500) for sight in range(1001, 1020)})
    with Folder(tmp_path) as folder:
        outcome = walk(site, folder, route, Bounds(depth=1)).go()
    assert "5 pages in a row" in str(outcome.closed)
    assert len(set(site.asked_pages())) == 6


def test_the_walk_is_slow(site, tmp_path):
    """Between all requests, robots.txt included, lie a second and a half."""
    hand = HandClock()
    with Folder(tmp_path) as folder:
        walk(site, folder, lists_of(site, (1001, 1002)), Bounds(depth=1), hand).go()
    assert hand.slept == [1.5] * (len(site.asked) - 1)


def test_progress_is_told(site, tmp_path):
    """Done never passes the total, and both meet at the end."""
    told = []
    with Folder(tmp_path) as folder:
        going = walk(site, folder, lists_of(site, (1001, 1002), (1003,)), Bounds(4, 1))
        going.progress = lambda done, total, url: told.append((done, total, bool(url)))
        going.go()
    assert told == [(0, 1, True), (1, 4, True), (2, 4, True), (3, 4, True), (4, 4, False)]


CRAWL = """
import sys, re
from pathlib import Path
from knowledge.crawl.folder import Folder
from knowledge.crawl.manners import Manners, Patience
from knowledge.crawl.crawler import Bounds
from knowledge.crawl.sites import Route
from tests.knowledge.crawl.local_site import HandClock, LocalSite, walk
with Folder(Path(sys.argv[2])) as folder:
    walk(LocalSite(sys.argv[1]), folder, Route((sys.argv[1] + "/start",), re.compile("/s")), Bounds(), HandClock()).go()
"""


def test_a_killed_crawl_goes_on(site, tmp_path):
    """After kill -9 in the middle every entry has its whole file, the folder opens at once, and no kept page is asked for again."""
    site.pages["/start"] = page(*(f"/s{number}" for number in range(30)))
    site.pages.update({f"/s{number}": page(words=f"sight {number} " * 2000) for number in range(30)})
    running = subprocess.Popen([sys.executable, "-c", CRAWL, site.url, str(tmp_path)], cwd=ROOT)
    limit = time.monotonic() + 60
    while len(site.asked_pages()) < 12 and running.poll() is None and time.monotonic() < limit:
        time.sleep(0.002)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    asked_before = site.asked_pages()
    route = Route((f"{site.url}/start",), re.compile("/s"))
    with Folder(tmp_path) as folder:
        kept = folder.count()
        assert all(folder.entry(f"{site.url}{path}") for path in asked_before[:kept])
        outcome = walk(site, folder, route).go()
    assert 10 <= kept <= len(asked_before) < 31
    assert (outcome.kept, outcome.fetched) == (31, 31 - kept)
    assert not set(asked_before[:kept]) & set(site.asked_pages()[len(asked_before):])


def test_a_page_of_countless_links_is_not_held_in_memory(site, tmp_path):
    """Only as many addresses stand in line as the page limit will ever reach."""
    site.pages["/start"] = page(*(f"/s{number}" for number in range(5000)))
    with Folder(tmp_path) as folder:
        going = walk(site, folder, Route((f"{site.url}/start",), re.compile("/s")), Bounds(pages=3))
        going.go()
    assert len(going._seen) <= 4
