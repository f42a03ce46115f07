"""Whether words that nearly spell a held name are that name with a slip, or another name and other words.

Not covered: what the slip was; `knowledge.names` and `knowledge.spellings` find the name.
"""

import re
from difflib import SequenceMatcher

from chains.understanding.request import Intent, TripRequest
from chains.understanding.unheld_names import KIND_EN, MAX_ABBREVIATION, PARTS, QUESTION_WORDS
from knowledge.catalogue import Catalogue
from knowledge.names import Mention, looks_alike, sounds_alike
from knowledge.slips import is_everyday
from knowledge.spellings import GENERIC, is_pinyin

ALIKE_BESIDE_CITY = 0.7  # likeness of what is left of two names without their city
_ISLETS = str.maketrans("屿", "岛")  # two words for one thing: 鼓浪岛 is no other island than 鼓浪屿
SHORT = 3  # characters of the shortest name that is known by its sound
LONG_SLIP = 8  # characters of a name of which one may be wrong whatever its sound


def is_slip(mention: Mention, catalogue: Catalogue) -> bool:
    """Whether an inexact mention may pass for its name: it sounds the same, or one character of many is wrong.

    A city inside it proves nothing: 三亚玩 is not 三亚湾, Guangzhou today is not Guangzhou Tower.
    """
    if _only_shares_a_city(mention, catalogue) or mention.text in PARTS:
        return False
    if not re.fullmatch(r"[\u4e00-\u9fff]+", mention.text):
        words = re.findall(r"[a-z]+", mention.text.lower())  # letters were measured where they were read
        return any(word not in GENERIC | QUESTION_WORDS for word in words) and not _says_another_word(words, mention, catalogue)
    names = {name for sight in catalogue.get(mention.ids) for name in sight.names}
    said = mention.text
    return len(said) >= LONG_SLIP or any(sounds_alike(said, name) or looks_alike(said, name) or sounds_alike(said.translate(_ISLETS), name.translate(_ISLETS)) for name in names)


def _says_another_word(words: list[str], mention: Mention, catalogue: Catalogue) -> bool:
    """Whether a common word stands where the name has one that is quite unlike it: Terracotta Sailors are no Soldiers, a Place may be a Palace."""
    names = {word for sight in catalogue.get(mention.ids) for name in (*sight.names, sight.name_en) for word in re.findall("[a-z]+", name.lower())}
    other = [word for word in words if len(word) > MAX_ABBREVIATION and word not in names | GENERIC | QUESTION_WORDS and is_everyday(word) and not is_pinyin(word)]
    other = [word for word in other if not KIND_EN.fullmatch(word)]  # Qiao's compound, Bao Gong shrine
    return any(max(SequenceMatcher(None, word, name).ratio() for name in names) < ALIKE_BESIDE_CITY for word in other if names)


def of_the_same_sound(request: TripRequest, catalogue: Catalogue) -> tuple[str, ...]:
    """The one sight that sounds like an unknown name: in the city or beside the sight spoken of (雷锋塔 by the 西湖), or in a district before it (长清灵严寺)."""
    name = "".join(request.unknown_places)
    if request.intent is not Intent.FACT or len(request.unknown_places) != 1 or name.isascii():
        return ()
    near = {sight.city for mention in catalogue.sight_names.find(request.text) for sight in catalogue.get(mention.ids)}
    cities = request.cities or tuple(near)
    ends = ((name[:start], catalogue.sight_names.sounding_like(name[start:])) for start in range(len(name) - SHORT + 1))
    alike = {sight.id for before, ids in ends for sight in catalogue.get(ids) if before in sight.district and (sight.city in cities if cities else before)}
    return tuple(alike) if len(alike) == 1 else ()


def adds_a_word(mention: Mention, others: list[Mention]) -> bool:
    """Whether a misspelt name says more than the names, spelt right, inside it, by a word that no question is made of."""
    rest = _without(mention.text, [other.text for other in others]) if not mention.text.isascii() else mention.text.lower()
    said = {word for other in others for word in re.findall("[a-z]+", other.text.lower())}
    return bool(set(re.findall(r"[a-z]+|[^a-z\W]", rest)) - said - QUESTION_WORDS)


def _only_shares_a_city(mention: Mention, catalogue: Catalogue) -> bool:
    cities = [city.text for city in catalogue.city_names.find(mention.text)]
    if not cities:
        return False
    rest = _without(mention.text, cities)
    names = [_without(name, cities) for sight in catalogue.get(mention.ids) for name in (*sight.names, sight.name_en)]
    if len(rest) > 1 and any(sounds_alike(rest, name) for name in names):  # 南京总统符
        return False
    return max(SequenceMatcher(None, rest, name).ratio() for name in names) < ALIKE_BESIDE_CITY


def _without(text: str, words: list[str]) -> str:
    for word in words:
        text = re.sub(re.escape(word), "", text, flags=re.IGNORECASE)
    return re.sub(r"\W", "", text.lower())
