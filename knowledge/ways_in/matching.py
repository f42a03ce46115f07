"""Is this sight one we hold? By name, by what is left of a name without its ornaments, and by place.

Every question is a look into a table (names of a city, cells of a grid of about a kilometre), never a comparison with all
sights, so that merging takes time linear in the rows. Where doubt remains the sight stays a sight of its own: two
records of one place are a smaller fault than one record of two places.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.geometry import Point, Spot, cell_of, cells_around, distance_km
from knowledge.names import fold
from knowledge.records import Attraction
from knowledge.ways_in.kinds import is_common_word

SAME_NAME_KM = 5.0  # ornaments apart the names are equal: 崂山, 崂山风景区
NEIGHBOUR_KM = 0.4  # one name ends with the other: 太清宫, 崂山太清宫
SAME_PLACE_KM = 1.0  # the same name under another city's heading
STRANGE_KM = 20.0  # the same sight, but one of the positions is wrong
MIN_ENDING = 3
_ORNAMENT = re.compile(r"(?:国家(?:级|[a1-5]a级?)?)?(?:风景名胜区|旅游风景区|风景旅游区|文化旅游区|生态旅游区|旅游景区|旅游度假区|风景区|旅游区|名胜区|游览区|景区)$")
_ASIDE = re.compile(r"[(（【\[][^)）】\]]*[)）】\]]|[\s·•.,，。、\-—_'\"“”‘’]+")


spelled = lru_cache(maxsize=65536)(fold)  # every name is asked for many times


@dataclass
class Known:
    """A sight that rows can be merged into: its id, city, names (folded) and where it is."""

    id: str
    city: str
    name: str
    names: set[str] = field(default_factory=set)
    point: Point | None = None

    def called(self, names: Iterable[str]) -> "Known":
        """The same with more names."""
        self.names.update(spelled(name) for name in names)
        return self


class Shelf:
    """Known sights by name within a city and by place."""

    def __init__(self, sights: Iterable[Known] = (), city_names: dict[str, tuple[str, ...]] | None = None) -> None:
        self._by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
        self._by_cell: dict[int, list[Known]] = defaultdict(list)
        self._city_names = city_names or {}
        for sight in sights:
            self.add(sight)

    def add(self, sight: Known) -> None:
        """Make a sight findable by all its names and its place; adding again is harmless."""
        for key in self.keys(sight.city, sight.names):
            if all(other.id != sight.id for other in self._by_name[sight.city, key]):
                self._by_name[sight.city, key].append(sight)
        if sight.point and all(other.id != sight.id for other in self._by_cell[cell_of(sight.point)]):
            self._by_cell[cell_of(sight.point)].append(sight)

    def keys(self, city: str, names: Iterable[str]) -> set[str]:
        """What a sight's names are looked up by: as they are, and without ornaments."""
        towns = self._city_names.get(city, ())
        return {key for name in names for key in _keys_of(name, towns)}

    def named(self, city: str, names: Iterable[str], point: Spot | None) -> Known | None:
        """The sight of this name in this city: exactly, else ornaments apart and not far away."""
        folded = [spelled(name) for name in names]
        for name in folded:
            for sight in self._by_name.get((city, name), ()):
                if name in sight.names:
                    return sight
        for key in self.keys(city, folded):
            for sight in self._by_name.get((city, key), ()):
                if _within(sight.point, point, SAME_NAME_KM, unknown=True):
                    return sight
        return None

    def near(self, city: str, name: str, point: Spot) -> Known | None:
        """A sight in the same place with the same name under another city, or of which one name ends with the other."""
        mine = core(spelled(name), self._city_names.get(city, ()))
        for cell in cells_around(point):
            for sight in self._by_cell.get(cell, ()):
                theirs = {core(known, self._city_names.get(sight.city, ())) for known in sight.names}
                if mine in theirs and _within(sight.point, point, SAME_PLACE_KM):
                    return sight
                if any(_ends_alike(mine, other) for other in theirs) and _within(sight.point, point, NEIGHBOUR_KM):
                    return sight
        return None


def known_of(sight: Attraction) -> Known:
    """A record as something to merge into."""
    return Known(sight.id, sight.city, sight.name, point=sight.position).called((*sight.names, sight.name_en))


@lru_cache(maxsize=65536)
def _keys_of(name: str, towns: tuple[str, ...]) -> tuple[str, str]:
    return spelled(name), core(spelled(name), towns)


@lru_cache(maxsize=16384)
def core(folded: str, towns: tuple[str, ...] = ()) -> str:
    """A folded name without brackets, marks, its city in front and 风景区 behind; never less than two characters."""
    plain = _ASIDE.sub("", folded)
    plain = plain if len(plain) > 1 else folded
    short = _ORNAMENT.sub("", plain)
    short = short if len(short) > 1 else plain
    for town in sorted(towns, key=len, reverse=True):
        rest = short.removeprefix(spelled(town))
        if rest != short and len(rest) > 1 and not is_common_word(rest):
            return rest
    return short


def same_subject(one: str, other: str) -> bool:
    """Whether two names share two characters in a row.

    A record's further names include its parts (长海 of 九寨沟): found by such a name, a row may speak of the part alone.
    """
    mine, theirs = core(spelled(one)), core(spelled(other))
    return one.isascii() or any(mine[place:place + 2] in theirs for place in range(len(mine) - 1))


def _ends_alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= MIN_ENDING and longer.endswith(shorter) and not is_common_word(shorter)


def _within(here: Point | None, there: Point | None, km: float, *, unknown: bool = False) -> bool:
    return unknown if here is None or there is None else distance_km(here, there) <= km
