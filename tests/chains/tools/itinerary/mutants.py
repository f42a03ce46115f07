"""Ways for a plan to be wrong: each changes one thing in the island's plan and names the rules that must notice, and no others."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from chains.tools.itinerary.plan import LeftOut, Plan
from chains.tools.itinerary.trip import Stay
from tests.chains.tools.itinerary.changing import (
    asked,
    naming,
    put,
    summed,
    with_day,
    with_days,
    with_leg,
    with_stop,
    without,
)
from tests.chains.tools.itinerary.foreign import hm
from tests.chains.tools.itinerary.island_plan import SATURDAY, the_leg, the_stop


class Mutant(NamedTuple):
    """What is wrong, how it comes about, and which rules fail."""

    name: str
    change: Callable[[Plan], Plan]
    rules: set[str]


def _retimed(plan: Plan, day: int, index: int, arrives: str, departs: str) -> Plan:
    return with_stop(plan, day, index, arrives=hm(arrives), departs=hm(departs))


WHEN_AND_WHERE = (
    Mutant("a day too few", lambda p: summed(with_days(p, *p.days[:5])), {"days", "sights_per_day"}),
    Mutant("a day too many", lambda p: with_days(p, *p.days, p.days[5].model_copy(update={"number": 7, "stops": ()})), {"days"}),
    Mutant("dates a day late", lambda p: with_days(p, *(d.model_copy(update={"date": d.date + timedelta(days=7)}) for d in p.days)), {"days"}),
    Mutant("a date twice", lambda p: with_day(p, 2, date=SATURDAY), {"days"}),
    Mutant("days numbered from two", lambda p: with_days(p, *(d.model_copy(update={"number": d.number + 1}) for d in p.days)), {"days"}),
    Mutant("a day in another city", lambda p: with_day(p, 5, city="harbour"), {"days"}),
    Mutant("a sight that is not there", lambda p: with_stop(p, 2, 3, place="harbour-palace"), {"places"}),
    Mutant("a restaurant that is not there", lambda p: with_stop(p, 2, 2, place="harbour-bistro"), {"places"}),
    Mutant("a hotel that is not there", lambda p: with_stop(p, 2, 6, place="harbour-ritz"), {"places", "hotel_near"}),
    Mutant("a ride that is not there", lambda p: with_stop(p, 4, 0, place="hill-night"), {"places", "rides", "cities"}),
    Mutant("a sight's id as a restaurant", lambda p: with_stop(p, 2, 2, place="harbour-fort"), {"places"}),
    Mutant("another name", lambda p: with_stop(p, 2, 3, name="御花园"), {"places"}),
    Mutant("another English name", lambda p: with_stop(p, 2, 3, name_en="Imperial garden"), {"places"}),
    Mutant("a point elsewhere", lambda p: with_stop(p, 2, 3, latitude_deg=20.5), {"places"}),
    Mutant("a point lost", lambda p: with_stop(p, 2, 3, latitude_deg=None, longitude_deg=None), {"places"}),
    Mutant("a point made up", lambda p: with_stop(p, 3, 0, latitude_deg=20.0, longitude_deg=110.0), {"places"}),
    Mutant("a cuisine made up", lambda p: with_stop(p, 2, 2, cuisine="法餐"), {"places"}),
    Mutant("a coach that flies", lambda p: with_stop(p, 4, 0, mode="plane"), {"places"}),
    Mutant("a stop in the other city", lambda p: with_stop(p, 5, 3, city="harbour"), {"places", "cities"}),
    Mutant("a sight in a city one has not reached", lambda p: put(p, 4, 0, p.days[5].stops[1].model_copy(
        update={"arrives": hm("7:00"), "departs": hm("8:00"), "legs": ()}), instead_of=0), {"cities", "repeats", "day_hours", "sums", "times", "ways"}),
    Mutant("a meal after going home", lambda p: summed(put(p, 6, 4, the_stop("dinner hilltop-curry 19:15-20:15 120"))), {"cities", "end_before", "day_hours", "budget"}),
    Mutant("a ride said to end elsewhere", lambda p: with_stop(p, 4, 0, city="mainland"), {"cities"}),
    Mutant("no way to the first city", lambda p: summed(without(p, 1, 0)), {"rides", "cities"}),
    Mutant("no way to the second city", lambda p: summed(without(p, 4, 0)), {"rides", "cities", "ways"}),
    Mutant("no way home", lambda p: summed(without(p, 6, 3)), {"rides"}),
    Mutant("a ride taken twice", lambda p: summed(put(p, 4, 1, the_stop("ride hill-late 15:00-15:50 90"))), {"rides", "times"}),
    Mutant("a ride faster than the data", lambda p: with_stop(p, 4, 0, departs=hm("9:00")), {"rides"}),
    Mutant("a ride off its timetable", lambda p: _retimed(p, 4, 0, "8:40", "9:30"), {"rides"}),
    Mutant("a sight twice", lambda p: summed(put(p, 2, 5, the_stop("sight harbour-museum 18:20-19:05 0 walk 18:10-18:19 612 0"), instead_of=1)),
           {"repeats", "open", "ways"}),
    Mutant("a stay in an unknown city", lambda p: asked(p, stays=(Stay(city="harbour", days=3), Stay(city="atlantis", days=3))),
           {"days", "places", "cities", "rides"}),
)
HOURS_AND_MEALS = (
    Mutant("a museum on its closing day", lambda p: put(p, 3, 3, the_stop("sight harbour-museum 13:45-14:45 0"), instead_of=1), {"open", "repeats", "ways", "sums", "fares"}),
    Mutant("before it opens", lambda p: with_stop(with_leg(p, 2, 1, departs=hm("8:45"), arrives=hm("8:59")), 2, 1, arrives=hm("9:20")), {"open"}),
    Mutant("after it closes", lambda p: with_stop(p, 1, 3, departs=hm("17:20")), {"open"}),
    Mutant("after the last entry", lambda p: with_leg(_retimed(p, 5, 1, "15:40", "17:00"), 5, 1, departs=hm("15:20"), arrives=hm("15:30")),
           {"open", "times"}),
    Mutant("a visit too short", lambda p: with_stop(p, 2, 1, departs=hm("10:40")), {"stay"}),
    Mutant("a visit of no time", lambda p: with_stop(p, 2, 5, departs=hm("18:20")), {"stay"}),
    Mutant("two stops at once", lambda p: with_stop(p, 2, 1, departs=hm("12:14")), {"times"}),
    Mutant("a stop that ends before it begins", lambda p: with_stop(p, 2, 3, departs=hm("13:30")), {"times", "stay"}),
    Mutant("stops in the wrong order", lambda p: put(p, 4, 2, p.days[3].stops[3], p.days[3].stops[2], instead_of=2), {"times", "ways", "fares"}),
    Mutant("leaving before one is there", lambda p: with_leg(p, 2, 3, departs=hm("13:10")), {"times"}),
    Mutant("a morning before the night is over", lambda p: with_stop(p, 1, 5, departs=hm("32:30")), {"times"}),
    Mutant("breakfast at eleven", lambda p: with_leg(_retimed(p, 5, 0, "10:25", "11:00"), 5, 1, departs=hm("11:00"), arrives=hm("11:10")),
           {"meal_windows", "times", "ways"}),
    Mutant("breakfast before six", lambda p: _retimed(p, 6, 0, "5:30", "6:00"), {"meal_windows", "day_hours", "times"}),
    Mutant("lunch in the afternoon", lambda p: _retimed(p, 6, 2, "14:05", "15:05"), {"meal_windows"}),
    Mutant("lunch in the morning", lambda p: with_leg(_retimed(p, 6, 2, "10:15", "10:55"), 6, 2, departs=hm("10:05"), arrives=hm("10:09")), {"meal_windows"}),
    Mutant("dinner in the afternoon", lambda p: with_leg(_retimed(p, 4, 3, "16:00", "17:00"), 4, 3, departs=hm("15:00"), arrives=hm("15:08")), {"meal_windows"}),
    Mutant("a meal of five minutes", lambda p: with_stop(p, 2, 2, departs=hm("12:20")), {"meal_windows"}),
    Mutant("two lunches", lambda p: summed(put(p, 1, 3, the_stop("lunch harbour-noodles 13:05-13:40 75 walk 13:00-13:05 339 0"), instead_of=1)), {"meals", "ways", "budget"}),
    Mutant("the same cuisine twice", lambda p: with_stop(p, 2, 4, cuisine="点心"), {"meals", "places"}),
    Mutant("the same restaurant twice", lambda p: summed(put(p, 4, 3, the_stop(
        "dinner hilltop-kitchen 17:15-18:15 150 taxi 17:00-17:08 1747 12"), instead_of=1)), {"repeats", "meals", "ways"}),
    Mutant("dinner where only breakfast is served", lambda p: summed(put(p, 5, 4, the_stop("dinner hilltop-porridge 17:05-18:05 36"), instead_of=1)),
           {"meals", "repeats", "ways"}),
    Mutant("a restaurant that is still closed", lambda p: with_stop(with_leg(p, 1, 4, departs=hm("16:40"), arrives=hm("16:53")), 1, 4, arrives=hm("16:55")),
           {"meals"}),
    Mutant("a night without a bed", lambda p: summed(without(p, 3, 7)), {"beds"}),
    Mutant("a hotel at noon only", lambda p: put(p, 3, 6, p.days[2].stops[7].model_copy(update={"legs": (), "arrives": hm("16:45"), "departs": hm("17:00")}),
                                                 p.days[2].stops[6], instead_of=2), {"beds", "ways", "sums"}),
    Mutant("a bed for the night after", lambda p: summed(put(p, 6, 4, the_stop("hotel hilltop-lodge 19:20-32:00 600"))),
           {"beds", "cities", "budget"}),
    Mutant("two hotels in one night", lambda p: summed(put(p, 2, 6, the_stop("hotel harbour-pension 19:25-19:30 400"))), {"beds", "budget", "times"}),
    Mutant("too few rooms", lambda p: summed(with_stop(p, 4, 4, rooms=1, yuan=300.0)), {"beds", "rooms"}),
    Mutant("more rooms than people", lambda p: summed(with_stop(asked(p, constraints=()), 4, 4, rooms=4, yuan=1200.0)), {"beds"}),
    Mutant("an inner day with one sight", lambda p: summed(without(p, 5, 3)), {"inner_sights", "ways"}),
    Mutant("an inner day without lunch", lambda p: summed(without(p, 5, 2)), {"main_meals", "ways"}),
    Mutant("an inner day without dinner", lambda p: summed(without(p, 3, 6)), {"main_meals", "ways", "fares"}),
    Mutant("too much for the pace", lambda p: asked(p, pace="relaxed"), {"pace"}),
    Mutant("nothing to see at all", lambda p: summed(with_days(p, *(d.model_copy(update={"stops": tuple(s for s in d.stops if s.kind != "sight")})
                                                                  for d in p.days))),
           {"some_sights", "inner_sights", "ways", "unknown_prices", "visit", "sight_kind", "sights_per_day", "fares", "walk_below"}),
)
WAYS_AND_MONEY = (
    Mutant("a walk too fast", lambda p: with_leg(p, 2, 3, arrives=hm("13:29")), {"ways"}),
    Mutant("a taxi too fast", lambda p: with_leg(p, 3, 5, arrives=hm("15:40")), {"ways"}),
    Mutant("a way that ends after the stop begins", lambda p: with_leg(p, 2, 3, arrives=hm("13:40")), {"ways"}),
    Mutant("a way that runs backwards", lambda p: with_leg(p, 2, 3, arrives=hm("13:14")), {"ways"}),
    Mutant("no way at all", lambda p: with_stop(p, 2, 3, legs=()), {"ways"}),
    Mutant("two legs where one is known", lambda p: with_stop(p, 2, 3, legs=(the_leg("walk 13:15-13:20 400 0"), the_leg("walk 13:20-13:31 738 0"))), {"ways"}),
    Mutant("a metro that is not there", lambda p: with_leg(p, 2, 4, mode="metro"), {"ways", "local_by"}),
    Mutant("a way too short", lambda p: with_leg(p, 2, 3, metres=300.0), {"ways"}),
    Mutant("no way from last night's hotel", lambda p: with_stop(p, 2, 0, legs=()), {"ways"}),
    Mutant("a taxi to where one eats nearby", lambda p: summed(with_stop(p, 1, 2, legs=(the_leg("taxi 12:00-12:05 500 9"),))), {"ways"}),
    Mutant("lunch nearby as a bridge", lambda p: with_stop(p, 1, 3, legs=(the_leg("walk 13:00-13:02 100 0"),)), {"ways"}),
    Mutant("a fare without a source", lambda p: summed(with_stop(p, 3, 1, legs=(the_leg("taxi 10:05-10:30 9000 40").model_copy(update={"source": ""}),))),
           {"ways"}),
    Mutant("a fare too low", lambda p: summed(with_leg(p, 2, 4, yuan=2.0)), {"fares"}),
    Mutant("a walk that costs", lambda p: summed(with_leg(p, 2, 3, yuan=5.0)), {"fares"}),
    Mutant("admission too low", lambda p: summed(with_stop(p, 2, 1, yuan=240.0)), {"prices"}),
    Mutant("admission for adults only", lambda p: summed(with_stop(p, 1, 1, yuan=120.0)), {"prices"}),
    Mutant("a meal for one", lambda p: summed(with_stop(p, 2, 2, yuan=35.0)), {"prices"}),
    Mutant("one room paid", lambda p: summed(with_stop(p, 2, 6, yuan=600.0)), {"prices"}),
    Mutant("a ride for one", lambda p: summed(with_stop(p, 4, 0, yuan=30.0)), {"prices"}),
    Mutant("a rest that costs", lambda p: summed(with_stop(p, 3, 4, yuan=10.0)), {"prices"}),
    Mutant("an unknown price made free", lambda p: with_stop(p, 3, 1, yuan=0.0), {"prices"}),
    Mutant("a known price made unknown", lambda p: summed(with_stop(p, 2, 3, yuan=None)), {"prices"}),
    Mutant("an unknown price not said", lambda p: p.model_copy(update={"unknown_prices": ()}), {"unknown_prices"}),
    Mutant("a known price said to be unknown", lambda p: p.model_copy(update={"unknown_prices": ("长滩", "百草园")}), {"unknown_prices"}),
    Mutant("a sum too low", lambda p: p.model_copy(update={"costs": {**p.costs, "food": 1600.0}}), {"sums"}),
    Mutant("a kind of cost left out", lambda p: p.model_copy(update={"costs": {"tickets": 850.0, "food": 1647.0, "lodging": 4800.0, "intercity": 1950.0}}), {"sums"}),
    Mutant("two travellers fewer", lambda p: asked(p, travellers=p.trip.travellers.model_copy(update={"adults": 1, "children": 0})),
           {"prices", "fares"}),
    Mutant("rain spent outdoors", lambda p: with_day(p, 1, rain_plan=("harbour-wreck",)), {"suggestions"}),
    Mutant("rain spent where one goes anyway", lambda p: with_day(p, 1, rain_plan=("harbour-aquarium",)), {"suggestions"}),
    Mutant("rain spent before a closed door", lambda p: with_day(p, 3, rain_plan=("harbour-workshop",)), {"suggestions"}),
    Mutant("rain spent nowhere", lambda p: with_day(p, 1, rain_plan=("harbour-cinema",)), {"suggestions"}),
    Mutant("left out and visited", lambda p: _left(p, "harbour-fort", "炮台", "fort", "no_time"), {"suggestions"}),
    Mutant("left out and never there", lambda p: _left(p, "harbour-palace", "王宫", "palace", "no_time"), {"suggestions"}),
    Mutant("left out under another name", lambda p: _left(p, "harbour-workshop", "船坞", "workshop", "no_time"), {"suggestions"}),
    Mutant("left out as closed while open", lambda p: _left(p, "harbour-workshop", "船模馆", "workshop", "closed"), {"suggestions"}),
)
CLAIMS = (
    Mutant("a conflict that does not exist", lambda p: naming(p, 0), {"conflicts"}),
    Mutant("a conflict about no condition", lambda p: naming(p, 40), {"conflicts"}),
    Mutant("a conflict without a reason", lambda p: naming(p, None, rule="main_meals", day=2, why="", why_en=""), {"conflicts"}),
    Mutant("an excuse for nothing", lambda p: naming(p, None, rule="inner_sights", day=2), {"conflicts"}),
    Mutant("an excuse for a wrong price", lambda p: naming(summed(with_stop(p, 2, 1, yuan=240.0)), None, rule="prices", day=2), {"prices", "conflicts"}),
    Mutant("an excuse for another day", lambda p: naming(summed(without(p, 5, 3)), None, rule="inner_sights", day=2), {"inner_sights", "ways", "conflicts"}),
    Mutant("no bed although there are some", lambda p: naming(summed(without(p, 3, 7)), None, rule="beds", day=3), {"conflicts"}),
    Mutant("no ride although there are some", lambda p: naming(summed(without(p, 6, 3)), None, rule="rides", day=6), {"conflicts"}),
)


def _left(plan: Plan, place: str, name: str, name_en: str, why: str) -> Plan:
    left = LeftOut.model_validate({"place": place, "name": name, "name_en": name_en, "why": why})
    return plan.model_copy(update={"left_out": (left,)})


MUTANTS = WHEN_AND_WHERE + HOURS_AND_MEALS + WAYS_AND_MONEY + CLAIMS
