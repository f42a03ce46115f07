"""Another look at a request with the records at hand, before anything is gathered.

The understanding reads words; what a sight's own name hides (总统府 holds a word of politics), what a description means,
and what a wording that no pattern knows asks for can only be told with the catalogue, the search and the guesser of
question kinds. Nothing is gathered here.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from chains.understanding import Intent, Topic, TripRequest
from chains.understanding.another_city import with_its_city
from chains.understanding.intent import (
    ASKS_WEATHER,
    CLAUSE,
    DISTRESS,
    INJECTION,
    ITINERARY,
    SMALLTALK,
    plain_intent,
    topic_of,
)
from chains.understanding.misspelt_names import of_the_same_sound
from chains.understanding.places import blank, is_known_elsewhere, namesake
from chains.understanding.request import CITY_TOPICS, Language
from chains.understanding.unheld_names import MIN_NAME, has_no_capitals, looks_like_a_name, noun_run, unheld_names
from chains.unheld import is_particular, names_of, unheld, without_names
from knowledge.catalogue import Filter
from knowledge.conditions import Conditions, asks_a_name
from knowledge.library import Library
from knowledge.question_kinds import DESCRIBED, OTHER, RECOMMEND, Guess
from knowledge.records import Attraction
from knowledge.spellings import GENERIC, in_letters
from knowledge.words import cut

TOPICS = {
    "price": Topic.TICKET, "hours": Topic.HOURS, "closed": Topic.CLOSED, "duration": Topic.VISIT_TIME, "level": Topic.LEVEL, "where": Topic.LOCATION,
}
# Least probabilities of a guess: that a capital is no name; a description; a fact of one sight; against a pattern's word.
LIKELY, LIKELIER, SURE, SUREST, CERTAIN = 0.4, 0.5, 0.6, 0.85, 0.95
_LOOKS_ROUND = re.compile(r"玩|逛|转转|去处|景|sights?|\bsee\b|visit", re.IGNORECASE)
_STREET = re.compile(r"[街巷]|夜市|\bstreets?\b|market", re.IGNORECASE)
TELLING = 3  # words beside a name that make a description
WORDS_OF_A_NAME = 2  # English ones that tell a sight in a city
CHAT = 5  # words that a mere greeting holds at most
SHOWN = 3  # sights that a description may mean
PROVEN_BY = 2  # words of a description that must stand in the record of the sight it is taken for, one more where no place is told
PROVEN_UNNAMED, PROOF_OF_NAMED, SHORT_WORD = 4, 26.0, 3  # of 900 questions in which something was taken for an unheld name: what tells the 40 of held sights from the others
PER_WORD, PROOF, PROOF_IF_SURE = 2.1, 20.0, 12.0  # or fewer, if they are rare: fitted on 165 descriptions of sights and 36 of other things
_ORDERS = re.compile(r"写(?:一|首|篇|个|点)|讲一?个|唱|翻译|帮我|给我(?!们)|\b(?:write|compose|translate|sing|book|buy|order)\b|^\W*(?:what(?:'s| is| was)? (?:the )?name of )?the (?:movie|film|song|book|novel|singer|actor)s? (?:with|in|of|about|where|that|who)\b", re.IGNORECASE)
_PAYS = re.compile(r"费|收|银子|掏|付|花|\b(?:pay|charged?)\b", re.IGNORECASE)
_MISREAD = (Intent.OUT_OF_SCOPE, Intent.RECOMMEND, Intent.FACT)  # intents that a sight's own name or its city's may bring about
_NO_RIDDLE = (Intent.IDENTITY, Intent.WEATHER, Intent.ITINERARY)
_PLAIN = (Intent.IDENTITY, Intent.SMALLTALK, Intent.OUT_OF_SCOPE)
_UNREAD = (None, Topic.ABOUT)
_MAY_BE_OTHERS = (Topic.BOOKING, Topic.LODGING, Topic.FOOD, Topic.TRANSPORT, Topic.LOCATION, Topic.HOURS, Topic.VISIT_TIME, Topic.CLOSED, Topic.TICKET)  # whose words stand in other questions too
_TO_A_DRIVER = re.compile(r"打车|滴滴|司机|导航|\b(?:taxi|cab|didi|driver)\b", re.IGNORECASE)  # the address is asked, and no way of travelling
_THAT = re.compile(r"[那这][个座栋条艘家片尊口处种块间幢](?:[^，,。]{1,14}的)?\s*$")
_THE_ONE_IN = re.compile(r"\b(?:(?:the|that|a) (?:[a-z-]+ )+|(?:[a-z-]+ )+(?:museum|temple|tower|park|bridge|garden|building|street|church|cave|village) )(?:out |over |down |up )?(?:in|on|at|by|near|of) $")
_GENERAL = re.compile("国家级?|自然|保护区|名胜区|风景区|旅游区|景区")  # words of many names, and no description
_CAPITALS = re.compile(r"\b[a-z]+ (?:.*\b)?[A-Z][a-z]+ (?:.*\b)?[A-Z][a-z]+")  # names amid an English question
_SOME_PLACE: dict[Language, str] = {"zh": "你问的这个地方", "en": "the place you ask about"}  # a fact of one sight is asked for, and nothing in the text is its name
Read = Callable[[str, tuple[str, ...]], Conditions]


class SecondReading:
    """Reads requests again against one library; `conditions` reads a text's own conditions."""

    def __init__(self, library: Library, conditions: Read) -> None:
        self._catalogue = library.catalogue
        self._retriever = library.retriever
        self._conditions = conditions

    def read(self, request: TripRequest) -> TripRequest:
        """The request as it is meant, as far as that can be told."""
        again = self._read(request)
        held = of_the_same_sound(again, self._catalogue)
        return replace(again, places=held, unknown_places=()) if held else again

    def _read(self, request: TripRequest) -> TripRequest:
        again, guess = self._without_its_name(request), self._retriever.guess(request.text)
        if self._seeks_sights(again, guess):
            unknown = () if again.intent is Intent.WEATHER else again.unknown_places
            return replace(again, intent=Intent.RECOMMEND, topic=None, unknown_places=unknown, when=replace(again.when, days=None))
        if self._is_settled(again, guess) or (again.intent is Intent.OUT_OF_SCOPE and _ORDERS.search(request.text)):
            return again
        if again.places:
            other = self._another(again, guess)
            return replace(again, intent=Intent.FACT, topic=TOPICS[guess.kind], places=(), unknown_places=other) if other else self._of_named(again, guess)
        return self._of_unknown(again, guess) if again.unknown_places else self._of_nothing(again, guess)

    def described(self, request: TripRequest) -> list[Attraction]:
        """The sights that a turn describes, the likeliest first; none where it describes none that we hold.

        Sights it names are where the one described lies, and no answer. The words a description shares with the record
        of the best fit are the proof that it is meant.
        """
        own, guess = self._conditions(request.text, request.cities), self._retriever.guess(request.text)
        sure = guess.kind == DESCRIBED and guess.share >= LIKELIER
        only_named = request.places and own.exact and len(cut(own.rest)) < TELLING  # 黄鹤楼是谁设计的
        if not (own.describes or sure) or only_named or request.change or self._says_otherwise(request, guess) or self._asks_of_named(request) or (not sure and self._asks_of_unheld(request)):
            return []
        around = self._catalogue.get(request.places if sure and not request.misspelt else ())
        around = [sight for sight in around if not self._is_told(own.rest, sight)]
        cities = request.cities or own.condition.cities or tuple(dict.fromkeys(sight.city for sight in around))
        found = self._retriever.described(request.text, Filter(cities=cities, districts=own.condition.districts, exclude=tuple(sight.id for sight in around)), SHOWN)
        placed = bool(own.kinds or own.head or cities or own.condition.districts)
        if not found:
            return []
        shared, rarity = self._retriever.shared_words(own.rest, found[0].attraction.id)
        known_place = placed and sure and guess.share >= SURE
        needed = PROOF_IF_SURE if guess.kind == DESCRIBED and guess.share >= CERTAIN else PROOF
        proven = known_place or shared >= PROVEN_BY + (not placed) or PER_WORD * shared + rarity >= needed
        return [hit.attraction for hit in found] if proven else []

    def _asks_of_named(self, request: TripRequest) -> bool:
        """Whether a matter that no record holds is asked of a named sight: 岳麓书院末代山长叫什么名字."""
        sights = self._catalogue.get(request.places)
        starts = [request.text.index(name) for name in (*request.misspelt, *names_of(sights)) if name in request.text]
        asked = request.text[min(starts, default=0):] if request.language == "zh" else request.text  # in Chinese the question follows the name
        return bool(starts) and unheld(asked, sights, request.misspelt) is not None

    def _asks_of_unheld(self, request: TripRequest) -> bool:
        """Whether a fact is asked of what has a name of its own and is no description: 青州古城一天够不够."""
        named = [name for name in request.unknown_places if looks_like_a_name(name) and not _is_a_description(request.text, name)]
        return request.intent is Intent.FACT and bool(named) and named[0] in request.text

    def _is_told(self, rest: str, sight: Attraction) -> bool:
        """Whether a description that names a sight tells of this very one: 秦始皇以为是天尽头, 最早看日出的那个角."""
        found = self._retriever.described(rest, Filter(), 1)
        return bool(found) and found[0].attraction.id == sight.id

    def _says_otherwise(self, request: TripRequest, guess: Guess) -> bool:
        """Whether something else is asked for: a fact of what we do not hold, or what the words say plainly."""
        if guess.kind == DESCRIBED and guess.share >= SURE:
            return any(words.search(request.text) for words in (INJECTION, DISTRESS, _ORDERS))
        a_fact = guess.kind in TOPICS and guess.share >= SURE
        return bool(a_fact or request.intent in _NO_RIDDLE or SMALLTALK.search(request.text) or plain_intent(request.text))

    def seeks_sights(self, text: str) -> bool:
        """Whether sights are sought, as surely as a guess can tell."""
        guess = self._retriever.guess(text)
        return guess.kind == RECOMMEND and guess.share >= SUREST

    def asks_what_none_holds(self, text: str, least: float = SURE) -> bool:
        """Whether a fact is asked for that no record holds, as far as the guess goes."""
        guess = self._retriever.guess(text).apart_from(DESCRIBED)
        return guess.kind == OTHER and guess.share >= least

    def asks_what_is_held(self, text: str) -> bool:
        """Whether a fact is asked for that records hold, as far as the guess goes."""
        guess = self._retriever.guess(text).apart_from(DESCRIBED)
        return guess.kind in TOPICS and guess.share >= SURE

    def _seeks_sights(self, request: TripRequest, guess: Guess) -> bool:
        """Whether sights are sought where rain was only the reason, or half a day the time there is."""
        if request.change or request.places or not request.cities:
            return False
        own = self._conditions(request.text, request.cities)
        certain = guess.kind == RECOMMEND and guess.share >= (SUREST if own.limits else CERTAIN) and own.kinds and not (INJECTION.search(request.text) or DISTRESS.search(request.text))
        if plain_intent(request.text):
            return bool(certain)
        if request.intent is Intent.FACT and request.topic is Topic.ABOUT and own.kinds:
            return True  # 西宁的寺院介绍一下
        if guess.kind != RECOMMEND or guess.share < SURE:
            return False
        rain = request.intent is Intent.WEATHER and not ASKS_WEATHER.search(request.text)
        half_a_day = request.intent is Intent.ITINERARY and not ITINERARY.search(request.text)
        return bool((own.kinds or own.limits) and (rain or half_a_day))

    def _is_settled(self, request: TripRequest, guess: Guess) -> bool:
        """Whether the words leave nothing to guess."""
        asks = guess.kind == OTHER or guess.kind in TOPICS
        only_beside = not ASKS_WEATHER.search(request.text) or (request.places and guess.share >= CERTAIN)
        if request.intent is Intent.WEATHER and asks and only_beside and guess.share >= SURE:
            return False  # 雪晶小世界门口租得到羽绒服吗
        said_more = request.places or request.unknown_places or len(cut(request.text)) > CHAT
        chats = SMALLTALK.search(request.text) and not (asks and said_more and guess.share >= SURE)
        if request.intent in (Intent.WEATHER, Intent.IDENTITY) or plain_intent(request.text) or chats:
            return True
        named = len(request.places + request.unknown_places)
        of_one = (named == 1 or not (named or request.cities) or guess.share >= CERTAIN) and guess.kind in TOPICS
        plans = request.change or not of_one or (request.when.days and guess.share < SURE)
        return bool(request.intent is Intent.ITINERARY and plans)

    def _of_named(self, request: TripRequest, guess: Guess) -> TripRequest:
        """A held sight is named: the guess tells the fact where no pattern did, or where the pattern's words mean much else too."""
        guess = guess.apart_from(DESCRIBED)  # what is named is not described
        own, topic = self._conditions(request.text, request.cities), TOPICS.get(guess.kind)
        if guess.kind == RECOMMEND and guess.share >= SUREST and (own.kinds or own.limits) and request.topic in (*_MAY_BE_OTHERS, *_UNREAD):
            return self._beside_landmarks(request, near=bool(own.condition.near))
        if guess.kind == OTHER and request.intent is Intent.WEATHER:
            return replace(request, intent=Intent.FACT, topic=Topic.ABOUT)  # who keeps my insulin cold
        if not topic or (own.condition.near and (guess.share < SURE or _LOOKS_ROUND.search(request.text))):
            return request
        read = request.topic not in _UNREAD and request.intent is Intent.FACT
        if read and request.topic not in _MAY_BE_OTHERS:
            return request
        living = request.topic in (Topic.LODGING, Topic.FOOD)  # how long may I stay inside
        by_train = request.topic is Topic.TRANSPORT and topic is not Topic.LOCATION  # 两点的火车赶得上吗
        needed = SURE if (read and not living and not by_train) or request.intent in (Intent.ITINERARY, Intent.WEATHER) else LIKELY
        return replace(request, intent=Intent.FACT, topic=topic) if guess.share >= needed else request

    def _another(self, request: TripRequest, guess: Guess) -> tuple[str, ...]:
        """Names that are not held in a text whose held ones only say where or go before: 离玉林不远的浣星塔, 有大雁塔小雁塔，中雁塔评的几A."""
        if guess.kind not in TOPICS or guess.share < SURE or request.misspelt:
            return ()
        text, own = request.text, self._conditions(request.text, request.cities)
        if own.condition.near and not own.named:
            return unheld_names(text, self._without_held(text), asks_a_fact=True)
        asking = next((clause for clause in reversed(CLAUSE.split(text)) if topic_of(clause) == request.topic), "")
        if asking == text or request.topic in _UNREAD or self._catalogue.sight_names.find(asking):
            return ()
        return tuple(name for name in unheld_names(asking, self._without_held(asking)) if looks_like_a_name(name) or (name.isascii() and " " in name))

    def _without_held(self, text: str) -> str:
        return blank(text, [*self._catalogue.sight_names.find(text), *self._catalogue.city_names.find(text)])

    def asked_of_described(self, request: TripRequest) -> Topic | None:
        """Which fact is asked of a sight that is described and not named: 那座看书的灰房子几点能进."""
        guess = self._retriever.guess(request.text)
        if guess.kind in TOPICS and guess.share >= LIKELY:
            return TOPICS[guess.kind]
        apart = guess.apart_from(DESCRIBED)
        if apart.kind in TOPICS and apart.share >= SURE and guess.share < CERTAIN:
            return TOPICS[apart.kind]
        read = request.topic is Topic.LOCATION or (request.topic in TOPICS.values() and guess.share < CERTAIN)
        return request.topic if read and not asks_a_name(request.text) else None

    def _beside_landmarks(self, request: TripRequest, *, near: bool) -> TripRequest:
        """Sights are sought: what was named is where from, or only the city (in Huangshan I want villages), or what they are like."""
        named = self._catalogue.get(request.places)
        cities = [sight.city for sight in named if sight.name.startswith(self._catalogue.cities[sight.city].name) and sight.name.endswith("风景区")]
        places = () if near or cities else request.places
        return replace(request, intent=Intent.RECOMMEND, topic=None, places=places, cities=request.cities or tuple(dict.fromkeys(cities)))

    def _of_unknown(self, request: TripRequest, guess: Guess) -> TripRequest:
        """What looks like a name that is not held: a fact is asked of it, or it is no name and sights are sought."""
        own, topic = self._conditions(request.text, request.cities), TOPICS.get(guess.kind)
        if own.kinds and own.condition.districts and all(name.isalpha() for name in request.unknown_places) and request.language == "en":
            return replace(request, intent=Intent.RECOMMEND, topic=None, unknown_places=())  # a district: sunset in Daoli
        if guess.kind == RECOMMEND and guess.share >= (LIKELY if request.language == "en" and request.topic in _UNREAD else SURE) and not any(map(looks_like_a_name, request.unknown_places)):
            return replace(request, intent=Intent.RECOMMEND, topic=None, unknown_places=())
        request = replace(request, unknown_places=self._without_districts(request.unknown_places))
        if not request.unknown_places:
            return self._of_nothing(request, guess)  # near Yangshuo the tree where
        held, apart = self._of_the_same_words(request), guess.apart_from(DESCRIBED)
        if not held and apart.kind in TOPICS and apart.share >= SURE and not any(map(is_known_elsewhere, request.unknown_places)):
            held = self._told(request) if _only_described(request.text, request.unknown_places) else self._told_at_length(request)
        if topic and guess.share >= SURE and (request.topic in _UNREAD or request.intent is not Intent.FACT):
            request = replace(request, intent=Intent.FACT, topic=topic)
        return replace(request, places=held, unknown_places=()) if held else request

    def not_held(self, request: TripRequest) -> tuple[str, ...]:
        """What a turn asks of and we do not hold, as it is told; a held name is only where that lies, what it is a branch of, or another city's."""
        held = {name for sights in map(self._catalogue.sight_names.find, request.unknown_places) for name in (mention.text for mention in sights)}
        there = [word for city in request.cities for word in (self._catalogue.cities[city].name, self._catalogue.cities[city].name_en)]
        said = {name: with_its_city(name, there, request.text) or _SOME_PLACE[request.language] for name in held}
        return tuple(dict.fromkeys(said.get(name, name) for name in request.unknown_places))

    def named_otherwise(self, request: TripRequest) -> tuple[str, ...]:
        """The sights that a text names by no name of theirs: by its words in another order, or as its city is called."""
        return self._of_the_same_words(request) or tuple(record for city in request.cities for record in namesake(self._catalogue, city))

    def _without_districts(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name.lower() not in self._catalogue.district_homes)

    def _of_the_same_words(self, request: TripRequest) -> tuple[str, ...]:
        """The one sight of the city spoken of whose English name holds all telling words of an unknown one: Navy Museum of Qingdao."""
        if not request.cities or len(request.unknown_places) != 1 or self._catalogue.sight_names.find(request.unknown_places[0]):
            return ()  # a held name was left aside for a reason: what lies behind Puning Temple
        said, cities = _singular(request.unknown_places[0]), [self._catalogue.cities[city].name_en for city in request.cities]
        if len(said) < WORDS_OF_A_NAME:
            return ()
        sights, place = self._catalogue.find(Filter(cities=request.cities)), _singular(" ".join(cities))
        held = [sight.id for sight in sights if any(said | place == _singular(name) for name in (sight.name_en, *sight.names) if name.isascii())]  # the Old Town of Lijiang
        if not held and said - GENERIC - place:
            held = [sight.id for sight in sights if said <= _singular(sight.name_en) | place]
        return tuple(held) if len(held) == 1 else ()

    def _of_nothing(self, request: TripRequest, guess: Guess) -> TripRequest:
        """No name was read: where a fact of one sight is asked for all the same, what is described or may be a name is taken for it."""
        own = self._conditions(request.text, request.cities)
        sought = own if guess.kind == RECOMMEND and request.intent is Intent.FACT and own.kinds else None
        of_a_street = request.topic in (Topic.TRANSPORT, Topic.LODGING) or (request.topic is Topic.FOOD and _STREET.search(request.text))
        if sought and guess.share >= (SURE if sought.limits else SUREST) and of_a_street:
            return replace(request, intent=Intent.RECOMMEND, topic=None)  # 美食街给我来几个
        if guess.kind == RECOMMEND and request.topic is Topic.LODGING and request.intent is Intent.FACT and _LOOKS_ROUND.search(request.text):
            return replace(request, intent=Intent.RECOMMEND, topic=None)  # 酒店订在集美区，区里能玩啥
        guess = guess.apart_from(DESCRIBED)
        topic = TOPICS.get(guess.kind, Topic.ABOUT if guess.kind == OTHER else None)
        of_a_city = request.topic in CITY_TOPICS and request.cities and guess.kind != OTHER and not (topic is Topic.LOCATION and _TO_A_DRIVER.search(request.text))
        if topic and guess.share < SURE:
            coined = self._coined(request, guess)
            return replace(request, intent=Intent.FACT, topic=topic, unknown_places=coined) if coined else request
        if not topic or of_a_city:
            return request
        blanked = blank(request.text, self._catalogue.city_names.find(request.text))
        names = self._without_districts(unheld_names(request.text, blanked, asks_a_fact=True))
        named, run = names and not _only_described(request.text, names), noun_run(blanked, proper=True)
        held = self._in_pinyin(request) or (() if named or guess.kind == OTHER else self._told(request, PROVEN_BY + 2 * bool(run and not (names or _only_described(request.text, run)))))
        names = names or run
        if not (held or names) and guess.kind == OTHER and guess.share >= CERTAIN:
            held = tuple(record for city in request.cities for record in namesake(self._catalogue, city))  # a ranger on Huangshan
        if held:
            return replace(request, intent=Intent.FACT, topic=topic, places=held)
        names = names or (noun_run(blanked) if guess.kind in TOPICS else ())
        placed = request.cities or _CAPITALS.search(request.text)  # else nobody has said yet where: 门票多少钱
        if not names and placed and request.intent is not Intent.OUT_OF_SCOPE and guess.kind in TOPICS and guess.share >= (CERTAIN if own.kinds or own.limits or own.describes else SUREST):
            names = (_SOME_PLACE[request.language],)
        return replace(request, intent=Intent.FACT, topic=topic, unknown_places=names) if names else request

    def _coined(self, request: TripRequest, guess: Guess) -> tuple[str, ...]:
        """Chinese names in a city that no record holds, where it is not sure which fact is asked, but that sights are not sought: 惦记一座绿盐园."""
        if request.intent is not Intent.RECOMMEND or not request.cities or guess.share_of(RECOMMEND) > 1 - SURE:
            return ()
        names = unheld_names(request.text, blank(request.text, self._catalogue.city_names.find(request.text)), asks_a_fact=True)
        return tuple(name for name in names if not name.isascii())

    def _in_pinyin(self, request: TripRequest) -> tuple[str, ...]:
        """The sight of a city spoken of whose Chinese name stands in the text in letters: guangzhou ta wanshang ji dian."""
        if not request.cities or not re.search("[a-z]{4}", request.text.lower()):
            return ()
        letters = re.sub("[^a-z]", "", request.text.lower())
        held = self._catalogue.find(Filter(cities=request.cities))
        spelt = [(len(sound), sight.id) for sight in held for name in sight.names if len(name) > MIN_NAME and (sound := in_letters(name)) in letters]
        return (max(spelt)[1],) if spelt else ()

    def _told(self, request: TripRequest, least: int = PROVEN_BY) -> tuple[str, ...]:
        """The sight whose record shares at least so many of the question's telling words: 桥上那个摩天轮多少钱."""
        if request.unknown_places and (request.unknown_cities or not request.cities):
            return ()
        record, shared, _ = self._best_told(request)
        return (record,) if record and shared >= least + (not request.cities) else ()

    def _told_at_length(self, request: TripRequest) -> tuple[str, ...]:
        """The sight that a long question describes, in which something was taken for a name: the wine company's cellar museum in Yantai."""
        record, shared, rarity = self._best_told(request)
        named = any(_is_a_proper_name(name, request.text) for name in request.unknown_places)
        proven = (request.language == "en" and PER_WORD * shared + rarity >= PROOF_OF_NAMED) if named else shared >= PROVEN_UNNAMED
        return (record,) if record and proven else ()

    def _best_told(self, request: TripRequest) -> tuple[str, int, float]:
        """The sight a text describes best, how many of its telling words stand in that record, and how rare they are; no sight where none fits."""
        own = self._conditions(request.text, request.cities)
        found = self._retriever.described(request.text, Filter(cities=request.cities, districts=own.condition.districts), 1)
        if not found:
            return "", 0, 0.0
        record = found[0].attraction.id
        return record, *self._retriever.shared_words(_GENERAL.sub(" ", own.rest), record)

    def _without_its_name(self, request: TripRequest) -> TripRequest:
        """A question about a named sight, hidden by a word of its name (总统府, 小火车) or parted by its city (同里在苏州哪里)."""
        if not request.places or request.intent not in _MISREAD:
            return request
        text = without_names(request.text, self._catalogue.get(request.places), request.misspelt)
        if request.topic not in _UNREAD:
            return replace(request, topic=topic_of(text) or request.topic) if request.intent is Intent.FACT else request
        for city in reversed(self._catalogue.city_names.find(text)):
            text = text[:city.start] + text[city.end:]
        topic = topic_of(text) or self._meant(text, request)
        foreign = request.intent is Intent.OUT_OF_SCOPE and plain_intent(text) is not None
        if foreign or (request.intent is not Intent.OUT_OF_SCOPE and topic in {None, Topic.ABOUT, *CITY_TOPICS}):
            return request
        return replace(request, intent=Intent.FACT, topic=topic)

    def _meant(self, text: str, request: TripRequest) -> Topic | None:
        """What a question without words of its own means: may I go on Monday, what do I have to pay."""
        own = self._conditions(request.text, request.cities).condition
        if own.near or not is_particular(text):
            return None
        return Topic.CLOSED if own.open_on else Topic.TICKET if _PAYS.search(text) else None


def _only_described(text: str, names: tuple[str, ...]) -> bool:
    """Whether what was read as names describes: 那个红砖老邮局, the brown glazed-brick tower, the art museum in Shunde."""
    return all(_is_a_description(text, name) for name in names)


def _is_a_description(text: str, name: str) -> bool:
    before = text.partition(name)[0]
    if not name.isascii():
        return bool(_THAT.search(before))
    if not text.isascii():
        return name.islower()  # monkey island sanya side 多少钱
    small = name[0].islower() and any(word not in GENERIC for word in re.findall(r"[A-Za-z]{4,}", name))
    return not has_no_capitals(text) and bool(small or (" " not in name and _THE_ONE_IN.search(before)))


def _is_a_proper_name(name: str, text: str) -> bool:
    if not name.isascii():
        return looks_like_a_name(name) or name.endswith(("宾馆", "酒店", "饭店", "餐厅", "商场"))
    return not has_no_capitals(text) and all(word[0].isupper() for word in name.split() if len(word) > SHORT_WORD)


def _singular(text: str) -> set[str]:
    """The words of an English name, without a plural's ending."""
    return {word.removesuffix("s") for word in re.findall("[a-z]{3,}", text.lower())}
