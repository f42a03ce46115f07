"""The world that training questions are asked in: the real cities and invented ones in one catalogue, by splits.

Searched by names, tags and words only: which sights an answer shows does not matter for learning to write it, so no
vectors are computed. Not covered: weather, which invented cities have none of.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from random import Random

from chains.understanding.places import gazetteer
from finetune.datasets.coinage import Coiner
from finetune.datasets.invention import SOURCE, Inventor, Lender, names_nothing
from knowledge.builtin import KnowledgeBase
from knowledge.catalogue import Catalogue, Filter, build_catalogue
from knowledge.index import PassageIndex
from knowledge.library import Library, all_passages
from knowledge.records import Attraction
from knowledge.retriever import HybridRetriever
from knowledge.words import WordRetriever

SPLITS = ("train", "validation", "test")
HELD_OUT = 0.1  # of the real cities, for each of validation and test


class _NoMeaning:
    """Embeddings of no meaning: questions are made of patterns, so nothing need be guessed from theirs."""

    name = "none"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """No numbers."""
        return [[] for _ in texts]

    def embed_query(self, text: str) -> list[float]:  # noqa: ARG002
        """No numbers."""
        return []


class NoVectors(PassageIndex):
    """An index that finds nothing by meaning."""

    def __init__(self) -> None:  # no folder to open
        self.embeddings = _NoMeaning()

    def search(self, query: str, limit: int, cities: tuple[str, ...] = (), only: Collection[str] = ()) -> list[tuple[str, float]]:  # noqa: ARG002
        """Nothing is near anything."""
        return []


@dataclass(frozen=True)
class World:
    """A library over real and invented cities, and the cities of each split."""

    library: Library
    real: dict[str, list[str]]  # split to ids of real cities
    invented: dict[str, list[str]]
    sights: dict[str, list[Attraction]]  # city to its sights

    def cities(self, split: str) -> set[str]:
        """Every city of a split."""
        return {*self.real[split], *self.invented[split]}


def make_world(library: Library, folder: Path, rng: Random, invented_cities: int) -> World:
    """Add invented cities to a library's records and divide all of them into splits, whole cities at a time."""
    catalogue = library.catalogue
    real_sights = catalogue.find(Filter())
    real = _divide(sorted({sight.city for sight in real_sights}), rng)
    coiner = Coiner(rng, {name for sight in real_sights for name in (*sight.names, sight.name_en)} | set(catalogue.city_names.ids_by_name))
    cities, attractions, invented = list(catalogue.cities.values()), list(real_sights), {}
    for split in SPLITS:
        inventor = Inventor(rng, coiner, _lenders(catalogue, [sight for sight in real_sights if sight.city in real[split]]))
        share = 1 - 2 * HELD_OUT if split == "train" else HELD_OUT
        made = [inventor.city() for _ in range(max(2, round(invented_cities * share)))]
        invented[split] = [city.id for city, _ in made]
        cities += [city for city, _ in made]
        attractions += [sight for _, sights in made for sight in sights]
    base = KnowledgeBase(tuple(cities), tuple(attractions), (*catalogue.sources.values(), SOURCE))
    sights: dict[str, list[Attraction]] = {}
    for sight in attractions:
        sights.setdefault(sight.city, []).append(sight)
    return World(_shelved(base, folder, library.vocabulary), real, invented, sights)


def _divide(cities: list[str], rng: Random) -> dict[str, list[str]]:
    """Cities into splits; a world of few cities keeps at least one for each."""
    rng.shuffle(cities)
    held = max(1, round(len(cities) * HELD_OUT))
    return {"validation": cities[:held], "test": cities[held:2 * held], "train": cities[2 * held:]}


def _lenders(catalogue: Catalogue, sights: list[Attraction]) -> list[Lender]:
    """Descriptions that name no place of ours, of China or abroad."""
    tables = (catalogue.sight_names, catalogue.city_names, gazetteer("places_cn.txt"), gazetteer("places_abroad.txt"))
    return [Lender(sight.tags, sight.summary, sight.summary_en) for sight in sights
            if names_nothing(sight.summary_en) and not any(table.find(sight.summary) for table in tables)]


def _shelved(base: KnowledgeBase, folder: Path, vocabulary: frozenset[str]) -> Library:
    url = f"sqlite:///{folder / 'world.db'}"
    build_catalogue(url, base)
    catalogue = Catalogue(url)
    retriever = HybridRetriever(catalogue=catalogue, index=NoVectors(), words=WordRetriever(passages=all_passages(base)))
    return Library(catalogue, retriever, vocabulary)
