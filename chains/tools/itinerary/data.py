"""What the planner plans with: a small protocol that any data set can implement. Values and one interface.

The built-in implementation over the catalogue is `builtin.CatalogueData`; a foreign data set needs these five methods
and nothing of ours. Money is yuan for one person where the name says so. What a source does not know is None, and the
planner then says so; estimates are marked as such by their `source`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from chains.tools.itinerary.trip import IntercityMode, Mode, RoomType

Meal = Literal["breakfast", "lunch", "dinner"]


@dataclass(frozen=True)
class Point:
    """Degrees, GCJ-02."""

    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True)
class OpenSpan:
    """Opening and closing of one day in minutes after midnight; `last_entry` is the latest arrival."""

    opens: int
    closes: int
    last_entry: int | None = None


@dataclass(frozen=True)
class Sight:
    """A place to visit. Unknown ticket: None; it then counts as 0 and is named as not counted.

    `part_of` is the id of a sight of the same city that it lies in: a visit there sees both.
    """

    id: str
    name: str
    name_en: str
    city: str
    point: Point | None
    visit_minutes: int
    value: float  # how much it is worth a visit, 0 to 100, before likes, season and weather
    tags: tuple[str, ...] = ()
    indoor: bool = False
    free: bool = False
    source: str = ""
    part_of: str | None = None


@dataclass(frozen=True)
class Restaurant:
    """A place, street or kind of place to eat. Without a point it is found near wherever one is."""

    id: str
    name: str
    name_en: str
    city: str
    cuisine: str  # what is eaten: not the same twice a day
    meals: tuple[Meal, ...]
    yuan_per_person: float
    point: Point | None = None
    opens: OpenSpan | None = None  # None: open at every meal time
    source: str = ""
    light: bool = False  # a drink or something sweet: a meal only where it is asked for


@dataclass(frozen=True)
class Lodging:
    """A hotel, or a quarter and price band to look for one in."""

    id: str
    name: str
    name_en: str
    city: str
    tier: Literal["budget", "comfort", "upscale"]
    yuan_per_room: float  # one night
    beds_per_room: int = 2
    room_types: tuple[RoomType, ...] = ("double", "twin")
    features: tuple[str, ...] = ()
    area: str = ""
    point: Point | None = None
    source: str = ""


@dataclass(frozen=True)
class Ride:
    """A way between two cities: a timetabled one has its clock times, an estimate leaves when the planner likes."""

    id: str
    mode: IntercityMode
    origin: str
    destination: str
    minutes: int
    yuan_per_person: float
    departs: int | None = None  # minutes after midnight
    name: str = ""
    source: str = ""


@dataclass(frozen=True)
class Way:
    """A way within a city, from door to door."""

    mode: Mode
    minutes: int
    metres: float
    yuan: float  # for the whole party
    source: str = ""


class TravelData(Protocol):
    """Where the planner's facts come from."""

    def sights(self, city: str) -> Sequence[Sight]:
        """All sights of a city."""

    def open_span(self, sight: str, day: date) -> OpenSpan | None:
        """When a sight (id) is open on that date; None: closed all day. Unknown hours: a usual span, which the source must mark."""

    def ticket_yuan(self, sight: str, day: date, adults: int, children: int, elders: int) -> float | None:
        """Admission for the party on that date; 0 free, None unknown."""

    def restaurants(self, city: str) -> Sequence[Restaurant]:
        """All places to eat of a city."""

    def lodgings(self, city: str) -> Sequence[Lodging]:
        """All places to sleep of a city."""

    def rides(self, origin: str, destination: str, day: date) -> Sequence[Ride]:
        """Ways between two cities on that date."""

    def way(self, start: Point, end: Point, mode: Mode, clock: int, people: int) -> Way | None:
        """The way by that mode at that time of day; None where the mode does not go there."""
