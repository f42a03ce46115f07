"""Tables: the 352-city table that people share, and any CSV, JSON or JSON lines whose columns can be told.

Rows are read one after the other, so that a file of any size needs little memory. Cells that begin like a formula are text
and stay text. Columns are known by the names people give them (`COLUMNS`), or by the user's own map.
"""

import csv
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from knowledge.errors import InputError
from knowledge.records import Datum
from knowledge.ways_in.plain_text import lines_of, plain
from knowledge.ways_in.raw import RawSight, Refused, Row

CITY_TABLE = frozenset("名字 链接 地址 开放时间 建议游玩时间 门票".split())
# Our field: what people call its column. The first that a file has is taken.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "名称", "名字", "景点名称", "景点名", "景点", "景区名称", "景区", "poiname", "poi_name", "sightname", "sight_name", "attraction"),
    "name_en": ("name_en", "英文名", "英文名称", "english_name"),
    "aliases": ("aliases", "alias", "别名", "又名"),
    "city": ("city", "城市", "所在城市", "城市名", "城市名称", "来源城市", "city_name", "cityname", "prefecture", "prefecture_by_nearest_county", "地市", "市"),
    "county": ("county", "district", "区县", "县区", "行政区", "区", "县"),
    "address": ("address", "地址", "详细地址", "位置"),
    "level": ("level", "grade", "级别", "等级", "景区级别", "星级", "a级", "star"),
    "category": ("category", "类型", "类别", "景点类型", "tags", "标签"),
    "hours": ("open_hours", "opening_hours", "hours", "开放时间", "营业时间", "开园时间", "open_time", "opentime", "openinghours"),
    "price": ("price_adult_cny", "adult_yuan", "price", "门票", "票价", "门票价格", "价格", "成人票", "ticket", "ticket_price", "qunarprice", "旺季票价", "旺季"),
    "price_low": ("low_yuan", "淡季票价", "淡季", "淡季门票"),
    "student": ("student_yuan", "学生票", "学生价"),
    "concessions": ("优待政策", "优惠政策", "concessions"),
    "stay": ("建议游玩时间", "建议游玩时长", "游玩时间", "游玩时长", "建议时长", "用时参考", "游览时间", "duration", "visit_time", "stay"),
    "stay_min_h": ("visit_hours_min",), "stay_max_h": ("visit_hours_max",),
    "latitude": ("lat", "latitude", "纬度", "latitude_deg", "bd_lat", "wgs_lat", "gcj_lat"),
    "longitude": ("lon", "lng", "longitude", "经度", "longitude_deg", "bd_lon", "bd_lng", "wgs_lon", "wgs_lng", "gcj_lon", "gcj_lng"),
    "point": ("location", "coordinates", "坐标", "经纬度", "point"),
    "datum": ("datum", "坐标系", "坐标系统"),
    "rating": ("rating", "score", "评分", "得分", "rating_qunar", "rating_ctrip"),
    "reviews": ("reviews", "review_count", "comments", "评论数", "点评数", "评价数", "reviews_ctrip", "commentcount"),
    "dated": ("date", "year", "日期", "更新时间", "采集时间", "年份", "数据日期", "crawl_time", "updated", "updated_at", "crawled_at"),
    "url": ("url", "link", "链接", "网址", "qunar_url"),
    "texts": ("介绍", "简介", "小贴士", "intro", "introduction", "description", "tips", "备注", "景点介绍"),
    "price_basis": ("price_basis",), "position_basis": ("coord_src",),
}
_FIRM_PRICES = frozenset({"", "listed-exact", "text-single", "text", "text-peak", "free", "exact"})
_LOOSE_PRICES = frozenset({"listed-loose"})
_NO_POSITION = frozenset({"county_centroid"})
_DATUMS = {"BD": Datum.BD09, "百度": Datum.BD09, "WGS": Datum.WGS84, "GPS": Datum.WGS84, "GCJ": Datum.GCJ02, "高德": Datum.GCJ02, "火星": Datum.GCJ02}
CITY_TABLE_YEAR = 2023  # of its contents; it was published in August 2024
CELL_CHARS = 100_000
_LABEL = re.compile(r"^\s*(?:地址|门票|开放时间|建议游(?:览|玩)时间|电话|官网)\s*[:：]\s*")
_AFTER_ADDRESS = re.compile(r"\s*(?:电话|官网|网址|交通)\s*[:：].*", re.DOTALL)


def fields_of(header: Iterable[str], wishes: Mapping[str, str]) -> dict[str, list[str]]:
    """Our field to the file's columns that hold it; the user's map wins, and must name columns that exist."""
    columns = [str(column).strip() for column in header]
    folded = {column.lower(): column for column in reversed(columns)}
    known: dict[str, list[str]] = {}
    for field, names in COLUMNS.items():
        present = [folded[name] for name in names if name in folded]
        if present:
            known[field] = present if field == "texts" else present[:1]
    for field, column in wishes.items():
        if field not in COLUMNS:
            raise InputError(f"--map knows no field {field!r}; it knows {', '.join(COLUMNS)}")
        if column not in columns:
            raise InputError(f"--map {field}={column}: the file has no such column; it has {', '.join(columns[:30])}")
        known[field] = [column]
    return known


def rows_of_csv(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, dict[str, str]] | Refused]:
    """(line, row) for each row; broken rows are refused and reading goes on behind them."""
    csv.field_size_limit(CELL_CHARS)
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter)
    header = [column.strip().lstrip("\ufeff") for column in next(reader, [])]
    while True:
        feed.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield feed.refuse_first("the row is broken: " + str(error)[:60])
            continue
        if len(feed.taken) > 1 and sum(line.count('"') for _, line in feed.taken) % 2:
            yield feed.refuse_first("a quotation mark is opened in this row and never closed")
        elif len(cells) > len(header) and any(cell.strip() for cell in cells[len(header):]):
            yield Refused(feed.taken[0][0], "the row has more cells than the header: a comma is not quoted", ",".join(cells)[:120])
        elif any(cell.strip() for cell in cells):
            yield feed.taken[0][0], dict(zip(header, cells, strict=False))


class _Feed:
    """Lines with their numbers, of which those swallowed by a broken row can be read again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._fresh = enumerate(lines, start=1)
        self._again: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        item = self._again.popleft() if self._again else next(self._fresh)
        self.taken.append(item)
        return item[1]

    def refuse_first(self, reason: str) -> Refused:
        """Give up the first of the lines taken; the others are read again."""
        (number, line), *rest = self.taken
        self._again.extendleft(reversed(rest))
        return Refused(number, reason, line.strip()[:120])


def rows_of_json_lines(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]] | Refused]:
    """(line, object) for each line; broken lines are refused and reading goes on behind them."""
    for number, line in enumerate(lines, start=1):
        text = line.strip().lstrip("\ufeff")
        if not text:
            continue
        try:
            item = json.loads(text, strict=False)
        except (ValueError, RecursionError) as error:
            yield Refused(number, "the line is no JSON", f"{error}: {text[:100]}")
            continue
        yield (number, item) if isinstance(item, dict) else Refused(number, "the line is no JSON object", text[:120])


def is_city_table(columns: Iterable[str]) -> bool:
    """Whether these are the columns of the shared table of 352 cities."""
    return set(columns) >= CITY_TABLE


def read_city_table(rows: Iterable[tuple[int, dict[str, str]] | Refused], file_city: str) -> Iterator[Row]:
    """Rows of the shared table: one file a city (its name is the file's), labels within the cells, a mapping of prices."""
    for item in rows:
        if isinstance(item, Refused):
            yield item
            continue
        line, row = item
        get = row.get
        yield RawSight(
            line=line, name=get("名字", ""), city=get("来源城市") or get("城市") or file_city, address=_AFTER_ADDRESS.sub("", _unlabelled(get("地址"))),
            hours=_unlabelled(get("开放时间")), price=_price_cell(get("门票", "")), stay=_unlabelled(get("建议游玩时间")), triple_days=True,
            rating=get("评分"), url=get("链接", ""), dated=get("日期") or get("更新时间"),
            texts=tuple(text for column in ("介绍", "小贴士") if (text := lines_of(get(column), 20_000))),
        )


def _price_cell(cell: str) -> str:
    return cell.strip() if cell.lstrip().startswith("{") else _unlabelled(cell)


def _unlabelled(cell: str | None) -> str:
    return _LABEL.sub("", lines_of(cell, 2000)) if cell else ""


def read_table(rows: Iterable[tuple[int, Mapping[str, Any]] | Refused], fields: Mapping[str, list[str]], datum: Datum | None) -> Iterator[Row]:
    """Rows of any table, by its fields."""
    by_column = _datum_of_columns(fields)
    for item in rows:
        yield item if isinstance(item, Refused) else _table_row(item[0], item[1], fields, datum or by_column)


def _table_row(line: int, row: Mapping[str, Any], fields: Mapping[str, list[str]], datum: Datum | None) -> Row:
    def get(field: str) -> Any:
        return row.get(fields[field][0]) if field in fields else None

    latitude, longitude = get("latitude"), get("longitude")
    if latitude is None and get("point"):
        longitude, latitude = _split_point(get("point"))
    basis, away = plain(get("price_basis")), plain(get("position_basis")) in _NO_POSITION
    return RawSight(
        line=line, name=plain(get("name"), 200), name_en=plain(get("name_en")), aliases=tuple(part for part in re.split(r"[|;；、]", plain(get("aliases"))) if part),
        city=plain(get("city")), county=plain(get("county")), address=plain(get("address")), level=plain(get("level")),
        category=plain(get("category")), hours=lines_of(get("hours"), 1000), price=get("price") if basis in _FIRM_PRICES | _LOOSE_PRICES else None,
        price_is_from=basis in _LOOSE_PRICES, price_low=get("price_low"), student=get("student"), concessions=plain(get("concessions"), 1200),
        stay=plain(get("stay")) or _hours_span(get("stay_min_h"), get("stay_max_h")), latitude=None if away else latitude, longitude=None if away else longitude,
        datum=_datum_named(plain(get("datum"))) or datum or Datum.GCJ02, rating=get("rating"), reviews=get("reviews"), dated=get("dated"), url=plain(get("url")),
        texts=tuple(text for column in fields.get("texts", ()) if (text := lines_of(row.get(column), 20_000))),
    )


def _hours_span(low: object, high: object) -> str:
    first, last = plain(low, 10), plain(high, 10)
    return f"{first or last}-{last or first}小时" if first or last else ""


def _split_point(value: Any) -> tuple[Any, Any]:
    """(longitude, latitude) of ``116.39,39.91``, a list, or a mapping; a swapped order is set right later."""
    if isinstance(value, dict):
        return value.get("lng", value.get("lon", value.get("longitude"))), value.get("lat", value.get("latitude"))
    parts = value if isinstance(value, list) else re.findall(r"-?\d+\.?\d*", str(value))
    return (parts[0], parts[1]) if len(parts) == 2 else (None, None)


def _datum_named(text: str) -> Datum | None:
    return next((datum for sign, datum in _DATUMS.items() if sign in text.upper()), None) if text else None


def _datum_of_columns(fields: Mapping[str, list[str]]) -> Datum | None:
    """bd_lat and wgs_lat say their datum in their names."""
    column = next(iter(fields.get("latitude", ())), "").upper()
    return _datum_named(column.partition("_")[0]) if "_" in column else None
