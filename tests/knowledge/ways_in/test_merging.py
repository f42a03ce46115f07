"""Which rows are one sight: by name, by ornaments, by place; and which are not."""

from pathlib import Path

import pytest

from knowledge.geometry import Spot
from knowledge.ways_in.imported import KeyRow, opened, put
from knowledge.ways_in.matching import Known, Shelf, core, same_subject

HERE = Spot(36.0600, 120.3200)
NEAR = Spot(36.0620, 120.3200)  # 220 metres
FAR = Spot(36.1600, 120.3200)  # 11 km
CITY_NAMES = {"qingdao": ("青岛", "青岛市"), "yantai": ("烟台",)}


def shelf(*names: str, point: Spot | None = HERE, city: str = "qingdao") -> Shelf:
    """A shelf that holds one sight."""
    return Shelf([Known("one", city, names[0], point=point).called(names)], CITY_NAMES)


@pytest.mark.parametrize("name", ["崂山", "崂山风景区", "崂山国家级风景名胜区", "青岛崂山", "崂山（太清景区）", "崂 山", "青岛市崂山旅游区"])
def test_ornaments_make_no_other_sight(name: str) -> None:
    """The city in front, 风景区 behind, brackets and spaces are ornaments."""
    assert shelf("崂山").named("qingdao", (name,), None) is not None


def test_aliases_count() -> None:
    """A row under any name of a sight is that sight."""
    assert shelf("故宫博物院", "故宫", "紫禁城").named("qingdao", ("紫禁城",), None) is not None


@pytest.mark.parametrize("name", ["崂山区", "小崂山", "崂山水库"])
def test_other_names_are_other_sights(name: str) -> None:
    """A name that only contains another is a sight of its own."""
    assert shelf("崂山").named("qingdao", (name,), None) is None


def test_the_same_name_far_away_is_another_sight_where_only_the_core_is_equal() -> None:
    """Ornaments apart equal but 11 km away: two sights."""
    assert shelf("海泉湾").named("qingdao", ("海泉湾度假村风景区",), FAR) is None
    assert shelf("金沙滩").named("qingdao", ("金沙滩景区",), FAR) is None
    assert shelf("金沙滩").named("qingdao", ("金沙滩景区",), NEAR) is not None


def test_place_joins_a_part_of_a_name() -> None:
    """太清宫 and 崂山太清宫 at the same place are one; far away, or alike only in a common word, they are not."""
    assert shelf("崂山太清宫").near("qingdao", "太清宫", NEAR) is not None
    assert shelf("崂山太清宫").near("qingdao", "太清宫", FAR) is None
    assert shelf("海军博物馆").near("qingdao", "博物馆", NEAR) is None
    assert shelf("青岛路步行街").near("qingdao", "海军博物馆", NEAR) is None


def test_a_city_border_does_not_part_a_sight() -> None:
    """The same name at the same place under another city's heading is the same sight."""
    assert shelf("昆嵛山", city="yantai").near("qingdao", "昆嵛山风景区", NEAR) is not None


def test_cores_keep_two_characters() -> None:
    """A name made of ornaments alone, or of its city's name, keeps something to be found by."""
    assert core("青岛风景区", ("青岛",)) == "青岛"
    assert core("大理古城", ("大理",)) == "大理古城"


def test_parts_under_a_sights_further_names_are_told() -> None:
    """长海 is listed under 九寨沟 and is only a part of it; 故宫 is 故宫博物院."""
    assert not same_subject("长海", "九寨沟")
    assert same_subject("故宫", "故宫博物院")


def steps_of_a_look(home: Path, names: int) -> int:
    """How many steps SQLite takes to look for two names among so many."""
    steps = []
    with opened(home) as store, store.transaction() as connection:
        put(connection, KeyRow, [{"city": "qingdao", "key": f"望海{number}", "sight": f"qingdao-{number}"} for number in range(names)])
        connection.connection.driver_connection.set_progress_handler(lambda: steps.append(1) and None, 1)  # type: ignore[union-attr]  # SQLite's own
        store.known(connection, {("qingdao", "听潮寺"), ("yantai", "听潮寺")}, set())
    return len(steps)


def test_looking_for_names_takes_no_longer_among_many(tmp_path: Path) -> None:
    """Merging stays linear in the rows: a look for names reads the places of these names, not the whole table."""
    assert steps_of_a_look(tmp_path / "many", 4000) < 1.5 * steps_of_a_look(tmp_path / "few", 100)
