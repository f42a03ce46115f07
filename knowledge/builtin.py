"""The data that ships with Fengjing: one YAML file a city under ``data/cities``, plus ``data/sources.yaml``.

Not covered here: rules about the content (see `knowledge.check`) and users' own data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from knowledge.errors import DataError
from knowledge.records import Attraction, City, Source, attraction_id

DATA_DIR = Path(__file__).parent / "data"
R = TypeVar("R", Source, City, Attraction)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times faster where it exists


@dataclass(frozen=True)
class KnowledgeBase:
    """Cities, attractions and sources, held in memory; a few thousand small records."""

    cities: tuple[City, ...]
    attractions: tuple[Attraction, ...]
    sources: tuple[Source, ...]

    @cached_property
    def city_by_id(self) -> dict[str, City]:
        """City id to city."""
        return {city.id: city for city in self.cities}

    @cached_property
    def attraction_by_id(self) -> dict[str, Attraction]:
        """Attraction id to attraction."""
        return {sight.id: sight for sight in self.attractions}

    @cached_property
    def source_by_id(self) -> dict[str, Source]:
        """Source id to source."""
        return {source.id: source for source in self.sources}

    def in_city(self, city_id: str) -> list[Attraction]:
        """The city's attractions, best known first."""
        return [sight for sight in self.attractions if sight.city == city_id]


def load_builtin(directory: Path = DATA_DIR) -> KnowledgeBase:
    """Read all shipped data; raises `DataError` naming the file and the record that is wrong."""
    sources = tuple(_record(Source, entry, directory / "sources.yaml") for entry in _read(directory / "sources.yaml"))
    cities: list[City] = []
    attractions: list[Attraction] = []
    for path in sorted((directory / "cities").glob("*.yaml")):
        city, sights = load_city(path)
        cities.append(city)
        attractions.extend(sights)
    return KnowledgeBase(tuple(cities), tuple(attractions), sources)


def load_city(path: Path) -> tuple[City, list[Attraction]]:
    """Read one city file; the file's stem is the city's id, the order of sights their rank."""
    content = _read(path)
    if not isinstance(content, dict) or set(content) != {"city", "sights"}:
        raise DataError(f"{path.name}: expected the two keys 'city' and 'sights'")
    if not isinstance(content["city"], dict) or not isinstance(content["sights"], list):
        raise DataError(f"{path.name}: 'city' must be a mapping and 'sights' a list")
    city = _record(City, {"id": path.stem, **content["city"]}, path)
    return city, list(_attractions(path, content["sights"]))


def _attractions(path: Path, entries: list[dict[str, Any]]) -> Iterator[Attraction]:
    for rank, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise DataError(f"{path.name}: sight {rank} is {entry!r}, not a mapping")
        name = str(entry.get("name", f"sight {rank}"))
        given = {"id": attraction_id(path.stem, name), "city": path.stem, "rank": rank}
        whole = {"part_of": attraction_id(path.stem, str(entry["part_of"]))} if "part_of" in entry else {}
        yield _record(Attraction, {**given, **entry, **whole}, path)


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError as error:
        raise DataError(f"{path} is missing; reinstall Fengjing or run 'git checkout -- knowledge/data'") from error
    except yaml.YAMLError as error:
        raise DataError(f"{path.name} is not valid YAML: {error}") from error


def _record(kind: type[R], entry: dict[str, Any], path: Path) -> R:
    try:
        return kind.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataError(f"{path.name}: {entry.get('name', entry.get('id'))}: {where}: {first['msg']}") from error
