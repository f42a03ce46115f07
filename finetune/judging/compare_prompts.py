"""Prompts to put to models, each with the lines its answer must have and the guard that checks them.

Questions are taken through the path that serves (understand, gather, outline, prompt). Of held-out rows only the prompt
is known: lines and guard are read off its facts block, with the shipped record where the row names one that bears the
name. Not covered: general rows without facts, which have no lines to check.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from langchain_core.messages import BaseMessage

from chains import prompts
from chains.facts import Card, Facts, Kind
from chains.gather import Gatherer
from chains.guard import Guard
from chains.outline import Line, Part, outline
from chains.understanding import Intent, TripRequest, Understanding
from chains.understanding.request import Language, State
from chains.wording import name_of
from finetune.judging.predict import HeldOut
from finetune.judging.task import ITEM, facts_of, lines_of
from knowledge.errors import InputError
from knowledge.library import Library
from knowledge.records import Attraction, City, Position, Ticket

REASON: dict[Language, tuple[int, int]] = {"zh": (4, 40), "en": (10, 120)}  # characters, as `chains.outline` allows
SENTENCE: dict[Language, tuple[int, int]] = {"zh": (6, 44), "en": (12, 130)}
_QUESTION = re.compile(r"</(?:资料|facts)>\n(?:问题：|Question: )(.*)", re.DOTALL)
_TOTAL = ("合计：", "Total: ")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_NO_PLACE = City(id="", name="", name_en="", province="", position=Position(latitude_deg=35, longitude_deg=105, source=""), source="")


@dataclass(frozen=True)
class Prompt:
    """A question as the model reads it; `lines` are those it has to write, none where no facts say what they are."""

    number: int
    question: str
    asked: tuple[BaseMessage, ...]
    reference: str
    lines: tuple[Line, ...] = ()
    guard: Guard | None = None

    @property
    def text(self) -> str:
        """What the user message says, facts and all."""
        return str(self.asked[-1].content)


def read_questions(path: Path) -> list[str]:
    """The questions of a file, one a line; raises `InputError` where there are none."""
    try:
        found = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(f"{path} cannot be read ({why}); give a text file with one question a line") from error
    if not any(found):
        raise InputError(f"{path} holds no question; write one a line")
    return [line for line in found if line]


def of_questions(questions: Iterable[str], library: Library, today: Callable[[], date] = date.today) -> tuple[list[Prompt], list[str]]:
    """The prompts serving would send for these questions asked afresh, and the questions that code answers alone."""
    understanding, gatherer = Understanding(library.catalogue, today), Gatherer(library, today)
    made: list[Prompt] = []
    by_code = []
    for question in questions:
        facts = gatherer.gather(understanding.read(question, State()), State())
        lines = outline(facts)
        mine = tuple(line for line in lines if not line.by_code)
        if not mine:
            by_code.append(question)
            continue
        guard = Guard(facts, lines, library.catalogue, library.vocabulary)
        reference = "\n".join(line.fallback for line in mine)
        made.append(Prompt(len(made) + 1, question, tuple(prompts.messages(facts, lines)), reference, mine, guard))
    return made, by_code


def of_rows(rows: Iterable[HeldOut], library: Library) -> list[Prompt]:
    """The prompts of held-out rows as they stand."""
    return [_of_row(number, row, library) for number, row in enumerate(rows, start=1)]


def _of_row(number: int, row: HeldOut, library: Library) -> Prompt:
    asked, reference = tuple(row.asked), row.messages[-1]["content"]
    text = row.messages[-2]["content"]
    facts, question = facts_of(text), _QUESTION.search(text)
    if not (facts and question):
        return Prompt(number, text, asked, reference)
    language: Language = "zh" if "<资料>" in text else "en"
    lines = _lines(facts, lines_of(reference), _cards(facts, row, library, language), language)
    known = _facts(question[1], language, lines, row, library)
    return Prompt(number, question[1], asked, reference, lines, Guard(known, lines, library.catalogue, library.vocabulary))


def _facts(question: str, language: Language, lines: tuple[Line, ...], row: HeldOut, library: Library) -> Facts:
    cards = tuple(line.card for line in lines if line.card)
    ids = dict.fromkeys([*(card.sight.city for card in cards), *row.provenance, *(sight.city for sight in library.catalogue.get(row.provenance))])
    cities = tuple(library.catalogue.cities[city] for city in ids if city in library.catalogue.cities)
    return Facts(TripRequest(question, language, Intent.RECOMMEND), Kind.SIGHTS, language, cards=cards, cities=cities)


def _lines(facts: list[str], reference: list[str], cards: dict[str, Card], language: Language) -> tuple[Line, ...]:
    """The facts in their order, then as many sentences of its own as the reference has beyond them."""
    lines = [Line(Part.ITEM, item[0], fact, REASON[language], card=cards[item["number"]]) if (item := ITEM.match(fact))
             else Line(Part.TOTAL if fact.startswith(_TOTAL) else Part.FACT, fact, fact) for fact in facts]
    own = reference[len(facts):]
    parts = [Part.ADVICE] * (len(own) - 1) + [Part.CLOSING] * bool(own)
    return (*lines, *(Line(part, "", text, SENTENCE[language]) for part, text in zip(parts, own, strict=True)))


def _cards(facts: list[str], row: HeldOut, library: Library, language: Language) -> dict[str, Card]:
    """A sight for each numbered line: the shipped record of that name, else what the line itself says."""
    known = {name_of(sight, language): sight for sight in library.catalogue.get(row.provenance)}
    cards = {}
    for fact in facts:
        item = ITEM.match(fact)
        if item:
            sight = known.get(item["name"]) or _as_written(item, fact, language)
            cards[item["number"]] = Card(int(item["number"]), sight, library.catalogue.cities.get(sight.city, _NO_PLACE))
    return cards


def _as_written(item: re.Match[str], fact: str, language: Language) -> Attraction:
    """A sight that holds what the prompt says of it, for invented ones."""
    words, prices = fact[item.end():], [float(figure) for figure in _FIGURE.findall(item["price"])]
    seasonal = item["price"].startswith(("旺季", "peak")) and len(prices) > 1
    free = item["price"] in ("免费", "free")
    ticket = Ticket(adult_yuan=0 if free else prices[0], low_yuan=prices[1] if seasonal else None, source="") if free or prices else None
    return Attraction(
        id=f"row-{item['number']}", city="", rank=max(1, int(item["number"])), name=item["name"], name_en=item["name"], ticket=ticket,
        summary=words if language == "zh" else "", summary_en=words if language == "en" else "",
    )
