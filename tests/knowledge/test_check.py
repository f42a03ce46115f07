"""The linter over the data: the shipped data is clean, and each rule finds its own fault."""

from typing import Any

import pytest

from knowledge.check import Finding, check
from tests.knowledge.small_world import FREE, a_base, a_city, a_sight, bands, shipped

HERE = {"source": "hand-2025"}


def test_the_shipped_data_has_no_findings() -> None:
    """Nothing that a linter can see is wrong with what we ship."""
    assert [str(finding) for finding in check(shipped())] == []


def test_a_faultless_base_has_no_findings() -> None:
    """The small world that the other tests break one thing in is clean to begin with."""
    full = {
        "ticket": {"adult_yuan": 60, "low_yuan": 40, "peak": "4-10", "student_yuan": 30, **HERE},
        "hours": {"periods": ["08:30-17:00 last 16:00"], "closed_weekdays": [1], **HERE},
        "visit": {"minutes_min": 60, "minutes_max": 120, **HERE},
        "position": {"latitude_deg": 36.06, "longitude_deg": 120.32, **HERE},
    }
    assert check(a_base(a_sight(**full), cities=(a_city(meals=bands(20, 40), lodging=bands(120, 240)),))) == []


@pytest.mark.parametrize(("change", "field", "problem"), [
    ({"tags": ["海滨", "好玩"]}, "tags", "好玩 is not in knowledge/tags.py"),
    ({"tags": []}, "tags", "none given"),
    ({"name_en": "Zhanqiao 栈桥"}, "name_en/summary_en", "holds Chinese characters"),
    ({"summary_en": "An old 码头."}, "name_en/summary_en", "holds Chinese characters"),
    ({"summary": "门票60元。"}, "summary", "holds a figure; figures live in fact blocks"),
    ({"summary_en": "Built in 1892."}, "summary_en", "holds a figure; figures live in fact blocks"),
    ({"ticket": {"adult_yuan": 60, "source": "hearsay"}}, "ticket", "source hearsay is not in sources.yaml"),
    ({"rating": {"score": 4.5, "source": "hearsay"}}, "rating", "source hearsay is not in sources.yaml"),
    ({"ticket": {"adult_yuan": 801, **HERE}}, "ticket", "801 yuan is above 800"),
    ({"ticket": {"adult_yuan": 60, "low_yuan": 40, **HERE}}, "ticket", "a low-season price needs adult_yuan and peak"),
    ({"ticket": {"low_yuan": 40, "peak": "4-10", **HERE}}, "ticket", "a low-season price needs adult_yuan and peak"),
    ({"ticket": {"adult_yuan": 40, "low_yuan": 60, "peak": "4-10", **HERE}}, "ticket", "the low-season price is above the peak price"),
    ({"ticket": {"adult_yuan": 40, "student_yuan": 60, **HERE}}, "ticket", "students pay more than adults"),
    ({"hours": HERE}, "hours", "neither a period nor a note"),
    ({"hours": {"periods": ["08:00-17:00"], "closed_weekdays": [0], **HERE}}, "hours", "weekdays count from 1 (Monday) to 7"),
    ({"hours": {"periods": ["08:00-08:30"], **HERE}}, "hours", "open for 30 minutes"),
    ({"hours": {"periods": ["08:00-17:00 last 18:00"], **HERE}}, "hours", "the last entry lies outside the opening period"),
    ({"visit": {"minutes_min": 120, "minutes_max": 60, **HERE}}, "visit", "the shortest stay is longer than the longest"),
    ({"position": {"latitude_deg": 39.9, "longitude_deg": 116.4, **HERE}}, "position", "550 km from the city"),
])
def test_each_fault_of_a_sight_is_found(change: dict[str, Any], field: str, problem: str) -> None:
    """One fault gives one finding, which names the city, the sight, the field and what was seen."""
    assert [Finding("青岛 栈桥", field, problem)] == check(a_base(a_sight(**change)))


@pytest.mark.parametrize(("change", "field", "problem"), [
    ({"summary": "有8个区。"}, "summary", "holds a figure; figures live in fact blocks"),
    ({"summary_en": "It has 8 districts."}, "summary_en", "holds a figure; figures live in fact blocks"),
    ({"transport": "坐地铁3号线。"}, "transport", "holds a figure; figures live in fact blocks"),
    ({"transport_en": "Take metro line 3."}, "transport_en", "holds a figure; figures live in fact blocks"),
    ({"meals": bands(40, 20)}, "meals", "a band's low end is above its high end"),
    ({"lodging": bands(240, 120)}, "lodging", "a band's low end is above its high end"),
    ({"source": "hearsay"}, "source", "hearsay is not in sources.yaml"),
])
def test_each_fault_of_a_city_is_found(change: dict[str, Any], field: str, problem: str) -> None:
    """One fault gives one finding, which names the city, the field and what was seen."""
    assert [Finding("青岛", field, problem)] == check(a_base(a_sight(), cities=(a_city(**change),)))


def test_two_sights_of_one_name_in_a_city_are_found() -> None:
    """A name, be it an alias, may stand only once in a city."""
    base = a_base(a_sight("栈桥"), a_sight("回澜阁", rank=2, aliases=("栈桥",)))
    assert [str(finding) for finding in check(base)] == ["青岛: sights: the name 栈桥 stands 2 times"]


def test_the_same_name_in_two_cities_is_no_fault() -> None:
    """Many cities have a 人民公园."""
    cities = (a_city(), a_city("jinan", name="济南", name_en="Jinan"))
    assert check(a_base(a_sight("人民公园"), a_sight("人民公园", "jinan", ticket=FREE), cities=cities)) == []
