"""Checking one line of an answer against the outline it must follow and the facts it may say."""

import re
import unicodedata
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from chains.facts import Card, Facts
from chains.guard.claims import claims
from chains.guard.names import NameNet
from chains.guard.quantities import Quantity, quantities
from chains.outline import Line, Part
from chains.prompts import example_lines
from knowledge.catalogue import Catalogue
from knowledge.prices import is_seasonal, visit_yuan

_MARKUP = re.compile(r"https?:|www\.|</?\w|\]\(|[`*#|]|__|\w\.(?:com|cn|org|net)\b|&#?\w+;|@|^\s*[->]|<\||资料>|</?facts", re.IGNORECASE)
_BROKEN = re.compile(r"[，、；：,;:（(“「]$|(.)\1{4,}|(.{2,8})\W*\2\W*\2|[\u4e00-\u9fff]\s{2,}|(.{2,8}?)[，、,]\s*\3[，、,]\s*\3")
_ENDED = re.compile(r"[。！？～~!?.…][”」』]?$")
# Talk about the task instead of the trip: a small model likes to recite its instructions.
_ABOUT_ITSELF = re.compile(r"照抄|资料|编号|合计行|事实句|开场白|提示词|人工智能|指令|系统提示|规则|用户|根据.{0,6}信息|以下是|答案|请参考|请查看|我的建议|问题是|推荐理由|作为(?:一个)?(?:AI|人工智能|语言模型)|语言模型|作为.{0,6}助手|(?:遵照|按照).{0,4}(?:指示|要求)|请看下面|以下为|the facts|facts (?:provided|sentence)|closing|total line|practical tip|numbered|instruct\w*|system prompt|\brules?\b|\buser\b|here (?:is|are) (?:my|the|your|a list)|my answer|as follows|according to|based on|information (?:provided|given)|i am an? |as an ai|language model|the question", re.IGNORECASE)
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f]")
# What no description may license, ours or a crawled one: prices and hours come from fact blocks alone.
_NEVER_DESCRIBED = frozenset({"yuan", "clock", "%", "折", "percent", "paid", "money", "opening", "booking", "concession"})
_WISH = re.compile(r"^(?:最后)?(?:祝|希望你|愿你)|^(?:have a|enjoy your|wish|hope|happy)\b", re.IGNORECASE)
MIN_REPEATED = 8  # characters; shorter echoes are ordinary language
_LATIN_SENTENCE = re.compile(r"[A-Za-z]{2,}")


class ViolationKind(StrEnum):
    """How a line can be wrong."""

    NAME = "name"
    NUMBER = "number"
    CLAIM = "claim"
    FORMAT = "format"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Violation:
    """One thing wrong in a line, and the words that show it."""

    kind: ViolationKind
    text: str


class Guard:
    """The guard of one turn."""

    def __init__(self, facts: Facts, lines: tuple[Line, ...], catalogue: Catalogue, vocabulary: frozenset[str]) -> None:
        self._facts = facts
        self._known = _known_text(facts, lines)
        self._lines = lines
        self._names = {card: NameNet(catalogue, vocabulary, self._allowed(card)) for card in (None, *facts.cards)}
        self._asked = {(item.value, item.unit) for item in quantities(facts.request.text) if item.unit in ("day", "person")}

    def check(self, text: str, line: Line, before: list[str] | None = None) -> list[Violation]:
        """What is wrong with a line; an empty list lets it be shown. `before` are the lines shown so far."""
        if text == line.fallback:
            return []  # word for word what code would have written
        if text.startswith(line.fixed):
            said = text[len(line.fixed):].strip()
            if line.card and said in (line.card.sight.summary, line.card.sight.summary_en):
                return []  # the whole description, as the card shows it
            if not line.free:
                return [Violation(ViolationKind.FORMAT, said)] if said else []
            return self._content(said, line) + self._shape(said, line, self._taken(line, before or []))
        return [*self._content(text, line), Violation(ViolationKind.FORMAT, text[:40])]

    def _allowed(self, card: Card | None) -> str:
        """What names may come from: an item speaks of its own sight, other lines of all that is shown."""
        if card is None:
            return self._known + " " + self._facts.request.text
        own = _known_text(replace(self._facts, cards=(card,)), ())
        return own + " ".join(line.fallback for line in self._lines if line.card == card)

    def _taken(self, line: Line, before: list[str]) -> list[str]:
        """Words a line must not repeat: lines shown, the question, other sights' descriptions, the prompt's example."""
        others = [other.fallback[len(other.fixed):] for other in self._lines if other.card and other.card != line.card]
        return [*before, *others, self._facts.request.text, *example_lines(self._facts.language)]

    def _content(self, said: str, line: Line) -> list[Violation]:
        nameless = self._names[line.card].without_names(said)  # 八大关 and 五四广场 are no figures
        found = [Violation(ViolationKind.NUMBER, item.text) for item in quantities(nameless) if not self._may_say(item, nameless, line)]
        found += [Violation(ViolationKind.NAME, name) for name in self._names[line.card].strange(said)]
        found += [Violation(ViolationKind.CLAIM, words) for kind, words in claims(said) if not self._is_true(kind, words, said, line)]
        return found

    def _shape(self, said: str, line: Line, before: list[str]) -> list[Violation]:
        found = []
        broken = any(pattern.search(said) for pattern in (_MARKUP, _BROKEN, _ABOUT_ITSELF))
        broken = broken or (line.part is Part.ADVICE and bool(_WISH.search(said)))  # good wishes are no advice
        cut_off = line.free is not None and len(said) > line.free[1]  # the grammar ended a sentence that was not done
        if broken or cut_off or not _ENDED.search(said) or _repeats(said, before):
            found.append(Violation(ViolationKind.FORMAT, said[:40]))
        if self._wrong_language(said):
            found.append(Violation(ViolationKind.LANGUAGE, said[:40]))
        return found

    def _may_say(self, item: Quantity, said: str, line: Line) -> bool:
        """Days and people as the traveller said them; the count of cities; what the record's words say."""
        if (item.value, item.unit) in self._asked:
            return True
        counts = {len(self._facts.cities)} - {0, 1}
        if not item.unit and item.value in counts:
            return True
        return item.unit not in _NEVER_DESCRIBED and self._stands_described(item.text.strip(), said, line)

    def _stands_described(self, words: str, said: str, line: Line) -> bool:
        """Whether the words, with what follows them here, stand in the record's description: 三面 does not allow 三座."""
        described, place = self._described(line), said.find(words)
        following = said[place + len(words):].lstrip()[:2] if place >= 0 else ""
        return bool(described) and f"{words}{following}".replace(" ", "").lower() in described.replace(" ", "").lower()

    def _is_true(self, kind: str, words: str, said: str, line: Line) -> bool:
        if kind == "free":
            return self._all_free(line)
        if kind == "season" and any(is_seasonal(card.sight.ticket) for card in self._facts.cards):
            return True
        return kind not in _NEVER_DESCRIBED and self._stands_described(words, said, line)

    @staticmethod
    def _described(line: Line) -> str:
        """What the line's own record says in words; its price and hours are not the model's to repeat."""
        return f"{line.card.sight.summary} {line.card.sight.summary_en}" if line.card else ""

    def _all_free(self, line: Line) -> bool:
        """Whether free is true: of this line's sight, or of all sights where the line speaks of none."""
        sights = [line.card.sight] if line.card else [card.sight for card in self._facts.cards]
        return bool(sights) and all(visit_yuan(sight.ticket, self._facts.day) == 0 for sight in sights)

    def _wrong_language(self, said: str) -> bool:
        if _OTHER_SCRIPT.search(said):
            return True
        said = unicodedata.normalize("NFKC", said)
        if self._facts.language == "en":
            return bool(re.search(r"[\u4e00-\u9fff]", said))
        return any(word.lower() not in self._known.lower() for word in _LATIN_SENTENCE.findall(said))


def _repeats(said: str, before: list[str]) -> bool:
    """Whether most of a sentence was said before: more than half of it in one piece."""
    for earlier in before:
        match = SequenceMatcher(None, said, earlier, autojunk=False).find_longest_match()
        if match.size > max(MIN_REPEATED, len(said) / 2):
            return True
    return False


def _known_text(facts: Facts, lines: tuple[Line, ...]) -> str:
    """All text the model was given about the facts, and the names of what is shown."""
    parts = [line.fallback for line in lines]
    for card in facts.cards:
        sight = card.sight
        parts += [*sight.names, sight.name_en, sight.summary, sight.summary_en, sight.district, *sight.tags]
    for city in facts.cities:
        parts += [*city.names, city.name_en, city.province, city.summary, city.summary_en]
    return " ".join(parts)
