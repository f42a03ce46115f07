"""Numbers as people write them."""

import pytest

from chains.understanding.numbers import normalise, number_of


@pytest.mark.parametrize(("text", "expected"), [
    ("3", 3), ("３", 3), ("三", 3), ("两", 2), ("俩", 2), ("仨", 3), ("十二", 12), ("二十", 20), ("一百五", 150), ("两千", 2000),
    ("2k", 2000), ("1.5万", 15000), ("3千", 3000), ("5百", 500), ("1,200", 1200), ("三千五", 3500),
    ("three", 3), ("a", 1), ("Twelve", 12), ("2K", 2000), ("1.5w", 15000),
])
def test_numbers_are_read_in_every_spelling(text: str, expected: float) -> None:
    """Chinese and Arabic digits, units, full width and English words give the same value."""
    assert expected == number_of(normalise(text))


@pytest.mark.parametrize("text", ["", "很多", "few", "栈桥", "-"])
def test_what_is_no_number_has_no_value(text: str) -> None:
    """Words that only suggest an amount give None, not a guess and not an error."""
    assert number_of(text) is None


def test_spaces_and_widths_are_folded() -> None:
    """Full-width letters, digits and signs become half width and runs of space one space."""
    assert normalise("  青岛　３天，\n ＯＫ？ ") == "青岛 3天, OK?"
