"""The shipped base and the user's imports as one base: of every fact the newest firm statement is shown.

Both sources stay known: the one that is not shown remains in the user's file and under `other_statements`. Where years are
equal the shipped record stands. Imported sights come after the shipped ones of their city, by level and reviews.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

from knowledge.builtin import KnowledgeBase
from knowledge.catalogue import level_number
from knowledge.names import fold
from knowledge.records import Attraction, City, Grade, Hours, Position, Rating, Record, Ticket, Visit
from knowledge.tags import TAGS
from knowledge.ways_in.facts import Weight
from knowledge.ways_in.imported import Imported, Said, has_imports, opened
from knowledge.ways_in.kinds import setting_of, tags_of
from knowledge.ways_in.merge import plain_value, statements_of

_BLOCKS: dict[str, tuple[str, type[Record]]] = {
    "position": ("position", Position), "level": ("grade", Grade), "ticket": ("ticket", Ticket), "hours": ("hours", Hours),
    "visit": ("visit", Visit), "rating": ("rating", Rating),
}


@dataclass(frozen=True)
class _Entry:
    """An imported sight: which record it is, where, and its further spellings."""

    id: str
    city: str
    name: str
    own: bool
    spellings: tuple[str, ...]


def with_imports(base: KnowledgeBase, home: Path) -> KnowledgeBase:
    """The base with everything imported under `home`; the same base where nothing was."""
    if not has_imports(home):
        return base
    with opened(home) as store:
        return _combined(base, store)


def other_statements(base: KnowledgeBase, home: Path, sight: Attraction) -> list[Said]:
    """What other sources than the shown ones say otherwise of a sight, newest first."""
    if not has_imports(home):
        return []
    with opened(home) as store:
        said = [*store.statements([sight.id])]
    shipped = base.attraction_by_id.get(sight.id)
    shown = {said.fact: said for said in statements_of(sight, base)}
    others = [one for one in (*said, *(statements_of(shipped, base) if shipped else ())) if one.fact in shown
              and (one.source, plain_value(one.value)) != (shown[one.fact].source, plain_value(shown[one.fact].value))
              and plain_value(one.value) != plain_value(shown[one.fact].value)]
    return sorted(others, key=lambda one: (-one.year, one.fact))


def _combined(base: KnowledgeBase, store: Imported) -> KnowledgeBase:
    cities = {city.id: city for city in store.cities()}
    shipped_names = {name: city.id for city in base.cities for name in city.names}
    moved = {city.id: shipped_names[city.name] for city in cities.values() if city.name in shipped_names}  # it ships by now
    by_name = {(sight.city, fold(name)): sight.id for sight in base.attractions for name in sight.names}
    entries = [(sight, _settled(_Entry(sight, moved.get(city, city), name, own, tuple(names)), by_name)) for sight, city, name, own, names in store.sights()]
    said = {sight: list(group) for sight, group in groupby(store.statements(), key=lambda one: one.sight)}
    changed: dict[str, Attraction] = {}
    fresh: list[Attraction] = []
    known_cities = {**base.city_by_id, **{city.id: city for city in cities.values() if city.id not in moved}}
    for entry, statements in ((entry, said.get(key, [])) for key, entry in entries):
        shipped = changed.get(entry.id) or base.attraction_by_id.get(entry.id)
        if shipped:
            changed[entry.id] = _enriched(shipped, entry, statements, base)
        elif entry.city in known_cities:
            fresh.append(_record(entry, statements, known_cities[entry.city]))
    used = {sight.city for sight in fresh}
    return KnowledgeBase(
        (*base.cities, *(city for city in cities.values() if city.id in used and city.id not in moved)),
        (*(changed.get(sight.id, sight) for sight in base.attractions), *_ranked(fresh, base)),
        (*base.sources, *(source for source in store.sources() if source.id not in base.source_by_id)),
    )


def _settled(entry: _Entry, shipped: dict[tuple[str, str], str]) -> _Entry:
    """The entry; a sight that ships by now under the same name goes by the shipped id."""
    same = shipped.get((entry.city, fold(entry.name))) if entry.own else None
    return replace(entry, id=same) if same else entry


def _best(statements: Iterable[Said]) -> dict[str, Said]:
    """Fact to the statement that is shown: firm before vague, then the newer; the later in order wins a tie. Doubted ones never."""
    best: dict[str, Said] = {}
    for said in statements:
        held = best.get(said.fact)
        if said.weight > Weight.DOUBTED and (held is None or (said.weight, said.year) >= (held.weight, held.year)):
            best[said.fact] = said
    return best


def _enriched(sight: Attraction, entry: _Entry, statements: list[Said], base: KnowledgeBase) -> Attraction:
    """A shipped record with newer facts and further names; its own words stay."""
    best = _best([*statements, *statements_of(sight, base)])  # the shipped record comes last and wins a tie
    blocks: dict[str, Any] = {_BLOCKS[fact][0]: block_of(said) for fact, said in best.items() if fact in _BLOCKS and said in statements}
    texts: dict[str, Any] = {key: _text(best, key) for key in ("address", "district", "url") if not getattr(sight, key) and key in best}
    names = [name for name in entry.spellings if fold(name) not in map(fold, (*sight.names, sight.name_en))]
    return sight.model_copy(update={**blocks, **texts, "aliases": (*sight.aliases, *names)})


def _record(entry: _Entry, statements: list[Said], city: City) -> Attraction:
    """A new record from what its sources say; its description is made of its kind and place alone."""
    best = _best(statements)
    tags, district = tags_of(entry.name, _text(best, "category")), _text(best, "district")
    return Attraction(
        id=entry.id, city=entry.city, rank=1, name=entry.name, name_en=_english(entry.name, _text(best, "name_en")), aliases=entry.spellings,
        district=district, address=_text(best, "address"), tags=tags, setting=setting_of(entry.name), url=_text(best, "url"),
        summary=f"{city.name}{_no_digits(district)}的{tags[0] if tags else '景点'}。",
        summary_en=f"{TAGS[tags[0]].capitalize() if tags else 'A sight'} in {city.name_en}.",
        **{_BLOCKS[fact][0]: block_of(said) for fact, said in best.items() if fact in _BLOCKS},
    )


def block_of(said: Said) -> Any:
    """The block of our records that a statement about a fact is."""
    return _BLOCKS[said.fact][1].model_validate_json(said.value)


def _text(best: dict[str, Said], fact: str) -> str:
    return str(json.loads(best[fact].value)) if fact in best else ""


def _no_digits(text: str) -> str:
    return "" if any(char.isdigit() for char in text) else text


def _english(name: str, given: str) -> str:
    """The English name a source gives, else the sound of the Chinese one."""
    if given and given.isascii():
        return given
    return " ".join(part.strip().capitalize() for part in lazy_pinyin(name) if part.strip())


def _ranked(sights: list[Attraction], base: KnowledgeBase) -> Iterator[Attraction]:
    """Imported sights behind the shipped ones of their city: by level, then by reviews, then as they stood in their file."""
    places: dict[str, int] = {}
    for sight in base.attractions:
        places[sight.city] = max(places.get(sight.city, 0), sight.rank)
    for sight in sorted(sights, key=lambda one: (-level_number(one), -((one.rating.reviews if one.rating else 0) or 0))):
        places[sight.city] = places.get(sight.city, 0) + 1
        yield sight.model_copy(update={"rank": places[sight.city]})
