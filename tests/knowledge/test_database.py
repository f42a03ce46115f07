"""Databases by URL: the lock that processes share, and what is said of a database that refuses."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge import database
from knowledge.database import DatabaseDown, only_one, open_engine, told
from knowledge.errors import StorageError
from knowledge.servers import POSTGRESQL, chroma_address, database_address
from tests.stores import Postgres

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from knowledge.database import only_one
with only_one(sys.argv[1], "build"):
    print("held", flush=True)
    time.sleep(600)
"""


def taken(url: str, name: str = "build") -> float:
    """Take the lock and let it go; the moment it was had."""
    with only_one(url, name):
        return time.monotonic()


def test_the_second_waits_for_the_first(database_url: str) -> None:
    """Whoever asks for a lock that is held gets it when it is let go, and not before."""
    with ThreadPoolExecutor() as pool:
        with only_one(database_url, "build"):
            other = pool.submit(taken, database_url)
            time.sleep(0.3)
            assert not other.done()
            released = time.monotonic()
        assert other.result(timeout=60) >= released


def test_locks_of_other_names_are_free(database_url: str) -> None:
    """A build does not wait for a migration."""
    with only_one(database_url, "build"):
        assert taken(database_url, "migrate")


def test_a_lock_is_let_go_when_something_breaks(database_url: str) -> None:
    """An error inside comes out as it is, and the lock is free."""
    with pytest.raises(ZeroDivisionError), only_one(database_url, "build"):
        raise ZeroDivisionError
    assert taken(database_url)


@pytest.mark.slow
def test_a_lock_dies_with_its_holder(database_url: str) -> None:
    """A process that is killed holds nobody up; while it lived it did."""
    with subprocess.Popen([sys.executable, "-c", HOLD, database_url], cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder, ThreadPoolExecutor() as pool:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        waiting = pool.submit(taken, database_url)
        time.sleep(0.3)
        assert not waiting.done()
        holder.kill()
        assert waiting.result(timeout=60)


@pytest.mark.slow
def test_a_lock_whose_server_stops_hides_no_other_error(postgres: Postgres) -> None:
    """What its holder was at fails with its own error; once the server is back the lock is free."""
    def fail() -> None:
        postgres.stop()
        raise ZeroDivisionError

    url = postgres.fresh()
    try:
        with pytest.raises(ZeroDivisionError), only_one(url, "build"):
            fail()
    finally:
        postgres.start()
    assert taken(url)


@pytest.mark.slow
def test_files_need_nothing_of_postgresql() -> None:
    """Everything that an answer needs, opened on SQLite, loads no driver of a server."""
    code = "import sys, assistant.assistant; assistant.assistant.Store('sqlite://'); print([name for name in sys.modules if name.startswith('psycopg')])"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip() == "[]"


def test_patience_ends(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has waited long enough says so instead of hanging for ever."""
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 1)
    with only_one(database_url, "build"), pytest.raises(StorageError):
        taken(database_url)


def test_a_folder_that_cannot_hold_the_lock_is_named(tmp_path: Path) -> None:
    """A home that does not exist is an error of ours with the setting to check."""
    with pytest.raises(StorageError, match="FENGJING_HOME"):
        taken(f"sqlite:///{tmp_path / 'nowhere' / 'catalogue.db'}")


def test_a_wrong_statement_is_no_lost_server(database_url: str) -> None:
    """A database that refuses a statement is told apart from one that is away, in one line."""
    engine = open_engine(database_url)
    with pytest.raises(StorageError, match="the rows cannot be written or read") as caught, told(engine, "the rows"), engine.connect() as connection:
        connection.execute(text("select nothing from nowhere"))
    assert not isinstance(caught.value, DatabaseDown)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("given", "taken_as"), [
    ("postgresql://a:b@host/name", f"{POSTGRESQL}://a:b@host/name"), ("postgres://host/name", f"{POSTGRESQL}://host/name"),
    ("postgresql+psycopg://host/name?sslmode=require", f"{POSTGRESQL}://host/name?sslmode=require"),
    ("sqlite:////var/lib/fengjing.db", "sqlite:////var/lib/fengjing.db"),
])
def test_databases_are_named_as_people_write_them(given: str, taken_as: str) -> None:
    """The usual spellings of a PostgreSQL address are read with the driver that we ship."""
    assert database_address(given) == taken_as


@pytest.mark.parametrize("given", ["mysql://host/name", "host/name", "postgresql+asyncpg://host/name", "sqlite://", ""])
def test_other_databases_are_refused(given: str) -> None:
    """What we do not know is refused with an example of what we do."""
    with pytest.raises(ValueError, match="postgresql://user:password@host/name"):
        database_address(given)


@pytest.mark.parametrize(("given", "taken_as"), [
    ("http://localhost:8000/", "http://localhost:8000"), ("https://chroma.example", "https://chroma.example"),
])
def test_chroma_servers_are_named_by_their_address(given: str, taken_as: str) -> None:
    """A closing slash is no part of it."""
    assert chroma_address(given) == taken_as


@pytest.mark.parametrize("given", ["localhost:8000", "ftp://host", "http://", "http://host/path", "http://host:port"])
def test_what_is_no_address_is_refused(given: str) -> None:
    """A path, a missing scheme or a port that is no number are refused before anything is tried."""
    with pytest.raises(ValueError, match=r"http://localhost:8000|[Pp]ort"):
        chroma_address(given)
