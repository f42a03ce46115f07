"""An API over the real assistant with a scripted engine, running for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.api.stateless import Stateless
from assistant.assistant import TravelAssistant
from assistant.store import Store
from knowledge.library import Library
from tests.assistant.api.live import desk_for, live
from tests.chains.turns import TODAY
from tests.fakes import engine_saying

KEYS = ("key-of-anna-0123456789", "key-of-bert-0123456789")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the stored conversations of a module's API lie."""
    return tmp_path_factory.mktemp("api") / "fengjing.db"


@pytest.fixture(scope="module")
def address(library: Library, database: Path) -> Iterator[str]:
    """An API with two keys; its engine says nothing, so that every line is rendered by code."""
    engine = engine_saying()
    stored = TravelAssistant(library, engine, Store(f"sqlite:///{database}"), lambda: TODAY)
    stateless = Stateless(lambda store: TravelAssistant(library, engine, store, lambda: TODAY))
    with live(desk_for(library, stored, stateless, KEYS)) as where:
        yield where
