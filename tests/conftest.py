"""What every test may lean on: one library, built once for the whole session from the shipped data."""

import pytest

from knowledge.catalogue import Catalogue
from knowledge.library import Library, open_library


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The shipped knowledge, opened with the real catalogue, index and retriever in a temporary home."""
    return open_library(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def catalogue(library: Library) -> Catalogue:
    """The shipped records in SQL; read only, as it is shared."""
    return library.catalogue
