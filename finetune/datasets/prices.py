"""Prices in answers against the records: an amount beside a sight's name must be one that its record holds.

Read line by line; a line that names one sight of ours is checked, sums and lines that name none or several are not.
Not covered: hours, and prices of meals and rooms.
"""

import re
from collections.abc import Iterable

from knowledge.catalogue import Catalogue
from knowledge.records import Attraction

_YUAN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:元|块|yuan\b|rmb\b)", re.IGNORECASE)
_FREE = re.compile(r"（免费）|免费开放|不要门票|\(free\)|free of charge|is free\b", re.IGNORECASE)
_SUM = re.compile(r"^\s*(?:合计|Total|预算|Budget)|吃住|每餐|每晚|Living costs|per night|a meal", re.IGNORECASE)


class PriceCheck:
    """Finds amounts that no record of the named sight holds."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def wrong(self, answer: str) -> list[str]:
        """A sentence for every contradiction."""
        return [text for line in answer.split("\n") if not _SUM.search(line) for text in self._line(line)]

    def _line(self, line: str) -> Iterable[str]:
        mentions = self._catalogue.sight_names.find(line)
        if len({mention.ids for mention in mentions}) != 1:
            return
        sights = self._catalogue.get(mentions[0].ids)
        held = {amount for sight in sights for amount in amounts(sight)}
        if not held:
            return
        for said in map(float, _YUAN.findall(line)):
            if said not in held:
                yield f"{mentions[0].text}: {said:g} yuan is no price of its record ({', '.join(f'{amount:g}' for amount in sorted(held))})"
        if _FREE.search(line) and 0 not in held:
            yield f"{mentions[0].text} is not free, its record says {', '.join(f'{amount:g}' for amount in sorted(held))}"


def amounts(sight: Attraction) -> set[float]:
    """Every amount in yuan that a sight's record holds, sums of admission and required extras too; empty where the price is unknown."""
    ticket = sight.ticket
    if ticket is None or ticket.adult_yuan is None:
        return set()
    admissions = {amount for amount in (ticket.adult_yuan, ticket.low_yuan) if amount is not None}
    required = sum(extra.yuan for extra in ticket.extras if extra.required)
    single = admissions | {extra.yuan for extra in ticket.extras} | ({ticket.student_yuan} if ticket.student_yuan is not None else set())
    noted = {float(number) for number in _YUAN.findall(f"{ticket.note} {ticket.note_en} {sight.summary}")}
    return single | noted | {amount + required for amount in admissions}
