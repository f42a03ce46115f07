"""Task data: questions in exactly the serving prompt, answered as the guard would let an answer through.

Every row is built by the path that serves (understand, gather, outline, prompt), its target checked by grammar and
guard, its records named. Real cities teach the tone, invented ones teach to copy. Not covered: self-cognition and
general data (see `finetune.datasets.extra`), other organisations (`finetune.datasets.formats`).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Self

from langchain_core.messages import BaseMessage

from chains import prompts
from chains.understanding.request import Language
from finetune.datasets.answers import AnswerWriter
from finetune.datasets.asking import Asker, Turn
from finetune.datasets.rows import Row
from finetune.datasets.world import SPLITS, World, make_world
from knowledge.library import Library

MIX = {"recommend": 46, "two_cities": 6, "sight_fact": 22, "city_fact": 7, "itinerary": 5, "follow_up": 9, "weather": 2, "refusal": 3}
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SPLIT_SHARE = {"train": 0.9, "validation": 0.05, "test": 0.05}
ENGLISH = 0.35  # share of the rows
REAL = 0.4  # share of the rows that are about real cities
CONTINUED = 0.15  # of the answers of three lines and more
ROWS_A_CITY = 10  # how many rows a newly invented city serves
TRIES_A_ROW = 20  # where so many questions bring nothing new the split ends short, and the card says so
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Recipe:
    """What is asked of a build."""

    rows: int = 5000
    seed: int = 42
    languages: tuple[Language, ...] = LANGUAGES
    english: float = ENGLISH
    real: float = REAL
    mix: dict[str, int] = field(default_factory=lambda: dict(MIX))
    forbidden: frozenset[str] = frozenset()  # questions of evaluations


@dataclass
class Made:
    """What a build has made so far: counts for the card."""

    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    rendered: int = 0
    synthetic: int = 0
    names: dict[str, set[str]] = field(default_factory=lambda: {split: set() for split in SPLITS})


class TaskData:
    """Builds the rows of all splits; `made` counts them as they are taken."""

    def __init__(self, library: Library, recipe: Recipe, progress: Progress | None = None) -> None:
        self.recipe = recipe
        self._progress = progress or (lambda _done, _all: None)
        self._folder = TemporaryDirectory(prefix="fengjing-world-", ignore_cleanup_errors=True)
        self.made = Made()
        self.world: World = make_world(library, Path(self._folder.name), Random(recipe.seed), max(10, recipe.rows // ROWS_A_CITY))
        self._names = {sight.id: (sight.name, sight.name_en) for sights in self.world.sights.values() for sight in sights}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def rows(self, split: str) -> Iterator[Row]:
        """The rows of one split, always the same for the same recipe."""
        rng = Random(f"{self.recipe.seed}-{split}")
        asker = Asker(self.world, split, rng, self.recipe.forbidden)
        writer = AnswerWriter(self.world.library, rng)
        seen: set[str] = set()
        wanted = round(self.recipe.rows * SPLIT_SHARE[split])
        for _ in range(wanted * TRIES_A_ROW):
            row = self._row(asker, writer, rng)
            if row and (key := f"{bool(row.given_chars)}{row.messages[-2]['content']}") not in seen:
                seen.add(key)
                self._count(split, row)
                yield row
            if len(seen) >= wanted:
                break
        self.made.missed += asker.missed
        self.made.refused += writer.refused
        self.made.rendered += writer.rendered

    def _row(self, asker: Asker, writer: AnswerWriter, rng: Random) -> Row | None:
        recipe = self.recipe
        kind = rng.choices(list(recipe.mix), list(recipe.mix.values()))[0]
        english = "en" in recipe.languages and ("zh" not in recipe.languages or rng.random() < recipe.english)
        real = kind == "weather" or rng.random() < recipe.real
        turn = asker.turn(kind, "en" if english else "zh", real=real)
        written = writer.answer(turn.facts, turn.lines) if turn else None
        return as_row(turn, written, kind, rng) if turn and written else None

    def _count(self, split: str, row: Row) -> None:
        self.made.kinds[row.kind] += 1
        self.made.languages[row.language] += 1
        self.made.splits[split] += 1
        self.made.synthetic += row.synthetic
        self.made.names[split].update(self._names[record][row.language == "en"] for record in row.provenance if record in self._names)
        self._progress(sum(self.made.splits.values()), self.recipe.rows)


def as_row(turn: Turn, written: list[str], kind: str, rng: Random, continued: float = CONTINUED) -> Row:
    """A turn and its answer as a row; with the chance `continued` as one that is taken up in its midst."""
    facts = turn.facts
    asked = prompts.messages(facts, turn.lines)
    target, given = "\n".join(written), 0
    if len(written) > 2 and rng.random() < continued:
        kind, (target, given) = "continuation", _continued(asked, turn, written, rng)
    records = tuple(card.sight.id for card in facts.cards) or tuple(city.id for city in facts.cities)
    messages = (*(_message(message) for message in asked), {"role": "assistant", "content": target})
    return Row(messages, kind, facts.language, turn.group, records, turn.group.startswith("synthetic-"), given)


def _continued(asked: list[BaseMessage], turn: Turn, written: list[str], rng: Random) -> tuple[str, int]:
    """An answer taken up in its midst: some lines before were rendered by code, as after two wrong tries."""
    mine = [line for line in turn.lines if not line.by_code]
    place = rng.randint(1, len(written) - 1)
    accepted = [line.fallback if rng.random() < 0.5 else text for line, text in zip(mine[:place], written[:place], strict=True)]
    beginning = str(prompts.continued(asked, accepted)[-1].content)
    return beginning + "\n".join(written[place:]), len(beginning)


def _message(message: BaseMessage) -> dict[str, str]:
    return {"role": _ROLES[message.type], "content": str(message.content)}
