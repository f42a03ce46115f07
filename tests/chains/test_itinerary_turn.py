"""A question for an itinerary, as far as its facts and lines."""

import re
from datetime import timedelta

import pytest

from chains.facts import Facts, Kind
from chains.outline import Part, outline
from chains.understanding.request import State
from knowledge.library import Library
from tests.chains.turns import TODAY, gather


@pytest.fixture(scope="module")
def qingdao(library: Library) -> Facts:
    """Three days in Qingdao for a family."""
    return gather(library, "青岛三日游，两大一小，预算3000")


def test_the_plan_has_the_days_asked_for_and_passed_the_checker(qingdao: Facts) -> None:
    """Three days asked are three days given, and nothing is shown that did not pass."""
    assert qingdao.kind is Kind.ITINERARY
    assert qingdao.plan is not None
    assert qingdao.verdict is not None
    assert len(qingdao.plan.days) == 3
    assert qingdao.verdict.ok
    assert qingdao.plan.total_yuan <= 3000


def test_what_nobody_said_is_assumed_aloud(library: Library, qingdao: Facts) -> None:
    """Without a date it starts tomorrow and says so; what was said is not called assumed."""
    assert qingdao.plan is not None
    assert qingdao.plan.trip.start == TODAY + timedelta(days=1)
    assert "哪天出发" in qingdao.notes[0]
    assert "几天" not in qingdao.notes[0]
    assert gather(library, "12月5日去青岛玩两天，两个人").notes == ()


def test_every_stop_of_the_text_is_a_stop_of_the_plan(qingdao: Facts) -> None:
    """The day lines are code's, one a day, and name every stop with its time."""
    assert qingdao.plan is not None
    days = [line for line in outline(qingdao) if re.match(r"第\d天 ", line.fallback)]
    assert len(days) == 3
    for line, day in zip(days, qingdao.plan.days, strict=True):
        assert line.by_code
        assert all(stop.name in line.fallback for stop in day.stops if stop.kind != "rest")


def test_the_total_is_the_sum_of_the_plan(qingdao: Facts) -> None:
    """The total line holds the plan's own sum and its parts."""
    assert qingdao.plan is not None
    total = next(line for line in outline(qingdao) if line.part is Part.TOTAL)
    assert f"约{qingdao.plan.total_yuan:g}元" in total.fixed
    assert sum(qingdao.plan.costs.values()) == pytest.approx(qingdao.plan.total_yuan)


def test_a_named_sight_is_in_the_plan(library: Library) -> None:
    """What the traveller names is visited, what is refused is not."""
    facts = gather(library, "青岛两日游，一定要去崂山，不去栈桥")
    assert facts.plan is not None
    names = {stop.name for day in facts.plan.days for stop in day.stops}
    assert "崂山风景区" in names
    assert "栈桥" not in names


def test_a_budget_that_cannot_be_kept_is_named(library: Library) -> None:
    """One yuan for two days: the plan says by how much it is short and what would help."""
    facts = gather(library, "青岛两日游，预算30元")
    assert facts.plan is not None
    assert facts.plan.conflicts
    assert any(line.fallback.startswith("办不到：") for line in outline(facts))


def test_an_english_question_has_an_english_plan(library: Library) -> None:
    """No Chinese stands in the lines of an English answer."""
    facts = gather(library, "Plan 2 days in Hangzhou for two people from 5 December")
    assert facts.kind is Kind.ITINERARY
    assert not any(re.search(r"[\u4e00-\u9fff]", line.fallback) for line in outline(facts))


def test_a_sight_added_later_joins_the_trip(library: Library) -> None:
    """A follow-up plans again with what was said before."""
    first = gather(library, "青岛两日游")
    facts = gather(library, "加上崂山", State(last=first.request))
    assert facts.plan is not None
    assert any(stop.name == "崂山风景区" for day in facts.plan.days for stop in day.stops)
    assert len(facts.plan.days) == 2


def test_without_a_city_it_asks_for_one(library: Library) -> None:
    """No city, no plan, no guess."""
    assert gather(library, "帮我安排三天行程").kind is Kind.ASK_CITY


def changed(library: Library, text: str, standing: Facts) -> Facts:
    """The facts of a change of the itinerary that stands."""
    return gather(library, text, State(last=standing.request, plan=standing.plan))


@pytest.mark.parametrize("text", ["第二天轻松点", "make day 2 easier", "第一天和第二天对调"])
def test_a_change_gives_another_checked_plan_and_says_what_changed(library: Library, qingdao: Facts, text: str) -> None:
    """As many days as before, checked again, with a line about the difference."""
    facts = changed(library, text, qingdao)
    assert facts.plan is not None
    assert qingdao.plan is not None
    assert facts.verdict is not None
    assert facts.verdict.ok
    assert len(facts.plan.days) == len(qingdao.plan.days)
    assert facts.notes[0].startswith(("改动：", "只调整了时间", "Changed: ", "Only times changed"))


def test_planned_again_it_is_as_long_and_says_so_where_nothing_better_is_found(library: Library, qingdao: Facts) -> None:
    """Other seeds are tried; either something moved, or the traveller is asked what to change."""
    facts = changed(library, "重新排一下", qingdao)
    assert facts.plan is not None
    assert qingdao.plan is not None
    same = [day.stops for day in facts.plan.days] == [day.stops for day in qingdao.plan.days]
    assert facts.notes[0].startswith("行程没有变化；" if same else ("改动：", "只调整了时间"))
    assert len(facts.plan.days) == len(qingdao.plan.days)


def test_a_sight_is_removed_or_moved_where_it_stands(library: Library, qingdao: Facts) -> None:
    """The sight of the first stop goes away, or to another day."""
    assert qingdao.plan is not None
    first = next(stop for stop in qingdao.plan.days[0].stops if stop.kind == "sight")
    without = changed(library, f"去掉{first.name}", qingdao)
    moved = changed(library, f"{first.name}放到第三天", qingdao)
    assert without.plan is not None
    assert moved.plan is not None
    assert first.place not in {stop.place for day in without.plan.days for stop in day.stops}
    assert first.place in {stop.place for stop in moved.plan.days[2].stops}


@pytest.mark.parametrize(("text", "said"), [("第九天轻松点", "行程只有3天"), ("去掉故宫", "行程里没有故宫博物院")])
def test_a_change_that_makes_no_sense_is_told(library: Library, qingdao: Facts, text: str, said: str) -> None:
    """No such day, no such stop: one kind sentence, and the plan stands."""
    facts = changed(library, text, qingdao)
    assert facts.kind is Kind.UNUSABLE
    assert said in facts.notes[0]
