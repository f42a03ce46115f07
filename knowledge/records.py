"""The records everything else speaks of: cities, attractions and the facts they carry.

Every fact block carries the id of the source it was taken from (`Source`, listed in
``data/sources.yaml``), so that any price or opening hour on the screen can be opened and traced.
Money is in yuan for one person unless a name says otherwise, times are minutes, positions degrees.
A value of None means that we do not know it: it is said to be unknown, never guessed.
"""

import hashlib
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from knowledge.seasons import OpeningPeriod, Season, parse_period, parse_season

Level = Literal["5A", "4A", "3A", "2A", "1A"]
Booking = Literal["required", "advised", "none"]
Setting = Literal["indoor", "outdoor", "mixed"]
Yuan = Annotated[float, Field(ge=0, le=20000)]


def _season(value: object) -> object:
    return parse_season(value) if isinstance(value, str) else value


def _periods(value: object) -> object:
    if isinstance(value, list):
        return tuple(parse_period(item) if isinstance(item, str) else item for item in value)
    return value


class Record(BaseModel):
    """A frozen value; unknown fields in a data file are errors, not silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Source(Record):
    """Where facts come from: shown to the reader beside every price."""

    id: str
    label: str
    label_en: str
    year: int
    note: str = ""


class Datum(StrEnum):
    """Geodetic datum of a coordinate pair; Chinese map services shift WGS-84 to GCJ-02."""

    GCJ02 = "GCJ-02"
    WGS84 = "WGS-84"
    BD09 = "BD-09"


class Position(Record):
    """A point on the ground; `approximate` marks one placed by hand from memory of the map."""

    latitude_deg: float = Field(ge=3, le=54)
    longitude_deg: float = Field(ge=73, le=136)
    datum: Datum = Datum.GCJ02
    approximate: bool = False
    source: str


class Extra(Record):
    """A charge beside the admission ticket: shuttle bus, cable car, boat."""

    name: str
    name_en: str
    yuan: Yuan
    required: bool = False


class Ticket(Record):
    """Admission for one adult, and who pays less.

    `adult_yuan` holds in the peak season, `low_yuan` outside `peak`; 0 is free, None unknown.
    """

    adult_yuan: Yuan | None = None
    low_yuan: Yuan | None = None
    peak: Annotated[Season | None, BeforeValidator(_season)] = None
    student_yuan: Yuan | None = None
    senior_free_age: int | None = Field(default=None, ge=55, le=80)
    child_free_cm: int | None = Field(default=None, ge=80, le=160)
    booking: Booking | None = None
    extras: tuple[Extra, ...] = ()
    note: str = ""
    note_en: str = ""
    source: str


class Hours(Record):
    """Opening periods, weekly closing days (Monday = 1) and what else a visitor must know."""

    periods: Annotated[tuple[OpeningPeriod, ...], BeforeValidator(_periods)] = ()
    closed_weekdays: tuple[int, ...] = ()
    note: str = ""
    note_en: str = ""
    source: str


class Visit(Record):
    """How long people stay, in minutes."""

    minutes_min: int = Field(ge=10, le=4320)
    minutes_max: int = Field(ge=10, le=4320)
    source: str


class Grade(Record):
    """The national A rating of a scenic area."""

    level: Level
    source: str


class Rating(Record):
    """How visitors of a travel site judged the place (0 to 5) and how many wrote a review."""

    score: float | None = Field(default=None, ge=0, le=5)
    reviews: int | None = Field(default=None, ge=0)
    source: str


class Attraction(Record):
    """One place worth a visit. `rank` is its place in its city's list, 1 for the best known.

    `part_of` is the id of a sight of the same city that it lies in and is seen with: it is reached through that one's
    gate or on its ticket, or stands within it. A data file gives the name. Places in open country have none.
    `known_for` is what people say who have forgotten the name (legends, films, poems, what is shown, what it looks like):
    it is searched and never shown.
    """

    id: str
    city: str
    rank: int = Field(ge=1)
    name: str
    name_en: str
    part_of: str | None = None
    aliases: tuple[str, ...] = ()
    district: str = ""
    address: str = ""
    position: Position | None = None
    grade: Grade | None = None
    ticket: Ticket | None = None
    hours: Hours | None = None
    visit: Visit | None = None
    rating: Rating | None = None
    tags: tuple[str, ...] = ()
    setting: Setting = "outdoor"
    summary: str = ""
    summary_en: str = ""
    known_for: str = ""
    known_for_en: str = ""
    url: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it answers to, the main one first."""
        return (self.name, *self.aliases)

    def facts(self) -> dict[str, str]:
        """Fact name to source id, for the facts that are present."""
        blocks = {"position": self.position, "level": self.grade, "ticket": self.ticket,
                  "hours": self.hours, "visit": self.visit, "rating": self.rating}
        return {name: block.source for name, block in blocks.items() if block is not None}


class PriceBand(Record):
    """A usual price span in yuan; per person for meals, per room and night for lodging."""

    tier: Literal["budget", "comfort", "upscale"]
    low_yuan: Yuan
    high_yuan: Yuan


class Dish(Record):
    """Something to eat, and the kind of place or street where locals go for it."""

    name: str
    name_en: str
    where: str = ""
    where_en: str = ""


class Area(Record):
    """A quarter to stay in, and what speaks for it."""

    name: str
    name_en: str
    why: str = ""
    why_en: str = ""


class City(Record):
    """A city as a traveller needs it; prices are usual spans, not offers."""

    id: str
    name: str
    name_en: str
    province: str
    aliases: tuple[str, ...] = ()
    position: Position
    best_months: tuple[int, ...] = ()
    summary: str = ""
    summary_en: str = ""
    transport: str = ""
    transport_en: str = ""
    dishes: tuple[Dish, ...] = ()
    meals: tuple[PriceBand, ...] = ()
    lodging: tuple[PriceBand, ...] = ()
    areas: tuple[Area, ...] = ()
    source: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it answers to, the main one first."""
        return (self.name, *self.aliases)


def attraction_id(city: str, name: str) -> str:
    """Stable id of a sight: ``city-xxxxxxxx``, the first eight hex digits of its name's SHA-256."""
    return f"{city}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
