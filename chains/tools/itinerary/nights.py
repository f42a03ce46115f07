"""Where to sleep: one hotel for each stay, as wished, priced as the budget asks, close to what will be seen."""

import math
from collections.abc import Sequence
from statistics import median

from chains.tools.itinerary.data import Lodging, Point, TravelData
from chains.tools.itinerary.trip import Hotel, HotelNear, Rooms
from chains.tools.itinerary.wishes import Wishes, fits_hotel
from knowledge.geometry import distance_km

TARGET_TIERS = ("comfort", "budget")  # by thrift; the next step is the cheapest of all
PRICE_WEIGHT, KM_WEIGHT, UNPLACED_KM, MOST_KM = 30.0, 1.5, 8.0, 40.0


def choose_lodging(wishes: Wishes, data: TravelData, city: str, centre: Point | None, thrift: int = 0) -> Lodging | None:
    """The hotel of a stay, a locked one first; None where the data hold none in the city.

    Where no hotel is as wished, one that breaks the fewest conditions.
    """
    beds = sorted(data.lodgings(city), key=lambda bed: bed.id)
    if not beds:
        return None
    held = {stop.place for stop in wishes.locked if stop.kind == "hotel"}
    locked = [bed for bed in beds if bed.id in held]
    faults = {bed.id: count_faults(wishes, data, bed) for bed in beds}
    fewest = min(faults.values())
    fitting = locked or [bed for bed in beds if faults[bed.id] == fewest]
    if thrift >= len(TARGET_TIERS):
        return min(fitting, key=lambda bed: (_night_yuan(wishes, bed), _km(bed, centre)))
    target = median(_night_yuan(wishes, bed) for bed in _of_tier(beds, TARGET_TIERS[thrift]))
    return min(fitting, key=lambda bed: PRICE_WEIGHT * abs(math.log((1 + _night_yuan(wishes, bed)) / (1 + target)))
               + KM_WEIGHT * _km(bed, centre))


def count_faults(wishes: Wishes, data: TravelData, bed: Lodging) -> int:
    """How many of the traveller's conditions on hotels this one breaks."""
    faults = sum(1 for wish in wishes.of(Hotel) if not fits_hotel(bed, wish))
    faults += sum(1 for wish in wishes.of(HotelNear) if not is_near(data, bed, wish))
    faults += sum(1 for wish in wishes.of(Rooms) if wish.type and wish.type not in bed.room_types)
    return faults


def is_near(data: TravelData, bed: Lodging, wish: HotelNear) -> bool:
    """Whether the hotel lies within the wished distance; true of hotels in other cities than the place's."""
    place = next((sight for sight in data.sights(bed.city) if sight.id == wish.place), None)
    if place is None:
        return True
    return bool(bed.point and place.point and distance_km(bed.point, place.point) * 1000 <= wish.metres)


def _of_tier(beds: Sequence[Lodging], tier: str) -> Sequence[Lodging]:
    return [bed for bed in beds if bed.tier == tier] or beds


def _night_yuan(wishes: Wishes, bed: Lodging) -> float:
    return bed.yuan_per_room * wishes.rooms_needed(bed)


def _km(bed: Lodging, centre: Point | None) -> float:
    if centre is None:
        return 0.0
    return min(MOST_KM, distance_km(bed.point, centre)) if bed.point else UNPLACED_KM
