"""Conditions that the island's plan does not keep, and such that it keeps, at the very edge where there is one."""

from typing import NamedTuple

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
    Visit,
    WalkAtMost,
    WalkBelow,
)
from tests.chains.tools.itinerary.foreign import hm


class Asked(NamedTuple):
    """A condition, and what it is about."""

    name: str
    wish: Constraint


BROKEN = (
    Asked("total a yuan too dear", BudgetAtMost(yuan=9360)),
    Asked("tickets too dear", BudgetAtMost(of="tickets", yuan=849)),
    Asked("food too dear", BudgetAtMost(of="food", yuan=1646)),
    Asked("lodging too dear", BudgetAtMost(of="lodging", yuan=4799)),
    Asked("ways in town too dear", BudgetAtMost(of="local", yuan=113.5)),
    Asked("rides too dear", BudgetAtMost(of="intercity", yuan=1900)),
    Asked("another number of rooms", Rooms(count=3)),
    Asked("a type of room one hotel lacks", Rooms(type="family")),
    Asked("no planes", IntercityBy(modes=("train", "coach"))),
    Asked("no taxis", LocalBy(modes=("walk", "bus"))),
    Asked("no walks over a kilometre", LocalBy(modes=("bus", "taxi"))),
    Asked("a dish nobody ate", Eat(any_of=("火锅",))),
    Asked("a dish somebody ate", Eat(any_of=("咖喱",), avoid=True)),
    Asked("a restaurant by its English name, avoided", Eat(any_of=("QUAY grill",), avoid=True)),
    Asked("a kind of sight nobody saw", SightKind(any_of=("温泉", "滑雪"))),
    Asked("a kind of sight somebody saw", SightKind(any_of=("瀑布",), avoid=True)),
    Asked("a sight nobody saw", Visit(any_of=("harbour-wreck", "harbour-workshop"))),
    Asked("a sight somebody saw", Visit(any_of=("harbour-wreck", "hilltop-tower"), avoid=True)),
    Asked("too early at a sight", AtPlace(place="harbour-fort", not_before=hm("10:01"))),
    Asked("too long at a sight", AtPlace(place="harbour-fort", not_after=hm("11:59"))),
    Asked("a sight on the wrong day", AtPlace(place="harbour-fort", day=2)),
    Asked("not long enough at a sight", AtPlace(place="harbour-fort", least_minutes=121)),
    Asked("a hotel by name, not for every night", Hotel(names=("望海",))),
    Asked("a feature no hotel has", Hotel(features=("海景", "停车场"))),
    Asked("a feature one hotel lacks", Hotel(features=("海景", "泳池"))),
    Asked("a quarter of one town", Hotel(areas=("港口",))),
    Asked("another tier", Hotel(tiers=("budget", "comfort"))),
    Asked("a room too cheap", Hotel(least_yuan=301)),
    Asked("a room too dear", Hotel(most_yuan=599)),
    Asked("an unwanted hotel", Hotel(names=("cloud lodge",), avoid=True)),
    Asked("an unwanted feature", Hotel(features=("泳池",), avoid=True)),
    Asked("a hotel too far away", HotelNear(place="harbour-fort", metres=799)),
    Asked("a hotel near something nobody can place", HotelNear(place="harbour-cave", metres=5000)),
    Asked("a hotel near something unknown", HotelNear(place="harbour-palace", metres=5000)),
    Asked("a taxi where one could walk", WalkBelow(metres=1201)),
    Asked("a walk too long", WalkAtMost(metres=1205)),
    Asked("a first day too early", ArriveFrom(clock=hm("10:01"))),
    Asked("a last day too late", LeaveBy(clock=hm("19:09"))),
    Asked("a morning too early", DayHours(earliest=hm("8:01"))),
    Asked("an evening too late", DayHours(latest=hm("19:29"))),
    Asked("one evening too late", DayHours(latest=hm("18:07"), day=5)),
    Asked("too few sights somewhere", SightsPerDay(least=2)),
    Asked("too many sights somewhere", SightsPerDay(most=3)),
    Asked("too few sights on a day", SightsPerDay(least=5, day=3)),
    Asked("admission at all", FreeOnly()),
    Asked("neither of two", AnyOf(options=(FreeOnly(), Eat(any_of=("火锅",))))),
    Asked("none of three", AnyOf(options=(LeaveBy(clock=600), BudgetAtMost(yuan=10), Rooms(count=9)))),
)
KEPT = (
    Asked("total to the yuan", BudgetAtMost(yuan=9361)),
    Asked("a type every hotel has", Rooms(type="double")),
    Asked("short walks though only vehicles were named", WalkAtMost(metres=1206)),
    Asked("a dish by a part of its restaurant's name", Eat(any_of=("chinatown", "captain"))),
    Asked("how a sight is visited that is not", AtPlace(place="harbour-wreck", day=9, not_before=1400)),
    Asked("a sight exactly so", AtPlace(place="harbour-fort", not_before=hm("10:00"), not_after=hm("12:00"), day=1, least_minutes=120)),
    Asked("one quarter or another", Hotel(areas=("港口", "山顶"))),
    Asked("a price exactly so", Hotel(least_yuan=300, most_yuan=600)),
    Asked("a hotel near, in its own city only", HotelNear(place="hilltop-tower", metres=201)),
    Asked("every way walked that is that short", WalkBelow(metres=1199)),
    Asked("the ride there may begin earlier", ArriveFrom(clock=hm("10:00"))),
    Asked("home on the minute", LeaveBy(clock=hm("19:10"))),
    Asked("hours of a day the trip does not have", DayHours(earliest=hm("12:00"), day=9)),
    Asked("getting into bed on the minute", DayHours(latest=hm("19:30"), day=2)),
    Asked("sights of a day the trip does not have", SightsPerDay(least=3, day=9)),
    Asked("four sights", SightsPerDay(least=4, most=4, day=3)),
    Asked("the second of two", AnyOf(options=(FreeOnly(), Rooms(count=2)))),
)
