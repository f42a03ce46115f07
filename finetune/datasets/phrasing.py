"""Words for the free parts of a training answer: many frames around what the facts themselves say.

Nothing here adds a fact; frames that speak of sea or stairs are chosen only where the facts' own words do.
Not covered: whether a finished line may be shown, which the guard decides (see `finetune.datasets.answers`).
"""

import re
from random import Random
from typing import Any

from chains.facts import Facts, Kind
from chains.outline import Line, Part
from chains.understanding.request import Language
from finetune.datasets.coinage import wordlist

_VERBS = frozenset("Ride Watch Climb See Walk Stroll Drive Look Follow Meet Learn Try Rest Cycle Row Hike Wander Enjoy Taste Listen Browse Sail Paddle".split())
MIN_ADVICE_CHARS = 7  # shorter advice needs its second half
_MARK = {"zh": "，", "en": ", "}


class Phrases:
    """Draws frames of a language; `context` is what the answer speaks of: the facts as the model reads them, and who travels."""

    def __init__(self, language: Language, rng: Random) -> None:
        self.language = language
        self._rng = rng
        self._words = wordlist(f"phrases_{language}.yaml")

    def free_words(self, line: Line, facts: Facts, context: str) -> str:
        """Words for the free part of a line, without the mark at the end."""
        if line.part is Part.ITEM:
            return self._reason(line.fallback[len(line.fixed):].rstrip("。."))
        return self._sentence(self._advice(context) if line.part is Part.ADVICE else self._closing(facts))

    def end(self) -> str:
        """A full stop, now and then something livelier."""
        lively = self._rng.random() < 0.2
        return ("！" if lively else "。") if self.language == "zh" else ("!" if lively else ".")

    def _plain(self, key: str) -> str:
        return str(self._rng.choice(self._words[key]))

    def _fitting(self, key: str, context: str) -> Any:
        """A frame for this context: every second time one that was made for it, where there is one."""
        entries = [entry if isinstance(entry, dict) else {"text": entry} for entry in self._words[key]]
        border = "" if self.language == "zh" else r"\b"  # a season is no son, a price is no ice
        special = [entry for entry in entries if re.search(rf"{border}(?:{entry.get('when', '$.')})s?{border}", context, re.IGNORECASE)]
        plain = [entry for entry in entries if "when" not in entry]
        return self._rng.choice(special if special and self._rng.random() < 0.5 else plain)

    def _reason(self, shown: str) -> str:
        """What the facts say of the sight, shortened or reworded, often with a warm word before or after it."""
        clauses = [clause for clause in shown.split(_MARK[self.language]) if sayable(clause, self.language)]
        if not clauses or clauses[0] != shown.split(_MARK[self.language], maxsplit=1)[0]:
            return self._sentence(self._plain("plain_reasons"))  # the rest of a sentence does not stand alone
        if len(clauses) > 1 and self._rng.random() < 0.35:
            clauses = clauses[: self._rng.randint(1, len(clauses) - 1)]
        said = _MARK[self.language].join(clauses)
        style = self._rng.random()
        if style < 0.2 or ";" in said:  # a second sentence takes no frame
            return said
        said = self._reworded(said) if self._rng.random() < 0.5 else said
        if style < 0.3:
            return self._sentence(said)
        return self._sentence(self._headed(said, shown) if style < 0.55 else self._tailed(said, shown))

    def _tailed(self, said: str, shown: str) -> str:
        return said + _MARK[self.language] + str(self._fitting("tails", shown)["text"])

    def _headed(self, said: str, shown: str) -> str:
        if self.language == "zh":
            return str(self._fitting("heads", shown)["text"]) + _MARK["zh"] + said
        first = said.split(" ", maxsplit=1)[0]
        if first in ("A", "An"):
            return f"{self._plain('heads')} {said[0].lower()}{said[1:]}"
        if first in _VERBS:
            return f"{self._plain('verb_heads')} {said[0].lower()}{said[1:]}"
        return self._tailed(said, shown)

    def _reworded(self, said: str) -> str:
        border = "" if self.language == "zh" else r"\b"  # famous is no part of famously
        pairs = [(rf"{border}{old}{border}", new) for old, new in self._words["rewordings"] if new not in said]
        fitting = [pair for pair in pairs if re.search(pair[0], said)]
        return re.sub(*self._rng.choice(fitting), said, count=1) if fitting else said

    def _advice(self, context: str) -> str:
        entry = self._fitting("advice", context)
        more = self._rng.random() < 0.75 or len(entry["text"]) < MIN_ADVICE_CHARS
        return str(entry["text"]) + (_MARK[self.language] + str(self._rng.choice(entry["then"])) if more else "")

    def _closing(self, facts: Facts) -> str:
        whole = {Kind.SIGHT_FACT: "fact_closings", Kind.CITY_FACT: "city_closings", Kind.WEATHER: "city_closings"}
        if facts.kind in whole and self._rng.random() < 0.75:
            return self._plain(whole[facts.kind])
        halves = [self._plain("closing_wishes"), self._plain("closing_words")]
        self._rng.shuffle(halves)
        return (", and " if self.language == "en" else "，").join(halves)

    def _sentence(self, said: str) -> str:
        return said[0].upper() + said[1:]


def sayable(text: str, language: Language) -> bool:
    """Whether words hold nothing that the grammar of free text forbids: figures, marks, in Chinese Latin letters."""
    pattern = r"[ 0-9A-Za-z〇零二三四五六七八九十百千万亿半元块（）“”《》、：]" if language == "zh" else r"[0-9:()“”.]"
    return not re.search(pattern, text)
