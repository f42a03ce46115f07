"""The words that opening hours are made of: seasons, weekdays, clock ranges, last entries, closings.

Every character of a clause belongs to a token or is unknown; words that carry no information of their own (开放时间,
景区, 对外) are passed over.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from knowledge.errors import DataError
from knowledge.seasons import DAY_MINUTES, Season, parse_season

ALL_WEEK = (1, 2, 3, 4, 5, 6, 7)
_DAY_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_WIDE = str.maketrans("０１２３４５６７８９：；，、（）【】．／～〜﹣−－", "0123456789:;,,()()./~~---")
_DAY = r"(?:周|星期|礼拜)[一二三四五六日天]"
_BARE = r"[一二三四五六日天](?=[,\s\d(;闭休不开-]|$)"
_SPAN_OF_DAYS = rf"(?:{_DAY})(?:-(?:{_DAY}|{_BARE}))?"
_MONTH_DAY = r"(?:20\d\d年)?(?P<{0}m>\d{{1,2}})(?:月(?P<{0}d>\d{{1,2}})(?![\d:])[日号]?|[./](?P<{0}e>\d{{1,2}})(?![\d:])日?|月份?(?P<{0}x>底|末|初)?)"
_NEXT_YEAR = r"(?:次年|翌年|第二年|来年|20\d\d年)?的?"
_ENTER = r"(?:入园|入馆|入场|入内|进园|进馆|进场|进入|检票|登记|参观|入寺|验票|领票|上山|登岛|登城|登楼|售票|取票|换票|购票|放行|及|和|与)"
_CLOCK = r"\d{1,2}:\d{2}"
_HALF = r"(?:早上|早晨|上午|中午|下午|晚上|傍晚|夜间|凌晨|次日凌晨|次日|第二天|翌日|早|晚)"
_FILLER = re.compile(
    r"开放时间|营业时间|参观时间|游览时间|开园时间|开馆时间|入园时间|服务时间|运营时间|景区|景点|公园|全馆|全园|展馆|博物馆|正常|日常|平时|期间|"
    r"实行|对外|对公众|免费|开放|开馆|开园|开门|营业|接待|时间|均为|均|为|是|每|的|则|时段|旺季|淡季|夏季|冬季|春季|秋季|春夏季?|秋冬季?|夏令时?|冬令时?|"
    r"[\s:,.\-~!/\"'。]+")
_NO_DATES = re.compile(r"旺季|淡季|[春夏秋冬]季|[春夏秋冬]令时?|春夏|秋冬|^[夏冬]|[;, ][夏冬](?=\d)")


class Kind(Enum):
    """What a token says."""

    SEASON = auto()
    ALL_YEAR = auto()
    WEEKDAYS = auto()
    RANGE = auto()
    ALL_DAY = auto()
    LAST_ENTRY = auto()
    LAST_SALE = auto()
    CLOSED = auto()
    COMMA = auto()
    UNKNOWN = auto()


@dataclass(frozen=True)
class Token:
    """One token: a season, weekdays, (open, close) or a minute; `bracketed` ones stood in brackets."""

    kind: Kind
    start: int
    value: Season | tuple[int, ...] | int | None = None
    bracketed: bool = False


_TOKEN = re.compile("|".join((
    rf"(?P<season>{_MONTH_DAY.format('a')}\s*-\s*{_NEXT_YEAR}{_MONTH_DAY.format('b')})",
    r"(?P<months>(?<!\d)(?P<m1>\d{1,2})月?-(?:次年)?(?P<m2>\d{1,2})月份?(?!\d{1,2}[日号]))",
    r"(?P<month>(?<!\d)(?P<m0>\d{1,2})月份?(?!\d{1,2}[日号]|[上中下初底末]))",
    rf"(?P<last>(?:最晚|最后|最迟|停止|截止){_ENTER}+(?:时间)?(?:为|是)?:?\s*(?P<l1>{_CLOCK}))",
    rf"(?P<stop>(?P<l2>{_CLOCK})(?:之?后|以后|起|时)?,?\s*(?:停止|截止|最晚|不再|禁止|谢绝|不得|开始停止)(?P<what>{_ENTER}+))",
    rf"(?P<sale>(?:停售票|停止?售票|停票|售票截止|截止售票|售票截至)(?:时间)?(?:为|是)?:?\s*(?P<l3>{_CLOCK}))",
    rf"(?P<range>(?P<h1>{_HALF})?\s*(?P<open>{_CLOCK})\s*-\s*(?P<h2>{_HALF})?\s*(?P<close>{_CLOCK}))",
    r"(?P<allday>全天候?(?!不)|24小时|二十四小时|全开放)",
    r"(?P<closed>全天不开放|不对外开放|闭馆日?|闭园日?|休馆日?|休园日?|休息|公休|不开放|闭关|关闭|停止开放|店休|(?<=[一二三四五六日天])休(?!闲))",
    rf"(?P<days>{_SPAN_OF_DAYS}(?:,?\s*(?:{_SPAN_OF_DAYS}|(?<=,){_BARE}))*)",
    r"(?P<allyear>全年|一年四季|四季)", r"(?P<everyday>每天|每日|天天)",
    r"(?P<workdays>工作日)", r"(?P<weekend>周末|双休日)", r"(?P<comma>,)",
)))


@lru_cache(maxsize=8192)  # the same few texts stand in most rows
def plain_hours(text: str) -> str:
    """The text in one spelling: half-width, one dash, clocks as 8:30, clauses parted by semicolons."""
    plain = text.translate(_WIDE).replace("。", ";").replace("\n", ";")
    plain = re.sub(r"(?<![\d小])(\d{1,2})[点时](?:(\d{1,2})分?|(半)|整)?", _clock_words, plain)
    plain = re.sub(r"[—–―~]+|-{2,}", "-", plain)
    plain = re.sub(r"(?<=[\d日号月天一二三四五六末])\s*[至到]\s*(?=[\d周星礼次翌下晚凌第])", "-", plain)
    plain = re.sub(r"\s*-\s*", "-", plain)
    return re.sub(r"(?<=\d)\s*:\s*(?=\d)", ":", plain)


def _clock_words(found: re.Match[str]) -> str:
    return f"{found.group(1)}:{30 if found.group(3) else int(found.group(2) or 0):02d}"


def tokens_of(clause: str) -> list[Token]:
    """The clause's tokens in order; what no token covers and no filler explains is UNKNOWN."""
    tokens: list[Token] = []
    end = 0
    for found in _TOKEN.finditer(clause):
        tokens += _gap(clause, end, found.start())
        tokens.append(_token(found, bracketed="\x01" in clause[max(0, found.start() - 2):found.start() + 1]))
        end = found.end()
    return [*tokens, *_gap(clause, end, len(clause))]


def season_without_dates(clause: str, tokens: list[Token]) -> bool:
    """Whether the clause says 夏季 or 旺季 and not from when to when."""
    return bool(_NO_DATES.search(clause)) and all(token.kind is not Kind.SEASON for token in tokens)


def _gap(clause: str, start: int, end: int) -> Iterator[Token]:
    if _FILLER.sub("", clause[start:end]).strip(" \x01"):
        yield Token(Kind.UNKNOWN, start)


def _token(found: re.Match[str], *, bracketed: bool) -> Token:
    start = found.start()
    try:
        kind, value = _read(found)
    except DataError:
        kind, value = Kind.UNKNOWN, None
    return Token(kind, start, value, bracketed)


_Value = tuple[Kind, Season | tuple[int, ...] | int | None]


def _read(found: re.Match[str]) -> _Value:
    for group, reader in _READERS.items():
        if found[group] is not None:
            return reader(found)
    return Kind.UNKNOWN, None


def _season(found: re.Match[str]) -> _Value:
    season = parse_season(f"{_edge(found, 'a')}-{_edge(found, 'b')}")
    return (Kind.ALL_YEAR, None) if (season.first, season.last) == ((1, 1), (12, 31)) else (Kind.SEASON, season)


def _edge(found: re.Match[str], side: str) -> str:
    month, day = found[f"{side}m"], found[f"{side}d"] or found[f"{side}e"]
    if day is None and found[f"{side}x"] != "初" and (side == "b" or found[f"{side}x"]):
        day = str(parse_season(f"{month}-{month}").last[1])
    return f"{month}.{day or 1}"


def _months(found: re.Match[str]) -> _Value:
    return Kind.SEASON, parse_season(f"{found['m1']}-{found['m2']}")


def _month(found: re.Match[str]) -> _Value:
    return Kind.SEASON, parse_season(f"{found['m0']}-{found['m0']}")


def _range(found: re.Match[str]) -> _Value:
    opens, closes = _minute(found["open"], found["h1"]), _minute(found["close"], found["h2"])
    if found["h1"] in {"下午", "晚上", "傍晚", "晚"} and closes < DAY_MINUTES // 2 and not found["h2"]:
        closes += DAY_MINUTES // 2  # 下午1:30-5:00
    if closes == 0 or (found["h2"] or "").startswith(("次日", "翌日", "第二天")):
        return Kind.RANGE, (opens, closes + DAY_MINUTES)
    if closes <= opens:  # after midnight only where that is likely: a bar, a night market
        if closes > 3 * 60 and opens < 17 * 60:
            return Kind.UNKNOWN, None
        closes += DAY_MINUTES
    return Kind.RANGE, (opens, closes)


def _minute(clock: str, half: str | None) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    if minute > 59 or hour > 24 or hour * 60 + minute > DAY_MINUTES:
        raise DataError(f"clock time {clock!r} does not exist")
    if half in {"下午", "晚上", "傍晚", "晚", "夜间"} and hour < 12:
        hour += 12
    total = hour * 60 + minute
    return DAY_MINUTES if clock == "23:59" else total


def _days(found: re.Match[str]) -> _Value:
    days: set[int] = set()
    for part in re.split(r"[,\s]+", found["days"]):
        ends = [_DAY_NUMBERS[name] for name in re.findall(r"[一二三四五六日天]", part)]
        days |= _stretch(ends[0], ends[-1]) if "-" in part else set(ends)
    return Kind.WEEKDAYS, tuple(sorted(days))


def _stretch(first: int, last: int) -> set[int]:
    return set(range(first, last + 1)) if first <= last else {*range(first, 8), *range(1, last + 1)}


def _stop(found: re.Match[str]) -> _Value:
    only_sale = not re.sub(r"售票|取票|换票|购票|及|和|与", "", found["what"])
    return (Kind.LAST_SALE if only_sale else Kind.LAST_ENTRY), _minute(found["l2"], None)


def _last(found: re.Match[str]) -> _Value:
    only_sale = not re.sub(r"最晚|最后|最迟|停止|截止|售票|取票|换票|购票|时间|为|是|[\s\d:]", "", found["last"])
    return (Kind.LAST_SALE if only_sale else Kind.LAST_ENTRY), _minute(found["l1"], None)


_READERS: dict[str, Callable[[re.Match[str]], _Value]] = {
    "season": _season, "months": _months, "month": _month, "last": _last, "stop": _stop,
    "sale": lambda found: (Kind.LAST_SALE, _minute(found["l3"], None)),
    "range": _range, "allday": lambda _: (Kind.ALL_DAY, (0, DAY_MINUTES)), "closed": lambda _: (Kind.CLOSED, None),
    "days": _days, "allyear": lambda _: (Kind.ALL_YEAR, None), "everyday": lambda _: (Kind.WEEKDAYS, ALL_WEEK), "workdays": lambda _: (Kind.WEEKDAYS, ALL_WEEK[:5]),
    "weekend": lambda _: (Kind.WEEKDAYS, (6, 7)), "comma": lambda _: (Kind.COMMA, None),
}


def find_season(text: str) -> Season | None:
    """The first stretch of the year named in a text, such as a price's ``4月1日-10月31日``."""
    for found in _TOKEN.finditer(plain_hours(text)):
        value = _token(found, bracketed=False).value
        if isinstance(value, Season):
            return value
    return None
