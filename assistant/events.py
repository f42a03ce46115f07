"""What a turn emits, in order: the one vocabulary that the page, the command line and any API share.

    StatusEvent*  →  FactsEvent  →  (StatusEvent | TextEvent)*  →  FinishedEvent

Facts come before the first word. A `TextEvent` carries one whole line that has passed the guard. Events are values:
they can be stored, sent as JSON and replayed; the page is a function of them.
"""

from dataclasses import dataclass
from typing import Literal

from chains.answer import Origin
from chains.facts import Facts
from chains.outline import Part

Stage = Literal["understanding", "retrieving", "writing", "checking"]


@dataclass(frozen=True)
class StatusEvent:
    """What is being done now."""

    stage: Stage


@dataclass(frozen=True)
class FactsEvent:
    """Everything the answer may say; `seconds` since the question."""

    facts: Facts
    seconds: float


@dataclass(frozen=True)
class TextEvent:
    """One guarded line; `origin` says whether the model wrote it, at the second try, or code did."""

    text: str
    part: Part
    origin: Origin
    seconds: float


@dataclass(frozen=True)
class GuardCounts:
    """How many lines the model wrote, how many of them were wrong by kind, and what became of them."""

    lines: int = 0
    wrong: int = 0
    rewritten: int = 0
    rendered: int = 0
    kinds: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Timings:
    """Seconds since the question."""

    facts: float
    first_text: float
    total: float


@dataclass(frozen=True)
class FinishedEvent:
    """The end of a turn: the whole text, what was missing, and how it went."""

    message_id: int
    text: str
    facts: Facts
    guard: GuardCounts
    timings: Timings
    stopped: bool = False
    problem: str = ""  # why the engine broke off, where it did; the lines were then rendered from the facts


Event = StatusEvent | FactsEvent | TextEvent | FinishedEvent
