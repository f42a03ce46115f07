"""Users' own guides: PDF, Word, Markdown, HTML and plain text, read by LangChain's community loaders.

The loaders are imported where they are used: they belong to the extra ``documents``. A guide becomes quoted passages and
never a fact of a record. Not read: pictures, scanned pages, protected PDFs.
"""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.ways_in.opening import Form, Given
from knowledge.ways_in.plain_text import lines_of
from knowledge.ways_in.raw import RawNote, Refused, Row, Unreadable

if TYPE_CHECKING:
    from langchain_core.documents import Document

MOST_PAGES = 3000


def read_guide(given: Given) -> Iterator[Row]:
    """One note a page for PDFs, one a file for everything else; `line` counts pages."""
    given.within_bounds()
    found = 0
    for place, document in enumerate(_load(given), start=1):
        text = lines_of(document.page_content, 10_000_000)
        if place > MOST_PAGES:
            yield Refused(place, f"only the first {MOST_PAGES} pages are read")
            return
        if not text:
            continue
        found += 1
        yield RawNote(line=place, title=_title(given.path, document.metadata), text=text)
    if not found:
        yield Refused(1, "the file holds no text: scanned pages have to go through a text recogniser first")


def _title(path: Path, metadata: dict[str, Any]) -> str:
    title = lines_of(metadata.get("title"), 200).replace("\n", " ")
    return title or path.stem


def _load(given: Given) -> "Iterator[Document]":
    """The loader's documents; what it and its libraries raise is translated here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the loaders' package warns of its own future
            from langchain_community.document_loaders import BSHTMLLoader, Docx2txtLoader, PyPDFLoader, TextLoader
        yield from _loader(given, PyPDFLoader, Docx2txtLoader, BSHTMLLoader, TextLoader).lazy_load()
    except ImportError as error:
        raise Unreadable(f"guides need the document loaders ({error.name} is missing); run pip install 'fengjing[documents]'") from error
    except (ValueError, RuntimeError, OSError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise Unreadable(f"the {given.form} file is damaged or protected ({type(error).__name__}: {str(error)[:80]})") from error
    except _library_errors() as error:
        raise Unreadable(f"the {given.form} file is damaged or protected ({type(error).__name__}: {str(error)[:80]})") from error


def _loader(given: Given, pdf: Any, word: Any, page: Any, prose: Any) -> Any:
    """The loader of this form; Markdown is prose, its marks do no harm."""
    path = str(given.path)
    if given.form is Form.HTML:
        return page(path, open_encoding=given.encoding)
    return {Form.PDF: pdf, Form.DOCX: word}[given.form](path) if given.form in {Form.PDF, Form.DOCX} else prose(path, encoding=given.encoding)


def _library_errors() -> tuple[type[Exception], ...]:
    """What the libraries under the loaders raise and Python's own families do not hold."""
    import zipfile
    from xml.etree.ElementTree import ParseError

    from pypdf.errors import PyPdfError

    return (PyPdfError, zipfile.BadZipFile, ParseError)
