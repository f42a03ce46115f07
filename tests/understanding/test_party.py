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


@pytest.mark.parametrize(("text", "expected"), [
    ("老人两位", Party(1, 0, 2)), ("两位老人", Party(1, 0, 2)), ("老人2位，小孩1个", Party(1, 1, 2)), ("大人3，小孩2", Party(3, 2)),
    ("大人两个，小孩一个", Party(2, 1)), ("2大1小1老", Party(2, 1, 1)), ("三个大人带俩娃", Party(3, 2)), ("带一老一小", Party(1, 1, 1)),
    ("3 adults, 2 children and 1 senior", Party(3, 2, 1)), ("party of 5", Party(5)), ("我们仨", Party(3)), ("我们四个，三天", Party(4)),
    ("姐妹三个", Party(3)), ("两对夫妻", Party(4)), ("two couples", Party(4)),
])
def test_numbers_stand_before_or_behind_the_people(text: str, expected: Party) -> None:
    """A form's 老人两位 counts like two elders, and short rows like 2大1小1老 in full."""
    assert expected == read_party(normalise(text))


@pytest.mark.parametrize(("text", "expected"), [
    ("一家三口加外婆", Party(2, 1, 1)), ("一家五口，两位老人", Party(2, 1, 2)), ("一家六口，其中两位老人两个孩子", Party(2, 2, 2)),
    ("三口之家", Party(2, 1)), ("全家五口人", Party(2, 3)), ("三代人一家六口", Party(2, 2, 2)), ("我们六个人，其中两个小孩", Party(4, 2)),
    ("四个人，含一个孩子", Party(3, 1)), ("两个人带一个孩子，景点包括故宫", Party(2, 1)), ("six of us, including two children", Party(4, 2)), ("我和妈妈两个人", Party(1, 0, 1)),
    ("带奶奶，一共4个人", Party(3, 0, 1)), ("爸妈和我三个人", Party(1, 0, 2)), ("a family with two small kids", Party(2, 2)),
])
def test_some_are_part_of_the_number_and_some_join_it(text: str, expected: Party) -> None:
    """Elders and children told apart from a total belong to it; who is said to come along is added."""
    assert expected == read_party(normalise(text))


@pytest.mark.parametrize(("text", "expected"), [
    ("我和爸妈", Party(1, 0, 2)), ("我们夫妻带双方父母", Party(2, 0, 4)), ("老公和我，加上公公婆婆", Party(2, 0, 2)), ("带奶奶和爸妈", Party(1, 0, 3)),
    ("我带着老丈人", Party(1, 0, 1)), ("my 70-year-old mother and me", Party(1, 0, 1)), ("我和我姐", Party(2)), ("我和弟弟妹妹", Party(3)),
    ("me and my sister", Party(2)), ("带着老婆孩子", Party(2, 1)), ("夫妻+孩子", Party(2, 1)), ("couple with a 3-year-old", Party(2, 1)),
    ("me, my husband and our 5-year-old son", Party(2, 1)), ("parents with a toddler", Party(2, 1)), ("my elderly parents and two kids", Party(1, 2, 2)),
    ("grandparents, parents and two kids", Party(2, 2, 2)), ("爷爷奶奶带孙子", Party(0, 1, 2)), ("两个老人自己去", Party(0, 0, 2)),
    ("爸妈两个人自己去桂林", Party(0, 0, 2)), ("带爸妈两个人去桂林", Party(1, 0, 2)),
])
def test_relatives_are_counted_by_what_they_are_called(text: str, expected: Party) -> None:
    """Each relative who is named counts once, as an adult, a child or an elder; who stays at home does not."""
    assert expected == read_party(normalise(text))


@pytest.mark.parametrize("text", ["两个小时", "两小时", "十大景点", "两个老师傅", "孩子3岁免票吗", "老人免票吗", "大人多少钱，小孩多少钱", "住叔叔家", "青岛有什么好玩的", "人民公园", "人均500", "每人500块", "人多吗", "三天", "a nice city", "大熊猫", "少林寺"])
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
