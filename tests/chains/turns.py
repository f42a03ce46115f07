"""A question taken as far as its guard: facts from the shipped knowledge, their outline, and the guard over both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chains.facts import Facts
from chains.gather import Gatherer
from chains.guard import Guard, ViolationKind
from chains.outline import Line, outline
from chains.understanding import Understanding
from chains.understanding.request import State
from knowledge.library import Library

TODAY = date(2026, 11, 21)  # a Saturday
QINGDAO = "我去青岛可以去哪里玩,花费多少?"
BEIJING = "我去北京可以去哪里玩,花费多少?"
QINGDAO_EN = "What can I see in Qingdao and what does it cost?"
BEIJING_EN = "What can I see in Beijing and what does it cost?"


@dataclass(frozen=True)
class GuardedTurn:
    """The facts of one question, the lines its answer must have, and the guard that checks them."""

    facts: Facts
    lines: tuple[Line, ...]
    guard: Guard

    def line(self, place: str) -> Line:
        """The line of a part ("advice"), or of a sight by its name."""
        for line in self.lines:
            names = (line.card.sight.name, line.card.sight.name_en) if line.card else ()
            if place == line.part.value or place in names:
                return line
        raise LookupError(f"{place} is no line of this answer: {[line.fixed or line.part for line in self.lines]}")

    def wrong(self, place: str, words: str) -> dict[ViolationKind, str]:
        """What the guard says against these words of the model in that place: kind of violation to what shows it."""
        line = self.line(place)
        return {found.kind: found.text for found in self.guard.check(line.fixed + words, line)}

    def wrong_whole(self, place: str, text: str) -> dict[ViolationKind, str]:
        """The same for a whole line, its fixed beginning included."""
        return {found.kind: found.text for found in self.guard.check(text, self.line(place))}


Ask = Callable[[str], GuardedTurn]


def gather(library: Library, question: str, state: State | None = None) -> Facts:
    """The facts of a question asked today."""
    request = Understanding(library.catalogue, lambda: TODAY).read(question, state)
    return Gatherer(library, lambda: TODAY).gather(request, state)


def guarded(library: Library, facts: Facts) -> GuardedTurn:
    """The outline and the guard of these facts."""
    lines = outline(facts)
    return GuardedTurn(facts, lines, Guard(facts, lines, library.catalogue, library.vocabulary))
