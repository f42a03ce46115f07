"""Reading what is to be changed in an itinerary."""

import pytest

from chains.understanding.changes import Change, days_named, read_change

PIER, VILLAS = "pier", "villas"


@pytest.mark.parametrize(("text", "places", "change"), [
    ("第二天轻松点", (), Change("easier", (2,))),
    ("第3天太累了", (), Change("easier", (3,))),
    ("最后一天少排点", (), Change("easier", (-1,))),
    ("make day 2 easier", (), Change("easier", (2,))),
    ("the second day is too full", (), Change("easier", (2,))),
    ("加上崂山", (PIER,), Change("add", (), (PIER,))),
    ("第一天加上崂山", (PIER,), Change("add", (1,), (PIER,))),
    ("also visit Laoshan", (PIER,), Change("add", (), (PIER,))),
    ("去掉栈桥", (PIER,), Change("remove", (), (PIER,))),
    ("栈桥不去了", (PIER,), Change("remove", (), (PIER,))),
    ("drop Zhanqiao Pier", (PIER,), Change("remove", (), (PIER,))),
    ("把栈桥换成八大关", (PIER, VILLAS), Change("replace", (), (PIER, VILLAS))),
    ("栈桥换掉", (PIER,), Change("replace", (), (PIER,))),
    ("replace the pier with Badaguan", (PIER, VILLAS), Change("replace", (), (PIER, VILLAS))),
    ("八大关放到第三天", (VILLAS,), Change("move", (3,), (VILLAS,))),
    ("move Badaguan to day 3", (VILLAS,), Change("move", (3,), (VILLAS,))),
    ("第一天和第二天对调", (), Change("swap", (1, 2))),
    ("swap day 1 and day 2", (), Change("swap", (1, 2))),
    ("锁定八大关", (VILLAS,), Change("lock", (), (VILLAS,))),
    ("重新排一下", (), Change("again")),
])
def test_a_change_is_read(text: str, places: tuple[str, ...], change: Change) -> None:
    """Kind, days and sights of a change in both languages."""
    assert read_change(text, places) == change


@pytest.mark.parametrize(("text", "places"), [
    ("第二天几点出发", ()), ("栈桥门票多少钱", (PIER,)), ("轻松点的城市有哪些", ()), ("thanks a lot", ()), ("崂山怎么样", (PIER,)),
])
def test_a_question_is_no_change(text: str, places: tuple[str, ...]) -> None:
    """Asking about a plan changes nothing."""
    assert read_change(text, places) is None


def test_days_are_read_in_the_order_they_are_said() -> None:
    """Chinese numerals, digits and English words."""
    assert days_named("第三天和第1天") == (3, 1)
    assert days_named("the first day and day 4") == (1, 4)
    assert days_named("三天") == ()
