"""The tuner's page, in process: voting blind, progress, and the result on request."""

from html import unescape
from pathlib import Path

import pytest
from fake_assistant import FakeAssistant
from reading import OpenPage, keys, shown
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from finetune.judging.compare import About, Answer, Compared, Comparison, save
from finetune.judging.compare_lines import CheckedLine, Wrong
from finetune.judging.votes import Booth, lay_key
from ui.words import VOTE_EN, VOTE_ZH

PAGE = """
from pathlib import Path
from ui import compare
compare.draw(Path({home!r}))
"""
HOSTILE = "<script>alert(1)</script> **粗**"


def answer(text: str, *wrong: Wrong) -> Answer:
    """An answer, with what is wrong in each of its lines."""
    return Answer(text, 1.0, None, 0, 0, tuple(CheckedLine(line, wrong) for line in text.split("\n")))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one comparison of two prompts."""
    rows = tuple(Compared(number, f"问题{number}{HOSTILE}", "<资料>\n栈桥门票：免费开放。 [1]\n</资料>\n问题：栈桥", "", answer(f"对照{number}", Wrong("price", "80元")), answer(f"微调{number}\n第二行"), "win")
                 for number in (1, 2))
    folder = tmp_path / "comparisons" / "20261121-none-shipped"
    save(Comparison(About("qwen-0.5b", "none", "shipped", "q.txt", "2026-11-21T10:00:00+00:00"), rows), folder)
    lay_key(folder, seed=1)
    return tmp_path


def opened(home: Path, voter: str = "") -> AppTest:
    """The page, with a voter's name written down."""
    page = AppTest.from_string(PAGE.format(home=str(home)), default_timeout=30).run()
    if voter:
        page.text_input(key="voter").set_value(voter).run()
    assert not page.exception
    return page


def voted(page: AppTest, number: int, choice: str) -> AppTest:
    """The page after a vote."""
    page.button(key=f"vote-{number}-{choice}").click().run()
    assert not page.exception
    return page


def test_without_a_comparison_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    """No empty frames: the command to type."""
    page = opened(tmp_path)
    assert "fengjing compare" in page.info[0].value.replace("\\", "")
    assert not page.selectbox


def test_nobody_votes_without_a_name(home: Path) -> None:
    """The buttons come with the name."""
    assert keys(opened(home), "vote-") == []
    assert len(keys(opened(home, "李"), "vote-")) == 4


def test_both_answers_are_shown_without_their_sides(home: Path) -> None:
    """A and B in the key's order, the question escaped, and no word of which is which."""
    page, booth = opened(home, "李"), Booth(home / "comparisons" / "20261121-none-shipped")
    text = unescape(shown(page))
    first, second = (side.text.split("\n")[0] for side in booth.shown(booth.ballots[0]))
    assert text.index(first) < text.index(second)
    assert "&lt;script&gt;" in shown(page)
    assert "<script>" not in shown(page)
    assert "shipped" not in text
    assert "fj-outcome" not in shown(page)


def test_a_vote_is_kept_and_leads_to_the_next(home: Path) -> None:
    """The next prompt follows; after the last one the page thanks."""
    booth, page = Booth(home / "comparisons" / "20261121-none-shipped"), opened(home, "李")
    page = voted(page, 1, "A")
    assert [(vote.prompt, vote.choice, vote.voter) for vote in booth.votes()] == [(1, "A", "李")]
    assert keys(page, "vote-1-") == []
    page = voted(page, 2, "both bad")
    assert page.success[0].value == VOTE_ZH.all_done
    assert len(booth.votes()) == 2


def revealed(home: Path) -> str:
    """What the page shows when 李 has voted for the tuned side of the first prompt and asks for the result."""
    booth = Booth(home / "comparisons" / "20261121-none-shipped")
    tuned = "A" if booth.shown(booth.ballots[0])[0].text.startswith("微调") else "B"
    page = voted(opened(home, "李"), 1, tuned)
    assert "fj-outcome" not in shown(page)
    page.toggle[0].set_value(True).run()
    assert not page.exception
    return shown(page)


def test_the_result_is_told_on_request_only(home: Path) -> None:
    """With the sides' names, a bar for all, one for each voter and one for the count, every share with its interval."""
    text = revealed(home)
    assert VOTE_ZH.sides.format(tuned="shipped", base="none") in text
    names = [text.index(f"<figcaption>{name}</figcaption>") for name in (VOTE_ZH.everyone, "李", VOTE_ZH.counted)]
    assert names == sorted(names)
    assert text.count(f"<dt>{VOTE_ZH.outcomes['win']}</dt><dd>1 · 100% (21%–100%)</dd>") == 2
    assert f"<dt>{VOTE_ZH.outcomes['win']}</dt><dd>2 · 100% (34%–100%)</dd>" in text
    assert f"<dt>{VOTE_ZH.agrees}</dt><dd>100% (21%–100%)</dd>" in text


def test_every_answer_is_shown_by_name_with_what_is_wrong(home: Path) -> None:
    """After the result: both sides of each prompt, a wrong line with its reason, nothing read as code."""
    text = revealed(home)
    assert text.count('<section><p class="fj-label">shipped · ') == 2
    assert "price: 80元" in text
    assert VOTE_ZH.wrong.format(wrong=1, lines=1) in text
    assert "<script>" not in text


def test_a_lost_key_is_one_helpful_line(home: Path) -> None:
    """No traceback, no buttons."""
    (home / "comparisons" / "20261121-none-shipped" / "key.json").unlink()
    page = opened(home, "李")
    assert "make the comparison anew" in page.error[0].value.replace("\\", "")
    assert keys(page, "vote-") == []


def test_the_page_speaks_english_on_request(home: Path) -> None:
    """The switch changes every label."""
    page = opened(home, "李")
    page.segmented_control(key="language").set_value("en").run()
    assert page.button(key="vote-1-tie").label == VOTE_EN.choices["tie"]


def test_the_comparison_has_an_address_beside_the_chat(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """The chat opens first as ever; under /compare stands this page, and it opens no assistant."""
    monkeypatch.setenv("FENGJING_HOME", str(home))
    page = open_page(FakeAssistant())
    assert "fj-hero" in shown(page)
    page._page_hash = calc_hash("compare")  # AppTest itself switches between files only
    page.run()
    assert not page.exception
    assert "fj-hero" not in shown(page)
    assert page.selectbox(key="comparison").value == "20261121-none-shipped"
