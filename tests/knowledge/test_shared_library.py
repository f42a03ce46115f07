"""Knowledge on servers: what several workers, each with a home of its own, make of one PostgreSQL and one Chroma."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from knowledge import library as shelves
from knowledge.catalogue import Filter, built_from
from knowledge.database import only_one
from knowledge.errors import IndexMismatch, StorageError
from knowledge.index import read_manifest
from knowledge.servers import Servers
from tests.knowledge.small_world import FREE, SIGHT, LetterEmbeddings, write_data

ROOT = Path(__file__).parents[2]
START = """
import sys
from functools import partial
from pathlib import Path
from knowledge import library as shelves
from knowledge.servers import Servers
from tests.knowledge.small_world import LetterEmbeddings
data, home, database, chroma = sys.argv[1:]
shelves.DATA_DIR = Path(data)
shelves.load_builtin = partial(shelves.load_builtin, Path(data))
print("ready", flush=True)
sys.stdin.readline()
library = shelves.open_library(Path(home), LetterEmbeddings(), servers=Servers(database, chroma))
print(*(hit.attraction.name for hit in library.retriever.search("栈桥")))
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one sight, standing in for the shipped one."""
    folder = write_data(tmp_path / "data", [{**SIGHT, "summary_en": "An old pier.", "ticket": FREE}])
    monkeypatch.setattr(shelves, "DATA_DIR", folder)
    monkeypatch.setattr(shelves, "load_builtin", partial(shelves.load_builtin, folder))
    return folder


def opened(home: Path, servers: Servers, told: list[str] | None = None) -> list[str]:
    """Open the library as a worker with this home does; the names of its sights."""
    library = shelves.open_library(home, LetterEmbeddings(), (told if told is not None else []).append, servers)
    return [sight.name for sight in library.catalogue.find(Filter())]


def builds(url: str) -> int:
    """How often the catalogue was built."""
    engine = create_engine(url)
    with engine.connect() as connection:
        number = connection.execute(text("select max(id) from catalogue_build")).scalar()
    engine.dispose()
    return int(number or 0)


def test_the_second_worker_finds_what_the_first_built(data: Path, tmp_path: Path, two_servers: Servers) -> None:
    """The first start builds on the servers, the next one with another home builds nothing and finds the same."""
    told: list[str] = []
    assert opened(tmp_path / "one", two_servers, told) == ["栈桥"]
    assert len(told) == 1
    assert opened(tmp_path / "two", two_servers, told) == ["栈桥"]
    assert (len(told), builds(two_servers.database_url)) == (1, 1)
    assert not list(tmp_path.glob("*/knowledge/catalogue.db"))
    assert shelves.open_library(tmp_path / "two", LetterEmbeddings(), servers=two_servers).vocabulary == {"old", "pier"}


def test_workers_that_start_together_build_once(data: Path, tmp_path: Path, two_servers: Servers) -> None:
    """Of three processes that start at the same moment one builds, the others wait for it; all find everything."""
    command = [sys.executable, "-c", START, str(data)]
    workers = [subprocess.Popen([*command, str(tmp_path / str(number)), two_servers.database_url, two_servers.chroma_url], cwd=ROOT,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for number in range(3)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    said = [worker.communicate("go\n", timeout=120) for worker in workers]
    assert [out.strip() for out, _ in said] == ["栈桥"] * 3, said
    assert builds(two_servers.database_url) == 1


def test_who_waited_for_a_build_does_not_repeat_it(data: Path, tmp_path: Path, two_servers: Servers) -> None:
    """A worker that starts while another builds waits, and then opens what the other one built."""
    with ThreadPoolExecutor() as pool:
        with only_one(two_servers.database_url, "build"):
            opening = pool.submit(opened, tmp_path / "two", two_servers)
            time.sleep(0.5)
            assert not opening.done()
            (tmp_path / "one" / "knowledge").mkdir(parents=True)
            shelves._complete(tmp_path / "one", two_servers, LetterEmbeddings())
        assert opening.result(timeout=120) == ["栈桥"]
    assert builds(two_servers.database_url) == 1
    assert read_manifest(two_servers.chroma_url)["number"] == 1


def test_a_worker_with_other_data_leaves_the_shared_knowledge(data: Path, tmp_path: Path, two_servers: Servers) -> None:
    """A worker of another version opens what stands; only a build replaces it, for everyone who starts after it."""
    opened(tmp_path / "one", two_servers)
    write_data(data, [{**SIGHT, "name": "八大关"}])
    assert opened(tmp_path / "two", two_servers) == ["栈桥"]
    shelves.build(tmp_path / "two", LetterEmbeddings(), servers=two_servers)
    assert opened(tmp_path / "one", two_servers) == ["八大关"]
    assert built_from(two_servers.database_url) == read_manifest(two_servers.chroma_url)["data"] == shelves.data_version()


def test_an_open_library_stays_whole_while_another_is_built(data: Path, tmp_path: Path, two_servers: Servers) -> None:
    """A running worker goes on with the records and the vectors it opened, both of them the old ones."""
    library = shelves.open_library(tmp_path / "one", LetterEmbeddings(), servers=two_servers)
    write_data(data, [{**SIGHT, "name": "八大关"}])
    shelves.build(tmp_path / "two", LetterEmbeddings(), servers=two_servers)
    assert [hit.attraction.name for hit in library.retriever.search("海湾的老码头")] == ["栈桥"]


def test_another_embedder_is_refused_on_servers_too(data: Path, tmp_path: Path, two_servers: Servers) -> None:
    """Vectors of two embedders do not compare, wherever they lie."""
    opened(tmp_path / "one", two_servers)
    with pytest.raises(IndexMismatch, match="fengjing knowledge build"):
        shelves.open_library(tmp_path / "two", LetterEmbeddings("syllables"), servers=two_servers)


def test_rows_on_a_server_and_vectors_at_home(data: Path, tmp_path: Path, two_servers: Servers) -> None:
    """With PostgreSQL alone each home has an index of its own, made from the shared records."""
    rows = Servers(database_url=two_servers.database_url)
    assert opened(tmp_path / "one", rows) == ["栈桥"]
    write_data(data, [{**SIGHT, "name": "八大关"}])
    library = shelves.open_library(tmp_path / "two", LetterEmbeddings(), servers=rows)
    assert [hit.attraction.name for hit in library.retriever.search("海湾的老码头")] == ["栈桥"]
    assert (tmp_path / "two" / "knowledge" / "index" / "manifest.json").exists()


def test_vectors_on_a_server_and_rows_at_home(data: Path, tmp_path: Path, two_servers: Servers) -> None:
    """With a Chroma server alone each home has its own rows, and an index of the same data is not built twice."""
    vectors = Servers(chroma_url=two_servers.chroma_url)
    for home in ("one", "two"):
        assert opened(tmp_path / home, vectors) == ["栈桥"]
    assert read_manifest(two_servers.chroma_url)["number"] == 1


def test_a_server_that_is_away_is_named(data: Path, tmp_path: Path) -> None:
    """Where a server does not answer, that is said in one line with the setting to check, and no password."""
    for servers, key in ((Servers("postgresql+psycopg://a:secret@127.0.0.1:9/b"), "DATABASE"), (Servers(chroma_url="http://127.0.0.1:9"), "CHROMA")):
        with pytest.raises(StorageError, match=f"FENGJING_{key}_URL") as caught:
            shelves.open_library(tmp_path, LetterEmbeddings(), servers=servers)
        assert "secret" not in str(caught.value)
        assert "\n" not in str(caught.value)
