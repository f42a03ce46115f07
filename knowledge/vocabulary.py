"""Ordinary words: what our own descriptions use of many places, and which is therefore nobody's name.

The guard needs to tell 石阶 and 云海 from 蜀岛. A Chinese word counts as ordinary when the descriptions of two cities
or more use it, an English one when it is ever written small. Names of places are left out.
"""

import logging
import re
from collections import defaultdict

import jieba

from knowledge.builtin import KnowledgeBase

MIN_CITIES = 2


def ordinary_words(base: KnowledgeBase) -> frozenset[str]:
    """The ordinary words of a base's descriptions, Chinese and (small) English."""
    jieba.setLogLevel(logging.WARNING)
    names = {name for sight in base.attractions for name in sight.names}
    names |= {name for city in base.cities for name in city.names}
    cities: dict[str, set[str]] = defaultdict(set)
    english: set[str] = set()
    for sight in base.attractions:
        for word in jieba.lcut(sight.summary, HMM=False):
            cities[word].add(sight.city)
        english.update(re.findall(r"\b[a-z][a-z'-]+", sight.summary_en))
    chinese = {word for word, seen in cities.items() if len(word) > 1 and len(seen) >= MIN_CITIES}
    return frozenset((chinese | english) - names)
