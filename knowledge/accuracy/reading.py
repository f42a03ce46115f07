"""Values in an answer's words: yuan, opening spans, weekdays, minutes, levels, and whether it refuses.

Written apart from the code that words the answers and from the guard, so that an error there is not repeated here.
Both languages are read from the same text. Not covered: sums, foreign money, lunar dates.
"""

import re
import unicodedata

import cn2an

DAY_MINUTES = 1440
Span = tuple[int, int]
_NUMBER = r"\d+(?:\.\d+)?"
_TO = r"\s*(?:-|~|到|至|to|and|或)\s*"
_YUAN = r"(?:元|块钱?|yuan|rmb|cny|kuai)"
_AMOUNT = re.compile(rf"(?:[¥]|\b(?:cny|rmb))\s*({_NUMBER})|({_NUMBER})(?={_TO}[¥]?\s*{_NUMBER}\s*{_YUAN})|({_NUMBER})\s*{_YUAN}")
_WORDED_AMOUNT = re.compile(rf"([零一二两三四五六七八九十百千]+)\s*{_YUAN}")
_FREE = re.compile(r"免费|不要钱|不收费|不收门票|不用(?:买)?门?票|无需(?:购|门)票|\bfree\b|no (?:entrance |admission |entry )?(?:fee|charge|ticket)")
_NOT_FREE = re.compile(r"不免费|并?非免费|不是免费|收费|not free|isn't free|smoke-free|no ticket of its own")
_SOME_ONLY = re.compile(r"儿童|孩子|小孩|老人|老年|学生|军人|岁|厘米|身高|child|kid|senior|student|\bage|\bcm\b|under|外观|外面|街口|outside|from the street")
_CLAUSE = re.compile(r"[,;。\n()]")
_CLOCK = r"(上午|早上|凌晨|中午|下午|傍晚|晚上|夜里)?\s*(\d{1,2})(?::(\d\d)|点(半)?(?:(\d{1,2})分)?)?\s*(a\.?m\.?|p\.?m\.?)?"
_SPAN = re.compile(rf"{_CLOCK}\s*(?:-|~|到|至|to|until)\s*(?:次日)?{_CLOCK}")
_ALL_DAY = re.compile(r"全天|(?<![\d.~-])24\s*小时|二十四小时|(?<![\d.~-])24\s*(?:/7|hours)|all day|round the clock|around the clock")
_DAYS = "一二三四五六日"
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_DAY_ROW = r"(?:(?:周|星期|礼拜)[一二三四五六日天][、和及与至到~-]*)+"
_SHUT_DAYS = re.compile(
    rf"({_DAY_ROW})(?:例行|固定|都|也|[()])*(?:闭|休|关|不开)|(?:闭馆|休馆|闭园|休息|关门)日?(?:是|为|:|在|每)*({_DAY_ROW})"
    r"|(?:clos(?:ed|es?)|shuts?|closing day)[^.;(\n]{0,24}?((?:\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:\s*(?:,|and|&|to|-)\s*)*)+)"
    r"|((?:\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:\s*(?:,|and|&|to|-)\s*)*)+)[^.;(\n]{0,6}clos"
)
_NEVER_SHUT = re.compile(
    r"(?:没有|无)(?:固定)?(?:的)?闭[馆园]日|(?:全年|常年)(?:无休|开放)|(?:天天|每天|每日)(?:都)?(?:开|照常)|不闭[馆园]|no regular closing|no closing day|open (?:every day|daily|all year)|never clos"
)
_HOURS_UNIT = r"(?:个?半?小时|个?钟头|hours?|hrs?|h\b)"
_MINUTES_UNIT = r"(?:分钟|minutes?|mins?)"
_TIME = rf"({_NUMBER})\s*({_HOURS_UNIT}|{_MINUTES_UNIT})?"
_DURATION = re.compile(rf"{_TIME}(?:\s*(?:-|~|到|至|to)\s*({_NUMBER}))?\s*({_HOURS_UNIT}|{_MINUTES_UNIT})")
_LEVEL = re.compile(r"([1-5五四三二一])\s*a(?![a-z])|(?<![a-z])(a{2,5})(?![a-z])")
_REFUSAL = re.compile(
    r"资料里没有|没有.{0,8}资料|没有找到|没有(?:相关|这方面|这项)的?(?:信息|数据|记录)|不敢乱说|不(?:太)?(?:清楚|知道|确定)|无法(?:提供|确认|回答|得知)|未(?:知|公布)|帮不上忙|没有景点同时"
    r"|we hold no|hold nothing|(?:do|does)(?:n't| not) (?:know|have)|no information|not sure|rather not guess|(?:can(?:'t|not)|unable to) (?:confirm|provide|tell|answer)|beyond me|no sight meets"
)
_SEE_NOTICE = re.compile(r"以.{0,8}公告为准|以.{0,6}为准|see the official notice|check the official")


def plain(text: str) -> str:
    """Half-width, small letters, one kind of dash and comma, no thousands separators: what all readers here read."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    folded = re.sub(r"[‐-―−—–]+", "-", folded).replace("～", "~").replace("￥", "¥")
    return re.sub(r"(?<=\d),(?=\d{3})", "", folded)


def amounts_yuan(text: str) -> frozenset[float]:
    """Every amount of yuan a text names; 0 where it says that admission is free for everybody."""
    clean = plain(text)
    found = {float(next(group for group in match.groups() if group)) for match in _AMOUNT.finditer(clean)}
    found |= {float(cn2an.cn2an(match[1].replace("两", "二"), "smart")) for match in _WORDED_AMOUNT.finditer(clean) if _is_numeral(match[1])}
    return frozenset(found | ({0.0} if any(map(_says_free, _CLAUSE.split(clean))) else set()))


def _is_numeral(text: str) -> bool:
    try:
        cn2an.cn2an(text.replace("两", "二"), "smart")
    except ValueError:
        return False
    return True


def _says_free(clause: str) -> bool:
    return bool(_FREE.search(_NOT_FREE.sub("", clause)) and not _SOME_ONLY.search(clause))


def spans(text: str) -> frozenset[Span]:
    """Every opening span as (open, close) minutes after midnight; round the clock is (0, 0)."""
    clean = plain(text)
    found = {(0, 0)} if _ALL_DAY.search(clean) else set()
    for match in _SPAN.finditer(clean):
        parts = match.groups()
        first, last = _minute(*parts[:6]), _minute(*parts[6:])
        marked = re.search(r"[:点]|am|pm|a\.m|p\.m", match[0])
        if first is not None and last is not None and marked:
            found.add((first % DAY_MINUTES, last % DAY_MINUTES))
    return frozenset(found)


def _minute(
    part: str | None, hour: str, minute: str | None, half: str | None, odd: str | None, noon: str | None
) -> int | None:
    """Minutes after midnight of a clock time with what stands around it (下午, 半, pm); None where there is none."""
    value = int(hour)
    if (part in {"下午", "傍晚", "晚上", "夜里"} or (noon or "").startswith("p")) and value < 12:
        value += 12
    if (noon or "").startswith("a") and value == 12:
        value = 0
    total = value * 60 + (30 if half else int(minute or odd or 0))
    return total if total <= DAY_MINUTES else None


def shut_weekdays(text: str) -> frozenset[int] | None:
    """Weekdays (Monday = 1) on which a text says a place is shut; empty for none, None where it says nothing."""
    clean = plain(text)
    rows = [next(group for group in match.groups() if group) for match in _SHUT_DAYS.finditer(clean)]
    if rows:
        return frozenset(day for row in rows for day in _days_of(row))
    return frozenset() if _NEVER_SHUT.search(clean) else None


def _days_of(row: str) -> list[int]:
    """The days of a row, with those between where it is a range."""
    found = [(match.start(), _day_number(match)) for match in _DAY.finditer(row)]
    days = [day for _, day in found]
    ranged = len(days) == 2 and re.search(r"至|到|~|-|\bto\b", row)
    return list(range(days[0], days[1] + 1)) if ranged and days[0] < days[1] else days


def _day_number(match: re.Match[str]) -> int:
    return _DAYS.index(match[1].replace("天", "日")) + 1 if match[1] else _ENGLISH_DAYS.index(match[2]) + 1


def durations_minutes(text: str) -> list[tuple[float, float]]:
    """Every length of time as (least, most) minutes; one figure is both."""
    clean = re.sub(_ALL_DAY, " ", _numerals(plain(text)))
    found = []
    for first, unit, second, last_unit in (match.groups() for match in _DURATION.finditer(clean)):
        low = float(first) * _unit_minutes(unit or last_unit)
        found.append((low, float(second) * _unit_minutes(last_unit) if second else low))
    return found


def _unit_minutes(unit: str) -> int:
    return 1 if "分" in unit or unit.startswith("min") else 60


def _numerals(text: str) -> str:
    """两三个小时, 半小时, 一个半小时 and half a day in figures."""
    text = re.sub(r"一个半小时|an hour and a half", "1.5小时", text)
    text = re.sub(r"半个?小时|half an hour", "30分钟", text)
    text = re.sub(r"半天|half a day", "3-5小时", text)
    text = re.sub(r"\b(?:a|one) hour", "1 hour", text)
    text = re.sub(r"([一两二三四五六七八九])([二三四五六七八九])(?=个?(?:小时|钟头))", lambda m: f"{_digit(m[1])}-{_digit(m[2])}", text)
    return re.sub(r"([一两二三四五六七八九十])(?=个?(?:小时|钟头))", lambda m: str(_digit(m[1])), text)


def _digit(character: str) -> int:
    return "零一二三四五六七八九十".index(character.replace("两", "二"))


def levels(text: str) -> frozenset[str]:
    """Every A level a text names, as ``5A``."""
    found = set()
    for digit, letters in (match.groups() for match in _LEVEL.finditer(plain(text))):
        number = len(letters) if letters else "一二三四五".find(digit) + 1 or int(digit)
        found.add(f"{number}A")
    return frozenset(found)


def refuses(text: str, kind: str) -> bool:
    """Whether a text says that the fact asked for is not known, and names no value of its kind."""
    clean = plain(text)
    says_so = bool(_REFUSAL.search(clean) or (kind in {"price", "hours", "closed"} and _SEE_NOTICE.search(clean)))
    return says_so and not names_a_value(text, kind)


def names_a_value(text: str, kind: str) -> bool:
    """Whether a text holds any value of a kind of fact."""
    readers = {"price": amounts_yuan, "hours": spans, "duration": durations_minutes, "level": levels}
    if kind == "closed":
        return shut_weekdays(text) is not None
    return kind in readers and bool(readers[kind](text))
