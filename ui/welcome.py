"""The first screen: a name, a warm sentence, and questions to click."""

from html import escape

import streamlit as st

from ui import session
from ui.scenery import scenery_image
from ui.words import Words, plain_label


def hero_html(texts: Words) -> str:
    """Name and greeting over the drawing."""
    return (
        f'<div class="fj-hero"><img src="{scenery_image()}" alt=""><div><h1>{escape(texts.title)}</h1>'
        f'<p>{escape(texts.greeting)}</p></div></div><p class="fj-promise">{escape(texts.promise)}</p>'
    )


def draw(texts: Words) -> None:
    """The screen; a click puts the question."""
    st.html(hero_html(texts))
    with st.container(key="questions"):
        for number, question in enumerate(texts.questions):
            st.button(plain_label(question.text), icon=f":material/{question.icon}:", key=f"question-{number}",
                      width="stretch", on_click=session.ask, args=(question.text,))
