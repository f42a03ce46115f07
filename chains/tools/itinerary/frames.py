"""The frame of each day before a sight is chosen: from when to when, with which meals, how many sights, in what weather."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

from chains.tools.itinerary.rides import Journey
from chains.tools.itinerary.trip import Pace, Travellers
from chains.tools.itinerary.wishes import Wishes

LUNCH, DINNER = (11 * 60, 13 * 60 + 50), (17 * 60, 19 * 60 + 50)  # when a meal may begin
STATION_MINUTES = 15  # between a ride and whatever is next to it
ENOUGH_SIGHTS = 2  # on every day but the first, the last and those with a journey
EARLY_MINUTES = 90  # at most, that one sets out sooner for a far place, as everybody does for the Great Wall
NEAR_MINUTES = 30  # a way so long is no reason to
STRETCHED = (7 * 60 + 30, 22 * 60)  # when a wish can be met no other way


@dataclass(frozen=True)
class Rhythm:
    """How a pace spends a day: clock times and minutes."""

    start: int
    end: int
    lunch_minutes: int
    dinner_minutes: int
    most_sights: int
    rest_minutes: int = 0  # after lunch


RHYTHMS: dict[Pace, Rhythm] = {
    "relaxed": Rhythm(9 * 60, 21 * 60, 75, 75, 3),
    "moderate": Rhythm(8 * 60 + 30, 21 * 60 + 30, 60, 60, 4),
    "packed": Rhythm(8 * 60, 22 * 60, 45, 60, 6),
}


@dataclass(frozen=True)
class DayFrame:
    """What a day may hold. `start` and `end` bound everything but the journeys; clocks in minutes."""

    number: int
    date: date
    city: str
    start: int
    end: int
    rhythm: Rhythm
    lunch: bool  # must be eaten
    dinner: bool
    least: int  # sights
    most: int
    night: bool  # ends in a hotel
    inner: bool
    journeys: tuple[Journey, ...] = ()  # those that begin the day come first
    wet: bool = False
    severe: bool = False
    early: int = 0  # minutes that one may set out before `start`

    def sets_out(self, travel: int) -> int:
        """Clock of leaving for a first place so many minutes away: what is beyond near lies before the day's usual start."""
        return self.start - min(self.early, max(0, travel - NEAR_MINUTES))

    @property
    def arrival(self) -> Journey | None:
        """The ride that begins the day."""
        return next((journey for journey in self.journeys if not journey.homeward), None)

    @property
    def departure(self) -> Journey | None:
        """The ride that ends the trip."""
        return next((journey for journey in self.journeys if journey.homeward), None)


def rhythm_of(pace: Pace, travellers: Travellers) -> Rhythm:
    """The pace, gentler with children or elders: a rest after lunch, one sight fewer, an earlier evening."""
    rhythm = RHYTHMS[pace]
    if not (travellers.children or travellers.elders):
        return rhythm
    return replace(rhythm, most_sights=max(ENOUGH_SIGHTS, rhythm.most_sights - 1), rest_minutes=30, end=rhythm.end - 30)


def day_frames(wishes: Wishes, journeys: Sequence[Journey], stretched: AbstractSet[int] = frozenset()) -> list[DayFrame]:
    """Every day of the trip, in order; stretched ones begin earlier and end later than the pace would have it."""
    usual = rhythm_of(wishes.trip.pace, wishes.trip.travellers)
    longer = replace(usual, start=min(usual.start, STRETCHED[0]), end=max(usual.end, STRETCHED[1]), lunch_minutes=45, dinner_minutes=45,
                     most_sights=RHYTHMS[wishes.trip.pace].most_sights, rest_minutes=0)
    return [_frame(wishes, day, longer if day in stretched else usual, tuple(journey for journey in journeys if journey.day == day))
            for day in range(1, wishes.trip.days + 1)]


def _frame(wishes: Wishes, day: int, rhythm: Rhythm, journeys: tuple[Journey, ...]) -> DayFrame:
    trip = wishes.trip
    start, end = _bounds(wishes, day, rhythm, journeys)
    last, inner = day == trip.days, 1 < day < trip.days and not journeys
    weather = wishes.weather.get(trip.date_of(day))
    least, most = _counts(wishes, day, rhythm, inner)
    return DayFrame(
        number=day, date=trip.date_of(day), city=trip.city_of(day), start=start, end=end, rhythm=rhythm,
        lunch=_must_eat(start, end, LUNCH, rhythm.lunch_minutes, inner),
        dinner=_must_eat(start, end, DINNER, rhythm.dinner_minutes, inner),
        least=least, most=most, night=not last, inner=inner, journeys=journeys,
        wet=bool(weather and weather.is_wet), severe=bool(weather and weather.is_severe),
        early=EARLY_MINUTES if start == rhythm.start and wishes.earliest(day) is None else 0,
    )


def _counts(wishes: Wishes, day: int, rhythm: Rhythm, inner: bool) -> tuple[int, int]:
    """Sights at least and at most; what was said goes before the pace."""
    least = wishes.sights_least(day)
    most = wishes.sights_most(day)
    least = (ENOUGH_SIGHTS if inner else 1) if least is None else max(least, ENOUGH_SIGHTS if inner else 0)
    most = max(rhythm.most_sights, least) if most is None else most
    return min(least, most), most


def _bounds(wishes: Wishes, day: int, rhythm: Rhythm, journeys: tuple[Journey, ...]) -> tuple[int, int]:
    earliest, latest = wishes.earliest(day), wishes.latest(day)
    start = max(rhythm.start, earliest or 0)
    limit = latest if latest is not None else 24 * 60
    end = min(rhythm.end, limit)
    for journey in journeys:
        if journey.homeward:
            end = min(end, journey.departs - STATION_MINUTES)
        else:
            start = max(start, journey.arrives + STATION_MINUTES) if journey.arrives > start else start
    if end <= start and not any(journey.homeward for journey in journeys):
        end = max(start, min(limit, start + 120))  # a late arrival still gets to its bed
    return start, end


def _must_eat(start: int, end: int, window: tuple[int, int], minutes: int, inner: bool) -> bool:
    """On inner days whenever it is possible at all; on the others when the day holds it with some ease."""
    ease = 0 if inner else 45
    return max(start, window[0]) + ease <= min(window[1], end - minutes)
