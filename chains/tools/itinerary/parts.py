"""Sights that lie in another sight and are seen with it: which of the two is planned, and what stands for the other.

A mountain's summit is no second errand: whoever is let in sees it, and nobody goes in twice. So a sight and a part of it
are never both candidates. Where a part is known but its whole is not, it is a sight like any other.
Not covered: what a part costs beside the whole's ticket, and the order of parts within a visit.
"""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet

from chains.tools.itinerary.data import Sight, TravelData
from chains.tools.itinerary.trip import Trip


def parts_by_whole(sights: Collection[Sight]) -> dict[str, tuple[Sight, ...]]:
    """The parts of each sight that has any, by its id."""
    known = {sight.id for sight in sights}
    found: dict[str, tuple[Sight, ...]] = {}
    for sight in sights:
        if sight.part_of in known and sight.part_of is not None:
            found[sight.part_of] = (*found.get(sight.part_of, ()), sight)
    return found


def stood_for(parts: Mapping[str, Iterable[Sight]], named: AbstractSet[str], used: AbstractSet[str] = frozenset()) -> frozenset[str]:
    """Ids that are left to others: parts to their whole, but a whole to a part that alone was asked for.

    What is `used`, on a day that stays as it is, stands for the other whatever was asked for.
    """
    left: set[str] = set()
    for whole, inner in parts.items():
        for part in inner:
            alone = part.id in used or (part.id in named and whole not in named)
            left.add(whole if alone and whole not in used else part.id)
    return frozenset(left)


def with_wholes(trip: Trip, data: TravelData, places: AbstractSet[str]) -> frozenset[str]:
    """These sights and those they are part of: a visit to any of them sees what is asked for."""
    wholes = {sight.part_of for stay in trip.stays for sight in data.sights(stay.city) if sight.id in places and sight.part_of}
    return frozenset(places | wholes)
