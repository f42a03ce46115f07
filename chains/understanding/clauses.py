"""A request cut into clauses, with marks on what has been read: what carries no mark at the end is shown as not understood.

Places keep their positions: names of sights are masked with `§` and names of cities with `¤`, character by character, so that
patterns can speak of "a sight" and never match inside its name. What a reader has taken is masked with `·`.
Not covered: sentences that take a statement back later ("or rather not").
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from chains.tools.itinerary.trip import Single
from chains.understanding.clauses_sights import sights_of
from chains.understanding.request import TripRequest
from knowledge.catalogue import Catalogue
from knowledge.names import Mention

SIGHT, CITY, TAKEN = "§", "¤", "·"
_STOPS = re.compile(
    r"(?:[!?。;~…()]|(?<!\d):|,(?!\d{3}(?!\d))|(?<!\d),|\.(?!\d)|\s[-–—]\s|—+)+"
    r"(?!\s*(?:或|要么|or\b))", re.IGNORECASE | re.ASCII,
)
_SPACES = re.compile(r"(?<=[\u4e00-\u9fff§¤\d])\s+(?=[\u4e00-\u9fff§¤])|(?<=[\u4e00-\u9fff§¤])\s+(?=\d)")  # between words of Chinese
_JOINTS = re.compile(
    r"(?<=[^\s])(?=另外|还要|并且|而且|同时|不过|但是|但(?!凡)|然后|其中|顺便)"
    r"|(?<!anything)\s+(?=(?:but(?! (?:no|not) more| at )|also|plus|then|except)\b|and (?:we|i|no|not|please|don't|hotel|stay|must|at (?:least|most)|only|one|want|the hotel)\b)",
    re.IGNORECASE | re.ASCII,
)
_REFUSALS = re.compile(r"不(?:要|坐|打|吃|住|去|看|想)[^,。;不]{1,6}(?=不(?:要|坐|打|吃|住|去|看|想))")
_CHOICE = re.compile(r"或|要么|二选一|选一个|选一|其一|[去看爬逛]一个就|一个就(?:行|够|好)|也行.{1,12}也行|\bor\b|\beither\b|one of", re.IGNORECASE | re.ASCII)
_CUISINE = re.compile(r"菜(?!市)|烤鸭|小面|火锅|米粉|牛肉面|热干面|臭豆腐|炒饭")
_HOTEL = re.compile(
    r"酒店|洒店|宾馆|旅馆|民宿|客栈|青旅|饭店(?=住|要|有)|住(?!院|建)|房(?!车)|标间|大床|星级|[三四五]星|双早|含早|入住|[每一]晚(?!上)|hotel|hostel|\bstay(?:ing)?\b|\brooms?\b|accommodation|lodging|per night|a night|guest ?house|\binn\b|\bb&b\b", re.IGNORECASE | re.ASCII
)
_ELSEWHERE = re.compile(
    r"景点|门票|吃|(?<!早)餐|饭|机票|高铁|火车|飞机|地铁(?!口|站|近)|公交|打车|总预算|全程|food|\beat|ticket|train|flight|metro|taxi|\btotal\b|sights?\b|attraction", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class Found:
    """A condition and where its words stand; None marks words that were understood in another way."""

    condition: Single | None
    start: int
    end: int


@dataclass(frozen=True)
class Clause:
    """A piece of the request: `text` is in lower case and masked, `start` its place in the whole."""

    text: str
    start: int
    hotel: bool = False  # speaks of where to sleep, by itself or after one that does
    before: str = ""  # the clause before, as it was before anything was taken

    @property
    def end(self) -> int:
        """Where it ends in the whole."""
        return self.start + len(self.text)

    @property
    def lodging(self) -> bool:
        """Whether its own words speak of where to sleep."""
        return bool(_HOTEL.search(self.text))

    @property
    def choice(self) -> bool:
        """Whether one of several is enough."""
        return bool(_CHOICE.search(self.text))

    def found(self, condition: Single | None, match: re.Match[str]) -> Found:
        """What a match in this clause says, with its place in the whole."""
        return Found(condition, self.start + match.start(), self.start + match.end())

    def whole(self, condition: Single | None) -> Found:
        """The same for the entire clause."""
        return Found(condition, self.start, self.end)

    def without(self, taken: Iterable[Found]) -> "Clause":
        """With what was taken masked."""
        text = list(self.text)
        for found in taken:
            for place in range(max(found.start, self.start), min(found.end, self.end)):
                text[place - self.start] = TAKEN
        return replace(self, text="".join(text))


@dataclass(frozen=True)
class Scene:
    """What the readers may ask: the request, the records, and where sights and cities stand in the text."""

    request: TripRequest
    catalogue: Catalogue
    days: int
    people: int
    sights: tuple[Mention, ...]
    cities: tuple[Mention, ...]

    def sight_at(self, start: int) -> Mention:
        """The sight whose name covers this place of the text."""
        return next(mention for mention in self.sights if mention.start <= start < mention.end)


def scene_of(request: TripRequest, catalogue: Catalogue, days: int, people: int) -> Scene:
    """The scene of a request, its sights narrowed to those that the request settled on."""
    sights = sights_of(request, catalogue)
    cities = [mention for mention in catalogue.city_names.find(request.text)
              if not _CUISINE.match(request.text[mention.end:]) and not any(mention.overlaps(sight.start, sight.end) for sight in sights)]
    cities += [Mention(request.cities, word, request.text.find(word), request.text.find(word) + len(word), exact=False)
               for word in request.misspelt if word in request.text and not any(word == sight.text for sight in sights)]
    return Scene(request, catalogue, days, people, tuple(sights), tuple(sorted(cities, key=lambda one: one.start)))


def masked(scene: Scene) -> str:
    """The text in lower case with the names of sights and cities masked."""
    text = [" " if char in {SIGHT, CITY, TAKEN} else char for char in scene.request.text]  # signs of the traveller's own mean nothing
    for mentions, sign in ((scene.cities, CITY), (scene.sights, SIGHT)):
        for mention in mentions:
            text[mention.start:mention.end] = sign * (mention.end - mention.start)
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def clauses_of(text: str) -> list[Clause]:
    """The clauses of a masked text; one that goes on about the hotel is marked as speaking of it."""
    found: list[Clause] = []
    for start, end in _pieces(text):
        piece = text[start:end]
        before = found[-1] if found else Clause("", 0)
        hotel = bool(_HOTEL.search(piece)) or (before.hotel and not _ELSEWHERE.search(piece))
        found.append(Clause(piece, start, hotel, before.text))
    return found


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    cuts = [(match.start(), match.end()) for pattern in (_STOPS, _JOINTS) for match in pattern.finditer(text)]
    cuts += [(match.start(), match.end()) for match in _SPACES.finditer(text) if re.search("[\u4e00-\u9fff]", text)]
    cuts += [(match.end(), match.end()) for match in _REFUSALS.finditer(text)]
    start = 0
    for cut, resume in sorted(cuts):
        if cut > start and text[start:cut].strip():
            yield start, cut
        start = max(start, resume) if cut >= start else start
    if text[start:].strip():
        yield start, len(text)
