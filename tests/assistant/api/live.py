"""The real app on real uvicorn in a thread, and an assistant whose turns are let on line by line."""

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from openai import OpenAI

from assistant.api.app import create_app
from assistant.api.desk import Desk, Keeping, Trips, desk_with
from assistant.api.keys import Keys, Signature
from assistant.api.limits import Limits
from assistant.api.server import Server, bound
from assistant.api.stateless import Stateless
from assistant.assistant import StoredMessage
from assistant.events import Event, FactsEvent, FinishedEvent, GuardCounts, StatusEvent, TextEvent, Timings
from chains.answer import Origin
from chains.facts import Facts
from chains.outline import Part
from chains.planning import TripPlanning
from chains.tools.weather import WeatherService
from chains.understanding import Understanding
from knowledge.library import Library
from tests.chains.turns import QINGDAO, TODAY, gather

ROOMY = Limits(turns=4, waiting=20, requests_per_minute=0, grace_seconds=5)
SECONDS = 60  # until a test gives up on a busy machine


@dataclass
class GatedAssistant:
    """Answers every turn with the same facts and lines; a line comes when the test lets one through."""

    facts: Facts
    lines: int = 3
    model_name: str = "gated"
    gate: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    began: list[str] = field(default_factory=list)
    given: int = 0
    ended: dict[str, str] = field(default_factory=dict)  # question to how its turn ended

    def stream(self, conversation: int, text: str) -> Generator[Event, None, None]:
        """A turn."""
        self.began.append(text)
        self.ended[text] = "stopped"
        yield StatusEvent("writing")
        yield FactsEvent(self.facts, 0.0)
        for number in range(self.lines):
            if not self.gate.acquire(timeout=SECONDS):
                raise TimeoutError("no line was let through")
            self.given += 1
            yield TextEvent(f"{text} {number}", Part.ADVICE, Origin.MODEL, 0.0)
        self.ended[text] = "done"
        yield FinishedEvent(1, "\n".join(f"{text} {number}" for number in range(self.lines)), self.facts, GuardCounts(), Timings(0, 0, 0))

    def let(self, lines: int) -> None:
        """Let so many lines through."""
        self.gate.release(lines)

    def new_conversation(self) -> int:
        """The one conversation."""
        return 1

    def messages(self, conversation: int) -> list[StoredMessage]:
        """None are kept."""
        return []

    def delete_conversation(self, conversation: int) -> None:
        """Nothing to delete."""


def desk_for(library: Library, assistant: Keeping, stateless: Stateless | None = None, keys: tuple[str, ...] = (), limits: Limits = ROOMY) -> Desk:
    """A desk around an assistant; without one of their own, stateless turns are answered by the same."""
    weather = WeatherService(None, library.catalogue.cities, lambda: TODAY)
    trips = Trips(TripPlanning(library.catalogue, weather, lambda: TODAY), Understanding(library.catalogue, lambda: TODAY), lambda: TODAY)
    without_past = stateless or Stateless(lambda _: assistant)
    return desk_with(library, assistant, without_past, trips, Keys(keys), Signature(b"secret of the tests"), limits)


def gated(library: Library, lines: int = 3) -> GatedAssistant:
    """A gated assistant with real facts."""
    return GatedAssistant(gather(library, QINGDAO), lines)


@contextmanager
def live(desk: Desk) -> Iterator[str]:
    """The address of the running app; it is stopped as by a signal, and must then end."""
    listener = bound("127.0.0.1", 0)
    server = Server(create_app(desk), desk)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        listener.close()
        assert not thread.is_alive()


def client(address: str, key: str = "none") -> OpenAI:
    """OpenAI's own client, as anybody would set it up, but for retries."""
    return OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0, timeout=SECONDS)


def wait_until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    pause = threading.Event()
    for _ in range(SECONDS * 100):
        if holds():
            return
        pause.wait(0.01)
    raise AssertionError("it never came true")
