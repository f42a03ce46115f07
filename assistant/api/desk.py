"""What the routes work with: the assistant, the planner, who may ask, and how much at once."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol, cast

from fastapi import Depends, Request

from assistant.api.keys import Keys, Signature, signature_of
from assistant.api.limits import Limits, limits_of, listed
from assistant.api.metrics import Metrics
from assistant.api.stateless import Stateless
from assistant.api.turns import Turns
from assistant.assistant import StoredMessage, TravelAssistant, open_assistant
from assistant.events import Event
from assistant.settings import Settings
from chains.planning import TripPlanning
from chains.tools.weather import WeatherService
from chains.understanding import Understanding
from knowledge.library import Library

MODEL = "fengjing"  # the name any client may use, whatever the engine


class Keeping(Protocol):
    """Of `TravelAssistant`, what the routes call: turns and stored conversations."""

    model_name: str

    def stream(self, conversation: int, text: str) -> Generator[Event, None, None]:
        """A turn's events."""

    def new_conversation(self) -> int:
        """Start a conversation."""

    def messages(self, conversation: int) -> list[StoredMessage]:
        """A conversation's messages."""

    def delete_conversation(self, conversation: int) -> None:
        """Remove a conversation."""


@dataclass(frozen=True)
class Trips:
    """What plans trips, with the clock they are planned by."""

    planning: TripPlanning
    understanding: Understanding
    today: Callable[[], date]


@dataclass(frozen=True)
class Desk:
    """One server's parts."""

    library: Library
    assistant: Keeping
    stateless: Stateless
    trips: Trips
    keys: Keys
    signature: Signature
    limits: Limits
    turns: Turns
    metrics: Metrics


def desk_with(library: Library, assistant: Keeping, stateless: Stateless, trips: Trips, keys: Keys, signature: Signature, limits: Limits) -> Desk:
    """A desk with its own line, threads and counts."""
    turns, metrics = Turns(limits, keys.count), Metrics()
    metrics.watch(turns.line)
    return Desk(library, assistant, stateless, trips, keys, signature, limits, turns, metrics)


def open_desk(settings: Settings, say: Callable[[str], None]) -> Desk:
    """The desk of this installation; raises an error of the house where a part is missing."""
    assistant = open_assistant(say, settings)
    library, engine = assistant.library, assistant.engine
    stateless = Stateless(lambda store: TravelAssistant(library, engine, store, weather=assistant.weather))
    weather = WeatherService(assistant.weather, library.catalogue.cities)
    trips = Trips(TripPlanning(library.catalogue, weather, date.today), Understanding(library.catalogue), date.today)
    signature = Signature(settings.api_secret.encode()) if settings.api_secret else signature_of(settings.home)
    return desk_with(library, assistant, stateless, trips, Keys(listed(settings.api_keys)), signature, limits_of(settings))


def desk_of(request: Request) -> Desk:
    """The desk of the app that was asked."""
    return cast("Desk", request.app.state.desk)


def key_of(request: Request) -> str:
    """The name of the key that asks, as the door wrote it."""
    return str(request.state.key)


AtDesk = Annotated[Desk, Depends(desk_of)]
AskedBy = Annotated[str, Depends(key_of)]
