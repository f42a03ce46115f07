"""`build`: task data, self-cognition, general data and chosen public sets, mixed into three files, registered, with a card."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from finetune.datasets.extra import GENERAL, IDENTITY, Persona, Portion, extra_rows
from finetune.datasets.formats import Dialogue, Format, write
from finetune.datasets.memory import MEMORY, memory_rows
from finetune.datasets.registry import register
from finetune.datasets.rows import Row, write_jsonl
from finetune.datasets.task import SPLIT_SHARE, Progress, Recipe, TaskData
from finetune.datasets.world import SPLITS
from knowledge.errors import InputError
from knowledge.library import Library, data_version

CARD = "dataset_card.json"
SHIPPED_MIX = (Portion(IDENTITY, 0.02), Portion(GENERAL, 0.03))


@dataclass(frozen=True)
class Mixture:
    """What goes into the training file beside task data, and how every file is organised."""

    portions: tuple[Portion, ...] = SHIPPED_MIX
    persona: Persona = field(default_factory=Persona)
    form: Format = Format.MESSAGES


def build(library: Library, out: Path, recipe: Recipe, mixture: Mixture | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Write train, validation and test files, `dataset_info.json` and the card into `out`; returns the card.

    The same recipe and mixture over the same knowledge write the same bytes. Raises `InputError` where the shares leave
    no room for task data, `StorageError` where the folder cannot be written.
    """
    chosen = mixture or Mixture()
    extras = _extras(library, recipe, chosen)
    hashes = {}
    with TaskData(library, recipe, progress) as data:
        for split in SPLITS:
            rows: Iterable[Row] = data.rows(split)
            if split == "train":
                rows = _interleaved(rows, extras, round(recipe.rows * SPLIT_SHARE[split]), Random(recipe.seed))
            hashes[f"{split}.jsonl"] = write_jsonl(out / f"{split}.jsonl", (_line(row, chosen.form) for row in rows))
            register(out / f"{split}.jsonl", f"fengjing_{split}")
        card = _card(data, recipe, hashes) | {"mixed_in": _counted(extras), "organisation": chosen.form}
    write_jsonl(out / CARD, [json.dumps(card, ensure_ascii=False, indent=2)])
    return card


def _extras(library: Library, recipe: Recipe, mixture: Mixture) -> list[Row]:
    """The rows beside task data; a source that has fewer than its share gives what it has, none is repeated."""
    left = 1 - sum(portion.share for portion in mixture.portions)
    if left <= 0:
        raise InputError("the shares of --mix leave no room for task data; make them sum to less than 1")
    whole = recipe.rows * SPLIT_SHARE["train"] / left
    rng = Random(recipe.seed)
    rows = []
    for portion in mixture.portions:
        most = round(whole * portion.share)
        if portion.source == MEMORY:
            rows += memory_rows(library, recipe.languages, rng, most, recipe.forbidden)
        else:
            rows += extra_rows(portion.source, recipe.languages, rng, most, mixture.persona)
    rng.shuffle(rows)
    return rows


def _interleaved(rows: Iterable[Row], extras: list[Row], expected: int, rng: Random) -> Iterator[Row]:
    """Extras strewn evenly among the rows; what is left comes last."""
    due = sorted(rng.random() * expected for _ in extras)
    place = 0
    for number, row in enumerate(rows):
        while place < len(extras) and due[place] <= number:
            yield extras[place]
            place += 1
        yield row
    yield from extras[place:]


def _line(row: Row, form: Format) -> str:
    if form is Format.MESSAGES:
        return row.to_json()
    kept = {key: value for key, value in asdict(row).items() if key != "messages"}
    return json.dumps(write(Dialogue(row.messages, kept), form), ensure_ascii=False)


def _counted(extras: list[Row]) -> dict[str, int]:
    return {kind: sum(row.kind == kind for row in extras) for kind in dict.fromkeys(row.kind for row in extras)}


def _card(data: TaskData, recipe: Recipe, hashes: dict[str, str]) -> dict[str, Any]:
    made, world = data.made, data.world
    train = made.names["train"]
    return {
        "made_by": "fengjing dataset build", "seed": recipe.seed, "rows": dict(made.splits), "rows_wanted": recipe.rows,
        "kinds": dict(made.kinds.most_common()), "languages": dict(made.languages), "synthetic_rows": made.synthetic,
        "distinct_names": {split: len(names) for split, names in made.names.items()},
        "names_unseen_in_train": {split: len(made.names[split] - train) for split in SPLITS[1:]},
        "held_out_cities": {split: world.real[split] for split in SPLITS[1:]},
        "invented_cities": {split: len(cities) for split, cities in world.invented.items()},
        "questions_missed": dict(made.missed), "wordings_refused": dict(made.refused), "lines_as_code_writes_them": made.rendered,
        "task_mix": dict(recipe.mix), "knowledge": data_version(), "sha256": hashes,
    }
