"""Opening the assistant, once for the whole server, while the page tells what is going on."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from html import escape

import streamlit as st

from assistant.assistant import TravelAssistant, open_assistant
from knowledge.errors import FengjingError
from ui.chat import draw_trouble
from ui.welcome import hero_html
from ui.words import Words

LOOK_AGAIN_S = 0.2


@dataclass(frozen=True)
class Opening:
    """An assistant that is being opened, and what was said about it so far."""

    result: Future[TravelAssistant]
    said: list[str] = field(default_factory=list)


@st.cache_resource(show_spinner=False)
def _opening() -> Opening:
    said: list[str] = []
    workers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="opening")
    result = workers.submit(open_assistant, said.append)
    workers.shutdown(wait=False)
    return Opening(result, said)


def opened(texts: Words) -> TravelAssistant:
    """The assistant, as soon as it is there; an error is shown with a button to try again."""
    opening, place = _opening(), st.empty()
    while not opening.result.done():
        place.html(hero_html(texts) + progress_html(texts.opening, opening.said))
        wait([opening.result], LOOK_AGAIN_S)
    place.empty()
    try:
        return opening.result.result()
    except FengjingError as error:
        draw_trouble(error)
        st.button(texts.retry, on_click=_opening.clear)
        st.stop()


def progress_html(title: str, said: list[str]) -> str:
    """What has been said while opening, the last line in full."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in said[-4:])
    return f'<div class="fj-opening" role="status"><p><i></i>{escape(title)}</p><ul>{lines}</ul></div>'
