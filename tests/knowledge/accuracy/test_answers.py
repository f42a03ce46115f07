"""Right answers: read from the record, and compared with what a text says."""

from typing import Any

import pytest

from knowledge.accuracy.answers import Listed, answer_of
from tests.knowledge.small_world import SOURCE, a_city, a_sight

BY = {"source": SOURCE["id"]}
PALACE = a_sight(
    "故宫", name_en="Forbidden City", aliases=["紫禁城"], district="东城区", address="景山前街4号", grade={"level": "5A", **BY},
    ticket={"adult_yuan": 60, "low_yuan": 40, "peak": "4-10", **BY}, visit={"minutes_min": 180, "minutes_max": 300, **BY},
    hours={"periods": ["4-10 08:30-17:00", "11-3 08:30-16:30"], "closed_weekdays": [1], **BY},
)
BARE = a_sight("无名处")


@pytest.mark.parametrize(("kind", "text"), [
    ("price", "旺季60元，淡季40元"), ("price", "￥60 in summer, ￥40 in winter"),
    ("hours", "4月1日–10月31日 08:30–17:00，其余 8:30–16:30"), ("closed", "周一闭馆"), ("closed", "It is closed on Mondays"),
    ("duration", "3–5小时"), ("duration", "四个小时"), ("level", "国家5A级旅游景区"), ("where", "在东城区"), ("where", "Dongcheng district"),
    ("where", "景山前街4号"), ("name", "那是紫禁城"), ("name", "the Forbidden City"),
])
def test_a_right_answer_matches(kind: str, text: str) -> None:
    """The record's fact in any wording and either language is right."""
    answer = answer_of(kind, PALACE, a_city())
    assert answer is not None
    assert answer.matches(text)


@pytest.mark.parametrize(("kind", "text"), [
    ("price", "60元"), ("price", "免费"), ("price", "65元，淡季40元"), ("hours", "08:30–17:00"), ("closed", "周二闭馆"), ("closed", "没有固定闭馆日"),
    ("closed", "周一、周二闭馆"), ("duration", "1小时"), ("duration", "3–8小时"), ("level", "4A"), ("level", "4A或者5A"), ("where", "西城区"), ("name", "颐和园"),
])
def test_a_wrong_answer_does_not(kind: str, text: str) -> None:
    """Half of the seasons, another day, another span, both levels: none of it is right."""
    answer = answer_of(kind, PALACE, a_city())
    assert answer is not None
    assert not answer.matches(text)


def test_who_asks_for_the_district_is_told_the_district() -> None:
    """An address alone does not answer 在哪个区."""
    answer = answer_of("where", PALACE, a_city(), "故宫在哪个区")
    assert answer is not None
    assert (answer.matches("景山前街4号"), answer.matches("东城区景山前街4号")) == (False, True)


@pytest.mark.parametrize("kind", ["price", "hours", "closed", "duration", "level", "other"])
def test_what_the_record_lacks_has_no_answer(kind: str) -> None:
    """Of a record without the fact the right answer is a refusal."""
    assert answer_of(kind, BARE, a_city()) is None


@pytest.mark.parametrize("changes", [{"ticket": {"adult_yuan": None, **BY}}, {"hours": {"periods": [], "note": "见公告", **BY}}])
def test_an_empty_fact_has_no_answer_either(changes: dict[str, Any]) -> None:
    """A ticket without a price and hours without a period are nothing to compare with."""
    kind = "price" if "ticket" in changes else "hours"
    assert answer_of(kind, a_sight("某处", **changes), a_city()) is None


@pytest.mark.parametrize(("text", "right"), [
    ("1. 故宫（60元）：好看。", True), ("1. Forbidden City (60 yuan): grand.", True), ("可以去故宫。", True),
    ("1. 故宫（60元）：好看。\n2. 长城（40元）：雄伟。", False), ("去长城吧。", False), ("", False),
])
def test_a_list_holds_nothing_but_right_sights(text: str, right: bool) -> None:
    """Every numbered item must meet the conditions; where nothing is numbered one right name is enough."""
    assert Listed.of([PALACE]).matches(text) is right
