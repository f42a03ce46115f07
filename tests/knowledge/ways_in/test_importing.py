"""An import from file to record: what is shown, what is kept, what is reported."""

import gc
from pathlib import Path

import pytest

from knowledge.builtin import KnowledgeBase
from knowledge.records import Attraction
from knowledge.ways_in.combine import other_statements, with_imports
from knowledge.ways_in.imported import opened
from knowledge.ways_in.intake import import_files
from tests.knowledge.small_world import a_base
from tests.knowledge.ways_in.conftest import Import


def sight(base: KnowledgeBase, home: Path, name: str) -> Attraction:
    """The record of this name after the import."""
    return next(one for one in with_imports(base, home).attractions if one.name == name)


def table(tmp_path: Path, *lines: str, name: str = "t.csv") -> Path:
    """A CSV file."""
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_nothing_imported_changes_nothing(base: KnowledgeBase, home: Path) -> None:
    """Without imports the shipped base itself is used."""
    assert with_imports(base, home) is base


def test_a_new_sight_becomes_a_record(take: Import, base: KnowledgeBase, home: Path) -> None:
    """Every fact carries the import's source and year; the Chinese name and the English one are told apart."""
    take("青岛.csv", year=2022)
    navy = sight(base, home, "青岛海军博物馆")
    assert navy.ticket is not None
    assert (navy.name_en, navy.ticket.adult_yuan, navy.ticket.student_yuan, navy.ticket.source) == (
        "Qingdao Naval Museum", 30, 15, "import-city-table-2022")
    assert navy.hours is not None
    assert (navy.hours.closed_weekdays, navy.tags, navy.setting, navy.city) == ((1,), ("博物馆",), "indoor", "qingdao")
    source = with_imports(base, home).source_by_id["import-city-table-2022"]
    assert (source.year, "导入" in source.label) == (2022, True)


def test_the_tripled_days_of_the_table_are_corrected(take: Import, base: KnowledgeBase, home: Path) -> None:
    """12小时 - 3天 is half a day to one day."""
    take("青岛.csv")
    visit = sight(base, home, "浮山").visit
    assert visit is not None
    assert (visit.minutes_min, visit.minutes_max) == (240, 480)


def test_a_newer_source_is_shown_and_the_older_kept(take: Import, base: KnowledgeBase, home: Path) -> None:
    """A price of 2026 takes the place of 2025's; 2025's can still be seen."""
    take("qunar_travel.html", year=2026)
    hill = sight(base, home, "小鱼山公园")
    assert hill.ticket is not None
    assert (hill.ticket.adult_yuan, hill.ticket.low_yuan, str(hill.ticket.peak), hill.ticket.source) == (15, 10, "4.1-10.31", "import-qunar-2026")
    others = other_statements(base, home, hill)
    assert ("ticket", "hand-2025", 2025) in {(said.fact, said.source, said.year) for said in others}
    assert hill.summary == "伸进海湾的老码头。"  # its own words stay


def test_an_older_source_is_kept_and_not_shown(take: Import, base: KnowledgeBase, home: Path) -> None:
    """A price of 2021 does not displace 2025's, and fills what nobody else says."""
    report = take("qunar_travel.html", year=2021)
    hill = sight(base, home, "小鱼山公园")
    assert hill.ticket is not None
    assert hill.ticket.adult_yuan == 12
    assert hill.hours is not None
    assert hill.hours.source == "import-qunar-2021"
    assert report.files[0].disagreements == 2  # ticket and visit
    assert {(said.fact, said.year) for said in other_statements(base, home, hill)} >= {("ticket", 2021), ("visit", 2021)}


def test_the_lowest_listed_price_is_no_admission(take: Import, base: KnowledgeBase, home: Path) -> None:
    """A list's price from 75 does not displace the admission of 90, whatever its year; alone it is shown with a warning."""
    take("qunar_list.html", "qunar_list.json", year=2026)
    laoshan, undersea = sight(base, home, "崂山"), sight(base, home, "青岛海底世界")
    assert laoshan.ticket is not None
    assert laoshan.ticket.adult_yuan == 90
    assert undersea.ticket is not None
    assert (undersea.ticket.adult_yuan, "最低价" in undersea.ticket.note) == (140, True)


def test_coordinates_are_brought_to_one_datum(take: Import, base: KnowledgeBase, home: Path) -> None:
    """A BD-09 point moves by about a kilometre on its way to GCJ-02."""
    take("qunar_list.json")
    position = sight(base, home, "青岛海底世界").position
    assert position is not None
    assert (round(position.longitude_deg, 3), round(position.latitude_deg, 3), position.datum) == (120.335, 36.05, "GCJ-02")


def test_concessions_of_a_page_are_read(take: Import, base: KnowledgeBase, home: Path) -> None:
    """Age, height and booking come from 优待政策, the year from the page's own date."""
    take("qunar_today.html")
    ticket = sight(base, home, "青岛德国总督楼旧址博物馆").ticket
    assert ticket is not None
    assert (ticket.senior_free_age, ticket.child_free_cm, ticket.booking, ticket.source) == (60, 140, "required", "import-qunar-2026")


def test_aliases_merge_and_become_names(take: Import, base: KnowledgeBase, home: Path) -> None:
    """故宫 is 故宫博物院; its price of 2020 is kept beside that of 2025."""
    report = take("crosswoz.json")
    assert (report.files[0].taken, report.files[0].merged, report.files[0].refused) == (1, 1, 1)
    palace = sight(base, home, "故宫博物院")
    assert palace.rating is not None
    assert (palace.rating.score, palace.rating.source) == (4.7, "import-crosswoz-2020")


def test_a_part_listed_under_a_sight_does_not_speak_for_it(take: Import, base: KnowledgeBase, home: Path, tmp_path: Path) -> None:
    """角楼 is a further name of 故宫博物院: its own shorter stay is kept, and not shown as the palace's."""
    report = take(table(tmp_path, "name,city,游玩时间", "角楼,北京,10分钟"), year=2026)
    visit = sight(base, home, "故宫博物院").visit
    assert visit is not None
    assert visit.minutes_max == 360
    assert any("part of it" in kind for kind in report.files[0].remarks)
    assert [said.name for said in other_statements(base, home, sight(base, home, "故宫博物院"))] == ["角楼"]


def test_importing_again_adds_nothing(take: Import, base: KnowledgeBase, home: Path) -> None:
    """The same files twice make the same records: everything merges with itself."""
    files = ("青岛.csv", "qunar_list.html", "qunar_list.json", "sights.csv", "mafengwo_note.html")
    take(*files, year=2024)
    before = with_imports(base, home)
    again = take(*files, year=2024)
    assert sum(file.taken for file in again.files) == 0
    assert with_imports(base, home) == before


def test_sources_meet_in_one_sight(take: Import, base: KnowledgeBase, home: Path) -> None:
    """The list, the page and the answer of three sites about one place make one record."""
    take("mafengwo_list.html", "mafengwo_sight.html", "ctrip_list.html", "ctrip_mobile.json")
    names = [one.name for one in with_imports(base, home).attractions]
    assert len(names) == len(set(names))


def test_a_new_city_is_made(take: Import, base: KnowledgeBase, home: Path) -> None:
    """洛阳 does not ship with this base: it gets province, position, and its sights in order of their level."""
    take("sights.csv")
    merged = with_imports(base, home)
    city = next(one for one in merged.cities if one.name == "洛阳")
    assert (city.province, city.name_en, bool(city.summary)) == ("河南", "Luoyang", True)
    assert [one.name for one in sorted(merged.in_city(city.id), key=lambda one: one.rank)] == ["龙门石窟", "白马寺", "应天门"]
    assert city.position.source in merged.source_by_id
    assert all(source in merged.source_by_id for one in merged.attractions for source in one.facts().values())


def test_a_city_that_ships_later_takes_its_sights_in(take: Import, base: KnowledgeBase, home: Path) -> None:
    """After an upgrade that ships 洛阳 with 龙门石窟, imported facts go to the shipped record."""
    from tests.knowledge.small_world import a_base, a_city, a_sight

    take("sights.csv")
    upgraded = a_base(a_sight("龙门石窟", "luoyang"), cities=(*base.cities, a_city("luoyang", name="洛阳", name_en="Luoyang", province="河南")))
    merged = with_imports(upgraded, home)
    assert [city.name for city in merged.cities].count("洛阳") == 1
    assert [one.city for one in merged.attractions if one.name in {"龙门石窟", "白马寺"}] == ["luoyang", "luoyang"]
    grotto = next(one for one in merged.attractions if one.name == "龙门石窟")
    assert grotto.ticket is not None
    assert grotto.ticket.adult_yuan == 90


def test_the_report_names_lines_and_reasons(take: Import) -> None:
    """Refused rows and odd values are told with their lines."""
    (report,) = take("sights.csv").files
    assert (report.taken, report.refused) == (3, 2)
    assert {row.line: row.reason for row in report.refused_lines} == {
        5: "the city is none that we know; say which with --city", 6: "the name reads like an instruction, not like a place"}
    told = {line: str(remark) for line, remark in report.remark_lines}
    assert "swapped" in told[3]
    assert "面议" in next(str(remark) for line, remark in report.remark_lines if line == 4 and "price" in remark.kind)


def test_swapped_coordinates_are_set_right(take: Import, base: KnowledgeBase, home: Path) -> None:
    """112.6 north is impossible in China: the two were swapped."""
    take("sights.csv")
    position = sight(base, home, "白马寺").position
    assert position is not None
    assert (round(position.latitude_deg, 2), round(position.longitude_deg, 2)) == (34.72, 112.6)


def test_a_name_becomes_known_to_later_rows(take: Import, tmp_path: Path) -> None:
    """Two rows of one sight in one file are one record."""
    report = take(table(tmp_path, "name,city,price", "月牙湖,青岛,10", "月牙湖风景区,青岛市,12", "青岛月牙湖,青岛,免费")).files[0]
    assert (report.taken, report.merged) == (1, 2)


def test_a_far_position_is_doubted(take: Import, base: KnowledgeBase, home: Path, tmp_path: Path) -> None:
    """A namesake's position does not move a sight; it is kept."""
    report = take(table(tmp_path, "name,city,lat,lon", "崂山,青岛,37.2,120.6", "孤岛,青岛,20.0,110.3"), year=2026).files[0]
    position = sight(base, home, "崂山").position
    assert position is not None
    assert position.latitude_deg == 36.154
    assert sight(base, home, "孤岛").position is None
    assert sum("position" in kind for kind in report.remarks) == 2


def test_an_imported_file_can_be_opened_by_several_years(take: Import, base: KnowledgeBase, home: Path, tmp_path: Path) -> None:
    """Rows with dates of their own are sources of their own; the newest price is shown."""
    take(table(tmp_path, "name,city,price,date", "月牙湖,青岛,10,2021-01-01", "月牙湖,青岛,20,2024年3月", "月牙湖,青岛,15,2023/1/1", "月牙湖,青岛,,胡说"))
    ticket = sight(base, home, "月牙湖").ticket
    assert ticket is not None
    assert ticket.adult_yuan == 20
    with opened(home) as store:
        assert [said.year for said in store.statements() if said.fact == "ticket"] == [2021, 2023, 2024]


def test_a_download_does_not_make_old_data_new(take: Import, base: KnowledgeBase, home: Path, tmp_path: Path) -> None:
    """The shared table is of 2023 whenever its file was written; of any other undated table the report asks for the year."""
    take("青岛.csv")
    assert "import-city-table-2023" in with_imports(base, home).source_by_id
    report = take(table(tmp_path, "name,city,price", "月牙湖,青岛,10", "望海楼,青岛,12")).files[0]
    assert [count for kind, count in report.remarks.items() if "--year" in kind] == [1]


def test_every_refused_row_is_written_down(take: Import) -> None:
    """The refused rows stand in a CSV file, whose cells no spreadsheet calculates."""
    report = take("sights.csv", "青岛.csv")
    assert report.refused_file is not None
    lines = report.refused_file.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + sum(file.refused for file in report.files)


@pytest.mark.slow
def test_merging_stays_far_from_quadratic(base: KnowledgeBase, tmp_path: Path) -> None:
    """Four times the rows in one and the same city, all alike in name, take less than three quarters of sixteen times as long."""
    import time

    def seconds(count: int) -> float:
        rows = [f"第{number}号望海楼,青岛,{number % 90},{36 + number % 97 / 500},{120.1 + number % 89 / 400}" for number in range(count)]
        file = table(tmp_path, "name,city,price,lat,lon", *rows, name=f"{count}.csv")
        begun = time.process_time()
        import_files([file], tmp_path / str(count), base)
        return time.process_time() - begun

    seconds(200)
    assert seconds(8000) < 12 * seconds(2000)


def test_the_collector_is_left_as_it_was(take: Import, tmp_path: Path) -> None:
    """An import lets cycles be sought rarely, and only while it runs."""
    before = gc.get_threshold()
    during: list[tuple[int, int, int]] = []
    import_files([table(tmp_path, "名称,城市", "望潮亭,青岛")], tmp_path / "home", a_base(), progress=lambda *_: during.append(gc.get_threshold()))
    take(tmp_path / "none.csv")
    assert (gc.get_threshold(), during) == (before, [(100_000, *before[1:])])
