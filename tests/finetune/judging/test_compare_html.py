"""The page of a comparison: one file, everything on it, wrong lines marked with the reason."""

import re
from html.parser import HTMLParser

from finetune.judging.compare import About, Answer, Compared, Comparison, Outcome, outcome_figures
from finetune.judging.compare_lines import CheckedLine, Wrong
from finetune.judging.compare_page import line_html, outcome_html, page_html, share_words

HOSTILE = "<script>alert(1)</script> & <b>粗</b>"


def answer(*lines: tuple[str, tuple[Wrong, ...]]) -> Answer:
    """An answer of these lines."""
    return Answer("\n".join(text for text, _ in lines), 2.0, 40, 3, 4, tuple(CheckedLine(text, wrong) for text, wrong in lines))


def page(question: str = "去哪") -> str:
    """Three prompts: a win, a tie and a loss."""
    bad, good = answer(("1. 栈桥（80元）：看海。", (Wrong("price", "80元"), Wrong("format", "1. 栈桥")))), answer(("1. 栈桥（免费）：看海。", ()))
    prompt = "<资料>\n1. 栈桥（免费）：老码头。\n</资料>\n问题：去哪"
    rows = (Compared(1, question, prompt, "参考", bad, good, "win"), Compared(2, question, prompt, "参考", good, good, "tie"),
            Compared(3, question, prompt, "参考", good, bad, "loss"))
    return page_html(Comparison(About("qwen-0.5b", HOSTILE, "shipped", "q.txt", "2026-11-21"), rows))


class Balance(HTMLParser):
    """Counts open elements; every closing tag must close the last one opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Remember what must be closed."""
        if tag not in {"meta", "input", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        assert self.open.pop() == tag


def test_the_page_is_whole_and_stands_alone() -> None:
    """Elements close in order; nothing is fetched and nothing runs."""
    html, balance = page(), Balance()
    balance.feed(html)
    assert balance.open == []
    assert not re.search(r"<script|<link|<img|@import|url\(|https?:", html)
    assert 'name="viewport"' in html
    assert "prefers-color-scheme: dark" in html


def test_hostile_text_is_shown_as_text() -> None:
    """Questions, answers and names of adapters are escaped."""
    html = page(HOSTILE)
    assert "<script>" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_a_wrong_line_is_marked_with_every_reason() -> None:
    """The mark carries the words that show it."""
    assert page().count('<li class="wrong">1. 栈桥（<mark>80元</mark>）：看海。<small>price: 80元; format</small></li>') == 2


def test_every_verdict_can_be_filtered() -> None:
    """A prompt carries its verdict as a class, and each filter hides the others and tells its count."""
    html = page()
    for verdict, words in (("win", "tuned better"), ("tie", "tie"), ("loss", "base better")):
        assert html.count(f'<article class="{verdict}"') == 1
        assert f'<label for="{verdict}">{words} 1</label>' in html
        assert f"#{verdict}:checked ~ main article:not(.{verdict})" in html


def test_the_figures_stand_on_top() -> None:
    """Wrong lines of both sides, tokens a second, and the outcome with what chance would do."""
    html = page()
    assert "1 of 3, 33.3%" in html
    assert "<td>20.0</td>" in html
    assert html.count("1 of 3, 33.3% (6.1% to 79.2%)") >= 3
    assert "sign test p = 1.0000" in html


def test_votes_stand_beside_the_count() -> None:
    """Everyone's word and each voter's, with intervals, and how often both were bad; voters' names are text."""
    tallies = [{"voter": voter, **outcome_figures(Outcome(3, 1, 0)), "both_bad": 1} for voter in ("all", HOSTILE)]
    html = page_html(Comparison(About("qwen-0.5b", "none", "shipped", "q.txt", "2026-11-21"), ()), tallies)
    assert html.count("3 of 4, 75.0% (30.1% to 95.4%)") == 2
    assert html.count("1 times both were bad") == 2
    assert "voted blind by all" in html
    assert "<script>" not in html


def test_a_bar_has_no_part_for_what_never_happened() -> None:
    """Its widths are the counts."""
    html = outcome_html("x", outcome_figures(Outcome(3, 1, 0)))
    assert '<i class="win" style="flex-grow:3">3</i><i class="tie" style="flex-grow:1">1</i></div>' in html


def test_what_is_marked_is_escaped_text() -> None:
    """Wrong words that look like code are marked as they read."""
    line = CheckedLine("看<b>80元</b>", (Wrong("price", "<b>80元</b>"), Wrong("missing", "")))
    assert "<mark>&lt;b&gt;80元&lt;/b&gt;</mark>" in line_html(line)


def test_a_share_of_nothing_is_no_share() -> None:
    """No 0 % of nothing."""
    assert share_words({"right": 0, "of": 0, "share": 0.0, "interval": [0.0, 1.0]}) == "nothing to count"
