"""Rows that teach the model to know by heart: a question about a sight without its facts, answered with the record.

One line tells all of a record, whatever was asked, so that six kinds of question drill the same few words: half a
billion weights learn some hundred such lines, not thousands. Invented names are answered with "not known". In the chat
nothing depends on this: there every figure still comes from the record in the prompt, and the guard compares them.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from random import Random

from chains import prompts, wording
from chains.understanding.request import Language
from finetune.datasets.coinage import Coiner, place_kinds, wordlist
from finetune.datasets.evaluation import essence
from finetune.datasets.rows import Row
from knowledge.accuracy.answers import answer_of
from knowledge.catalogue import Filter
from knowledge.library import Library
from knowledge.records import Attraction, City, Hours
from knowledge.spellings import in_letters

MEMORY = "memory"
KINDS = {"ticket": "price", "hours": "hours", "closed": "closed", "visit_time": "duration", "level": "level", "location": "where"}
TELLINGS = len(KINDS)  # how often each record is told in each language
UNKNOWN_SHARE = 0.1
ALIAS_SHARE = 0.3
MOST_PERIODS = 2
_UNKNOWN: dict[Language, str] = {"zh": "{name}：没有找到这个地方的资料，不敢乱说。", "en": "{name}: I know of no such place, so I would rather not guess."}


def memory_rows(library: Library, languages: tuple[Language, ...], rng: Random, most: int, forbidden: frozenset[str]) -> list[Row]:
    """At most `most` rows: the best known sights, as many as can be told `TELLINGS` times in each language, and some that do not exist."""
    unknown = round(most * UNKNOWN_SHARE)
    sights = _best_known(library)[: (most - unknown) // (TELLINGS * len(languages))]
    rows = [row for sight in sights for language in languages
            for row in _told(sight, library.catalogue.cities[sight.city], language, rng, forbidden)]
    rows += islice(_unknown(library, languages, rng, forbidden), unknown)
    rng.shuffle(rows)
    return rows[:most]


def record_line(sight: Attraction, city: City, language: Language) -> str:
    """What the record holds, in one line: level, district, price, hours, closing day, length of a visit."""
    name, chinese = wording.name_of(sight, language), language == "zh"
    level = sight.grade.level if sight.grade else ""
    place = f"{city.name}{sight.district}" if chinese else ", ".join(filter(None, (_romanised(sight.district), city.name_en)))
    frame = [(f"国家{level}级景区" if chinese else f"rated {level}") if level else "", place]
    parts = [_price(sight, language), _hours(sight.hours, language)]
    parts.append(("建议游览" if chinese else "allow ") + wording.visit_words(sight.visit, language) if sight.visit else "")
    joined = ("；" if chinese else "; ").join(filter(None, parts))
    return f"{name}（{'，'.join(filter(None, frame))}）：{joined}。" if chinese else f"{name} ({', '.join(filter(None, frame))}): {joined}."


def _price(sight: Attraction, language: Language) -> str:
    if sight.ticket is None or sight.ticket.adult_yuan is None:
        return ""
    return ("门票" if language == "zh" else "tickets ") + wording.price_words(sight.ticket, language)


def _hours(hours: Hours | None, language: Language) -> str:
    """Opening spans and the closing day without remarks; where seasons make it long, the closing day alone."""
    if hours is None:
        return ""
    spans = tuple(replace(period, last_entry_minute=None) for period in hours.periods)
    bare = hours.model_copy(update={"note": "", "note_en": "", "periods": spans})
    if not 0 < len(hours.periods) <= MOST_PERIODS:
        return wording.closed_words(bare, language)
    closed = () if hours.closed_weekdays else (wording.closed_words(bare, language),)
    return ("，" if language == "zh" else ", ").join((wording.hours_words(bare, language), *closed))


def _romanised(district: str) -> str:
    return in_letters(district[:-1] if len(district) > 2 and district[-1] in "区县市" else district).title()


def _best_known(library: Library) -> list[Attraction]:
    """Sights that have a level, the highest first, then as their cities rank them."""
    held = [(sight.grade.level, -sight.rank, sight) for sight in library.catalogue.find(Filter()) if sight.grade]
    return [sight for *_, sight in sorted(held, key=lambda each: each[:2], reverse=True)]


def _told(sight: Attraction, city: City, language: Language, rng: Random, forbidden: frozenset[str]) -> Iterator[Row]:
    """One question of each kind the record can answer, each answered with the whole line."""
    line = record_line(sight, city, language)
    for topic, kind in KINDS.items():
        names = sight.names if language == "zh" and rng.random() < ALIAS_SHARE else (wording.name_of(sight, language),)
        question = _question(topic, rng.choice(names), city, language, rng)
        right = answer_of(kind, sight, city, question)
        if right and right.matches(line) and essence(question) not in forbidden:
            yield _row(question, line, language, sight.id, (sight.id,))


def _unknown(library: Library, languages: tuple[Language, ...], rng: Random, forbidden: frozenset[str]) -> Iterator[Row]:
    """Questions about invented sights in real cities."""
    coiner = Coiner(rng, set())
    cities = list(library.catalogue.cities.values())
    for language in cycle(languages):
        city = rng.choice(cities)
        name = coiner.sight(rng.choice(place_kinds()), (city.name, city.name_en))[language == "en"]
        question = _question(rng.choice(list(KINDS)), name, city, language, rng)
        if essence(question) not in forbidden:
            yield _row(question, _UNKNOWN[language].format(name=name), language, name, ())


def _question(topic: str, name: str, city: City, language: Language, rng: Random) -> str:
    words = wordlist("questions.yaml")[language][topic]
    return str(rng.choice(words)).format(sight=name, city=wording.name_of(city, language))


def _row(question: str, answer: str, language: Language, group: str, records: tuple[str, ...]) -> Row:
    system, asked = prompts.closed_book(language, question)
    messages = ({"role": "system", "content": str(system.content)}, {"role": "user", "content": str(asked.content)}, {"role": "assistant", "content": answer})
    return Row(messages, MEMORY, language, group, records, not records)
