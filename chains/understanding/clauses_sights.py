"""Where a request names sights: as the request settled them, and by the short names people use within a city.

Within Xi'an "Bell Tower" is Xi'an Bell Tower, in 无锡 灵山 is 灵山胜境, in 沈阳 故宫 is 沈阳故宫. Not covered: nicknames that are
no part of a name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chains.understanding.request import TripRequest
from knowledge.catalogue import Catalogue, Filter
from knowledge.names import Mention, fold
from knowledge.records import Attraction
from knowledge.spellings import GENERIC

_CAPITALS = re.compile(r"[A-Z][\w'’]+(?: (?:(?:of|and|the) )?[A-Z][\w'’]+)*")
_ALONE = re.compile(r"[A-Z][\w'’]+(?: (?:(?:of|the) )?[A-Z][\w'’]+)*")
# What is left of a name without its city and says no more than a kind: 古城 is not only 大理古城.
_KIND_ONLY = re.compile(r"(?:市|省)?(?:古城|老街|古镇|博物馆|博物院|动物园|植物园|野生动物园|美术馆|科技馆|图书馆|海洋馆|海底世界|水族馆|大学|公园|乐园|教堂|天主教堂|清真寺|清真大寺|火车站|站|夜市|文庙|老城|市区|古建筑|大剧院|体育中心|规划馆|湿地|温泉|滑雪场|机场|港|海滩)")
LEAST_LETTERS = 6  # of a single English word that stands for a longer name
_TAIL = re.compile(r"(?:胜境|风景名胜区|旅游风景区|风景区|旅游度假区|度假区|旅游区|景区|古镇|古村|步行街|历史文化街区)$")
# What may follow a short name: 太湖 in 太湖三白 is no place to go to.
_BORDER = re.compile(r"$|[^\u4e00-\u9fff]|和|跟|与|或|要|必|一定|去|不|的|也|都|玩|逛|看|上午|下午|晚|早|第|附近|旁|放|安排|排|住|周边|有|里|可|两|半|别|就|算")


def sights_of(request: TripRequest, catalogue: Catalogue) -> list[Mention]:
    """Every mention of a sight, in the order of the text; ids are those that are meant."""
    local = catalogue.find(Filter(cities=request.cities)) if request.cities else []
    meant = {*request.places, *request.exclude}
    exact = [mention for mention in catalogue.sight_names.find(request.text) if meant & set(mention.ids)]
    found = [replace(mention, ids=_at_home(mention, meant, local)) for mention in exact]
    found += list(_misspelt(request, meant - {one for mention in exact for one in mention.ids}))
    cities = catalogue.city_names.find(request.text)
    found += [mention for mention in _short(request.text, local, [catalogue.cities[city].name for city in request.cities if city in catalogue.cities]) if not _touches(mention, found) and not _within(mention, cities)]
    return sorted(found, key=lambda mention: mention.start)


def _capitals(text: str) -> Iterator[re.Match[str]]:
    """Rows of capitalised words, and the parts of one that an "and" joins."""
    for match in _CAPITALS.finditer(text):
        yield match
        if " and " in match.group():
            yield from _ALONE.finditer(text, match.start(), match.end())


def _at_home(mention: Mention, meant: set[str], local: Sequence[Attraction]) -> tuple[str, ...]:
    """The sights meant; where none lies in the trip's cities, the one there whose name ends in the words."""
    ids = tuple(one for one in mention.ids if one in meant)
    words = fold(mention.text)
    if not local or any(sight.id in ids for sight in local):
        return ids
    part = re.compile(rf"\b{re.escape(words)}\b" if words.isascii() else rf"{re.escape(words)}$")
    home = next((sight for sight in local if any(part.search(fold(name)) for name in (*sight.names, sight.name_en))), None)
    return (home.id,) if home else ids


def _misspelt(request: TripRequest, meant: set[str]) -> Iterator[Mention]:
    """Sights that were read by sound or shape: the words, with the ids that no exact name accounts for."""
    ids = [one for one in (*request.places, *request.exclude) if one in meant]
    for word in request.misspelt:
        place = request.text.find(word)
        if ids and place >= 0:
            yield Mention((ids.pop(0),), word, place, place + len(word), exact=False)


def _short(text: str, local: Sequence[Attraction], cities: Sequence[str]) -> Iterator[Mention]:
    """Parts of names of the trip's cities: capitalised words, and names without their generic ending."""
    for match in _capitals(text):
        words = fold(match.group())
        if words in GENERIC or re.match(r" (?:food|cuisine|dish|noodle|style|duck|opera|dinner|lunch|restaurant|trip|room|friend|breakfast)", text[match.end():]):
            continue
        if " " in words or len(words) >= LEAST_LETTERS:
            sight = next((sight for sight in local if re.search(rf"\b{re.escape(words)}\b", fold(" ".join((sight.name_en, *sight.names))))), None)
            if sight:
                yield Mention((sight.id,), match.group(), match.start(), match.end(), exact=False)
    for stem, owner in ((stem, sight) for sight in local for stem in _stems(sight, cities)):
        place = text.find(stem)
        if place >= 0 and _BORDER.match(text[place + len(stem):]):
            yield Mention((owner.id,), stem, place, place + len(stem), exact=False)


def _within(mention: Mention, cities: Sequence[Mention]) -> bool:
    return any(city.start <= mention.start and mention.end <= city.end for city in cities)


def _stems(sight: Attraction, cities: Sequence[str]) -> Iterator[str]:
    """灵山 for 灵山胜境; 城墙 for 西安城墙, where the trip goes to 西安."""
    stem = _TAIL.sub("", sight.name)
    if stem != sight.name and len(stem) > 1:
        yield stem
    for city in cities:
        rest = sight.name.removeprefix(city)
        if rest != sight.name and len(rest) > 1 and not _KIND_ONLY.fullmatch(rest):
            yield rest


def _touches(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)
