"""A build that is killed: `kill -9` in its middle, on files and on servers, and what is left standing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue, Filter, build_catalogue
from knowledge.index import PassageIndex, build_index, read_manifest
from knowledge.library import is_current, open_library
from knowledge.passages import passages_of
from knowledge.servers import LOCAL, Servers
from tests.knowledge.small_world import LetterEmbeddings, a_base, a_city, a_sight
from tests.stores import BOTH

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PIER, PARK = a_sight("栈桥"), a_sight("八大关")
# Both stop in their middle, say so, and wait to be killed.
HALF_ROWS = """
import sys, time
from knowledge.catalogue import build_catalogue
from tests.knowledge.small_world import a_base, a_sight
def words():
    print("half", flush=True)
    time.sleep(600)
    yield "词"
build_catalogue(sys.argv[1], a_base(a_sight("八大关")), words())
"""
HALF_VECTORS = """
import sys, time
from pathlib import Path
from knowledge.index import BATCH, build_index
from knowledge.passages import Passage
from tests.knowledge.small_world import LetterEmbeddings
def progress(done, every):
    print("half", flush=True)
    time.sleep(600)
place = sys.argv[1] if sys.argv[1].startswith("http") else Path(sys.argv[1])
build_index(place, [Passage(f"p-{n}", "qingdao", "zh", f"景点{n}") for n in range(BATCH + 1)], LetterEmbeddings(), "v2", progress)
"""
HALF_LIBRARY = """
import sys, time
from pathlib import Path
from knowledge.library import build
from knowledge.servers import Servers
from tests.knowledge.small_world import LetterEmbeddings
def progress(done, every):
    print("half", flush=True)
    time.sleep(600)
build(Path(sys.argv[1]), LetterEmbeddings(), progress, Servers(sys.argv[2], sys.argv[3]))
"""


def kill_half_way(code: str, *arguments: object) -> None:
    """Run a build in a process of its own and kill it when it says that it is half done."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def test_killed_rows_leave_the_old_catalogue(database_url: str) -> None:
    """The catalogue of before is whole, and the next build goes through."""
    build_catalogue(database_url, a_base(PIER), ["旧"])
    kill_half_way(HALF_ROWS, database_url)
    catalogue = Catalogue(database_url)
    assert [sight.name for sight in catalogue.find(Filter())] == ["栈桥"]
    assert catalogue.vocabulary == {"旧"}
    build_catalogue(database_url, a_base(PARK))
    assert [sight.name for sight in Catalogue(database_url).find(Filter())] == ["八大关"]


def test_killed_vectors_leave_the_old_index(index_place: Path | str) -> None:
    """The index of before serves, the next build goes through, and what the killed one left is swept away."""
    passages = passages_of(PIER, a_city())
    build_index(index_place, list(passages), LetterEmbeddings(), "v1")
    kill_half_way(HALF_VECTORS, index_place)
    assert read_manifest(index_place)["data"] == "v1"
    assert [record for record, _ in PassageIndex(index_place, LetterEmbeddings()).search("栈桥", 5)] == [PIER.id]
    build_index(index_place, list(passages), LetterEmbeddings(), "v3")
    assert [record for record, _ in PassageIndex(index_place, LetterEmbeddings()).search("栈桥", 5)] == [PIER.id]
    if isinstance(index_place, Path):
        assert len(list(index_place.glob("chroma-*"))) == 2


@pytest.mark.parametrize("where", BOTH)
def test_a_killed_build_blocks_nobody(request: pytest.FixtureRequest, tmp_path: Path, where: str) -> None:
    """The lock of a killed builder is free at once: the next start completes what it left."""
    servers: Servers = request.getfixturevalue("two_servers") if where == "servers" else LOCAL
    kill_half_way(HALF_LIBRARY, tmp_path, servers.database_url, servers.chroma_url)
    assert not is_current(tmp_path, servers)
    library = open_library(tmp_path, LetterEmbeddings(), servers=servers)
    assert is_current(tmp_path, servers)
    assert library.retriever.search("崂山")[0].attraction.name.startswith("崂山")
