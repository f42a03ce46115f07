"""Why a wish about sights cannot be met and the nearest that can: another city's sight, a closed one, one that costs or takes too much.

Places of cities outside the trip can be named only where the data know all cities (`Everywhere`), as the built-in data do.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Protocol, runtime_checkable

from chains.tools.itinerary.data import Sight, TravelData
from chains.tools.itinerary.labels import tag_words
from chains.tools.itinerary.plan import Day, Plan, Stop
from chains.tools.itinerary.trip import AtPlace, FreeOnly, SightKind, Visit
from knowledge.geometry import distance_km
from knowledge.records import Attraction, City
from knowledge.seasons import clock

Words = tuple[str, str, str, str]  # why and relaxation, each in Chinese and English
LOOK_AHEAD_DAYS = 60  # for a date on which a closed sight is open again


@runtime_checkable
class Everywhere(Protocol):
    """Data that hold more than the trip's cities."""

    @property
    def cities(self) -> Mapping[str, City]:
        """All cities by id."""

    @property
    def attractions(self) -> Mapping[str, Attraction]:
        """All sights by id."""


def visit_words(plan: Plan, data: TravelData, wish: Visit) -> Words:
    """A sight that is not visited, or one that is although it is unwanted."""
    known = _known(plan, data)
    here = [known[place] for place in wish.any_of if place in known]
    names, names_en = ("、".join(sight.name for sight in here), ", ".join(sight.name_en for sight in here))
    if wish.avoid:
        return (f"{names}又要去又不要去", "去掉其中一个要求", f"{names_en} is both wanted and unwanted", "drop one of the two wishes")
    if not here:
        return _elsewhere(plan, data, wish.any_of)
    return (_against_another_wish(plan, data, here) or _closed(plan, data, here) or _weather(plan, here) or _no_time(plan, here))


def _known(plan: Plan, data: TravelData) -> dict[str, Sight]:
    return {sight.id: sight for stay in plan.trip.stays for sight in data.sights(stay.city)}


def _elsewhere(plan: Plan, data: TravelData, places: Iterable[str]) -> Words:
    """Sights of another city: which, and what works instead."""
    found = [data.attractions[place] for place in places if place in data.attractions] if isinstance(data, Everywhere) else []
    if not found or not isinstance(data, Everywhere):
        ids = "、".join(places)
        return (f"{ids}不在这次旅行的城市里", "把它所在的城市加进行程", f"{ids} is in none of the trip's cities", "add its city to the trip")
    first, city = found[0], data.cities[found[0].city]
    stays = [data.cities[stay.city] for stay in plan.trip.stays if stay.city in data.cities]
    like = _similar(plan, data, first)
    here, here_en = "、".join(dict.fromkeys(one.name for one in stays)), ", ".join(dict.fromkeys(one.name_en for one in stays))
    away = min((distance_km(one.position, city.position) for one in stays), default=0.0)
    instead = f"，或改去{here}的{like.name}（同类景点）" if like else ""
    instead_en = f", or see {like.name_en} here (a sight of its kind)" if like else ""
    return (f"{first.name}在{city.name}，不在{here}（直线约 {away:.0f} 公里）", f"去掉这一处，或在{city.name}加一天{instead}",
            f"{first.name_en} is in {city.name_en}, not in {here_en} (about {away:.0f} km as the crow flies)",
            f"leave it out, or add a day in {city.name_en}{instead_en}")


def _similar(plan: Plan, data: TravelData, place: Attraction) -> Sight | None:
    """The sight of the trip's cities that shares most of its tags with a place; the best known of equals, none where it shares none."""
    unwanted = {one for wish in plan.trip.constraints if isinstance(wish, Visit) and wish.avoid for one in wish.any_of}
    shares = [(len(set(sight.tags) & set(place.tags)) / (len(set(sight.tags) | set(place.tags)) or 1), sight.value, sight)
              for sight in _known(plan, data).values() if sight.id not in unwanted]
    best = max(shares, key=lambda share: share[:2], default=None)
    return best[2] if best and best[0] else None


def _against_another_wish(plan: Plan, data: TravelData, here: list[Sight]) -> Words | None:
    """Where another condition rules the sight out: it charges and only free ones are wanted, or it is of an unwanted kind."""
    sight = here[0]
    if any(isinstance(wish, FreeOnly) for wish in plan.trip.constraints) and not sight.free:
        price, price_en = _ticket(plan, data, sight)
        return (f"{sight.name}要门票{price}，和“只去免费景点”矛盾", f"允许{sight.name}这一处收费，或不去它",
                f"{sight.name_en} charges admission{price_en}, against “free sights only”", f"allow {sight.name_en} to cost, or leave it out")
    tags = [tag for wish in plan.trip.constraints if isinstance(wish, SightKind) and wish.avoid for tag in wish.any_of if tag in sight.tags]
    if tags:
        return (f"{sight.name}属于你不想去的“{tags[0]}”类", f"去掉{sight.name}，或允许这一处例外",
                f"{sight.name_en} is of a kind you do not want ({tag_words(tags, 'en')[0]})", f"leave out {sight.name_en}, or allow it as the one exception")
    return None


def _ticket(plan: Plan, data: TravelData, sight: Sight) -> tuple[str, str]:
    """What a sight costs the party on its city's first day."""
    people = plan.trip.travellers
    day = next((day.date for day in plan.days if day.city == sight.city), plan.trip.start)
    yuan = data.ticket_yuan(sight.id, day, people.adults, people.children, people.elders)
    return (f"（{people.size}人 {yuan:g} 元）", f" ({yuan:g} yuan for {people.size})") if yuan else ("", "")


def _closed(plan: Plan, data: TravelData, here: list[Sight]) -> Words | None:
    """Sights that are closed on all dates on which they may be visited, and the next date on which one is open."""
    if any(data.open_span(sight.id, day) for sight in here for day in dates_for(plan, sight)):
        return None
    names, names_en = "、".join(sight.name for sight in here), ", ".join(sight.name_en for sight in here)
    open_again = _next_open(plan, data, here)
    if open_again is None:
        return (f"{names}在这几天都不开放", "去掉这一处", f"{names_en} is closed on all of these dates", "leave it out")
    return (f"{names}在这几天都不开放", f"{open_again.month}月{open_again.day}日开放，把行程挪到含这一天，或去掉这一处",
            f"{names_en} is closed on all of these dates", f"it is open on {open_again.day} {open_again:%b}: move the trip to that date, or leave it out")


def _next_open(plan: Plan, data: TravelData, here: list[Sight]) -> date | None:
    last = plan.days[-1].date
    days = (last + timedelta(days=ahead) for ahead in range(1, LOOK_AHEAD_DAYS))
    return next((day for day in days if any(data.open_span(sight.id, day) for sight in here)), None)


def dates_for(plan: Plan, sight: Sight) -> list[date]:
    """The dates on which a sight may be visited as far as its city and the wishes about its day go."""
    said = {wish.day for wish in plan.trip.constraints if isinstance(wish, AtPlace) and wish.place == sight.id and wish.day}
    return [day.date for day in plan.days if day.city == sight.city and (not said or said == {day.number})]


def _weather(plan: Plan, here: list[Sight]) -> Words | None:
    """Where severe weather keeps the city's days indoors."""
    bad = [day for day in plan.days if day.note and any(sight.city == day.city for sight in here)]
    if not bad or all(sight.indoor for sight in here) or len(bad) < sum(day.city == here[0].city for day in plan.days):
        return None
    first, name, name_en = bad[0], here[0].name, here[0].name_en
    return (f"{name}在室外，第 {first.number} 天{first.note}", "改到天气好的日子出发，或多留一天",
            f"{name_en} is outdoors; day {first.number}: {first.note_en}", "go on a better day, or stay a day longer")


def _no_time(plan: Plan, here: list[Sight]) -> Words:
    """No room left: the sight to give up for it is the longest that nobody asked for."""
    sight, spare = here[0], _spare(plan, here[0])
    swap, swap_en = (f"，或不去{spare.name}（能空出 {spare.departs - spare.arrives} 分钟）", f", or leave out {spare.name_en} ({spare.departs - spare.arrives} minutes)") if spare else ("", "")
    return (f"时间里放不下{sight.name}（约要 {sight.visit_minutes} 分钟，路上另算）", f"多留一天{swap}",
            f"there is no time for {sight.name_en} (about {sight.visit_minutes} minutes, ways aside)", f"stay a day longer{swap_en}")


def _spare(plan: Plan, sight: Sight) -> Stop | None:
    """The longest stop at a sight of the same city that is no wish."""
    asked = {place for wish in plan.trip.constraints if isinstance(wish, Visit) for place in wish.any_of}
    stops = [stop for day in plan.days if day.city == sight.city for stop in day.stops if stop.kind == "sight" and stop.place not in asked]
    return max(stops, key=lambda stop: stop.departs - stop.arrives, default=None)


def kind_words(plan: Plan, data: TravelData, wish: SightKind) -> Words:
    """A kind of sight that is missing, or that is there although unwanted."""
    tags, tags_en = "、".join(wish.any_of), " or ".join(tag_words(wish.any_of, "en"))
    fitting = [sight for sight in _known(plan, data).values() if set(wish.any_of) & set(sight.tags)]
    if wish.avoid:
        stop = next((stop for stop in _sights(plan.days) if any(stop.place == sight.id for sight in fitting)), None)
        name, name_en = (stop.name, stop.name_en) if stop else ("有景点", "a wished-for sight")
        return (f"{name}属于不想要的“{tags}”类", f"去掉点名要去的{stop.name if stop else '那一处'}", f"{name_en} is of an unwanted kind ({tags_en})",
                f"leave out {name_en}")
    if not fitting:
        return _kind_elsewhere(plan, data, wish)
    best = max(fitting, key=lambda sight: sight.value)
    return (f"这几天排不进“{tags}”类景点", f"多留一天（例如{best.name}约要 {best.visit_minutes} 分钟），或换一类景点",
            f"no sight of the kind “{tags_en}” fits into these days", f"stay a day longer ({best.name_en} takes about {best.visit_minutes} minutes), or choose another kind")


def _kind_elsewhere(plan: Plan, data: TravelData, wish: SightKind) -> Words:
    """No such sight in the trip's cities: the nearest city that has one."""
    tags, tags_en = "、".join(wish.any_of), " or ".join(tag_words(wish.any_of, "en"))
    here, here_en = _city_names(plan, data)
    near = _nearest_with(plan, data, wish) if isinstance(data, Everywhere) else None
    zh, en = (f"去{near[1].name}（有{near[0].name}），或换一类景点", f"go to {near[1].name_en} ({near[0].name_en}), or choose another kind") if near else ("换一类景点", "choose another kind")
    return (f"资料里{here}没有“{tags}”类景点", zh, f"no sight of the kind “{tags_en}” is known in {here_en}", en)


def _nearest_with(plan: Plan, data: Everywhere, wish: SightKind) -> tuple[Attraction, City] | None:
    start = data.cities.get(plan.trip.stays[0].city)
    fitting = [(record, data.cities[record.city]) for record in data.attractions.values() if set(wish.any_of) & set(record.tags)]
    if start is None or not fitting:
        return None
    return min(fitting, key=lambda pair: (distance_km(start.position, pair[1].position), pair[0].rank))


def _city_names(plan: Plan, data: TravelData) -> tuple[str, str]:
    """The trip's cities by name where the data know them, else as "here"."""
    if not isinstance(data, Everywhere):
        return "这次的城市", "the trip's cities"
    cities = list(dict.fromkeys(stay.city for stay in plan.trip.stays))
    return "、".join(data.cities[city].name for city in cities), ", ".join(data.cities[city].name_en for city in cities)


def at_place_words(plan: Plan, data: TravelData, wish: AtPlace) -> Words:
    """A sight that cannot be visited as asked, with its hours on that day."""
    sight = _known(plan, data).get(wish.place)
    if sight is None:
        return _elsewhere(plan, data, [wish.place])
    day = next(iter(dates_for(plan, sight)), plan.trip.start)
    span = data.open_span(sight.id, day)
    if span is None:
        return _closed(plan, data, [sight]) or (f"{sight.name}那天不开放", "换一天去", f"{sight.name_en} is closed that day", "choose another day")
    hours = f"{clock(span.opens)}–{clock(span.closes)}"
    return (f"{sight.name}排不到要求的时间（那天开放 {hours}）", "放宽到达、离开或停留的时间", f"{sight.name_en} cannot be visited at the time asked (open {hours} that day)",
            "ease arrival, departure or length of stay")


def free_words(plan: Plan, _data: TravelData, _wish: FreeOnly) -> Words:
    """The sights that charge although only free ones are wanted."""
    paid = [stop for stop in _sights(plan.days) if stop.yuan]
    if not paid:
        return ("点名要去的景点要门票，或票价未知", "允许这一处收费", "a wished-for sight charges, or its price is unknown", "allow that one")
    names, names_en = "、".join(f"{stop.name}（{stop.yuan:g} 元）" for stop in paid), ", ".join(f"{stop.name_en} ({stop.yuan:g} yuan)" for stop in paid)
    return (f"{names}要门票", f"允许它收费，或不去{paid[0].name}", f"{names_en} charges admission", f"allow it, or leave out {paid[0].name_en}")


def _sights(days: Iterable[Day]) -> list[Stop]:
    return [stop for day in days for stop in day.stops if stop.kind == "sight"]
