"""A scripted assistant of the same shape as `assistant.assistant.TravelAssistant`, over the shipped records."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from assistant.events import Event, FactsEvent, FinishedEvent, GuardCounts, StatusEvent, TextEvent, Timings
from assistant.store import ConversationInfo, Role, StoredMessage
from chains.answer import Origin
from chains.facts import Card, Citation, Facts, Kind
from chains.outline import Part, outline
from chains.understanding.request import Intent, Language, TripRequest
from knowledge.builtin import KnowledgeBase, load_builtin
from knowledge.errors import FengjingError
from knowledge.prices import total

QINGDAO = "我去青岛可以去哪里玩,花费多少?"


@cache
def shipped() -> KnowledgeBase:
    """The shipped records, read once."""
    return load_builtin()


def sights_facts(text: str = QINGDAO, cities: tuple[str, ...] = ("qingdao",), each: int = 6, language: Language = "zh") -> Facts:
    """Real facts: the best-known sights of some cities."""
    base = shipped()
    sights = [sight for city in cities for sight in base.in_city(city)[:each]]
    cards = tuple(Card(number, sight, base.city_by_id[sight.city]) for number, sight in enumerate(sights, 1))
    return Facts(
        TripRequest(text, language, Intent.RECOMMEND, cities=cities), Kind.SIGHTS, language, cards=cards,
        cities=tuple(base.city_by_id[city] for city in cities), total=total(sights),
        citations=tuple(_citation(card) for card in cards),
    )


def _citation(card: Card) -> Citation:
    facts = tuple((fact, shipped().source_by_id[source]) for fact, source in card.sight.facts().items())
    return Citation(card.number, card.sight.id, card.sight.name, facts, card.sight.url)


@dataclass
class FakeAssistant:
    """Answers every turn with the same facts; keeps messages in memory; `asked` and `closed` tell what happened."""

    facts: Facts = field(default_factory=sights_facts)
    lines: tuple[str, ...] = ()
    error: FengjingError | None = None
    storage_error: FengjingError | None = None
    list_error: FengjingError | None = None
    pause_s: float = 0.0
    model_name: str = "fake-model"
    asked: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    kept: dict[int, list[StoredMessage]] = field(default_factory=dict)
    last_id: int = 0

    def stream(self, conversation: int, text: str) -> Iterator[Event]:
        """One turn, with a pause before each event."""
        self.asked.append(text)
        if self.storage_error:
            raise self.storage_error
        self._keep(conversation, "user", text)
        yield StatusEvent("understanding")
        time.sleep(self.pause_s)
        if self.error:
            raise self.error
        facts = replace(self.facts, request=replace(self.facts.request, text=text))
        shown: list[str] = []
        done = False
        try:
            yield FactsEvent(facts, 0.1)
            yield StatusEvent("writing")
            for line in self.lines or tuple(line.fallback for line in outline(facts)):
                time.sleep(self.pause_s)
                shown.append(line)
                yield TextEvent(line, Part.NOTE, Origin.MODEL, 1.0)
            done = True
        finally:
            message = self._keep(conversation, "assistant", "\n".join(shown), facts, stopped=not done)
            self.closed.append("done" if done else "stopped")
        yield FinishedEvent(message, "\n".join(shown), facts, GuardCounts(lines=len(shown), wrong=1, rendered=1), Timings(0.1, 1.0, 3.9))

    def new_conversation(self) -> int:
        """An empty conversation."""
        number = max(self.kept, default=0) + 1
        self.kept[number] = []
        return number

    def conversations(self) -> list[ConversationInfo]:
        """Conversations in which something was said, newest first."""
        if self.list_error:
            raise self.list_error
        return [ConversationInfo(number, messages[0].text[:40], datetime(2026, 1, 1, tzinfo=UTC))
                for number, messages in reversed(self.kept.items()) if messages]

    def messages(self, conversation: int) -> list[StoredMessage]:
        """What was said."""
        return list(self.kept[conversation])

    def forget_last(self, conversation: int) -> str | None:
        """Take back the last question and its answer."""
        messages = self.kept[conversation]
        last = max((place for place, message in enumerate(messages) if message.role == "user"), default=None)
        if last is None:
            return None
        text = messages[last].text
        del messages[last:]
        return text

    def delete_conversation(self, conversation: int) -> None:
        """Forget a conversation."""
        self.kept.pop(conversation, None)

    def _keep(self, conversation: int, role: Role, text: str, facts: Facts | None = None, *, stopped: bool = False) -> int:
        self.last_id += 1
        self.kept[conversation].append(StoredMessage(self.last_id, role, text, facts, stopped))
        return self.last_id
