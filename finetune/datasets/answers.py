"""Training answers: the model's lines of an outline, each checked by grammar and guard before it is kept.

What serving would refuse is never learned. Not covered: lines written by code, which the model does not write.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from chains import prompts
from chains.facts import Facts, Kind
from chains.grammar import as_pattern
from chains.guard import Guard
from chains.outline import Line
from finetune.datasets.phrasing import Phrases
from knowledge.library import Library

TRIES = 6  # wordings of a line before its fallback is taken


@dataclass
class AnswerWriter:
    """Writes whole answers; `refused` counts wordings that grammar or guard did not let through, by reason."""

    library: Library
    rng: Random
    refused: Counter[str] = field(default_factory=Counter)
    rendered: int = 0  # lines that no wording fitted, so that they stand as code writes them

    def answer(self, facts: Facts, lines: tuple[Line, ...]) -> list[str] | None:
        """The model's lines, or None where one cannot be written as serving would accept it."""
        mine = tuple(line for line in lines if not line.by_code)
        guard = Guard(facts, lines, self.library.catalogue, self.library.vocabulary)
        phrases, shapes = Phrases(facts.language, self.rng), [as_pattern(line, facts.language) for line in mine]
        context = _spoken_of(facts, lines)
        written: list[str] = []
        for line, shape in zip(mine, shapes, strict=True):
            text = self._line(line, shape, facts, guard, phrases, context, written)
            if text is None:
                return None
            written.append(text)
        return written

    def _line(self, line: Line, shape: re.Pattern[str], facts: Facts, guard: Guard, phrases: Phrases, context: str, written: list[str]) -> str | None:
        if not line.free:
            return line.fixed
        for _ in range(TRIES):
            text = line.fixed + phrases.free_words(line, facts, context) + phrases.end()
            if not shape.fullmatch(text):
                self.refused["grammar"] += 1
                continue
            wrong = guard.check(text, line, written)
            if not wrong:
                return text
            self.refused[wrong[0].kind.value] += 1
        self.rendered += 1
        return line.fallback if shape.fullmatch(line.fallback) else None


def _spoken_of(facts: Facts, lines: tuple[Line, ...]) -> str:
    """The sights of the answer and who travels: what an advice may be about. Of a city's facts none is special."""
    party, chinese = facts.request.party, facts.language == "zh"
    who = [("孩子" if chinese else "child") if party and party.children else "", ("老人" if chinese else "parent") if party and party.elders else ""]
    return " ".join([prompts.facts_block(lines) if facts.kind is Kind.SIGHTS else "", *who])
