"""An itinerary on the page: a timeline a day with its drawing, what it costs, and the checker's verdict rule by rule."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from assistant.exports import MIME, Form, exported, file_name
from assistant.exports.page import day_spots
from assistant.exports.text import time_of, way_to
from chains.facts import Facts
from chains.tools.itinerary import labels, words
from chains.tools.itinerary.checker import Verdict
from chains.tools.itinerary.plan import Day, Plan, StopKind
from chains.understanding.request import Language
from chains.wording import name_of
from ui.route_map import images_html

if TYPE_CHECKING:
    from assistant.assistant import StoredMessage

FORMS: Mapping[Form, str] = {"pdf": "PDF", "ics": "iCalendar", "html": "HTML", "md": "Markdown", "json": "JSON"}
_TEXTS: Mapping[Language, Mapping[str, str]] = {
    "zh": {"costs": "花费", "checked": "核对结果", "save": "保存行程", "route": "{day}的路线示意", "passed": "通过", "failed": "未通过",
           "named": "办不到，已说明"},
    "en": {"costs": "Costs", "checked": "What was checked", "save": "Save the itinerary", "route": "Route of {day}", "passed": "holds",
           "failed": "broken", "named": "cannot be met, said so"},
}
_LOOKS: Mapping[StopKind, str] = {"sight": "sight", "breakfast": "meal", "lunch": "meal", "dinner": "meal", "hotel": "night", "ride": "ride", "rest": "rest"}


def itinerary_html(facts: Facts) -> str:
    """The whole plan; empty where the answer has none."""
    if facts.plan is None or facts.verdict is None:
        return ""
    days = "".join(_day_html(day, facts.language) for day in facts.plan.days)
    return f'<section class="fj-plan">{days}{_costs_html(facts.plan, facts.language)}{_verdict_html(facts.verdict, facts.language)}</section>'


def _day_html(day: Day, language: Language) -> str:
    notes = "".join(f"<p>{escape(text)}</p>" for text in words.day_notes(day, language))
    rows = "".join(
        f'<li class="fj-{_LOOKS[stop.kind]}"><time>{time_of(stop)}</time><b>{escape(words.stop_name(stop, language))}</b>'
        f"<span>{escape(words.stop_cost(stop, language))}</span>"
        + (f"<small>{escape(way_to(stop, language))}</small>" if stop.legs else "") + "</li>"
        for stop in day.stops
    )
    title = escape(words.day_title(day, language))
    return f'<article class="fj-day"><h3>{title}</h3><ol>{rows}</ol>{notes}{_route_html(day, language)}</article>'


def _route_html(day: Day, language: Language) -> str:
    spots = day_spots(day, language)
    if len(spots) < 2:
        return ""
    title = _TEXTS[language]["route"].format(day=words.day_title(day, language))
    names = ", ".join(f"{spot.number} {spot.name}" for spot in spots)
    return f'<figure class="fj-map">{images_html(spots, language, escape(f"{title}: {names}"), route=True)}</figure>'


def _costs_html(plan: Plan, language: Language) -> str:
    """Every kind of cost with its share as a bar, and the total."""
    whole = plan.total_yuan or 1
    rows = "".join(
        f'<div><dt>{escape(labels.COSTS[language][kind])}</dt><dd><i style="width:{yuan / whole:.0%}"></i><span>{yuan:g}</span></dd></div>'
        for kind, yuan in plan.costs.items() if yuan
    )
    total = escape(words.cost_line(plan, language))
    return f'<article class="fj-costs"><h3>{_TEXTS[language]["costs"]}</h3><dl>{rows}</dl><p>{total}</p></article>'


def _verdict_html(verdict: Verdict, language: Language) -> str:
    texts = _TEXTS[language]
    rows = "".join(
        f'<li class="fj-{result.state}">{texts[result.state]} · {escape(result.said or (result.title if language == "zh" else result.title_en))}'
        f"{_detail(result.detail if language == 'zh' else result.detail_en)}</li>"
        for result in verdict.results
    )
    return f'<details class="fj-verdict"><summary>{escape(words.verdict_line(verdict, language))}</summary><ul>{rows}</ul></details>'


def _detail(text: str) -> str:
    return f"<small>{escape(text)}</small>" if text else ""


def draw_downloads(message: "StoredMessage") -> None:
    """A button for each form the plan can be saved in; nothing where the answer has no plan."""
    facts = message.facts
    if facts is None or facts.plan is None:
        st.empty()
        return
    stays = {stay.city for stay in facts.plan.trip.stays}
    cities = [name_of(city, facts.language) for city in facts.cities if city.id in stays]
    with st.popover(_TEXTS[facts.language]["save"], icon=":material/download:", key=f"save-{message.id}"):
        for form, label in FORMS.items():
            st.download_button(label, exported(facts.plan, form, facts.language, cities), file_name(facts.plan, form), MIME[form],
                               key=f"save-{message.id}-{form}", on_click="ignore")
