"""Distances on the ground."""

import math
from typing import Protocol

EARTH_RADIUS_KM = 6371.0088


class Point(Protocol):
    """Anything with a latitude and a longitude in degrees."""

    @property
    def latitude_deg(self) -> float:
        """North of the equator."""
        ...

    @property
    def longitude_deg(self) -> float:
        """East of Greenwich."""
        ...


def distance_km(here: Point, there: Point) -> float:
    """Great-circle distance in kilometres (haversine)."""
    phi1, phi2 = math.radians(here.latitude_deg), math.radians(there.latitude_deg)
    half_lat = (phi2 - phi1) / 2
    half_lon = math.radians(there.longitude_deg - here.longitude_deg) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))
