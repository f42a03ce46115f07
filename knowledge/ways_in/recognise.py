"""Which layout a file is, by what stands in it and never by its name.

`recognise` looks at the file and returns its layout with the rows still unread. What fits no layout and holds words is a
guide; what holds no words is refused with the reason.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from knowledge.ways_in import crosswoz, ctrip, mafengwo, qunar, tables, xiaohongshu
from knowledge.ways_in.guides import read_guide
from knowledge.ways_in.opening import Form, Given, look_at
from knowledge.ways_in.pages import Page, open_page
from knowledge.ways_in.raw import Layout, Publisher, Refused, Row, Unreadable, Wishes

_PAGES: tuple[tuple[str, Publisher, Callable[[Page], bool], Callable[[Page], Iterator[Row]]], ...] = (
    ("Qunar ticket list", Publisher.QUNAR_TICKETS, qunar.is_list, qunar.read_list),
    ("Qunar ticket page", Publisher.QUNAR_TICKETS, qunar.is_detail, qunar.read_detail),
    ("Mafengwo travel note", Publisher.MAFENGWO, mafengwo.is_note, mafengwo.read_note),
    ("Mafengwo list of sights", Publisher.MAFENGWO, mafengwo.is_list, mafengwo.read_list),
    ("Mafengwo sight", Publisher.MAFENGWO, mafengwo.is_sight, mafengwo.read_sight),
    ("Qunar page with JSON-LD", Publisher.QUNAR, lambda page: "qunar.com" in page.text and qunar.is_today(page), qunar.read_today),
    ("Qunar travel page", Publisher.QUNAR, qunar.is_travel, qunar.read_travel),
    ("page with JSON-LD", Publisher.PAGE, qunar.is_today, qunar.read_today),
)
_DOCUMENTS: tuple[tuple[str, Publisher, Callable[[Any], bool], Callable[[Any], Iterator[Row]]], ...] = (
    ("Qunar list.json", Publisher.QUNAR_TICKETS, qunar.is_json, qunar.read_json),
    ("Ctrip JSON", Publisher.CTRIP, ctrip.is_json, ctrip.read_json),
    ("CrossWOZ database", Publisher.CROSSWOZ, crosswoz.is_json, crosswoz.read_json),
)
_DELIMITERS = ",\t;|"
_LEAST_COLUMNS = 2


def recognise(path: Path, wishes: Wishes) -> Layout:
    """The file's layout; raises `Unreadable` where the file as a whole cannot be taken."""
    given = look_at(path)
    if given.form is Form.HTML:
        return _page(given)
    if given.form is Form.JSON:
        return _document(given, wishes)
    if given.form is Form.JSON_LINES:
        return _lines(given, wishes)
    if given.form is Form.TEXT:
        return _table(given, wishes) or _guide(given)
    return _guide(given)


def _guide(given: Given) -> Layout:
    return Layout(f"guide ({given.form})", Publisher.GUIDE, partial(read_guide, given))


def _page(given: Given) -> Layout:
    page = open_page(given.text())
    state = ctrip.next_data(page)
    if state is not None:
        return Layout("Ctrip page", Publisher.CTRIP, partial(ctrip.read_state, state))
    for name, publisher, fits, read in _PAGES:
        if fits(page):
            return Layout(name, publisher, partial(read, page))
    return _guide(given)


def _document(given: Given, wishes: Wishes) -> Layout:
    try:
        content = json.loads(given.text(), strict=False)
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "too deep"
        raise Unreadable(f"the JSON is broken ({where}: {error}); mend it there, or give one object a line") from error
    for name, publisher, fits, read in _DOCUMENTS:
        if fits(content):
            return Layout(name, publisher, partial(read, content), crosswoz.YEAR if publisher is Publisher.CROSSWOZ else None)
    rows = list(_objects(content))
    if not rows:
        raise Unreadable("the JSON holds no list of sights or notes that we know; see 'fengjing knowledge import --help' for the layouts")
    return _objects_layout(rows[0].keys(), lambda: iter(enumerate(rows, start=1)), wishes, "JSON table")


def _objects(content: Any) -> Iterator[dict[str, Any]]:
    """The objects of a document that is a list of them, or that wraps such a list (data, results, …)."""
    if isinstance(content, dict):
        content = next((value for value in content.values() if isinstance(value, list) and value and isinstance(value[0], dict)), [content])
    if isinstance(content, list):
        yield from (item for item in content if isinstance(item, dict))


def _lines(given: Given, wishes: Wishes) -> Layout:
    first = next((item for item in islice(tables.rows_of_json_lines(given.lines()), 20) if not isinstance(item, Refused)), None)
    if first is None:
        raise Unreadable("none of the first lines is a JSON object")
    return _objects_layout(first[1].keys(), lambda: tables.rows_of_json_lines(given.lines()), wishes, "JSON lines")


def _objects_layout(columns: Any, rows: Callable[[], Iterator[Any]], wishes: Wishes, name: str) -> Layout:
    if xiaohongshu.is_export(columns):
        return Layout("Xiaohongshu export", Publisher.XIAOHONGSHU, lambda: _notes(rows()))
    fields = tables.fields_of(columns, wishes.columns)
    if "name" not in fields:
        raise Unreadable(f"no column names the sights; say which with --map name=COLUMN (there are {', '.join(map(str, list(columns)[:20]))})")
    return Layout(name, Publisher.TABLE, lambda: tables.read_table(rows(), fields, wishes.datum))


def _notes(rows: Iterator[Any]) -> Iterator[Row]:
    """Posts, with refused rows passed through in their place."""
    for row in rows:
        if isinstance(row, Refused):
            yield row
        else:
            yield from xiaohongshu.read_rows([row])


def _table(given: Given, wishes: Wishes) -> Layout | None:
    """A table, where the first line names columns that we know or the user named."""
    line = next(given.lines(), "").lstrip("\ufeff")
    delimiter = max(_DELIMITERS, key=line.count)
    header = [column.strip() for column in next(csv.reader([line], delimiter=delimiter), [])] if line.strip() else []
    if len(header) < _LEAST_COLUMNS:
        return None
    rows = partial(_rows, given, delimiter)
    if tables.is_city_table(header):
        city = wishes.city or re.sub(r"[\d_\-\s()（）]+$", "", given.path.stem)
        return Layout("352-city table", Publisher.CITY_TABLE, lambda: tables.read_city_table(rows(), city), tables.CITY_TABLE_YEAR)
    if xiaohongshu.is_export(header):
        return Layout("Xiaohongshu export", Publisher.XIAOHONGSHU, lambda: _notes(rows()))
    fields = tables.fields_of(header, wishes.columns)
    if "name" not in fields or len(fields) < _LEAST_COLUMNS:
        if _looks_like_table(given, delimiter, len(header)):
            raise Unreadable(f"no column names the sights; say which with --map name=COLUMN (there are {', '.join(header[:20])})")
        return None
    return Layout("CSV table", Publisher.TABLE, lambda: tables.read_table(rows(), fields, wishes.datum))


def _rows(given: Given, delimiter: str) -> Iterator[Any]:
    return tables.rows_of_csv(given.lines(), delimiter)


def _looks_like_table(given: Given, delimiter: str, columns: int) -> bool:
    """Whether the next lines have as many cells as the first: prose has not."""
    lines = list(islice(given.lines(), 1, 6))
    return columns > _LEAST_COLUMNS and bool(lines) and all(line.count(delimiter) == columns - 1 for line in lines if line.strip())
