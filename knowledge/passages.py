"""What is embedded and searched: short Chinese and English passages for each sight.

One of each says what the sight is; where the record tells what it is known for, another of each says that, so that a
description is compared with a description and not with names.

A passage is built from the record alone, the same way everywhere, so that its hash can name its vector.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from knowledge.records import Attraction, City
from knowledge.tags import TAGS

PHRASES_TOLD = 8


@dataclass(frozen=True)
class Passage:
    """A searchable text and the record it belongs to."""

    record_id: str
    city: str
    language: str
    text: str
    part: str = ""

    @property
    def id(self) -> str:
        """Stable id: record, language, and the part where there are several."""
        return f"{self.record_id}:{self.language}{self.part}"


def passages_of(sight: Attraction, city: City) -> list[Passage]:
    """The sight's Chinese and English passage, each under its names in that language, then those of what it is known for."""
    own = [name for name in sight.names if not name.isascii()] or sight.names
    called = ", ".join(dict.fromkeys((sight.name_en, *(name for name in sight.names if name.isascii()))))
    chinese = f"{city.name} {' '.join(own)}。{'、'.join(sight.tags)}。{sight.summary}"
    english_tags = ", ".join(TAGS.get(tag, tag) for tag in sight.tags)
    english = f"{called}, {city.name_en}. {english_tags}. {sight.summary_en}"
    known = [*_known(sight, city, "zh", city.name, sight.known_for.split("、"), "、"), *_known(sight, city, "en", city.name_en, sight.known_for_en.split(", "), ", ")]
    return [Passage(sight.id, city.id, "zh", chinese), Passage(sight.id, city.id, "en", english), *known]


def _known(sight: Attraction, city: City, language: str, place: str, phrases: list[str], between: str) -> Iterator[Passage]:
    """What it is known for, a handful of phrases a passage: a long row would mean a little of everything."""
    stop = "。" if language == "zh" else ". "
    if not phrases[0]:
        return
    size = ceil(len(phrases) / ceil(len(phrases) / PHRASES_TOLD))  # 18 phrases are three times six
    for start in range(0, len(phrases), size):
        told = between.join(phrases[start:start + size])
        yield Passage(sight.id, city.id, language, f"{place}{stop}{told}", f":known{start or ''}")


def text_key(text: str) -> str:
    """The key of a text's vector: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
