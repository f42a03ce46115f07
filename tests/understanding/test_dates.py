"""Days and dates in a request, on Saturday the 21st of November 2026."""

from datetime import date

import pytest

from chains.understanding.dates import read_when
from chains.understanding.request import When

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(("text", "expected"), [
    ("玩三天", 3), ("3日游", 3), ("两天一夜", 2), ("三天两晚", 3), ("一周", 7), ("一个星期", 7), ("半天", 1),
    ("3 days in qingdao", 3), ("a five-day trip", 5), ("two nights", 3), ("for a week", 7), ("half a day", 1), ("a day in beijing", 1),
    ("第二天去哪", None), ("每天预算300", None), ("周六去", None), ("3月去", None), ("10月3日去", None), ("五天前", None),
])
def test_days_are_counted_only_where_a_number_of_days_is_said(text: str, expected: int | None) -> None:
    """三天 is three days; the second day, every day, a month and a date are no number of days."""
    assert expected == read_when(text, TODAY).days


@pytest.mark.parametrize(("text", "either"), [("玩个四五天", (4, 5)), ("两三天", (2, 3)), ("3、4天", (3, 4)), ("3-4天", (3, 4))])
def test_a_span_of_days_is_one_of_its_ends(text: str, either: tuple[int, int]) -> None:
    """四五天 is four or five days, never forty-five; which of them, or that none is fixed, is the reader's choice."""
    assert read_when(text, TODAY).days in (None, *either)


@pytest.mark.parametrize(("text", "start", "end"), [
    ("今天去", "2026-11-21", None), ("明天", "2026-11-22", None), ("后天", "2026-11-23", None), ("大后天", "2026-11-24", None),
    ("周末去", "2026-11-21", "2026-11-22"), ("这周末", "2026-11-21", "2026-11-22"), ("下周末", "2026-11-28", "2026-11-29"),
    ("下周三", "2026-11-25", None), ("下下周一", "2026-11-30", None), ("下周五到下周日", "2026-11-27", "2026-11-29"),
    ("12月3号", "2026-12-03", None), ("十二月三号", "2026-12-03", None), ("11月21日", "2026-11-21", None),
    ("3月5号", "2027-03-05", None), ("11月20号", "2027-11-20", None), ("2027年5月1日", "2027-05-01", None),
    ("10月3号到5号", "2027-10-03", "2027-10-05"), ("12月30号到1月2号", "2026-12-30", "2027-01-02"),
    ("2026-12-24", "2026-12-24", None), ("2026/12/24到2026/12/26", "2026-12-24", "2026-12-26"),
    ("tomorrow", "2026-11-22", None), ("the day after tomorrow", "2026-11-23", None), ("this weekend", "2026-11-21", "2026-11-22"),
    ("next weekend", "2026-11-28", "2026-11-29"), ("next friday", "2026-11-27", None), ("december 3rd", "2026-12-03", None),
    ("dec 3 to 5", "2026-12-03", "2026-12-05"), ("3 december", "2026-12-03", None), ("30 dec to 2 jan", "2026-12-30", "2027-01-02"),
    ("12月", None, None), ("周一开吗", None, None), ("2月30号", None, None), ("open on mondays", None, None), ("有什么好玩的", None, None),
])
def test_dates_are_the_next_that_come(text: str, start: str | None, end: str | None) -> None:
    """A date without a year is the next such day, today included; an end is set only where one is said, or for a weekend."""
    when = read_when(text, TODAY)
    assert (start, end) == (when.start and when.start.isoformat(), when.end and when.end.isoformat())


@pytest.mark.parametrize(("text", "expected"), [
    ("国庆去", "国庆"), ("十一假期", "国庆"), ("十一月去", None), ("春节", "春节"), ("过年", "春节"), ("五一", "五一"), ("清明", "清明"),
    ("清明上河园", None), ("元旦", "元旦"), ("暑假", "暑假"), ("golden week", "国庆"), ("chinese new year", "春节"), ("平时", None),
])
def test_holidays_stay_names(text: str, expected: str | None) -> None:
    """A holiday is kept by name and sets no dates, as its dates move."""
    when = read_when(text, TODAY)
    assert (expected, None) == (when.holiday, when.start)


@pytest.mark.parametrize(("text", "expected"), [
    ("12月去", 12), ("三月份", 3), ("十一月", 11), ("下个月", 12), ("in april", 4), ("early may", 5), ("next month", 12),
    ("13月", None), ("may i ask", None), ("12月3号", None), ("march around the wall", None),
])
def test_a_month_alone_is_kept_as_a_month(text: str, expected: int | None) -> None:
    """A bare month is no date, and the words may and march are no months by themselves."""
    assert expected == read_when(text, TODAY).month


def test_next_month_turns_the_year() -> None:
    """In December the next month is January."""
    assert read_when("下个月", date(2026, 12, 5)).month == 1


@pytest.mark.parametrize(("today", "text", "start", "end"), [
    (date(2026, 11, 18), "周末", "2026-11-21", "2026-11-22"),  # said on a Wednesday
    (date(2026, 11, 22), "周末", "2026-11-21", "2026-11-22"),  # said on the Sunday
    (date(2026, 11, 16), "下周一", "2026-11-23", None),  # said on a Monday
    (date(2026, 12, 31), "明天", "2027-01-01", None),
])
def test_relative_days_count_from_the_day_they_are_said(today: date, text: str, start: str, end: str | None) -> None:
    """Weeks begin on Monday, and the days that follow cross months and years."""
    when = read_when(text, today)
    assert (start, end) == (when.start and when.start.isoformat(), when.end and when.end.isoformat())


def test_a_leap_day_is_the_next_that_exists() -> None:
    """The 29th of February is not thrown away in a common year: the next one that comes is meant."""
    assert date(2028, 2, 29) == read_when("2月29号", TODAY).start


def test_everything_is_read_from_one_sentence() -> None:
    """Days and a start stand side by side."""
    assert When(days=3, start=date(2026, 11, 28), end=date(2026, 11, 29)) == read_when("下周末去青岛玩3天", TODAY)


def test_nothing_said_is_nothing_read() -> None:
    """A sentence without time gives an empty value."""
    assert When() == read_when("青岛有什么好玩的", TODAY)
