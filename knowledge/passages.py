"""What is embedded and searched: one short Chinese and one short English passage for each sight.

A passage is built from the record alone, the same way everywhere, so that its hash can name its vector.
"""

import hashlib
from dataclasses import dataclass

from knowledge.records import Attraction, City
from knowledge.tags import TAGS


@dataclass(frozen=True)
class Passage:
    """A searchable text and the record it belongs to."""

    record_id: str
    city: str
    language: str
    text: str

    @property
    def id(self) -> str:
        """Stable id: record and language."""
        return f"{self.record_id}:{self.language}"


def passages_of(sight: Attraction, city: City) -> tuple[Passage, Passage]:
    """The sight's Chinese and English passage."""
    chinese = f"{city.name} {' '.join(sight.names)}。{'、'.join(sight.tags)}。{sight.summary}"
    english_tags = ", ".join(TAGS.get(tag, tag) for tag in sight.tags)
    english = f"{sight.name_en}, {city.name_en}. {english_tags}. {sight.summary_en}"
    return (Passage(sight.id, city.id, "zh", chinese), Passage(sight.id, city.id, "en", english))


def text_key(text: str) -> str:
    """The key of a text's vector: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
