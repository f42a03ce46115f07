"""Sights that lie in other sights: how a data file says so, what the linter finds, and what stays as it was."""

from pathlib import Path

import pytest

from knowledge.builtin import load_builtin
from knowledge.catalogue import Catalogue, build_catalogue
from knowledge.check import Finding, check
from knowledge.passages import passages_of
from knowledge.records import attraction_id
from tests.knowledge.small_world import SIGHT, a_base, a_city, a_sight, shipped, write_data

LAOSHAN = attraction_id("qingdao", "崂山")


def test_a_file_names_the_sight_that_a_part_lies_in(tmp_path: Path) -> None:
    """The name in the file becomes the id of the sight of that name, wherever it stands in the file."""
    sights = [{**SIGHT, "name": "太清宫", "part_of": "崂山"}, {**SIGHT, "name": "崂山"}]
    base = load_builtin(write_data(tmp_path, sights))
    assert [sight.part_of for sight in base.attractions] == [LAOSHAN, None]
    assert check(base) == []


def test_the_catalogue_keeps_what_lies_in_what(tmp_path: Path) -> None:
    """A part read back from SQL still knows its whole."""
    url = f"sqlite:///{tmp_path / 'catalogue.db'}"
    part = a_sight("太清宫", rank=2, part_of=LAOSHAN)
    build_catalogue(url, a_base(a_sight("崂山"), part))
    assert [sight.part_of for sight in Catalogue(url).get([part.id])] == [LAOSHAN]


def test_a_part_reads_like_any_other_sight() -> None:
    """What is searched does not depend on what a sight lies in, so that shipped vectors stay valid."""
    assert passages_of(a_sight("太清宫", part_of=LAOSHAN), a_city()) == passages_of(a_sight("太清宫"), a_city())


@pytest.mark.parametrize(("whole", "problem"), [
    ("太清宫", "names the sight itself"),
    ("浮山", f"{attraction_id('qingdao', '浮山')} is no sight of its city; give the main name of one in the same file"),
    ("巨峰", "巨峰 is itself part of another sight; name the outermost"),
])
def test_a_part_of_the_wrong_thing_is_found(whole: str, problem: str) -> None:
    """Itself, nothing, and a part of a third are each one finding that names the sight."""
    base = a_base(a_sight("崂山"), a_sight("巨峰", rank=2, part_of=LAOSHAN),
                  a_sight("太清宫", rank=3, part_of=attraction_id("qingdao", whole)))
    assert check(base) == [Finding("青岛 太清宫", "part_of", problem)]


def test_a_part_of_a_sight_of_another_city_is_found() -> None:
    """A whole lies in the same city's file."""
    whole = a_sight("千佛山", "jinan")
    base = a_base(whole, a_sight("太清宫", part_of=whole.id), cities=(a_city(), a_city("jinan", name="济南", name_en="Jinan")))
    assert [finding.field for finding in check(base)] == ["part_of"]


@pytest.mark.parametrize(("city", "part", "whole"), [
    ("huangshan", "光明顶", "黄山风景区"), ("taian", "碧霞祠", "泰山风景区"), ("zhangjiajie", "袁家界", "张家界国家森林公园"),
    ("qingdao", "崂山太清宫", "崂山风景区"), ("leshan", "清音阁", "峨眉山"),
])
def test_shipped_peaks_and_temples_know_their_mountain(city: str, part: str, whole: str) -> None:
    """What stands behind a mountain's gate is a part of it."""
    record = shipped().attraction_by_id[attraction_id(city, part)]
    assert record.part_of == attraction_id(city, whole)


@pytest.mark.parametrize(("city", "name"), [
    ("hangzhou", "断桥残雪"), ("hangzhou", "苏堤"), ("qingdao", "崂山巨峰游览区"), ("qingdao", "崂山仰口游览区"), ("leshan", "报国寺"),
])
def test_open_country_and_gates_of_their_own_are_parts_of_nothing(city: str, name: str) -> None:
    """A stroll by a free lake and a valley with its own ticket are sights of their own."""
    assert shipped().attraction_by_id[attraction_id(city, name)].part_of is None
