"""The facts of one turn: what was looked up before any model speaks. The page draws them at once."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from chains.tools.itinerary.checker import Verdict
from chains.tools.itinerary.plan import Plan
from chains.tools.weather import WeatherReport
from chains.understanding.request import Language, TripRequest
from knowledge.prices import Total
from knowledge.records import Attraction, City, Source


class Kind(StrEnum):
    """What sort of answer the facts allow."""

    SIGHTS = "sights"  # a list of places with prices
    SIGHT_FACT = "sight_fact"  # one fact about named places
    CITY_FACT = "city_fact"  # food, lodging, transport, season or a portrait of a city
    ASK_CITY = "ask_city"  # no city was named
    NOT_FOUND = "not_found"  # the city or place is not in our data, or no sight meets the conditions
    WEATHER = "weather"
    ITINERARY = "itinerary"
    IDENTITY = "identity"
    SMALLTALK = "smalltalk"
    OUT_OF_SCOPE = "out_of_scope"
    UNUSABLE = "unusable"  # empty, negative budget, forty days: the turn itself needs mending


@dataclass(frozen=True)
class Card:
    """One sight as it is shown; its number is also the number of its citation."""

    number: int
    sight: Attraction
    city: City


@dataclass(frozen=True)
class Citation:
    """What stands behind a number in the answer: the record and the source of each of its facts."""

    number: int
    record: str
    name: str
    facts: tuple[tuple[str, Source], ...]  # (fact name, source)
    url: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything the answer may say. `notes` are finished sentences by code; `missing` what we do not know."""

    request: TripRequest
    kind: Kind
    language: Language
    cards: tuple[Card, ...] = ()
    cities: tuple[City, ...] = ()
    day: date | None = None
    total: Total | None = None
    citations: tuple[Citation, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    weather: tuple[WeatherReport, ...] = ()  # one a city
    suggestions: tuple[str, ...] = field(default=())  # names to offer where nothing was found
    plan: Plan | None = None  # of an itinerary; only one that passed the checker
    verdict: Verdict | None = None
