"""Estimates of ways: within a city on foot, by metro, bus and taxi, and between cities by train, plane and coach.

Every figure is a rule of thumb over the great-circle distance and marked `estimate`: usual speeds and waits, usual
tariffs of large cities. Nothing of it is a timetable or an offer. Not covered: traffic jams, sleepers, ferries by name
(a crossing adds `CROSSING_MINUTES`), and lines that are not there although both ends lie near a metro.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from chains.tools.itinerary.data import Ride, Way
from chains.tools.itinerary.trip import IntercityMode, Mode
from knowledge.geometry import distance_km
from knowledge.records import City

ESTIMATE = "estimate"
WALK_DETOUR, RIDE_DETOUR = 1.3, 1.35  # metres of way for each metre as the crow flies
WALK_KMH = 4.5
MOST_WALK_KM, MOST_BUS_KM, METRO_REACH_KM = 8.0, 160.0, 35.0
CROSSING_MINUTES, CROSSING_FROM_KM, ONE_ISLAND_KM = 45, 0.6, 6.0
SEATS_PER_TAXI = 4
METRO_HOURS, BUS_HOURS = (6 * 60, 23 * 60), (6 * 60, 22 * 60)
METRO_CITIES = frozenset(
    "beijing shanghai guangzhou shenzhen tianjin chongqing chengdu wuhan nanjing hangzhou suzhou xian zhengzhou changsha kunming "
    "ningbo qingdao dalian shenyang changchun harbin hefei nanchang fuzhou xiamen nanning wuxi foshan guiyang jinan taiyuan "
    "luoyang shaoxing lanzhou urumqi hohhot".split()
)
NO_AIRPORT = frozenset("suzhou jiaxing huzhou shaoxing kaifeng leshan taian jinzhong weinan foshan".split())
TRANSFER_MINUTES, TRANSFER_YUAN = 75, 50  # to the next city's airport, where there is none
NO_FAST_TRAIN = frozenset("zhoushan lhasa haikou sanya aba dunhuang xiangxi ganzi diqing linzhi altay yili kashgar hulunbuir".split())  # none, or no quick one from afar
ISLAND_CITIES = frozenset({"haikou", "sanya"})  # a train runs between them, none that is quick leaves the island


@dataclass(frozen=True)
class RideKind:
    """Door-to-door minutes and fare of a kind of ride: fixed minutes, km/h, yuan a kilometre and fixed yuan."""

    access_minutes: int
    kmh: float
    yuan_per_km: float
    fixed_yuan: float
    least_km: float
    most_km: float


RIDES: Mapping[IntercityMode, RideKind] = {
    "train": RideKind(75, 190, 0.46, 0, 0, 2600),  # second class of a high-speed train
    "plane": RideKind(210, 680, 0.45, 330, 400, 6000),  # economy, with airport fee and an early arrival
    "coach": RideKind(50, 75, 0.38, 5, 0, 700),
}


def ride_estimates(origin: City, destination: City) -> list[Ride]:
    """Rides that are likely to exist between two cities; empty between a city and itself."""
    if origin.id == destination.id:
        return []
    way_km = distance_km(origin.position, destination.position) * 1.2
    return [_ride(mode, speed, origin, destination, way_km) for mode, speed in RIDES.items()
            if speed.least_km <= way_km <= speed.most_km and _exists(mode, {origin.id, destination.id})]


def _exists(mode: IntercityMode, ends: set[str]) -> bool:
    if mode == "plane":
        return True
    if mode == "train":
        return ends == ISLAND_CITIES or not ends & NO_FAST_TRAIN
    return ends == ISLAND_CITIES or not ends & ISLAND_CITIES


def _ride(mode: IntercityMode, speed: RideKind, origin: City, destination: City, way_km: float) -> Ride:
    transfers = len({origin.id, destination.id} & NO_AIRPORT) if mode == "plane" else 0
    minutes = speed.access_minutes + way_km / speed.kmh * 60 + transfers * TRANSFER_MINUTES
    yuan = round(speed.fixed_yuan + speed.yuan_per_km * way_km) + transfers * TRANSFER_YUAN
    return Ride(id=f"{mode}-{origin.id}-{destination.id}", mode=mode, origin=origin.id, destination=destination.id,
                minutes=math.ceil(minutes / 5) * 5, yuan_per_person=float(yuan), source=ESTIMATE,
                name=f"{origin.name}→{destination.name}")


def way_estimate(mode: Mode, crow_km: float, clock: int, people: int, crossing: bool, metro: bool) -> Way | None:
    """A way of that length as the crow flies; `crossing` is water between the ends, `metro` lines at both."""
    if mode == "walk":
        return None if crossing or crow_km > MOST_WALK_KM else _way("walk", crow_km * WALK_DETOUR, crow_km * WALK_DETOUR / WALK_KMH * 60, 0)
    way_km = crow_km * RIDE_DETOUR
    extra = CROSSING_MINUTES if crossing else 0
    if mode == "metro":
        runs = metro and not crossing and METRO_HOURS[0] <= clock % 1440 < METRO_HOURS[1] and crow_km >= 0.8
        return _way("metro", way_km, 12 + way_km / 32 * 60, _metro_yuan(way_km) * people) if runs else None
    if mode == "bus":
        runs = BUS_HOURS[0] <= clock % 1440 < BUS_HOURS[1] and 0.4 <= crow_km <= MOST_BUS_KM
        return _way("bus", way_km, extra + 12 + _bus_minutes(way_km), _bus_yuan(way_km) * people) if runs else None
    taxis = math.ceil(people / SEATS_PER_TAXI)
    return _way("taxi", way_km, extra + 6 + _taxi_minutes(way_km), _taxi_yuan(way_km) * taxis)


def _way(mode: Mode, way_km: float, minutes: float, yuan: float) -> Way:
    return Way(mode, max(1, math.ceil(minutes)), round(way_km * 1000), float(yuan), ESTIMATE)


def _metro_yuan(way_km: float) -> int:
    for limit_km, yuan in ((6, 3), (12, 4), (22, 5), (32, 6)):
        if way_km <= limit_km:
            return yuan
    return 7 + int((way_km - 32) // 20)


def _bus_minutes(way_km: float) -> float:
    """17 km/h in town, 50 km/h beyond."""
    return min(way_km, 15) / 17 * 60 + max(0.0, way_km - 15) / 50 * 60


def _bus_yuan(way_km: float) -> int:
    return 2 if way_km <= 15 else 2 + math.ceil((way_km - 15) * 0.35)


def _taxi_minutes(way_km: float) -> float:
    """24 km/h in town, then ring roads, then motorways."""
    return min(way_km, 10) / 24 * 60 + min(max(0.0, way_km - 10), 20) / 45 * 60 + max(0.0, way_km - 30) / 70 * 60


def _taxi_yuan(way_km: float) -> int:
    """10 yuan for 3 km, 2.4 a kilometre, half as much again beyond 15 km for the empty way back."""
    return math.ceil(10 + max(0.0, min(way_km, 15) - 3) * 2.4 + max(0.0, way_km - 15) * 3.6)
