"""The conversation: what was said, the turn that runs, and the bar to ask in.

A turn is stopped by anything that makes Streamlit run the page again while it runs (the stop button, a new question,
another conversation): the assistant's iterator is closed, which keeps what was shown, and the new run draws it.
"""

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from knowledge.errors import FengjingError
from ui import answer, prose, session, welcome
from ui.words import Words, plain_label

if TYPE_CHECKING:
    from assistant.assistant import StoredMessage, TravelAssistant

ANSWERER = ":material/landscape:"


def draw(assistant: "TravelAssistant", texts: Words) -> None:
    """The page below its header: welcome or conversation, then the bar; a waiting question is answered."""
    with st.bottom:
        stop_place = st.empty()
    typed = st.chat_input(texts.ask_here, key="typed")
    asked = _asked_again(assistant) or session.take_asked() or typed
    messages = _messages(assistant)
    welcome_place = st.empty()
    if not messages and asked is None:
        with welcome_place.container():
            welcome.draw(texts)
        return
    _draw_messages(messages, texts, running=asked is not None)
    if asked is not None:
        stop_place.button(texts.stop, icon=":material/stop_circle:", key="stop")
        _answer(assistant, asked, texts)
        stop_place.empty()


def _asked_again(assistant: "TravelAssistant") -> str | None:
    """The last question, taken back, where a click asked for that."""
    number = session.conversation()
    return assistant.forget_last(number) if session.take_again() and number is not None else None


def _messages(assistant: "TravelAssistant") -> "list[StoredMessage]":
    """What was said in the open conversation; a deleted one is left."""
    number = session.conversation()
    if number is None:
        return []
    if number not in {talk.id for talk in assistant.conversations()}:
        session.open_conversation(None)
        return []
    return assistant.messages(number)


def _draw_messages(messages: "list[StoredMessage]", texts: Words, *, running: bool) -> None:
    for message in messages:
        is_last = message is messages[-1] and not running
        if message.role == "user":
            _draw_question(message.text)
            if is_last:  # its turn ended before it had an answer
                st.button(texts.retry, icon=":material/refresh:", key="retry", on_click=session.ask_again)
        else:
            with st.chat_message("assistant", avatar=ANSWERER):
                answer.draw_stored(message, texts, is_last=is_last)


def _draw_question(text: str) -> None:
    with st.chat_message("user"):
        st.html(prose.question_html(text))


def _answer(assistant: "TravelAssistant", text: str, texts: Words) -> None:
    """Run one turn; at its end the page is drawn again from what was stored."""
    _draw_question(text)
    try:
        with st.chat_message("assistant", avatar=ANSWERER), closing(assistant.stream(_number(assistant), text)) as events:
            finished = answer.draw_running(events, texts)
    except FengjingError as error:
        was_stored = any(message.role == "user" for message in _messages(assistant)[-1:])
        draw_trouble(error)
        st.button(texts.retry, icon=":material/refresh:", key="retry",
                  on_click=session.ask_again if was_stored else partial(session.ask, text))
        return
    if finished:
        session.keep_finished(finished)
    st.rerun()


def _number(assistant: "TravelAssistant") -> int:
    """The open conversation, a new one where there is none."""
    number = session.conversation()
    if number is None:
        number = assistant.new_conversation()
        session.open_conversation(number)
    return number


def draw_trouble(error: FengjingError) -> None:
    """An error as its one helpful line."""
    st.error(plain_label(str(error)), icon=":material/error:")
