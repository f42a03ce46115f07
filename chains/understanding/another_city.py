"""Whether a held name is said of a sight in another city: 上海欢乐谷 is not the one in 深圳, Beijing Garden Expo Park not that of Nanning.

Not covered: sights of which there is but one, said with the city one starts from (成都九寨沟).
"""

import re
from dataclasses import replace

from knowledge.catalogue import Catalogue, Filter
from knowledge.names import Mention
from knowledge.records import Attraction

# What every city has one of.
_OF_EVERY_CITY = re.compile(
    r"(?:乐园|世界|欢乐谷|奇迹|公园|园博园|世博园|博物[馆院]|美术馆|科技馆|图书馆|纪念馆|动物园|植物园|海洋馆|水族馆|文庙|孔庙|城隍庙|夜市|步行街|广场|大剧院|电视塔|千古情)$"
    r"|\b(?:park|zoo|museum|world|paradise|plaza|square|aquarium|library|theatre|botanical garden|night market)$", re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:市|的|\s)*")


def of_its_city(text: str, mention: Mention, cities: list[Mention], catalogue: Catalogue) -> Mention | None:
    """A mention as it is meant after a city: the city's own sight of that kind (Zhengzhou 城隍庙), or none where we hold none there."""
    before = _is_in_another(text, mention, cities, catalogue)
    if not before:
        return mention
    local = catalogue.find(Filter(cities=tuple(record for city in before for record in city.ids)))
    own = tuple(sight.id for sight in local if any(_is_a_rest(mention.text, name) for name in sight.names))
    return replace(mention, ids=own) if own else None


def of_every_city(mention: Mention, catalogue: Catalogue) -> bool:
    """Whether a name is what any city could have one of, and the end of the longer names of its sights: 热带植物园."""
    return bool(_OF_EVERY_CITY.search(mention.text)) and _is_only_a_rest(mention.text, catalogue.get(mention.ids))


def with_its_city(name: str, cities: list[str], text: str) -> str:
    """A name as a text says it, with one of these cities before it: 上海欢乐谷, Beijing Garden Expo Park; empty where none stands there."""
    said = re.search(rf"(?:{'|'.join(map(re.escape, cities))}) ?{re.escape(name)}", text) if cities else None
    return said[0] if said else ""


def _is_in_another(text: str, mention: Mention, cities: list[Mention], catalogue: Catalogue) -> list[Mention]:
    """The city before a name that could be any city's, where none of the sights so called lies in it."""
    sights = catalogue.get(mention.ids)
    before = [city for city in cities if city.end <= mention.start and _BETWEEN.fullmatch(text[city.end:mention.start])]
    if not before or any(_lies_in(sight, city) for sight in sights for city in before):
        return []
    return before if _is_only_a_rest(mention.text, sights) or _OF_EVERY_CITY.search(mention.text) else []


def _lies_in(sight: Attraction, city: Mention) -> bool:
    """Whether a sight lies in a city, or in a district or county of that name."""
    return sight.city in city.ids or city.text in f"{sight.name} {sight.district} {sight.address}"


def _is_only_a_rest(said: str, sights: list[Attraction]) -> bool:
    return all(any(_is_a_rest(said, name) for name in (sight.name, sight.name_en)) and said not in (sight.name, sight.name_en) for sight in sights)


def _is_a_rest(said: str, name: str) -> bool:
    """Whether what was said is the end of a longer name: 欢乐谷 of 深圳欢乐谷."""
    return name.lower().endswith(said.lower()) and len(name) > len(said)
