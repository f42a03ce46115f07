"""What was understood of one turn. Values only; ids are those of the catalogue."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.trip import Trip
from chains.understanding.changes import Change

Language = Literal["zh", "en"]
BudgetScope = Literal["party", "person", "day"]


class Intent(StrEnum):
    """What the traveller wants from this turn."""

    RECOMMEND = "recommend"
    FACT = "fact"
    ITINERARY = "itinerary"
    WEATHER = "weather"
    IDENTITY = "identity"
    SMALLTALK = "smalltalk"
    OUT_OF_SCOPE = "out_of_scope"


class Topic(StrEnum):
    """Which fact is asked for: of a sight, or (the last four) of a city."""

    TICKET = "ticket"
    HOURS = "hours"
    CLOSED = "closed"
    VISIT_TIME = "visit_time"
    LEVEL = "level"
    LOCATION = "location"
    BOOKING = "booking"
    DISCOUNT = "discount"
    ABOUT = "about"
    FOOD = "food"
    LODGING = "lodging"
    TRANSPORT = "transport"
    SEASON = "season"


CITY_TOPICS = frozenset({Topic.FOOD, Topic.LODGING, Topic.TRANSPORT, Topic.SEASON})


@dataclass(frozen=True)
class Party:
    """Who travels; elders are counted apart from adults."""

    adults: int = 0
    children: int = 0
    elders: int = 0

    @property
    def size(self) -> int:
        """Everybody together."""
        return self.adults + self.children + self.elders


@dataclass(frozen=True)
class Budget:
    """A spending limit as said: for the whole party, for each person, or for each person and day."""

    yuan: float
    scope: BudgetScope = "party"


@dataclass(frozen=True)
class When:
    """Days and dates as far as they were said."""

    days: int | None = None
    start: date | None = None
    end: date | None = None
    holiday: str | None = None
    month: int | None = None


@dataclass(frozen=True)
class Wishes:
    """What kinds of sights are wanted and not; tags of `knowledge.tags` plus 美食."""

    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    free_only: bool = False
    max_ticket_yuan: float | None = None
    min_level: int = 0


@dataclass(frozen=True)
class TripRequest:
    """One turn, understood; with the conversation's state already filled in."""

    text: str
    language: Language
    intent: Intent
    topic: Topic | None = None
    beside: tuple[Topic, ...] = ()  # facts of the same sights that are asked for as well
    cities: tuple[str, ...] = ()
    unknown_cities: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    unknown_places: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    when: When = field(default_factory=When)
    party: Party | None = None
    budget: Budget | None = None
    wishes: Wishes = field(default_factory=Wishes)
    more: bool = False  # "what else?": leave out what was already shown
    misspelt: tuple[str, ...] = ()  # names that were read by sound or shape
    change: Change | None = None  # of the itinerary that stands
    trip: Trip | None = None  # the trip that is being planned, with every condition stated so far; questions carry it on


@dataclass(frozen=True)
class State:
    """What a conversation carries from turn to turn: the last request and the sights shown so far."""

    last: TripRequest | None = None
    shown: tuple[str, ...] = ()
    plan: Plan | None = None  # the itinerary that was shown last

    @property
    def trip(self) -> Trip | None:
        """The trip that is being planned, as far as it stands after the last turn."""
        return self.plan.trip if self.plan else self.last.trip if self.last else None
