"""The frame of a trip as said beside its slots: pace, where it starts from, and how many days each city gets.

Not covered: an origin that the records do not hold, which stays unread, and different cities to leave from and to return to.
"""

import re
from collections.abc import Iterator

from chains.tools.itinerary.trip import MAX_DAYS, Pace, Stay
from chains.understanding.clauses import Clause, Found, Scene
from chains.understanding.conditions_time import said_day
from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER, number_of

_RELAXED = re.compile(
    r"节奏(?:要)?慢(?:一?点)?|(?:玩|走|逛|行程)?(?:得)?慢(?:一点|点|慢[来玩逛走]|悠悠)(?:的|来)?|悠闲|轻松(?:一?点)?|休闲|(?:不|别)(?:要|想|用)?(?:太|那么)?(?:赶时间|赶|累|紧凑|特种兵)|懒人|躺平|佛系|\brelax(?:ed|ing)?\b|\bslow(?:er)?(?: pace| travel)?\b|leisurely|easy[- ]?going|easy pace|(?:not|nothing) (?:too )?(?:rushed|packed|tight|tiring)|take it easy|laid[- ]back|no rush"
)
_PACKED = re.compile(r"特种兵(?:式)?(?:打卡)?|紧凑(?:一?点)?|暴走|越多越好|尽量多(?:去|逛|玩)?|打卡型|(?:tightly )?packed(?: itinerary| schedule)?|tight schedule|as (?:much|many)(?: \w+)? as (?:possible|we can|i can)|jam-packed")
_ORIGIN = re.compile(
    r"(?:从|自|由)\s*(?P<a>¤+)(?=\s*(?:出发|去|到|飞|坐|走|来|过|高铁|火车|动车|开车|乘|自驾|,|·|$))(?:出发|走)?|(?P<b>¤+)(?:出发|走(?=$|,|·)|(?=飞(?:¤|去)))|(?:我们?|人|家|住)(?:现在)?在(?P<c>¤+)(?=$|,|·)"
    r"|\b(?:from|leav(?:e|ing)(?: from)?|depart(?:ing)?(?: from)?|based in|living in|live in|starting (?:in|from)) (?P<d>¤+)", re.ASCII
)
_BEGINS = re.compile(
    r"(?<![下这本到至])(?:周|星期|礼拜)[一二三四五六日天](?=[^,，。;周]{0,6}(?:出发|到(?!家)|动身|启程|落地|抵达))"
    r"|\b(?:arriv(?:e|ing)|depart(?:ing)?|start(?:ing)?|land(?:ing)?) (?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE | re.ASCII
)
_DAYS_AFTER = re.compile(rf"(?P<city>[§¤]+)\s*(?:玩|待|呆|住|逛|for|:|\()?\s*(?P<n>{NUMBER}|{ENGLISH_NUMBER})\s*(?P<unit>天|日|晚|夜|days?\b|nights?\b|(?=,|$|·|and\b|\s+and\b))", re.ASCII)
_DAYS_BEFORE = re.compile(rf"(?P<n>{NUMBER}|{ENGLISH_NUMBER})\s*(?P<unit>天|日|days?|nights?)?\s*(?:in |at |for )?(?P<city>[§¤]+)", re.ASCII)


def first_weekday(text: str) -> re.Match[str] | None:
    """The weekday on which the trip begins, where it stands beside setting out or arriving: 周五出发, arriving Friday."""
    return _BEGINS.search(text)


def read_pace(clause: Clause, scene: Scene) -> tuple[Pace | None, list[Found]]:
    """How full the days may be, where a clause says so."""
    paces: tuple[tuple[re.Pattern[str], Pace], ...] = ((_RELAXED, "relaxed"), (_PACKED, "packed"))
    if said_day(clause.text, scene.days):
        return None, []  # of one day only: no condition of ours
    for pattern, pace in paces:
        match = pattern.search(clause.text)
        if match:
            return pace, [clause.found(None, match)]
    return None, []


def read_origin(clause: Clause, scene: Scene) -> tuple[str | None, list[Found]]:
    """The city that the trip starts from and returns to."""
    match = _ORIGIN.search(clause.text)
    if not match:
        return None, []
    group = next(name for name in "abcd" if match[name])
    place = clause.start + match.start(group)
    city = next((mention.ids[0] for mention in scene.cities if mention.start <= place < mention.end), None)
    return city, [clause.found(None, match)]


def read_stays(text: str, scene: Scene, origin: str | None) -> tuple[tuple[Stay, ...] | None, list[Found]]:
    """Days of each of several cities, the origin aside; those left without a figure share what remains of the trip's days."""
    best: tuple[dict[str, int], list[Found]] = ({}, [])
    for pattern in (_DAYS_AFTER, _DAYS_BEFORE):
        said: dict[str, int] = {}
        found = []
        for city, days, match in _shares(pattern, text, scene):
            said[city] = days  # the last: the first may be the whole trip's (昆明、大理7天，大理3天)
            found.append(Found(None, match.start(), match.end()))
        best = max(best, (said, found), key=lambda one: len(one[0]))
    said, found = best
    cities = tuple(city for city in dict.fromkeys((*scene.request.cities, *said)) if city != origin)
    if len(cities) < 2 or not said or (len(said) < 2 and len(cities) > 2):
        return None, []
    order = sorted(cities, key=lambda city: _place(city, scene))
    stays = [Stay(city=city, days=said[city]) for city in order if city in said]
    return (_filled(order, said, scene.days), found) if len(said) < len(order) else (tuple(stays), found)


def _filled(order: list[str], said: dict[str, int], days: int) -> tuple[Stay, ...] | None:
    """Shares for the cities that got none, from the days that are left; None where none are."""
    open_ones = [city for city in order if city not in said]
    left = days - sum(said.values())
    if left < len(open_ones):
        return None
    each, over = divmod(left, len(open_ones))
    shares = said | {city: each + (place < over) for place, city in enumerate(open_ones)}
    return tuple(Stay(city=city, days=shares[city]) for city in order)


def _shares(pattern: re.Pattern[str], text: str, scene: Scene) -> Iterator[tuple[str, int, re.Match[str]]]:
    for match in pattern.finditer(text):
        number = number_of(match["n"])
        city = _city(match.end("city") - 1, scene)
        if number and 1 <= number <= MAX_DAYS and city:
            yield city, int(number), match


def _city(place: int, scene: Scene) -> str | None:
    """The city named at this place of the text, or that of the sight named there."""
    for mention in scene.cities:
        if mention.start <= place < mention.end:
            return mention.ids[0]
    sight = next((mention for mention in scene.sights if mention.start <= place < mention.end), None)
    return scene.catalogue.get(sight.ids)[0].city if sight else None


def _place(city: str, scene: Scene) -> int:
    """Where a city is first spoken of."""
    named = [mention.start for mention in scene.cities if city in mention.ids]
    seen = [mention.start for mention in scene.sights if any(sight.city == city for sight in scene.catalogue.get(mention.ids))]
    return min([*named, *seen], default=len(scene.request.text))
