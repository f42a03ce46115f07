"""Rules of getting about within a city: each way takes the time and the distance the data say, and no stop is reached by magic.

One leg leads from door to door, as the data give their ways. Where the place before or the stop itself is unknown, or the
stop is eaten "near where one is", there is nothing to compare a leg with; such a leg is free, or names its source.
"""

from collections.abc import Iterator

from chains.tools.itinerary.data import Way
from chains.tools.itinerary.plan import Leg
from chains.tools.itinerary.rules_reading import CENT, DAY_MINUTES, Fault, Reading, Seen, clock, same_place, yuan

WALK_TOLERANCE_MINUTES = 1
METRES_TOLERANCE = 1.0
NEARBY_METRES = 1000.0  # a meal "near where one is" is no farther than this


def ways(reading: Reading) -> Iterator[Fault]:
    """Legs join their stops without gaps in time, and each is as long as the data say."""
    for seen in reading.stops:
        yield from _clock_times(seen)
        if len(seen.stop.legs) > 1:
            yield seen.fault("多于一段路", "more than one leg leads there")
        elif seen.stop.kind != "ride":
            yield from _compared(seen, reading)


def _clock_times(seen: Seen) -> Iterator[Fault]:
    """No leg runs backwards, and one arrives before the stop begins."""
    for leg in seen.stop.legs:
        if leg.arrives < leg.departs or leg.metres < 0 or leg.yuan < 0:
            yield seen.fault("路途倒着走", "the way runs backwards")
        if leg.arrives > seen.stop.arrives:
            yield seen.fault(f"路上要到 {clock(leg.arrives)}，{clock(seen.stop.arrives)} 就开始",
                             f"the way ends at {clock(leg.arrives)}, the stop begins at {clock(seen.stop.arrives)}")


def _compared(seen: Seen, reading: Reading) -> Iterator[Fault]:
    """The stop's leg beside the data's way, as far as both ends are known."""
    legs = seen.stop.legs
    if seen.start is None or seen.point is None or seen.carried:
        yield from _loose(seen)
    elif not legs:
        if not same_place(seen.start, seen.point):
            yield seen.fault("没有路怎么到", "nothing leads there")
    else:
        way = way_of(seen, reading)
        if way is None:
            yield seen.fault(f"{legs[0].mode} 到不了", f"{legs[0].mode} does not go there")
        else:
            yield from _measured(seen, legs[0], way)


def way_of(seen: Seen, reading: Reading) -> Way | None:
    """The data's way for the stop's one leg, where both ends are known."""
    if len(seen.stop.legs) != 1 or seen.start is None or seen.point is None or seen.carried or seen.stop.kind == "ride":
        return None
    leg = seen.stop.legs[0]
    return reading.data.way(seen.start, seen.point, leg.mode, leg.departs % DAY_MINUTES, reading.people)


def _measured(seen: Seen, leg: Leg, way: Way) -> Iterator[Fault]:
    least = way.minutes - (WALK_TOLERANCE_MINUTES if leg.mode == "walk" else 0)
    if leg.arrives - leg.departs < least:
        yield seen.fault(f"路上 {leg.arrives - leg.departs} 分钟，数据是 {way.minutes} 分钟",
                         f"{leg.arrives - leg.departs} minutes on the way, the data say {way.minutes}")
    if abs(leg.metres - way.metres) > METRES_TOLERANCE:
        yield seen.fault(f"路程写 {leg.metres:.0f} 米，数据是 {way.metres:.0f} 米",
                         f"the way is given as {leg.metres:.0f} m, the data say {way.metres:.0f} m")


def _loose(seen: Seen) -> Iterator[Fault]:
    """What can be said of a leg that cannot be compared."""
    for leg in seen.stop.legs:
        if seen.carried and (leg.mode != "walk" or leg.metres > NEARBY_METRES or leg.yuan):
            yield seen.fault("就近用餐不该坐车", "what is near is reached on foot")
        elif leg.yuan and not leg.source:
            yield seen.fault("车费没有来源", "the fare has no source")


def fares(reading: Reading) -> Iterator[Fault]:
    """What a way costs is what the data say, for everybody together."""
    for seen in reading.stops:
        way = way_of(seen, reading)
        if way and abs(seen.stop.legs[0].yuan - way.yuan) > CENT:
            yield seen.fault(f"车费写 {yuan(seen.stop.legs[0].yuan)} 元，数据是 {yuan(way.yuan)} 元",
                             f"the fare is given as {yuan(seen.stop.legs[0].yuan)}, the data say {yuan(way.yuan)} yuan")
