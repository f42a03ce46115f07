"""Questions derived from a catalogue, any catalogue: the same seed gives the same questions.

One kind after the other, over all cities by turns, in Chinese and English, by the main name, another name or with a
slip of the pen. The wording varies, the facts do not: answers come from the records. Facts that a record lacks are
asked for too, as often as the records lack them.
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pypinyin import lazy_pinyin

from knowledge.accuracy.answers import Listed, answer_of
from knowledge.accuracy.questions import Kind, Language, Question
from knowledge.catalogue import Catalogue, Filter, level_number, open_weekdays
from knowledge.names import fold
from knowledge.records import Attraction, City
from knowledge.tags import TAGS

KINDS: tuple[Kind, ...] = ("price", "hours", "closed", "duration", "level", "where", "recommend")
DEFAULT_NUMBER = 1200
ENGLISH_SHARE, ALIAS_SHARE, SLIP_SHARE, CITY_SHARE = 0.35, 0.3, 0.1, 0.4
MIN_SLIP_CHARS = {"zh": 4, "en": 9}  # a slip in a shorter name makes another name of it
MAX_EXTRAS, MIN_LEVEL_ASKED, MAX_LEVEL, MONDAY = 2, 4, 5, 1
TRIES = 8  # a small base has few different questions of a kind
# {n} is the sight as the traveller calls it.
ASKED: dict[Kind, dict[Language, tuple[str, ...]]] = {
    "price": {
        "zh": ("{n}门票多少钱", "去{n}玩要花多少门票钱", "{n}要收费吗，多少一张", "请问{n}的成人票什么价", "{n}票价", "进{n}得掏多少钱啊"),
        "en": ("How much is a ticket to {n}?", "{n} entrance fee", "what does {n} cost for one adult", "price of admission at {n}", "is {n} free? how much otherwise"),
    },
    "hours": {
        "zh": ("{n}几点开门", "{n}开放时间是几点到几点", "请问{n}晚上几点关门", "{n}的营业时间", "早上几点可以进{n}"),
        "en": ("What are the opening hours of {n}?", "when does {n} open", "{n} closing time", "until what time is {n} open"),
    },
    "closed": {
        "zh": ("{n}周一闭馆吗", "{n}星期几不开门", "{n}每周哪天休息", "{n}有固定的闭馆日吗"),
        "en": ("Is {n} closed on Mondays?", "which day of the week is {n} closed", "does {n} have a closing day"),
    },
    "duration": {
        "zh": ("{n}要玩多久", "逛{n}一般需要几个小时", "{n}建议游览多长时间", "去{n}得留多少时间"),
        "en": ("How long does {n} take?", "how many hours should I plan for {n}", "how much time do I need at {n}"),
    },
    "level": {
        "zh": ("{n}是几A景区", "{n}是5A吗", "{n}是什么级别的景区，几A", "请问{n}评上几A了"),
        "en": ("What A level is {n}?", "is {n} rated 5A", "which rating level does {n} have"),
    },
    "where": {
        "zh": ("{n}在哪里", "{n}在哪个区", "请问{n}的地址", "{n}在什么位置"),
        "en": ("Where is {n}?", "{n} address", "which district is {n} in"),
    },
    "recommend": {
        "zh": ("{c}{w}有哪些", "{c}哪里有{w}", "想在{c}找{w}，推荐一下", "{c}有什么{w}推荐"),
        "en": ("{w} in {c}", "can you recommend {w} in {c}", "where in {c} can I find {w}"),
    },
}


@dataclass(frozen=True)
class Extra:
    """One more condition that a sight meets, in both languages; `english` takes the rest as {w}, empty where unsaid."""

    chinese: str
    english: str
    condition: dict[str, Any]


class Deriver:
    """Derives questions from one catalogue with one seed."""

    def __init__(self, catalogue: Catalogue, seed: int = 1) -> None:
        self._catalogue = catalogue
        self._random = random.Random(seed)
        self._by_city: dict[str, list[Attraction]] = defaultdict(list)
        for sight in catalogue.find(Filter()):
            self._by_city[sight.city].append(sight)
        self._homophones = self._same_sounds()

    def questions(self, number: int = DEFAULT_NUMBER) -> list[Question]:
        """About so many questions, the kinds by turns; fewer where the catalogue has not so many different ones."""
        found: dict[str, Question] = {}
        for kind in KINDS:
            found |= self._of_kind(kind, -(-number // len(KINDS)), set(found))
        return list(found.values())

    def _of_kind(self, kind: Kind, wanted: int, taken: set[str]) -> dict[str, Question]:
        """Questions of one kind by their texts, each city once before any comes again."""
        found: dict[str, Question] = {}
        for city in islice(self._cities_by_turns(), TRIES * wanted):
            question = self._recommend(city) if kind == "recommend" else self._fact(kind, city)
            if question and question.text not in taken:
                found[question.text] = question
            if len(found) == wanted:
                break
        return found

    def _cities_by_turns(self) -> Iterator[City]:
        cities = [city for city in self._catalogue.cities.values() if self._by_city[city.id]]
        while cities:
            self._random.shuffle(cities)
            yield from cities

    def _fact(self, kind: Kind, city: City) -> Question | None:
        language: Language = "en" if self._random.random() < ENGLISH_SHARE else "zh"
        sight = self._random.choice(self._by_city[city.id])
        if kind == "hours" and sight.hours and not sight.hours.periods:
            return None  # a note says when it opens: words that cannot be compared
        name, style = self._name(sight, language)
        sights = self._called(name, sight)
        shown = self._slip(name, language) if self._random.random() < SLIP_SHARE else name
        style = "slip" if shown != name else style
        if len(sights) > 1 or self._random.random() < CITY_SHARE:
            shown = f"{city.name}的{shown}" if language == "zh" else f"{shown} in {city.name_en}"
            sights = [other for other in sights if other.city == city.id]
        text = self._random.choice(ASKED[kind][language]).format(n=shown)
        answers = [answer_of(kind, other, self._catalogue.cities[other.city], text) for other in sights]
        return Question(text=text, language=language, kind=kind, style=style, part="derived",
                        sights=frozenset(other.id for other in sights), answers=tuple(a for a in answers if a is not None))

    def _name(self, sight: Attraction, language: Language) -> tuple[str, str]:
        """What the sight is called this time, and whether by its main name."""
        main = sight.name if language == "zh" else sight.name_en
        others = [alias for alias in sight.aliases if alias.isascii() is (language == "en") and len(alias) > 2]
        if others and self._random.random() < ALIAS_SHARE:
            return self._random.choice(others), "alias"
        return main, "name"

    def _called(self, name: str, sight: Attraction) -> list[Attraction]:
        """Every sight that carries the name: which is meant is open unless the city is said."""
        return self._catalogue.get(self._catalogue.sight_names.ids_by_name.get(fold(name), (sight.id,)))

    def _slip(self, name: str, language: Language) -> str:
        """The name with one character for another of the same sound, or with one letter lost."""
        if len(name) < MIN_SLIP_CHARS[language]:
            return name
        place = self._random.randrange(1, len(name))
        if language == "en":
            return name[:place] + name[place + 1:] if name[place].isalpha() else name
        others = [char for char in self._homophones[lazy_pinyin(name[place])[0]] if char != name[place]]
        return name[:place] + self._random.choice(others) + name[place + 1:] if others else name

    def _same_sounds(self) -> dict[str, list[str]]:
        """Pinyin to the characters of this catalogue's names that are read so."""
        characters = {char for sights in self._by_city.values() for sight in sights for char in sight.name if "\u4e00" <= char <= "\u9fff"}
        sounds: dict[str, list[str]] = defaultdict(list)
        for char in sorted(characters):
            sounds[lazy_pinyin(char)[0]].append(char)
        return sounds

    def _recommend(self, city: City) -> Question | None:
        """A wish that at least one sight of the city meets: a tag, and up to two conditions more."""
        language: Language = "en" if self._random.random() < ENGLISH_SHARE else "zh"
        sight = self._random.choice(self._by_city[city.id])
        tag = self._random.choice([tag for tag in sight.tags if tag in TAGS] or [""])
        if not tag:
            return None
        chinese, english = f"{tag}景点", f"{TAGS[tag]} sights"
        fields: dict[str, Any] = {"cities": (city.id,), "any_tag": (tag,)}
        usable = [extra for extra in _extras(sight) if extra.english or language == "zh"]
        for extra in self._random.sample(usable, self._random.randint(0, min(MAX_EXTRAS, len(usable)))):
            chinese, english = extra.chinese + chinese, extra.english.format(w=english)
            fields.update(extra.condition)
        right = self._catalogue.find(Filter(**fields))
        name, words = (city.name, chinese) if language == "zh" else (city.name_en, english)
        text = self._random.choice(ASKED["recommend"][language]).format(c=name, w=words)
        return Question(text=text, language=language, kind="recommend", style="conditions", part="derived",
                        sights=frozenset(other.id for other in right), answers=(Listed.of(right),))


def _extras(sight: Attraction) -> list[Extra]:
    """Conditions that a sight meets; of price and level the one that fits it."""
    extras = []
    price = sight.ticket.adult_yuan if sight.ticket else None
    if price == 0:
        extras.append(Extra("免费的", "free {w}", {"max_ticket_yuan": 0}))
    elif price is not None:
        cap = math.ceil(price / 10) * 10
        extras.append(Extra(f"门票{cap}元以内的", f"{{w}} with tickets under {cap} yuan", {"max_ticket_yuan": cap}))
    if level_number(sight) >= MIN_LEVEL_ASKED:
        level = level_number(sight)
        extras.append(Extra(f"{level}A级以上的" if level < MAX_LEVEL else "5A级的", f"{level}A {{w}}", {"min_level": level}))
    if sight.setting == "indoor":
        extras.append(Extra("室内的", "indoor {w}", {"settings": ("indoor",)}))
    if MONDAY in open_weekdays(sight):
        extras.append(Extra("周一开门的", "{w} open on Mondays", {"open_on": MONDAY}))
    if sight.district:
        extras.append(Extra(f"{sight.district}的", "", {"districts": (sight.district,)}))
    return extras
