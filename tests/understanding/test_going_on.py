"""Later turns that change the trip which is being planned, and questions in between that must not."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.trip import Trip
from chains.tools.itinerary.understood import understood
from chains.understanding import Intent, TripRequest, Understanding
from chains.understanding.request import State
from chains.understanding.trip import trip_of
from knowledge.catalogue import Catalogue

TODAY = date(2026, 11, 21)
FIRST = "12月5日去青岛玩三天，两个人，预算4000元，一定要去八大关，不吃羊肉"
TABLE = yaml.safe_load((Path(__file__).parent.parent / "data" / "follow_ups.yaml").read_text(encoding="utf-8"))
LEAST_RIGHT = 0.95


@dataclass(frozen=True)
class Talk:
    """A conversation up to its itinerary, without a planner: the plan that stands holds the trip and no days."""

    catalogue: Catalogue
    reader: Understanding

    def trip(self, request: TripRequest) -> Trip:
        """The trip after a turn."""
        if request.change:
            return request.change.trip or self.standing(request)
        return trip_of(request, self.catalogue, TODAY)[0]

    def standing(self, request: TripRequest) -> Trip:
        """The trip as it stood before the turn."""
        assert request.trip
        return request.trip

    def begun(self, text: str = FIRST) -> State:
        """After the first turn."""
        request = self.reader.read(text)
        plan = Plan(trip=trip_of(request, self.catalogue, TODAY)[0], days=(), costs={})
        return State(request, (), plan)

    def lines(self, trip: Trip) -> set[str]:
        """What is understood of a trip."""
        return set(understood(trip, self.name, "zh"))

    def name(self, record: str) -> str:
        """Of a city or a sight."""
        city = self.catalogue.cities.get(record)
        return city.name if city else self.catalogue.get([record])[0].name

    def wrong(self, item: dict[str, Any]) -> str:
        """What is not as the table says; empty where all is."""
        state = self.begun()
        assert state.plan
        request = self.reader.read(item["text"], state)
        if item.get("asks"):
            return "" if request.intent is not Intent.ITINERARY and request.trip == state.plan.trip else f"{request.intent} {request.change}"
        if request.intent is not Intent.ITINERARY:
            return f"read as {request.intent}"
        before, after = self.lines(state.plan.trip), self.lines(self.trip(request))
        plus, minus = set(item.get("plus", ())), set(item.get("minus", ()))
        if (after - before, before - after) != (plus, minus):
            return f"plus {after - before}, minus {before - after}"
        return self._wrong_change(request, item.get("change"))

    def _wrong_change(self, request: TripRequest, wanted: list[Any] | None) -> str:
        change = request.change
        if change is None:
            return "read as a new trip"
        read = [change.kind, *([change.of] if change.kind in {"cheaper", "better"} else []), *change.days, *map(self.name, change.places)]
        return "" if read == (wanted or ["wishes"]) else f"change {read}"


@pytest.fixture(scope="module")
def talk(catalogue: Catalogue) -> Talk:
    """Conversations over the shipped records."""
    return Talk(catalogue, Understanding(catalogue, lambda: TODAY))


def test_later_turns_change_what_they_name_and_nothing_else(talk: Talk) -> None:
    """Of the table's follow-ups at least so many end in the trip they should, with everything stated before."""
    wrong = {item["text"]: found for item in TABLE if (found := talk.wrong(item))}
    share = 1 - len(wrong) / len(TABLE)
    print(f"{len(TABLE) - len(wrong)} of {len(TABLE)} follow-ups right = {share:.1%}")
    assert len(TABLE) >= 40
    assert share >= LEAST_RIGHT, "\n".join(f"{text}: {found}" for text, found in wrong.items())
