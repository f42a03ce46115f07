"""Naming what cannot be met: why, and the least that would have to give way for it, in Chinese and English."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chains.tools.itinerary.data import TravelData
from chains.tools.itinerary.kept import broken_conditions, broken_frame, spent_yuan
from chains.tools.itinerary.plan import Conflict, Plan
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
from knowledge.geometry import distance_km
from knowledge.seasons import clock

Words = tuple[str, str, str, str]  # why and relaxation, each in Chinese and English
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
    return (f"{zh}最少约 {spent:.0f} 元，预算差 {short:.0f} 元", f"预算差 {short:.0f} 元：{step}",
            f"{en} comes to {spent:.0f} yuan at the least found, {short:.0f} over the budget", f"{short:.0f} yuan short: {step_en}")


def _cheapest_step(plan: Plan, wish: BudgetAtMost, short: float) -> tuple[str, str]:
    """The smallest single thing to give up that saves enough, else a higher budget."""
    options: list[tuple[float, str, str]] = []
    if plan.trip.days > 1 and wish.of in {"total", "food", "lodging"}:
        per_day = _saved_by_last_night(plan, wish.of)
        options.append((per_day, f"少住一晚（约省 {per_day:.0f} 元）", f"stay one night less (saves about {per_day:.0f} yuan)"))
    if wish.of in {"total", "tickets"}:
        paid = [stop for day in plan.days for stop in day.stops if stop.kind == "sight" and stop.yuan]
        options += [(stop.yuan or 0.0, f"不去{stop.name}（省 {stop.yuan:.0f} 元）", f"leave out {stop.name_en} (saves {stop.yuan:.0f} yuan)")
                    for stop in paid]
    enough = [option for option in options if option[0] >= short]
    spent = spent_yuan(plan, wish.of)
    most = (short, f"把预算提高到 {spent:.0f} 元", f"raise the budget to {spent:.0f} yuan")
    chosen = min(enough, default=most)
    return (chosen[1], chosen[2]) if chosen is most else (f"{chosen[1]}，或{most[1]}", f"{chosen[2]}, or {most[2]}")


def _saved_by_last_night(plan: Plan, of: str) -> float:
    """What the trip's last night costs, and for a total or food also an average day's meals."""
    nights = [stop.yuan or 0.0 for day in plan.days for stop in day.stops if stop.kind == "hotel"]
    meals = plan.costs["food"] / plan.trip.days
    bed = nights[-1] if nights else 0.0
    return {"lodging": bed, "food": meals}.get(of, bed + meals)


def _visit(plan: Plan, data: TravelData, wish: Visit) -> Words:
    known = {sight.id: sight for stay in plan.trip.stays for sight in data.sights(stay.city)}
    names = "、".join(known[place].name for place in wish.any_of if place in known) or "、".join(wish.any_of)
    names_en = ", ".join(known[place].name_en for place in wish.any_of if place in known) or ", ".join(wish.any_of)
    if wish.avoid:
        return (f"{names}又要去又不要去", "去掉其中一个要求", f"{names_en} is both wanted and unwanted", "drop one of the two wishes")
    if not any(place in known for place in wish.any_of):
        return (f"{names}不在这次旅行的城市里", "把它所在的城市加进行程", f"{names_en} is in none of the trip's cities", "add its city to the trip")
    if not any(data.open_span(place, day) for place in wish.any_of if place in known for day in _dates(plan, known[place].city, place)):
        return (f"{names}在这几天都不开放", "换一个开放的日子出发", f"{names_en} is closed on all of these dates", "start on another date")
    if any(day.note for day in plan.days):
        return (f"天气或时间不允许去{names}", "改到天气好的日子，或多留一天", f"weather or time leave no room for {names_en}", "go on a better day, or stay a day longer")
    return (f"时间里放不下{names}", "多留一天，或放宽时间、交通、费用上的要求", f"there is no time for {names_en}",
            "stay a day longer, or ease what was asked of times, ways or costs")


def _dates(plan: Plan, city: str, place: str) -> list[date]:
    """The dates on which a sight may be visited as far as its city and the wishes about its day go."""
    said = {wish.day for wish in plan.trip.constraints if isinstance(wish, AtPlace) and wish.place == place and wish.day}
    return [day.date for day in plan.days if day.city == city and (not said or said == {day.number})]


def _sight_kind(_plan: Plan, _data: TravelData, wish: SightKind) -> Words:
    tags = "、".join(wish.any_of)
    if wish.avoid:
        return (f"有景点属于不想要的“{tags}”", "去掉点名要去的那一处", f"a wished-for sight is of an unwanted kind ({tags})", "drop that sight")
    return (f"这几天排不进“{tags}”类景点", "换一类景点，或多留一天", f"no sight of the kind {tags} fits into these days", "choose another kind, or stay a day longer")


def _at_place(plan: Plan, data: TravelData, wish: AtPlace) -> Words:
    name = next((sight.name for stay in plan.trip.stays for sight in data.sights(stay.city) if sight.id == wish.place), wish.place)
    return (f"{name}排不到要求的时间", "放宽到达、离开或停留的时间", f"{name} cannot be visited at the time asked", "ease arrival, departure or length of stay")


def _eat(_plan: Plan, _data: TravelData, wish: Eat) -> Words:
    words = "、".join(wish.any_of)
    if wish.avoid:
        return (f"避不开“{words}”", "允许一餐例外", f"{words} cannot be avoided", "allow it for one meal")
    return (f"没有合适的一餐能吃到“{words}”", "换一种吃法，或换到有这道菜的城市", f"no meal with {words} was found", "choose another dish, or a city that has it")


def _hotel(plan: Plan, data: TravelData, wish: Hotel) -> Words:
    prices = sorted({bed.yuan_per_room for stay in plan.trip.stays for bed in data.lodgings(stay.city)})
    if wish.most_yuan is not None and prices and prices[0] > wish.most_yuan:
        return (f"每间每晚最低 {prices[0]:.0f} 元", f"把房价放宽到 {prices[0]:.0f} 元",
                f"rooms cost at least {prices[0]:.0f} yuan a night", f"allow {prices[0]:.0f} yuan a night")
    if wish.least_yuan is not None and prices and prices[-1] < wish.least_yuan:
        return (f"每间每晚最高 {prices[-1]:.0f} 元", f"把房价放宽到 {prices[-1]:.0f} 元",
                f"rooms cost at most {prices[-1]:.0f} yuan a night", f"allow {prices[-1]:.0f} yuan a night")
    return ("没有完全符合要求的住处，已选最接近的", "去掉名称、设施或区域中的一项要求",
            "no hotel is all that was asked; the closest was chosen", "drop one of name, feature or area")


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
        return (f"{wish.count} 间住不下 {plan.trip.travellers.size} 人", f"订 {rooms} 间", f"{wish.count} rooms are too few for {plan.trip.travellers.size}", f"take {rooms} rooms")
    return ("没有要求的房型", "换一种房型", "no hotel has that type of room", "choose another type of room")


def _plain(why: str, relaxation: str, why_en: str, relaxation_en: str) -> Callable[[Plan, TravelData, Any], Words]:
    return lambda _plan, _data, _wish: (why, relaxation, why_en, relaxation_en)


def _leave(plan: Plan, _data: TravelData, wish: LeaveBy) -> Words:
    last = max((stop.departs for stop in plan.days[-1].stops), default=wish.clock)
    return (f"最后一天最早 {clock(last)} 结束", f"放宽到 {clock(last)}", f"the last day ends at {clock(last)} at the earliest found", f"allow {clock(last)}")


def _counts(plan: Plan, _data: TravelData, wish: SightsPerDay) -> Words:
    counts = [sum(stop.kind == "sight" for stop in day.stops) for day in plan.days if wish.day in (None, day.number)]
    fewest = min(counts, default=0)
    return (f"有的一天只排得下 {fewest} 处", f"每天至少改为 {fewest} 处", f"some day holds only {fewest} sights", f"ask for {fewest} a day at least")


_WORDS: Mapping[type[Single], Callable[[Plan, TravelData, Any], Words]] = {
    BudgetAtMost: _budget, Visit: _visit, SightKind: _sight_kind, AtPlace: _at_place, Eat: _eat, Hotel: _hotel, HotelNear: _hotel_near,
    Rooms: _rooms, LeaveBy: _leave, SightsPerDay: _counts,
    IntercityBy: _plain("没有这种城际交通，已用别的", "允许用计划里的交通方式", "there is no such ride; another was taken", "allow the ride in the plan"),
    LocalBy: _plain("有的路只坐要求的交通到不了", "允许短途打车", "some way cannot be made by the modes asked", "allow a taxi for it"),
    WalkBelow: _plain("有一段近路不能步行", "缩短步行的界限", "some short way cannot be walked", "lower the limit"),
    WalkAtMost: _plain("有一段路只能走得更远", "允许走得远一些", "some way needs a longer walk", "allow a longer walk"),
    ArriveFrom: _plain("第一天不得不早些开始", "把开始时间提前", "the first day has to begin earlier", "begin earlier"),
    DayHours: _plain("有一天超出了要求的时段", "把时段放宽", "some day does not keep the hours asked", "widen the hours"),
    FreeOnly: _plain("点名要去的景点要门票", "允许这一处收费", "a wished-for sight charges admission", "allow that one"),
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
