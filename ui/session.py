"""What one browser tab remembers: its conversation, its language, what a click asked for, how its answers went.

Conversation and language stand in the address (``?c=3&lang=en``), so that reloading the page keeps them. A click only
leaves a note here; the run of the page that follows acts on it, where errors can be shown.
"""

import streamlit as st

from assistant.events import FinishedEvent
from chains.understanding.request import Language
from ui.words import language_of_locale

LANGUAGE_KEY = "language"  # the switch in the sidebar


def language() -> Language:
    """The interface language: the switch, else the address, else the browser's own."""
    chosen = st.session_state.get(LANGUAGE_KEY) or st.query_params.get("lang")
    if chosen in ("zh", "en"):
        return "en" if chosen == "en" else "zh"
    return language_of_locale(st.context.locale)


def keep_language() -> None:
    """Write the switch's language into the address."""
    st.query_params["lang"] = language()


def conversation() -> int | None:
    """The open conversation as the address has it; it may have been deleted meanwhile."""
    number = st.query_params.get("c", "")
    return int(number) if number.isascii() and number.isdigit() else None


def open_conversation(number: int | None) -> None:
    """Make this the open conversation; None for a new one."""
    if number is None:
        st.query_params.pop("c", None)
    else:
        st.query_params["c"] = str(number)


def ask(text: str) -> None:
    """Put a question that the next run of the page answers."""
    st.session_state["asked"] = text


def ask_again() -> None:
    """Let the next run take the last question back and answer it anew."""
    st.session_state["again"] = True


def delete(number: int) -> None:
    """Let the next run delete a conversation."""
    st.session_state["deleted"] = number


def take_asked() -> str | None:
    """The question that waits, once."""
    asked: str | None = st.session_state.pop("asked", None)
    return asked


def take_again() -> bool:
    """Whether the last question is to be answered anew, once."""
    return bool(st.session_state.pop("again", False))


def take_deleted() -> int | None:
    """The conversation to delete, once."""
    deleted: int | None = st.session_state.pop("deleted", None)
    return deleted


def keep_finished(event: FinishedEvent) -> None:
    """Remember how an answer went, for the line below it."""
    st.session_state.setdefault("finished", {})[event.message_id] = event


def finished(message_id: int) -> FinishedEvent | None:
    """How an answer of this tab went."""
    event: FinishedEvent | None = st.session_state.get("finished", {}).get(message_id)
    return event
