"""Rules of money: every amount is the data's, every sum is the sum of its amounts, and what is unknown is said."""

from collections.abc import Iterator
from typing import get_args

from chains.tools.itinerary.data import Lodging, Restaurant, Ride, Sight
from chains.tools.itinerary.rules_reading import CENT, MEALS, Fault, Reading, Seen, yuan
from chains.tools.itinerary.trip import CostKind


def prices(reading: Reading) -> Iterator[Fault]:
    """Admission, meals, rooms and rides cost what the data say for this party; a rest costs nothing."""
    for seen in reading.stops:
        if seen.record is None and seen.stop.kind != "rest":
            continue  # a place that is not there has no price; that it is not there is another rule's
        known = price_of(seen, reading)
        stated = seen.stop.yuan
        if (stated is None) != (known is None) or abs((stated or 0) - (known or 0)) > CENT:
            yield seen.fault(f"写 {yuan(stated)} 元，数据是 {yuan(known)} 元", f"is given as {yuan(stated)}, the data say {yuan(known)} yuan")


def price_of(seen: Seen, reading: Reading) -> float | None:
    """What the stop costs the party according to the data; None unknown."""
    record, party = seen.record, reading.trip.travellers
    if isinstance(record, Sight):
        return reading.data.ticket_yuan(record.id, seen.day.date, party.adults, party.children, party.elders)
    if isinstance(record, Lodging):
        return record.yuan_per_room * seen.stop.rooms
    if isinstance(record, Restaurant | Ride):
        return record.yuan_per_person * reading.people
    return 0.0


def spent(reading: Reading) -> dict[CostKind, float]:
    """What the stops and ways of the plan add up to, by kind."""
    return {
        "tickets": _of(reading, "sight"), "food": _of(reading, *MEALS), "lodging": _of(reading, "hotel"),
        "local": sum(leg.yuan for seen in reading.stops for leg in seen.stop.legs),
        "intercity": _of(reading, "ride"),
    }


def _of(reading: Reading, *kinds: str) -> float:
    return sum(seen.stop.yuan or 0.0 for seen in reading.of_kind(*kinds))


def sums(reading: Reading) -> Iterator[Fault]:
    """The costs by kind, and with them the total, are the sums of the stops and ways."""
    costs = spent(reading)
    for kind in get_args(CostKind):
        stated = reading.plan.costs.get(kind, 0.0)
        if abs(stated - costs[kind]) > CENT:
            yield Fault(f"{kind} 合计写 {yuan(stated)} 元，逐项相加是 {yuan(round(costs[kind], 2))} 元",
                        f"{kind} is given as {yuan(stated)}, its items add up to {yuan(round(costs[kind], 2))} yuan")


def unknown_prices(reading: Reading) -> Iterator[Fault]:
    """What has no known price is named as not counted, and nothing else is."""
    unknown = {seen.stop.name for seen in reading.stops if seen.record is not None and price_of(seen, reading) is None}
    for name in sorted(unknown - set(reading.plan.unknown_prices)):
        yield Fault(f"{name} 票价未知，没有说明", f"{name} has no known price, which is not said")
    for name in sorted(set(reading.plan.unknown_prices) - unknown):
        yield Fault(f"{name} 的价格是知道的", f"the price of {name} is known")
