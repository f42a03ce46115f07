"""Figures in a text: digits of any width, clock times, Chinese numerals, English number words, each with its unit.

Idioms that only look like numbers (一起, 四季, 十分) are left out by jieba's dictionary and a short list.
"""

import logging
import re
import unicodedata
from dataclasses import dataclass

import jieba
import jieba.posseg

from chains.understanding.numbers import number_of

_CHINESE = "〇零一二两俩三仨四五六七八九十百千万亿半廿卅壹贰叁肆伍陆柒捌玖拾佰仟几"
_UNIT = r"(?P<unit>元|块钱?|角|毛|rmb|yuan|cny|折|%|％|级|星|[aA]{1,5}(?![a-z])|个?小时|个?钟头|分钟|点钟?|刻钟?|[天日晚夜周月年号岁人位口]|公里|千米|米|km|kilomet\w+|minutes?|hours?|days?|nights?|years?|am|pm)?"
_DIGITS = re.compile(rf"(?P<money>[￥¥$]\s*)?(?P<number>\d{{1,2}}:\d\d|\d[\d,]*(?:\.\d+)?)\s*{_UNIT}", re.IGNORECASE)
_NUMERALS = re.compile(rf"(?P<number>[{_CHINESE}]+)\s*{_UNIT}")
_ENGLISH = re.compile(
    r"\b(?P<number>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundreds?|thousands?|half|dozens?|twice|double|couple|few|several)\b[\s-]*(?P<unit>yuan|rmb|hours?|minutes?|days?|percent)?", re.IGNORECASE
)
# 一 counts only before a unit or another numeral; elsewhere it is grammar (一路, 一座, 一眼).
_ONE_HARMLESS = re.compile(r"(?<![〇零二两三四五六七八九十百千万亿第\d])一(?![〇零一二两三四五六七八九十百千万亿元块角毛天日晚夜周月年号岁人折级星刻]|个?小时|个?钟头|分钟|点[钟半到至开关]|公里|千米|米)")
_TWO_HARMLESS = re.compile(r"两(?:旁|岸|侧|边|全其美|相宜)")
_ENGLISH_HARMLESS = re.compile(r"\b(?:one(?! (?:yuan|hours?|minutes?|days?|kinds?|sorts?|tickets?))|no one|every one|each one|this one|any one|a few|few|several|half[- ]hidden|a couple)\b(?! (?:yuan|hours?|minutes?|days?|miles?|km|kilomet\w+))", re.IGNORECASE)
_IDIOMS = frozenset(
    (
    "四季 五彩 十分 四面八方 三三两两 五颜六色 万一 千万 七彩 四处 四周 八方 三五 一五一十 千姿百态 百花 万物 万里 百姓 三两 五光十色 千奇百怪 四通八达 十足 百看不厌 六朝 千回百转 万千 "
    "五湖四海 半日 半山 半岛 夜半 多半 大半 半空 一半"
).split()
)


@dataclass(frozen=True)
class Quantity:
    """A figure: its value, the kind of its unit ("" where none stands), and how it is written."""

    value: float
    unit: str
    text: str


def quantities(text: str) -> list[Quantity]:
    """All figures of a text, in no order that matters."""
    plain = unicodedata.normalize("NFKC", text)
    found = [_digits(match) for match in _DIGITS.finditer(plain)]
    found += [_worded(match) for match in _NUMERALS.finditer(_without_idioms(plain))]
    found += [_worded(match) for match in _ENGLISH.finditer(_ENGLISH_HARMLESS.sub("·", plain))]
    return found


def _digits(match: re.Match[str]) -> Quantity:
    number = match["number"]
    if ":" in number:
        hour, minute = number.split(":")
        return Quantity(int(hour) * 60 + int(minute), "clock", match[0])
    unit = "yuan" if match["money"] else unit_kind(match["unit"])
    return Quantity(float(number.replace(",", "")), unit, match[0])


def _worded(match: re.Match[str]) -> Quantity:
    value = number_of(match["number"])
    return Quantity(value if value is not None else -1.0, unit_kind(match["unit"]), match[0])


def unit_kind(unit: str | None) -> str:
    """Units that mean the same become one."""
    word = (unit or "").lower()
    kinds = {
        "yuan": ("元", "块", "角", "毛", "rmb", "yuan", "cny"), "hour": ("小时", "个小时", "钟头", "个钟头", "hour"),
        "minute": ("分钟", "刻", "minute"), "clock": ("点", "am", "pm"), "day": ("天", "日", "号", "day"),
        "level": ("级", "星", "a"), "month": ("月",), "km": ("公里", "千米", "km", "kilomet"), "person": ("人", "位", "口"),
    }
    return next((kind for kind, words in kinds.items() if word and any(word.startswith(w) for w in words)), word)


def _without_idioms(text: str) -> str:
    text = _TWO_HARMLESS.sub("·", _ONE_HARMLESS.sub("·", text))
    if not re.search(f"[{_CHINESE}]", text):
        return text
    jieba.setLogLevel(logging.WARNING)
    return "".join("·" if _is_idiom(pair.word, pair.flag) else pair.word for pair in jieba.posseg.lcut(text, HMM=False))


def _is_idiom(word: str, flag: str) -> bool:
    """A dictionary word that holds a numeral but is no number: 十分, 四季. Numbers and times are no idioms."""
    if word in _IDIOMS:
        return True
    return len(word) > 1 and bool(re.search(f"[{_CHINESE}]", word)) and flag[0] in "adivlzc"
