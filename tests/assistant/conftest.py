"""What the tests of the assistant share: an assistant over the shipped knowledge with a scripted engine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.assistant import TravelAssistant
from assistant.store import Store
from chains.models.chat import Engine
from knowledge.library import Library
from knowledge.servers import Servers
from tests.chains.turns import TODAY

Open = Callable[[Engine], TravelAssistant]


@pytest.fixture
def own_database_url(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> str:
    """An empty database, in a file or where the session's knowledge lies."""
    return request.getfixturevalue("postgres").fresh() if servers.database_url else f"sqlite:///{tmp_path / 'fengjing.db'}"


@pytest.fixture
def assistant_with(library: Library, own_database_url: str) -> Open:
    """An assistant with its own database, for an engine; asked again it opens the same conversations."""
    url = own_database_url
    return lambda engine: TravelAssistant(library, engine, Store(url), lambda: TODAY)
