"""`TravelAssistant`: one turn in, events out. The page, the command line and any API call nothing else."""

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import date

from langchain_core.runnables import RunnableLambda

from assistant.engines import embedded_config, open_engine_of
from assistant.events import Event, FactsEvent, FinishedEvent, GuardCounts, StatusEvent, TextEvent, Timings
from assistant.settings import Settings, load_settings
from assistant.store import ConversationInfo, Store, StoredMessage
from chains.answer import Answerer, AnswerLine, Origin, Record
from chains.facts import Facts, Kind
from chains.gather import Gatherer
from chains.models.chat import Engine
from chains.tools.weather import WeatherProvider, provider_named
from chains.tools.weather.cache import sharing
from chains.understanding import Understanding
from chains.understanding.request import State, TripRequest
from knowledge.errors import EngineError
from knowledge.library import Library, open_library

# Turns of these kinds leave the trip that is being talked about untouched.
_ASIDE = frozenset({Kind.IDENTITY, Kind.SMALLTALK, Kind.OUT_OF_SCOPE, Kind.UNUSABLE})


__all__ = ["ConversationInfo", "StoredMessage", "TravelAssistant", "embedded_config", "open_assistant", "open_engine_of"]


class TravelAssistant:
    """Answers turns of conversations; safe to share between sessions, it holds no state of its own."""

    def __init__(
        self, library: Library, engine: Engine, store: Store, today: Callable[[], date] = date.today,
        *, weather: WeatherProvider | None = None, use_grammar: bool = True,
    ) -> None:
        self.model_name = engine.name
        self.library = library
        self.engine = engine
        self.weather = weather
        self._store = store
        self._answerer = Answerer(engine, library, use_grammar=use_grammar)
        self._understanding = Understanding(library.catalogue, today)
        understand = RunnableLambda(self._understand).with_config(run_name="understand")
        retrieve = Gatherer(library, today, weather).runnable().with_config(run_name="retrieve")
        self._facts_chain = understand | retrieve

    def _understand(self, turn: tuple[str, State]) -> tuple[TripRequest, State]:
        text, state = turn
        return self._understanding.read(text, state), state

    def stream(self, conversation: int, text: str, record: Record | None = None) -> Generator[Event, None, None]:
        """Answer a turn. Closing the iterator stops it; what was shown by then is kept."""
        turn = _Turn(record=record or Record())
        state = self._state(conversation)
        self._store.add(conversation, "user", text)
        yield StatusEvent("understanding")
        facts = self._facts_chain.invoke((text, state))
        turn.facts_seconds = turn.seconds
        done = False
        try:
            yield FactsEvent(facts, turn.facts_seconds)
            yield StatusEvent("writing")
            yield from self._write(turn, facts)
            done = True
        finally:
            message = self._store.add(conversation, "assistant", turn.text, facts, stopped=not done)
        yield turn.finished(message, facts)

    def _write(self, turn: "_Turn", facts: Facts) -> Iterator[Event]:
        try:
            for line in self._answerer.stream(facts, turn.record):
                yield turn.shown(line)
        except EngineError as error:
            turn.problem = str(error)  # facts need no engine: what is left is rendered
            for line in self._answerer.rendered(facts, after=len(turn.lines)):
                yield turn.shown(line)

    def warm_up(self) -> None:
        """Let engine, embedder and word lists load before the first question."""
        for slip in ("去青岛崂三玩", "How much is the Lama Tempel?"):  # a slip needs every list of names; before the engine, which may be down
            self._facts_chain.invoke((slip, State()))
        self._answerer.warm_up()

    def new_conversation(self) -> int:
        """Start a conversation."""
        return self._store.new_conversation()

    def conversations(self) -> list[ConversationInfo]:
        """Past conversations, newest first."""
        return self._store.conversations()

    def messages(self, conversation: int) -> list[StoredMessage]:
        """A conversation's messages, oldest first."""
        return self._store.messages(conversation)

    def forget_last(self, conversation: int) -> str | None:
        """Take back the last question with its answer, to ask it again; returns the question."""
        return self._store.forget_last(conversation)

    def delete_conversation(self, conversation: int) -> None:
        """Remove a conversation for good."""
        self._store.delete(conversation)

    def _state(self, conversation: int) -> State:
        """What the next turn may refer to: the last travel request and every sight shown since its city came up."""
        answers = [m.facts for m in self._store.messages(conversation) if m.facts and m.facts.kind not in _ASIDE]
        if not answers:
            return State()
        last = answers[-1].request
        shown = [card.sight.id for facts in answers if set(facts.request.cities) & set(last.cities) for card in facts.cards]
        plan = answers[-1].plan if answers[-1].kind is Kind.ITINERARY else None
        return State(last, tuple(dict.fromkeys(shown)), plan)


@dataclass
class _Turn:
    """Clock and tally of one turn."""

    record: Record
    started: float = field(default_factory=time.perf_counter)
    facts_seconds: float = 0.0
    first_seconds: float = 0.0
    lines: list[AnswerLine] = field(default_factory=list)
    problem: str = ""

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.started

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def shown(self, line: AnswerLine) -> TextEvent:
        """Count a line that is given out now."""
        self.first_seconds = self.first_seconds or self.seconds
        self.lines.append(line)
        return TextEvent(line.text, line.line.part, line.origin, self.seconds)

    def finished(self, message: int, facts: Facts) -> FinishedEvent:
        """The closing event."""
        timings = Timings(self.facts_seconds, self.first_seconds, self.seconds)
        return FinishedEvent(message, self.text, facts, self._counts(), timings, problem=self.problem)

    def _counts(self) -> GuardCounts:
        raw = self.record.raw
        kinds = Counter(violation.kind.value for _, _, wrong in raw for violation in wrong)
        origins = Counter(line.origin for line in self.lines)
        return GuardCounts(
            lines=len(raw), wrong=sum(bool(wrong) for _, _, wrong in raw), rewritten=origins[Origin.REWRITTEN],
            rendered=origins[Origin.RENDERED], kinds=tuple(sorted(kinds.items())),
        )


def open_assistant(say: Callable[[str], None] | None = None, settings: Settings | None = None) -> TravelAssistant:
    """The assistant of this installation: knowledge, engine and database as the settings say."""
    chosen, tell = settings or load_settings(), say or (lambda _: None)
    library = open_library(chosen.home, say=say, servers=chosen.servers)
    tell("starting the language model …")
    engine = open_engine_of(chosen)
    store = Store(chosen.database_url)
    weather = sharing(provider_named(chosen.weather, chosen.weather_key, chosen.weather_host), store)
    assistant = TravelAssistant(library, engine, store, weather=weather)
    tell("warming up …")
    try:
        assistant.warm_up()
    except EngineError as error:
        tell(str(error))  # answers are then rendered from the facts, and say why
    return assistant
