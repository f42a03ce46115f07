"""The trip that is being planned, with what a later turn says about it: 预算改成3000, 不打车, 再加一天, also bring a child.

    trip = going_on(state.plan.trip, request, catalogue, today)

Everything stated before holds on; a condition gives way only to a later one of the same kind, for the same day or place.
What a turn says of one stop or one day (去掉栈桥, 第二天轻松点) is a change of the plan and read by `changes`.
Not covered: taking back "not there" without naming what is wanted instead.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

from chains.tools.itinerary.trip import (
    MAX_DAYS,
    AnyOf,
    AtPlace,
    BudgetAtMost,
    Constraint,
    DayHours,
    Eat,
    FreeOnly,
    Hotel,
    HotelNear,
    Pace,
    SightKind,
    SightsPerDay,
    Stay,
    Travellers,
    Trip,
    Visit,
)
from chains.understanding.conditions import Reading, read_conditions
from chains.understanding.dates import read_when
from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER, number_of
from chains.understanding.party import MOST_PEOPLE, read_budget, read_party
from chains.understanding.request import TripRequest
from knowledge.catalogue import Catalogue

_PACES: tuple[Pace, ...] = get_args(Pace)
_MORE_DAYS = re.compile(rf"(?:多|再|加|延长|增加|增多)(?:玩|待|呆|住|留|加|上|多)*({NUMBER})\s*[天日](?!半)|\b(?:add|extend\w*|stay)\b[^,.;]{{0,14}}?({ENGLISH_NUMBER})(?: more| extra)? days?\b|({ENGLISH_NUMBER}) (?:more|extra) days?\b|\b(another) day\b", re.IGNORECASE | re.ASCII)
_FEWER_DAYS = re.compile(rf"(?:少|减|缩短|减少)(?:玩|待|呆|住|留|掉|去|一下)*({NUMBER})\s*[天日]|({ENGLISH_NUMBER}) (?:day|days) (?:less|fewer|shorter)\b|\bcut ({ENGLISH_NUMBER}) days?\b", re.IGNORECASE | re.ASCII)
_ALL_DAYS = re.compile(rf"(?:只|就|压缩|缩短|延长|减)(?:玩|成|到|为|有)*\s*{NUMBER}\s*天|\b(?:only|just) {ENGLISH_NUMBER} days?\b", re.IGNORECASE | re.ASCII)
_POLITELY = re.compile(r"能不能|可不可以|行不行|好不好")  # the "not" in them refuses nothing
_LATER = re.compile(rf"(推迟|延后|晚|往后推|提前|往前提|早)(?:出发|走|去)?({NUMBER})\s*天|({ENGLISH_NUMBER}) days? (later|earlier)", re.IGNORECASE | re.ASCII)
_JOINING = re.compile(r"带上|加上|再[带加多]|多[带加了]|增加|也去|一起去|\bplus\b|\balso\b|\bbring|\bjoin|\badd\b|\bmore\b|\btoo\b", re.IGNORECASE)
_MORE_MONEY = re.compile(rf"预算(?:再)?(?:加|增加|提高|多|涨)(?!到|至)(?:了|个)?\s*({NUMBER})|(?:raise|increase) (?:the |my |our )?budget by ({ENGLISH_NUMBER})|({ENGLISH_NUMBER}) (?:yuan |rmb )?more (?:for|to spend)", re.IGNORECASE | re.ASCII)
_LESS_MONEY = re.compile(rf"预算(?:再)?(?:减|减少|降低?|少|砍)(?!到|至)(?:了|个)?\s*({NUMBER})|(?:cut|lower|reduce) (?:the |my |our )?budget by ({ENGLISH_NUMBER})", re.IGNORECASE | re.ASCII)
_TO_AMOUNT = re.compile(rf"(?:预算|总价|总花费|budget)\D{{0,14}}?({NUMBER}|{ENGLISH_NUMBER})\s*(?:元|块|yuan|rmb)?\s*$", re.IGNORECASE | re.ASCII)
_NO_LIMIT = re.compile(r"(?:预算|价格|花费|钱)(?:上)?(?:不限|没有?限制|无所谓|不是问题|随意|不用管|没有?上限)|不限预算|no (?:budget )?limit|money is no (?:object|problem)|forget (?:about )?the budget|budget (?:does not|doesn't) matter", re.IGNORECASE)
_PAID_TOO = re.compile(r"(?:收费|要门票|要钱|买票)的?(?:景点|地方)?(?:也|都)?(?:可以|行|去|能去)|不(?:用|必|一定)(?:非要|都是|全|只)?(?:去)?免费|paid (?:sights|ones|places) (?:are )?(?:ok|fine|too)|(?:not|don't) (?:need to be|only) free", re.IGNORECASE)
_ANY_WAY = re.compile(r"(?:可以|能|也行|允许|同意)打车|打车(?:也)?(?:可以|行|没问题|吧)|taxis? (?:are|is) (?:ok|fine)|can take (?:a )?taxis?", re.IGNORECASE)
_ALLOWS = re.compile(r"可以|也行|没关系|能接受|\b(?:is|are) (?:fine|ok|okay)\b", re.IGNORECASE)
_EASIER = re.compile(r"太累|太赶|太满|太紧|轻松(?:一?点|些)|松(?:一?点|些)|慢(?:一?点|些)|少(?:排|安排|逛)(?:一?点|几个|些)?|easier|lighter|less (?:packed|rushed)|too (?:tiring|full|busy|rushed|packed|much)|slow(?:er)? down|more relaxed", re.IGNORECASE)
_FULLER = re.compile(r"紧凑(?:一?点|些)|太(?:空|闲|松)|多(?:排|安排)(?:一?点|几个|些)(?=$|[,，。吧]|景点)|more packed|fuller|too (?:empty|slow|relaxed)", re.IGNORECASE)


def going_on(trip: Trip, request: TripRequest, catalogue: Catalogue, today: date) -> Trip:
    """The trip after this turn; `request` holds the turn's own text, its other slots may be carried on."""
    cities = cities_of(trip)
    goes = tuple(dict.fromkeys((*request.cities, *cities)))
    request = replace(request, text=_POLITELY.sub(" ", request.text).strip())
    people = _people(request.text, trip.travellers)
    reading = read_conditions(request.text, replace(request, cities=goes), catalogue, said_days(request.text, trip, today), people.size)
    wishes, new = request.wishes, _budgeted(request.text, trip, reading)
    stays = _stays(trip, request, reading, today)
    kept = [wish for old in trip.constraints if (wish := _still(old, new, request.text))]
    new = [wish for wish in new if not _permits(wish, trip, request.text)]
    visited = {stay.city for stay in stays}
    if visited != set(cities):
        kept = [wish for wish in kept if _fits(wish, visited, catalogue)]
    asked = {tag for wish in new if isinstance(wish, SightKind) for tag in wish.any_of}
    likes = [tag for tag in (*trip.likes, *wishes.likes, *reading.likes) if tag not in asked and tag not in wishes.dislikes]
    dislikes = [tag for tag in (*trip.dislikes, *wishes.dislikes) if tag not in asked and tag not in wishes.likes]
    return trip.model_copy(update={
        "stays": stays, "start": _start(trip, request.text, today), "travellers": people, "pace": reading.pace or _pace(trip, request.text),
        "origin": reading.origin if reading.origin and reading.origin not in visited else trip.origin if trip.origin not in visited else None,
        "likes": tuple(dict.fromkeys(likes)), "dislikes": tuple(dict.fromkeys(dislikes)),
        "constraints": _each_once([*kept, *new]), "unread": tuple(words for words in reading.unread if not _read_here(words)),
    })


def _read_here(words: str) -> bool:
    """Whether a clause that the conditions' readers left over is one that is read in this module."""
    patterns = (_ALL_DAYS, _MORE_DAYS, _FEWER_DAYS, _LATER, _MORE_MONEY, _LESS_MONEY, _TO_AMOUNT, _NO_LIMIT, _PAID_TOO, _ANY_WAY, _EASIER, _FULLER)
    return any(pattern.search(words) for pattern in patterns)


def _each_once(wishes: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Without conditions that were stated before in other words."""
    kept: dict[str, Constraint] = {}
    for wish in wishes:
        kept.setdefault(wish.model_dump_json(exclude={"said"}), wish)
    return tuple(kept.values())


def _number(match: re.Match[str] | None) -> int:
    """The first number that a match holds; another day is one."""
    word = next((group for group in match.groups() if group), "") if match else ""
    value = 1.0 if word.lower() == "another" else number_of(word)
    return int(value) if value and value <= 1_000_000 else 0


def cities_of(trip: Trip) -> tuple[str, ...]:
    """The cities of a trip, each once, in their order."""
    return tuple(dict.fromkeys(stay.city for stay in trip.stays))


def more_days(text: str) -> int:
    """How many days a turn adds, below zero where it takes some away: 再加一天, two days less."""
    return _number(_MORE_DAYS.search(text)) - _number(_FEWER_DAYS.search(text))


def said_days(text: str, trip: Trip, today: date) -> int:
    """How many days the trip has after this turn; those it had where it speaks of none."""
    more = more_days(text)
    if more:
        return max(1, min(MAX_DAYS, trip.days + more))
    when = read_when(_LATER.sub(" ", text), today)
    span = (when.end - when.start).days + 1 if when.start and when.end else None
    return min(MAX_DAYS, when.days or span or trip.days)


def _stays(trip: Trip, request: TripRequest, reading: Reading, today: date) -> tuple[Stay, ...]:
    """The cities and their days: as said, one city longer or shorter, shared anew, or as before."""
    before = cities_of(trip)
    days = said_days(request.text, trip, today)
    cities = request.cities or before
    if reading.stays:
        return reading.stays
    more = days - trip.days
    added = [city for city in cities if city not in before]
    if added and set(before) < set(cities) and more > 0:
        return (*trip.stays, *shared(tuple(added), more))
    if added:
        return shared(cities, max(days, len(cities)))
    if not more:
        return trip.stays
    return _longer(trip.stays, cities[0], more) if len(cities) == 1 else shared(before, days)


def _longer(stays: tuple[Stay, ...], city: str, more: int) -> tuple[Stay, ...]:
    return tuple(Stay(city=stay.city, days=max(1, stay.days + more)) if stay.city == city else stay for stay in stays)


def shared(cities: tuple[str, ...], days: int) -> tuple[Stay, ...]:
    """Days shared out as evenly as they go, the first cities longer; more cities than days lose the last ones."""
    cities = cities[:days]
    each, over = divmod(days, len(cities))
    return tuple(Stay(city=city, days=each + (place < over)) for place, city in enumerate(cities))


def _start(trip: Trip, text: str, today: date) -> date:
    later = _LATER.search(text)
    if later:
        days = _number(re.search(rf"({NUMBER}|{ENGLISH_NUMBER})", later[2] or later[3], re.ASCII))
        back = (later[1] or later[4]).lower() in {"提前", "往前提", "早", "earlier"}
        return max(today, trip.start + timedelta(days=-days if back else days))
    said = read_when(text, today, bare_weekdays=bool(re.search("出发|leave|start", text))).start
    return max(said, today) if said else trip.start


def _people(text: str, before: Travellers) -> Travellers:
    """Who travels: those said now, who join where the turn says so."""
    party = read_party(text)
    if party is None or not party.size:
        return before
    if _JOINING.search(text):
        adults = party.adults if re.search(rf"(?:{NUMBER})\s*(?:个|位)?(?:人|大人|朋友|同学|同事|闺蜜)|adult|friend|people", text) else 0
        return Travellers(adults=min(MOST_PEOPLE, before.adults + adults), children=min(MOST_PEOPLE, before.children + party.children),
                          elders=min(MOST_PEOPLE, before.elders + party.elders))
    return Travellers(adults=min(MOST_PEOPLE, party.adults), children=min(MOST_PEOPLE, party.children), elders=min(MOST_PEOPLE, party.elders))


def _pace(trip: Trip, text: str) -> Pace:
    """One step easier or fuller where the turn asks for that of the whole trip."""
    if re.search(r"第\s*[一二两三四五六七八九十\d]+\s*天|\bday \d|(?:first|second|third|last) day|最后一天", text, re.IGNORECASE):
        return trip.pace
    step = bool(_FULLER.search(text)) - bool(_EASIER.search(text))
    return _PACES[max(0, min(len(_PACES) - 1, _PACES.index(trip.pace) + step))]


def _budgeted(text: str, trip: Trip, reading: Reading) -> list[Constraint]:
    """The turn's conditions, with a budget that is said as more or less than the one before."""
    new = list(reading.constraints)
    more, less = _MORE_MONEY.search(text), _LESS_MONEY.search(text)
    before = next((wish for wish in trip.constraints if isinstance(wish, BudgetAtMost) and wish.of == "total"), None)
    if before and (more or less):
        others = [wish for wish in new if not isinstance(wish, BudgetAtMost)]
        return [*others, BudgetAtMost(yuan=max(1.0, before.yuan + _number(more) - _number(less)), said=text)]
    plain = _TO_AMOUNT.search(text)
    if plain and not any(isinstance(wish, BudgetAtMost) for wish in new) and not read_budget(text):
        yuan = number_of(plain[1])
        new += [BudgetAtMost(yuan=yuan, said=text)] if yuan and yuan >= 1 else []
    return new


def _still(old: Constraint, new: Iterable[Constraint], text: str) -> Constraint | None:
    """The old condition, what is left of it, or None where the turn takes it back."""
    if isinstance(old, BudgetAtMost) and _NO_LIMIT.search(text):
        return None
    if (isinstance(old, FreeOnly) and _PAID_TOO.search(text)) or (old.kind == "local_by" and _ANY_WAY.search(text)):
        return None
    left: Constraint | None = old
    for wish in new:
        left = left and _beside(left, wish)
    return left


def _permits(new: Constraint, trip: Trip, text: str) -> bool:
    """Whether a turn only allows what was refused before: it takes the refusal back and asks for nothing."""
    if not (_ALLOWS.search(text) and isinstance(new, Eat | SightKind | Visit)):
        return False
    return any(isinstance(old, type(new)) and old.avoid and set(old.any_of) & set(new.any_of) for old in trip.constraints)


def _beside(old: Constraint, new: Constraint) -> Constraint | None:
    """What is left of an old condition beside a new one."""
    if isinstance(old, AnyOf) or isinstance(new, AnyOf):
        return old
    if isinstance(old, Visit | AtPlace) and isinstance(new, Visit):
        return _visit_beside(old, new)
    if isinstance(old, Hotel) and isinstance(new, Hotel):
        return None if _same_matter(old, new) else old
    if isinstance(old, Eat | SightKind) and type(old) is type(new):
        return None if old.avoid != new.avoid and set(old.any_of) & set(new.any_of) else old
    if type(old) is not type(new):
        return None if isinstance(old, HotelNear) and isinstance(new, Hotel) and new.areas else old
    if isinstance(old, BudgetAtMost) and isinstance(new, BudgetAtMost):
        return old if old.of != new.of else None
    if isinstance(old, DayHours | SightsPerDay) and isinstance(new, DayHours | SightsPerDay):
        return _day_beside(old, new)
    if isinstance(old, AtPlace) and isinstance(new, AtPlace):
        return None if old.place == new.place else old
    return None


def _visit_beside(old: Visit | AtPlace, new: Visit) -> Constraint | None:
    if isinstance(old, AtPlace):
        return None if new.avoid and old.place in new.any_of else old
    if old.avoid == new.avoid:
        return old
    left = tuple(place for place in old.any_of if place not in new.any_of)
    return old.model_copy(update={"any_of": left}) if left else None


def _day_beside(old: DayHours | SightsPerDay, new: DayHours | SightsPerDay) -> Constraint | None:
    """Of the same day only the ends that the new one leaves open hold on."""
    if old.day != new.day:
        return old
    ends = ("earliest", "latest") if isinstance(old, DayHours) else ("least", "most")
    left = {end: None if getattr(new, end) is not None else getattr(old, end) for end in ends}
    return old.model_copy(update=left) if any(value is not None for value in left.values()) else None


def _same_matter(old: Hotel, new: Hotel) -> bool:
    """Whether two wishes about hotels speak of the same thing, so that the later one counts."""
    if old.avoid != new.avoid:
        return bool(set(old.names) & set(new.names) or set(old.features) & set(new.features))
    if old.avoid:
        return False
    priced = [bool(wish.tiers or wish.least_yuan is not None or wish.most_yuan is not None) for wish in (old, new)]
    return all(priced) or bool(old.names and new.names) or bool(old.areas and new.areas)


def _fits(wish: Constraint, cities: set[str], catalogue: Catalogue) -> bool:
    """Whether a condition still means something in these cities: what is said of a place or a day goes with its city."""
    if isinstance(wish, AnyOf):
        return all(_fits(option, cities, catalogue) for option in wish.options)
    if isinstance(wish, Visit):
        return any(sight.city in cities for sight in catalogue.get(wish.any_of))
    if isinstance(wish, AtPlace | HotelNear):
        return any(sight.city in cities for sight in catalogue.get([wish.place]))
    if isinstance(wish, Hotel):
        return not (wish.names or wish.areas)
    return getattr(wish, "day", None) is None
