"""Names that exist nowhere: cities and sights coined from characters and words, so that copying is learned.

A name that jieba, the gazetteers or the catalogue know is not given out, and none is given out twice.
Not covered: what is said about the places (see `finetune.datasets.invention`).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import jieba
import yaml
from pypinyin import lazy_pinyin

from chains.understanding.places import gazetteer

DATA_DIR = Path(__file__).parent / "data"
TRIES = 200
_GAZETTEERS = ("places_cn.txt", "places_abroad.txt")


@dataclass(frozen=True)
class PlaceKind:
    """A kind of sight: how its names end in both languages, and the tags such a sight carries."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    tags: tuple[str, ...]


@cache
def wordlist(file: str) -> dict[str, Any]:
    """A shipped YAML table, read once."""
    content: dict[str, Any] = yaml.safe_load((DATA_DIR / file).read_text(encoding="utf-8"))
    return content


@cache
def place_kinds() -> tuple[PlaceKind, ...]:
    """Every kind of sight that can be coined."""
    return tuple(PlaceKind(tuple(kind["zh"]), tuple(kind["en"]), tuple(kind["tags"])) for kind in wordlist("coinage.yaml")["kinds"])


class Coiner:
    """Gives out names, each once; `taken` are names that exist."""

    def __init__(self, rng: Random, taken: set[str]) -> None:
        self._rng = rng
        self._taken = {name.lower() for name in taken}
        self._words = wordlist("coinage.yaml")
        self._known = {name for file in _GAZETTEERS for name in gazetteer(file).ids_by_name}

    def city(self) -> tuple[str, str]:
        """A city's Chinese and English name, such as 岚州 and Lanzhou."""
        for _ in range(TRIES):
            name = self._rng.choice(self._words["city_stems"]) + self._rng.choice(self._words["city_ends"])
            english = _romanised(name)
            if self._is_new(name, english):
                return name, english
        raise LookupError("no city name is left to coin; ask for fewer rows")

    def sight(self, kind: PlaceKind, city: tuple[str, str]) -> tuple[str, str]:
        """A sight's names, such as 云栖湖 and Yunqi Lake; the endings of both languages mean the same sort of place."""
        for _ in range(TRIES):
            stem = "".join(self._rng.sample(self._words["stems"], self._rng.choice((1, 2, 2, 2, 3))))
            name, english = self._chinese(stem, kind, city[0]), self._english(stem, kind, city[1])
            if len(name) > 2 and self._is_new(name, english):
                return name, english
        raise LookupError("no sight name is left to coin; ask for fewer rows")

    def _chinese(self, stem: str, kind: PlaceKind, city: str) -> str:
        ending = self._rng.choice(kind.zh)
        style = self._rng.random()
        if style < 0.12:
            return city + stem[:2] + ending
        if style < 0.2:
            return f"{stem}{ending}（{self._rng.choice(self._words['stems'])}{self._rng.choice(kind.zh)}）"
        return stem + ending

    def _english(self, stem: str, kind: PlaceKind, city: str) -> str:
        ending, style = self._rng.choice(kind.en), self._rng.random()
        first, second = (self._rng.choice(self._words[key].split()) for key in ("en_firsts", "en_seconds"))
        if style < 0.55:
            return f"{_romanised(stem)} {ending}"
        if style < 0.65:
            return f"{city} {first} {ending}"
        return f"{first} {second} {ending}" if style < 0.9 else f"{first} {ending} of {_romanised(stem)}"

    def _is_new(self, *names: str) -> bool:
        jieba.initialize()
        for name in names:
            if name.lower() in self._taken or name.lower() in self._known or jieba.dt.FREQ.get(name):
                return False
        self._taken.update(name.lower() for name in names)
        return True


def _romanised(name: str) -> str:
    """Pinyin in one word with a capital, as on a road sign."""
    return "".join(lazy_pinyin(name)).capitalize()
