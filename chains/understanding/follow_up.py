"""A later turn that changes the trip which is being planned: what it asks for, on top of everything stated before.

A turn that asks to be told something (门票多少钱, is it far?) changes nothing and is not read here, nor is one about another city.
"""

import re
from dataclasses import replace
from datetime import date

from chains.tools.itinerary.trip import AtPlace, BudgetAtMost, DayHours, Hotel, SightKind, SightsPerDay, Trip, Visit
from chains.understanding.changes import Change, read_change
from chains.understanding.going_on import cities_of, going_on, more_days
from chains.understanding.intent import plain_intent
from chains.understanding.request import Budget, Intent, Party, State, TripRequest, When
from knowledge.catalogue import Catalogue

SWITCH = re.compile(r"^(?:那|那么|那就)?(?:换成|换到|改成|改去|换|改到|如果是?去?|要是去?)|^(?:那|那么).{1,8}(?:呢|怎么样|咋样)[?？]?$|what about|how about|instead|switch to|change (?:it )?to|打错|不对|说错|我是说|i mean|\brather\b|actually", re.IGNORECASE)
ELLIPTIC = re.compile(r"^(?:那|那么|那就|还有|另外|顺便|and |then |what about|how about|also|ok |okay )|呢[?？!！。]*$|(?:换成|改成|换|改)", re.IGNORECASE)
ADD = re.compile(r"也加上|加上|再加|也要?去|顺便去|add |also (?:go|visit)|as well", re.IGNORECASE)
# A turn that asks, one that asks politely for something to be done, and words that tell what is wanted.
_QUESTION = re.compile(r"[?？]|吗|多少|几点|有几个|几个(?:小时|钟头|人)|几月|多久|多远|多大|哪|什么|啥|怎么|咋|如何|为什么|是不是|有没有|介绍|讲讲|说说|呢$|\b(?:how|what|which|where|when|why|who|is there|are there|does|tell me)\b", re.IGNORECASE)
_POLITE = re.compile(r"能不能|可不可以|可以|能|好吗|行吗|好不好|行不行|\b(?:can|could|would|will|shall) (?:you|we|i|it)\b|how about|what about|怎么(?:才)?能.{0,6}(?:便宜|省)", re.IGNORECASE)
_DOING = re.compile(r"换|改|加上|加一|加个|去掉|删|取消|安排|便宜[点一些]|轻松|坐(?!什么)|住(?!哪|什么|宿)|排|挪|调|不去|别|少|\b(?:make|change|add|remove|drop|skip|swap|move|take|use|stay|switch|find|have|cut|keep|go by|start|leave|slow)\b", re.IGNORECASE)
_TELLS = re.compile(r"不|别|只|也|一起|轻松|太累|紧凑|省|点[以之]?[前后]|[以之][前后]|尽量|最好|改|换|调|要|想|坐|乘|住(?!宿)|加|少|便宜|太贵|升级|预算|以内|出发|安排|都|全程|优先|带|多|好一?点|prefer|only|\bno\b|\bnot\b|n't\b|want|let'?s|\buse\b|take|stay|change|make|\badd\b|less|more|budget|cheaper|better|nicer|instead|rather|please|without|avoid|skip|drop|everywhere|bring|with\b|by\b|under\b|within|at most|\bup\b", re.IGNORECASE)


def follow_up(own: TripRequest, state: State, catalogue: Catalogue, today: date) -> TripRequest | None:
    """The turn as a change of the trip that is being planned, or None where it is none; its slots are the trip's."""
    trip = state.trip
    if trip is None or state.last is None or not _within(own, trip) or asks(own):
        return None
    if own.misspelt and own.budget:
        own = replace(own, places=(), exclude=(), misspelt=())  # "2500 yuan" is no slip of the pen for a sight
    change = read_change(own.text, (*own.places, *own.exclude)) if state.plan else None
    said = going_on(trip, own, catalogue, today)
    new = _unplaced(said, trip, own) if change and change.places + change.days else said
    stated = new.model_copy(update={"unread": ()}) != trip.model_copy(update={"unread": ()})
    quiet = own.intent in (Intent.FACT, Intent.RECOMMEND) and not _TELLS.search(own.text)
    if change is None and (quiet or not stated):
        return None
    request = replace(_recalled(state.last, new), text=own.text, language=own.language, intent=Intent.ITINERARY, topic=None, more=False, trip=trip)
    return replace(request, change=_with_wishes(change, new if stated else None, trip) if state.plan else None)


def _within(own: TripRequest, trip: Trip) -> bool:
    """Whether a turn may speak of the trip: no other city, not a whole new request, nothing but travel."""
    if set(own.cities) - set(cities_of(trip)) or own.unknown_cities or plain_intent(own.text):
        return False
    anew = own.cities and own.when.days and not (SWITCH.search(own.text) or ELLIPTIC.search(own.text) or ADD.search(own.text))
    return not anew or more_days(own.text) != 0


def asks(own: TripRequest) -> bool:
    """Whether a turn asks to be told something; "could we take the metro?" asks for a change."""
    if own.intent is Intent.WEATHER:
        return True
    return bool(_QUESTION.search(own.text)) and not (_POLITE.search(own.text) and _DOING.search(own.text))


def _unplaced(said: Trip, before: Trip, own: TripRequest) -> Trip:
    """What a change of single stops wishes for the whole trip besides: its places and days are the change's own."""
    mine = (Visit, AtPlace, DayHours, SightsPerDay, SightKind)
    kept = [wish for wish in said.constraints if not isinstance(wish, mine)]
    placed = [wish for wish in before.constraints if isinstance(wish, mine)]
    unread = tuple(words for words in said.unread if not read_change(words, (*own.places, *own.exclude)))
    return said.model_copy(update={"constraints": (*placed, *kept), "unread": unread, "stays": before.stays, "start": before.start, "pace": before.pace,
                                   "likes": before.likes, "dislikes": before.dislikes})


def _with_wishes(change: Change | None, trip: Trip | None, before: Trip) -> Change:
    """The change together with the trip's new wishes; a price that was said makes "cheaper" needless."""
    if change is None:
        return Change("wishes", trip=trip)
    new = [wish for wish in trip.constraints if wish not in before.constraints] if trip else []
    priced = any(isinstance(wish, BudgetAtMost) or (isinstance(wish, Hotel) and (wish.tiers or wish.most_yuan or wish.least_yuan)) for wish in new)
    if trip and (change.kind == "again" or (change.kind in {"cheaper", "better"} and priced)):
        return Change("wishes", trip=trip)
    return replace(change, trip=trip)


def _recalled(last: TripRequest, trip: Trip) -> TripRequest:
    """The last request with the slots of the trip: a question in between has blanked them."""
    people = trip.travellers
    budget = next((Budget(wish.yuan) for wish in trip.constraints if isinstance(wish, BudgetAtMost) and wish.of == "total"), None)
    wanted = tuple(place for wish in trip.constraints if isinstance(wish, Visit) and not wish.avoid for place in wish.any_of)
    refused = tuple(place for wish in trip.constraints if isinstance(wish, Visit) and wish.avoid for place in wish.any_of)
    return replace(last, cities=cities_of(trip), unknown_cities=(), unknown_places=(), places=wanted, exclude=refused, when=When(trip.days, trip.start),
                   party=Party(people.adults, people.children, people.elders), budget=budget, misspelt=())
