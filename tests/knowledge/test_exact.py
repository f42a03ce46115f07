"""Comparing all passages of a city: the same order as plain arithmetic over every vector, whatever the condition."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import IndexMismatch
from knowledge.exact import CityVectors, load_city_vectors, save_city_vectors
from knowledge.index import VECTORS, PassageIndex, build_index
from knowledge.passages import passages_of
from tests.knowledge.small_world import LetterEmbeddings, a_city, a_sight

RANDOM = np.random.default_rng(5)
SIZE, DIMENSIONS = 600, 16
VECTORS_OF_ALL = RANDOM.standard_normal((SIZE, DIMENSIONS)).astype(np.float32)
CITIES = [f"city{number}" for number in RANDOM.integers(5, size=SIZE // 2) for _ in range(2)]  # two passages a record
RECORDS = [f"{city}-{place // 2}" for place, city in enumerate(CITIES)]
SOUGHT = RANDOM.standard_normal(DIMENSIONS)


def _by_hand(cities: set[str], only: set[str]) -> dict[str, float]:
    """Every record's best cosine, best first, in float64."""
    best: dict[str, float] = {}
    for vector, city, record in zip(VECTORS_OF_ALL.astype(np.float64), CITIES, RECORDS, strict=True):
        if city in cities and (not only or record in only):
            cosine = float(vector @ SOUGHT / np.linalg.norm(vector) / np.linalg.norm(SOUGHT))
            best[record] = max(best.get(record, -1.0), cosine)
    return dict(sorted(best.items(), key=lambda item: -item[1]))


@pytest.mark.parametrize("cities", [{"city0"}, {"city1", "city3"}, {"city0", "city1", "city2", "city3", "city4"}])
@pytest.mark.parametrize("only", [set(), set(RECORDS[::6])])
def test_the_order_is_that_of_plain_arithmetic(cities: set[str], only: set[str]) -> None:
    """Records, order and cosines agree with a loop in double precision."""
    meant = _by_hand(cities, only)
    found = CityVectors(VECTORS_OF_ALL, CITIES, RECORDS).search(SOUGHT.tolist(), 1000, cities, only)
    assert [record for record, _ in found] == list(meant)
    assert [cosine for _, cosine in found] == pytest.approx(list(meant.values()), abs=1e-5)


def test_without_cities_all_are_compared() -> None:
    """No city means the whole country, in the same order as plain arithmetic."""
    found = CityVectors(VECTORS_OF_ALL, CITIES, RECORDS).search(SOUGHT.tolist(), 50)
    assert [record for record, _ in found] == list(_by_hand(set(CITIES), set()))[:50]


def test_no_more_than_were_asked_for() -> None:
    """The limit counts records, not passages."""
    found = CityVectors(VECTORS_OF_ALL, CITIES, RECORDS).search(SOUGHT.tolist(), 7, ("city2",))
    assert [record for record, _ in found] == list(_by_hand({"city2"}, set()))[:7]


def test_a_city_without_passages_has_no_hits() -> None:
    """An unknown city, an unknown record and an empty base are no errors."""
    vectors = CityVectors(VECTORS_OF_ALL, CITIES, RECORDS)
    assert vectors.search(SOUGHT.tolist(), 5, ("atlantis",)) == []
    assert vectors.search(SOUGHT.tolist(), 5, ("city0",), ("city0-nowhere",)) == []
    assert CityVectors(np.zeros((0, 1), dtype=np.float32), [], []).search(SOUGHT.tolist(), 5, ("city0",)) == []


def test_a_vector_of_nothing_is_like_nothing() -> None:
    """A length of 0 divides nothing: cosine 0."""
    found = CityVectors(np.zeros((1, DIMENSIONS), dtype=np.float32), ["city0"], ["city0-1"]).search(SOUGHT.tolist(), 5, ("city0",))
    assert found == [("city0-1", 0.0)]


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    """A file gives the same hits as what it was written from."""
    save_city_vectors(tmp_path / VECTORS, VECTORS_OF_ALL, CITIES, RECORDS)
    held = load_city_vectors(tmp_path / VECTORS)
    assert held.search(SOUGHT.tolist(), 9, ("city4",)) == CityVectors(VECTORS_OF_ALL, CITIES, RECORDS).search(SOUGHT.tolist(), 9, ("city4",))


def test_an_index_of_before_asks_to_be_rebuilt(tmp_path: Path) -> None:
    """Without the file beside the store a city cannot be searched: the error names the command."""
    build_index(tmp_path, passages_of(a_sight("栈桥"), a_city()), LetterEmbeddings(), "v1")
    next(tmp_path.rglob(VECTORS)).unlink()
    with pytest.raises(IndexMismatch, match="fengjing knowledge build"):
        PassageIndex(tmp_path, LetterEmbeddings())


def test_an_empty_base_is_built_and_searched(tmp_path: Path) -> None:
    """No passages at all: no hits."""
    build_index(tmp_path, [], LetterEmbeddings(), "v1")
    assert PassageIndex(tmp_path, LetterEmbeddings()).search("栈桥", 5, ("qingdao",)) == []
