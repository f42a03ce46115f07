"""The folder of a crawl: raw pages as files, and a manifest (SQLite) of what was fetched, when and from where.

A page is written beside its name and moved into place, and only then entered: after a kill at any moment every
entry has its whole file. The manifest stays locked while it is open: one crawl at a time writes here.
Not covered: pages that change later; a crawl into an empty folder fetches them anew.
"""

import hashlib
import os
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from knowledge.crawl.fetch import Reply
from knowledge.crawl.reading import charset_of
from knowledge.errors import InputError, StorageError

MANIFEST = "manifest.sqlite3"
_PART = ".part"
_MAX_STEM = 40
_TABLE = """CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, final_url TEXT NOT NULL, file TEXT NOT NULL, status INTEGER NOT NULL, fetched_at TEXT NOT NULL,
    sha256 TEXT NOT NULL, charset TEXT NOT NULL, reason TEXT NOT NULL, try_again INTEGER NOT NULL)"""


@dataclass(frozen=True)
class Entry:
    """What is known about one address; `file` is empty where no page was kept, and `reason` then says why."""

    url: str
    final_url: str
    file: str
    status: int
    fetched_at: str
    sha256: str
    charset: str
    reason: str = ""
    try_again: bool = False


class Folder:
    """Pages and manifest; use it in a `with`."""

    def __init__(self, path: Path) -> None:
        """Open the folder, made where it is missing; raises `InputError` while another crawl writes there, `StorageError`."""
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._rows = _open(path / MANIFEST)
            for leftover in path.glob(f"*{_PART}"):
                leftover.unlink()
        except OSError as error:
            raise _unwritable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._rows.close()

    def entry(self, url: str) -> Entry | None:
        """What is known about an address; a page whose file is gone or was changed counts as never fetched."""
        row = self._rows.execute("SELECT * FROM pages WHERE url = ?", (url,)).fetchone()
        entry = Entry(*row) if row else None
        return entry if entry is None or not entry.file or self.body(entry) is not None else None

    def body(self, entry: Entry) -> bytes | None:
        """The bytes of a kept page, None where they are not there any more as they were written."""
        try:
            body = (self.path / entry.file).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unwritable(self.path, error) from error
        return body if hashlib.sha256(body).hexdigest() == entry.sha256 else None

    def keep(self, url: str, reply: Reply, fetched_at: datetime) -> Entry:
        """Write a page and enter it, under the address that was asked for."""
        charset = charset_of(reply.body, reply.headers.get("Content-Type", ""))
        name = file_name(reply.url, "json" if "json" in reply.kind else "html")
        entry = Entry(url, reply.url, name, reply.status, _stamp(fetched_at), hashlib.sha256(reply.body).hexdigest(), charset)
        part = self.path / f"{name}{_PART}"
        try:
            with part.open("wb") as file:
                file.write(reply.body)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path / name)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        return self._enter(entry)

    def note(self, url: str, reason: str, at: datetime, *, try_again: bool) -> Entry:
        """Enter an address that gave no page, and whether the next run should try it again."""
        return self._enter(Entry(url, url, "", 0, _stamp(at), "", "", reason, try_again))

    def count(self) -> int:
        """How many files are kept."""
        return int(self._rows.execute("SELECT count(DISTINCT file) FROM pages WHERE file != ''").fetchone()[0])

    def _enter(self, entry: Entry) -> Entry:
        try:
            with self._rows:
                self._rows.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (
                    entry.url, entry.final_url, entry.file, entry.status, entry.fetched_at, entry.sha256, entry.charset, entry.reason,
                    entry.try_again))
        except sqlite3.Error as error:
            raise _unwritable(self.path, error) from error
        return entry


def _open(path: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(path, timeout=0)
    try:
        rows.execute("PRAGMA locking_mode = EXCLUSIVE")  # kept until closed, and let go of by a killed process
        with rows:
            rows.execute("BEGIN EXCLUSIVE")
            rows.execute(_TABLE)
    except sqlite3.OperationalError as error:
        rows.close()
        if "locked" in str(error):
            raise InputError(f"another crawl is writing to {path.parent}; wait for it, or give another folder with --into") from error
        raise _unwritable(path.parent, error) from error
    except sqlite3.DatabaseError as error:
        rows.close()
        raise StorageError(f"{path} is no manifest of a crawl ({error}); move it away and run the command again") from error
    return rows


def _unwritable(path: Path, error: Exception) -> StorageError:
    return StorageError(f"{path} cannot be written ({error}); free some disk space or give another folder with --into")


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def file_name(url: str, ending: str) -> str:
    """A name one can recognise the page by, made unique by the hash of its address; never leads out of the folder."""
    parts = urlsplit(url)
    words = re.sub(r"[^0-9A-Za-z\u4e00-\u9fff]+", "-", unquote(f"{parts.path} {parts.query}")).strip("-")
    words = words.removesuffix("-html").removesuffix("-json")[:_MAX_STEM] or "index"
    return f"{words}-{hashlib.sha256(url.encode()).hexdigest()[:10]}.{ending}"
