"""A small, faultless world to change one thing in: records, a base, data files, an embedder that needs no model."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from knowledge.builtin import KnowledgeBase, load_builtin
from knowledge.records import Attraction, City, PriceBand, Source, attraction_id

SOURCE = {"id": "hand-2025", "label": "编者记录", "label_en": "editors' record", "year": 2025}
CITY: dict[str, Any] = {
    "name": "青岛", "name_en": "Qingdao", "province": "山东", "source": "hand-2025",
    "position": {"latitude_deg": 36.07, "longitude_deg": 120.38, "source": "hand-2025"},
}
SIGHT: dict[str, Any] = {"name": "栈桥", "name_en": "Zhanqiao Pier", "tags": ["海滨"], "summary": "伸进海湾的老码头。"}
FREE = {"adult_yuan": 0, "source": "hand-2025"}


class LetterEmbeddings:
    """Texts that share characters lie near each other; deterministic, and no model to load."""

    def __init__(self, name: str = "letters") -> None:
        self.name = name

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector of 64 numbers for each text."""
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Characters counted into 64 bins."""
        counts = np.bincount([ord(char) % 64 for char in text] or [0], minlength=64)
        return [float(value) for value in counts / np.linalg.norm(counts)]


def a_city(city_id: str = "qingdao", **changes: Any) -> City:
    """A city without faults, and what the test changes about it."""
    return City.model_validate({"id": city_id, **CITY, **changes})


def a_sight(name: str = "栈桥", city: str = "qingdao", rank: int = 1, **changes: Any) -> Attraction:
    """A sight without faults, and what the test changes about it."""
    return Attraction.model_validate({**SIGHT, "id": attraction_id(city, name), "name": name, "city": city, "rank": rank, **changes})


def a_base(*sights: Attraction, cities: tuple[City, ...] = ()) -> KnowledgeBase:
    """A base of these sights, in 青岛 unless other cities are given."""
    return KnowledgeBase(cities or (a_city(),), sights, (Source.model_validate(SOURCE),))


def bands(low_yuan: float, high_yuan: float) -> tuple[PriceBand, ...]:
    """One price band."""
    return (PriceBand(tier="budget", low_yuan=low_yuan, high_yuan=high_yuan),)


def write_data(folder: Path, sights: object, city: object = CITY, file: str = "qingdao.yaml") -> Path:
    """A data folder as it ships, with one source and one city file; returns the folder."""
    (folder / "cities").mkdir(parents=True, exist_ok=True)
    (folder / "sources.yaml").write_text(yaml.safe_dump([SOURCE]), encoding="utf-8")
    text = yaml.safe_dump({"city": city, "sights": sights}, allow_unicode=True)
    (folder / "cities" / file).write_text(text, encoding="utf-8")
    return folder


@cache
def shipped() -> KnowledgeBase:
    """The data that ships, read once for all tests."""
    return load_builtin()
