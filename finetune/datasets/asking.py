"""Training questions and their facts, gathered by the very path that serves: understand, gather, outline.

A question whose facts are of another kind than it was made for is left out and counted. Not covered: the answers.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from chains.facts import Facts, Kind
from chains.gather import Gatherer
from chains.outline import Line, Part, outline
from chains.prompts import MAX_QUESTION_CHARS
from chains.understanding import Understanding
from chains.understanding.request import Language, State
from finetune.datasets.coinage import wordlist
from finetune.datasets.evaluation import essence
from finetune.datasets.world import World
from knowledge.records import Attraction, City
from knowledge.tags import TAGS

FIRST_DAY = date(2026, 1, 1)
SIGHT_TOPICS = ("ticket", "ticket", "hours", "hours", "closed", "visit_time", "level", "location", "transport_sight", "booking", "discount", "about")
CITY_TOPICS = ("food", "food", "lodging", "transport_city", "season", "about_city")
ANSWERED = frozenset({Kind.SIGHTS, Kind.SIGHT_FACT, Kind.CITY_FACT, Kind.ITINERARY})
EXPECTED = {
    "recommend": {Kind.SIGHTS}, "two_cities": {Kind.SIGHTS}, "sight_fact": {Kind.SIGHT_FACT}, "city_fact": {Kind.CITY_FACT},
    "itinerary": {Kind.ITINERARY}, "weather": {Kind.WEATHER}, "refusal": {Kind.ASK_CITY, Kind.NOT_FOUND}, "follow_up": ANSWERED,
}
_OPENERS = {"zh": ("请问", "你好，", "麻烦问下，", "想问一下，"), "en": ("Hi, ", "Hello! ", "Please, ", "Quick question: ")}


@dataclass(frozen=True)
class Turn:
    """A question taken as far as its outline."""

    facts: Facts
    lines: tuple[Line, ...]
    group: str


@dataclass
class Asker:
    """Asks about the cities of one split; `missed` counts questions that were understood otherwise."""

    world: World
    split: str
    rng: Random
    forbidden: frozenset[str]
    missed: Counter[str] = field(default_factory=Counter)
    day: date = FIRST_DAY

    def __post_init__(self) -> None:
        library = self.world.library
        self._understanding = Understanding(library.catalogue, lambda: self.day)
        self._gatherer = Gatherer(library, lambda: self.day)
        self._allowed = self.world.cities(self.split)

    def turn(self, kind: str, language: Language, *, real: bool) -> Turn | None:
        """A turn of a kind about a real or an invented city, or None where the question missed."""
        self.day = FIRST_DAY + timedelta(days=self.rng.randrange(730))
        cities = (self.world.real if real else self.world.invented)[self.split]
        place = self.rng.randrange(len(cities))
        pair = [cities[place], cities[place ^ 1 if place ^ 1 < len(cities) else place - 1]]  # always the same two together
        known = self.world.library.catalogue.cities
        city, other = (known[city] for city in pair)
        facts = self._facts(kind, language, city, other)
        if facts is None or facts.kind not in EXPECTED[kind] or not self._within(facts) or not _whole(facts):
            self.missed[kind] += 1
            return None
        lines = _spoken(outline(facts), facts)
        both = {card.city.id for card in facts.cards} | {each.id for each in facts.cities}
        return Turn(facts, lines, "+".join(sorted(both)) or city.id)

    def _facts(self, kind: str, language: Language, city: City, other: City) -> Facts | None:
        sights = self.world.sights.get(city.id, [])
        if not sights:
            return None
        sight = self.rng.choice(sights)
        if kind == "follow_up":
            return self._follow_up(language, city, other, sight)
        key = _template_key(kind, self.rng)
        text = self._question(key, language, city, other, sight)
        facts = self._gather(text, State()) if text else None
        asked = facts.request.topic if facts else None
        return facts if kind not in ("sight_fact", "city_fact") or (asked and key.startswith(asked.value)) else None

    def _follow_up(self, language: Language, city: City, other: City, sight: Attraction) -> Facts | None:
        """A second question that leans on a first one."""
        about_sight = self.rng.random() < 0.5
        first = self._question(self.rng.choice(SIGHT_TOPICS) if about_sight else "recommend", language, city, other, sight)
        before = self._gather(first, State()) if first else None
        if before is None or before.kind not in ANSWERED:
            return None
        text = self._question("after_fact" if about_sight else "after_recommend", language, city, other, self.rng.choice(self.world.sights[city.id]))
        state = State(before.request, tuple(card.sight.id for card in before.cards))
        return self._gather(text, state) if text else None

    def _question(self, key: str, language: Language, city: City, other: City, sight: Attraction) -> str:
        """A filled template, or nothing where it stands in an evaluation."""
        words = wordlist("questions.yaml")[language]
        tag = self.rng.choice(sight.tags or ("公园",))
        chinese = language == "zh"
        text = str(self.rng.choice(words[key])).format(
            city=city.name if chinese else city.name_en, city2=other.name if chinese else other.name_en,
            sight=sight.name if chinese else sight.name_en, tag=tag if chinese else TAGS.get(tag, tag) + "s",
            unknown=self.rng.choice(wordlist("coinage.yaml")["unknown_zh" if chinese else "unknown_en"]),
        )
        text = self.rng.choice(_OPENERS[language]) + text if self.rng.random() < 0.12 else text
        if not chinese and self.rng.random() < 0.1:
            text = text.rstrip("?")
        return "" if essence(text) in self.forbidden else text

    def _gather(self, text: str, state: State) -> Facts:
        return self._gatherer.gather(self._understanding.read(text, state), state)

    def _within(self, facts: Facts) -> bool:
        """Whether an answer names cities of this split only, whatever the question drew in."""
        named = {card.city.id for card in facts.cards} | {city.id for city in facts.cities} | set(facts.request.cities)
        catalogue = self.world.library.catalogue
        text = " ".join((*facts.suggestions, *(line.fallback for line in outline(facts))))
        mentioned = {city for mention in catalogue.city_main_names.find(text) for city in mention.ids}
        suggested = [mention.ids for name in facts.suggestions for mention in catalogue.sight_names.find(name)]
        known = all(any(record.rpartition("-")[0] in self._allowed for record in ids) for ids in suggested)
        return named | mentioned <= self._allowed and known


def _template_key(kind: str, rng: Random) -> str:
    topics = {"sight_fact": SIGHT_TOPICS, "city_fact": CITY_TOPICS, "refusal": ("ask_city", "not_found", "not_found"), "two_cities": ("recommend_two",)}
    return rng.choice(topics.get(kind, (kind,)))


def _whole(facts: Facts) -> bool:
    """Whether the model reads every line whole: what is cut in the prompt cannot be copied."""
    return all(len(line.fallback) <= MAX_QUESTION_CHARS and "<" not in line.fallback for line in outline(facts))


def _spoken(lines: tuple[Line, ...], facts: Facts) -> tuple[Line, ...]:
    """Where code says everything (weather, nothing found) the same lines become facts to copy, so that the model learns it too."""
    if any(not line.by_code for line in lines):
        return lines
    copied = tuple(replace(line, part=Part.FACT, by_code=False) for line in lines)
    if facts.kind is not Kind.WEATHER:
        return copied
    fallback = "祝你玩得开心。" if facts.language == "zh" else "Enjoy your trip."
    return (*copied, Line(Part.CLOSING, "", fallback, (6, 44) if facts.language == "zh" else (12, 130)))
