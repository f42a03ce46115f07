"""Reading a page that `AppTest` ran."""

from typing import Protocol

from fake_assistant import FakeAssistant
from streamlit.testing.v1 import AppTest


class OpenPage(Protocol):
    """Opens the page on an assistant; what fails is raised before it opens."""

    def __call__(self, assistant: FakeAssistant, failures: tuple[Exception, ...] = ()) -> AppTest:
        """The page after its first run."""


def htmls(page: AppTest) -> list[str]:
    """Every piece of HTML on the page but the style sheet, in order."""
    return [element.proto.body for element in page.get("html") if "<style>" not in element.proto.body]


def shown(page: AppTest) -> str:
    """All HTML of the page in one string."""
    return "\n".join(htmls(page))


def keys(page: AppTest, beginning: str) -> list[str]:
    """The keys of the buttons whose key begins so, in order."""
    return [str(button.key) for button in page.button if str(button.key).startswith(beginning)]
