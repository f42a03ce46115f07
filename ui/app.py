"""The page of Fengjing: run it with ``fengjing ui`` or ``streamlit run ui/app.py``."""

from pathlib import Path

import streamlit as st

from knowledge.errors import FengjingError
from ui import chat, session, sidebar
from ui.opening import opened
from ui.words import words

HERE = Path(__file__).parent


def main() -> None:
    """Draw the page once; Streamlit runs this at every click."""
    st.set_page_config(page_title="与风景对话 · Fengjing", page_icon=str(HERE / "icon.svg"), layout="centered")
    st.html(HERE / "style.css")
    texts = words(session.language())
    assistant = opened(texts)
    try:
        sidebar.draw(assistant, texts)
        chat.draw(assistant, texts)
    except FengjingError as error:
        chat.draw_trouble(error)


if __name__ == "__main__":
    main()
