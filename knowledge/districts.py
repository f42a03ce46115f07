"""Districts and counties as people say them (宜兴, Yixing county), and the one city each belongs to."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

import jieba.posseg

from knowledge.spellings import in_letters

DISTRICT_END = re.compile(r"(?:新区|自治县|区|县|市|旗)$")
COUNTY = re.compile(r"\s+(?:new )?(?:district|county)\b", re.IGNORECASE)
DISTRICT_EN = re.compile(rf"\b([a-z']{{2,}}){COUNTY.pattern}", re.IGNORECASE)
EVERYDAY = 600  # how often jieba's corpus holds a word that says more than a district: 和平, 天河, 芙蓉


@dataclass(frozen=True)
class DistrictHomes:
    """District, with and without its last word (宜兴市, 宜兴) and in letters, to the id of its city."""

    homes: dict[str, str]
    whole: frozenset[str]  # every district's full name, shared ones too
    provinces: frozenset[str] = frozenset()  # as people say them: 新疆

    @classmethod
    def of(cls, districts: Mapping[str, Collection[str]], taken: Collection[str], provinces: Collection[str] = ()) -> Self:
        """From the districts of each city; a name of several cities is left out, as is a Chinese one that is `taken`."""
        homes: dict[str, set[str]] = {}
        for city, held in districts.items():
            stems = {DISTRICT_END.sub("", district) for district in held}
            for name in {*held, *stems, *map(in_letters, stems)}:
                homes.setdefault(name, set()).add(city)
        own = {name: min(cities) for name, cities in homes.items() if len(cities) == 1 and len(name) > 1 and (name.isascii() or name not in taken)}
        return cls(own, frozenset(district for held in districts.values() for district in held), frozenset(provinces))

    def __contains__(self, name: str) -> bool:
        return name in self.homes

    def cities_in(self, text: str) -> tuple[str, ...]:
        """Cities of the districts a text names: in Chinese only words that jieba takes for names, in English before "county"."""
        words = [pair.word for pair in jieba.posseg.lcut(text, HMM=False)
                 if DISTRICT_END.search(pair.word) or (pair.flag in ("ns", "nr", "nz") and (jieba.dt.FREQ.get(pair.word) or 0) < EVERYDAY)]
        words += [word.lower().replace("'", "") for word in DISTRICT_EN.findall(text)]
        return tuple(dict.fromkeys(self.homes[word] for word in words if word in self.homes))
