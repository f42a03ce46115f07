"""Pages on disk and the manifest: whole or not at all, and one crawl at a time."""

import hashlib
import sqlite3
from datetime import UTC, datetime

import pytest

from knowledge.crawl.fetch import Reply
from knowledge.crawl.folder import MANIFEST, Folder, file_name
from knowledge.crawl.reading import charset_of, read
from knowledge.errors import InputError, StorageError
from tests.knowledge.crawl.local_site import kept_files

NOW = datetime(2026, 5, 1, 8, 30, 15, 123456, tzinfo=UTC)
URL = "https://sight.qunar.com/1703719381"


def reply(body: bytes = b"<p>page</p>", url: str = URL, kind: str = "text/html; charset=gbk") -> Reply:
    """A fetched page."""
    return Reply(url, 200, {"Content-Type": kind}, body)


def test_a_page_is_kept_with_what_is_known_of_it(tmp_path):
    """The raw bytes lie in the folder; address, time, status, hash and charset stand in the manifest, also after closing."""
    with Folder(tmp_path / "new" / "folder") as folder:
        folder.keep(f"{URL}?from=list", reply(), NOW)
    with Folder(tmp_path / "new" / "folder") as folder:
        entry = folder.entry(f"{URL}?from=list")
        assert (entry.final_url, entry.status, entry.fetched_at, entry.charset) == (URL, 200, "2026-05-01T08:30:15+00:00", "gb18030")
        assert entry.sha256 == hashlib.sha256(b"<p>page</p>").hexdigest()
        assert (folder.path / entry.file).read_bytes() == b"<p>page</p>"
        assert (folder.count(), kept_files(folder.path)) == (1, [entry.file])


def test_json_has_its_own_ending(tmp_path):
    """The importer tells JSON from HTML by the name."""
    with Folder(tmp_path) as folder:
        assert folder.keep(URL, reply(b"{}", kind="application/json"), NOW).file.endswith(".json")


@pytest.mark.parametrize("damage", ["remove", "truncate"])
def test_a_damaged_page_counts_as_never_fetched(tmp_path, damage):
    """A file that is gone or was changed is fetched anew."""
    with Folder(tmp_path) as folder:
        path = tmp_path / folder.keep(URL, reply(), NOW).file
        path.unlink() if damage == "remove" else path.write_bytes(b"<p>")
        assert folder.entry(URL) is None


def test_reasons_are_kept(tmp_path):
    """An address without a page is known with its reason, and whether to try it again."""
    with Folder(tmp_path) as folder:
        folder.note(URL, "it answered HTTP 404", NOW, try_again=False)
        folder.note(URL + "1", "timed out", NOW, try_again=True)
    with Folder(tmp_path) as folder:
        assert [(folder.entry(url).reason, bool(folder.entry(url).try_again)) for url in (URL, URL + "1")] == [
            ("it answered HTTP 404", False), ("timed out", True)]
        assert folder.count() == 0


def test_leftovers_of_a_killed_crawl_are_cleared(tmp_path):
    """Half-written files are removed at the next start, nothing else is."""
    (tmp_path / "a.html.part").write_bytes(b"<ht")
    (tmp_path / "notes.txt").write_text("mine")
    Folder(tmp_path).__exit__(None, None, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST, "notes.txt"]


def test_two_crawls_do_not_share_a_folder(tmp_path):
    """A second crawl into the same folder is refused while the first runs, and let in afterwards."""
    with Folder(tmp_path), pytest.raises(InputError, match="another crawl"):
        Folder(tmp_path)
    with Folder(tmp_path) as folder:
        assert folder.count() == 0


def test_a_strange_manifest_is_not_overwritten(tmp_path):
    """A file of that name that is no manifest is left alone and reported."""
    (tmp_path / MANIFEST).write_bytes(b"this is no database, but somebody may want it" * 100)
    with pytest.raises(StorageError, match="no manifest"):
        Folder(tmp_path)
    assert (tmp_path / MANIFEST).read_bytes().startswith(b"this is no database")


def test_a_folder_that_cannot_be_made_is_our_own_error(tmp_path):
    """A file in the place of the folder is told with what to do."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="--into"):
        Folder(tmp_path / "file")


def test_the_manifest_is_ordinary_sqlite(tmp_path):
    """Whoever wants to look opens it with any SQLite."""
    with Folder(tmp_path) as folder:
        folder.keep(URL, reply(), NOW)
    rows = sqlite3.connect(tmp_path / MANIFEST)
    assert rows.execute("SELECT url, status FROM pages").fetchall() == [(URL, 200)]
    rows.close()


@pytest.mark.parametrize("url", [
    "https://h/../../etc/passwd", "https://h/%2e%2e%2f%2e%2e%2fetc", "https://h/", "https://h/" + "a" * 900, "https://h/景点?keyword=%E9%9D%92",
    "https://h/CON", "https://h/a%00b", "https://h/-rf",
])
def test_names_stay_in_the_folder(url):
    """No address makes a name that leads elsewhere, is too long, or starts like an option."""
    name = file_name(url, "html")
    assert not set(name) & set('/\\:*?"<>|\0')
    assert not name.startswith(("-", "."))
    assert len(name.encode()) < 200
    assert name != file_name(url + "x", "html")


@pytest.mark.parametrize(("body", "header", "expected"), [
    (b"<p>", "text/html; charset=GBK", "gb18030"), (b'<meta charset="gb2312">', "text/html", "gb18030"),
    (b'<meta http-equiv="Content-Type" content="text/html; charset=big5">', "", "big5"), (b"\xef\xbb\xbf<p>", "text/html; charset=gbk", "utf-8-sig"),
    ("青岛".encode(), "text/html", "utf-8"), ("青岛".encode("gbk"), "text/html", "gb18030"), (b"<p>", "text/html; charset=klingon", "utf-8"),
    ('<meta charset="utf-8">青岛'.encode(), "text/html; charset=klingon", "utf-8"),
])
def test_charsets(body, header, expected):
    """The byte order mark, then the header, then the page, then what fits."""
    assert charset_of(body, header) == expected


def test_links_are_read_from_html_and_json():
    """Anchors, a base, JSON of scripts with its escapes; not what is marked nofollow or leads to no page."""
    text = r"""<base href="https://you.ctrip.com/sight/"><title> 栈桥 &amp; 海 </title><a href="qingdao5/1.html#x">1</a><a rel="ugc nofollow" href="/ad">ad</a>
    <a>no</a><a href="javascript:void(0)">js</a><a href="mailto:a@b.c">m</a><a href="http://u:p@h/">p</a><![bad[ <a href="/after">after</a>
    """
    assert read(text, "https://you.ctrip.com/a").links == ("https://you.ctrip.com/sight/qingdao5/1.html",)
    assert read(text, "https://you.ctrip.com/a").title == "栈桥 & 海"
    script = r"""<script id="__NEXT_DATA__">{"card":{"detailUrl":"https:\/\/you.ctrip.com\u002Fsight\u002Fqingdao5\u002F2.html?a=1\u0026b=2"}}</script>
    <script>push("{\"jumpUrl\":\"/sight/3\",\"name\":\"/no\"}")</script>"""
    assert read(script, "https://you.ctrip.com/a").links == ("https://you.ctrip.com/sight/qingdao5/2.html?a=1&b=2", "https://you.ctrip.com/sight/3")


def test_a_page_that_asks_not_to_be_followed_is_not():
    """A robots meta tag with nofollow closes the links of its page."""
    assert read('<meta name="ROBOTS" content="noindex, NoFollow"><a href="/a">a</a>', "https://h/").links == ()
