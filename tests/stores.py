"""Both kinds of store to test on: files, and a PostgreSQL and a Chroma server of the session's own in temporary folders.

The same test runs on both where it asks for `database_url` or `index_place`, or leans on the shared library and stands in
a file of `ON_BOTH`; the half on servers is marked slow. The option ``--servers`` puts every other test there too. Where
PostgreSQL is not installed, what needs it is skipped.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import chromadb
import httpx
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from knowledge.library import Library, open_library
from knowledge.servers import LOCAL, POSTGRESQL, Servers

# Whose tests of the shared library run on both: every shipped record, search, and whole turns with their conversations.
ON_BOTH = frozenset({"tests/knowledge/test_catalogue.py", "tests/knowledge/test_retriever.py", "tests/assistant/test_assistant.py"})
BOTH = ["files", pytest.param("servers", marks=pytest.mark.slow)]
START_SECONDS = 120
TUNING = ("-c", "fsync=off", "-c", "max_connections=400", "-c", "listen_addresses=")


class Postgres:
    """A PostgreSQL server behind a socket in `folder`; it ends with the tests, however they end."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self._programs = programs
        self._as = ["setpriv", "--pdeathsig", "KILL"]
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            owner = next(name for name in ("postgres", "nobody") if _is_user(name))
            shutil.chown(folder, owner)
            self._as += ["--reuid", owner, "--regid", str(pwd.getpwnam(owner).pw_gid), "--clear-groups"]
        subprocess.run(self._command("initdb", "-U", "fengjing", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"), cwd=folder, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=START_SECONDS)
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            command = self._command("postgres", *TUNING, "-c", f"unix_socket_directories={self.folder}")
            self._process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _wait(self._answers, self.folder / "log")

    def stop(self) -> None:
        """Stop at once, as a machine that fails."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(START_SECONDS)

    def url(self, database: str) -> str:
        """The URL of a database."""
        return f"{POSTGRESQL}://fengjing@/{database}?host={self.folder}"

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        name = f"test_{uuid4().hex[:8]}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"create database {name}")
        engine.dispose()
        return self.url(name)

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [*self._as, str(self._programs / program), "-D", str(self.folder / "data"), *arguments]

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self.folder / "log").read_text(encoding="utf-8", errors="replace")
        engine = create_engine(self.url("postgres"))
        try:
            engine.connect().close()
        except OperationalError:
            return False
        finally:
            engine.dispose()
        return True


class ChromaServer:
    """A Chroma server on a free port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        program = str(Path(sys.executable).parent / "chroma")
        command = ["setpriv", "--pdeathsig", "KILL", program, "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait(self._answers, self._folder)

    def stop(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()

    def empty(self) -> None:
        """Remove every collection."""
        client = chromadb.HttpClient("127.0.0.1", self._port)
        for collection in client.list_collections():
            client.delete_collection(collection.name)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat").is_success
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="fengjing-pg-"))  # short, as a socket's path must be, and open to its user
    server = Postgres(programs, folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A Chroma server whose collections come and go with the tests."""
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def library_on_files(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The shipped knowledge in a home folder, with the real catalogue, index and retriever."""
    return open_library(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def shared_servers(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A database and a Chroma server that hold the shipped knowledge for the whole session."""
    chroma = ChromaServer(tmp_path_factory.mktemp("chroma"))
    yield Servers(postgres.fresh(), chroma.url)
    chroma.stop()


@pytest.fixture(scope="session")
def library_on_servers(shared_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The same knowledge in PostgreSQL and on a Chroma server."""
    return open_library(tmp_path_factory.mktemp("home"), servers=shared_servers)


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Servers:
    """Where the session's shared knowledge lies: in a home folder, or on a pair of servers."""
    where = getattr(request, "param", "servers" if request.config.getoption("--servers") else "files")
    return request.getfixturevalue("shared_servers") if where == "servers" else LOCAL


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: a SQLite file, then one of PostgreSQL."""
    if request.param == "servers":
        return request.getfixturevalue("postgres").fresh()
    return f"sqlite:///{tmp_path / 'fengjing.db'}"


@pytest.fixture(params=BOTH)
def index_place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """A place for an index: a folder, then an empty Chroma server."""
    if request.param == "files":
        return tmp_path / "index"
    chroma = request.getfixturevalue("chroma_server")
    chroma.empty()
    return chroma.url


@pytest.fixture
def two_servers(postgres: Postgres, chroma_server: ChromaServer) -> Servers:
    """An empty database and an empty Chroma server."""
    chroma_server.empty()
    return Servers(postgres.fresh(), chroma_server.url)


def _postgres_programs() -> Path | None:
    """The folder of PostgreSQL's own programs, which Debian keeps off the path; the newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    onpath = shutil.which("initdb")
    return found[-1].parent if found else Path(onpath).parent if onpath else None


def _wait(answers: Callable[[], bool], where: Path) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + START_SECONDS
    while not answers():
        assert time.monotonic() < until, f"the server of {where} did not start"
        time.sleep(0.05)


def _is_user(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
