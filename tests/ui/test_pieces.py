"""The pieces of the page without Streamlit: cards, sources, prose, texts."""

from dataclasses import fields, replace

import pytest
from fake_assistant import shipped, sights_facts

from assistant.events import FinishedEvent, GuardCounts, StatusEvent, TextEvent, Timings
from chains import wording
from chains.answer import Origin
from chains.facts import Card, Citation
from chains.outline import Part, outline
from chains.understanding.request import Language
from knowledge.records import Attraction
from ui import cards, prose
from ui.answer import Progress
from ui.words import EN, ZH, Words, follow_ups, how_it_went, language_of_locale, plain_label, short


def stranger(**changes: object) -> Card:
    """A card of a sight of which nothing is known, with names that are markup."""
    sight = Attraction(id="x", city="qingdao", rank=1, name="<b>山</b>", name_en="<i>Hill</i> & co", **changes)  # type: ignore[arg-type]
    return Card(1, sight, shipped().city_by_id["qingdao"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_shipped_sight_makes_a_card(language: Language) -> None:
    """Each of the shipped records can be drawn, with its price as `wording` says it."""
    base = shipped()
    for sight in base.attractions:
        html = cards.card_html(Card(1, sight, base.city_by_id[sight.city]), language)
        assert f">{cards.escape(wording.price_words(sight.ticket, language))}</p>" in html


def test_names_of_records_cannot_carry_markup() -> None:
    """A record's name is escaped like everything else."""
    assert "&lt;b&gt;山&lt;/b&gt;" in cards.card_html(stranger(), "zh")
    assert "&lt;i&gt;Hill&lt;/i&gt; &amp; co" in cards.card_html(stranger(), "en")


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    """A card without price, hours and time says so instead of leaving a gap."""
    html = cards.card_html(stranger(), "zh")
    assert 'class="fj-price fj-unknown">票价以景区公告为准' in html
    assert "开放时间资料里没有" in html
    assert "游览时长资料里没有" in html


def test_cards_of_several_cities_name_their_city() -> None:
    """Only where more than one city is shown does a card say which it belongs to."""
    assert "fj-city" not in cards.cards_html(sights_facts())
    assert cards.cards_html(sights_facts(cities=("qingdao", "hangzhou"), each=2)).count("fj-city") == 4


def test_the_total_says_what_it_leaves_out() -> None:
    """Sights without a price are named beside the sum; a sum of one price is not drawn."""
    facts = sights_facts()
    assert facts.total is not None
    lost = facts.cards[0].sight.name
    with_gap = replace(facts, total=replace(facts.total, unknown=(lost,)))
    assert f"不含票价未知的 {lost}" in cards.total_html(with_gap)
    assert cards.total_html(replace(facts, total=replace(facts.total, counted=(lost,)))) == ""
    assert "全部免费" in cards.total_html(replace(facts, total=replace(facts.total, yuan=0.0)))


def test_a_source_row_holds_value_source_and_year() -> None:
    """The first row behind a number is the ticket, in the words of `wording`."""
    facts = sights_facts()
    card, citation = facts.cards[2], facts.citations[2]
    rows = cards.source_rows(citation, facts)
    assert rows[0].fact == "门票"
    assert rows[0].value == wording.ticket_details(card.sight.ticket, "zh")
    assert rows[0].year == f"{dict(citation.facts)['ticket'].year} 年"
    assert len(rows) == len(citation.facts)
    assert all(row.value for row in rows)


def test_a_cited_city_opens_too() -> None:
    """A citation of a city shows its meals and rooms."""
    facts = sights_facts()
    source = shipped().sources[0]
    rows = cards.source_rows(Citation(7, "qingdao", "青岛", (("meals", source), ("lodging", source))), facts)
    assert [row.value for row in rows] == [wording.band_words(facts.cities[0].meals, "zh"), wording.band_words(facts.cities[0].lodging, "zh")]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "ftp://x"])
def test_only_web_addresses_become_links(url: str) -> None:
    """A link in the data that is no web page is left out."""
    facts = sights_facts()
    assert "<a " not in cards.source_html(replace(facts.citations[0], url=url), facts)


def test_the_numbered_lines_of_the_outline_are_recognised() -> None:
    """What the outline writes as an item is drawn as one, in both languages; text is never changed."""
    for language in ("zh", "en"):
        items = [line.fallback for line in outline(sights_facts(language=language)) if line.part is Part.ITEM]
        assert len(items) == 6
        for item in items:
            assert prose.line_html(item).startswith('<p class="fj-item"><span class="fj-number">')


def test_a_line_is_never_markup() -> None:
    """Whatever a line holds is text."""
    assert prose.line_html("<img src=x onerror=alert(1)> **a**") == '<p class="fj-line">&lt;img src=x onerror=alert(1)&gt; **a**</p>'
    assert prose.question_html("a\n<b>") == '<div class="fj-question" dir="auto">a\n&lt;b&gt;</div>'
    assert '<span class="fj-cited">[1]</span>' in prose.line_html("故宫周一闭馆。 [1]")


def test_a_running_answer_is_a_fold_over_events() -> None:
    """Lines add up in order; the stage is the last one said."""
    progress = Progress()
    for event in (StatusEvent("writing"), TextEvent("甲", Part.OPENING, Origin.MODEL, 1.0), TextEvent("乙", Part.ITEM, Origin.CODE, 2.0)):
        progress = progress.after(event)
    assert progress.stage == "writing"
    assert progress.lines == ("甲", "乙")


def test_how_it_went_is_told_in_both_languages() -> None:
    """A trouble of the engine is told after time and lines."""
    guard = GuardCounts(lines=9, wrong=2, rewritten=1, rendered=1)
    event = FinishedEvent(1, "", sights_facts(), guard, Timings(0.1, 1.0, 3.94), problem="the engine broke off")
    assert how_it_went(event, "zh") == "3.9 秒 · 9 行 · 1 行重写过 · 1 行由事实直接写出 · the engine broke off"
    assert how_it_went(replace(event, guard=GuardCounts(), problem=""), "en") == "3.9 s · written from the facts"


def test_both_languages_have_every_text() -> None:
    """No text of the interface is empty or the same in both."""
    for field in fields(Words):
        assert getattr(ZH, field.name)
        assert getattr(ZH, field.name) != getattr(EN, field.name)


def test_the_browsers_language_is_followed() -> None:
    """English only where the browser asks for something other than Chinese."""
    assert [language_of_locale(locale) for locale in (None, "", "zh-CN", "zh-Hant-TW", "en-US", "de")] == ["zh"] * 4 + ["en"] * 2


def test_labels_are_plain() -> None:
    """Markdown in a label is escaped, lines are joined, long ones are cut."""
    assert plain_label("**a**\n`b`") == r"\*\*a\*\* \`b\`"
    assert ":red" not in plain_label(":red[x]")
    assert short("一二三四五", 4) == "一二三…"


def test_follow_ups_fit_the_answer() -> None:
    """They speak the answer's language and name its first sight and city."""
    assert follow_ups(sights_facts())[0] == "栈桥几点开门？"
    assert all(question.isascii() for question in follow_ups(sights_facts(language="en")))
