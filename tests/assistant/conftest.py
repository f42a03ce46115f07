"""What the tests of the assistant share: an assistant over the shipped knowledge with a scripted engine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.assistant import TravelAssistant
from assistant.store import Store
from chains.models.chat import Engine
from knowledge.library import Library
from tests.chains.turns import TODAY

Open = Callable[[Engine], TravelAssistant]


@pytest.fixture
def assistant_with(library: Library, tmp_path: Path) -> Open:
    """An assistant with its own database, for an engine; asked again it opens the same conversations."""
    url = f"sqlite:///{tmp_path / 'fengjing.db'}"
    return lambda engine: TravelAssistant(library, engine, Store(url), lambda: TODAY)
