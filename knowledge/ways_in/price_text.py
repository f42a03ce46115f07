"""Admission prices as people write them, made into a ticket: adult, student, seasons, and who goes in free.

A number counts as the adult price only where every word beside it is known (成人票, 门票, 旺季, 元/人); a number with
another word beside it (联票, 夜场, 导游) stays in the note. Where a text gives two adult prices and no seasons, none is
taken. ``免费`` is a price of 0 only where it is said of everybody.
"""

import ast
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.records import Booking, Extra
from knowledge.seasons import Season
from knowledge.ways_in.hours_tokens import find_season, plain_hours
from knowledge.ways_in.plain_text import is_nothing

MOST_YUAN = 20_000
LONGEST_TEXT = 1200
NOTE_CHARS = 100
_AMOUNT = r"\d+(?:\.\d{1,2})?"
_PRICE = re.compile(rf"(?P<yuan>{_AMOUNT})\s*(?:元|块|RMB|rmb)(?:钱|整)?\s*(?:[/每](?:人次?|张|位|次))?(?P<from>起)?")
_BARE = re.compile(rf"(?:RMB|CNY)?\s*(?P<yuan>{_AMOUNT})\s*(?P<from>起)?")
_FREE = re.compile(r"免费(?!讲解|停车|导游|导览|wifi|接|寄存|提供|乘)|免门票|无需门票|不收门票|不要门票|无门票|不需要门票|免票|不用门票|无须门票")
_NOT_FOR_ALL = re.compile(r"[^,;]*?(?:岁|老人|老年|儿童|学生|军人|军官|残疾|米以下|厘米|cm|记者|导游证|教师|优待|烈属|消防|持证|凭证|身高|周[一二三四五六日]|生日|当地|本地|市民)[^,;]*", re.IGNORECASE)
_SENIOR = re.compile(r"(\d\d)\s*周?岁?(?:\(含[^)]*\)|含)?[以及]*上?(?:周岁|岁)?(?:\(含[^)]*\))?(?:及?以上)?[^;\d半优]{0,24}?(?:免|无需)")
_SENIOR_AGE = re.compile(r"\d\d\s*周?岁")
_CHILD = re.compile(r"(?:(\d(?:\.\d{1,2})?)\s*(?:米|m)|(\d{3}|\d\d)\s*(?:厘米|公分|cm))(?:\(含[^)]*\)|含)?[以及(]*下[^;\d半优]{0,24}?免", re.IGNORECASE)
_EXTRAS = {"观光车": "shuttle bus", "电瓶车": "shuttle bus", "摆渡车": "shuttle bus", "环保车": "shuttle bus", "景区交通": "shuttle bus",
           "交通车": "shuttle bus", "区间车": "shuttle bus", "索道": "cable car", "缆车": "cable car", "游船": "boat", "船票": "boat"}
_STUDENT = re.compile(r"学生|大学生|研究生")
_LOW, _PEAK = re.compile(r"淡季|冬[季令]"), re.compile(r"旺季|夏[季令]")
# Words that may stand beside an adult price without changing what it is the price of.
_ADULT_WORDS = re.compile(
    r"成人|成年人|大人|全价|全票|普通|标准|散客|景区|景点|公园|大门|门票|票价|入园|入场|参观|价格|价|票|费|单人|单票|每人|人均|人|为|是|约|挂牌|门市|"
    r"收|的|需|旺季|淡季|[夏冬][季令]?|平日|收费|:|/|\(|\)|,|\s|-|·|—|\"|'|【|】|\[|\]|\.|参考|\x01")
_SEASON_WORDS = re.compile(r"(?:20\d\d年)?\d{1,2}(?:月\d{1,2}日?|[./]\d{1,2}|月份?底?)?-(?:次年|翌年)?\d{1,2}(?:月\d{1,2}日?|[./]\d{1,2}|月份?底?)")


@dataclass(frozen=True)
class PriceReading:
    """What a price text says, in yuan; `note` keeps what was not made into a number."""

    adult_yuan: float | None = None
    low_yuan: float | None = None
    peak: Season | None = None
    student_yuan: float | None = None
    senior_free_age: int | None = None
    child_free_cm: int | None = None
    booking: Booking | None = None
    extras: tuple[Extra, ...] = ()
    is_from: bool = False
    note: str = ""


@dataclass(frozen=True)
class _Priced:
    """A number with the words around it."""

    yuan: float
    label: str
    is_from: bool
    text: str


def read_price(value: object, name: str = "") -> PriceReading:
    """Read a number, a text, or a mapping (or its text) of ticket names to prices; `name` is the sight's own."""
    if isinstance(value, bool) or value is None:
        return PriceReading()
    if isinstance(value, int | float):
        return PriceReading(adult_yuan=float(value)) if 0 <= value <= MOST_YUAN else PriceReading(note=f"{value}")
    if isinstance(value, dict):
        return _of_products({str(key): item for key, item in value.items()}, name)
    text = str(value).strip()[:LONGEST_TEXT]
    products = _dictionary(text)
    return _of_products(products, name) if products is not None else _of_text(text, name)


def _dictionary(text: str) -> dict[str, object] | None:
    """The mapping that a cell spells out (``{'成人票': '¥60'}``), read as a literal: nothing is run."""
    if not (text.startswith("{") and text.endswith("}")):
        return None
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else None


def _of_products(products: dict[str, object], name: str) -> PriceReading:
    """Products on sale: the one that is plainly the adult admission, the student ticket, and the rest as a note."""
    prices: dict[str, list[float]] = {"adult": [], "low": [], "student": []}
    is_from, left = False, []
    for label, value in products.items():
        one, kind = _of_text(str(value), name), (_kind(label, name) or "").replace("peak", "adult")
        if one.adult_yuan is None or kind not in prices:
            left.append(f"{label}{value}")
            continue
        is_from = is_from or one.is_from
        prices[kind].append(one.adult_yuan)
    adult, low, student = (prices[kind] for kind in ("adult", "low", "student"))
    if len(set(adult)) > 1:
        left.insert(0, "成人票有多种价格")
        is_from = True
    cheaper = min(low) if low and adult and min(low) <= max(adult) else None
    return PriceReading(adult_yuan=max(adult, default=None), low_yuan=cheaper, student_yuan=min(student, default=None),
                        is_from=is_from, note=_short(left))


def _of_text(text: str, name: str) -> PriceReading:
    return _of_words(text, name if name in plain_hours(text) else "")


@lru_cache(maxsize=8192)  # the same few texts stand in most rows, and few of them hold the sight's name
def _of_words(text: str, name: str) -> PriceReading:
    plain = re.sub(rf"[￥¥$]\s*({_AMOUNT})(?!\s*元)", r"\1元", plain_hours(text).replace("￥", "¥")).replace("¥", "").replace("人民币", "")
    if is_nothing(plain.strip()):
        return PriceReading()
    bare = _BARE.fullmatch(plain.strip())
    if bare and float(bare["yuan"]) <= MOST_YUAN:
        return PriceReading(adult_yuan=float(bare["yuan"]), is_from=bool(bare["from"]))
    reading = _concessions(plain)
    priced = _priced(plain)
    if priced:
        return _choose(reading, priced, text, name)
    if _is_free(plain):
        rest = _FREE.sub("", _NOT_FOR_ALL.sub("", plain))
        return replace(reading, adult_yuan=0.0, note=_short([text]) if re.search(r"[\u4e00-\u9fff]{5,}", rest) else "")
    return replace(reading, note=_short([text]))


def _is_free(plain: str) -> bool:
    """Whether admission is said to be free for everybody."""
    return bool(_FREE.search(_NOT_FOR_ALL.sub("", plain)))


def _priced(plain: str) -> list[_Priced]:
    """Every number of yuan with its words: those before it, and those after it up to the next number or comma."""
    found, end = list(_PRICE.finditer(plain)), 0
    priced = []
    for place, match in enumerate(found):
        following = found[place + 1].start() if place + 1 < len(found) else len(plain)
        before = re.split(r"[;,](?![^(]*\))", plain[end:match.start()])[-1]
        after = re.match(r"\s*(?:\([^()]*\)|/[\u4e00-\u9fff]+)?", plain[match.end():following])
        tail = after.group() if after else ""
        end = match.end() + len(tail)
        yuan = float(match["yuan"])
        if yuan <= MOST_YUAN:
            priced.append(_Priced(yuan, before + tail, bool(match["from"]), (before + match.group() + tail).strip(" ,;")))
    return priced


def _choose(reading: PriceReading, priced: list[_Priced], text: str, name: str) -> PriceReading:
    """Sort the numbers by their words; contradictions and strangers go into the note."""
    plain: list[_Priced] = []
    low: list[_Priced] = []
    left: list[str] = []
    for item in priced:
        kind = _kind(item.label, name)
        if kind == "student":
            reading = replace(reading, student_yuan=item.yuan)
        elif kind == "low":
            low.append(item)
        elif kind in {"adult", "peak"}:
            plain.append(item)
        elif kind:
            reading = replace(reading, extras=(*reading.extras, Extra(name=kind, name_en=_EXTRAS[kind], yuan=item.yuan)))
        else:
            left.append(item.text)
    plain, low = _by_season(plain, low)
    if len({item.yuan for item in plain}) > 1 or len({item.yuan for item in low}) > 1 or (low and not plain):
        return replace(reading, note=_short([text]))
    if not plain:
        return replace(reading, adult_yuan=0.0 if _is_free(plain_hours(text)) else None, note=_short([text]))
    season = find_season(plain[0].label)
    cheaper = low[0].yuan if low and low[0].yuan <= plain[0].yuan else None
    return replace(reading, adult_yuan=plain[0].yuan, low_yuan=cheaper, peak=season if cheaper is not None else None,
                   is_from=plain[0].is_from, note=_short(left))


def _by_season(plain: list[_Priced], low: list[_Priced]) -> tuple[list[_Priced], list[_Priced]]:
    """Two prices with dates and no words for the season (4-10月60元, 11-3月40元): the dearer one is the peak."""
    dated = [item for item in plain if find_season(item.label)]
    if low or len(plain) != 2 or len(dated) != 2:
        return plain, low
    dear, cheap = sorted(plain, key=lambda item: -item.yuan)
    return [dear], [cheap]


def _kind(label: str, name: str) -> str | None:
    """What the words beside a number make it: adult, peak, low, student, an extra's name, or None for a stranger."""
    words = plain_hours(label)
    return _kind_of(words.replace(name, "") if name else words)


@lru_cache(maxsize=8192)
def _kind_of(words: str) -> str | None:
    extra = next((known for known in _EXTRAS if known in words), None)
    rest = _ADULT_WORDS.sub("", _SEASON_WORDS.sub("", words))
    if extra:
        return extra if len(rest.replace(extra, "")) <= 2 else None
    if _STUDENT.search(words):
        return "student" if not _ADULT_WORDS.sub("", _STUDENT.sub("", rest)).strip("优惠半凭证)") else None
    if rest:
        return None
    return "low" if _LOW.search(words) else "peak" if _PEAK.search(words) else "adult"


def _concessions(plain: str) -> PriceReading:
    """Who goes in free, and whether to book."""
    child = _CHILD.search(plain)
    height = round(float(child[1]) * 100) if child and child[1] else int(child[2]) if child else None
    ages = [int(match[1]) for part in re.split(r"[;,]", plain) for match in [_SENIOR.search(part)] if match and _SENIOR_AGE.search(part)]
    age = max((age for age in ages if 55 <= age <= 80), default=None)
    return PriceReading(senior_free_age=age, child_free_cm=height if height and 80 <= height <= 160 else None, booking=_booking(plain))


def _booking(plain: str) -> Booking | None:
    if re.search(r"无需预约|不用预约|无须预约|免预约", plain):
        return "none"
    if re.search(r"建议(?:提前)?预[约订]", plain):
        return "advised"
    return "required" if re.search(r"(?:须|需要?|实名|请|必须)(?:实名|提前|网上|线上|微信)*预[约订]", plain) else None


def read_concessions(text: str) -> PriceReading:
    """Only who pays less and whether to book, out of a text about concessions (优待政策)."""
    return _concessions(plain_hours(text[:LONGEST_TEXT]))


def _short(parts: list[str]) -> str:
    text = "；".join(part.strip(" ,;，。；") for part in parts if part.strip(" ,;，。；"))
    return text if len(text) <= NOTE_CHARS else text[:NOTE_CHARS - 1] + "…"
