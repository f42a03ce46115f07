"""The words of a turn: the model writes line by line, the guard checks each finished line before it is given out.

A wrong line is not shown. The model is asked once more from that place on (its beginning is the lines accepted so
far, so the engine rereads nothing); if it fails again the line is rendered by code and the model goes on after it.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from langchain_core.messages import BaseMessage

from chains import prompts
from chains.facts import Facts
from chains.grammar import grammar
from chains.guard import Guard, Violation
from chains.models.chat import ENGINE_ERRORS, Engine
from chains.outline import Line, outline
from chains.tails import said_once
from chains.understanding.request import Language
from knowledge.errors import EngineError
from knowledge.library import Library

SECOND_TRY_TEMPERATURE = 0.7
LANGUAGES: tuple[Language, ...] = ("zh", "en")
MAX_REQUESTS = 8  # requests to the engine a turn; after that what is left is rendered


class Origin(StrEnum):
    """Who wrote a line."""

    MODEL = "model"
    REWRITTEN = "rewritten"  # the model, at its second try
    RENDERED = "rendered"  # code, after two wrong lines or none
    CODE = "code"  # code, by design


@dataclass(frozen=True)
class AnswerLine:
    """A line that may be shown."""

    text: str
    line: Line
    origin: Origin


@dataclass(frozen=True)
class Request:
    """What was asked of the engine; `before` lines had been read when it was sent."""

    messages: list[BaseMessage]
    options: dict[str, Any]
    before: int


@dataclass
class Record:
    """What happened in a turn, for counts, benchmarks and training data."""

    requests: list[Request] = field(default_factory=list)
    raw: list[tuple[str, Line, list[Violation]]] = field(default_factory=list)


class Answerer:
    """Turns facts into guarded lines."""

    def __init__(self, engine: Engine, library: Library, *, use_grammar: bool = True) -> None:
        self._engine = engine
        self._library = library
        self._use_grammar = use_grammar and engine.takes_grammar

    def stream(self, facts: Facts, record: Record | None = None) -> Iterator[AnswerLine]:
        """The answer's lines in order; raises `EngineError` where the engine fails before its first line."""
        lines = outline(facts)
        turn = _Turn(facts, lines, Guard(facts, lines, self._library.catalogue, self._library.vocabulary), record or Record())
        yield from turn.code_lines()
        while not turn.finished:
            if len(turn.record.requests) >= MAX_REQUESTS:
                yield from turn.render_rest()
                return
            yield from self._one_request(turn)

    def rendered(self, facts: Facts, after: int = 0) -> Iterator[AnswerLine]:
        """The answer without a model, from the given line on: what is shown when the engine is gone."""
        for line in outline(facts)[after:]:
            yield AnswerLine(line.fallback, line, Origin.CODE if line.by_code else Origin.RENDERED)

    def warm_up(self) -> None:
        """Let the engine read the system prompts before the first question."""
        for language in LANGUAGES:
            for _ in self._lines(prompts.warm_up(language), {"max_tokens": 1}):
                break

    def _one_request(self, turn: "_Turn") -> Iterator[AnswerLine]:
        """Stream one completion from the current line on, until it ends or goes wrong."""
        asked = prompts.continued(prompts.messages(turn.facts, turn.lines), turn.accepted)
        options = self._options(turn)
        turn.record.requests.append(Request(asked, options, len(turn.record.raw)))
        before = turn.place
        stream = self._lines(asked, options)
        try:
            for text in stream:
                accepted = list(turn.take(text))
                yield from accepted
                if not accepted:
                    return
                if turn.finished:
                    return
        finally:
            stream.close()
        if turn.place == before:  # the model stopped without a line
            yield from turn.render_one()

    def _options(self, turn: "_Turn") -> dict[str, Any]:
        options: dict[str, Any] = {}
        if self._use_grammar:
            options["extra_body"] = {"grammar": grammar(turn.model_lines(), turn.facts.language)}
        if turn.failed:
            options["temperature"] = SECOND_TRY_TEMPERATURE
        return options

    def _lines(self, asked: list[BaseMessage], options: dict[str, Any]) -> Generator[str, None, None]:
        """Finished lines of a completion, as soon as each is whole."""
        pending = ""
        try:
            for chunk in self._engine.model.stream(asked, **options):
                pending += str(chunk.content)
                *whole, pending = pending.split("\n")
                yield from (line.strip() for line in whole if line.strip())
        except ENGINE_ERRORS as error:
            raise EngineError(
                f"the engine {self._engine.name} broke off ({type(error).__name__}); run 'fengjing doctor' to look at it"
            ) from error
        if pending.strip():
            yield pending.strip()


@dataclass
class _Turn:
    """Where a turn stands: which line is due, what was accepted, whether the due line failed before."""

    facts: Facts
    lines: tuple[Line, ...]
    guard: Guard
    record: Record
    place: int = 0
    accepted: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)  # by the model, before a clause that came again was cut
    failed: bool = False

    @property
    def finished(self) -> bool:
        return self.place >= len(self.lines)

    def model_lines(self) -> tuple[Line, ...]:
        """The lines the model still has to write."""
        return tuple(line for line in self.lines[self.place:] if not line.by_code)

    def take(self, text: str) -> Iterator[AnswerLine]:
        """Accept a line of the model, or render it at its second failure; nothing where it must try again."""
        line = self.lines[self.place]
        wrong = self.guard.check(text, line, self.accepted)
        self.record.raw.append((text, line, wrong))
        if not wrong:
            yield self._give(said_once(text, line, self.written), Origin.REWRITTEN if self.failed else Origin.MODEL)
            self.written.append(text)
            yield from self.code_lines()
        elif self.failed or not line.free:
            yield from self.render_one()
        else:
            self.failed = True

    def render_one(self) -> Iterator[AnswerLine]:
        """The due line by code."""
        yield self._give(self.lines[self.place].fallback, Origin.RENDERED)
        yield from self.code_lines()

    def render_rest(self) -> Iterator[AnswerLine]:
        """All lines left by code."""
        while not self.finished:
            yield from self.render_one()

    def code_lines(self) -> Iterator[AnswerLine]:
        """Lines that are code's by design, while they are due."""
        while not self.finished and self.lines[self.place].by_code:
            line = self.lines[self.place]
            self.place += 1
            yield AnswerLine(line.fallback, line, Origin.CODE)

    def _give(self, text: str, origin: Origin) -> AnswerLine:
        line = self.lines[self.place]
        self.accepted.append(text)
        self.place += 1
        self.failed = False
        return AnswerLine(text, line, origin)
