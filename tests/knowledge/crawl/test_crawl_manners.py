"""Waits between requests, second tries, and when a site is left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from knowledge.crawl.errors import Busy, PageProblem, SiteClosed
from knowledge.crawl.fetch import Limits
from knowledge.crawl.manners import Patience, retry_after_seconds
from tests.knowledge.crawl.local_site import Served, local_site, manners, page

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def busy(status=429, **headers) -> Served:
    """An answer that asks for patience."""
    return Served("later", status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_requests_to_a_host_are_apart(site, hand):
    """The first request goes at once, each further one a second and a half after the last has ended."""
    site.pages["/"] = page()
    polite = manners(hand)
    for _ in range(3):
        polite.ask(f"{site.url}/")
    assert hand.slept == [1.5, 1.5]


def test_the_wait_counts_from_the_end_of_the_last_request(site, hand):
    """A page that took ten seconds is followed by the whole wait, time spent elsewhere counts toward it."""
    def ten_seconds(handler):
        hand.seconds += 10
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok")

    site.pages["/"] = Served(raw=ten_seconds)
    polite = manners(hand)
    polite.ask(f"{site.url}/")
    polite.ask(f"{site.url}/")
    hand.seconds += 1
    polite.ask(f"{site.url}/")
    assert hand.slept == [1.5, 0.5]


def test_a_failed_request_is_followed_by_a_wait_too(site, hand):
    """An error page or an image cost the site work as well."""
    site.pages["/"] = Served("x", kind="image/png")
    polite = manners(hand)
    for _ in range(2):
        with pytest.raises(PageProblem):
            polite.ask(f"{site.url}/")
    assert hand.slept == [1.5]


def test_hosts_do_not_wait_for_each_other(site, hand):
    """The wait is one of each host."""
    site.pages["/"] = page()
    with local_site() as other:
        other.pages["/"] = page()
        polite = manners(hand)
        polite.ask(f"{site.url}/")
        polite.ask(other.url.replace("127.0.0.1", "localhost") + "/")
    assert hand.slept == []


def test_a_site_that_asks_for_more_gets_more(site, hand):
    """A longer delay from robots.txt holds, a shorter one does not."""
    site.pages["/"] = page()
    polite = manners(hand)
    for gap in (7.0, 0.1):
        polite.gaps["127.0.0.1"] = gap
        polite.ask(f"{site.url}/")
        polite.ask(f"{site.url}/")
    assert hand.slept == [7.0, 1.5, 1.5]


@pytest.mark.parametrize(("headers", "slept"), [
    ({}, 5.0),
    ({"Retry_After": "40"}, 40.0),
    ({"Retry_After": "0"}, 1.5),
    ({"Retry_After": "soon"}, 5.0),
    ({"Retry_After": "-5"}, 5.0),
])
def test_a_busy_site_is_asked_again_when_it_says(site, hand, headers, slept):
    """After 429 the crawler waits as long as it is told to, never less than the usual gap."""
    site.pages["/"] = [busy(**headers), page()]
    assert manners(hand).ask(f"{site.url}/").status == 200
    assert hand.slept[0] == slept
    assert sum(hand.slept) == max(slept, 1.5)


def test_a_date_to_come_back_at_is_kept(site, hand):
    """Retry-After may be a date."""
    date = hand.clock.now() + timedelta(seconds=20)
    site.pages["/"] = [busy(503, Retry_After=format_datetime(date, usegmt=True)), page()]
    manners(hand).ask(f"{site.url}/")
    assert hand.slept == [20.0]


@pytest.mark.parametrize(("value", "seconds"), [
    ("120", 120.0), (" 7 ", 7.0), (None, None), ("", None), ("abc", None), ("1.5", None), ("٣", None), ("9" * 400, None),
    ("Fri, 01 May 2026 08:00:30 GMT", 30.0), ("Fri, 01 May 2026 07:00:00 GMT", 0.0), ("Fri, 01 May 2026 16:01:00 +0800", 60.0),
    ("Friday, 01-May-26 08:00:10 GMT", 10.0), ("Fri, 99 Xxx 2026 08:00:30 GMT", None),
])
def test_retry_after_is_read_in_all_its_forms(value, seconds):
    """Seconds and dates are read, nonsense is none."""
    assert retry_after_seconds(value, NOW) == seconds


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_stays_busy_is_left(site, hand, status):
    """Four tries with longer and longer waits, then the site has its rest."""
    site.pages["/"] = busy(status)
    with pytest.raises(SiteClosed, match=f"HTTP {status}, 4 times"):
        manners(hand).ask(f"{site.url}/")
    assert hand.slept == [5.0, 10.0, 20.0]
    assert len(site.asked) == 4


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_broken_page_is_given_up_alone(site, hand, status):
    """A page that stays broken is left out; the site may have others."""
    site.pages["/"] = busy(status)
    with pytest.raises(Busy, match=f"HTTP {status}"):
        manners(hand).ask(f"{site.url}/")
    assert len(site.asked) == 4


def test_waits_have_a_limit(site, hand):
    """Backing off doubles up to the longest wait."""
    site.pages["/"] = busy(500)
    with pytest.raises(Busy):
        manners(hand, patience=Patience(tries=6, longest_backoff_seconds=30)).ask(f"{site.url}/")
    assert hand.slept == [5.0, 10.0, 20.0, 30.0, 30.0]


def test_a_site_that_asks_for_an_hour_gets_it(site, hand):
    """A wait longer than anybody would sit through ends the crawl and is told."""
    site.pages["/"] = busy(Retry_After="3600")
    with pytest.raises(SiteClosed, match="60 minutes"):
        manners(hand).ask(f"{site.url}/")
    assert (hand.slept, len(site.asked)) == ([], 1)


def test_a_lost_connection_is_tried_again(site, hand):
    """A connection that breaks off once does not cost the page."""
    site.pages["/"] = [Served(raw=lambda _: None), page()]
    assert manners(hand, Limits(silence_seconds=1)).ask(f"{site.url}/").status == 200
