"""Parts of the year and of the day, as data files write them."""

from datetime import date

import pytest

from knowledge.errors import DataError
from knowledge.seasons import OpeningPeriod, Season, clock, parse_clock, parse_period, parse_season


@pytest.mark.parametrize(("text", "expected"), [
    ("4.1-10.31", Season((4, 1), (10, 31))),
    ("4-10", Season((4, 1), (10, 31))),
    ("11.16-3.15", Season((11, 16), (3, 15))),
    ("12-2", Season((12, 1), (2, 29))),
    (" 5.1-5.1 ", Season((5, 1), (5, 1))),
])
def test_seasons_are_read_by_day_or_by_whole_month(text: str, expected: Season) -> None:
    """A season is month.day to month.day, or whole months, the last of which counts to its end."""
    assert expected == parse_season(text)


@pytest.mark.parametrize(("season", "day", "expected"), [
    ("4.1-10.31", date(2026, 4, 1), True),
    ("4.1-10.31", date(2026, 10, 31), True),
    ("4.1-10.31", date(2026, 3, 31), False),
    ("4.1-10.31", date(2026, 11, 1), False),
    ("11.16-3.15", date(2026, 12, 31), True),
    ("11.16-3.15", date(2027, 1, 1), True),
    ("11.16-3.15", date(2027, 3, 15), True),
    ("11.16-3.15", date(2026, 11, 15), False),
    ("12-2", date(2028, 2, 29), True),
])
def test_a_season_holds_both_its_ends_and_may_cross_new_year(season: str, day: date, expected: bool) -> None:
    """First and last day belong to the season, and one that ends before it begins runs over New Year."""
    assert expected is parse_season(season).holds(day)


@pytest.mark.parametrize("text", ["spring", "4.1", "4.31-5.1", "2.30-3.1", "13-2", "2-13", "0-3", ""])
def test_a_season_that_does_not_exist_is_refused_with_its_text(text: str) -> None:
    """What is no season raises a `DataError` that shows the text that did not fit."""
    with pytest.raises(DataError) as error:
        parse_season(text)
    assert repr(text) in str(error.value)


@pytest.mark.parametrize(("text", "expected"), [
    ("08:30-17:00", OpeningPeriod(510, 1020)),
    ("4.1-10.31 08:30-17:00 last 16:10", OpeningPeriod(510, 1020, 970, Season((4, 1), (10, 31)))),
    ("w6-7 09:00-21:00", OpeningPeriod(540, 1260, weekdays=(6, 7))),
    ("w3 9:00-12:00", OpeningPeriod(540, 720, weekdays=(3,))),
    ("11-3 w7-2 09:00-16:00", OpeningPeriod(540, 960, None, Season((11, 1), (3, 31)), (7, 1, 2))),
    ("18:00-02:00", OpeningPeriod(1080, 1560)),
    ("00:00-24:00", OpeningPeriod(0, 1440)),
])
def test_opening_periods_are_read(text: str, expected: OpeningPeriod) -> None:
    """Season, weekdays and last entry are optional; a closing time before the opening lies after midnight."""
    assert expected == parse_period(text)


def test_a_last_entry_after_midnight_lies_inside_its_period() -> None:
    """Where a place closes after midnight, so may its last entry: the minutes go on counting."""
    period = parse_period("18:00-02:00 last 01:00")
    assert (period.open_minute, period.close_minute, period.last_entry_minute) == (1080, 1560, 1500)


@pytest.mark.parametrize("text", ["9-17", "25:00-26:00", "09:60-10:00", "w8 09:00-10:00", "09:00", "daily 09:00-10:00"])
def test_an_opening_period_that_does_not_exist_is_refused(text: str) -> None:
    """What is no opening period raises a `DataError`."""
    with pytest.raises(DataError, match=r"opening period|clock time"):
        parse_period(text)


@pytest.mark.parametrize(("day", "expected"), [
    (date(2026, 7, 4), True),  # a Saturday in the season
    (date(2026, 7, 6), False),  # a Monday
    (date(2026, 12, 5), False),  # a Saturday outside the season
])
def test_a_period_applies_by_season_and_weekday(day: date, expected: bool) -> None:
    """A period applies only where both its season and its weekdays do."""
    assert expected is parse_period("4-10 w6-7 09:00-21:00").holds(day)


def test_only_the_whole_day_is_all_day() -> None:
    """A place is open round the clock from 00:00 to 24:00, not by closing late."""
    assert [parse_period(text).all_day for text in ("00:00-24:00", "00:00-23:30")] == [True, False]


@pytest.mark.parametrize(("minute", "expected"), [(0, "00:00"), (510, "08:30"), (1440, "24:00"), (1500, "01:00")])
def test_minutes_are_written_as_clock_time(minute: int, expected: str) -> None:
    """Minutes become HH:MM, wrap after midnight, and the end of the day stays 24:00."""
    assert expected == clock(minute)


def test_clock_time_is_read_back() -> None:
    """What `clock` writes, `parse_clock` reads."""
    assert [parse_clock(clock(minute)) for minute in (0, 510, 1440)] == [0, 510, 1440]


def test_a_season_is_written_as_it_is_read() -> None:
    """A season's text is read back as the same season."""
    season = Season((11, 16), (3, 15))
    assert season == parse_season(str(season))
