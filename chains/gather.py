"""From a request to its facts: retrieval, conditions, sums and sources. No model is asked here.

A LangChain runnable on the outside (`Gatherer.runnable`), plain methods within.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from langchain_core.runnables import Runnable, RunnableLambda

from chains.facts import Card, Citation, Facts, Kind
from chains.planning import TripPlanning
from chains.second_reading import LIKELY, SURE, SUREST, TOPICS, SecondReading
from chains.tools.itinerary.checker import Verdict
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.planner import TripError
from chains.tools.itinerary.words import diff_line
from chains.tools.weather import WeatherProvider, WeatherService
from chains.understanding import Intent, Topic, TripRequest
from chains.understanding.intent import SMALLTALK, topic_of, topics_beside
from chains.understanding.request import CITY_TOPICS, State
from chains.understanding.trip import Assumed, trip_of
from chains.unheld import (
    SOMETHING,
    Matter,
    asking,
    asks_if_there,
    beside,
    has_ride,
    is_told,
    qualifies,
    sentence,
    something,
    unheld,
    without_names,
)
from chains.wanted import condition_of, fits, wishes_something
from chains.wording import name_of
from knowledge.catalogue import Filter
from knowledge.conditions import Conditions, fit, joined
from knowledge.library import Library
from knowledge.prices import total, visit_yuan
from knowledge.records import Attraction, City

SIGHTS_SHOWN = 6
PLACES_SHOWN = 4
CITIES_OF_WEATHER = 3
MAX_DAYS = 15
_ASKS_FOR_MANY = re.compile(r"哪|推荐|有什么|有啥|几[个处座]|有没有|找")
_ASKS_FOR_OTHERS = re.compile(r"哪|推荐|有什么|有啥|别的|其他|类似|找|想[去看]|recommend|suggest|what else|other|where", re.IGNORECASE)
_PLAIN = {Intent.IDENTITY: Kind.IDENTITY, Intent.SMALLTALK: Kind.SMALLTALK, Intent.OUT_OF_SCOPE: Kind.OUT_OF_SCOPE}


class Gatherer:
    """Looks up what a request needs; without a weather provider the weather is answered from climate normals."""

    def __init__(
        self, library: Library, today: Callable[[], date] = date.today, weather: WeatherProvider | None = None
    ) -> None:
        self._retriever = library.retriever
        self._catalogue = library.catalogue
        self._conditions = library.retriever.conditions
        self._second = SecondReading(library, self._conditions)
        self._today = today
        self._weather_service = WeatherService(weather, library.catalogue.cities, today)
        self.planning = TripPlanning(library.catalogue, self._weather_service, today)

    def runnable(self) -> Runnable[tuple[TripRequest, State], Facts]:
        """The same as a runnable over (request, state)."""
        return RunnableLambda(lambda given: self.gather(*given))

    def gather(self, request: TripRequest, state: State | None = None) -> Facts:
        """The facts of a request; `state` tells what was shown already."""
        described = self._second.described(request) if request.text else []
        asked = self._second.asked_of_described(request) if described else None
        if asked:
            shown = described if asked is Topic.LOCATION else described[:1]
            return self._with_cards(replace(request, intent=Intent.FACT, topic=asked), Kind.SIGHT_FACT, shown)
        if described:
            return self._with_cards(replace(request, intent=Intent.RECOMMEND), Kind.SIGHTS, described)
        problem = _problem(self._without_ceiling(request))
        if problem:
            return self._plain(request, Kind.UNUSABLE, notes=(problem,))
        own = self._conditions(request.text, request.cities)
        of_words = not (request.places or self._second.named_otherwise(request))  # a sight that is found by what is told of it
        first, request = request.places, self._second.read(request)
        described_only = of_words and bool(request.places) and request.topic in TOPICS.values()  # 门口拍婚纱的那座教堂在哪
        unknown = self._unheld(request, described_only=described_only)
        if unknown:
            return unknown
        request = self._charged(request)
        if request.intent in _PLAIN and not (own.head and _may_describe(request)):
            return self._plain(request, _PLAIN[request.intent])
        in_a_province = own.condition.cities and (request.intent is Intent.RECOMMEND or request.places or request.unknown_places)
        of_a_held_one = request.intent is Intent.FACT and request.places and not request.misspelt  # 有去过亚丁的吗，牛奶海要多久
        if request.unknown_cities and not request.cities and not in_a_province and not of_a_held_one:
            return self._not_held(request)
        only_a_landmark = bool(own.condition.near and not own.named and request.places in ((), first))  # sights close to 天坛 ask for no fact of it
        if request.intent is Intent.FACT and not only_a_landmark:
            return self._fact(request)
        if request.intent is Intent.WEATHER:
            return self._weather(request)
        if request.intent is Intent.ITINERARY:
            return self._itinerary(request, state or State())
        return self._sights(request, state or State())

    def _weather(self, request: TripRequest) -> Facts:
        named = self._catalogue.get(request.places)
        cities = [self._catalogue.cities[city] for city in dict.fromkeys([*request.cities, *(s.city for s in named)])]
        if not cities and request.unknown_places:
            return self._nearest(request)
        if not cities:
            return self._plain(request, Kind.ASK_CITY, suggestions=self._famous_cities(request))
        reports = tuple(self._weather_service.for_request(city, request.when) for city in cities[:CITIES_OF_WEATHER])
        return self._plain(request, Kind.WEATHER, cities=tuple(cities), day=request.when.start, weather=reports)

    def _plain(self, request: TripRequest, kind: Kind, **more: object) -> Facts:
        return Facts(request, kind, request.language, **more)  # type: ignore[arg-type]

    def _without_ceiling(self, request: TripRequest) -> TripRequest:
        """The request without a budget that is only half of a ticket's ceiling: 门票50块以内."""
        ceiling = self._conditions(request.text, request.cities).condition.max_ticket_yuan
        return replace(request, budget=None) if request.budget and request.budget.yuan <= 0 and ceiling else request

    def _unheld(self, request: TripRequest, *, described_only: bool) -> Facts | None:
        """A matter of named sights that no record holds: it is said to be unknown, with what else was asked.

        What tells of a sight without its name may speak of such a matter and ask for another.
        """
        sights = self._catalogue.get(request.places)[:PLACES_SHOWN]
        planned = request.intent is Intent.ITINERARY and not self._second.asks_what_none_holds(request.text, SUREST)
        if not sights or planned or request.intent in (Intent.WEATHER, Intent.IDENTITY):
            return None
        own = self._conditions(request.text, request.cities)
        if (own.kinds or own.limits) and request.intent is Intent.RECOMMEND and self._second.seeks_sights(request.text):
            return None  # 大昭寺排队太吓人了，想换个便宜的寺
        matter = unheld(self._asking(request, sights), sights, request.misspelt) or self._something(request, sights)
        if matter is None or (described_only and not qualifies(matter, request.text, request.topic)):
            return None
        other = topic_of(beside(request.text, matter))
        asked = replace(request, intent=Intent.FACT, topic=None if other in CITY_TOPICS else other)
        return replace(self._with_cards(asked, Kind.SIGHT_FACT, sights), notes=(sentence(matter, sights, request.language),))

    def _asking(self, request: TripRequest, sights: list[Attraction]) -> str:
        """What of a text asks: without the clauses that only tell, where it surely asks for a fact that records hold."""
        return asking(request.text, sights, request.misspelt) if self._second.asks_what_is_held(request.text) else request.text

    def _something(self, request: TripRequest, sights: list[Attraction]) -> Matter | None:
        """A particular question of named sights that no topic answers; a wish for other sights is none."""
        own = self._conditions(request.text, request.cities)
        wishes = own.condition.near or own.kinds or own.limits or request.more or _ASKS_FOR_OTHERS.search(without_names(request.text, sights))
        answered = request.topic not in (None, Topic.ABOUT, Topic.FOOD, Topic.LODGING)
        if has_ride(request.text, sights, request.misspelt):
            return None
        if self._second.asks_what_none_holds(request.text, SURE if answered or request.intent is Intent.OUT_OF_SCOPE else LIKELY) and not self._told_of(request, sights, answered=answered):
            return SOMETHING
        return None if answered or (wishes and request.intent is Intent.RECOMMEND) else something(request.text, sights, request.misspelt)

    def _told_of(self, request: TripRequest, sights: list[Attraction], *, answered: bool) -> bool:
        """Whether the records speak of what is asked: the price of a cable car, or that there is one; not how many it seats."""
        surely_other = not answered and not asks_if_there(request.text) and self._second.asks_what_none_holds(request.text)
        return not surely_other and is_told(request.text, sights, request.misspelt)

    def _charged(self, request: TripRequest) -> TripRequest:
        """Whether there is a cable car or a boat is answered by the sight's charges, where the record speaks of it."""
        sights = self._catalogue.get(request.places)
        open_ = request.intent in (Intent.FACT, Intent.RECOMMEND) and request.topic in (None, Topic.ABOUT)
        return replace(request, intent=Intent.FACT, topic=Topic.TICKET) if open_ and has_ride(request.text, sights, request.misspelt) else request

    def _not_held(self, request: TripRequest) -> Facts:
        held = tuple(city.name if request.language == "zh" else city.name_en for city in self._catalogue.cities.values())
        return self._plain(request, Kind.NOT_FOUND, missing=request.unknown_cities, suggestions=held[:8])

    def _fact(self, request: TripRequest) -> Facts:
        if request.places:
            sights = self._catalogue.get(self._sought(request))[:PLACES_SHOWN]
            request = replace(request, beside=topics_beside(without_names(request.text, sights, request.misspelt), request.topic or Topic.ABOUT))
            return self._with_cards(request, Kind.SIGHT_FACT, sights)
        if request.unknown_places:
            return self._nearest(request)
        if request.cities and (request.topic in CITY_TOPICS or request.topic is Topic.ABOUT):
            cities = tuple(self._catalogue.cities[city] for city in request.cities)
            citations = tuple(self._city_citation(number, city) for number, city in enumerate(cities, 1))
            return self._plain(request, Kind.CITY_FACT, cities=cities, citations=citations)
        if request.cities:
            return self._sights(request, State())
        return self._plain(request, Kind.ASK_CITY, suggestions=self._famous_cities(request))

    def _sought(self, request: TripRequest) -> tuple[str, ...]:
        """The sights a fact is asked of, without those that only say where one comes from: 逛完平遥古城再去双林寺."""
        named = self._conditions(request.text, request.cities).named
        return tuple(place for place in request.places if place in named) or request.places

    def _nearest(self, request: TripRequest) -> Facts:
        """A place we do not hold: offer what resembles its name or lies in the same city."""
        hits = self._retriever.search(" ".join(request.unknown_places), Filter(cities=request.cities), 3)
        names = tuple(hit.attraction.name if request.language == "zh" else hit.attraction.name_en for hit in hits)
        return self._plain(request, Kind.NOT_FOUND, missing=self._second.not_held(request), suggestions=names)

    def _itinerary(self, request: TripRequest, state: State) -> Facts:
        """A plan that passed the checker, new or changed; where none does, the city's sights with a word about it."""
        cities = request.cities or tuple(dict.fromkeys(sight.city for sight in self._catalogue.get(request.places)))
        if not cities:
            return self._plain(request, Kind.ASK_CITY, suggestions=self._famous_cities(request))
        request = replace(request, cities=cities)
        try:
            plan, verdict, notes = self._planned(request, state.plan)
        except TripError as error:
            return self._plain(request, Kind.UNUSABLE, notes=(self._refusal(request, state.plan) or str(error),))
        if not verdict.ok:
            return replace(self._sights(request, State()), notes=(_NO_PLAN[request.language],))
        sights = [stop.place for day in plan.days for stop in day.stops if stop.kind == "sight"]
        facts = self._with_cards(request, Kind.ITINERARY, self._catalogue.get(sights))
        return replace(facts, plan=plan, verdict=verdict, missing=plan.unknown_prices, notes=notes)

    def _planned(self, request: TripRequest, standing: Plan | None) -> tuple[Plan, Verdict, tuple[str, ...]]:
        """The plan, the verdict, and what to say before it."""
        if request.change and standing:
            plan, verdict, diff = self.planning.change(standing, request.change)
            return plan, verdict, (diff_line(diff, request.language),)
        trip, assumed = trip_of(request, self._catalogue, self._today())
        plan, verdict = self.planning.plan(trip)
        return plan, verdict, _assumptions(assumed, request)

    def _refusal(self, request: TripRequest, standing: Plan | None) -> str:
        """Why a change cannot be made, in the traveller's language; nothing where it is something else."""
        if not (request.change and standing):
            return ""
        held = {stop.place for day in standing.days for stop in day.stops}
        lost = [sight for sight in self._catalogue.get(request.change.places) if sight.id not in held]
        names = ("、" if request.language == "zh" else ", ").join(name_of(sight, request.language) for sight in lost)
        if names and request.change.kind != "add":
            return f"行程里没有{names}，请换一个行程里的地方。" if request.language == "zh" else f"{names} is not in the itinerary; please name a place that is."
        return (f"这样改不了：行程只有{standing.trip.days}天，请说第1到第{standing.trip.days}天里的哪一天，或本次城市里的景点。" if request.language == "zh"
                else f"That cannot be changed: the trip has {standing.trip.days} days; name one of them, or a sight in its cities.")

    def _sights(self, request: TripRequest, state: State) -> Facts:
        if request.unknown_places and not request.places:
            return self._nearest(request)
        if not request.cities and not request.places and not wishes_something(request) and not self._describes(request):
            return self._plain(request, Kind.ASK_CITY, suggestions=self._famous_cities(request))
        sights = self._choose(request, state)
        if not sights:
            return self._loosened(request)
        return self._with_cards(request, Kind.SIGHTS, sights)

    def _describes(self, request: TripRequest) -> bool:
        """Whether the text says what kind of sight is sought, so that no city need be named."""
        own = self._conditions(request.text, ())
        return bool(own.kinds or own.head or own.limits or own.condition.cities)

    def _choose(self, request: TripRequest, state: State) -> list[Attraction]:
        """Named sights first, then what meets the text's own conditions, the wishes, or (for nothing special) the best known."""
        named = [s for s in self._catalogue.get(request.places) if s.id not in request.exclude]
        cities = request.cities or tuple(dict.fromkeys(sight.city for sight in named))
        own = self._conditions(request.text, cities)
        cities = cities or own.condition.cities  # those of the province spoken of
        condition = condition_of(request, cities, state, {tag for kind in own.kinds for tag in kind})
        named = [sight for sight in named if sight.id not in own.condition.exclude]  # no landmark is an answer, nor what is too dear
        if own.limits or own.kinds or own.head:
            found = self._meeting(request, condition, own)
        elif request.wishes.likes:
            found = self._liked(request, condition)
        else:
            found = [hit.attraction for city in cities or ("",)
                     for hit in self._retriever.best_known(replace(condition, cities=(city,) if city else ()), SIGHTS_SHOWN)]
        found = [sight for sight in found if sight not in named]
        return (named + (found if own.head else _alternate(found, cities)))[:SIGHTS_SHOWN]

    def _meeting(self, request: TripRequest, condition: Filter, own: Conditions) -> list[Attraction]:
        """What meets everything the text asks for, in the order of the search; where nothing does, what is liked."""
        wanted = joined(condition, own.condition)
        hits = self._retriever.search(request.text, replace(wanted, any_tag=()), SIGHTS_SHOWN * 2)
        if own.head and not own.limits and not _ASKS_FOR_MANY.search(request.text):  # one sight is described: kinds are hints, no conditions
            return [hit.attraction for hit in hits]
        fitting = self._catalogue.find(replace(wanted, any_tag=(), kinds=tuple((kind[0],) for kind in own.kinds)))
        fitting = fitting or self._catalogue.find(replace(wanted, any_tag=(), kinds=own.kinds)) or self._nearly(wanted, own)
        order = [hit.attraction for hit in hits if hit.attraction in fitting]
        return [*order, *(sight for sight in fitting if sight not in order)] or self._liked(request, condition)

    def _nearly(self, wanted: Filter, own: Conditions) -> list[Attraction]:
        """Where nothing is of every kind asked for, what is of most of them: museums or memorial halls."""
        found = self._catalogue.find(replace(wanted, any_tag=(), kinds=(tuple(tag for kind in own.kinds for tag in kind),)))
        fits = [fit(frozenset(sight.tags), own.kinds) for sight in found]
        return [sight for sight, its in zip(found, fits, strict=True) if its == max(fits)]

    def _liked(self, request: TripRequest, condition: Filter) -> list[Attraction]:
        hits = self._retriever.search(request.text, condition, SIGHTS_SHOWN * 2)
        found = [hit.attraction for hit in hits]
        found += [sight for sight in self._catalogue.find(condition) if sight not in found]
        return sorted(found, key=lambda sight: (-fits(sight, request.wishes.likes), sight.rank))

    def _loosened(self, request: TripRequest) -> Facts:
        """No sight meets the conditions: say so and offer the city's best known."""
        hits = self._retriever.best_known(Filter(cities=request.cities), 3)
        names = tuple(hit.attraction.name if request.language == "zh" else hit.attraction.name_en for hit in hits)
        return self._plain(request, Kind.NOT_FOUND, suggestions=names,
                           cities=tuple(self._catalogue.cities[city] for city in request.cities))

    def _with_cards(self, request: TripRequest, kind: Kind, sights: list[Attraction]) -> Facts:
        day = request.when.start
        cities = dict.fromkeys([*request.cities, *(sight.city for sight in sights)])
        cards = tuple(Card(number, sight, self._catalogue.cities[sight.city]) for number, sight in enumerate(sights, 1))
        return Facts(
            request, kind, request.language, cards=cards, day=day, total=total(sights, day),
            cities=tuple(self._catalogue.cities[city] for city in cities),
            citations=self._citations(request, cards),
            missing=tuple(card.sight.name for card in cards if visit_yuan(card.sight.ticket, day) is None),
        )

    def _citations(self, request: TripRequest, cards: tuple[Card, ...]) -> tuple[Citation, ...]:
        """The sights by their numbers, then the cities whose usual costs the answer tells."""
        cities = [self._catalogue.cities[city] for city in request.cities]
        return (*map(self._citation, cards), *(self._city_citation(len(cards) + place, city) for place, city in enumerate(cities, 1)))

    def _city_citation(self, number: int, city: City) -> Citation:
        source = self._catalogue.sources[city.source]
        return Citation(number, city.id, city.name, tuple((fact, source) for fact in ("meals", "lodging", "dishes", "transport")))

    def _citation(self, card: Card) -> Citation:
        facts = tuple((fact, self._catalogue.sources[source]) for fact, source in card.sight.facts().items())
        return Citation(card.number, card.sight.id, card.sight.name, facts, card.sight.url)

    def _famous_cities(self, request: TripRequest) -> tuple[str, ...]:
        """Cities to offer where none was named: those with the most 5A sights."""
        counts: dict[str, int] = {}
        for sight in self._catalogue.find(Filter(min_level=5)):
            counts[sight.city] = counts.get(sight.city, 0) + 1
        best = sorted(counts, key=lambda city: -counts[city])[:6]
        return tuple(self._catalogue.cities[c].name if request.language == "zh" else self._catalogue.cities[c].name_en for c in best)


_NO_PLAN = {
    "zh": "这次排出的行程没有通过核对，所以不给你看；先列出可去的景点和花费。",
    "en": "The itinerary I made did not pass the check, so I will not show it; here are sights and costs instead.",
}


def _assumptions(assumed: Assumed, request: TripRequest) -> tuple[str, ...]:
    """What the plan takes for granted, as a sentence, so that the traveller can correct it."""
    chinese = request.language == "zh"
    said = {"zh": [("几天", assumed.days), ("哪天出发", assumed.start), ("几个人", assumed.travellers)],
            "en": [("how many days", assumed.days), ("the date", assumed.start), ("how many people", assumed.travellers)]}
    open_ = [words for words, is_open in said[request.language] if is_open]
    if not open_:
        return ()
    if chinese:
        return (f"你没说{'、'.join(open_)}，我先这样排；告诉我，我马上重排。",)
    return (f"You did not say {', '.join(open_)}, so I assumed it; tell me and I will plan again.",)


def _may_describe(request: TripRequest) -> bool:
    """Whether a turn that asks for nothing else may be a riddle about a sight: the tower the white snake lies under."""
    return request.intent is Intent.SMALLTALK and not SMALLTALK.search(request.text)


def _alternate(sights: list[Attraction], cities: tuple[str, ...]) -> list[Attraction]:
    """Take turns between cities, each in its own order, so that no city crowds out another."""
    queues: dict[str, list[Attraction]] = {city: [] for city in cities}
    for sight in sights:
        queues.setdefault(sight.city, []).append(sight)
    mixed: list[Attraction] = []
    while any(queues.values()):
        mixed += [queue.pop(0) for queue in queues.values() if queue]
    return mixed


def _problem(request: TripRequest) -> str:
    """A sentence about what makes the turn unusable, or nothing."""
    chinese = request.language == "zh"
    if not request.text:
        return "你还没有输入内容，告诉我想去哪座城市吧。" if chinese else "Nothing was typed yet: tell me which city you have in mind."
    if request.budget and request.budget.yuan <= 0:
        return "预算要大于零才好安排，请再说一次你的预算。" if chinese else "A budget has to be above zero: please tell me yours again."
    if request.when.days is not None and not 1 <= request.when.days <= MAX_DAYS:
        span = f"{request.when.days}天" if chinese else f"{request.when.days} days"
        return (f"{span}超出了我能安排的范围，一次最多{MAX_DAYS}天，可以拆成几段来问。" if chinese
                else f"{span} is more than I can plan at once; the limit is {MAX_DAYS} days, so please split the trip.")
    return ""
