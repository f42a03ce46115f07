"""Money in a traveller's words: budgets in total and by category, and the price of a night.

All amounts become yuan for the whole party and the whole trip, only a night's price is for one room and one night; 左右 and
"about" are read as a ceiling. Not covered: a ceiling on each single ticket, and other currencies; they are left unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chains.tools.itinerary.trip import BudgetAtMost, CostKind, Hotel, Single
from chains.understanding.clauses import Clause, Found, Scene
from chains.understanding.numbers import NUMBER, number_of

LEAST_YUAN = 10  # below that, a bare number is no price
_AMOUNT = re.compile(
    r"(?:[¥￥]\s*)?(?:(?P<wan>\d+(?:\.\d+)?|[一二两三四五六七八九十])万(?P<rest>[\d一二三四五六七八九])?(?:千)?|"
    rf"(?P<range>{NUMBER})\s*(?:到|至|-|~|–|to|and)\s*(?P<high>{NUMBER})|(?P<vague>[一二三四五六七八][二三四五六七八九]百)|(?P<plain>\d[\d,]*(?:\.\d+)?\s?[kw千万百]?|{NUMBER}))"
    r"\s*(?P<unit>块钱|块|元|rmb|人民币|cny|yuan|kuai|¥)?"
    r"(?!\s*(?:个|位|名|天|日(?!元)|晚(?!上)|夜|人(?!均)|口|家|站|次|点|年|月|号|大|小|公里|千米|米|里|km|m\b|metres?|meters?|minutes?|分|小时|hours?|间|岁|%|星|楼|层|处|顿|a级|am\b|pm\b|days?|nights?|sights?|people|places|rooms?|kids|adults?|friends|star|of us|twin|double|single|:|km|or(?! less| under)|st\b|nd\b|rd\b|th\b|\d))",
    re.IGNORECASE | re.ASCII,
)
_CUE = re.compile(
    r"预算|不超过|不能超过|别超|以内|之内|以下|最多|至多|控制|封顶|人均|每人|每天|一人|总共|一共|花费|花|总价|全包|加起来|合计|低于|不到|左右|上下|只有|各|不多于|内$|under|below|at most|max\b|maximum|up to|no more than|not more|less than|budget|total|spend|around|about|within|each|in all|for everything|limit|cap\b",
    re.IGNORECASE | re.ASCII,
)
_LEAST = re.compile(r"以上|起步|不低于|至少|\bat least|more than(?<!no more than)|\bover\b|from\s*$", re.IGNORECASE | re.ASCII)
_KINDS: tuple[tuple[CostKind, str], ...] = (
    ("intercity", r"往返|来回|路费|(?<!打)车费|大交通|城际|机票|车票|高铁票|火车票|路上|intercity|inter-city|flights?|train tickets?|getting there|between cities"),
    ("local", r"市内交通|本地交通|当地交通|市内|打车费?|交通费?|local transport|getting around|taxis|transport"),
    ("tickets", r"门票|票|景点|tickets?|admission|entrance|entry"),
    ("food", r"餐饮|吃饭|伙食|餐费|饮食|吃的|吃|用餐|food|meals?|eating|dining"),
    ("lodging", r"住宿|房费|住的|酒店|宾馆|民宿|住|lodging|accommodation|hotels?|rooms?"),
)
_NIGHT = re.compile(r"每晚|一晚|每夜|一夜|/晚|晚(?=$|·|,)|房价|每间|(?:per|a|each|/|every) ?night|nightly", re.IGNORECASE | re.ASCII)
_WHOLE = re.compile(r"预算|总|一共|共|合计|控制|花费|其中|budget|total|altogether|in all", re.IGNORECASE)
_PERSON = re.compile(r"人均|每人|每个人|一人|各|per person|each|a head|\bpp\b|/人", re.IGNORECASE | re.ASCII)
_DAILY = re.compile(r"每天|一天|每日|/天|per day|a day|daily|every day", re.IGNORECASE | re.ASCII)
_EACH_TICKET = re.compile(r"每顿|每餐|一顿|一餐|per meal|each meal|a meal|(?:单个|每个|每张|单张|单票).{0,4}(?:门票|景点)|的(?:景点|地方)|tickets? (?:each|apiece)|each ticket|per sight", re.IGNORECASE)
_ALL_IN = re.compile(r"总预算|全包|总价|总花费|全部|所有|everything|total budget|all in", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """Yuan as said, with the lower end of a span."""

    yuan: float
    low: float | None
    match: re.Match[str]


def read_money(clause: Clause, scene: Scene) -> list[Found]:
    """Budgets and a night's price that stand in a clause."""
    found = []
    for amount in amounts_in(clause.text):
        wish = _wish(clause, scene, amount)
        if wish:
            found.append(Found(wish, clause.start + _reach(clause.text, amount.match), clause.start + _end(clause.text, amount.match)))
    return found


def amounts_in(text: str) -> Iterator[Amount]:
    """Every amount that may be money."""
    for match in _AMOUNT.finditer(text):
        yuan, low = _yuan(match)
        if yuan and (yuan >= LEAST_YUAN or match["unit"]):
            yield Amount(yuan, low, match)


def _yuan(match: re.Match[str]) -> tuple[float | None, float | None]:
    if match["wan"]:
        whole = (number_of(match["wan"]) or 0) * 10000
        return whole + (number_of(match["rest"]) or 0) * 1000 if match["rest"] else whole, None
    if match["vague"]:  # 两三百: the span from one to the other
        low, high = (number_of(f"{digit}百") for digit in match["vague"][:2])
        return high, low
    if match["range"]:
        low, high = number_of(match["range"]), number_of(match["high"])
        return (high, low) if low is not None and high is not None and low < high else (high, None)
    return number_of(match["plain"]), None


def _wish(clause: Clause, scene: Scene, amount: Amount) -> Single | None:
    text = clause.text
    if (clause.hotel or _NIGHT.search(text)) and _night_price(clause):
        return _night(text, amount)
    if re.search(r"excluding|不含|不包括", text):
        return None
    if not (_CUE.search(text) or amount.match["unit"] or (_of(text) and amount.match.end() == len(text.rstrip()))) or _EACH_TICKET.search(text):
        return None
    if _LEAST.search(text[amount.match.end():]) or _LEAST.search(text[:amount.match.start()]):
        return None
    return BudgetAtMost(of=_kind(clause, amount), yuan=amount.yuan * _times(text, scene))


def _night_price(clause: Clause) -> bool:
    """Whether an amount in a clause about the hotel is the price of a night and not what all nights may cost."""
    return bool(_NIGHT.search(clause.text)) or not (_ALL_IN.search(clause.text) or _WHOLE.search(clause.text) or _PERSON.search(clause.text) or _of(clause.text) not in (set(), {"lodging"}))


def _night(text: str, amount: Amount) -> Single | None:
    after, before = text[amount.match.end():], text[:amount.match.start()]
    if re.search(r"也可以|也行|也能接受|is ok|is fine", after):
        return None
    if amount.low is not None:
        return Hotel(least_yuan=amount.low, most_yuan=amount.yuan)
    if _LEAST.search(after) or (_LEAST.search(before) and "no" not in before):
        return Hotel(least_yuan=amount.yuan)
    return Hotel(most_yuan=amount.yuan)


def _of(text: str) -> set[CostKind]:
    return {kind for kind, words in _KINDS if re.search(words, text)}


def _kind(clause: Clause, amount: Amount) -> CostKind | str:
    """The category whose words stand nearest before the amount, else after it; several together are everything."""
    kinds = _of(clause.text)
    if _ALL_IN.search(clause.text) or len(kinds) > 2:
        return "total"
    if {"local", "intercity"} <= kinds:
        kinds.discard("local")
    if "lodging" in kinds and len(kinds) > 1 and not re.search("住宿|lodging|accommodation|酒店|hotel", clause.text):
        kinds.discard("lodging")
    if "tickets" in kinds and len(kinds) > 1 and "intercity" in kinds:
        kinds.discard("tickets")
    if len(kinds) == 1:
        return next(iter(kinds))
    before = clause.text[:amount.match.start()]
    near = [(max((match.end() for match in re.finditer(words, before)), default=-1), kind) for kind, words in _KINDS if kind in kinds]
    return max(near)[1] if kinds and max(near)[0] >= 0 else "total"


def _times(text: str, scene: Scene) -> int:
    """How often the amount is spent: by each person, on each day."""
    times = scene.people if _PERSON.search(text) else 1
    return times * scene.days if _DAILY.search(text) else times


def _reach(text: str, match: re.Match[str]) -> int:
    """From where the words belong to the amount: the clause's words before it, up to what was taken or named."""
    return max(text.rfind(sign, 0, match.start()) for sign in "·§¤") + 1


def _end(text: str, match: re.Match[str]) -> int:
    after = re.match(r"(?:\s*(?:的?预算|每晚|一晚|/晚|以内|之内|内|以下|左右|上下|封顶|以上|每人|一人|一夜|就行|就够|的(?:酒店|房子?|民宿)?|(?:in )?total|altogether|max|maximum|(?:per|a|each) (?:night|person|day)|each|or less|"
                     r"(?:for|on) (?:everything|food|tickets|meals|hotels?|lodging|two people)))+", text[match.end():])
    return match.end() + (after.end() if after else 0)
