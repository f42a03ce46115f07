"""Distances on the ground, and the three datums of Chinese maps.

WGS-84 is what satellites give. GCJ-02 is what Chinese map services must use: WGS-84 shifted by up to some 700 metres
by a published-by-practice formula. BD-09 is Baidu's: GCJ-02 shifted once more by about a kilometre. Our records are
GCJ-02. The way back from BD-09 is exact to about a metre; WGS-84 from GCJ-02 is not offered, nothing here needs it.
"""

import math
from dataclasses import dataclass
from typing import Protocol

EARTH_RADIUS_KM = 6371.0088
CELLS_A_DEGREE = 100  # a cell is 1.1 km from south to north, and 0.7 to 1.1 km wide in China
_ELLIPSOID_M, _ECCENTRICITY2 = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, which GCJ-02 is built on
_BAIDU = math.pi * 3000 / 180


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


@dataclass(frozen=True)
class Spot:
    """A bare point, in degrees."""

    latitude_deg: float
    longitude_deg: float


def distance_km(here: Point, there: Point) -> float:
    """Great-circle distance in kilometres (haversine)."""
    phi1, phi2 = math.radians(here.latitude_deg), math.radians(there.latitude_deg)
    half_lat = (phi2 - phi1) / 2
    half_lon = math.radians(there.longitude_deg - here.longitude_deg) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def gcj02_from_bd09(point: Point) -> Spot:
    """A Baidu coordinate on the common Chinese datum."""
    x, y = point.longitude_deg - 0.0065, point.latitude_deg - 0.006
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * _BAIDU)
    return Spot(radius * math.sin(angle), radius * math.cos(angle))


def gcj02_from_wgs84(point: Point) -> Spot:
    """A satellite coordinate on the common Chinese datum."""
    x, y = point.longitude_deg - 105.0, point.latitude_deg - 35.0
    phi = math.radians(point.latitude_deg)
    magic = 1 - _ECCENTRICITY2 * math.sin(phi) ** 2
    north = _ELLIPSOID_M * (1 - _ECCENTRICITY2) / (magic * math.sqrt(magic))
    east = _ELLIPSOID_M / math.sqrt(magic) * math.cos(phi)
    return Spot(point.latitude_deg + math.degrees(_shift_north(x, y) / north), point.longitude_deg + math.degrees(_shift_east(x, y) / east))


def _shift_north(x: float, y: float) -> float:
    """Metres to the north."""
    base = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return base + _wave(x, 6, 20.0, 2, 20.0) + _wave(y, 1, 20.0, 1 / 3, 40.0) + _wave(y, 1 / 12, 160.0, 1 / 30, 320.0)


def _shift_east(x: float, y: float) -> float:
    """Metres to the east."""
    base = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return base + _wave(x, 6, 20.0, 2, 20.0) + _wave(x, 1, 20.0, 1 / 3, 40.0) + _wave(x, 1 / 12, 150.0, 1 / 30, 300.0)


def _wave(at: float, often: float, high: float, seldom: float, low: float) -> float:
    return (high * math.sin(often * at * math.pi) + low * math.sin(seldom * at * math.pi)) * 2 / 3


def cell_of(point: Point) -> int:
    """The number of the grid cell a point lies in: near points share a cell or lie in neighbouring ones."""
    return _cell(math.floor(point.latitude_deg * CELLS_A_DEGREE), math.floor(point.longitude_deg * CELLS_A_DEGREE))


def cells_around(point: Point) -> tuple[int, ...]:
    """The point's cell and its eight neighbours: whatever lies within 700 metres is in one of them."""
    row, column = math.floor(point.latitude_deg * CELLS_A_DEGREE), math.floor(point.longitude_deg * CELLS_A_DEGREE)
    return tuple(_cell(row + up, column + right) for up in (-1, 0, 1) for right in (-1, 0, 1))


def _cell(row: int, column: int) -> int:
    return row * 360 * CELLS_A_DEGREE + column
