"""Records, and the data files they are read from."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.builtin import load_builtin
from knowledge.errors import DataError
from knowledge.records import Datum, attraction_id
from tests.knowledge.small_world import CITY, SIGHT, a_sight, shipped, write_data


def test_a_sight_keeps_its_id_over_the_years() -> None:
    """The id comes from city and name alone, so that links and vectors survive a release."""
    assert attraction_id("qingdao", "栈桥") == "qingdao-d66f93da"


def test_a_record_answers_to_all_its_names() -> None:
    """The main name stands first, then the aliases in their order."""
    assert a_sight(aliases=("青岛栈桥", "回澜阁")).names == ("栈桥", "青岛栈桥", "回澜阁")


def test_only_facts_that_are_present_are_listed() -> None:
    """A sight names the source of each fact it holds, and of no other."""
    sight = a_sight(ticket={"adult_yuan": 0, "source": "hand-2025"}, grade={"level": "4A", "source": "qunar-2023"})
    assert sight.facts() == {"level": "qunar-2023", "ticket": "hand-2025"}


def test_records_are_frozen() -> None:
    """Nobody can change a price once it is read."""
    with pytest.raises(ValidationError, match="frozen"):
        a_sight().name = "别的"  # type: ignore[misc]


def test_positions_are_gcj02_unless_said_otherwise() -> None:
    """A position carries its datum; the shift between datums is hundreds of metres."""
    place = {"latitude_deg": 36.06, "longitude_deg": 120.32, "source": "hand-2025"}
    datums = [a_sight(position=position).position for position in (place, place | {"datum": "WGS-84"})]
    assert [position.datum for position in datums if position] == [Datum.GCJ02, Datum.WGS84]


def test_a_city_file_becomes_a_city_and_its_sights(tmp_path: Path) -> None:
    """The file's stem is the city's id and the order of its sights is their rank."""
    base = load_builtin(write_data(tmp_path, [SIGHT, {**SIGHT, "name": "八大关"}]))
    assert list(base.city_by_id) == ["qingdao"]
    assert [(s.name, s.rank, s.city) for s in base.in_city("qingdao")] == [("栈桥", 1, "qingdao"), ("八大关", 2, "qingdao")]
    assert [attraction_id("qingdao", "栈桥"), attraction_id("qingdao", "八大关")] == list(base.attraction_by_id)
    assert base.source_by_id["hand-2025"].year == 2025


def test_seasons_and_hours_are_read_from_their_short_form(tmp_path: Path) -> None:
    """A file writes seasons and opening periods as text; the record holds them ready to ask."""
    ticket = {"adult_yuan": 60, "low_yuan": 40, "peak": "4-10", "source": "hand-2025"}
    hours = {"periods": ["w2-7 08:30-17:00"], "closed_weekdays": [1], "source": "hand-2025"}
    (sight,) = load_builtin(write_data(tmp_path, [{**SIGHT, "ticket": ticket, "hours": hours}])).attractions
    assert sight.ticket
    assert sight.ticket.peak
    assert sight.hours
    assert sight.ticket.peak.holds(date(2026, 7, 1))
    assert [period.open_minute for period in sight.hours.periods] == [510]


@pytest.mark.parametrize(("change", "field"), [
    ({"ticket": {"adult_yuan": -5, "source": "x"}}, "ticket.adult_yuan"),
    ({"ticket": {"adult_yuan": 60}}, "ticket.source"),
    ({"ticket": {"adult_yuan": 60, "student": 30, "source": "x"}}, "ticket.student"),
    ({"grade": {"level": "6A", "source": "x"}}, "grade.level"),
    ({"visit": {"minutes_min": 1, "minutes_max": 60, "source": "x"}}, "visit.minutes_min"),
    ({"position": {"latitude_deg": 120.3, "longitude_deg": 36.1, "source": "x"}}, "position.latitude_deg"),
    ({"setting": "underwater"}, "setting"),
    ({"price": 60}, "price"),
    ({"ticket": {"adult_yuan": 60, "peak": "4.31-10.1", "source": "x"}}, "ticket.peak"),
    ({"hours": {"periods": ["9 to 5"], "source": "x"}}, "hours.periods"),
])
def test_a_bad_record_is_refused_by_file_name_and_field(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    """A record that breaks a rule raises a `DataError` naming the file, the record and the field."""
    folder = write_data(tmp_path, [SIGHT, {**SIGHT, "name": "八大关", **change}])
    with pytest.raises(DataError) as error:
        load_builtin(folder)
    assert [part for part in ("qingdao.yaml", "八大关", field) if part not in str(error.value)] == []


@pytest.mark.parametrize(("sights", "city"), [
    (None, CITY), ("栈桥", CITY), (["栈桥"], CITY), ([SIGHT], None), ([SIGHT], "青岛"),
])
def test_a_file_of_another_shape_is_refused_by_name(tmp_path: Path, sights: object, city: object) -> None:
    """Where a list or a mapping is missing, a `DataError` names the file instead of a stray Python error."""
    with pytest.raises(DataError, match=r"qingdao\.yaml"):
        load_builtin(write_data(tmp_path, sights, city))


def test_a_sight_without_a_name_is_refused_by_its_place(tmp_path: Path) -> None:
    """A record that lacks even its name is still pointed at."""
    nameless = {key: value for key, value in SIGHT.items() if key != "name"}
    with pytest.raises(DataError, match=r"qingdao\.yaml: .+: name: "):
        load_builtin(write_data(tmp_path, [SIGHT, nameless]))


def test_a_bad_source_is_refused_by_file_and_name(tmp_path: Path) -> None:
    """A source without a year raises a `DataError` naming sources.yaml and the source."""
    folder = write_data(tmp_path, [SIGHT])
    (folder / "sources.yaml").write_text("- {id: qunar-2023, label: 去哪儿, label_en: Qunar}", encoding="utf-8")
    with pytest.raises(DataError, match=r"sources\.yaml: qunar-2023: year: "):
        load_builtin(folder)


@pytest.mark.parametrize("text", ["city: [", "city: {}", "- 1", ""])
def test_a_file_that_is_no_city_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    """Broken YAML, or YAML without its two keys, raises a `DataError` naming the file."""
    folder = write_data(tmp_path, [SIGHT])
    (folder / "cities" / "qingdao.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"qingdao\.yaml"):
        load_builtin(folder)


def test_missing_data_says_how_to_get_it_back(tmp_path: Path) -> None:
    """Without data files the error says what to type."""
    with pytest.raises(DataError, match="git checkout -- knowledge/data"):
        load_builtin(tmp_path)


def test_the_shipped_data_holds_enough_cities_and_sights() -> None:
    """At least twelve cities ship with twenty sights or more each, 青岛 and 北京 among them."""
    base = shipped()
    full = {city.name for city in base.cities if len(base.in_city(city.id)) >= 20}
    assert {"青岛", "北京"} <= full
    assert len(full) >= 12


def test_ids_of_shipped_sights_are_unique() -> None:
    """No two shipped sights share an id."""
    base = shipped()
    assert len(base.attractions) == len(base.attraction_by_id)


@pytest.mark.parametrize(("city", "name", "adult_yuan", "low_yuan", "closed_weekdays"), [
    ("beijing", "故宫博物院", 60, 40, (1,)),
    ("qingdao", "栈桥", 0, None, ()),
    ("lhasa", "布达拉宫", 200, 100, ()),
])
def test_the_best_known_sights_hold_their_known_prices(
    city: str, name: str, adult_yuan: float, low_yuan: float | None, closed_weekdays: tuple[int, ...],
) -> None:
    """Peak and low price and weekly closing day of sights that everybody knows are as everybody knows them."""
    sight = shipped().attraction_by_id[attraction_id(city, name)]
    assert sight.ticket
    assert sight.hours
    assert (adult_yuan, low_yuan) == (sight.ticket.adult_yuan, sight.ticket.low_yuan)
    assert closed_weekdays == sight.hours.closed_weekdays
