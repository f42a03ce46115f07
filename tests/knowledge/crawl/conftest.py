"""A local site and a clock that is moved by hand."""

from collections.abc import Iterator

import pytest

from tests.knowledge.crawl.local_site import HandClock, LocalSite, local_site


@pytest.fixture
def site() -> Iterator[LocalSite]:
    """A running site with nothing on it; its robots.txt is a 404, which allows everything."""
    with local_site() as running:
        yield running


@pytest.fixture
def hand() -> HandClock:
    """Nobody waits in these tests."""
    return HandClock()
