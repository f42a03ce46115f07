"""Asking systems and telling how it went."""

import io
import json
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from knowledge.accuracy.answers import Price
from knowledge.accuracy.picture import picture
from knowledge.accuracy.questions import Question
from knowledge.accuracy.report import Result, figures, kinds_table, table
from knowledge.accuracy.run import Outcome, System, ask

HELD = Question("栈桥门票多少", "zh", "price", "plain", "dev", frozenset({"pier"}), (Price(frozenset({0.0})),))
LACKING = Question("某山门票多少", "zh", "price", "missing", "dev", frozenset({"hill"}))
UNHELD = Question("东京塔门票多少", "zh", "price", "unheld", "dev")
FINDER = System("finder", find=lambda question: ["other", "pier"] if question is HELD else [])
TALKER = System("talker", answer=lambda question: "免费" if question is HELD else "资料里没有" if question is UNHELD else "80元")


def test_a_search_is_judged_by_the_first_right_record() -> None:
    """The rank counts from 1; a question about nothing held is not searched."""
    outcomes = ask(FINDER, [HELD, LACKING, UNHELD])
    assert [(outcome.searched, outcome.rank, outcome.right) for outcome in outcomes] == [(True, 2, None), (True, None, None), (False, None, None)]


def test_only_the_first_five_count() -> None:
    """A right record on the sixth place is not found."""
    (outcome,) = ask(System("slow", find=lambda _: [*"abcde", "pier"]), [HELD])
    assert outcome.rank is None


def test_an_answer_is_right_or_a_refusal() -> None:
    """Where the fact is held the value must match, where it is absent the answer must refuse."""
    assert [outcome.right for outcome in ask(TALKER, [HELD, LACKING, UNHELD])] == [True, False, True]


def test_each_outcome_is_told_at_once() -> None:
    """Whoever draws a bar hears of every question."""
    heard: list[Outcome] = []
    assert ask(TALKER, [HELD, UNHELD], heard.append) == heard


@pytest.fixture
def results() -> list[Result]:
    """Two systems on the same three questions."""
    return [Result(system.name, "tiny", tuple(ask(system, [HELD, LACKING, UNHELD]))) for system in (FINDER, TALKER)]


def test_the_figures_are_json_with_their_limits(results: list[Result]) -> None:
    """Hits of the one that searches, answers and refusals of the one that talks, each with total and limits."""
    finder, talker = json.loads(json.dumps(figures(results)))
    assert (finder["hit@1"]["value"], finder["hit@3"]["right"], finder["hit@3"]["of"]) == (0.0, 1, 2)
    assert finder["mrr"]["value"] == pytest.approx(0.25)
    assert "answers" not in finder
    assert "hit@1" not in talker
    assert (talker["answers"]["right"], talker["answers"]["of"]) == (1, 1)
    assert (talker["refusals"]["value"], talker["refusals"]["of"]) == (0.5, 2)
    assert talker["answers"]["low"] < 1.0 == talker["answers"]["high"]
    assert list(talker["answers by kind"]) == ["price"]


def test_the_tables_show_a_row_a_result(results: list[Result]) -> None:
    """Every system has its row; what was not asked is a dash."""
    console = Console(width=150, file=io.StringIO())
    console.print(table(results))
    console.print(kinds_table(results))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert shown.count("talker") == 2
    assert "50.0 (9.5–90.5)" in shown
    assert "–" in shown


def test_the_picture_is_an_svg_with_a_bar_a_figure(results: list[Result]) -> None:
    """It parses, and every bar says what it counts; nothing asked draws nothing."""
    root = ET.fromstring(picture(results))  # noqa: S314 - our own text
    titles = [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["hit@1: 0 of 2", "hit@3: 1 of 2", "hit@5: 1 of 2", "answers: 1 of 1", "refusals: 1 of 2", "price: 1 of 1"]


def test_a_picture_of_nothing_is_still_a_picture() -> None:
    """No results, no bars, no error."""
    assert ET.fromstring(picture([])).tag.endswith("svg")  # noqa: S314 - our own text
