"""An itinerary on the page."""

from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape

from fake_assistant import FakeAssistant, shipped, sights_facts
from reading import OpenPage, shown

from chains.facts import Facts, Kind
from chains.tools.itinerary import words
from chains.tools.itinerary.builtin import CatalogueData
from chains.tools.itinerary.checker import check
from chains.tools.itinerary.planner import plan_trip
from chains.tools.itinerary.trip import Stay, Trip
from ui.itinerary import itinerary_html


@cache
def planned() -> Facts:
    """Two days in Qingdao."""
    base = shipped()
    data = CatalogueData({city.id: city for city in base.cities}, {sight.id: sight for sight in base.attractions})
    trip = Trip(stays=(Stay(city="qingdao", days=2),), start=date(2026, 12, 5))
    plan = plan_trip(trip, data, today=date(2026, 11, 21))
    return replace(sights_facts(), kind=Kind.ITINERARY, plan=plan, verdict=check(plan, data))


def test_the_page_shows_timeline_costs_and_verdict(open_page: OpenPage) -> None:
    """Every stop with its time and cost, the total, and each rule; no cards beside them."""
    facts = planned()
    assert facts.plan is not None
    page = open_page(FakeAssistant(facts=facts))
    page.chat_input[0].set_value("青岛两日游").run()
    assert not page.exception
    text = unescape(shown(page))
    for day in facts.plan.days:
        assert words.day_title(day, "zh") in text
        assert all(words.stop_name(stop, "zh") in text for stop in day.stops)
    assert words.cost_line(facts.plan, "zh") in text
    assert '<article class="fj-card">' not in text


def test_the_plan_can_be_saved_in_every_form(open_page: OpenPage) -> None:
    """A download for each form stands under the answer."""
    page = open_page(FakeAssistant(facts=planned()))
    page.chat_input[0].set_value("青岛两日游").run()
    assert {button.label for button in page.get("download_button")} == {"PDF", "iCalendar", "HTML", "Markdown", "JSON"}


def test_names_are_shown_as_text() -> None:
    """HTML in a name does nothing."""
    facts = planned()
    assert facts.plan is not None
    first = facts.plan.days[0]
    stop = first.stops[0].model_copy(update={"name": "<img src=x>"})
    plan = facts.plan.model_copy(update={"days": (first.model_copy(update={"stops": (stop,)}),)})
    assert "&lt;img src=x&gt;" in itinerary_html(replace(facts, plan=plan))
    assert "<img src=x>" not in itinerary_html(replace(facts, plan=plan))


def test_an_answer_without_a_plan_has_no_timeline() -> None:
    """Sights are drawn as cards, as before."""
    assert itinerary_html(sights_facts()) == ""
