"""What is not in the plan: indoor sights for a day of rain, and the well known or wished-for that found no place, and why."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Literal

from chains.tools.itinerary.candidates import excluded
from chains.tools.itinerary.data import Point, Sight, TravelData
from chains.tools.itinerary.frames import DayFrame
from chains.tools.itinerary.parts import parts_by_whole, stood_for
from chains.tools.itinerary.plan import Day, LeftOut
from chains.tools.itinerary.trip import FreeOnly, SightKind
from chains.tools.itinerary.ways import Ways
from chains.tools.itinerary.wishes import Wishes
from knowledge.geometry import distance_km

RAIN_CHOICES, RAIN_KM, WELL_KNOWN = 3, 30.0, 8
FAR_MINUTES = 150  # one way from where the day is spent
Why = Literal["closed", "no_time", "too_dear", "excluded", "too_far", "weather"]


def rain_plan(wishes: Wishes, data: TravelData, day: Day, visited: AbstractSet[str]) -> tuple[Sight, ...]:
    """The best indoor sights, open on that day and not far from its places, that the plan does not hold."""
    here = next((Point(stop.latitude_deg, stop.longitude_deg) for stop in day.stops
                 if stop.latitude_deg is not None and stop.longitude_deg is not None), None)
    sights = data.sights(day.city)
    seen = visited | stood_for(parts_by_whole(sights), frozenset(), visited)
    fitting = [sight for sight in sights
               if sight.indoor and sight.id not in seen and not excluded(wishes, sight)
               and (here is None or sight.point is None or distance_km(here, sight.point) <= RAIN_KM)]
    found: list[Sight] = []
    for sight in sorted(fitting, key=lambda sight: (-sight.value, sight.id)):
        if len(found) < RAIN_CHOICES and data.open_span(sight.id, day.date):
            found.append(sight)
    return tuple(found)


def left_out(wishes: Wishes, data: TravelData, frames: Sequence[DayFrame], visited: AbstractSet[str], ways: Ways) -> tuple[LeftOut, ...]:
    """The best known of each city and everything wished for, as far as it is not visited."""
    found: list[LeftOut] = []
    for city in dict.fromkeys(frame.city for frame in frames):
        sights = sorted(data.sights(city), key=lambda sight: (-sight.value, sight.id))
        seen = visited | stood_for(parts_by_whole(sights), wishes.named, visited)
        wanted = wishes.named | {sight.id for sight in sights[:WELL_KNOWN]}
        centre = next((sight.point for sight in sights if sight.id in visited and sight.point), None)
        own = [frame for frame in frames if frame.city == city]
        found += [LeftOut(place=sight.id, name=sight.name, name_en=sight.name_en, why=_why(wishes, data, sight, own, centre, ways))
                  for sight in sights if sight.id in wanted and sight.id not in seen]
    return tuple(found)


def _why(wishes: Wishes, data: TravelData, sight: Sight, frames: Sequence[DayFrame], centre: Point | None, ways: Ways) -> Why:
    if excluded(wishes, sight) or any(wish.avoid and set(wish.any_of) & set(sight.tags) for wish in wishes.of(SightKind)):
        return "excluded"
    open_days = [frame for frame in frames if data.open_span(sight.id, frame.date)]
    if not open_days:
        return "closed"
    if not sight.indoor and all(frame.severe for frame in open_days):
        return "weather"
    party = wishes.trip.travellers
    yuan = data.ticket_yuan(sight.id, open_days[0].date, party.adults, party.children, party.elders)
    if wishes.of(FreeOnly) and yuan != 0:
        return "too_dear"
    if centre and sight.point:
        way = ways.best(centre, sight.point)
        if way is None or way.minutes > FAR_MINUTES:
            return "too_far"
    budget = wishes.budget("tickets") or wishes.budget("total")
    return "too_dear" if budget is not None and yuan and yuan > budget / 3 else "no_time"
