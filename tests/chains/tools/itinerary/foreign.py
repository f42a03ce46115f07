"""An invented island as travel data that are nothing of ours: two towns, a timetable, tables and beds with a place.

Everything on it is small enough to be checked by hand; clock times are minutes after midnight.
"""

import math
from datetime import date

from chains.tools.itinerary.data import Lodging, OpenSpan, Point, Restaurant, Ride, Sight, Way
from chains.tools.itinerary.trip import Mode
from knowledge.geometry import distance_km

LATITUDE, LONGITUDE, DEGREE_METRES = 20.0, 110.0, 111195.08
HILLTOP_NORTH = 30_000
MONDAY, TUESDAY = 1, 2
WALK_METRES_A_MINUTE, BUS_METRES_A_MINUTE, TAXI_METRES_A_MINUTE = 75, 300, 500
FARTHEST_WALK_METRES, NEAREST_BUS_METRES = 3000, 600


def at(north: float, east: float) -> Point:
    """A point so many metres north and east of the harbour."""
    return Point(LATITUDE + north / DEGREE_METRES, LONGITUDE + east / (DEGREE_METRES * math.cos(math.radians(LATITUDE))))


def up(north: float, east: float) -> Point:
    """A point so many metres north and east of the hill town's middle."""
    return at(HILLTOP_NORTH + north, east)


def hm(text: str) -> int:
    """Minutes after midnight of ``HH:MM``."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


# id: sight, opening, yuan for an adult and for a child (None: nobody knows), weekdays closed
_Row = tuple[Sight, OpenSpan, tuple[float, float] | None, tuple[int, ...]]


def _sight(city: str, key: str, name: str, point: Point | None, minutes: int, value: float, tag: str, spans: str,
           yuan: tuple[float, float] | None, closed: tuple[int, ...] = (), indoor: bool = False) -> _Row:
    times = [hm(text) for text in spans.split()]
    sight = Sight(f"{city}-{key}", name, key.replace("_", " "), city, point, minutes, value, (tag,), indoor, yuan == (0, 0), "island office")
    return sight, OpenSpan(times[0], times[1], times[2] if len(times) > 2 else None), yuan, closed


SIGHTS = (
    _sight("harbour", "fort", "炮台", at(0, 800), 120, 90, "古城", "9:00 17:00 16:00", (60, 30)),
    _sight("harbour", "aquarium", "水族馆", at(1500, 0), 150, 85, "海洋馆", "9:30 18:00 17:00", (120, 60), indoor=True),
    _sight("harbour", "lighthouse", "灯塔", at(0, 2500), 60, 80, "观景", "0:00 24:00", (0, 0)),
    _sight("harbour", "museum", "航海博物馆", at(400, 300), 90, 75, "博物馆", "10:00 17:00", (0, 0), (MONDAY,), indoor=True),
    _sight("harbour", "market", "夜市", at(-300, 500), 60, 70, "夜景", "16:00 25:00", (0, 0)),
    _sight("harbour", "garden", "百草园", at(900, 900), 90, 60, "园林", "8:00 18:00", (20, 10)),
    _sight("harbour", "beach", "长滩", at(-2000, 0), 90, 65, "沙滩", "0:00 24:00", None),
    _sight("harbour", "cave", "海蚀洞", None, 60, 40, "溶洞", "9:00 17:00", (40, 20)),
    _sight("harbour", "gallery", "渔画馆", at(300, -400), 60, 35, "美术馆", "10:00 18:00", (30, 15), (TUESDAY,), indoor=True),
    _sight("harbour", "workshop", "船模馆", at(500, -500), 60, 30, "博物馆", "9:00 17:00", (10, 5), (MONDAY,), indoor=True),
    _sight("harbour", "wreck", "沉船", at(-900, 2000), 60, 30, "遗址", "9:00 17:00", (50, 25), (1, 2, 3, 6, 7)),
    _sight("hilltop", "temple", "山寺", up(0, 300), 60, 70, "寺庙", "7:00 17:00", (15, 0)),
    _sight("hilltop", "tower", "钟楼", up(200, 0), 45, 60, "塔楼", "9:00 21:00", (25, 10), indoor=True),
    _sight("hilltop", "terrace", "茶田", up(1500, 500), 120, 75, "田园", "8:00 19:00", (0, 0)),
    _sight("hilltop", "falls", "双瀑", up(-2500, 0), 100, 80, "瀑布", "8:00 17:00 15:30", (35, 15)),
)
RESTAURANTS = (
    Restaurant("harbour-noodles", "阿嬷面馆", "Granny's noodles", "harbour", "面食", ("lunch", "dinner"), 25, at(200, 600), source="island office"),
    Restaurant("harbour-grill", "码头烤鱼", "Quay grill", "harbour", "海鲜", ("lunch", "dinner"), 80, at(-100, 200), OpenSpan(660, 1320), "island office"),
    Restaurant("harbour-tavern", "老船长", "Old Captain", "harbour", "炖菜", ("dinner",), 60, at(0, 1000), OpenSpan(1020, 1380), "island office"),
    Restaurant("harbour-bakery", "晨光面包", "Dawn bakery", "harbour", "面包", ("breakfast",), 15, at(50, 50), OpenSpan(360, 720), "island office"),
    Restaurant("harbour-stalls", "路边小吃", "street stalls", "harbour", "小吃", ("lunch", "dinner"), 20, source="island office"),
    Restaurant("harbour-teahouse", "海风茶楼", "Sea Breeze teahouse", "harbour", "点心", ("breakfast", "lunch"), 35, at(600, 0), source="island office"),
    Restaurant("hilltop-kitchen", "山里厨房", "Hill kitchen", "hilltop", "山野菜", ("lunch", "dinner"), 50, up(100, 100), source="island office"),
    Restaurant("hilltop-curry", "咖喱屋", "Curry house", "hilltop", "咖喱", ("lunch", "dinner"), 40, up(0, -200), source="island office"),
    Restaurant("hilltop-porridge", "粥铺", "Porridge shop", "hilltop", "粥", ("breakfast",), 12, source="island office"),
)
LODGINGS = (
    Lodging("harbour-seaview", "望海酒店", "Seaview hotel", "harbour", "upscale", 600, 2, ("double", "twin"), ("海景", "泳池"), "港口", at(0, 0), "island office"),
    Lodging("harbour-pension", "渔家客栈", "Fishers' pension", "harbour", "budget", 200, 3, ("family",), ("厨房",), "渔村", source="island office"),
    Lodging("hilltop-lodge", "云上小院", "Cloud lodge", "hilltop", "comfort", 300, 2, ("double", "twin"), ("海景", "花园"), "山顶", up(0, 0), "island office"),
    Lodging("hilltop-hut", "林间木屋", "Forest hut", "hilltop", "budget", 120, 4, ("family",), ("花园",), "林间", source="island office"),
)
RIDES = (
    Ride("fly-in", "plane", "mainland", "harbour", 60, 300, hm("8:00"), "A1", "timetable"),
    Ride("ferry-in", "coach", "mainland", "harbour", 120, 90, hm("9:30"), "F2", "timetable"),
    Ride("hill-early", "coach", "harbour", "hilltop", 50, 30, hm("8:30"), "H1", "timetable"),
    Ride("hill-late", "coach", "harbour", "hilltop", 50, 30, hm("15:00"), "H7", "timetable"),
    Ride("hill-rail", "train", "harbour", "hilltop", 40, 45, None, "rack railway", "estimate"),
    Ride("down-rail", "train", "hilltop", "harbour", 40, 45, None, "rack railway", "estimate"),
    Ride("fly-out", "plane", "hilltop", "mainland", 70, 320, hm("18:00"), "A8", "timetable"),
    Ride("ferry-out", "coach", "hilltop", "mainland", 150, 110, hm("16:00"), "F9", "timetable"),
    Ride("fly-back", "plane", "harbour", "mainland", 60, 300, hm("19:00"), "A2", "timetable"),
    Ride("hill-plane", "plane", "mainland", "hilltop", 70, 320, hm("9:00"), "A7", "timetable"),
)


class IslandData:
    """The island's `TravelData`."""

    cities = ("harbour", "hilltop")

    def __init__(self) -> None:
        self._rows = {row[0].id: row for row in SIGHTS}

    def sights(self, city: str) -> list[Sight]:
        """As the island office lists them."""
        return [row[0] for row in SIGHTS if row[0].city == city]

    def open_span(self, sight: str, day: date) -> OpenSpan | None:
        """The same hours all year, but for a weekly closing day."""
        _, span, _, closed = self._rows[sight]
        return None if day.isoweekday() in closed else span

    def ticket_yuan(self, sight: str, day: date, adults: int, children: int, elders: int) -> float | None:
        """Elders pay like adults."""
        yuan = self._rows[sight][2]
        return None if yuan is None else (adults + elders) * yuan[0] + children * yuan[1]

    def restaurants(self, city: str) -> list[Restaurant]:
        """Some with a place, some found anywhere."""
        return [place for place in RESTAURANTS if place.city == city]

    def lodgings(self, city: str) -> list[Lodging]:
        """Two for each town."""
        return [place for place in LODGINGS if place.city == city]

    def rides(self, origin: str, destination: str, day: date) -> list[Ride]:
        """The same every day."""
        return [ride for ride in RIDES if (ride.origin, ride.destination) == (origin, destination)]

    def way(self, start: Point, end: Point, mode: Mode, clock: int, people: int) -> Way | None:
        """On foot, by bus from six to ten in the evening, by taxi; there is no metro."""
        metres = round(distance_km(start, end) * 1200)
        if mode == "walk":
            minutes = math.ceil(metres / WALK_METRES_A_MINUTE)
            return Way("walk", minutes, metres, 0, "island map") if metres <= FARTHEST_WALK_METRES else None
        if mode == "bus":
            runs = hm("6:00") <= clock < hm("22:00") and metres >= NEAREST_BUS_METRES
            return Way("bus", 8 + math.ceil(metres / BUS_METRES_A_MINUTE), metres, 2.0 * people, "island map") if runs else None
        if mode == "taxi":
            cars = math.ceil(people / 4)
            return Way("taxi", 4 + math.ceil(metres / TAXI_METRES_A_MINUTE), metres, cars * (8 + math.ceil(metres / 500)), "island map")
        return None
