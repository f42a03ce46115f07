"""One answer on the page: facts, words, status, sources and actions, each in its own place, from top to bottom.

A running answer fills its places as events arrive; a stored one is drawn into the same places at once, so that
nothing moves when the page goes from the first to the second.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from assistant.events import Event, FactsEvent, FinishedEvent, Stage, StatusEvent, TextEvent
from chains.facts import Facts
from ui import cards, itinerary, prose, route_map, session
from ui.words import Words, follow_ups, how_it_went, plain_label

if TYPE_CHECKING:
    from assistant.assistant import StoredMessage


@dataclass(frozen=True)
class Progress:
    """How far a running answer has come."""

    stage: Stage = "understanding"
    facts: Facts | None = None
    lines: tuple[str, ...] = ()
    finished: FinishedEvent | None = None

    def after(self, event: Event) -> "Progress":
        """The same answer one event later."""
        if isinstance(event, StatusEvent):
            return replace(self, stage=event.stage)
        if isinstance(event, FactsEvent):
            return replace(self, facts=event.facts)
        if isinstance(event, TextEvent):
            return replace(self, lines=(*self.lines, event.text))
        return replace(self, finished=event)


def facts_html(facts: Facts | None) -> str:
    """The itinerary of an answer, or its cards, total and map."""
    if facts is None:
        return ""
    return itinerary.itinerary_html(facts) or cards.cards_html(facts) + cards.total_html(facts) + route_map.map_html(facts)


def draw_running(events: Iterable[Event], texts: Words) -> FinishedEvent | None:
    """Draw events as they arrive; the last one where the answer came to its end."""
    facts_place, text_place, status_place, *_ = [st.empty() for _ in range(6)]
    progress = Progress()
    status_place.html(prose.status_html(texts.stages[progress.stage]))
    for event in events:
        progress = progress.after(event)
        if isinstance(event, FactsEvent) and facts_html(event.facts):
            facts_place.html(facts_html(event.facts))
        elif isinstance(event, TextEvent):
            text_place.html(prose.answer_html(progress.lines, writing=True))
        elif isinstance(event, StatusEvent):
            status_place.html(prose.status_html(texts.stages[event.stage]))
    status_place.empty()
    return progress.finished


def draw_stored(message: "StoredMessage", texts: Words, *, is_last: bool) -> None:
    """Draw an answer that is over; the last one can be asked for anew and leads on."""
    _place(facts_html(message.facts))
    _place(prose.answer_html(message.text.split("\n")))
    _place(prose.remark_html(texts.stopped) if message.stopped else "")
    itinerary.draw_downloads(message)
    _draw_sources(message)
    _draw_actions(message, texts, is_last=is_last)
    _draw_follow_ups(message, shown=is_last and not message.stopped)


def _place(html: str) -> None:
    """Draw into the next place; an empty one too, lest an older run's drawing stay there while this one runs."""
    if html:
        st.html(html)
    else:
        st.empty()


def _draw_sources(message: "StoredMessage") -> None:
    facts = message.facts
    if not (facts and facts.citations):
        st.empty()
        return
    with st.container(key=f"sources-{message.id}", horizontal=True, gap="xxsmall", vertical_alignment="center"):
        st.html(f'<p class="fj-label">{cards.sources_label(facts.language)}</p>', width="content")
        for citation in facts.citations:
            label = plain_label(f"{citation.number} {cards.cited_name(citation, facts)}")
            with st.popover(label, key=f"source-{message.id}-{citation.number}"):
                st.html(cards.source_html(citation, facts))


def _draw_actions(message: "StoredMessage", texts: Words, *, is_last: bool) -> None:
    with st.container(key=f"actions-{message.id}", horizontal=True, gap="small", vertical_alignment="center"):
        with st.popover(texts.copy, icon=":material/content_copy:", type="tertiary", key=f"copy-{message.id}"):
            st.caption(texts.copy_hint)
            st.code(message.text, language=None, wrap_lines=True)
        if is_last:
            st.button(texts.again, icon=":material/refresh:", type="tertiary", key=f"again-{message.id}", on_click=session.ask_again)
        else:
            st.empty()
        event = session.finished(message.id)
        _place(prose.remark_html(how_it_went(event, session.language())) if event else "")  # known to this tab only


def _draw_follow_ups(message: "StoredMessage", *, shown: bool) -> None:
    questions = follow_ups(message.facts) if message.facts and shown else ()
    if not questions:
        st.empty()
        return
    with st.container(key=f"next-{message.id}", horizontal=True, gap="xsmall"):
        for number, question in enumerate(questions):
            st.button(plain_label(question), key=f"next-{message.id}-{number}", icon=":material/subdirectory_arrow_right:",
                      on_click=session.ask, args=(question,))
