"""What every test may lean on: one library, built once for the whole session from the shipped data, on files or on servers."""

import pytest

from knowledge.catalogue import Catalogue
from knowledge.library import Library
from knowledge.servers import Servers
from tests.stores import (
    BOTH,
    ON_BOTH,
    chroma_server,
    database_url,
    index_place,
    library_on_files,
    library_on_servers,
    postgres,
    servers,
    shared_servers,
    two_servers,
)

__all__ = [
    "chroma_server", "database_url", "index_place", "library_on_files", "library_on_servers", "postgres", "servers", "shared_servers", "two_servers",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--servers`: the shared library lies in PostgreSQL and on a Chroma server instead of in files."""
    parser.addoption("--servers", action="store_true", help="keep knowledge and conversations in PostgreSQL and a Chroma server")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of `ON_BOTH` that lean on the shared library run on files and on servers."""
    own = metafunc.definition.path.relative_to(metafunc.config.rootpath).as_posix()
    if own in ON_BOTH and "servers" in metafunc.fixturenames and not metafunc.config.getoption("--servers"):
        metafunc.parametrize("servers", BOTH, indirect=True, scope="session")


@pytest.fixture(scope="session")
def library(request: pytest.FixtureRequest, servers: Servers) -> Library:
    """The shipped knowledge, opened with the real catalogue, index and retriever."""
    return request.getfixturevalue("library_on_servers" if servers.database_url else "library_on_files")


@pytest.fixture(scope="session")
def catalogue(library: Library) -> Catalogue:
    """The shipped records in SQL; read only, as it is shared."""
    return library.catalogue
