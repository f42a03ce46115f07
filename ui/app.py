"""The pages of Fengjing: run them with ``fengjing ui`` or ``streamlit run ui/app.py``."""

from pathlib import Path

import streamlit as st

from assistant.settings import load_settings
from finetune.judging.compare import kept
from knowledge.errors import FengjingError
from ui import chat, compare, session, sidebar
from ui.opening import opened
from ui.words import vote_words, words

HERE = Path(__file__).parent


def main() -> None:
    """Draw the chosen page once; Streamlit runs this at every click."""
    st.set_page_config(page_title="与风景对话 · Fengjing", page_icon=str(HERE / "icon.svg"), layout="centered")
    st.html(HERE / "style.css")
    texts = vote_words(session.language())
    pages = [st.Page(talk, title=texts.chat, icon=":material/landscape:", default=True),
             st.Page(vote, title=texts.page, icon=":material/compare:", url_path="compare")]
    st.navigation(pages, position="sidebar" if _has_comparisons() else "hidden").run()


def talk() -> None:
    """The chat."""
    texts = words(session.language())
    assistant = opened(texts)
    try:
        sidebar.draw(assistant, texts)
        chat.draw(assistant, texts)
    except FengjingError as error:
        chat.draw_trouble(error)


def vote() -> None:
    """The tuner's page."""
    try:
        compare.draw(load_settings().home)
    except FengjingError as error:
        chat.draw_trouble(error)


def _has_comparisons() -> bool:
    """Whether there is anything to compare: travellers who tune nothing see no menu."""
    try:
        return bool(kept(load_settings().home))
    except FengjingError:
        return False  # the page itself will say what is wrong with the settings


if __name__ == "__main__":
    main()
