"""The sidebar: a new conversation, the past ones, the interface language, and which model answers."""

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from ui import session
from ui.words import NAMES, Words, plain_label, short

if TYPE_CHECKING:
    from assistant.assistant import ConversationInfo, TravelAssistant

TALKS_SHOWN = 15
TITLE_CHARACTERS = 22


def draw(assistant: "TravelAssistant", texts: Words) -> None:
    """The whole sidebar."""
    _delete_as_asked(assistant)
    with st.sidebar:
        st.html(f'<p class="fj-brand">{escape(texts.title)}</p>')
        st.button(texts.new_talk, icon=":material/add:", key="new-talk", width="stretch",
                  on_click=session.open_conversation, args=(None,))
        _talks(assistant, texts)
        _language_switch(texts)
        st.html(f'<p class="fj-about"><b>{escape(texts.model)}</b> {escape(assistant.model_name)}<br>{escape(texts.prices_note)}</p>')


def _talks(assistant: "TravelAssistant", texts: Words) -> None:
    talks = assistant.conversations()
    st.html(f'<p class="fj-label">{escape(texts.past_talks)}</p>')
    with st.container(key="talks", gap=None):
        if not talks:
            st.html(f'<p class="fj-none">{escape(texts.no_talks)}</p>')
        for talk in talks[:TALKS_SHOWN]:
            _talk(talk, texts)
        if talks[TALKS_SHOWN:]:
            with st.expander(texts.older_talks):
                for talk in talks[TALKS_SHOWN:]:
                    _talk(talk, texts)


def _talk(talk: "ConversationInfo", texts: Words) -> None:
    is_open = talk.id == session.conversation()
    with st.container(key=f"talk-{talk.id}{'-open' if is_open else ''}", horizontal=True, gap=None, wrap=False, vertical_alignment="center"):
        st.button(plain_label(short(talk.title or texts.untitled, TITLE_CHARACTERS)), key=f"open-{talk.id}", type="tertiary",
                  width="stretch", on_click=session.open_conversation, args=(talk.id,))
        with st.popover("", icon=":material/more_horiz:", type="tertiary", key=f"more-{talk.id}"):
            st.html(f"<p>{escape(texts.delete_sure)}</p>")
            st.button(texts.delete, icon=":material/delete:", key=f"delete-{talk.id}", on_click=session.delete, args=(talk.id,))


def _delete_as_asked(assistant: "TravelAssistant") -> None:
    number = session.take_deleted()
    if number is None:
        return
    assistant.delete_conversation(number)
    if session.conversation() == number:
        session.open_conversation(None)


def _language_switch(texts: Words) -> None:
    st.session_state.setdefault(session.LANGUAGE_KEY, session.language())
    st.segmented_control(texts.language, list(NAMES), format_func=NAMES.__getitem__, required=True,
                         key=session.LANGUAGE_KEY, on_change=session.keep_language)
