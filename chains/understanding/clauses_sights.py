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

_CAPITALS = re.compile(r"[A-Z][\w'’]+(?: (?:(?:of|and|the) )?[A-Z][\w'’]+)*")
LEAST_LETTERS = 6  # of a single English word that stands for a longer name
_TAIL = re.compile(r"(?:胜境|风景名胜区|旅游风景区|风景区|旅游度假区|度假区|旅游区|景区|国家森林公园|遗址公园|公园|古镇|古村|步行街|历史文化街区|纪念馆|遗址|博物院|博物馆)$")


def sights_of(request: TripRequest, catalogue: Catalogue) -> list[Mention]:
    """Every mention of a sight, in the order of the text; ids are those that are meant."""
    local = catalogue.find(Filter(cities=request.cities)) if request.cities else []
    meant = {*request.places, *request.exclude}
    exact = [mention for mention in catalogue.sight_names.find(request.text) if meant & set(mention.ids)]
    found = [replace(mention, ids=_at_home(mention, meant, local)) for mention in exact]
    found += list(_misspelt(request, meant - {one for mention in exact for one in mention.ids}))
    cities = catalogue.city_names.find(request.text)
    found += [mention for mention in _short(request.text, local) if not _touches(mention, found) and not _within(mention, cities)]
    return sorted(found, key=lambda mention: mention.start)


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


def _short(text: str, local: Sequence[Attraction]) -> Iterator[Mention]:
    """Parts of names of the trip's cities: capitalised words, and names without their generic ending."""
    for match in _CAPITALS.finditer(text):
        words = fold(match.group())
        if re.match(r" (?:food|cuisine|dish|noodle|style)", text[match.end():]):
            continue
        if " " in words or len(words) >= LEAST_LETTERS:
            sight = next((sight for sight in local if re.search(rf"\b{re.escape(words)}\b", fold(" ".join((sight.name_en, *sight.names))))), None)
            if sight:
                yield Mention((sight.id,), match.group(), match.start(), match.end(), exact=False)
    for sight in local:
        stem = _TAIL.sub("", sight.name)
        place = text.find(stem) if stem != sight.name and len(stem) > 1 else -1
        if place >= 0:
            yield Mention((sight.id,), stem, place, place + len(stem), exact=False)


def _within(mention: Mention, cities: Sequence[Mention]) -> bool:
    return any(city.start <= mention.start and mention.end <= city.end for city in cities)


def _touches(mention: Mention, others: Sequence[Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)
