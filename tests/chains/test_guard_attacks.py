"""The guard under attack: sentences a model might write about 青岛 and 北京 that must never be shown.

The lies stand in guard_zh.yaml and guard_en.yaml, sort by sort. Each is told where the model is free to write: after a
sight's number, name and price, or as a line of its own; and each must be caught as what it is.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chains.turns import Ask

HERE = Path(__file__).parent
ATTACKS: list[tuple[str, dict[str, Any]]] = [
    (language, attack) for language in ("zh", "en")
    for attack in yaml.safe_load((HERE / f"guard_{language}.yaml").read_text(encoding="utf-8"))["attacks"]
]


@pytest.mark.parametrize(
    "attack", [pytest.param(attack, id=f"{language}: {attack['sort']}") for language, attack in ATTACKS]
)
def test_every_lie_of_a_sort_is_caught_as_what_it_is(ask: Ask, attack: dict[str, Any]) -> None:
    """A sentence with anything the facts do not hold is refused, and the violation says of which kind it is."""
    turn = ask(attack["question"])
    lies = attack["lies"].splitlines()
    found = {lie: {kind.value: text for kind, text in turn.wrong(attack["place"], lie).items()} for lie in lies}
    missed = {lie: wrong for lie, wrong in found.items() if not wrong.keys() & set(attack["kinds"])}
    told = "\n".join(f"{lie}  {wrong}" for lie, wrong in missed.items())
    assert len(missed) == 0, f"not caught as {' or '.join(attack['kinds'])}:\n{told}"


def test_the_attacks_are_as_many_as_they_should_be() -> None:
    """Both languages are attacked with every sort of lie, so that an emptied table does not pass for a strong guard."""
    told = [language for language, attack in ATTACKS for _ in attack["lies"].splitlines()]
    assert told.count("zh") >= 270
    assert told.count("en") >= 150
