"""Naming what cannot be met: why, and the least that would have to give way for it, in Chinese and English.

Wishes about sights are worded in `relax_sights`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chains.tools.itinerary.data import TravelData
from chains.tools.itinerary.kept import broken_conditions, broken_frame, spent_yuan
from chains.tools.itinerary.labels import MODES, feature_words, said_words
from chains.tools.itinerary.plan import Conflict, Day, Leg, Plan, Stop
from chains.tools.itinerary.relax_sights import Words, at_place_words, free_words, kind_words, visit_words
from chains.tools.itinerary.trip import (
    AnyOf,
    ArriveFrom,
    AtPlace,
    BudgetAtMost,
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
    Single,
    Visit,
    WalkAtMost,
    WalkBelow,
)
from chains.tools.itinerary.wishes import eats
from chains.understanding.request import Language
from knowledge.geometry import distance_km
from knowledge.seasons import clock

MOST_NAMED = 4  # dishes offered instead of one
Saving = tuple[float, str, str]  # yuan, and what saves it in Chinese and English
COSTS = {"total": ("总花费", "the total"), "tickets": ("门票", "tickets"), "food": ("餐饮", "food"), "lodging": ("住宿", "lodging"),
         "local": ("市内交通", "local transport"), "intercity": ("城际交通", "travel between cities")}


def conflicts_of(plan: Plan, data: TravelData) -> tuple[Conflict, ...]:
    """Everything the plan does not keep, each with what would make it possible."""
    found = [_of_wish(plan, data, place) for place in broken_conditions(plan, data)]
    return (*found, *(_of_frame(rule, day) for rule, day in broken_frame(plan)))


def _of_wish(plan: Plan, data: TravelData, place: int) -> Conflict:
    wish = plan.trip.constraints[place]
    why, relaxation, why_en, relaxation_en = _words(plan, data, wish)
    short = round(spent_yuan(plan, wish.of) - wish.yuan, 2) if isinstance(wish, BudgetAtMost) else None
    return Conflict(constraint=place, why=why, why_en=why_en, relaxation=relaxation, relaxation_en=relaxation_en, short_yuan=short)


def _words(plan: Plan, data: TravelData, wish: Single | AnyOf) -> Words:
    if isinstance(wish, AnyOf):
        first = _words(plan, data, wish.options[0])
        return (f"几个选项都做不到，例如：{first[0]}", first[1], f"none of the options can be had, for example: {first[2]}", first[3])
    return _WORDS[type(wish)](plan, data, wish)


def _budget(plan: Plan, _data: TravelData, wish: BudgetAtMost) -> Words:
    spent = spent_yuan(plan, wish.of)
    short = spent - wish.yuan
    zh, en = COSTS[wish.of]
    step, step_en = _cheapest_step(plan, wish, short)
    return (f"{zh}最少约 {spent:.0f} 元，高于 {wish.yuan:.0f} 元的预算", f"预算差 {short:.0f} 元：{step}",
            f"{en} comes to {spent:.0f} yuan at the least found, against a budget of {wish.yuan:.0f}", f"{short:.0f} yuan short: {step_en}")


def _cheapest_step(plan: Plan, wish: BudgetAtMost, short: float) -> tuple[str, str]:
    """The smallest thing to give up that saves enough, else a higher budget; both with their sums."""
    options = [*_fewer_nights(plan, wish.of), *_fewer_sights(plan, wish.of)]
    enough = [option for option in options if option[0] >= short]
    spent = spent_yuan(plan, wish.of)
    most = (short, f"把预算提高到 {spent:.0f} 元", f"raise the budget to {spent:.0f} yuan")
    chosen = min(enough, default=most)
    return (chosen[1], chosen[2]) if chosen is most else (f"{chosen[1]}，或{most[1]}", f"{chosen[2]}, or {most[2]}")


def _fewer_nights(plan: Plan, of: str) -> Iterator[Saving]:
    """The last days left out, from one on: everything spent on them and on the nights before them, the way home aside."""
    if of not in {"total", "food", "lodging"}:
        return
    for fewer in range(1, plan.trip.days):
        gone = plan.days[-fewer:]
        saved = sum(_day_yuan(day, of) for day in gone) + _night_yuan(plan.days[-fewer - 1], of) - _night_yuan(gone[-1], of)
        zh, en = ("一", "one") if fewer == 1 else (f" {fewer} ", str(fewer))
        nights = "night" if fewer == 1 else "nights"
        yield saved, f"少住{zh}晚（约省 {saved:.0f} 元）", f"stay {en} {nights} less (saves about {saved:.0f} yuan)"


def _day_yuan(day: Day, of: str) -> float:
    kinds = {"food": {"breakfast", "lunch", "dinner"}, "lodging": {"hotel"}}.get(of, {"breakfast", "lunch", "dinner", "hotel", "sight"})
    ways = sum(leg.yuan for stop in day.stops for leg in stop.legs) if of == "total" else 0.0
    return ways + sum(stop.yuan or 0.0 for stop in day.stops if stop.kind in kinds)


def _night_yuan(day: Day, of: str) -> float:
    return sum(stop.yuan or 0.0 for stop in day.stops if stop.kind == "hotel") if of in {"total", "lodging"} else 0.0


def _fewer_sights(plan: Plan, of: str) -> Iterator[Saving]:
    """The dearest sights left out, from one on, as far as tickets are counted."""
    paid = sorted((stop for day in plan.days for stop in day.stops if stop.kind == "sight" and stop.yuan), key=lambda stop: stop.yuan or 0.0)
    if of not in {"total", "tickets"}:
        return
    for stop in paid:
        yield stop.yuan or 0.0, f"不去{stop.name}（省 {stop.yuan:.0f} 元）", f"leave out {stop.name_en} (saves {stop.yuan:.0f} yuan)"
    for count in range(2, len(paid) + 1):
        gone, saved = paid[-count:], sum(stop.yuan or 0.0 for stop in paid[-count:])
        yield (saved, f"不去{'、'.join(stop.name for stop in gone)}（共省 {saved:.0f} 元）",
               f"leave out {', '.join(stop.name_en for stop in gone)} (saves {saved:.0f} yuan)")


def _eat(plan: Plan, data: TravelData, wish: Eat) -> Words:
    words, words_en = "、".join(wish.any_of), " or ".join(said_words(wish.any_of, "en"))
    if wish.avoid:
        return (f"避不开“{words}”", "允许一餐例外", f"{words_en} cannot be avoided", "allow it for one meal")
    tables = [table for stay in plan.trip.stays for table in data.restaurants(stay.city)]
    if any(eats(table, wish.any_of) for table in tables):
        return (f"没有合适的一餐能吃到“{words}”", "多留一天，或放宽餐饮预算", f"no meal with {words_en} fits in", "stay a day longer, or allow more for food")
    here = "、".join(list(dict.fromkeys(table.cuisine for table in tables))[:MOST_NAMED])
    here_en = ", ".join(list(dict.fromkeys(table.name_en.split(",")[0] for table in tables))[:MOST_NAMED])
    return (f"资料里这里没有“{words}”", f"换成这里有的：{here}" if here else "换一座有这道菜的城市",
            f"no {words_en} is known here", f"choose what is: {here_en}" if here_en else "choose a city that has it")


def _hotel(plan: Plan, data: TravelData, wish: Hotel) -> Words:
    prices = sorted({bed.yuan_per_room for stay in plan.trip.stays for bed in data.lodgings(stay.city)})
    if wish.most_yuan is not None and prices and prices[0] > wish.most_yuan:
        return (f"每间每晚最低 {prices[0]:.0f} 元", f"把房价放宽到 {prices[0]:.0f} 元",
                f"rooms cost at least {prices[0]:.0f} yuan a night", f"allow {prices[0]:.0f} yuan a night")
    if wish.least_yuan is not None and prices and prices[-1] < wish.least_yuan:
        return (f"每间每晚最高 {prices[-1]:.0f} 元", f"把房价放宽到 {prices[-1]:.0f} 元",
                f"rooms cost at most {prices[-1]:.0f} yuan a night", f"allow {prices[-1]:.0f} yuan a night")
    asked = "、".join((*wish.names, *wish.features, *wish.areas)) or "要求"
    taken = next((stop for day in plan.days for stop in day.stops if stop.kind == "hotel"), None)
    chosen, chosen_en = (f"，已选{taken.name}", f"; {taken.name_en} was taken") if taken else ("", "")
    return (f"资料里没有写明“{asked}”的住处{chosen}", "订房前向酒店确认，或去掉这一项",
            f"no hotel is recorded with {_asked_en(wish)}{chosen_en}", "ask the hotel before booking, or drop that wish")


def _asked_en(wish: Hotel) -> str:
    return ", ".join((*said_words(wish.names, "en"), *feature_words(wish.features, "en"), *wish.areas)) or "what was asked"


def _hotel_near(plan: Plan, data: TravelData, wish: HotelNear) -> Words:
    place = next((sight for stay in plan.trip.stays for sight in data.sights(stay.city) if sight.id == wish.place), None)
    beds = data.lodgings(place.city) if place else []
    away = [distance_km(bed.point, place.point) * 1000 for bed in beds if place and bed.point and place.point]
    nearest = min(away, default=None)
    if nearest is None:
        return ("不知道住处离那里多远", "改为指定区域", "how far hotels are from there is not known", "name a quarter instead")
    if nearest <= wish.metres:
        return ("够近的住处不符合别的住宿要求", "去掉别的住宿要求中的一项", "hotels that near do not meet the other wishes", "drop one of the other wishes about hotels")
    return (f"最近的住处也有 {nearest:.0f} 米", f"放宽到 {nearest:.0f} 米", f"the nearest hotel is {nearest:.0f} m away", f"allow {nearest:.0f} m")


def _rooms(plan: Plan, _data: TravelData, wish: Rooms) -> Words:
    rooms = max((stop.rooms for day in plan.days for stop in day.stops if stop.kind == "hotel"), default=0)
    if wish.count is not None and rooms != wish.count:
        return (f"{wish.count} 间住不下 {plan.trip.travellers.size} 人", f"订 {rooms} 间", f"{_rooms_en(wish.count)} cannot sleep {plan.trip.travellers.size}", f"take {_rooms_en(rooms)}")
    return ("没有要求的房型", "换一种房型", "no hotel has that type of room", "choose another type of room")


def _rooms_en(count: int) -> str:
    return "1 room" if count == 1 else f"{count} rooms"


def _legs(plan: Plan) -> Iterator[tuple[Day, Stop, Leg]]:
    return ((day, stop, leg) for day in plan.days for stop in day.stops for leg in stop.legs)


def _local(plan: Plan, _data: TravelData, wish: LocalBy) -> Words:
    """The dearest way that needs another mode than those asked for."""
    others = [(leg.yuan, day, stop, leg) for day, stop, leg in _legs(plan) if leg.mode not in (*wish.modes, "walk")]
    others = others or [(leg.metres, day, stop, leg) for day, stop, leg in _legs(plan) if leg.mode not in wish.modes]
    if not others:
        return ("有的路只坐要求的交通到不了", "允许短途打车", "some way cannot be made by the modes asked", "allow a taxi for it")
    _, day, stop, leg = max(others, key=lambda way: way[0])
    return (f"第 {day.number} 天去{stop.name}只坐要求的交通到不了", f"允许这一段{MODES['zh'][leg.mode]}（{_way(leg, 'zh')}），或不去{stop.name}",
            f"day {day.number}: {stop.name_en} cannot be reached by the modes asked", f"allow a {MODES['en'][leg.mode]} there ({_way(leg, 'en')}), or leave it out")


def _way(leg: Leg, language: Language) -> str:
    minutes = leg.arrives - leg.departs
    return f"{minutes} 分钟，{leg.yuan:g} 元" if language == "zh" else f"{minutes} min, {leg.yuan:g} yuan"


def _walk_most(plan: Plan, _data: TravelData, wish: WalkAtMost) -> Words:
    walks = [(leg.metres, day, stop) for day, stop, leg in _legs(plan) if leg.mode == "walk" and leg.metres > wish.metres]
    if not walks:
        return ("有一段路只能走得更远", "允许走得远一些", "some way needs a longer walk", "allow a longer walk")
    metres, day, stop = max(walks, key=lambda walk: walk[0])
    return (f"第 {day.number} 天去{stop.name}要步行约 {metres:.0f} 米", f"放宽到 {metres:.0f} 米，或不去{stop.name}",
            f"day {day.number}: {stop.name_en} takes a walk of about {metres:.0f} m", f"allow {metres:.0f} m, or leave it out")


def _intercity(plan: Plan, _data: TravelData, wish: IntercityBy) -> Words:
    """What rides there are instead of those asked for."""
    taken = [(day, stop) for day in plan.days for stop in day.stops if stop.kind == "ride" and stop.mode and stop.mode not in wish.modes]
    if not taken:
        return ("没有这种城际交通，已用别的", "允许用计划里的交通方式", "there is no such ride; another was taken", "allow the ride in the plan")
    day, stop = taken[0]
    mode, mode_en = MODES["zh"][stop.mode or "train"], MODES["en"][stop.mode or "train"]
    asked, asked_en = "、".join(MODES["zh"][one] for one in wish.modes), " or ".join(MODES["en"][one] for one in wish.modes)
    return (f"第 {day.number} 天{stop.name}这一程没有{asked}", f"允许{mode}（{stop.departs - stop.arrives} 分钟）",
            f"day {day.number}: no {asked_en} for {stop.name_en}", f"allow the {mode_en} ({stop.departs - stop.arrives} min)")


def _arrive(plan: Plan, _data: TravelData, _wish: ArriveFrom) -> Words:
    stops = [stop for stop in plan.days[0].stops if stop.kind != "ride"]
    first = min((min([stop.arrives, *(leg.departs for leg in stop.legs)]) for stop in stops), default=0)
    return (f"第一天最晚 {clock(first)} 就要开始", f"把到达时间提前到 {clock(first)}", f"the first day has to begin by {clock(first)}", f"arrive by {clock(first)}")


def _hours(plan: Plan, _data: TravelData, wish: DayHours) -> Words:
    """The day that reaches furthest beyond the hours asked."""
    over = [(max(_early(day, wish), _late(day, wish)), day) for day in plan.days if wish.day in (None, day.number) and day.stops]
    beyond, day = max(over, key=lambda one: one[0], default=(0, plan.days[0]))
    if beyond <= 0:
        return ("有一天超出了要求的时段", "把时段放宽", "some day does not keep the hours asked", "widen the hours")
    begin, end = _begin(day), day.stops[-1].arrives if day.stops[-1].kind == "hotel" else day.stops[-1].departs
    return (f"第 {day.number} 天要从 {clock(begin)} 到 {clock(end)}", f"把时段放宽 {beyond} 分钟，或这一天少去一处",
            f"day {day.number} runs from {clock(begin)} to {clock(end)}", f"widen the hours by {beyond} minutes, or leave a sight out")


def _begin(day: Day) -> int:
    return min([day.stops[0].arrives, *(leg.departs for leg in day.stops[0].legs)])


def _early(day: Day, wish: DayHours) -> int:
    return wish.earliest - _begin(day) if wish.earliest is not None else 0


def _late(day: Day, wish: DayHours) -> int:
    last = day.stops[-1]
    return (last.arrives if last.kind == "hotel" else last.departs) - wish.latest if wish.latest is not None else 0


def _plain(why: str, relaxation: str, why_en: str, relaxation_en: str) -> Callable[[Plan, TravelData, Any], Words]:
    return lambda _plan, _data, _wish: (why, relaxation, why_en, relaxation_en)


def _leave(plan: Plan, _data: TravelData, wish: LeaveBy) -> Words:
    last = max((stop.departs for stop in plan.days[-1].stops), default=wish.clock)
    return (f"最后一天最早 {clock(last)} 结束", f"放宽到 {clock(last)}", f"the last day ends at {clock(last)} at the earliest found", f"allow {clock(last)}")


def _counts(plan: Plan, _data: TravelData, wish: SightsPerDay) -> Words:
    counts = [sum(stop.kind == "sight" for stop in day.stops) for day in plan.days if wish.day in (None, day.number)]
    fewest = min(counts, default=0)
    return (f"有的一天只排得下 {fewest} 处", f"每天至少改为 {fewest} 处", f"some day holds only {fewest} {'sight' if fewest == 1 else 'sights'}", f"ask for {fewest} a day at least")


_WORDS: Mapping[type[Single], Callable[[Plan, TravelData, Any], Words]] = {
    BudgetAtMost: _budget, Visit: visit_words, SightKind: kind_words, AtPlace: at_place_words, FreeOnly: free_words, Eat: _eat, Hotel: _hotel,
    HotelNear: _hotel_near, Rooms: _rooms, LeaveBy: _leave, ArriveFrom: _arrive, DayHours: _hours, SightsPerDay: _counts, LocalBy: _local,
    IntercityBy: _intercity, WalkAtMost: _walk_most,
    WalkBelow: _plain("有一段近路不能步行", "缩短步行的界限", "some short way cannot be walked", "lower the limit"),
}
_FRAME: Mapping[str, Words] = {
    "some_sights": ("没有一处景点能排进行程", "放宽时间、费用或类型上的要求", "no sight fits into the trip", "ease the wishes on time, cost or kind"),
    "inner_sights": ("当天排不满两处景点", "多留时间、放宽要求，或换个日期", "two sights do not fit into the day", "ease the day's hours or wishes, or change the date"),
    "main_meals": ("当天的时段里排不进两顿正餐", "把当天的时段放宽", "both main meals do not fit into the day", "widen the day's hours"),
    "beds": ("数据里没有这座城市的住处", "自行预订", "no bed is known in this city", "book one yourself"),
    "rides": ("不知道这两座城市之间的交通", "自行安排，或换一座城市", "no ride between these cities is known", "arrange it yourself, or choose another city"),
}


def _of_frame(rule: str, day: int | None) -> Conflict:
    why, relaxation, why_en, relaxation_en = _FRAME[rule]
    where, where_en = (f"第 {day} 天：", f"day {day}: ") if day else ("", "")
    return Conflict(constraint=None, rule=rule, day=day, why=where + why, why_en=where_en + why_en, relaxation=relaxation, relaxation_en=relaxation_en)
