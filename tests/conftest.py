"""What every test may lean on: one library, built once for the whole session from the shipped data."""

import pytest

from knowledge.catalogue import Catalogue
from knowledge.library import Library, open_library
from knowledge.servers import Servers
from tests.stores import chroma_server, database_url, index_place, postgres, servers, two_servers

__all__ = ["chroma_server", "database_url", "index_place", "postgres", "servers", "two_servers"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--servers`: the shared library lies in PostgreSQL and on a Chroma server instead of in files."""
    parser.addoption("--servers", action="store_true", help="keep knowledge and conversations in PostgreSQL and a Chroma server")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Library:
    """The shipped knowledge, opened with the real catalogue, index and retriever in a temporary home."""
    return open_library(tmp_path_factory.mktemp("home"), servers=servers)


@pytest.fixture(scope="session")
def catalogue(library: Library) -> Catalogue:
    """The shipped records in SQL; read only, as it is shared."""
    return library.catalogue
