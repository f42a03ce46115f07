"""Clients that send the whole conversation each time: nothing of theirs is stored.

Only the user's turns count. Earlier ones are read for what they leave behind (city, days, people, the plan that stands) by
looking up their facts; the model is not asked, and what the client says the assistant answered is not believed. System
messages are no part of it: they cannot take the place of our prompt.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator
from itertools import count
from typing import Protocol

from assistant.events import Event, FactsEvent, StatusEvent
from assistant.store import ConversationInfo, Role, Store, StoredMessage
from chains.facts import Facts
from knowledge.errors import StorageError

KEPT_CONVERSATIONS = 64  # beginnings that are not read again when their next turn comes
Texts = tuple[str, ...]


class Answering(Protocol):
    """Of `TravelAssistant`, what answers a turn."""

    def stream(self, conversation: int, text: str) -> Generator[Event, None, None]:
        """A turn's events; closing it stops the turn."""


class PassingStore(Store):
    """Conversations in memory, for as long as their request lasts."""

    def __init__(self) -> None:  # no database: nothing to open
        self._numbers = count(1)
        self._held: dict[int, list[StoredMessage]] = {}

    def new_conversation(self) -> int:
        """Start a conversation."""
        number = next(self._numbers)
        self._held[number] = []
        return number

    def conversations(self) -> list[ConversationInfo]:
        """None: they belong to nobody's list."""
        return []

    def add(self, conversation: int, role: Role, text: str, facts: Facts | None = None, *, stopped: bool = False) -> int:
        """Append a message and return its id."""
        if conversation not in self._held:
            raise StorageError(f"there is no conversation {conversation}; start a new one")
        self._held[conversation].append(StoredMessage(next(self._numbers), role, text, facts, stopped))
        return self._held[conversation][-1].id

    def messages(self, conversation: int) -> list[StoredMessage]:
        """A conversation's messages, oldest first."""
        return list(self._held.get(conversation, ()))

    def begin_with(self, conversation: int, messages: tuple[StoredMessage, ...]) -> None:
        """Take these as what was said so far."""
        self._held[conversation] = list(messages)

    def delete(self, conversation: int) -> None:
        """Forget a conversation."""
        self._held.pop(conversation, None)


class Stateless:
    """Answers the last of several user turns; `open_assistant` makes an assistant over the store it is given."""

    def __init__(self, open_assistant: Callable[[Store], Answering]) -> None:
        self._store = PassingStore()
        self._assistant = open_assistant(self._store)
        self._known: OrderedDict[Texts, tuple[StoredMessage, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def stream(self, texts: Texts) -> Generator[Event, None, None]:
        """The events of the last turn, after the earlier ones were read."""
        conversation = self._store.new_conversation()
        try:
            yield from self._read(conversation, texts[:-1])
            yield from self._assistant.stream(conversation, texts[-1])
            self._remember(texts, conversation)
        finally:
            self._store.delete(conversation)

    def _read(self, conversation: int, earlier: Texts) -> Generator[Event, None, None]:
        """Rebuild from earlier user turns what the next may refer to.

        Each is taken as far as its facts, which hold the request as it was understood; then it is closed, before the model
        is asked. The longest beginning that was read before is not read again. Yields between turns, so that it can stop.
        """
        held, messages = self._recall(earlier)
        self._store.begin_with(conversation, messages)
        for place in range(held, len(earlier)):
            yield StatusEvent("understanding")
            self._look_up(conversation, earlier[place])
            self._remember(earlier[: place + 1], conversation)

    def _look_up(self, conversation: int, text: str) -> None:
        events = self._assistant.stream(conversation, text)
        for event in events:
            if isinstance(event, FactsEvent):
                break
        events.close()

    def _recall(self, texts: Texts) -> tuple[int, tuple[StoredMessage, ...]]:
        """How many of these turns are known from before, and what was said in them."""
        with self._lock:
            held = next((length for length in range(len(texts), 0, -1) if texts[:length] in self._known), 0)
            return held, self._known.get(texts[:held], ())

    def _remember(self, texts: Texts, conversation: int) -> None:
        with self._lock:
            self._known[texts] = tuple(self._store.messages(conversation))
            self._known.move_to_end(texts)
            if len(self._known) > KEPT_CONVERSATIONS:
                self._known.popitem(last=False)
