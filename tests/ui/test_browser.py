"""The page in a real Chromium, with the real knowledge and the real model behind it.

The model file is taken from ``FENGJING_HOME`` (``~/.fengjing`` where it is not set); conversations go into a temporary
home. ``FENGJING_SCREENSHOTS`` names a folder for pictures of the page, wide and as a phone shows it.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright

from chains.wording import price_words
from knowledge.builtin import load_builtin
from ui.words import ZH

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
CALM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
QINGDAO = "我去青岛可以去哪里玩,花费多少?"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE_MS = 240_000  # two cores may be shared with other work
# Notes when cards and words first stood on the page.
FIRST_SEEN = """
window.firstSeen = {};
new MutationObserver(() => {
  for (const part of ['.fj-card', '.fj-answer']) {
    if (!(part in window.firstSeen) && document.querySelector(part)) window.firstSeen[part] = performance.now();
  }
}).observe(document, {childList: true, subtree: true});
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page of its own, started as a user would start it."""
    home = _home(tmp_path_factory.mktemp("browser"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "ui/app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "FENGJING_HOME": str(home)})
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _home(folder: Path) -> Path:
    """A fresh home with the models (and the index, if there is one) of the real home."""
    real = Path(os.environ.get("FENGJING_HOME", "~/.fengjing")).expanduser()
    assert list((real / "models").glob("*.gguf")), f"no model in {real / 'models'}; run 'fengjing model pull'"
    (folder / "models").symlink_to(real / "models")
    if (real / "knowledge").is_dir():
        shutil.copytree(real / "knowledge", folder / "knowledge")
    return folder


def _wait_for(address: str, seconds: float = 60) -> None:
    for _ in range(int(seconds / 0.2)):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
                return
        except URLError:
            time.sleep(0.2)
    pytest.fail(f"nothing answers at {address}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CALM)
        yield browser
        browser.close()


class Visit:
    """One reader: a browser window on the page, and every address it asked for."""

    def __init__(self, chromium: Browser, address: str, size: dict[str, int]) -> None:
        self.context = chromium.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.add_init_script(FIRST_SEEN)
        self.asked_for: list[str] = []
        self.page.on("request", self._note)
        self.page.goto(address)
        self.page.wait_for_selector("[class*=st-key-question-]")

    def _note(self, request: Request) -> None:
        self.asked_for.append(request.url)

    @property
    def cards(self) -> Locator:
        """The sight cards on the page."""
        return self.page.locator(".fj-card")

    @property
    def items(self) -> Locator:
        """The numbered lines of the answers."""
        return self.page.locator(".fj-answer .fj-item")

    def type(self, text: str) -> None:
        """Ask by typing."""
        box = self.page.get_by_test_id("stChatInput").locator("textarea")
        box.fill(text)
        box.press("Enter")

    def wait_until_answered(self, answers: int = 1) -> None:
        """Until the last answer can be asked for again, and nothing is being written."""
        expect(self.page.locator("[class*=st-key-actions-]")).to_have_count(answers, timeout=PATIENCE_MS)
        expect(self.page.locator("[class*=st-key-again-]")).to_have_count(1, timeout=PATIENCE_MS)
        expect(self.page.locator(".fj-writing, .fj-status, .st-key-stop")).to_have_count(0, timeout=PATIENCE_MS)

    def picture(self, name: str) -> None:
        """Keep a picture where a folder was named for it."""
        folder = os.environ.get("FENGJING_SCREENSHOTS")
        if folder:
            self.page.wait_for_timeout(700)
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def to_the_top(self) -> None:
        """Scroll up as a reader does."""
        size = self.page.viewport_size or WIDE
        self.page.mouse.move(size["width"] * 0.6, size["height"] / 2)
        for _ in range(20):
            self.page.mouse.wheel(0, -500)
            self.page.wait_for_timeout(60)


@pytest.fixture
def visit(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Visit]:
    """A reader with a wide screen, or with the size a test asks for."""
    reader = Visit(chromium, address, getattr(request, "param", WIDE))
    yield reader
    reader.context.close()


def assert_prices_are_the_records(visit: Visit) -> None:
    """Each card's price is what `wording` says of the record with that name."""
    records = {sight.name: sight for sight in load_builtin().in_city("qingdao")}
    assert visit.cards.count() >= 5
    for card in visit.cards.all():
        name, price = card.locator("h3").inner_text(), card.locator(".fj-price").inner_text()
        assert price == price_words(records[name].ticket, "zh")


def assert_lines_are_numbered(visit: Visit) -> None:
    """The numbered lines count as the cards do and name the same sights with the same prices."""
    lines = [item.inner_text().replace("\n", "") for item in visit.items.all()]
    assert len(lines) == visit.cards.count()
    for number, (line, card) in enumerate(zip(lines, visit.cards.all(), strict=True), start=1):
        name, price = card.locator("h3").inner_text(), card.locator(".fj-price").inner_text()
        assert re.sub(r"\s", "", line).startswith(re.sub(r"\s", "", f"{number}.{name}（{price}）："))


def test_a_click_on_the_first_question_is_answered(visit: Visit) -> None:
    """青岛 by click: cards with the records' prices first, then numbered lines, a total, sources; nothing from outside."""
    visit.picture("welcome-wide")
    visit.page.locator(".st-key-question-0 button").click()
    expect(visit.cards.nth(4)).to_be_visible(timeout=PATIENCE_MS)
    visit.wait_until_answered()
    assert_prices_are_the_records(visit)
    assert_lines_are_numbered(visit)
    expect(visit.page.locator(".fj-answer .fj-sum")).to_contain_text("合计：")
    seen = visit.page.evaluate("window.firstSeen")
    assert seen[".fj-card"] <= seen[".fj-answer"]
    visit.picture("answer-wide")
    visit.to_the_top()
    visit.picture("facts-wide")
    assert [url for url in visit.asked_for if not re.match(r"(https?|ws)://127\.0\.0\.1[:/]|data:|blob:", url)] == []


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
def test_a_typed_question_is_answered_on_a_phone(visit: Visit) -> None:
    """青岛 by typing at 390 px: the same answer in one column, nothing wider than the screen, the bar in reach."""
    visit.picture("welcome-phone")
    visit.type(QINGDAO)
    visit.wait_until_answered()
    assert_prices_are_the_records(visit)
    assert_lines_are_numbered(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    boxes = [card.bounding_box() for card in visit.cards.all()]
    assert {round(box["x"]) for box in boxes if box} == {round(boxes[0]["x"])}  # type: ignore[index]
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] for box in boxes)
    expect(visit.page.get_by_test_id("stChatInput").locator("textarea")).to_be_in_viewport()
    visit.picture("answer-phone")
    visit.to_the_top()
    visit.picture("facts-phone")


def test_a_number_opens_its_record(visit: Visit) -> None:
    """Behind a number stand the record's facts with source and year."""
    visit.type("栈桥门票多少钱？")
    visit.wait_until_answered()
    visit.page.locator("[class*=st-key-source-] button").first.click()
    record = visit.page.locator(".fj-source")
    expect(record).to_be_visible()
    expect(record).to_contain_text("栈桥")
    expect(record).to_contain_text(re.compile(r"20\d\d 年"))
    visit.picture("source-wide")


def test_stop_keeps_what_was_written(visit: Visit) -> None:
    """After a stop the lines shown so far stay, also after a reload, and the next question is answered."""
    visit.type(QINGDAO)
    expect(visit.items.first).to_be_visible(timeout=PATIENCE_MS)
    visit.page.locator(".st-key-stop button").click()
    visit.wait_until_answered()
    expect(visit.page.get_by_text(ZH.stopped)).to_be_visible()
    lines = visit.page.locator(".fj-answer").inner_text()
    assert visit.items.count() >= 1
    assert "合计" not in lines
    visit.page.reload()
    visit.wait_until_answered()
    assert visit.page.locator(".fj-answer").inner_text() == lines
    visit.type("你好")
    visit.wait_until_answered(answers=2)


def test_a_question_is_shown_as_it_was_typed(visit: Visit) -> None:
    """Tags, images and directives in a question stay text, in the bubble and in the sidebar."""
    hostile = "<script>window.hacked = 1</script> <img src=x onerror='window.hacked=1'> ![x](http://a.invalid/b.png) :red[红]"
    visit.type(hostile)
    visit.wait_until_answered()
    assert visit.page.locator(".fj-question").inner_text() == hostile
    assert visit.page.locator("[class*=st-key-open-] button p").first.inner_text().startswith("<script>")
    assert visit.page.evaluate("window.hacked === undefined")
    assert not [url for url in visit.asked_for if "a.invalid" in url]
