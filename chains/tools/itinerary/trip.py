"""What is asked of the planner: a trip, and every condition that must hold in it. Values only.

Clock times are minutes after midnight, days are counted from 1, money is yuan for the whole party and the whole trip
unless the name says otherwise. Each condition keeps the traveller's own words (`said`), so that what was understood
can be shown and corrected. What is not covered: booking, and travel outside China.
"""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Pace = Literal["relaxed", "moderate", "packed"]
Mode = Literal["walk", "metro", "bus", "taxi"]
IntercityMode = Literal["train", "plane", "coach"]
CostKind = Literal["tickets", "food", "lodging", "local", "intercity"]
RoomType = Literal["single", "double", "twin", "family"]
Clock = Annotated[int, Field(ge=0, le=24 * 60)]
MAX_DAYS = 30


class Value(BaseModel):
    """A frozen value; unknown fields in an imported file are errors, not silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Value):
    """Something that must hold; `said` are the traveller's words, empty where a form was filled in."""

    said: str = ""


class BudgetAtMost(Condition):
    """Spend no more than this on one kind of cost, or on everything."""

    kind: Literal["budget"] = "budget"
    of: CostKind | Literal["total"] = "total"
    yuan: float = Field(gt=0)


class Rooms(Condition):
    """How many rooms, and of which type; None leaves it to the planner."""

    kind: Literal["rooms"] = "rooms"
    count: int | None = Field(default=None, ge=1, le=50)
    type: RoomType | None = None


class IntercityBy(Condition):
    """Between cities only by these."""

    kind: Literal["intercity_by"] = "intercity_by"
    modes: tuple[IntercityMode, ...]


class LocalBy(Condition):
    """Within a city only by these; walking short ways is always allowed unless it is left out by name."""

    kind: Literal["local_by"] = "local_by"
    modes: tuple[Mode, ...]


class Eat(Condition):
    """At least one meal matches one of these names of cuisines, dishes or restaurants; none, where avoided."""

    kind: Literal["eat"] = "eat"
    any_of: tuple[str, ...]
    avoid: bool = False


class SightKind(Condition):
    """At least one sight carries one of these tags (`knowledge.tags`); none, where avoided."""

    kind: Literal["sight_kind"] = "sight_kind"
    any_of: tuple[str, ...]
    avoid: bool = False


class Visit(Condition):
    """One of these sights (ids) is visited; none of them, where avoided."""

    kind: Literal["visit"] = "visit"
    any_of: tuple[str, ...]
    avoid: bool = False


class AtPlace(Condition):
    """How a sight (id) is visited, if it is: arriving no earlier, leaving no later, on which day, how long."""

    kind: Literal["at_place"] = "at_place"
    place: str
    not_before: Clock | None = None
    not_after: Clock | None = None
    day: int | None = Field(default=None, ge=1, le=MAX_DAYS)
    least_minutes: int | None = Field(default=None, ge=1, le=24 * 60)


class Hotel(Condition):
    """Every night's hotel: name, feature, area or price per room and night, as far as given."""

    kind: Literal["hotel"] = "hotel"
    names: tuple[str, ...] = ()
    features: tuple[str, ...] = ()  # all of them
    areas: tuple[str, ...] = ()  # one of them
    tiers: tuple[Literal["budget", "comfort", "upscale"], ...] = ()  # one of them
    least_yuan: float | None = None
    most_yuan: float | None = None
    avoid: bool = False  # names and features not wanted


class HotelNear(Condition):
    """Every night's hotel in the place's city lies within so many metres of it, as the crow flies."""

    kind: Literal["hotel_near"] = "hotel_near"
    place: str
    metres: float = Field(gt=0)


class WalkBelow(Condition):
    """Ways shorter than this are walked."""

    kind: Literal["walk_below"] = "walk_below"
    metres: float = Field(gt=0)


class WalkAtMost(Condition):
    """No single walk is longer than this."""

    kind: Literal["walk_at_most"] = "walk_at_most"
    metres: float = Field(gt=0)


class ArriveFrom(Condition):
    """The first day begins no earlier than this: arrival in the first city."""

    kind: Literal["start_after"] = "start_after"
    clock: Clock


class LeaveBy(Condition):
    """Everything on the last day, the way home included, is over by then."""

    kind: Literal["end_before"] = "end_before"
    clock: Clock


class DayHours(Condition):
    """Nothing of any day (or of that day) begins before or ends after."""

    kind: Literal["day_hours"] = "day_hours"
    earliest: Clock | None = None
    latest: Clock | None = None
    day: int | None = Field(default=None, ge=1, le=MAX_DAYS)


class SightsPerDay(Condition):
    """So many sights on every day, or on that day."""

    kind: Literal["sights_per_day"] = "sights_per_day"
    least: int | None = Field(default=None, ge=0, le=12)
    most: int | None = Field(default=None, ge=0, le=12)
    day: int | None = Field(default=None, ge=1, le=MAX_DAYS)


class FreeOnly(Condition):
    """Only sights without an admission charge."""

    kind: Literal["free_only"] = "free_only"


Single = (BudgetAtMost | Rooms | IntercityBy | LocalBy | Eat | SightKind | Visit | AtPlace | Hotel | HotelNear | WalkBelow
          | WalkAtMost | ArriveFrom | LeaveBy | DayHours | SightsPerDay | FreeOnly)


class AnyOf(Condition):
    """At least one of these conditions holds ("A 或者 B 都行")."""

    kind: Literal["any_of"] = "any_of"
    options: tuple[Annotated[Single, Field(discriminator="kind")], ...] = Field(min_length=2)


Constraint = Annotated[Single | AnyOf, Field(discriminator="kind")]


class Travellers(Value):
    """Who travels; elders are counted apart from adults and pay like them unless a record says otherwise."""

    adults: int = Field(default=1, ge=0, le=50)
    children: int = Field(default=0, ge=0, le=50)
    elders: int = Field(default=0, ge=0, le=50)

    @property
    def size(self) -> int:
        """Everybody together."""
        return self.adults + self.children + self.elders


class Stay(Value):
    """A city (id) and how many days are spent in it; the nights are one fewer in the last city."""

    city: str
    days: int = Field(ge=1, le=MAX_DAYS)


class Trip(Value):
    """The whole request. `origin` is a city id: with it, the ways there and back are part of the plan."""

    stays: tuple[Stay, ...] = Field(min_length=1)
    start: date
    travellers: Travellers = Travellers()
    pace: Pace = "moderate"
    origin: str | None = None
    likes: tuple[str, ...] = ()  # tags that raise a sight's value
    dislikes: tuple[str, ...] = ()  # tags that lower it
    constraints: tuple[Constraint, ...] = ()
    unread: tuple[str, ...] = ()  # words nobody understood: shown, never dropped

    @property
    def days(self) -> int:
        """Days of all stays together."""
        return sum(stay.days for stay in self.stays)

    def date_of(self, day: int) -> date:
        """Calendar date of a day counted from 1."""
        return self.start + timedelta(days=day - 1)

    def city_of(self, day: int) -> str:
        """City id of a day counted from 1."""
        left = day
        for stay in self.stays:
            if left <= stay.days:
                return stay.city
            left -= stay.days
        raise ValueError(f"day {day} is after the trip's {self.days} days")
