"""Search by meaning under a condition: all that meet it are compared, with vectors held in memory.

Chroma's own filter looks its conditions up in SQL and then walks its graph past all that do not meet them: 48 ms among
200,000 passages, where comparing the 3,000 of a city takes 3. Its graph also finds other neighbours in other processes, so a whole
country is compared too while it is small enough; its graph is the way above that.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TINY = float(np.finfo(np.float32).tiny)  # instead of a length of 0


class CityVectors:
    """Unit vectors, one row a passage, the rows of a city side by side."""

    def __init__(self, vectors: NDArray[np.float32], cities: Sequence[str], records: Sequence[str]) -> None:
        """Take the vectors, (passages, dimensions), and each passage's city and record."""
        homes, codes = numbered(cities)
        owners, self._numbers = numbered(records)
        order = np.argsort(homes, kind="stable")
        ends = np.cumsum(np.bincount(homes, minlength=len(codes)))
        self._rows = {city: slice(start, end) for city, start, end in zip(codes, [0, *ends], ends, strict=False)}
        self._owners, self._records = owners[order], list(self._numbers)
        self._vectors = vectors[order]
        self._vectors /= np.maximum(np.linalg.norm(self._vectors, axis=1, keepdims=True), TINY)

    def __len__(self) -> int:
        """How many passages it holds."""
        return len(self._owners)

    def search(self, vector: Sequence[float], limit: int, cities: Collection[str] = (), only: Collection[str] = ()) -> list[tuple[str, float]]:
        """(record, cosine similarity) of the nearest records, best first: of these cities and `only` these records, where any are given."""
        sought = np.array(vector, dtype=np.float32)
        sought /= max(float(np.linalg.norm(sought)), TINY)
        parts = [self._rows[city] for city in dict.fromkeys(cities) if city in self._rows] if cities else [slice(None)]
        owners = np.concatenate([self._owners[:0], *(self._owners[part] for part in parts)])
        cosines = np.concatenate([sought[:0], *(np.einsum("ij,j->i", self._vectors[part], sought) for part in parts)])  # BLAS's threads would go on spinning beside the embedder's
        if only:
            wanted = np.zeros(len(self._records), dtype=bool)
            wanted[[self._numbers[record] for record in only if record in self._numbers]] = True
            owners, cosines = owners[wanted[owners]], cosines[wanted[owners]]
        best: dict[str, float] = {}
        for row in np.argsort(-cosines, kind="stable"):
            best.setdefault(self._records[owners[row]], float(cosines[row]))
            if len(best) == limit:
                break
        return list(best.items())


def save_city_vectors(file: Path, vectors: NDArray[np.float32], cities: Sequence[str], records: Sequence[str]) -> None:
    """Write what a `CityVectors` is made of, row by row in the same order."""
    np.savez(file, vectors=vectors, cities=np.array(cities, dtype=np.str_), records=np.array(records, dtype=np.str_))


def load_city_vectors(file: Path) -> CityVectors:
    """Read what `save_city_vectors` wrote."""
    with np.load(file) as held:
        return CityVectors(held["vectors"], held["cities"].tolist(), held["records"].tolist())


def numbered(names: Sequence[str]) -> tuple[NDArray[np.int32], dict[str, int]]:
    """The number of each name, and the names' numbers in the order they first stand in."""
    numbers: dict[str, int] = {}
    return np.fromiter((numbers.setdefault(name, len(numbers)) for name in names), dtype=np.int32, count=len(names)), numbers
