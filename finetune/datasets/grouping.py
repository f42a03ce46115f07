"""`split`: rows into parts by any ratio, groups kept whole, so that nothing of one part is known from another.

Rows that share a group lie together; a group that names several (``qingdao+yantai``) ties them. Without a group the
question is the group, so that at least no question stands in two parts. Not covered: balance of kinds inside parts.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from chains.understanding.places import outside
from finetune.datasets.convert import save, target_layout
from finetune.datasets.evaluation import essence
from finetune.datasets.files import Layout, Placed, layout_of, values
from finetune.datasets.formats import Format, OddRow, format_of, read
from finetune.datasets.rows import DatasetError, write_jsonl
from knowledge.catalogue import Catalogue
from knowledge.errors import InputError

PARTS = ("train", "validation", "test")
Grouping = Callable[[Placed], tuple[str, ...]]


@dataclass(frozen=True)
class Division:
    """Rows and groups of each part."""

    rows: dict[str, int]
    groups: dict[str, int]


def ratios_of(text: str) -> tuple[float, ...]:
    """``80/10/10``, ``7:2:1`` or ``0.9,0.1`` as shares that sum to 1; raises `InputError`."""
    pieces = re.split(r"[/:,]", text)
    if len(pieces) not in (2, 3) or not all(re.fullmatch(r"\s*\d+(?:\.\d+)?\s*", piece) for piece in pieces):
        raise InputError(f"the ratio {text!r} is not like 80/10/10, 7:2:1 or 9:1")
    numbers = [float(piece) for piece in pieces]
    if not numbers[0] or not any(numbers[1:]):
        raise InputError(f"the ratio {text!r} leaves a part empty; give every part a share")
    return tuple(number / sum(numbers) for number in numbers)


def by_field(field: str) -> Grouping:
    """Group by a field of the row, several joined by +; by the question where the row has none."""

    def group(placed: Placed) -> tuple[str, ...]:
        value = placed.value.get(field) if isinstance(placed.value, dict) else None
        return tuple(str(value).split("+")) if value else by_question(placed)

    return group


def by_question(placed: Placed) -> tuple[str, ...]:
    """Group by what was asked, marks and case aside."""
    try:
        return (essence(read(placed.value).question),)
    except OddRow:
        return (f"row {placed.place}",)


def by_place(names: Callable[[str], tuple[str, ...]]) -> Grouping:
    """Group by the cities whose names, or whose sights' names, stand in the row; `names` finds them."""

    def group(placed: Placed) -> tuple[str, ...]:
        return names(json.dumps(placed.value, ensure_ascii=False)) or by_question(placed)

    return group


def cities_named(catalogue: Catalogue) -> Callable[[str], tuple[str, ...]]:
    """Which cities a text speaks of, by their own names and by those of sights that stand in one city only."""

    def names(text: str) -> tuple[str, ...]:
        sights = catalogue.sight_names.find(text)
        cities = [mention.ids[0] for mention in outside(catalogue.city_names.find(text), sights)]
        cities += [mention.ids[0].rpartition("-")[0] for mention in sights if len(mention.ids) == 1]
        return tuple(dict.fromkeys(cities))

    return names


def split(source: Path, out: Path, ratios: tuple[float, ...], seed: int, group: Grouping) -> Division:
    """Write train, validation (and test) files into `out`, in the source's own organisation.

    Raises `DatasetError` where one group is larger than its part can be.
    """
    keys = [group(placed) for placed in values(source)]
    roots = _tied(keys)
    sizes = Counter(roots[key[0]] for key in keys)
    part_of = _assigned(sizes, ratios, seed, source)
    suffix = ".csv" if layout_of(source) is Layout.CSV else ".jsonl"
    for number in range(len(ratios)):
        chosen = (placed.value for key, placed in zip(keys, values(source), strict=True) if part_of[roots[key[0]]] == number)
        _write(out / f"{PARTS[number]}{suffix}", chosen)
    rows = Counter[str]()
    for root, size in sizes.items():
        rows[PARTS[part_of[root]]] += size
    return Division(dict(rows), dict(Counter(PARTS[part] for part in part_of.values())))


def _write(path: Path, rows: Iterator[object]) -> None:
    if path.suffix == ".jsonl":
        write_jsonl(path, (json.dumps(row, ensure_ascii=False) for row in rows))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        save(file, rows, target_layout(path, Format.CSV))


def _tied(keys: list[tuple[str, ...]]) -> dict[str, str]:
    """Every group to the one that stands for all it is tied to."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for key in keys:
        first = find(key[0])
        for other in key[1:]:
            root[find(other)] = first
    return {name: find(name) for name in list(root)}


def _assigned(sizes: Counter[str], ratios: tuple[float, ...], seed: int, source: Path) -> dict[str, int]:
    """Group to part: the largest first, each to the part that lacks most of its share."""
    groups = sorted(sizes)
    Random(seed).shuffle(groups)
    groups.sort(key=lambda name: -sizes[name])
    wanted = [share * sizes.total() for share in ratios]
    part_of: dict[str, int] = {}
    for name in groups:
        part = max(range(len(ratios)), key=lambda number: wanted[number])
        part_of[name] = part
        wanted[part] -= sizes[name]
    empty = [PARTS[number] for number, share in enumerate(ratios) if share and number not in part_of.values()]
    if empty:
        raise DatasetError(f"{source.name} has {len(sizes)} groups, too few to give {', '.join(empty)} any; group by another field with --by")
    return part_of


def organisation(path: Path) -> Format:
    """What organisation a file's first row is in; raises `DatasetError` where it is none."""
    first = next(values(path), None)
    if first is None:
        raise DatasetError(f"{path.name} is empty; there is nothing to read")
    try:
        return Format.CSV if layout_of(path) is Layout.CSV else format_of(first.value)
    except OddRow as error:
        raise DatasetError(f"{path.name} row {first.place} {error}; see 'fengjing dataset check {path}'") from error
