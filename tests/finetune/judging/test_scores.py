"""How far wrong lines were cut, with its interval, and what is asked without facts."""

import math

import pytest
from langchain_core.messages import HumanMessage

from finetune.judging.compare_lines import CheckedLine, Wrong
from finetune.judging.compare_prompts import Prompt
from finetune.judging.predict import HeldOut
from finetune.judging.scores import Cut, Judged, closed_book_prompts, cut, cut_figures, cut_words
from finetune.judging.task import TaskScore

BAD = CheckedLine("80元", (Wrong("price", "80元"),))
GOOD = CheckedLine("免费")


def side(*wrong: int, lines: int = 8) -> Judged:
    """A side with so many wrong lines in each of its answers."""
    return Judged("x", [], TaskScore(), [(BAD,) * count + (GOOD,) * (lines - count) for count in wrong], {})


def test_the_cut_is_the_ratio_of_shares() -> None:
    """Six wrong lines in two answers against one are six times fewer; more lines asked of one side do not change it."""
    base, tuned = side(*[4, 2] * 20), side(*[1, 0] * 20)
    assert cut(base, tuned).factor == pytest.approx(6.0)
    assert cut(side(2, lines=4), side(1, lines=8)).factor == pytest.approx(4.0)


def test_the_interval_holds_the_factor_and_narrows_with_rows() -> None:
    """Ten times the rows, a narrower interval; the same rows, the same interval."""
    few, many = (cut(side(*[4, 2, 6] * times), side(*[1, 0, 2] * times)) for times in (6, 60))
    assert few.low < few.factor < few.high
    assert many.high - many.low < few.high - few.low
    assert cut(side(*[4, 2, 6] * 6), side(*[1, 0, 2] * 6)) == few


def test_no_wrong_line_left_is_no_division_by_nothing() -> None:
    """Infinitely fewer, in JSON as a word; none on both sides says nothing."""
    clean = cut(side(4, 2), side(0, 0))
    assert math.isinf(clean.factor)
    assert cut_figures(clean)["factor"] == "infinite"
    assert "no wrong line left" in cut_words(clean, "shipped", "none")
    neither = cut(side(0, 0), side(0, 0))
    assert cut_figures(neither)["interval"] == [None, None]
    assert "neither" in cut_words(neither, "shipped", "none")
    assert cut_figures(cut(side(0, 0), side(1, 0)))["factor"] == 0.0


def test_the_words_tell_factor_limits_and_aim() -> None:
    """As the command prints them."""
    assert cut_words(Cut(6.25, 3.94, 12.1), "shipped", "none") == "shipped has 6.2 times fewer wrong lines than none (95 % 3.9 to 12.1; aim 4)"


def test_only_real_places_and_single_values_are_asked_without_facts() -> None:
    """Nobody can know an invented place, and a bare question for a price does not ask for opening hours."""
    texts = ("<资料>\n栈桥门票：成人60元。 [1]\n</资料>\n问题：栈桥门票多少", "<资料>\n栈桥：门票60元；开放：08:00–17:00。 [1]\n</资料>\n问题：说说栈桥")
    prompts = [Prompt(number, "问题", (HumanMessage(text),), "") for number, text in enumerate((*texts, texts[0]), start=1)]
    rows = [HeldOut([]), HeldOut([]), HeldOut([], synthetic=True)]
    assert [prompt.number for prompt in closed_book_prompts(rows, prompts)] == [1]
