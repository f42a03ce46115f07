"""Days and dates in a request, relative to a given today: 三天, 下周末, 10月3号到5号, next weekend.

Holidays stay names: their dates move from year to year. Not covered: lunar dates, times of day.
"""

import re
from datetime import date, timedelta

from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER, number_of
from chains.understanding.request import When

HOLIDAYS = {
    "国庆": "国庆|十一(?!月)|黄金周|national day|golden week", "春节": "春节|过年|新年|大年|chinese new year|spring festival",
    "五一": r"五一|劳动节|labou?r day|may day", "端午": "端午|dragon boat", "中秋": "中秋|mid-autumn",
    "清明": "清明(?!上河)|qingming|tomb sweeping", "元旦": "元旦|跨年|new year's day|new year’s day",
    "暑假": "暑假|暑期|summer (?:holiday|vacation|break)", "寒假": "寒假|winter (?:holiday|vacation|break)",
}
_DAYS = re.compile(
    rf"({NUMBER})\s*(?:个)?(?:天|日)(?!元|票|前|后|游泳)|(?!an? )({ENGLISH_NUMBER})[\s-]*(?:full )?days?(?![a-z])|({ENGLISH_NUMBER}) nights?\b", re.IGNORECASE
)
_NIGHTS_DAYS = re.compile(rf"({NUMBER})天({NUMBER})[夜晚]")
_MONTH_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2}|[一二三四五六七八九十]{1,2})月(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?")
_UNTIL = re.compile(r"\s*(?:到|至|-|~|—|–)\s*(?:(\d{1,2}|[一二三四五六七八九十]{1,2})月)?(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MONTH_ONLY = re.compile(r"(?<!\d)(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份|底|初|中旬)?(?![\d一二三四五六七八九十])")
_ENGLISH_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
                   "october", "november", "december")
_MONTH_WORD = r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_ENGLISH_DATE = re.compile(rf"\b{_MONTH_WORD}\.? (\d{{1,2}})(?:st|nd|rd|th)?(?:\s*(?:to|-|–|until)\s*(?:{_MONTH_WORD} )?(\d{{1,2}})(?:st|nd|rd|th)?)?\b", re.IGNORECASE | re.ASCII)
_ENGLISH_DATE2 = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*(?:to|-|–)\s*(\d{{1,2}})(?:st|nd|rd|th)?)? (?:of )?{_MONTH_WORD}(?:\s*(?:to|-|–)\s*(\d{{1,2}})(?:st|nd|rd|th)? {_MONTH_WORD})?\b", re.IGNORECASE | re.ASCII)
_ENGLISH_MONTH = re.compile(rf"\b(?:in|during|for|early|late|mid) {_MONTH_WORD}\b", re.IGNORECASE | re.ASCII)
_WEEKDAY = re.compile(r"(下下|下个?|这个?|本)?(?:周|星期|礼拜)([一二三四五六日天末])")
_ENGLISH_WEEKDAY = re.compile(r"\b(next|this|on|coming)?\s?(monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend)\b", re.IGNORECASE | re.ASCII)
_BARE = re.compile(r"(^|[^下这本个每])((?:周|星期|礼拜)[一二三四五六日天])")
_RELATIVE = {"大后天": 3, "后天": 2, "明天": 1, "明儿": 1, "明日": 1, "今天": 0, "今日": 0, "今儿": 0, "今晚": 0,
             "day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0}


def read_when(text: str, today: date, *, bare_weekdays: bool = False) -> When:
    """Everything about days and dates in a normalised text; `bare_weekdays` reads 周日 as the coming Sunday."""
    lower = _BARE.sub(r"\1这\2", text.lower()) if bare_weekdays else text.lower()
    lower = re.sub(r"\bon (?=\w+day\b)", "this ", lower) if bare_weekdays else lower
    start, end = _dates(lower, today)
    if bare_weekdays and start and start < today:
        start, end = start + timedelta(weeks=1), end and end + timedelta(weeks=1)
    holiday = next((name for name, words in HOLIDAYS.items() if re.search(words, lower)), None)
    month = None if start else _month(lower, today)
    return When(days=_days(lower), start=start, end=end, holiday=holiday, month=month)


def _days(text: str) -> int | None:
    text = re.sub(r"([一二两三四五六七八九])[二三四五六七八九](?=[天日](?:[^\d]|$))", r"\1", text)  # 四五天: the shorter
    if re.search(r"\b(?:a|one)[- ]day (?:in|trip|tour|at|itinerary)", text):
        return 1
    double = _NIGHTS_DAYS.search(text)
    if double:
        return _whole(double[1])
    for match in _DAYS.finditer(_without_dates(text)):
        value = _whole(match[1] or match[2] or match[3])
        if value and match[3]:
            return value + 1
        if value is not None:
            return value
    if re.search(r"半天|half[ -]?(?:a )?day", text):
        return 1
    return 7 if re.search(r"(?:一|1)个?(?:周|星期|礼拜)(?![一二三四五六日天末])|\b(?:a|one) week\b", text) else None


def _without_dates(text: str) -> str:
    return re.sub(r"第[一二三四五六七八九十\d]+[天日]|(?:(?:周|星期|礼拜)[一二三四五六日天])+(?=两天)|每[天日]|[哪某有]一[天日]|一天(?:多少|几|给|挣|能)", " ", _ISO.sub(" ", _MONTH_DAY.sub(" ", text)))


def _whole(text: str | None) -> int | None:
    value = number_of(text) if text else None
    return int(value) if value is not None else None


def _dates(text: str, today: date) -> tuple[date | None, date | None]:
    for reader in (_iso, _month_day, _english_date, _relative_day, _weekday, _english_weekday):
        start, end = reader(text, today)
        if start:
            return start, end
    return None, None


def _iso(text: str, _today: date) -> tuple[date | None, date | None]:
    found = [day for match in _ISO.finditer(text) if (day := _day(int(match[1]), int(match[2]), int(match[3])))]
    return (found[0], found[1] if len(found) > 1 else None) if found else (None, None)


def _month_day(text: str, today: date) -> tuple[date | None, date | None]:
    match = _MONTH_DAY.search(text)
    if not match:
        return None, None
    month, day = _whole(match[2]), _whole(match[3])
    start = _coming(month, day, today, match[1])
    until = _UNTIL.match(text, match.end())
    if not (start and until):
        return start, None
    return start, _coming(_whole(until[1]) or month, _whole(until[2]), start, None)


def _english_date(text: str, today: date) -> tuple[date | None, date | None]:
    match, second = _ENGLISH_DATE.search(text), _ENGLISH_DATE2.search(text)
    if match:
        start = _coming(_english_month(match[1]), int(match[2]), today, None)
        last, month = match[4], _english_month(match[3] or match[1])
    elif second:
        start = _coming(_english_month(second[3]), int(second[1]), today, None)
        last, month = second[2] or second[4], _english_month(second[5] or second[3])
    else:
        return None, None
    return start, _coming(month, int(last), start, None) if start and last else None


def _relative_day(text: str, today: date) -> tuple[date | None, date | None]:
    for word, offset in _RELATIVE.items():
        if word in text:
            return today + timedelta(days=offset), None
    return None, None


def _weekday(text: str, today: date) -> tuple[date | None, date | None]:
    match = _WEEKDAY.search(text)
    if not match:
        weekend = re.search(r"(?<!每)周末", text)
        return _weekend(today, 0) if weekend else (None, None)
    weeks = {"下下": 2, "下": 1, "下个": 1}.get(match[1] or "", 0)
    if match[2] == "末":
        return _weekend(today, weeks)
    if not match[1]:
        return None, None  # "周一开吗" asks about a weekday, it does not name a date
    monday = today - timedelta(days=today.weekday())
    start = monday + timedelta(weeks=weeks, days=_weekday_number(match[2]))
    until = re.match(r"\s*(?:到|至|-|~)(下个?|这个?|本)?(?:周|星期|礼拜)([一二三四五六日天])", text[match.end():])
    if not until:
        return start, None
    return start, start + timedelta(days=(_weekday_number(until[2]) - start.weekday()) % 7)


def _weekday_number(character: str) -> int:
    return "一二三四五六日".index(character.replace("天", "日"))


def _english_weekday(text: str, today: date) -> tuple[date | None, date | None]:
    match = _ENGLISH_WEEKDAY.search(text)
    if not match or (match[1] in (None, "on") and match[2] != "weekend"):
        return None, None
    weeks = 1 if match[1] == "next" else 0
    if match[2] == "weekend":
        return _weekend(today, weeks)
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=weeks, days=names.index(match[2])), None


def _weekend(today: date, weeks: int) -> tuple[date, date]:
    saturday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=5)
    return saturday, saturday + timedelta(days=1)


def _month(text: str, today: date) -> int | None:
    ahead = re.search(r"(下个?|这个?|本)月|(next|this) month", text)
    if ahead:
        return (today.month + (ahead[0][0] in "下n") - 1) % 12 + 1
    chinese = _MONTH_ONLY.search(text)
    if chinese:
        value = _whole(chinese[1])
        return value if value and 1 <= value <= 12 else None
    english = _ENGLISH_MONTH.search(text)
    return _english_month(english[1]) if english else None


def _english_month(word: str) -> int:
    return next(place for place, name in enumerate(_ENGLISH_MONTHS, 1) if name.startswith(word[:3].lower()))


def _coming(month: int | None, day: int | None, after: date, year: str | None) -> date | None:
    """That day in the given year, else its next occurrence."""
    if not month or not day:
        return None
    if year:
        return _day(int(year), month, day)
    coming = (_day(after.year + ahead, month, day) for ahead in range(9))  # a leap day may be eight years off
    return next((found for found in coming if found and found >= after), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
