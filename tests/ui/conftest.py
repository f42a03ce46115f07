"""The page in process: Streamlit's AppTest over ``ui/app.py`` with a fake assistant behind it."""

from pathlib import Path

import pytest
import streamlit as st
from fake_assistant import FakeAssistant
from reading import OpenPage
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "ui" / "app.py"


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens the page on an assistant (or on an error to raise once) and runs it."""

    def opened(assistant: FakeAssistant, failures: tuple[Exception, ...] = ()) -> AppTest:
        waiting = list(failures)

        def opener(say: object) -> FakeAssistant:
            if waiting:
                raise waiting.pop()
            return assistant

        st.cache_resource.clear()
        monkeypatch.setattr("ui.opening.open_assistant", opener)
        page = AppTest.from_file(str(APP), default_timeout=30).run()
        assert not page.exception
        return page

    return opened
