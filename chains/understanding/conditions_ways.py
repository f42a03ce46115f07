"""How to get about, in a traveller's words: between cities, within a city, and how far on foot.

A refused way leaves all the others. Not covered: driving oneself, hired cars, night trains, and one way there and another back; they are
left unread.
"""

import re
from typing import get_args

from chains.tools.itinerary.trip import IntercityBy, IntercityMode, LocalBy, Mode, Single, WalkAtMost, WalkBelow
from chains.understanding.clauses import Clause, Found, Scene
from chains.understanding.conditions_hotel import metres_of
from chains.understanding.conditions_refused import refused
from chains.understanding.conditions_time import moments_in
from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER

_LOCAL: dict[Mode, str] = {
    "metro": r"地铁|轻轨|metro|subway|underground|\bmrt\b", "bus": r"公交车?|公共汽车|巴士|\bbus(?:es)?\b",
    "taxi": r"打车|打的|的士|出租车?|网约车|滴滴|taxis?|\bcabs?\b|\bdidi\b", "walk": r"步行|走路|徒步(?=或|加|和)|\bwalk(?:ing)?\b|on foot",
}
_PUBLIC = r"公共交通|public transport\w*"
_INTERCITY: dict[IntercityMode, str] = {
    "train": r"高铁|动车|火车|绿皮车?|列车|(?:high[- ]speed |bullet )?(?:trains?\b|rail\b)", "plane": r"坐?飞机|航班|坐飞|\bfl(?:y|ying|ights?)\b|\bplanes?\b|by air|(?<![起])飞(?=¤|去|往|$)",
    "coach": r"大巴|长途车|长途汽车|客车|\bcoach(?:es)?\b|long[- ]distance bus(?:es)?|buses? between cities",
}
_BOTH_WAYS = re.compile(r"去.{0,8}回|there.{0,12}back|回.{0,4}(?:再|改)")
_METRES = rf"(?P<n>{NUMBER}|{ENGLISH_NUMBER}|half an?)\s*(?P<unit>公里|千米|里路|米|km\b|kms\b|kilomet(?:er|re)s?|met(?:er|re)s?|m\b)"
_BELOW = (
    re.compile(rf"{_METRES}(?:以内|之内|内|以下)(?:的)?(?:路|距离|地方)?(?:都|就|可以|直接|全)?(?:步行|走路|走着去|走着|走过去|靠走|走)"),
    re.compile(rf"\bwalk (?:to )?(?:anything|everything|any distance|if|when|where)?.{{0,14}}?(?:under|below|within|less than) {_METRES}"),
    re.compile(rf"(?:under|below|within|less than) {_METRES}.{{0,14}}?(?:on foot|we(?:'ll| can)? walk|walk it|just walk)"),
)
_MOST = (
    re.compile(rf"(?:步行|走路|走|徒步).{{0,8}}?(?:别超过?|不超过|不能超过|不要超过|最多|至多|以内|控制在|超过|不多于)\s*{_METRES}(?:就打车|以内|的路)?"),
    re.compile(rf"(?:每次|一次|单次|每段|一段).{{0,6}}?(?:步行|走路|走)?(?:别|不要|不能|不)?(?:走)?(?:超过?|最多)\s*{_METRES}"),
    re.compile(rf"超过\s*{_METRES}(?:的)?(?:就|才)?(?:打车|坐车|叫车|打的)"),
    re.compile(rf"(?:单次|一次|每次)?(?:步行|走路|走)(?:距离)?{_METRES}(?:以内|之内|内|以下)"),
    re.compile(rf"(?:不想|不要|别|不能|不)走.{{0,4}}?(?:超过|多于)\s*{_METRES}"),
    re.compile(rf"(?:\bwalk(?:s|ing)?\b|on foot).{{0,14}}?(?:more than|over|longer than|under|at most|up to|max(?:imum)?|below|less than|beyond|limit\w*(?: to)?) {_METRES}(?: at a time| each)?"),
    re.compile(rf"(?:no more than|at most|max(?:imum)?|up to) {_METRES} (?:of )?(?:walk\w*|on foot)"),
)


def read_walking(clause: Clause, _scene: Scene) -> list[Found]:
    """Which ways are walked, and how long a walk may be."""
    for patterns, kind in ((_BELOW, WalkBelow), (_MOST, WalkAtMost)):
        for pattern in patterns:
            match = pattern.search(clause.text)
            if match and not (clause.hotel and "§" in clause.text):
                wish: Single = kind(metres=metres_of(match))
                return [clause.found(wish, match)]
    return []


def read_ways(clause: Clause, scene: Scene) -> list[Found]:
    """Modes between cities and within one."""
    if next(moments_in(clause.text), None) or "§" in clause.text:
        return []
    return _intercity(clause, scene) or _local(clause)


def _intercity(clause: Clause, _scene: Scene) -> list[Found]:
    found = {mode: match for mode, words in _INTERCITY.items() if (match := re.search(words, clause.text))}
    if not found or re.search(r"夜车|红眼|租|包车|票|站|excluding|不含|不包括", clause.text) or (len(found) > 1 and _BOTH_WAYS.search(clause.text)):
        return []
    wanted = [mode for mode, match in found.items() if not refused(clause.text, match)]
    modes = wanted or [mode for mode in get_args(IntercityMode) if mode not in found]
    return _together(clause, IntercityBy(modes=tuple(modes)), list(found.values()))


def _local(clause: Clause) -> list[Found]:
    found = {mode: match for mode, words in _LOCAL.items() if (match := re.search(words, clause.text))}
    public = re.search(_PUBLIC, clause.text)
    if public:
        return [clause.found(LocalBy(modes=("metro", "bus")), public)]
    if not found or re.search(r"卡|票|太多|很多|tour\b|贵吗", clause.text) or (set(found) == {"walk"} and not re.search(r"只|全程|都|only|just|everywhere|为主|靠", clause.text)):
        return []
    than = re.search(r"\bthan\b|而不是|instead of", clause.text)
    wanted = [mode for mode, match in found.items() if not refused(clause.text, match) and not (than and match.start() > than.start())]
    modes = wanted or [mode for mode in ("walk", "metro", "bus", "taxi") if mode not in found]
    return _together(clause, LocalBy.model_validate({"modes": tuple(modes)}), list(found.values()))


def _together(clause: Clause, wish: Single, matches: list[re.Match[str]]) -> list[Found]:
    start, end = min(match.start() for match in matches), max(match.end() for match in matches)
    return [Found(wish, clause.start + start, clause.start + end)]
