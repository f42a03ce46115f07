"""What a search text says of itself: conditions (city, district, price, level, day, roof), kinds of sights, 附近.

`read_conditions` turns words into a `Filter` and wishes, so that a search box needs no understanding above it. Prices,
levels, days, districts and cities are conditions: what breaks them is no hit. Kinds are wishes: what meets more of them
stands higher. Not covered: dates, parties, budgets for a whole trip (see `chains.understanding`).
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.catalogue import NEAR_KM, Catalogue, Filter, Near, level_number
from knowledge.ceilings import ceiling_yuan
from knowledge.districts import COUNTY, DISTRICT_EN, DISTRICT_END
from knowledge.kinds import ENGLISH_KINDS, HEADS, KINDS, Kind
from knowledge.kinds_said import head_of, kinds_said
from knowledge.names import Mention, fold
from knowledge.records import Attraction
from knowledge.slips import mended
from knowledge.spellings import GENERIC, in_letters
from knowledge.words import cut

_LEVEL = re.compile(r"([2-5五四三二])\s*a+(?![a-z])|(?<![a-z])(a{3,5})(?![a-z])", re.IGNORECASE)
_INDOOR = re.compile(r"室内|屋里|屋内|下雨|雨天|淋雨|躲雨|避雨|大雨|暴雨|有顶|with a roof|pouring|\bindoors?\b|\brain(?:s|y|ing)?\b", re.IGNORECASE)
_OUTDOOR = re.compile(r"户外|室外|露天|\boutdoors?\b|open[- ]air", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])|\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE)
_ENGLISH_DAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
MIN_TELLING, MIN_TELLING_EN = 3, 5  # words, beside names and kinds, that describe a place
_ASKS_A_NAME = re.compile(r"叫(?:什么|啥|嘛)|(?:忘|记不|想不).{0,6}(?:名|叫)|名(?:字|儿)我?(?:忘|卡|记不|想不)|来着|是哪(?:里|儿|个|座|家)?(?:景区|地方)?(?:啊|呀|呢)?[?？]?$|what do (?:you|they) call|what(?:'s| is| was) (?:it|that .+) called|\bname of (?:the|that)\b", re.IGNORECASE)
_SEEKS_MANY = re.compile(r"哪些|哪几|有[^,，。]{1,6}[吗么]|推荐|有什么|有啥|有没有|好玩|适合|去哪|想[找去看玩]|能[看玩逛]|可以[看玩逛]|几[个处座]|怎么|\b(?:any|recommend|suggest|places|things|where (?:can|to|should|do)|best|should i|i want|we want|looking for)\b", re.IGNORECASE)
_ABOUT_A_SIGHT = re.compile(r"收费|地址|玩得完|免票|不开|押金|几a|哪个[镇县区]|\bfees?\b|\bpay\b|\bprice|\bcosts?\b|\bhours\b|\baddress|\bclos|half a day|deposit|hotel|what time|last entry|\bopen|多少|几点|几块|在哪[里儿]?个?[区县市]|星期几|周几|多久|停车|门票|票价|上山|登山|爬|几点|开门|关门|开放|预约|几a|玩多久|多长时间|ticket|admission|entrance|opening|closed|how long", re.IGNORECASE)
_LONG_WORD = re.compile(r"\b[A-Z][a-z']{3,}\b")
# Words after or before a name that make it a landmark to start from and not what is sought.
_AROUND = re.compile(r"^(?: in \w+)?[\s,，]*(?:nearby|附近|周边|旁边|走[几两]步)|^\s*(?:的)?(?:附近|周边|旁边|边上|周围|一带|对面|隔壁|不远|走走|走路|步行|出发|[前后东西南北]?门?出来|近|那块|那一带|本身|[游逛玩吃看]到一半|吃撑|吃饱|边(?!防|境|界)|就?在(?:它|那|其)?(?:隔壁|旁边|对面|边上|附近)|[逛看玩去爬]完(?:了|后|之后|以后|再|就|还|顺|想|[,，]|$)|旁|那边)")
_INSIDE = re.compile(r"^\s*(?:山|岛)?[上里内中](?:面|边|头)?(?:的|那[个座条])")  # 鼓浪屿上面那个日光岩: the whole stands before its part
_TOWARDS = re.compile(
    r"(?:人在|walked out of|coming out of|just left|能?看[得到见]{1,2}|望见|望着|俯瞰|眺望|面对|对着|挨着|靠近|离|临近|从|在|逛完|看完|参观完|玩完|游完|去完|拜完|爬完|走完|near(?: to)?|close to|next to|around|beside|opposite|by|from|done with|walking distance (?:of|from)|overlooking|views? (?:of|over)|after)\s*(?:the |a )?$", re.IGNORECASE
)
_DONE = re.compile(r"[逛看去观玩游拜爬走]完")
_TOO_DEAR = re.compile(r"^[\u4e00-\u9fff、]{0,10}都?(?:太|嫌)(?:贵|远|挤|吵|吓人|商业|人多)|^ (?:is|are|was|were) (?:too|so) (?:expensive|pricey|dear|crowded|busy|far)\b", re.IGNORECASE)
_EXCEPT = re.compile(r"(?:除了?|除去|不想?去|不要去?|去过了?|besides|except(?: for)?|other than|apart from|instead of|already (?:seen|visited))\s*(?:the )?$", re.IGNORECASE)
_STARTS = re.compile(r"(?:从|在|离)$|(?:from|by|after|done with)\s*(?:the )?$", re.IGNORECASE)  # these alone say too little: 在故宫拍照
_NEARBY = re.compile(r"附近|周边|旁边|边上|周围|一带|走走|走到|近|不远|顺路|对面|walk|near|close|around|next to|nearby", re.IGNORECASE)
LESSER = 0.7
READINGS_KEPT = 32
LEVEL_LIFT = 2.0  # places in a city's list that one A is worth among sights of one name
_FAR_SEEN_KM = 8.0  # what can be seen from a tower need not be near
_SEEKS = re.compile(r"哪|走走|坐坐|\bfun\b|something|\bsth\b|to do\b|\beat|那[个座条]|什么|啥|推荐|有没有|去处|景点|地方|玩|逛|看|where|what|which|any|recommend|places?|things|sights?|see|visit", re.IGNORECASE)
_SEEN = re.compile(r"(?:看[得到见]{1,2}|望见|俯瞰|眺望|overlooking|views? (?:of|over))\s*(?:the )?$", re.IGNORECASE)
PROVINCES_EN = {"陕西": "shaanxi", "内蒙古": "inner mongolia", "西藏": "tibet", "香港": "hong kong", "澳门": "macau"}


@dataclass(frozen=True)
class Conditions:
    """A search text, understood.

    `named` are the sights sought, best first, `alike` those whose names sound the same; `kinds` are wishes, `rest` the
    words without names.
    """

    named: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    exact: bool = True
    condition: Filter = Filter()  # noqa: RUF009 - a frozen value
    kinds: tuple[Kind, ...] = ()
    describes: bool = False  # one sight is described, and not named
    head: str = ""  # the character a description ends in, a kind of place: 楼
    rest: str = ""

    @property
    def limits(self) -> bool:
        """Whether anything narrows the search beside a city."""
        bare = Filter(cities=self.condition.cities)
        return self.condition != bare


@lru_cache(maxsize=READINGS_KEPT)
def read_conditions(text: str, catalogue: Catalogue, cities: tuple[str, ...] = (), *, riddle: bool | None = None) -> Conditions:
    """Read a search text against a catalogue; `cities` are those the asker already settled on. Kept, as one turn is read by more than one reader.

    `riddle` tells whether one sight is described without its name, where that is known; else the words tell.
    """
    text = mended(text)
    mentions, exact = sights_in(text, catalogue)
    refused = [mention for mention in mentions if (_EXCEPT.search(text[:mention.start]) and not text.startswith("本身", mention.end)) or _TOO_DEAR.match(text[mention.end:])]
    anchors = [mention for mention in mentions if mention not in refused and _is_landmark(text, mention)]
    if len(anchors) == len(mentions) and not _SEEKS.search(text) and not any(kinds_said(_blank(text, mentions))):
        anchors = []  # 栈桥附近停车多少钱: nothing but the landmark itself is sought
    sought = [mention for mention in mentions if mention not in refused and mention not in anchors]
    sought.sort(key=lambda mention: bool(_INSIDE.match(text[mention.end:])))
    blanked = _blank(text, mentions)
    spoken = cities or _cities(blanked, catalogue)
    rest = _without_provinces(_blank(blanked, catalogue.city_names.find(blanked)), catalogue)
    named = tuple(dict.fromkeys(record for mention in sought for record in _meant(mention, catalogue, spoken)))
    named = named or (() if anchors or refused else _namesakes(text, spoken, catalogue))
    head = head_of(rest)
    wanted, unwanted = kinds_said(rest)
    kinds = wanted if not head or HEADS[head] in wanted else (*wanted, HEADS[head])
    condition = Filter(
        cities=spoken, districts=_districts(blanked, catalogue, spoken), max_ticket_yuan=ceiling_yuan(rest),
        min_level=_level(rest), settings=_settings(rest), open_on=_weekday(rest),
        exclude=tuple(record for mention in refused for record in mention.ids),
        no_tag=tuple(tag for kind in unwanted for tag in kind),
    )
    bare = Filter(cities=spoken)  # under the open sky is no wish where a statue stands so
    by_name = exact and bool(named)
    if (riddle and not by_name) or (riddle is None and replace(condition, settings=()) == bare and _describes(text, rest, named=bool(anchors) or by_name)):
        return Conditions((), (), exact, replace(bare, districts=condition.districts), kinds, describes=True, head=head, rest=rest)
    near, around = _near(text, anchors, catalogue, spoken)
    condition = replace(condition, cities=() if near else spoken, near=near, exclude=(*around, *condition.exclude))
    alike = tuple(record for mention in sought for record in catalogue.sight_names.sounding_like(mention.text) if record not in named)
    return Conditions(named, alike, exact, condition, kinds, head=head, rest=rest)


def _describes(text: str, rest: str, *, named: bool) -> bool:
    """Whether one sight is sought by what it is like: its name is asked for, or enough is told and no fact of a sight is."""
    if _ABOUT_A_SIGHT.search(text):
        return False
    if asks_a_name(text):
        return True
    if named or _SEEKS_MANY.search(text):
        return False
    telling = [word for word in cut(rest) if len(word) > 1 and word not in KINDS and word not in ENGLISH_KINDS and word not in GENERIC]
    return len(telling) >= (MIN_TELLING if re.search(r"[\u4e00-\u9fff]", text) else MIN_TELLING_EN)


def asks_a_name(text: str) -> bool:
    """Whether a text asks what something is called."""
    return bool(_ASKS_A_NAME.search(text))


@lru_cache(maxsize=READINGS_KEPT)
def sights_in(text: str, catalogue: Catalogue) -> tuple[tuple[Mention, ...], bool]:
    """Sights named in a text, and whether they were spelt right; kept, as one turn is read by more than one reader."""
    names, cities = catalogue.sight_names, catalogue.city_names.find(text)
    spans = list(_spans_of(text, catalogue.district_homes.whole))
    covers = [(mention.start, mention.end) for mention in cities] + spans
    exact = [mention for mention in names.find(text) if not any(_is_cut(mention, *cover) for cover in covers)]
    local = {name for city in cities for record in city.ids for district in catalogue.districts.get(record, ()) for name in _spoken(district)}
    at_home = {record for city in cities for record in city.ids}
    exact = [mention for mention in exact if not (mention.text.lower() in local and not at_home & {sight.city for sight in catalogue.get(mention.ids)})]
    exact = [mention for mention in exact if not COUNTY.match(text[mention.end:])]
    exact = [mention for mention in exact if not (mention.text.startswith("个") and text[:mention.start].endswith(tuple("哪那这几一两每")))]  # 哪个园林
    open_text = _blank(text, [mention for mention in cities if not mention.text.isascii() and not any(m.start <= mention.start and mention.end <= m.end for m in exact)])
    loose = [mention for mention in names.find_misspelt(open_text) if _says_more(mention, cities)]
    homely = any(sight.city in at_home for mention in exact for sight in catalogue.get(mention.ids))
    whole = [mention for mention in names.find_misspelt(text) if names.sounding_like(mention.text)] if cities and not homely else []
    loose = [mention for mention in whole if _says_more(mention, cities)] or loose
    loose = [mention for mention in loose if not any(mention.overlaps(*span) for span in spans)]
    loose = [mention for mention in loose if not (_says_a_district(mention, cities, local) or (cities and _says_a_kind(mention)))]
    if not exact:
        return tuple(loose or names.find_by_sound(open_text)), False
    sure = {mention for mention in loose if not homely and names.sounding_like(mention.text) and at_home & {sight.city for sight in catalogue.get(mention.ids)}}  # 扬州受西湖
    return _together(text, exact, loose, sure)


def _together(text: str, exact: list[Mention], loose: list[Mention], sure: Collection[Mention]) -> tuple[tuple[Mention, ...], bool]:
    """Names spelt right with the misspelt ones that hold one as a piece or stand beside them in letters; and whether there are none of those."""
    longer = [mention for mention in loose if any(_is_piece(other, mention, mention in sure) for other in exact)]
    kept = [mention for mention in exact if not any(_is_piece(mention, other, other in sure) for other in longer)]
    spelt = [mention for mention in loose if mention.text.isascii() and not text.isascii() and mention not in longer]  # 到了五台山wuye miao几点开
    spelt = [mention for mention in spelt if not any(mention.overlaps(other.start, other.end) for other in exact)]
    return tuple(sorted(kept + longer + spelt, key=lambda mention: mention.start)), not (longer or spelt)


def nameless(text: str, catalogue: Catalogue) -> str:
    """The text with a pronoun for each sight it names: 它几点开门, how much is it."""
    for mention in reversed(sights_in(text, catalogue)[0]):
        text = text[:mention.start] + (" it " if mention.text.isascii() else "它") + text[mention.end:]
    return text


def _says_a_district(mention: Mention, cities: list[Mention], local: Collection[str]) -> bool:
    """Whether a misspelt name is only a district after its city: 成都青羊找, Shanghai's Jing'an."""
    said = mention.text.lower()
    for city in cities:
        said = said.removeprefix(city.text.lower())
    letters = re.sub("^s(?=[^a-z])|[^a-z]", "", said.removeprefix("'s").strip()) if said.isascii() else ""
    follows = any(city.end == mention.start for city in cities) or said != mention.text.lower()
    return follows and any(said.startswith(name) if not letters else letters == name for name in local)


def _says_a_kind(mention: Mention) -> bool:
    """Whether an English name misspelt is nothing but a kind of place: ancient tombs."""
    words = re.findall("[a-z]+", mention.text.lower())
    return bool(words) and all(word in GENERIC or word.removesuffix("s") in ENGLISH_KINDS or word in ("old", "ancient") for word in words)


def _spoken(district: str) -> tuple[str, str]:
    """A district's name as people say it, in characters and in letters."""
    stem = DISTRICT_END.sub("", district)
    return stem, in_letters(stem)


def _says_more(mention: Mention, cities: list[Mention]) -> bool:
    """Whether a misspelt name holds more than a city and a kind: temples in Guangzhou is no 广州塔."""
    if any(city.start <= mention.start and mention.end <= city.end for city in cities):
        return False
    inside = [city for city in cities if mention.start <= city.start and city.end <= mention.end]
    rest = _blank(mention.text, [replace(city, start=city.start - mention.start, end=city.end - mention.start) for city in inside])
    return not inside or any(word not in GENERIC for word in re.findall(r"[a-z]{3,}|[\u4e00-\u9fff]", rest.lower()))


def _is_cut(mention: Mention, start: int, end: int) -> bool:
    """Whether a longer name covers the mention or reaches into it: 普陀 in 普陀区, 阳关 in 洛阳关林."""
    covered = start <= mention.start and mention.end <= end and (start, end) != (mention.start, mention.end)
    reaches_in = mention.start < start < mention.end < end  # 青岛崂山 in 青岛崂山区
    return covered or reaches_in or start < mention.start < end


def _is_piece(mention: Mention, longer: Mention, sure: bool) -> bool:
    """Whether a name is a piece of a misspelt one, at least two characters longer unless that one is sure."""
    return longer.start <= mention.start and mention.end <= longer.end and longer.end - longer.start > mention.end - mention.start + (not sure)


def _spans_of(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where these words stand in the text."""
    for word in words:
        start = text.find(word)
        if start >= 0:
            yield start, start + len(word)


def _is_landmark(text: str, mention: Mention) -> bool:
    """Whether a name only says where: 西湖附近, near the Bund, 能看到长江大桥的."""
    before, after = text[:mention.start], text[mention.end:]
    if _AROUND.match(after):
        return True
    towards = _TOWARDS.search(before)
    if towards and _DONE.match(towards[0]) and not re.search(r"\w", after):  # 多久能逛完颐和园
        return False
    return bool(towards and (not _STARTS.search(before) or _NEARBY.search(after)))


def _meant(mention: Mention, catalogue: Catalogue, cities: tuple[str, ...]) -> list[str]:
    """The sights of one name: those of the cities spoken of, else all, the best known first."""
    sights = sorted(catalogue.get(mention.ids), key=standing)
    return [sight.id for sight in sights if sight.city in cities] or [sight.id for sight in sights]


def standing(sight: Attraction) -> float:
    """How well known a sight is beyond its own city, the smaller the better: its place there, lifted by its level."""
    return sight.rank - LEVEL_LIFT * level_number(sight)


def _namesakes(text: str, cities: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    """The sight that carries its city's name, where a sight's fact is asked for: 黄山门票."""
    if not _ABOUT_A_SIGHT.search(text):
        return ()
    names = catalogue.sight_names.ids_by_name
    return tuple(record for city in cities for record in names.get(f"{catalogue.cities[city].name}风景区", ()))


def _near(text: str, anchors: list[Mention], catalogue: Catalogue, cities: tuple[str, ...]) -> tuple[Near | None, tuple[str, ...]]:
    """The circle around the first landmark that has a position, and the landmarks themselves, which are no answer."""
    for mention in anchors:
        for sight in catalogue.get(_meant(mention, catalogue, cities)):
            if sight.position:
                km = _FAR_SEEN_KM if _SEEN.search(text[:mention.start]) else NEAR_KM
                return Near(sight.position.latitude_deg, sight.position.longitude_deg, km), mention.ids
    return None, ()


def _cities(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Cities spoken of, else those of the provinces, else of the districts spoken of."""
    mentions = catalogue.city_names.find(text)
    if mentions:
        return tuple(dict.fromkeys(record for mention in mentions for record in mention.ids))
    folded = fold(text)
    spoken = [province for province in catalogue.district_homes.provinces if _says_province(folded, province)]
    return tuple(sorted(city.id for city in catalogue.cities.values() if city.province in spoken)) or catalogue.district_homes.cities_in(text)


def _says_province(text: str, province: str) -> bool:
    return bool(re.search(rf"{province}|\b{_province_en(province)}\b", text))


def _without_provinces(text: str, catalogue: Catalogue) -> str:
    """The text without the provinces whose cities it speaks of: 云南 says nothing more once its cities are the condition."""
    for province in catalogue.district_homes.provinces:
        text = re.sub(rf"{province}省?|\b{_province_en(province)}\b", " ", text, flags=re.IGNORECASE)
    return text


def _province_en(province: str) -> str:
    return PROVINCES_EN.get(province) or in_letters(province)


def _districts(text: str, catalogue: Catalogue, cities: tuple[str, ...]) -> tuple[str, ...]:
    """Districts named in full, or by their stem where the city is known and the stem is no other name."""
    held = catalogue.districts
    local = dict.fromkeys(district for city in cities or held for district in held.get(city, ()))
    english = {word.lower() for word in DISTRICT_EN.findall(text)}
    english |= {re.sub("'s?$|'", "", word.lower()) for word in _LONG_WORD.findall(text)} if cities else set()  # staying in Yueqing (Wenzhou)
    english -= {catalogue.cities[city].name_en.lower() for city in cities if city in catalogue.cities}
    full = tuple(district for district in local if district in text or (english and in_letters(DISTRICT_END.sub("", district)) in english))
    if full:
        return full
    if not cities:
        told = re.match(r"[在去到住]?([\u4e00-\u9fff]{2,3}?)(?=[有哪里的什能可])", text)
        return tuple(district for district in local if told and DISTRICT_END.sub("", district) == told[1] and _is_said_short(told[1], text, catalogue))
    return tuple(district for district in local if _is_said_short(stem := DISTRICT_END.sub("", district), text, catalogue) or _follows_its_city(stem, text, catalogue, cities))


def _follows_its_city(stem: str, text: str, catalogue: Catalogue, cities: tuple[str, ...]) -> bool:
    """Whether a district's short name stands right after its city's: 成都青羊, 厦门思明."""
    return len(stem) > 1 and any(re.search(f"{re.escape(catalogue.cities[city].name)}市?的?{re.escape(stem)}", text) for city in cities if city in catalogue.cities)


def _is_said_short(stem: str, text: str, catalogue: Catalogue) -> bool:
    other = stem in catalogue.sight_names.ids_by_name or stem in catalogue.city_names.ids_by_name
    return len(stem) > 1 and stem in text and not other


def _level(text: str) -> int:
    match = _LEVEL.search(text)
    if not match:
        return 0
    return len(match[2]) if match[2] else "一二三四五".find(match[1]) + 1 or int(match[1])


def _settings(text: str) -> tuple[str, ...]:
    return ("indoor",) if _INDOOR.search(text) else ("outdoor", "mixed") if _OUTDOOR.search(text) else ()


def _weekday(text: str) -> int:
    match = _WEEKDAY.search(text)
    if not match:
        return 0
    return "一二三四五六日".index(match[1].replace("天", "日")) + 1 if match[1] else _ENGLISH_DAYS.index(match[2].lower()) + 1


def _blank(text: str, mentions: Iterable[Mention]) -> str:
    for mention in mentions:
        text = text[:mention.start] + " " * (mention.end - mention.start) + text[mention.end:]
    return text


def fit(tags: frozenset[str], kinds: tuple[Kind, ...]) -> float:
    """How many of the wishes these tags meet; one met only by a lesser tag counts a little less."""
    return sum(1.0 if kind[0] in tags else LESSER if tags.intersection(kind) else 0.0 for kind in kinds)


def joined(given: Filter, own: Filter) -> Filter:
    """Both conditions; where both speak of the same thing the given one holds."""
    cap = given.max_ticket_yuan if given.max_ticket_yuan is not None else own.max_ticket_yuan
    return replace(
        given, cities=given.cities or own.cities, no_tag=(*given.no_tag, *own.no_tag), max_ticket_yuan=cap,
        min_level=given.min_level or own.min_level, exclude=(*given.exclude, *own.exclude),
        districts=given.districts or own.districts, settings=given.settings or own.settings,
        open_on=given.open_on or own.open_on, near=given.near or own.near,
    )
