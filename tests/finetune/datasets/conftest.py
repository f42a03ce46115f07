"""What the tests of the data sets share: a small library of real cities, and rows made from it once."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
import yaml

from finetune.datasets.rows import Row
from finetune.datasets.task import Recipe, TaskData
from finetune.datasets.world import NoVectors
from knowledge.builtin import DATA_DIR, KnowledgeBase, load_city
from knowledge.catalogue import Catalogue, build_catalogue
from knowledge.library import Library, all_passages
from knowledge.records import Source
from knowledge.retriever import HybridRetriever
from knowledge.vocabulary import ordinary_words
from knowledge.words import WordRetriever

QUICK = Recipe(rows=60, seed=7)
CITIES = ("qingdao", "hangzhou", "xian", "guilin", "suzhou", "dali")


@pytest.fixture(scope="session")
def few_cities(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Six of the shipped cities with all their sights, without vectors."""
    cities, sights = zip(*(load_city(DATA_DIR / "cities" / f"{city}.yaml") for city in CITIES), strict=True)
    sources = yaml.safe_load((DATA_DIR / "sources.yaml").read_text(encoding="utf-8"))
    small = KnowledgeBase(cities, tuple(chain(*sights)), tuple(map(Source.model_validate, sources)))
    url = f"sqlite:///{tmp_path_factory.mktemp('few') / 'catalogue.db'}"
    build_catalogue(url, small)
    catalogue = Catalogue(url)
    words = WordRetriever(passages=all_passages(small))
    return Library(catalogue, HybridRetriever(catalogue=catalogue, index=NoVectors(), words=words), ordinary_words(small))


@pytest.fixture(scope="session")
def made(few_cities: Library) -> tuple[TaskData, dict[str, list[Row]]]:
    """A small build, and its rows by split."""
    data = TaskData(few_cities, QUICK)
    return data, {split: list(data.rows(split)) for split in ("train", "validation", "test")}


@pytest.fixture
def a_file(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Writes a file of a name with this content and returns its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
