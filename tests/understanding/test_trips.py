"""Conditions stated in free text: the hand-written set, what must never be dropped, and the parts one by one."""

import re
from datetime import date

import pytest

from chains.understanding import Understanding
from chains.understanding.clauses import clauses_of
from chains.understanding.conditions_holidays import holiday_start
from chains.understanding.request import State
from chains.understanding.trip import trip_of
from knowledge.catalogue import Catalogue
from tests.bench.trips import TODAY, Judge, Outcome, facts_of, item_of, items, share, together


@pytest.fixture(scope="module")
def judge(catalogue: Catalogue) -> Judge:
    """The comparison over the shipped records."""
    return Judge(catalogue)


@pytest.fixture(scope="module")
def outcomes(judge: Judge) -> list[Outcome]:
    """Every request of the set, read."""
    return [judge.outcome(item) for item in items()]


def test_conditions_are_read_as_the_traveller_meant_them(outcomes: list[Outcome]) -> None:
    """In at least nine requests of ten every condition is right, and none was made up."""
    wrong = [outcome for outcome in outcomes if not outcome.right]
    print(f"{len(outcomes) - len(wrong)} of {len(outcomes)} = {share(outcomes):.1%}")
    assert share(outcomes) >= 0.9, "\n".join(map(str, wrong))


def test_nothing_stated_is_silently_dropped(outcomes: list[Outcome]) -> None:
    """A condition that was not read is shown among the words that were not understood."""
    assert [str(outcome) for outcome in outcomes if outcome.dropped] == []


def test_the_set_is_large_mixed_and_partly_held_back() -> None:
    """At least 300 requests, about three fifths Chinese, at least 100 of them never looked at, none twice."""
    texts = [item.text for item in items()]
    chinese = sum(bool(re.search("[\u4e00-\u9fff]", text)) for text in texts)
    assert len(texts) >= 300
    assert 0.5 <= chinese / len(texts) <= 0.7
    assert sum(item.held for item in items()) >= 100
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(("text", "facts"), [
    ("杭州三天，酒店离西湖一公里内", ["near 西湖 1000"]),
    ("杭州两天，灵隐寺下午三点后再去", ["at 灵隐寺 15:00-"]),
    ("北京三天，故宫或者颐和园都行", ["visit 故宫博物院/颐和园"]),
    ("北京三天，一公里以内步行，不打车", ["walkbelow 1000", "local walk metro bus"]),
    ("Xi'an 2 days, hotel with a gym or a pool", ["feature 健身 | feature 泳池"]),
    ("成都三天，不吃辣，至少两个景点每天", ["noeat 辣", "perday 2-"]),
])
def test_a_condition_is_read(text: str, facts: list[str], judge: Judge) -> None:
    """The conditions that the issue names, one by one, and nothing beside them."""
    trip = judge.trip(text)
    assert set(together(facts_of(trip))) == set(together(fact for notation in facts for fact in judge.facts(notation, trip)))


@pytest.mark.parametrize(("text", "words"), [
    ("北京三天，想坐热气球", "想坐热气球"),
    ("杭州两天，门票不超过50的景点", "门票不超过50的景点"),
    ("青岛三天，只去5A景区", "只去5A景区"),
    ("Beijing 3 days, wheelchair accessible", "wheelchair accessible"),
    ("西安两天，每顿饭不超过五十", "每顿饭不超过五十"),
])
def test_what_no_condition_holds_is_shown(text: str, words: str, judge: Judge) -> None:
    """Words outside of everything we know come back as they were written."""
    assert words in judge.trip(text).unread


@pytest.mark.parametrize("text", ["你好，北京三天，谢谢", "Hi, Beijing for 3 days please, thanks!", "我想带孩子去青岛玩四天"])
def test_politeness_is_not_shown_as_unread(text: str, judge: Judge) -> None:
    """Greetings, thanks and the words every request is made of are no conditions."""
    assert judge.trip(text).unread == ()


def test_a_condition_keeps_the_words_it_was_said_in(judge: Judge) -> None:
    """What was understood can be shown beside what was said."""
    trip = judge.trip("青岛三天，酒店要有泳池，吃海鲜")
    assert [wish.said for wish in trip.constraints] == ["酒店要有泳池", "吃海鲜"]


def test_the_city_one_starts_from_is_no_stay(judge: Judge) -> None:
    """The origin is read apart, with the ways there and back."""
    trip = judge.trip("我在上海，想去北京三天西安两天")
    assert (trip.origin, [(stay.city, stay.days) for stay in trip.stays]) == ("shanghai", [("beijing", 3), ("xian", 2)])


def test_a_follow_up_keeps_slots_and_not_the_conditions_of_earlier_words(catalogue: Catalogue) -> None:
    """Budget and places are carried on as slots without doubling; other conditions belong to the turn that said them."""
    reader = Understanding(catalogue, lambda: TODAY)
    first = reader.read("青岛三天怎么安排，预算3000，一公里以内步行，要去栈桥")
    second = reader.read("改成四天", State(first))
    kinds = [[wish.kind for wish in trip_of(request, catalogue, TODAY)[0].constraints] for request in (first, second)]
    assert sorted(kinds[0]) == ["budget", "visit", "walk_below"]
    assert sorted(kinds[1]) == ["budget", "visit"]


def test_a_holiday_gives_the_first_day(judge: Judge) -> None:
    """A named holiday is a date, whether the sun or the moon sets it."""
    assert judge.trip("春节去哈尔滨四天").start == date(2027, 2, 6)
    assert holiday_start("国庆", TODAY) == date(2027, 10, 1)
    assert holiday_start("中秋", date(2040, 1, 1)) is None


@pytest.mark.parametrize("text", [
    "故宫玩30小时，0元，走路不超过0米", "北京99天上海99天", "§§§¤¤··预算-500", "between 2 and 1 pm at the Bund", "24:30前回酒店，每天50个景点", "不" * 400,
])
def test_odd_requests_give_a_trip(text: str, judge: Judge) -> None:
    """Impossible figures and signs of our own never raise: a trip comes out, and what it cannot hold is left out or shown."""
    assert judge.trip(text).days >= 1


def test_clauses_keep_numbers_and_choices_whole() -> None:
    """A thousands comma, a decimal point and an "or" do not cut a clause."""
    pieces = [clause.text for clause in clauses_of("预算1,500元,走1.5公里,住全季,或者亚朵")]
    assert pieces == ["预算1,500元", "走1.5公里", "住全季,或者亚朵"]


@pytest.mark.parametrize(("line", "right"), [
    ("成都三天，[吃火锅](eat 火锅)", True), ("成都三天，[吃火锅](eat 烤鸭)", False), ("成都三天，吃火锅", False), ("成都[四天](days 3)，[吃火锅](eat 火锅)", False),
])
def test_the_judge_sees_what_differs(line: str, right: bool, judge: Judge) -> None:
    """Missing, other and unasked conditions and a wrong frame each make a request wrong."""
    assert judge.outcome(item_of(line)).right is right


def test_the_judge_sees_what_was_dropped(judge: Judge) -> None:
    """A marked condition that is neither read nor shown counts as dropped; a shown one does not."""
    assert judge.outcome(item_of("北京三天，[吃火锅](eat 烤鸭)")).dropped
    assert not judge.outcome(item_of("北京三天，[想坐热气球](eat 烤鸭)")).dropped
