"""Opening hours as people write them: what becomes a schedule, and what is left as words."""

from datetime import date

import pytest

from knowledge.seasons import OpeningPeriod, clock
from knowledge.ways_in.hours_text import read_hours


def told(period: OpeningPeriod) -> str:
    """A period as our data files write it."""
    season = f"{period.season} " if period.season else ""
    days = "" if len(period.weekdays) == 7 else "w" + "".join(map(str, period.weekdays)) + " "
    last = f" last {clock(period.last_entry_minute)}" if period.last_entry_minute is not None else ""
    return f"{season}{days}{clock(period.open_minute)}-{clock(period.close_minute)}{last}"


UNDERSTOOD = {
    "8:00-17:00": (["08:00-17:00"], ()),
    "全年 08:30－17:30": (["08:30-17:30"], ()),
    "8：00——17：30。": (["08:00-17:30"], ()),
    "早上8点至下午5点半": (["08:00-17:30"], ()),
    "上午9:00-11:30，下午1:30-5:00": (["09:00-11:30", "13:30-17:00"], ()),
    "全天": (["00:00-24:00"], ()),
    "24小时开放": (["00:00-24:00"], ()),
    "全年 周一至周日 全天开放": (["00:00-24:00"], ()),
    "18:00-次日2:00": (["18:00-02:00"], ()),
    "9:00-17:00，16:30停止入场": (["09:00-17:00 last 16:30"], ()),
    "8:30-23:30（售票截止22:00）": (["08:30-23:30 last 22:00"], ()),
    "8:00-18:00；最晚入园时间：17:30": (["08:00-18:00 last 17:30"], ()),
    "周二-周日9:00-17:00（16:00停止入馆），周一闭馆。": (["w234567 09:00-17:00 last 16:00"], (1,)),
    "8:30-16:30；每周一闭馆": (["08:30-16:30"], (1,)),
    "10:00-17:00（周一、周二闭馆）": (["10:00-17:00"], (1, 2)),
    "9:00-17:00（星期一、三、五开放）": (["w135 09:00-17:00"], (2, 4, 6, 7)),
    "周二至周日 10:00-18:00": (["w234567 10:00-18:00"], (1,)),
    "周一-周五8:00-17:00，周六、周日7:30-17:00": (["w12345 08:00-17:00", "w67 07:30-17:00"], ()),
    "全年 周一 全天不开放 ;4/1-10/31 周二-周日 08:30-17:00;11/1-3/31 周二-周日 08:30-16:30": (
        ["4.1-10.31 w234567 08:30-17:00", "11.1-3.31 w234567 08:30-16:30"], (1,)),
    "旺季（4月1日-10月31日）8:00-18:30，17:00停止入馆；淡季（11月1日-次年3月31日）8:30-18:00。": (
        ["4.1-10.31 08:00-18:30 last 17:00", "11.1-3.31 08:30-18:00"], ()),
    "4月至10月8:00-18:00，11月至次年3月8:30-17:00": (["4.1-10.31 08:00-18:00", "11.1-3.31 08:30-17:00"], ()),
    "8:00-17:00（5月1日-10月15日）": (["5.1-10.15 08:00-17:00"], ()),
    "01/01-12/31 08:30-21:30": (["08:30-21:30"], ()),
    "12月1日-次年2月底 9:00-16:00": (["12.1-2.29 09:00-16:00"], ()),
}


@pytest.mark.parametrize(("text", "expected"), UNDERSTOOD.items())
def test_what_people_write_becomes_a_schedule(text: str, expected: tuple[list[str], tuple[int, ...]]) -> None:
    """Seasons, weekdays, two halves of a day, last entries and closing days are read, in many spellings."""
    read = read_hours(text)
    assert ([told(period) for period in read.periods], read.closed_weekdays) == expected


@pytest.mark.parametrize("text", [
    "夏季8:00-18:00，冬季8:30-17:30",  # no dates: nobody says when summer begins
    "春夏8:00-19:30；秋冬8:00-18:00",
    "暂停营业，原开放时间为：8:00-17:00",
    "东大门：08:30-16:30 南大门：07:30-16:30",
    "全年 07:30-19:00;全年 07:30-17:30",  # the same days, two closing times
    "9:00-5:00",  # five in the morning or in the afternoon?
    "具体开放时间请咨询景区",
    "2月30日-10月31日 8:00-17:00",
    "8:00-25:00",
    "10:30-11:00",
    "10:00-16:00 漂流批次时间：11:00-12:00、12:30-13:30、14:00-15:00",
])
def test_doubts_stay_words(text: str) -> None:
    """What is not clear becomes a note and never a schedule."""
    read = read_hours(text)
    assert (read.periods, read.closed_weekdays) == ((), ())
    assert read.note


def test_an_exception_stays_beside_the_schedule() -> None:
    """What cannot be put in a schedule is kept as its note."""
    read = read_hours("9:00-17:00；周一闭馆（国家法定节假日除外），详情以景区公示为准")
    assert read.understood
    assert read.closed_weekdays == (1,)
    assert "节假日除外" in read.note
    assert "公示" in read.note


def test_hours_of_something_else_are_not_the_sights() -> None:
    """The cable car's hours are a note beside the sight's own."""
    read = read_hours("全天开放；索道运营时间：7:00-19:00")
    assert [period.all_day for period in read.periods] == [True]
    assert "7:00-19:00" in read.note


def test_seasons_hold_on_their_days_only() -> None:
    """The winter hours hold on New Year's Day, the summer hours do not."""
    summer, winter = read_hours("4月1日-10月31日8:00-18:00，11月1日-次年3月31日9:00-17:00").periods
    assert (summer.holds(date(2026, 1, 1)), winter.holds(date(2026, 1, 1))) == (False, True)


def test_long_texts_are_cut() -> None:
    """A page of prose in the hours' cell makes a short note."""
    assert len(read_hours("请看公告" * 500).note) <= 120
