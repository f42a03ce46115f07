"""A plan beside the data it claims to follow: every stop with its record, and where one is before and at it.

Where one is: a stop with a point is there. A meal or a rest without a point is found near wherever one is, so one stays at
the last known point and the next way starts from it. A hotel, a sight or a ride without a point leaves the place
unknown, and ways from or to an unknown place cannot be compared with the data.
Not covered: judging. That is done by the rules, which only read what is laid out here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from chains.tools.itinerary.data import Lodging, Point, Restaurant, Ride, Sight, TravelData
from chains.tools.itinerary.plan import Day, Plan, Stop
from chains.tools.itinerary.trip import Trip
from knowledge.geometry import distance_km

MEALS = ("breakfast", "lunch", "dinner")
CENT = 0.01
DAY_MINUTES = 24 * 60
SAME_PLACE_METRES = 1.0
Place = Sight | Restaurant | Lodging
Record = Place | Ride


@dataclass(frozen=True)
class Fault:
    """What breaks a rule, in both languages, and on which day (None: no single one)."""

    detail: str
    detail_en: str
    day: int | None = None


@dataclass(frozen=True)
class Seen:
    """A stop, the record it names (None: there is none), where one was before it and where one is at it."""

    number: int  # of the day in the plan, counted from 1 whatever the plan says
    day: Day
    stop: Stop
    record: Record | None
    start: Point | None
    point: Point | None
    free_from: int  # clock of the earliest moment one is free to leave for it

    @property
    def carried(self) -> bool:
        """Eaten or rested near where one already was, as the record has no point of its own."""
        return _stays(self.stop, self.record)

    def fault(self, detail: str, detail_en: str) -> Fault:
        """A fault of this stop, with its name before it."""
        return Fault(f"{self.stop.name}：{detail}", f"{self.stop.name_en or self.stop.name}: {detail_en}", self.number)


class Records:
    """The records of a trip's cities by id, each list asked for once."""

    def __init__(self, data: TravelData, trip: Trip) -> None:
        self.data = data
        self.trip = trip
        self.cities = tuple(dict.fromkeys(stay.city for stay in trip.stays))
        self._sights = {city: {sight.id: sight for sight in data.sights(city)} for city in self.cities}
        self._restaurants = {city: {place.id: place for place in data.restaurants(city)} for city in self.cities}
        self._lodgings = {city: {place.id: place for place in data.lodgings(city)} for city in self.cities}

    def sights(self, city: str) -> dict[str, Sight]:
        """Sights of one of the trip's cities; nothing elsewhere."""
        return self._sights.get(city, {})

    def restaurants(self, city: str) -> dict[str, Restaurant]:
        """Places to eat of one of the trip's cities; nothing elsewhere."""
        return self._restaurants.get(city, {})

    def lodgings(self, city: str) -> dict[str, Lodging]:
        """Places to sleep of one of the trip's cities; nothing elsewhere."""
        return self._lodgings.get(city, {})

    def any_sight(self, place: str) -> Sight | None:
        """The sight of that id in whichever of the trip's cities."""
        return next((self._sights[city][place] for city in self.cities if place in self._sights[city]), None)

    def whole_of(self, place: str) -> str | None:
        """Id of the sight that this one lies in, where the trip's cities have both."""
        sight = self.any_sight(place)
        whole = self.any_sight(sight.part_of) if sight and sight.part_of else None
        return whole.id if whole else None

    def rides_due(self, number: int) -> list[tuple[str, str]]:
        """From where to where one must ride on that day: to the first city, to the next, home."""
        due = []
        if number == 1 and self.trip.origin:
            due.append((self.trip.origin, self.trip.city_of(1)))
        if number > 1:
            due.append((self.trip.city_of(number - 1), self.trip.city_of(number)))
        if number == self.trip.days and self.trip.origin:
            due.append((self.trip.city_of(number), self.trip.origin))
        return [(here, there) for here, there in due if here != there]

    def rides_offered(self, number: int) -> list[tuple[str, str]]:
        """Those of the day's ways between cities for which the data hold a ride at all."""
        day = self.trip.date_of(number)
        return [(here, there) for here, there in self.rides_due(number) if self.data.rides(here, there, day)]

    def ride(self, place: str, number: int) -> Ride | None:
        """The ride of that id on one of the ways due that day."""
        day = self.trip.date_of(number)
        offers = (ride for here, there in self.rides_due(number) for ride in self.data.rides(here, there, day))
        return next((ride for ride in offers if ride.id == place), None)

    def of(self, stop: Stop, number: int) -> Record | None:
        """What the data holds under the stop's id, its kind and its city."""
        if stop.kind == "sight":
            return self.sights(stop.city).get(stop.place)
        if stop.kind in MEALS:
            return self.restaurants(stop.city).get(stop.place)
        if stop.kind == "hotel":
            return self.lodgings(stop.city).get(stop.place)
        if stop.kind == "ride" and number <= self.trip.days:
            return self.ride(stop.place, number)
        return None


@dataclass(frozen=True)
class Reading:
    """The whole plan laid beside the data."""

    plan: Plan
    data: TravelData
    records: Records
    stops: tuple[Seen, ...]

    @property
    def trip(self) -> Trip:
        """What was asked."""
        return self.plan.trip

    @property
    def people(self) -> int:
        """How many travel."""
        return self.plan.trip.travellers.size

    def of_kind(self, *kinds: str) -> list[Seen]:
        """The stops of these kinds, in order."""
        return [seen for seen in self.stops if seen.stop.kind in kinds]

    def on(self, number: int, *kinds: str) -> list[Seen]:
        """The stops of these kinds on that day."""
        return [seen for seen in self.of_kind(*kinds) if seen.number == number]

    def nights(self) -> list[Seen]:
        """The stops that are slept in: each day's last, where it is a hotel, the trip's last day apart."""
        last = [day[-1] for day in self.by_day()[: self.trip.days - 1] if day]
        return [seen for seen in last if seen.stop.kind == "hotel"]

    def by_day(self) -> list[list[Seen]]:
        """The stops of each of the plan's days."""
        return [[seen for seen in self.stops if seen.number == number] for number in range(1, len(self.plan.days) + 1)]

    def inner_days(self) -> list[int]:
        """Days that are neither the first nor the last nor spent on a way to another city."""
        return [number for number in range(2, min(self.trip.days, len(self.plan.days) + 1)) if not self.records.rides_due(number)]


def own_point(record: Record | None) -> Point | None:
    """The record's point; a ride has none."""
    return None if record is None or isinstance(record, Ride) else record.point


def _lost(records: Records, number: int) -> bool:
    """Whether the day begins in a new city that no ride leads to, so that nobody knows where one arrives."""
    if not 1 < number <= records.trip.days:
        return False
    change = (records.trip.city_of(number - 1), records.trip.city_of(number))
    return change in records.rides_due(number) and change not in records.rides_offered(number)


def _stays(stop: Stop, record: Record | None) -> bool:
    """Whether one stays where one was: a rest, or a meal at a table whose record has no point."""
    return stop.kind == "rest" or (isinstance(record, Restaurant) and record.point is None)


def metres(here: Point, there: Point) -> float:
    """Distance as the crow flies."""
    return distance_km(here, there) * 1000


def same_place(here: Point, there: Point) -> bool:
    """Near enough that nobody would speak of a way."""
    return metres(here, there) < SAME_PLACE_METRES


def read_plan(plan: Plan, data: TravelData) -> Reading:
    """Look up every stop and follow where one is from the first to the last."""
    records = Records(data, plan.trip)
    stops: list[Seen] = []
    here: Point | None = None
    free_from = 0
    for number, day in enumerate(plan.days, start=1):
        if _lost(records, number):
            here = None
        for stop in day.stops:
            record = records.of(stop, number)
            own = own_point(record)
            point = here if _stays(stop, record) else own
            stops.append(Seen(number, day, stop, record, here, point, free_from))
            here, free_from = point, stop.departs
        free_from = max(0, free_from - DAY_MINUTES)
    return Reading(plan, data, records, tuple(stops))


def following(stops: list[Seen]) -> Iterator[tuple[Seen, Seen]]:
    """Each stop with the next."""
    return pairwise(stops)


def clock(minute: int) -> str:
    """``HH:MM``; past midnight the hours go on counting, so that 25:10 is ten past one of the next day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def yuan(amount: float | None) -> str:
    """An amount as it is shown, or that it is unknown."""
    return "?" if amount is None else f"{amount:g}"
