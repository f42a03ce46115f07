"""One turn and the conversation's state in, one `TripRequest` out."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from chains.tools.itinerary.trip import Trip
from chains.understanding import intent as patterns
from chains.understanding.dates import read_when
from chains.understanding.follow_up import ADD, ELLIPTIC, SWITCH, asks, follow_up
from chains.understanding.going_on import cities_of
from chains.understanding.numbers import normalise
from chains.understanding.party import read_budget, read_party
from chains.understanding.places import Named, read_names
from chains.understanding.request import CITY_TOPICS, Intent, Language, State, Topic, TripRequest, When, Wishes
from chains.understanding.wishes import read_wishes
from knowledge.catalogue import Catalogue
from knowledge.slips import mended

MAX_CHARS = 1000  # more than a traveller's question holds; the rest is not read
_CJK = re.compile(r"[\u4e00-\u9fff]")
_ASKS_FOR = re.compile(r"[?？]|哪|什么|啥|咩|推荐|有没有|有吗|换|别的|再|recommend|what|where|any|more|suggest|show", re.IGNORECASE)
_NEARBY = re.compile(r"附近|周边|旁边|around|near", re.IGNORECASE)
_INTRODUCE = re.compile(r"介绍|讲讲|说说|tell me about|introduce", re.IGNORECASE)
_ASKS = re.compile(r"[?？]|吗|么|什么|啥|谁|多少|几|怎么|如何|哪|为什么|等于|帮我|给我|把我|\b(?:how|what|who|which|why|when|is it|can|could|does|do|is|are|will|solve|write|give|tell)\b", re.IGNORECASE)
_PER_NIGHT = re.compile(r"(?:多少钱|价格|贵).{0,4}(?:住?一[晚夜])|住?一[晚夜].{0,4}(?:多少|什么价|啥价|贵)|how much.{0,30} (?:a|per|one) night", re.IGNORECASE)


class Understanding:
    """Reads turns against a catalogue; `today` is asked anew for each turn."""

    def __init__(self, catalogue: Catalogue, today: Callable[[], date] = date.today) -> None:
        self._catalogue = catalogue
        self._today = today

    def read(self, text: str, state: State | None = None) -> TripRequest:
        """Understand a turn; never raises, an odd text becomes small talk or out of scope."""
        state = state or State()
        clean = mended(normalise(text)[:MAX_CHARS])
        last = state.last
        trip = state.trip
        names = read_names(clean, self._catalogue, cities_of(trip) if trip else last.cities if last else ())
        own = self._own(clean, names)
        return follow_up(own, state, self._catalogue, self._today()) or _resolve(own, clean, last, trip)

    def _own(self, text: str, names: Named) -> TripRequest:
        """What the turn says by itself, with its intent as far as it can be told alone."""
        topic = Topic.LODGING if _PER_NIGHT.search(text) else patterns.topic_of(text)
        request = TripRequest(
            text=text, language=language_of(text), intent=Intent.SMALLTALK, topic=topic, cities=names.cities,
            unknown_cities=names.unknown_cities, places=names.places, unknown_places=names.unknown_places,
            exclude=names.exclude, when=read_when(text, self._today()), party=read_party(text),
            budget=read_budget(text), wishes=read_wishes(names.rest or text), more=bool(patterns.MORE.search(text)),
            misspelt=names.misspelt,
        )
        intent = _intent(request, names)
        if intent is Intent.WEATHER:
            request = replace(request, when=read_when(text, self._today(), bare_weekdays=True))
        return replace(request, intent=intent)


def language_of(text: str) -> Language:
    """Chinese where any Chinese character stands, else English."""
    return "zh" if _CJK.search(text) or not re.search("[A-Za-z]", text) else "en"


def _intent(request: TripRequest, names: Named) -> Intent:
    plain = patterns.plain_intent(request.text)
    held = bool(request.cities or request.places or request.exclude)
    if plain and not (plain is Intent.OUT_OF_SCOPE and held and _also_asks(request)):
        return plain
    if names.abroad and not held:
        return Intent.OUT_OF_SCOPE
    if patterns.WEATHER.search(request.text) and not _plans(request):
        return Intent.RECOMMEND if _seeks_shelter(request) else Intent.WEATHER
    return _travel_intent(request, held or bool(request.unknown_cities or request.unknown_places))


def _also_asks(request: TripRequest) -> bool:
    """Whether beside a foreign matter something of ours is asked for, in clauses of its own."""
    text = request.text
    if patterns.INJECTION.search(text) or patterns.DISTRESS.search(text):
        return False
    own = patterns.without_foreign(text)
    of_a_sight = request.places and patterns.topic_of(own) not in (None, Topic.ABOUT, *CITY_TOPICS)  # I know no poem, how much is the pavilion
    return bool((patterns.RECOMMEND.search(own) and _ASKS_FOR.search(own)) or (of_a_sight and (_ASKS.search(own) or re.search(r"([\u4e00-\u9fff])不\1", own))))


def _seeks_shelter(request: TripRequest) -> bool:
    """Whether rain or cold is only the reason for what is sought: it rains, which indoor places; so cold, any hot springs."""
    text = request.text
    seeks = re.search(r"室内|温泉|indoor|hot springs?", text, re.IGNORECASE) and _ASKS_FOR.search(text)
    return bool(seeks and request.cities and not patterns.ASKS_WEATHER.search(text))


def _plans(request: TripRequest) -> bool:
    return bool((request.when.days and re.search(r"怎么走|咋走", request.text)) or
                (request.when.days and patterns.ITINERARY.search(request.text)))


def _travel_intent(request: TripRequest, named: bool) -> Intent:
    text, topic = request.text, request.topic
    if (_plans(request) or patterns.ITINERARY.search(text)) and not _one_fact(request):
        return Intent.ITINERARY
    if _NEARBY.search(text) and request.places:
        return Intent.RECOMMEND
    if (topic and topic in CITY_TOPICS) or (request.cities and not request.places and _INTRODUCE.search(text)):
        return Intent.FACT
    if topic and (request.places or request.unknown_places):
        return Intent.FACT
    if (request.exclude and not request.places) or (topic is Topic.TICKET and request.wishes.free_only):
        return Intent.RECOMMEND
    if request.when.days and named:
        return Intent.ITINERARY
    if patterns.SMALLTALK.search(text) and not named and not patterns.RECOMMEND.search(text):
        return Intent.SMALLTALK
    if named or patterns.RECOMMEND.search(text) or _wishes_something(request):
        return Intent.FACT if request.places and not request.cities and not patterns.RECOMMEND.search(text) else Intent.RECOMMEND
    if topic:
        return Intent.FACT
    asks = _ASKS.search(text) and not patterns.SMALLTALK.search(text) and not _says_something(request)
    return Intent.OUT_OF_SCOPE if asks else Intent.SMALLTALK


def _one_fact(request: TripRequest) -> bool:
    if request.topic is Topic.VISIT_TIME and len(request.places + request.unknown_places) == 1:
        return True  # 庐山两天够玩吗
    if _PER_NIGHT.search(request.text) and not patterns.ITINERARY.search(_PER_NIGHT.sub("", request.text)):
        return True  # 住一晚多少钱 asks for a price; 玩两天住一晚 for a plan
    return bool(request.places) and request.topic not in (None, Topic.ABOUT) and not request.when.days


def _wishes_something(request: TripRequest) -> bool:
    wishes = request.wishes
    return bool(wishes.likes or wishes.free_only or wishes.max_ticket_yuan is not None or wishes.min_level)


def _resolve(own: TripRequest, text: str, last: TripRequest | None, trip: Trip | None) -> TripRequest:
    """Fill in from the conversation what the turn leaves out; the trip is carried on unless a new one begins."""
    settled = own.intent in (Intent.IDENTITY, Intent.OUT_OF_SCOPE)
    if last is None or settled or (own.intent is Intent.SMALLTALK and not _says_something(own)):
        return replace(_finish(own), trip=trip)
    own = _inherit_intent(own, text, last)
    if own.intent is Intent.FACT:
        return replace(_finish(_inherit_place(own, last)), trip=trip)
    whole = _inherit_trip(own, text, last)
    fresh = whole is own and bool(own.cities or own.unknown_cities) and own.intent is not Intent.WEATHER
    return replace(_finish(whole), trip=None if fresh else trip)


def _says_something(own: TripRequest) -> bool:
    return own.when != When() or own.wishes != Wishes() or bool(own.party or own.budget or own.more or own.exclude)


def _inherit_intent(own: TripRequest, text: str, last: TripRequest) -> TripRequest:
    """An elliptic turn keeps the intent, and for a fact the topic, of the turn before."""
    if last.intent is Intent.ITINERARY and own.intent is Intent.FACT and ADD.search(text) and not re.search("[?？]|哪|什么|啥|what|where", text):
        return replace(own, intent=Intent.ITINERARY)
    if own.intent is Intent.FACT and own.topic is None and last.topic:
        return replace(own, topic=last.topic)
    if own.intent is Intent.FACT and own.topic is None and last.intent is Intent.ITINERARY and not asks(own):
        return replace(own, intent=Intent.ITINERARY)
    speaks_for_itself = (patterns.RECOMMEND.search(text) and _ASKS_FOR.search(text)) or patterns.WEATHER.search(text) or patterns.ITINERARY.search(text)
    if own.intent is Intent.RECOMMEND and own.topic and own.topic not in (Topic.TICKET, Topic.ABOUT) and not own.cities and last.places:
        return replace(own, intent=Intent.FACT)
    if own.intent is Intent.RECOMMEND and (SWITCH.search(text) or not speaks_for_itself):
        if last.intent is Intent.FACT and last.topic in CITY_TOPICS and own.cities:
            return replace(own, intent=Intent.FACT, topic=last.topic)
        if last.intent is Intent.FACT and own.places:
            return replace(own, intent=Intent.FACT, topic=own.topic or last.topic)
        if last.intent in (Intent.ITINERARY, Intent.WEATHER, Intent.RECOMMEND):
            return replace(own, intent=last.intent)
    if own.intent is Intent.SMALLTALK or (own.intent is Intent.ITINERARY and not own.cities and last.intent is Intent.WEATHER and own.when.start):
        return replace(own, intent=last.intent, topic=last.topic)
    return own


def _inherit_place(own: TripRequest, last: TripRequest) -> TripRequest:
    if own.places or own.unknown_places:
        return own
    if own.topic in CITY_TOPICS and not (own.topic is Topic.TRANSPORT and last.places and not own.cities):
        return replace(own, cities=own.cities or (() if own.unknown_cities else last.cities))
    if own.cities:
        return own
    if last.places:
        return replace(own, places=last.places, cities=last.cities)
    return replace(own, cities=last.cities, unknown_cities=own.unknown_cities or last.unknown_cities)


def _inherit_trip(own: TripRequest, text: str, last: TripRequest) -> TripRequest:
    """Fill cities always; days, people, budget and wishes only where the same trip goes on."""
    new_city = bool(own.cities or own.unknown_cities)
    cities = own.cities if new_city else last.cities
    unknown = own.unknown_cities if new_city else last.unknown_cities
    if new_city and last.cities and ADD.search(text):
        cities = tuple(dict.fromkeys((*last.cities, *own.cities)))
    elif new_city and (last.cities or last.unknown_cities) and not (SWITCH.search(text) or ELLIPTIC.search(text)):
        return own
    return replace(
        own, cities=cities, unknown_cities=unknown, when=_merge_when(own.when, last.when), party=own.party or last.party, budget=own.budget or last.budget,
        wishes=_merge_wishes(own.wishes, last.wishes),
        exclude=(*last.exclude, *own.exclude), places=_merge_places(own, last, new_city),
    )


def _merge_places(own: TripRequest, last: TripRequest, new_city: bool) -> tuple[str, ...]:
    if _NEARBY.search(own.text) and not own.places:
        return last.places
    if own.intent is not Intent.ITINERARY or new_city:
        return own.places
    kept = tuple(place for place in last.places if place not in own.exclude and place not in own.places)
    return (*kept, *own.places)


def _merge_when(own: When, last: When) -> When:
    dated = own.start or own.holiday or own.month
    return When(
        own.days or last.days, own.start if dated else last.start, own.end if dated else last.end,
        own.holiday if dated else last.holiday, own.month if dated else last.month,
    )


def _merge_wishes(own: Wishes, last: Wishes) -> Wishes:
    likes = tuple(dict.fromkeys((*last.likes, *own.likes)))
    dislikes = tuple(dict.fromkeys((*last.dislikes, *own.dislikes)))
    return Wishes(
        tuple(tag for tag in likes if tag not in own.dislikes), tuple(tag for tag in dislikes if tag not in own.likes),
        own.free_only or last.free_only, own.max_ticket_yuan if own.max_ticket_yuan is not None else last.max_ticket_yuan,
        own.min_level or last.min_level,
    )


def _finish(request: TripRequest) -> TripRequest:
    """Leave out what means nothing for the intent."""
    if request.intent is not Intent.FACT:
        return replace(request, topic=None)
    party = None if request.topic is Topic.DISCOUNT else request.party
    return replace(request, topic=request.topic or Topic.ABOUT, wishes=Wishes(), party=party, when=replace(request.when, days=None))
