"""Journeys between cities: from home, from stay to stay, and home again. Which ride, and when it leaves.

A timetabled ride leaves at its clock; an estimate leaves as early (outward) or as late (homeward) as the day allows.
Not covered: rides that arrive on another day than they leave.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from chains.tools.itinerary.data import Ride, TravelData
from chains.tools.itinerary.trip import IntercityBy
from chains.tools.itinerary.wishes import Wishes

EARLIEST, LATEST = 7 * 60, 23 * 60  # unless something else was said
MINUTE_YUAN = (0.8, 0.3, 0.0)  # what a minute of a person is worth, by thrift


@dataclass(frozen=True)
class Journey:
    """A ride on a day of the trip; `ride` is None where none is known, `late` where no ride fits the day's bounds."""

    day: int
    origin: str
    destination: str
    homeward: bool
    ride: Ride | None = None
    departs: int = 0
    late: bool = False

    @property
    def arrives(self) -> int:
        """Clock of arrival."""
        return self.departs + (self.ride.minutes if self.ride else 0)


def plan_journeys(wishes: Wishes, data: TravelData, thrift: int = 0) -> list[Journey]:
    """All journeys of the trip in order; with an origin there is one there and one back."""
    trip = wishes.trip
    ends = [stay.city for stay in trip.stays]
    if trip.origin:
        ends = [trip.origin, *ends]
    journeys: list[Journey] = []
    first = 1 if trip.origin else 1 + trip.stays[0].days
    for place, (origin, destination) in enumerate(itertools.pairwise(ends)):
        day = first + sum(stay.days for stay in (trip.stays if trip.origin else trip.stays[1:])[:place])
        if origin != destination:
            journeys.append(_choose(wishes, data, Journey(day, origin, destination, homeward=False), thrift))
    if trip.origin and trip.origin != ends[-1]:
        home = Journey(trip.days, ends[-1], trip.origin, homeward=True)
        journeys.append(_choose(wishes, data, home, thrift, after=_ready(journeys, trip.days)))
    return journeys


def allowed_rides(wishes: Wishes, data: TravelData, journey: Journey) -> list[Ride]:
    """Rides of the allowed modes on the journey's date; all of them where none is allowed."""
    rides = data.rides(journey.origin, journey.destination, wishes.trip.date_of(journey.day))
    said = [wish.modes for wish in wishes.of(IntercityBy)]
    return [ride for ride in rides if all(ride.mode in modes for modes in said)] or list(rides)


def _ready(journeys: Sequence[Journey], day: int) -> int:
    """When the same day's outward journey is over."""
    return max((journey.arrives for journey in journeys if journey.day == day), default=0)


def _choose(wishes: Wishes, data: TravelData, journey: Journey, thrift: int, after: int = 0) -> Journey:
    rides = allowed_rides(wishes, data, journey)
    if not rides:
        return journey
    earliest = max(after, wishes.earliest(journey.day) or EARLIEST)
    latest = wishes.latest(journey.day)
    latest = LATEST if latest is None else latest
    timed = [_timed(journey, ride, earliest, latest) for ride in rides]
    fitting = [option for option in timed if option.departs >= earliest and option.arrives <= latest]
    if not fitting:
        soonest = min(timed, key=lambda option: (max(0, earliest - option.departs) + max(0, option.arrives - latest), _id(option)))
        return Journey(journey.day, journey.origin, journey.destination, journey.homeward, soonest.ride, soonest.departs, late=True)
    return min(fitting, key=lambda option: (_burden(option, wishes.trip.travellers.size, thrift, earliest, latest), _id(option)))


def _timed(journey: Journey, ride: Ride, earliest: int, latest: int) -> Journey:
    departs = ride.departs
    if departs is None:
        departs = max(earliest, latest - ride.minutes) if journey.homeward else earliest
    return Journey(journey.day, journey.origin, journey.destination, journey.homeward, ride, departs)


def _burden(option: Journey, people: int, thrift: int, earliest: int, latest: int) -> float:
    """Fare, time on the way, and time of the day that an early return or a late arrival costs."""
    if option.ride is None:
        return float("inf")
    lost = latest - option.departs if option.homeward else option.arrives - earliest
    return people * (option.ride.yuan_per_person + MINUTE_YUAN[thrift] * (option.ride.minutes + 0.5 * lost))


def _id(option: Journey) -> str:
    return option.ride.id if option.ride else ""
