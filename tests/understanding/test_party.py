"""Who travels, and what it may cost."""

import pytest

from chains.understanding.numbers import normalise
from chains.understanding.party import read_budget, read_party
from chains.understanding.request import Budget, BudgetScope, Party


@pytest.mark.parametrize(("text", "expected"), [
    ("两大一小", Party(2, 1)), ("2大2小去青岛", Party(2, 2)), ("一家三口", Party(2, 1)), ("一家四口", Party(2, 2)), ("family of four", Party(2, 2)),
    ("三个人", Party(3)), ("我们5个人去", Party(5)), ("四个朋友", Party(4)), ("一个人去", Party(1)), ("solo trip", Party(1)),
    ("和女朋友去", Party(2)), ("情侣游", Party(2)), ("老婆和我", Party(2)), ("a couple", Party(2)), ("the two of us", Party(2)),
    ("带爸妈去", Party(1, 0, 2)), ("带一个老人", Party(1, 0, 1)), ("陪爷爷奶奶", Party(1, 0, 2)), ("with my parents", Party(1, 0, 2)),
    ("带孩子", Party(1, 1)), ("带两个孩子", Party(1, 2)), ("带着5岁的女儿", Party(1, 1)), ("with my kids", Party(1, 2)),
    ("with a 4-year-old", Party(1, 1)), ("2 adults and 2 kids", Party(2, 2)), ("group of 6", Party(6)),
    ("我和老公带娃", Party(2, 1)), ("我们一家三口带爸妈", Party(2, 1, 2)),
])
def test_the_party_is_counted(text: str, expected: Party) -> None:
    """Adults, children and elders are counted apart, and who speaks counts where others are taken along."""
    assert expected == read_party(text)


@pytest.mark.parametrize("text", ["青岛有什么好玩的", "人民公园", "人均500", "每人500块", "人多吗", "三天", "a nice city", "大熊猫", "少林寺"])
def test_nobody_mentioned_is_nobody_counted(text: str) -> None:
    """People in a name, a price per person or a crowd are no party."""
    assert read_party(text) is None


def test_a_party_knows_its_size() -> None:
    """Everybody counts."""
    assert Party(2, 1, 2).size == 5


@pytest.mark.parametrize(("text", "yuan", "scope"), [
    ("预算2000", 2000, "party"), ("预算两千块", 2000, "party"), ("总共3000元", 3000, "party"), ("不超过500", 500, "party"),
    ("1500以内", 1500, "party"), ("一千块够吗", 1000, "party"), ("预算1.5万", 15000, "party"), ("预算２ｋ", 2000, "party"),
    ("人均五百", 500, "person"), ("每人800元", 800, "person"), ("一个人1000块", 1000, "person"), ("500一个人", 500, "person"), ("300元/人", 300, "person"),
    ("每天300", 300, "day"), ("一天预算200块", 200, "day"), ("300块一天", 300, "day"),
    ("under 500 yuan", 500, "party"), ("budget of 2,000 rmb", 2000, "party"), ("1000 yuan per person", 1000, "person"),
    ("300 yuan a day", 300, "day"), ("my budget is 3k", 3000, "party"),
])
def test_a_budget_is_read_with_its_scope(text: str, yuan: float, scope: BudgetScope) -> None:
    """An amount is for all unless a person or a day is said with it."""
    assert Budget(yuan, scope) == read_budget(normalise(text))


@pytest.mark.parametrize("text", [
    "青岛有什么好玩的", "预算有限", "预算3天", "玩三天两晚", "3个人", "12月3号", "门票多少钱", "便宜点", "2026年", "about 3 days", "under the bridge", "门票50以内的景点",
])
def test_no_amount_is_no_budget(text: str) -> None:
    """Days, people, dates and vague words are no budget."""
    assert read_budget(text) is None


def test_a_negative_budget_is_kept_to_be_answered() -> None:
    """A budget below zero is not silently turned into one above."""
    assert Budget(-100, "party") == read_budget("预算-100元")
