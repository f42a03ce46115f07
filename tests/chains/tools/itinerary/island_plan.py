"""A plan over the island, written by hand: six days, both towns, every kind of condition, and nothing wrong with it."""

from datetime import date, timedelta

from chains.tools.itinerary.plan import Day, LeftOut, Leg, Plan, Stop
from chains.tools.itinerary.trip import (
    AnyOf,
    ArriveFrom,
    AtPlace,
    BudgetAtMost,
    Constraint,
    DayHours,
    Eat,
    FreeOnly,
    Hotel,
    HotelNear,
    IntercityBy,
    LeaveBy,
    LocalBy,
    Rooms,
    SightKind,
    SightsPerDay,
    Stay,
    Travellers,
    Trip,
    Visit,
    WalkAtMost,
    WalkBelow,
)
from tests.chains.tools.itinerary.foreign import LODGINGS, RESTAURANTS, RIDES, SIGHTS, hm

SATURDAY = date(2026, 6, 6)
WISHES: tuple[Constraint, ...] = (
    BudgetAtMost(yuan=9500), BudgetAtMost(of="food", yuan=1700), Rooms(count=2, type="twin"), IntercityBy(modes=("plane", "coach")),
    LocalBy(modes=("walk", "bus", "taxi")), Eat(any_of=("海鲜", "seafood")), Eat(any_of=("火锅",), avoid=True),
    SightKind(any_of=("海洋馆",)), SightKind(any_of=("主题乐园",), avoid=True), Visit(any_of=("harbour-wreck", "harbour-fort")),
    Visit(any_of=("harbour-wreck",), avoid=True),
    AtPlace(place="harbour-lighthouse", not_before=hm("15:00"), not_after=hm("19:00"), day=3, least_minutes=60),
    Hotel(features=("海景",), tiers=("upscale", "comfort"), least_yuan=250, most_yuan=700),
    HotelNear(place="harbour-fort", metres=1000), WalkBelow(metres=300), WalkAtMost(metres=1300), ArriveFrom(clock=hm("9:30")),
    LeaveBy(clock=hm("19:30")), DayHours(earliest=hm("8:00"), latest=hm("20:00")), SightsPerDay(least=1, most=4),
    AnyOf(options=(FreeOnly(), BudgetAtMost(of="tickets", yuan=900)), said="要么只看免费的，要么门票别超过九百"),
)
TRIP = Trip(stays=(Stay(city="harbour", days=3), Stay(city="hilltop", days=3)), start=SATURDAY, origin="mainland",
            travellers=Travellers(adults=2, children=1), constraints=WISHES)
COSTS = {"tickets": 850.0, "food": 1647.0, "lodging": 4800.0, "local": 114.0, "intercity": 1950.0}
_NAMES = {place.id: place for place in (*(row[0] for row in SIGHTS), *RESTAURANTS, *LODGINGS)}
_RIDES = {ride.id: ride for ride in RIDES}

# Each line: kind, place, from-to, yuan (? unknown), and the way there: mode, from-to, metres, yuan.
_DAYS = (
    """
    ride       fly-in             8:00-9:00    900
    sight      harbour-fort       10:00-12:00  150
    lunch      harbour-stalls     12:10-13:00  60
    sight      harbour-museum     13:30-15:00  0     walk 13:00-13:11 768 0
    dinner     harbour-tavern     18:00-19:00  180   walk 17:30-17:43 967 0
    hotel      harbour-seaview    19:07-32:00  1200  taxi 19:00-19:07 1200 11
    """,
    """
    breakfast  harbour-bakery     8:02-8:40    45    walk 8:00-8:02 85 0
    sight      harbour-aquarium   9:30-12:00   300   bus 9:10-9:24 1741 6
    lunch      harbour-teahouse   12:15-13:15  105   walk 12:00-12:15 1080 0
    sight      harbour-garden     13:35-15:05  50    walk 13:15-13:31 1138 0
    dinner     harbour-grill      17:10-18:10  240   bus 16:50-17:03 1465 6
    sight      harbour-market     18:20-19:20  0     walk 18:10-18:16 433 0
    hotel      harbour-seaview    19:30-19:30  1200  walk 19:20-19:30 700 0
    """,
    """
    sight      harbour-cave       9:00-10:00   100
    sight      harbour-beach      10:40-12:00  ?
    lunch      harbour-noodles    12:25-13:25  75    bus 12:05-12:23 2736 6
    sight      harbour-gallery    13:45-14:45  75    walk 13:25-13:42 1206 0
    rest       -                  14:45-15:30  0
    sight      harbour-lighthouse 15:45-16:45  0     taxi 15:30-15:41 3499 15
    dinner     harbour-tavern     17:20-18:20  180   bus 17:00-17:14 1800 6
    hotel      harbour-seaview    18:27-32:00  1200  taxi 18:20-18:27 1200 11
    """,
    """
    ride       hill-early         8:30-9:20    90
    lunch      hilltop-kitchen    11:10-12:10  150
    sight      hilltop-terrace    12:20-14:20  0     taxi 12:10-12:18 1747 12
    dinner     hilltop-curry      17:15-18:15  120   taxi 17:00-17:08 1986 12
    hotel      hilltop-lodge      18:19-32:00  600   walk 18:15-18:19 240 0
    """,
    """
    breakfast  hilltop-porridge   8:00-8:30    36
    sight      hilltop-falls      8:45-10:25   85    taxi 8:30-8:40 3000 14
    lunch      hilltop-curry      11:15-12:15  120   taxi 11:00-11:11 3010 15
    sight      hilltop-tower      12:30-13:15  60    walk 12:15-12:20 339 0
    dinner     hilltop-kitchen    17:05-18:05  150   walk 17:00-17:03 170 0
    hotel      hilltop-lodge      18:08-32:00  600   walk 18:05-18:08 170 0
    """,
    """
    breakfast  hilltop-porridge   8:00-8:30    36
    sight      hilltop-temple     9:05-10:05   30    walk 9:00-9:05 359 0
    lunch      hilltop-kitchen    11:35-12:35  150   walk 11:30-11:34 268 0
    ride       fly-out            18:00-19:10  960
    """,
)


def the_stop(line: str, city: str = "", rooms: int = 2) -> Stop:
    """A stop as written in `_DAYS`; what its place is called and where it lies is the island's."""
    kind, place, times, yuan, *way = line.split()
    arrives, departs = (hm(text) for text in times.split("-"))
    common = {"kind": kind, "arrives": arrives, "departs": departs, "yuan": None if yuan == "?" else float(yuan)}
    if kind == "rest":
        return Stop.model_validate({**common, "place": "", "name": "休息", "name_en": "a rest", "city": city})
    if kind == "ride":
        ride = _RIDES[place]
        return Stop.model_validate({**common, "place": place, "name": ride.name, "name_en": ride.name, "city": ride.destination,
                                    "mode": ride.mode, "source": ride.source})
    record = _NAMES[place]
    return Stop.model_validate({
        **common, "place": place, "name": record.name, "name_en": record.name_en, "city": record.city, "source": record.source,
        "legs": (the_leg(" ".join(way)),) if way else (), "cuisine": getattr(record, "cuisine", ""), "rooms": rooms if kind == "hotel" else 0,
        "latitude_deg": record.point and record.point.latitude_deg, "longitude_deg": record.point and record.point.longitude_deg,
    })


def the_leg(text: str) -> Leg:
    """A way as written in `_DAYS`."""
    mode, times, metres, yuan = text.split()
    departs, arrives = (hm(clock) for clock in times.split("-"))
    return Leg.model_validate({"mode": mode, "departs": departs, "arrives": arrives, "metres": float(metres), "yuan": float(yuan), "source": "island map"})


def the_day(number: int, text: str, trip: Trip = TRIP, rooms: int = 2) -> Day:
    """A day from its lines, on its date in its city."""
    city = trip.city_of(number)
    stops = tuple(the_stop(line, city, rooms) for line in text.strip().splitlines())
    return Day(number=number, date=trip.start + timedelta(days=number - 1), city=city, stops=stops)


def the_plan() -> Plan:
    """The whole plan, with a suggestion for rain, two omissions and one price that nobody knows."""
    days = [the_day(number, text) for number, text in enumerate(_DAYS, start=1)]
    days[0] = days[0].model_copy(update={"rain_plan": ("harbour-workshop",)})
    left_out = (LeftOut(place="harbour-workshop", name="船模馆", name_en="workshop", why="no_time"),
                LeftOut(place="harbour-wreck", name="沉船", name_en="wreck", why="closed"))
    return Plan.model_validate({"trip": TRIP, "days": days, "costs": COSTS, "left_out": left_out, "unknown_prices": ("长滩",)})


def free_day() -> Plan:
    """A Sunday in the harbour for one, without home, hotel or admission."""
    trip = Trip(stays=(Stay(city="harbour", days=1),), start=SATURDAY + timedelta(days=1), constraints=(FreeOnly(said="只去免费的"),))
    day = the_day(1, """
        sight      harbour-museum     10:00-11:30  0
        lunch      harbour-stalls     12:00-13:00  20
        sight      harbour-market     17:00-18:00  0     walk 16:30-16:42 873 0
    """, trip)
    return Plan.model_validate({"trip": trip, "days": (day,), "costs": {"food": 20.0}})
