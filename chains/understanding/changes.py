"""What a turn asks to be changed in the itinerary that stands: 第二天轻松点, 把栈桥换成八大关, move Badaguan to day 3.

What a turn wishes for the whole trip (预算改成3000, 不打车) is not read here but by `going_on`; a change carries the trip
that came out of it. Not covered: another city, which is a new trip with what was said before.
"""

import re
from dataclasses import dataclass
from typing import Literal

from chains.tools.itinerary.trip import CostKind, Trip

ChangeKind = Literal["easier", "remove", "replace", "add", "move", "swap", "lock", "again", "cheaper", "better", "wishes"]
CostOf = CostKind | Literal["total"]
_DAY = r"第\s*([一二两三四五六七八九十\d]{1,2})\s*天|\bday (\d{1,2})\b|\b(first|second|third|fourth|fifth|last) day\b|(最后)一天"
_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
            "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "最后": -1}
# The first that fits decides; kind, words, least number of days named, least number of sights named.
_KINDS: tuple[tuple[ChangeKind, str, int, int], ...] = (
    ("swap", r"对调|互换|调换|交换|换一下|换过来|\bswap\b|\bswitch\b", 2, 0),
    ("easier", r"轻松|太累|太满|太赶|太紧|少排|少安排|松一点|慢一点|休闲|悠闲|easier|lighter|less packed|too (?:full|tiring|busy|much|packed|rushed|tight)|relax|slow(?:er)? down", 1, 0),
    ("replace", r"换成|换为|改成|替换成?|换掉|换一个|换个|\breplace\b|instead of|\bswap\b.*\bfor\b|change .* (?:to|for)", 0, 1),
    ("move", r"(?:放|挪|移|改|调|排|安排)(?:到|在)|\bmove\b|\bput\b|\bshift\b", 1, 1),
    ("lock", r"锁定|固定|别动|不要动|保留|\block\b|\bkeep\b|don'?t (?:touch|move)", 0, 1),
    ("remove", r"去掉|删掉|删除|取消|不要了|不去|别去|拿掉|划掉|\bdrop\b|\bremove\b|\bskip\b|\bdelete\b|take out|leave out|without", 0, 1),
    ("add", r"加上|加个|加入|加一个|再加|添上|增加|也要?去|顺便去|\badd\b|\binclude\b|\balso (?:(?:want|like|love|hope) to )?(?:go|visit|see)\b", 0, 1),
    ("cheaper", r"便宜(?:一?点|一些|些|一下)|更便宜|(?:太|有点|好)贵|(?:别|不要|不用)(?:那么|太|这么)贵|省(?:一?点|一些|些)|少花(?:一?点|些)|\bcheaper\b|(?:too|less|not so) (?:expensive|pricey|dear)|save (?:some |a bit of )?money|spend less|cut (?:the |down )?costs?", 0, 0),
    ("better", r"(?:酒店|住|房间?).{0,5}(?:好一?点|好些|高档一?点|升级|舒服一?点|舒适一?点)|(?:升级|好一?点的?|更好的?|高档一?点的?)(?:酒店|住处|房)|(?:better|nicer|upgrade)\b.{0,12}(?:hotel|room|place to stay)|(?:hotel|room)s? .{0,12}(?:better|nicer|upgraded?)", 0, 0),
    ("again", r"重新(?:排|安排|规划)|重排|再排|换一版|换个方案|plan (?:it )?again|re-?plan|another (?:plan|version)", 0, 0),
)
# A change of the budget, whose "change to" and "add" speak of no stop.
_BUDGET = re.compile(r"(?:预算|人均|budget)[^,，。;]{0,10}?(?:改|换|调|加|减|降|提高|\bto\b|\bby\b)[^,，。;\d]{0,8}\d[\d,.]*|\bkeep (?:it|everything|the total) (?:under|below|within|at)", re.IGNORECASE)
_COST_WORDS: tuple[tuple[CostKind, str], ...] = (
    ("lodging", r"酒店|宾馆|民宿|住|房|hotel|room|lodging|accommodation|place to stay"), ("food", r"吃|餐|饭|\bfood\b|meals?|\beat"),
    ("tickets", r"门票|景点|tickets?|sights|admission"), ("intercity", r"机票|高铁|火车|往返|路费|flight|train"), ("local", r"交通|打车|transport|taxi"),
)


@dataclass(frozen=True)
class Change:
    """One change: its kind, the days it names (from 1; -1 is the last) and the sights (ids), in the order they were said.

    `trip` is the trip with the wishes that the same turn states, None where it states none; `of` is what shall cost less or more.
    """

    kind: ChangeKind
    days: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    trip: Trip | None = None
    of: CostOf = "total"


def read_change(text: str, places: tuple[str, ...]) -> Change | None:
    """The change a turn asks for; `places` are all sights it names, refused ones too. None where it asks for none."""
    text, days = _BUDGET.sub(" ", text), days_named(text)
    for kind, words, least_days, least_places in _KINDS:
        if re.search(words, text, re.IGNORECASE) and len(days) >= least_days and len(places) >= least_places:
            return Change(kind, days, places, of=_cost_of(text) if kind in {"cheaper", "better"} else "total")
    return None


def _cost_of(text: str) -> CostOf:
    """Which cost a turn speaks of, everything where it names none."""
    return next((kind for kind, words in _COST_WORDS if re.search(words, text, re.IGNORECASE | re.ASCII)), "total")


def days_named(text: str) -> tuple[int, ...]:
    """Days said by their number, in order."""
    found = []
    for match in re.finditer(_DAY, text, re.IGNORECASE):
        word = next(group for group in match.groups() if group).lower()
        found.append(int(word) if word.isdigit() else _NUMBERS.get(word, 0))
    return tuple(day for day in found if day)
