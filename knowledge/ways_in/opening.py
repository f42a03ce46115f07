"""Opening a file safely: what it is by its bytes, in which encoding, and never more of it in memory than stated.

Tables and JSON lines are read line by line, whatever their size; a line above `LINE_BYTES` is refused. Whole-file formats
(pages, JSON documents, guides) are refused above `WHOLE_FILE_BYTES`, Word files also where they unpack to more than
`UNPACKED_BYTES` or a hundred times their size.
"""

import codecs
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.ways_in.raw import Unreadable

SNIFF_BYTES = 256 * 1024
WHOLE_FILE_BYTES = 64 * 1024 * 1024
UNPACKED_BYTES = 128 * 1024 * 1024
LINE_CHARS = 1024 * 1024
MOST_RATIO = 100
MOST_MEMBERS = 5000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FOREIGN = ((b"\xd0\xcf\x11\xe0", "an old Word or Excel file; save it as DOCX or CSV"), (b"\x1f\x8b", "a gzip archive; unpack it first"),
            (b"Rar!", "a RAR archive; unpack it first"), (b"7z\xbc\xaf", "a 7z archive; unpack it first"), (b"\x89PNG", "a picture"),
            (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"SQLite format 3", "a database; export a table as CSV"))


class Form(StrEnum):
    """What a file is by its bytes."""

    HTML = "html"
    JSON = "json"
    JSON_LINES = "jsonl"
    PDF = "pdf"
    DOCX = "docx"
    TEXT = "text"  # a table or prose; its header line tells


@dataclass(frozen=True)
class Given:
    """A file a user gave, looked at but not yet read."""

    path: Path
    form: Form
    encoding: str = ""

    def text(self) -> str:
        """The whole text; raises `Unreadable` above the bound."""
        self.within_bounds()
        with self._file() as file:
            return file.read()

    def within_bounds(self) -> None:
        """Refuse a whole-file format that is too big to hold."""
        size = self.path.stat().st_size
        if size > WHOLE_FILE_BYTES:
            raise Unreadable(f"a {self.form} file of {size >> 20} MB is above the {WHOLE_FILE_BYTES >> 20} MB that are read whole; "
                             "split it, or give the table as CSV or JSON lines, which have no limit")

    def lines(self) -> Iterator[str]:
        """The lines one after the other, each at most `LINE_CHARS` long; a longer one comes in pieces."""
        with self._file() as file:
            while line := file.readline(LINE_CHARS):
                yield line.replace("\x00", "")

    def _file(self) -> io.TextIOWrapper:
        return self.path.open(encoding=self.encoding, errors="replace", newline="")


def look_at(path: Path) -> Given:
    """What the file is and how it is encoded; raises `Unreadable` for what we cannot read, with what to do."""
    try:
        with path.open("rb") as file:
            head = file.read(SNIFF_BYTES)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened ({error.strerror}); give the name of a file you may read") from error
    if not head.strip():
        raise Unreadable("the file is empty")
    if head.startswith(b"%PDF-"):
        return Given(path, Form.PDF)
    if head.startswith(b"PK\x03\x04"):
        return Given(path, _zipped(path))
    for magic, words in _FOREIGN:
        if head.startswith(magic):
            raise Unreadable(f"this is {words}")
    encoding = encoding_of(head)
    text = head.decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    if not text.strip("\x00"):
        raise Unreadable("the file holds no text")
    return Given(path, _form(text), encoding)


def encoding_of(head: bytes) -> str:
    """The encoding of a beginning of text: by its mark, by its zero bytes, else UTF-8 where it fits, else GB 18030."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    zeros = head[:4096].count(0)
    if zeros > len(head[:4096]) // 8:
        even = head[:4096:2].count(0)
        return "utf-16-be" if even > zeros - even else "utf-16-le"
    return next((name for name in ("utf-8", "gb18030") if _fits(head, name)), "utf-8")


def _fits(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _form(text: str) -> Form:
    if re.match(r"<(?:!doctype\s+html|html|head|body|div|!--|\?xml|script|meta|section|article|table)", text, re.IGNORECASE) or "<html" in text[:4096].lower():
        return Form.HTML
    if text.startswith(("{", "[")):
        first, _, rest = text.partition("\n")
        many = rest.lstrip().startswith("{") and first.rstrip().endswith("}")
        return Form.JSON_LINES if first.startswith("{") and many else Form.JSON
    return Form.TEXT


def _zipped(path: Path) -> Form:
    """A Word file that is no bomb; nothing is unpacked to find out."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise Unreadable(f"the archive is damaged ({error})") from error
    names = {member.filename for member in members}
    if "xl/workbook.xml" in names:
        raise Unreadable("this is an Excel file; save the sheet as CSV")
    if "word/document.xml" not in names:
        raise Unreadable("this is an archive; unpack it and give the files in it")
    unpacked, packed = sum(member.file_size for member in members), max(1, path.stat().st_size)
    if unpacked > UNPACKED_BYTES or len(members) > MOST_MEMBERS or (unpacked > 1 << 20 and unpacked > MOST_RATIO * packed):
        raise Unreadable(f"the Word file unpacks to {unpacked >> 20} MB in {len(members)} parts, which no document needs; it is not opened")
    return Form.DOCX
