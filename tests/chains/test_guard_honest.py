"""The guard lets honest sentences through: a guard that only ever says no would leave nothing for the model to say."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.library import Library
from tests.chains.turns import BEIJING, BEIJING_EN, QINGDAO, QINGDAO_EN, Ask, gather, guarded

HERE = Path(__file__).parent
HONEST: list[dict[str, Any]] = [
    turn for language in ("zh", "en")
    for turn in yaml.safe_load((HERE / f"guard_{language}.yaml").read_text(encoding="utf-8"))["honest"]
]
PLACES = [(turn["question"], place, words.splitlines()) for turn in HONEST for place, words in turn["lines"].items()]


@pytest.mark.parametrize(("question", "place", "sentences"), PLACES)
def test_honest_sentences_pass(ask: Ask, question: str, place: str, sentences: list[str]) -> None:
    """What a careful friend would say of the same facts is shown as it is."""
    refused = [f"{sentence}  {wrong}" for sentence in sentences if (wrong := ask(question).wrong(place, sentence))]
    assert len(refused) == 0, "\n".join(["honest, and yet refused:", *refused])


def test_there_are_enough_honest_sentences() -> None:
    """At least a hundred honest sentences are tried."""
    assert sum(len(sentences) for _, _, sentences in PLACES) >= 100


@pytest.mark.parametrize("question", [QINGDAO, BEIJING, QINGDAO_EN, BEIJING_EN, "故宫几点开门", "青岛和北京有什么好玩的"])
def test_what_code_would_write_always_passes(ask: Ask, question: str) -> None:
    """Every rendered line stands its own guard, so that the fallback of a wrong line is never wrong itself."""
    turn = ask(question)
    assert [turn.guard.check(line.fallback, line) for line in turn.lines] == [[] for _ in turn.lines]


@pytest.mark.parametrize(("pattern", "column"), [
    ("{0.name}有什么好玩的", "summary"), ("What can I see in {0.name_en}?", "summary_en"),
])
def test_a_records_own_description_passes_as_the_reason_to_go(library: Library, pattern: str, column: str) -> None:
    """The description in a sight's record, said of that very sight, is never taken for a lie."""
    refused = []
    for city in library.catalogue.cities.values():
        turn = guarded(library, gather(library, pattern.format(city)))
        for line in turn.lines:
            wrong = turn.guard.check(line.fixed + getattr(line.card.sight, column), line) if line.card else []
            refused += [f"{line.fixed} {[f'{found.kind}: {found.text}' for found in wrong]}"] if wrong else []
    assert len(refused) == 0, "\n".join([f"{len(refused)} descriptions refused:", *refused])
