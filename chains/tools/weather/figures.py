"""Single figures as words, for the sentences about weather: temperatures, dates, the strength of the sun."""

from collections.abc import Sequence
from datetime import date, timedelta

from chains.understanding.request import Language
from chains.wording import WEEKDAYS

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
# WHO: low, moderate, high, very high, extreme.
_UV = ((11, "极强", "extreme"), (8, "很强", "very high"), (6, "强", "high"), (3, "中等", "moderate"), (0, "弱", "low"))


def degrees(value_c: float, language: Language) -> str:
    """``21°C`` or ``21 °C``, whole degrees, and never -0."""
    return f"{round(value_c)}°C" if language == "zh" else f"{round(value_c)} °C"


def temperatures(low_c: float | None, high_c: float | None, language: Language) -> str:
    """``-3到5°C`` or ``-3 to 5 °C``; one value where only one is known or both round to it."""
    known = [value for value in (low_c, high_c) if value is not None]
    if not known:
        return ""
    if len(known) == 1 or round(known[0]) == round(known[1]):
        return degrees(known[-1], language)
    return f"{round(known[0])}{'到' if language == 'zh' else ' to '}{degrees(known[1], language)}"


def weekday(day: date, language: Language) -> str:
    """``周五`` or ``Fri``."""
    return f"周{WEEKDAYS['zh'][day.weekday()]}" if language == "zh" else WEEKDAYS["en"][day.weekday()]


def days_words(days: Sequence[date], language: Language) -> str:
    """``10月3日、4日`` or ``3 and 4 Oct``; the month is said once where it stays the same."""
    if language == "zh":
        return "、".join(f"{day.day}日" if place and days[place - 1].month == day.month else f"{day.month}月{day.day}日"
                        for place, day in enumerate(days))
    last = len(days) - 1
    words = [str(day.day) if place < last and days[place + 1].month == day.month else f"{day.day} {_MONTHS[day.month - 1]}"
             for place, day in enumerate(days)]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def span_words(days: Sequence[date], language: Language) -> str:
    """``10月3日至5日`` or ``3 to 5 Oct`` for days in a row, else each of them."""
    first, last = days[0], days[-1]
    if len(days) < 2 or last - first != timedelta(days=len(days) - 1):
        return days_words(days, language)
    if language == "zh":
        return f"{first.month}月{first.day}日至{'' if first.month == last.month else f'{last.month}月'}{last.day}日"
    start = str(first.day) if first.month == last.month else days_words([first], "en")
    return f"{start} to {days_words([last], 'en')}"


def uv_words(index: float, language: Language) -> str:
    """The strength of the sun by the WHO's classes."""
    return next((zh if language == "zh" else en) for floor, zh, en in _UV if round(index) >= floor)
