"""Prices as people write them: adult, seasons, concessions, extras, and what is no price."""

import pytest

from knowledge.ways_in.price_text import PriceReading, read_concessions, read_price


def told(read: PriceReading) -> dict[str, object]:
    """What was read, without what was not."""
    fields = {"adult": read.adult_yuan, "low": read.low_yuan, "peak": str(read.peak) if read.peak else None, "student": read.student_yuan,
              "senior": read.senior_free_age, "child": read.child_free_cm, "booking": read.booking,
              "extras": [(extra.name, extra.yuan) for extra in read.extras] or None, "from": read.is_from or None}
    return {key: value for key, value in fields.items() if value is not None}


@pytest.mark.parametrize(("text", "expected"), [
    ("60", {"adult": 60}), (60, {"adult": 60}), (12.5, {"adult": 12.5}), (0, {"adult": 0}), ("￥60", {"adult": 60}), ("¥60.00", {"adult": 60}),
    ("60元/人", {"adult": 60}), ("RMB 60", {"adult": 60}), ("门票：60元", {"adult": 60}), ("¥60起", {"adult": 60, "from": True}),
    ("免费", {"adult": 0}), ("免费开放", {"adult": 0}), ("凭身份证免费参观，需提前预约", {"adult": 0, "booking": "required"}),
    ("成人票60元，学生票30元", {"adult": 60, "student": 30}), ("旺季60元，淡季40元", {"adult": 60, "low": 40}),
    ("旺季（4月1日-10月31日）60元/人；淡季（11月1日-次年3月31日）40元/人", {"adult": 60, "low": 40, "peak": "4.1-10.31"}),
    ("4-10月60元，11-3月40元", {"adult": 60, "low": 40, "peak": "4.1-10.31"}),
    ("60元（旺季4-10月），40元（淡季11-3月）", {"adult": 60, "low": 40, "peak": "4.1-10.31"}),
    ("门票60元，观光车30元，联票150元", {"adult": 60, "extras": [("观光车", 30)]}), ("景区免费，缆车往返80元", {"adult": 0, "extras": [("缆车", 80)]}),
    ("成人票120元；60-69岁半价，70岁（含）以上老人免费；身高1.2米（含）以下儿童免费", {"adult": 120, "senior": 70, "child": 120}),
    ("{'成人票': '¥60.0', '学生票': '¥30', '成人票+讲解': '¥99起'}", {"adult": 60, "student": 30}),
    ({"旺季成人票": 80, "淡季成人票": "50元"}, {"adult": 80, "low": 50}),
])
def test_prices_are_read(text: object, expected: dict[str, object]) -> None:
    """Numbers, currency signs, seasons with and without dates, students, elders, children, and the price dictionary."""
    assert told(read_price(text)) == expected


@pytest.mark.parametrize("text", ["面议", "电询", "联票90元", "70岁以上老人免费", "包含在景区大门票中", "成人100元，成人120元", -5, 999999, "=1+1", "夜场票80元"])
def test_what_is_no_admission_is_none(text: object) -> None:
    """A price that is not the plain adult admission is never taken for it; the words are kept."""
    read = read_price(text)
    assert read.adult_yuan is None
    assert read.note


@pytest.mark.parametrize("text", ["", "暂无", "--", None])
def test_nothing_says_nothing(text: object) -> None:
    """An empty cell is no price and no note."""
    assert read_price(text) == PriceReading()


def test_the_sights_own_name_is_no_stranger() -> None:
    """A number beside the sight's name is its price; beside another name it is not."""
    assert read_price("龙门石窟门票90元", "龙门石窟").adult_yuan == 90
    assert read_price("香山寺门票90元", "龙门石窟").adult_yuan is None


def test_a_dictionary_is_read_and_not_run() -> None:
    """A cell that looks like code is text."""
    assert read_price("{'成人票': __import__('os').getcwd()}").adult_yuan is None


def test_several_adult_products_are_a_price_from() -> None:
    """Where the products differ, the price is marked as one of several."""
    read = read_price({"成人票": 60, "成人票（平日）": 55})
    assert (read.adult_yuan, read.is_from) == (60, True)


def test_concessions_are_read_alone() -> None:
    """A page's 优待政策 tells ages, heights and booking without a price."""
    assert told(read_concessions("60岁（含）以上老人免费；身高1.4米（含）以下儿童免费；需提前预约")) == {
        "senior": 60, "child": 140, "booking": "required"}
