"""What the planner answers: days with stops and legs, costs, what was left out, and what could not be met. Values only.

A plan is a JSON document (`model_dump_json`) that can be imported again; `SCHEMA_VERSION` says which shape it has.
Clock times are minutes after midnight; a clock past 1440 is after midnight of the following day. Money is yuan for the
whole party.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from chains.tools.itinerary.trip import CostKind, IntercityMode, Mode, Trip, Value

SCHEMA_VERSION: Literal[1] = 1
StopKind = Literal["sight", "breakfast", "lunch", "dinner", "hotel", "ride", "rest"]


class Leg(Value):
    """A way to a stop within a city."""

    mode: Mode
    departs: int
    arrives: int
    metres: float
    yuan: float
    source: str = ""


class Stop(Value):
    """Something at a place for a time. `legs` lead to it. `ride` stops lead from city to city."""

    kind: StopKind
    place: str  # id in the travel data; "" for a rest
    name: str
    name_en: str
    city: str
    arrives: int
    departs: int
    legs: tuple[Leg, ...] = ()
    yuan: float | None = 0.0  # None: unknown, not counted
    latitude_deg: float | None = None  # GCJ-02
    longitude_deg: float | None = None
    cuisine: str = ""  # of a meal
    mode: IntercityMode | None = None  # of a ride
    rooms: int = 0  # of a hotel
    locked: bool = False
    source: str = ""


class Day(Value):
    """One day, its stops in order; the last stop is the hotel, except on the last day."""

    number: int = Field(ge=1)
    date: date
    city: str
    stops: tuple[Stop, ...]
    rain_plan: tuple[str, ...] = ()  # ids of indoor sights to go to instead
    rain_names: tuple[str, ...] = ()  # what those are called, for readers without the data
    rain_names_en: tuple[str, ...] = ()
    note: str = ""  # what the weather did to this day
    note_en: str = ""


class LeftOut(Value):
    """A sight that was wished for or is well known and did not make it, and why."""

    place: str
    name: str
    name_en: str
    why: Literal["closed", "no_time", "too_dear", "excluded", "too_far", "weather"]


class Conflict(Value):
    """A condition (its place in `trip.constraints`, or None for the frame) that cannot be met, and the nearest that can.

    `relaxation` says in both languages what would make it possible and what that costs ("预算差 180 元：少住一晚").
    """

    constraint: int | None
    why: str
    why_en: str
    relaxation: str = ""
    relaxation_en: str = ""
    short_yuan: float | None = None
    rule: str = ""  # of the frame, where `constraint` is None: the checker's name of what does not hold
    day: int | None = None  # the day it is about; None for the whole trip


class Plan(Value):
    """The whole answer."""

    version: Literal[1] = SCHEMA_VERSION
    trip: Trip
    days: tuple[Day, ...]
    costs: dict[CostKind, float]
    left_out: tuple[LeftOut, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    unknown_prices: tuple[str, ...] = ()  # names not counted in the costs
    seed: int = 0

    @property
    def total_yuan(self) -> float:
        """Sum of the costs that are known."""
        return sum(self.costs.values())
