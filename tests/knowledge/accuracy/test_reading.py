"""Values in answers: every way to write them is read as the same value, and nothing else is."""

import pytest

from knowledge.accuracy.reading import (
    amounts_yuan,
    durations_minutes,
    levels,
    names_a_value,
    refuses,
    shut_weekdays,
    spans,
)


@pytest.mark.parametrize(("text", "expected"), [
    ("门票60元", {60}), ("￥60", {60}), ("成人 60 块钱一张", {60}), ("60 yuan", {60}), ("CNY 60", {60}), ("RMB60", {60}),
    ("六十元", {60}), ("一百二十块", {120}), ("1,200元", {1200}), ("52.3元", {52.3}), ("６０元", {60}),
    ("旺季60元/淡季40元", {60, 40}), ("40–60元", {40, 60}), ("40 to 60 yuan", {40, 60}), ("peak 60 yuan/low season 40 yuan", {60, 40}),
    ("免费", {0}), ("不要钱", {0}), ("free of charge", {0}), ("There is no entrance fee.", {0}), ("免费开放，观光车20元", {0, 20}),
    ("成人60元，60岁及以上老人免费", {60}), ("60 yuan, children up to 120 cm free", {60}), ("不是免费的，要收费", set()), ("not free", set()),
    ("开放时间8:30-17:00", set()), ("5A级景区", set()), ("", set()),
])
def test_amounts_are_read_however_they_are_written(text: str, expected: set[float]) -> None:
    """Yuan, signs, numerals, ranges and 免费 come out as numbers; a concession for some does not make a place free."""
    assert amounts_yuan(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("08:30–17:00", {(510, 1020)}), ("8:30到17:00", {(510, 1020)}), ("8点半到17点", {(510, 1020)}), ("上午8:30至下午5:00", {(510, 1020)}),
    ("8:30 am to 5 pm", {(510, 1020)}), ("8:30 a.m. - 5:00 p.m.", {(510, 1020)}),
    ("4月1日–10月31日 08:30–17:00（16:10停止入场），11月1日–3月31日 08:30–16:30", {(510, 1020), (510, 990)}),
    ("18:00–02:00", {(1080, 120)}), ("全天开放", {(0, 0)}), ("24小时", {(0, 0)}), ("open all day", {(0, 0)}),
    ("门票40-60元", set()), ("游览2–3小时", set()),
])
def test_opening_spans_are_read_however_they_are_written(text: str, expected: set[tuple[int, int]]) -> None:
    """Clock times of both languages come out as minutes; a span of prices or of hours of stay is none."""
    assert spans(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("周一闭馆", {1}), ("星期一不开放", {1}), ("每周二休息", {2}), ("周一、周二闭馆", {1, 2}), ("周一至周三闭馆", {1, 2, 3}), ("闭馆日：周一", {1}),
    ("11月24日（周一）闭馆", {1}), ("closed on Mon", {1}), ("closed on Mondays", {1}), ("It is closed every Tuesday.", {2}), ("closed on Mon, Tue", {1, 2}),
    ("Tue–Sun 09:00–17:00, closed on Mon", {1}), ("周二至周日 09:00–17:00，周一闭馆", {1}),
    ("没有固定闭馆日", set()), ("全年无休", set()), ("no regular closing day", set()), ("open daily", set()),
    ("门票60元", None), ("09:00–17:00", None),
])
def test_closing_days_are_read_however_they_are_written(text: str, expected: set[int] | None) -> None:
    """Weekdays beside a word of closing; an empty set says there are none, None that the text does not tell."""
    assert shut_weekdays(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("1–2小时", [(60, 120)]), ("两小时", [(120, 120)]), ("两三个小时", [(120, 180)]), ("一个半小时", [(90, 90)]), ("半小时", [(30, 30)]),
    ("30分钟–1.5小时", [(30, 90)]), ("45 minutes to 1.5 hours", [(45, 90)]), ("2-3 hours", [(120, 180)]), ("1 hour", [(60, 60)]),
    ("半天", [(180, 300)]), ("6–24小时", [(360, 1440)]), ("8–24 hours", [(480, 1440)]), ("24小时开放", []), ("60元", []),
])
def test_lengths_of_time_are_read_however_they_are_written(text: str, expected: list[tuple[float, float]]) -> None:
    """Hours and minutes, numerals and ranges come out as minutes."""
    assert durations_minutes(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("国家5A级旅游景区", {"5A"}), ("AAAAA", {"5A"}), ("五A", {"5A"}), ("rated 4A", {"4A"}), ("5A还是4A", {"5A", "4A"}), ("a 3am start", set()),
])
def test_levels_are_read_however_they_are_written(text: str, expected: set[str]) -> None:
    """Figures, letters and numerals name the same level."""
    assert levels(text) == expected


@pytest.mark.parametrize(("text", "kind"), [
    ("长影世纪城门票：票价资料里没有，以景区公告为准。", "price"), ("we hold no price, see the official notice", "price"),
    ("资料里没有找到“东京塔”，不敢乱说。可以看看：天津之眼。", "price"), ("外滩在资料里没有A级评定。", "level"), ("I do not know how tall it is.", "other"),
    ("这个我帮不上忙，我只聊在中国旅行的事。", "hours"),
])
def test_a_refusal_is_seen(text: str, kind: str) -> None:
    """Saying that something is not known, without a value of that kind, is a refusal."""
    assert refuses(text, kind)


@pytest.mark.parametrize(("text", "kind"), [
    ("门票60元，以景区公告为准。", "price"), ("资料里没有票价，大约60元吧。", "price"), ("栈桥门票：免费开放。出发前请再看一眼景区公告。", "price"),
    ("故宫博物院门票：成人60元。出发前请再看一眼景区公告，祝你玩得开心。", "other"), ("它有三百米高。", "other"), ("", "price"),
])
def test_a_value_or_silence_is_no_refusal(text: str, kind: str) -> None:
    """Naming a value is no refusal, whatever else is said; nor is a polite closing or an empty answer."""
    assert not refuses(text, kind)


def test_a_value_is_looked_for_by_its_kind() -> None:
    """A price is a value for a question of price and none for one of level."""
    assert (names_a_value("60元", "price"), names_a_value("60元", "level"), names_a_value("周一闭馆", "closed")) == (True, False, True)
