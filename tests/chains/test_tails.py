"""Clauses that come again at the end of lines are said once; nothing else is touched."""

import pytest

from chains.outline import Line, Part
from chains.tails import said_once

ITEM = Line(Part.ITEM, "2. 八大关（免费）：", "2. 八大关（免费）：老别墅成片。", free=(6, 40))
ENGLISH = Line(Part.ITEM, "2. Badaguan (free): ", "2. Badaguan (free): Old villas.", free=(6, 90))
FIRST = "1. 栈桥（免费）：尽头立着回澜阁，吹吹风很惬意。"


@pytest.mark.parametrize(("line", "text", "earlier", "shown"), [
    (ITEM, "2. 八大关（免费）：林荫小路串起老别墅，吹吹风很惬意。", [FIRST], "2. 八大关（免费）：林荫小路串起老别墅。"),
    (ENGLISH, "2. Badaguan (free): Old villas in rows, lovely at dusk.", ["1. Pier (free): Waves, lovely at dusk."], "2. Badaguan (free): Old villas in rows."),
])
def test_a_clause_said_before_is_cut(line: Line, text: str, earlier: list[str], shown: str) -> None:
    """In either language the sentence still ends as one."""
    assert said_once(text, line, earlier) == shown


@pytest.mark.parametrize(("line", "text", "earlier"), [
    (ITEM, "2. 八大关（免费）：林荫小路串起老别墅，吹吹风很惬意。", []),
    (ITEM, "2. 八大关（免费）：林荫小路串起老别墅，秋天最好。", [FIRST]),
    (ITEM, "2. 八大关（免费）：好，吹吹风很惬意。", [FIRST]),
    (Line(Part.TOTAL, "合计：约60元，吹吹风很惬意。", "合计：约60元，吹吹风很惬意。"), "合计：约60元，吹吹风很惬意。", [FIRST]),
    (Line(Part.CLOSING, "", "玩得开心。", free=(4, 30)), "慢慢走，吹吹风很惬意。", [FIRST]),
])
def test_everything_else_stays(line: Line, text: str, earlier: list[str]) -> None:
    """The first time, other words, a line that would be left too short, and lines that are no sight's."""
    assert said_once(text, line, earlier) == text
