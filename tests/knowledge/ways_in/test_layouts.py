"""Each layout is recognised by its content and read into rows."""

from pathlib import Path

import pytest

from knowledge.records import Datum
from knowledge.ways_in.raw import RawNote, RawSight, Refused, Row, Unreadable, Wishes
from knowledge.ways_in.recognise import recognise
from tests.knowledge.ways_in.conftest import SAMPLES

LAYOUTS = {
    "qunar_list.html": "Qunar ticket list", "qunar_list.json": "Qunar list.json", "qunar_detail.html": "Qunar ticket page",
    "qunar_today.html": "Qunar page with JSON-LD", "qunar_travel.html": "Qunar travel page", "ctrip_list.html": "Ctrip page",
    "ctrip_detail.html": "Ctrip page", "ctrip_mobile.json": "Ctrip JSON", "mafengwo_sight.html": "Mafengwo sight",
    "mafengwo_list.html": "Mafengwo list of sights", "mafengwo_note.html": "Mafengwo travel note", "xhs_notes.jsonl": "Xiaohongshu export",
    "xhs_old.csv": "Xiaohongshu export", "xhs_comments.json": "Xiaohongshu export", "青岛.csv": "352-city table", "crosswoz.json": "CrossWOZ database",
    "sights.csv": "CSV table", "guide.md": "guide (text)",
}


def rows(file: str | Path, **wishes: object) -> list[Row]:
    """All rows of a sample."""
    return list(recognise(SAMPLES / file if isinstance(file, str) else file, Wishes(**wishes)).rows())  # type: ignore[arg-type]


def sights(file: str | Path, **wishes: object) -> dict[str, RawSight]:
    """The sights of a sample by name."""
    return {row.name: row for row in rows(file, **wishes) if isinstance(row, RawSight)}


@pytest.mark.parametrize(("file", "layout"), LAYOUTS.items())
def test_a_layout_is_told_by_its_content(file: str, layout: str, tmp_path: Path) -> None:
    """Also where the file has lost its ending."""
    copy = tmp_path / "saved"
    copy.write_bytes((SAMPLES / file).read_bytes())
    assert recognise(copy, Wishes()).name == layout


def test_the_old_ticket_list() -> None:
    """Name, district, BD-09 point, level and lowest price of each card; a nameless card is refused."""
    laoshan = sights("qunar_list.html")["崂山"]
    assert (laoshan.city, laoshan.county, laoshan.level, laoshan.price, laoshan.price_is_from) == ("青岛", "崂山区", "5A景区", "75", True)
    assert (laoshan.longitude, laoshan.latitude, laoshan.datum) == ("120.630000", "36.160000", Datum.BD09)
    assert sights("qunar_list.html")["五四广场"].price == 0
    assert [row.line for row in rows("qunar_list.html") if isinstance(row, Refused)] == [3]


def test_the_lists_json_twin() -> None:
    """Star and price may be absent; free is free."""
    found = sights("qunar_list.json")
    assert (found["青岛海底世界"].price, found["青岛海底世界"].level, found["青岛海底世界"].datum) == ("140", "4A", Datum.BD09)
    assert (found["中山公园"].price, found["中山公园"].level) == (0, "")


def test_the_old_ticket_page() -> None:
    """One sight with hours, address, level and the price from which tickets are sold."""
    beer = sights("qunar_detail.html")["青岛啤酒博物馆"]
    assert (beer.city, beer.address, beer.level, beer.price) == ("青岛", "青岛市市北区登州路56号", "4A", "60")
    assert beer.hours.startswith("周二-周日")


def test_todays_page_with_json_ld() -> None:
    """The page's structured data, with level and concessions from its HTML."""
    house = sights("qunar_today.html")["青岛德国总督楼旧址博物馆"]
    assert (house.city, house.level, house.dated) == ("青岛", "4A级景区", "2026-03-02")
    assert "60岁" in house.concessions


def test_the_travel_page() -> None:
    """Coordinates from the map's attribute, labelled values, and a stay in tripled days."""
    hill = sights("qunar_travel.html")["小鱼山公园"]
    assert (hill.latitude, hill.longitude, hill.triple_days, hill.stay) == ("36.062", "120.336", True, "12小时 - 3天")
    assert (hill.city, hill.hours, hill.rating) == ("青岛", "全年 08:00-18:00", "4.6")


def test_ctrips_pages() -> None:
    """List cards and the detail page out of __NEXT_DATA__."""
    listed, detail = sights("ctrip_list.html"), sights("ctrip_detail.html")["青岛奥帆中心"]
    assert (listed["信号山公园"].price, listed["信号山公园"].city, listed["金沙滩"].price) == (0, "青岛", 25)
    assert (detail.price, detail.hours, detail.stay, detail.texts) == (0, "全天开放", "1-2小时", ("帆船在这里出海。", "风大时栈道关闭。"))


def test_ctrips_mobile_answers() -> None:
    """GCJ-02 coordinates, counts with 万, the level among the tags."""
    zoo = sights("ctrip_mobile.json")["青岛动物园"]
    assert (zoo.latitude, zoo.reviews, zoo.level, zoo.name_en, zoo.datum) == (36.0751, "1.2万", "3A景区", "Qingdao Zoo", Datum.GCJ02)


def test_mafengwos_sight_and_list() -> None:
    """The labelled values of a sight; the list's names once each."""
    quarter = sights("mafengwo_sight.html")["八大关"]
    assert (quarter.city, quarter.price, quarter.hours, quarter.stay) == ("青岛", "街区免费，花石楼8.5元", "全天", "1-3小时")
    assert list(sights("mafengwo_list.html")) == ["石老人海水浴场", "青岛天主教堂"]


def test_mafengwos_note_has_words_and_no_author() -> None:
    """Text and date are taken; the author, the comments and scripts are not."""
    (note,) = rows("mafengwo_note.html")
    assert isinstance(note, RawNote)
    assert (note.title, note.dated) == ("三天走遍青岛", "2024-06-11")
    assert "小鱼山" in note.text
    assert not any(word in note.text for word in ("海边的小王", "楼主", "steal"))


@pytest.mark.parametrize("file", ["xhs_notes.jsonl", "xhs_old.csv", "xhs_comments.json"])
def test_no_person_comes_in(file: str) -> None:
    """Whatever is personal in exports old and new is dropped on entry, in texts too."""
    taken = repr([row for row in rows(file) if isinstance(row, RawNote)])
    for secret in ("USER-4711", "小海", "avatar", "山东'", "ab12cd34", "海**王", "SECRETTOKEN", "U1", "阿敏", "上海", "海边的小王", "13812345678"):
        assert secret not in taken


def test_exports_of_posts() -> None:
    """Posts and comments become notes with date and city hint; empty and broken ones are refused."""
    posts, (comment,) = rows("xhs_notes.jsonl"), rows("xhs_comments.json")
    assert [type(row).__name__ for row in posts] == ["RawNote", "Refused", "Refused"]
    assert isinstance(posts[0], RawNote)
    assert (posts[0].city, posts[0].url) == ("青岛旅游", "https://www.xiaohongshu.com/explore/65f0c0ffee0000000a0b0c0d")
    assert isinstance(comment, RawNote)
    assert "海鲜" in comment.text


def test_the_table_of_352_cities() -> None:
    """The city is the file's name; labels go, the address ends before the telephone, texts become notes."""
    found = sights("青岛.csv")
    navy = found["青岛海军博物馆Qingdao Naval Museum"]
    assert (navy.city, navy.address, navy.hours, navy.stay) == ("青岛", "青岛市市南区莱阳路8号", "09:00-17:00；周一闭馆", "3小时 - 4小时")
    assert navy.texts == ("退役的军舰停在码头。", "带身份证")
    assert navy.line == 2
    assert found["浮山"].line == 6


def test_crosswoz() -> None:
    """Sights of 北京 as of 2020; hotels are no sights."""
    found = rows("crosswoz.json")
    assert isinstance(found[0], RawSight)
    assert (found[0].city, found[0].price, found[0].triple_days) == ("北京", 60, True)
    assert recognise(SAMPLES / "crosswoz.json", Wishes()).year == 2020
    assert isinstance(found[2], Refused)


def test_a_table_with_columns_people_use() -> None:
    """Columns are known by their usual names; the datum by its own column."""
    found = sights("sights.csv")
    assert (found["龙门石窟"].datum, found["龙门石窟"].student, found["龙门石窟"].price_low) == (Datum.WGS84, "45", "80")
    assert found["龙门石窟"].texts == ('=HYPERLINK("http://x")',)


def test_a_table_with_a_column_map(tmp_path: Path) -> None:
    """Columns of any name are taken where the user says which is which."""
    table = tmp_path / "mine.csv"
    table.write_text("t,c,p\n月牙湖,青岛,10\n", encoding="utf-8")
    with pytest.raises(Unreadable, match="--map name=COLUMN"):
        recognise(table, Wishes())
    assert sights(table, columns={"name": "t", "city": "c", "price": "p"})["月牙湖"].price == "10"


def test_json_tables(tmp_path: Path) -> None:
    """A list of objects, a wrapped list, and one object a line are the same table."""
    one = '{"name": "月牙湖", "city": "青岛", "location": [120.3, 36.1]}'
    for text in (f"[{one}]", f'{{"results": [{one}]}}', f"{one}\n{one}\n"):
        file = tmp_path / "sights.json"
        file.write_text(text, encoding="utf-8")
        assert (sights(file)["月牙湖"].longitude, sights(file)["月牙湖"].latitude) == (120.3, 36.1)
