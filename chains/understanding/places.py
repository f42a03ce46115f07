"""Which cities and sights a turn names, which of them we do not hold, and which are refused."""

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import jieba
import jieba.posseg

import knowledge
from chains.understanding.another_city import of_its_city
from chains.understanding.misspelt_names import adds_a_word, is_slip
from chains.understanding.unheld_names import in_longer_name, left_aside, unheld_names
from knowledge.catalogue import Catalogue
from knowledge.conditions import sights_in, standing
from knowledge.districts import COUNTY
from knowledge.names import Mention, NameTable, fold

_DATA = Path(knowledge.__file__).parent / "data"
_UNHELD = "sights_elsewhere.txt"
# Characters that are typed for one another by shape; tried only where nothing was found.
_SHAPES = str.maketrans("官佣导劳词潮未已", "宫俑岛崂祠湖末己")
MAX_MISSPELT_CHARS = 200  # reading by sound takes a millisecond a character
SHORT_NAME = 3  # characters of a name that may be the end of a longer, misspelt one
MUCH_BETTER_KNOWN = 10.0  # in places of a city's list, as `standing` counts
RARE_WORD = 100  # how often jieba's corpus holds a word that may still be a slip of the pen
_REFUSED = re.compile(
    r"(?:除了|不想?去|不要去?|别去|别安排|别|不看|不逛|跳过|避开|去过了?|排除|不含|不包括|except(?: for)?|besides|other than|not|without|skip|avoid|already (?:seen|visited|been to)|no)\s*(?:the )?$", re.IGNORECASE
)
_REFUSED_AFTER = re.compile(r"^(?:我|我们)?(?:就|都|已经)?(?:不去|不要(?!门?票|钱|收)|以外|之外|(?:爬|看|逛|玩|来)过|去过|不想去|算了|除外|不考虑|already)", re.IGNORECASE)
_FROM = re.compile(r"(?:从|自|由|from)\s?$", re.IGNORECASE)
_NAMES_A_SIGHT = re.compile(r"(?:公园|博物[馆院]|古镇|古城|动物园|植物园|乐园|广场|步行街|美术馆|纪念馆)")  # 朝阳公园 is in no 朝阳
_COMPARED = re.compile(r"[比跟]$|\bthan (?:the )?$", re.IGNORECASE)
_ASKS_FOR_MANY = re.compile(r"哪里有|哪儿有|有哪些|有什么|推荐|景点")
_SIGHT_TOPIC = re.compile(r"门票|票价|上山|山上|山顶|登山|几点|开放时间|开门|关门|预约|几A|5A|ticket|admission|opening", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """Names of one turn; ids of cities and sights, texts of what is unknown."""

    cities: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    unknown_cities: tuple[str, ...] = ()
    unknown_places: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()
    misspelt: tuple[str, ...] = ()
    rest: str = ""  # the text with the names of sights blanked: what is left are wishes


def read_names(text: str, catalogue: Catalogue, near: tuple[str, ...] = ()) -> Named:
    """All names in a normalised text; `near` are the conversation's cities, to settle ambiguous names."""
    sights = [mention for mention in catalogue.sight_names.find(text) if not in_longer_name(text, mention, catalogue)]
    sights = [mention for mention in sights if not (_is_of_a_district(text, mention, catalogue) or _is_a_road(text, mention, sights))]
    cities = outside(catalogue.city_names.find(text), sights)
    unheld = gazetteer(_UNHELD).find(text)
    sights = [mention for mention in sights if not any(_is_within(mention, other) for other in unheld)]
    unheld = outside(unheld, sights + cities)
    abroad = outside(gazetteer("places_abroad.txt").find(text), sights + cities)
    unknown = outside(gazetteer("places_cn.txt").find(text), sights + cities + abroad)
    unknown = [mention for mention in unknown if not (_is_elsewhere(text, mention) or _NAMES_A_SIGHT.match(text[mention.end:]))]
    unknown = [mention for mention in unknown if mention.text not in catalogue.sight_names.ids_by_name]  # 平遥 is left aside before 金蟾票号博物馆
    homes = catalogue.district_homes.cities_in(text) if not cities else ()
    unknown = [mention for mention in unknown if not any(name in catalogue.district_homes for name in (mention.text, text[mention.start:mention.end + 1]))]
    elsewhere = [*abroad, *(mention for mention in unknown if mention.text not in catalogue.district_homes.provinces)]
    said = [*cities, *elsewhere]
    sights = [mention for mention in sights if not (_lies_in(text, mention, elsewhere) or _is_a_chance_piece(text, mention, said, catalogue))]
    sights = [own for mention in sights if (own := of_its_city(text, mention, said, catalogue))]
    if len(sights) == 1 and _COMPARED.search(text[:sights[0].start]) and unheld_names(text, blank(text, cities + unknown + sights), asks_a_fact=True):
        sights = []  # 伏龙岭石窟比龙门清净, 进去要掏多少
    slips = outside(_slips(text, catalogue, sights, cities), unheld) if cities or homes or abroad or unknown or sights else []
    sights = outside(sights, slips) + slips
    homes_said = {sight.district for mention in sights for sight in catalogue.get(mention.ids)}
    unknown = [mention for mention in unknown if not any(district.startswith(mention.text) for district in homes_said)]  # 平凉的崆峒山
    named = _settle(text, catalogue, sights, outside(cities, slips), near)
    named = replace(named, abroad=_texts(abroad), unknown_cities=_texts(outside(unknown, slips)), misspelt=_texts(slips))
    if homes and not (named.cities or named.places):
        named = replace(named, cities=homes)
    if not (sights or cities or homes or abroad or unknown or unheld):
        named = _misspelt(text, catalogue, near)
    else:
        named = _with_misspelt_cities(named, blank(text, sights + cities + abroad + unknown), catalogue)
    named = replace(named, rest=blank(text, sights))
    if not (named.places or named.exclude):
        named = replace(named, unknown_places=_unique(text[mention.start:mention.end] for mention in unheld) or unheld_names(text, blank(text, cities + unknown)) or left_aside(text, sights, catalogue))
    return named


@cache
def gazetteer(file: str) -> NameTable:
    """A shipped list of place names, one or many a line, as a table whose ids are the names."""
    lines = (_DATA / file).read_text(encoding="utf-8").splitlines()
    names = [name.replace("_", " ") for line in lines if not line.startswith("#") for name in line.split()]
    return NameTable(tuple((name, name) for name in names))


def is_known_elsewhere(name: str) -> bool:
    """Whether this is a sight that we know of and do not hold."""
    return name.lower() in gazetteer(_UNHELD).ids_by_name


def _is_within(mention: Mention, other: Mention) -> bool:
    return other.start <= mention.start and mention.end <= other.end and len(mention.text) < len(other.text)


def _settle(
    text: str, catalogue: Catalogue, sights: list[Mention], cities: list[Mention], near: tuple[str, ...]
) -> Named:
    wanted = [mention for mention in cities if not _is_elsewhere(text, mention)] + _said_with(catalogue, sights)
    city_ids = _unique(record for mention in wanted for record in mention.ids)
    places: list[str] = []
    exclude: list[str] = []
    for mention in sights:
        refused = _REFUSED.search(text[:mention.start]) or _REFUSED_AFTER.search(_after(text, mention, sights))
        chosen = _choose(mention, catalogue, city_ids or near)
        (exclude if refused else places).extend(chosen if refused else chosen + _better_known(mention, chosen, catalogue))
    if not places and not exclude and _SIGHT_TOPIC.search(text) and not _ASKS_FOR_MANY.search(text) and not unheld_names(text, blank(text, cities)):
        places = [record for city in city_ids for record in namesake(catalogue, city)]
        city_ids = () if places else city_ids
    return Named(cities=city_ids, places=_unique(places), exclude=_unique(exclude))


def _better_known(mention: Mention, chosen: list[str], catalogue: Catalogue) -> list[str]:
    """Sights far better known whose names sound like this other name of a lesser one: who writes 太山 may mean 泰山."""
    alike = catalogue.sight_names.sounding_like(mention.text)
    lesser = [sight for sight in catalogue.get(chosen) if mention.text not in (sight.name, sight.name_en)]
    least = min((standing(sight) for sight in lesser), default=None) if alike else None
    return [sight.id for sight in catalogue.get(alike) if least is not None and standing(sight) < least - MUCH_BETTER_KNOWN]


def _is_of_a_district(text: str, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether a name is only a piece of a district, or a misreading of it: 西湖 in 西湖区的公园."""
    spans = [(text.index(district), text.index(district) + len(district)) for district in catalogue.district_homes.whole if district in text]
    touched = [end for start, end in spans if mention.overlaps(start, end)]
    if mention.text.isascii() and COUNTY.match(text[mention.end:]):
        return True  # Beilin district
    return any(not mention.exact or mention.end < end for end in touched)


def _is_a_road(text: str, mention: Mention, sights: list[Mention]) -> bool:
    """Whether a name is only that of the road on which another sight lies: 嵩山路那个郑州博物馆."""
    road = re.match(r"(?:[东西南北中][一二三]?)?(?:路|大道)(?![线况上途程过])", text[mention.end:])
    return bool(road and mention.text > "\u4e00" and any(other.start > mention.end for other in sights))


def _is_elsewhere(text: str, mention: Mention) -> bool:
    """A city given up (贵阳不去了) or only the place of departure (从北京出发, from Beijing)."""
    before, after = text[:mention.start], text[mention.end:]
    if re.search(r"(?:not|不是|而不是)\s*(?:in |to )?$", before, re.IGNORECASE) or re.match(r"(?:坐.{0,4})?(?:去|到|飞|至)(?=[\u4e00-\u9fff]{2,3}(?:坐|高铁|火车|飞|要|怎么|多))", after):
        return True
    departs = _FROM.search(before) and (re.match("出发|去|到|飞|坐|开车|包车|自驾|硬座|卧铺|高铁|动车|火车|过去", after) or before.rstrip().lower().endswith("from"))
    return bool(_REFUSED_AFTER.search(after) or departs or re.match("出发", after))


def _said_with(catalogue: Catalogue, sights: list[Mention]) -> list[Mention]:
    """Cities said as part of a nickname: 北京故宫 speaks of 北京, the proper name 青岛啤酒博物馆 does not."""
    found = []
    for mention in sights:
        for sight in catalogue.get(mention.ids):
            city = catalogue.cities[sight.city].name
            if mention.text.startswith(city) and mention.text[len(city):] in sight.names and mention.text != sight.name:
                found.append(replace(mention, ids=(sight.city,)))
    return found


def _after(text: str, mention: Mention, mentions: list[Mention]) -> str:
    """What follows a name, or the row of names it stands in: 故宫八达岭都去过了 refuses both."""
    end = mention.end
    for other in mentions:
        if other.start >= end and re.fullmatch(r"[、,，和与及\s]*", text[end:other.start]):
            end = other.end
    return text[end:]


def namesake(catalogue: Catalogue, city: str) -> tuple[str, ...]:
    """The sight that carries its city's name: 黄山风景区 where somebody asks for 黄山's ticket."""
    return catalogue.sight_names.ids_by_name.get(f"{catalogue.cities[city].name}风景区", ())


def _choose(mention: Mention, catalogue: Catalogue, cities: tuple[str, ...]) -> list[str]:
    """Among sights of one name: those in the cities spoken of, else the best known of all."""
    if len(mention.ids) == 1:
        return list(mention.ids)
    sights = catalogue.get(mention.ids)
    local = [sight.id for sight in sights if sight.city in cities]
    return local or [min(sights, key=standing).id]


def _lies_in(text: str, mention: Mention, elsewhere: list[Mention]) -> bool:
    """Whether a sight is said to lie where we hold nothing: 台北故宫 is not the one in 北京, nor the Palace Museum in Taipei."""
    before = any(re.fullmatch(r"(?:市|的|\s)*", text[other.end:mention.start]) for other in elsewhere if other.end <= mention.start)
    return before or any(re.fullmatch(r",? (?:in )?", text[mention.end:other.start]) for other in elsewhere if mention.end < other.start)


def _is_a_chance_piece(text: str, mention: Mention, cities: list[Mention], catalogue: Catalogue) -> bool:
    """Whether a short name amid others is none, as another city is spoken of: 仙湖 in 济南百泉映月仙湖, 熊猫谷 in 张家界玻璃熊猫谷."""
    if not (2 <= len(mention.text) <= SHORT_NAME and mention.text > "\u4e00") or not cities or {sight.city for sight in catalogue.get(mention.ids)} & {record for city in cities for record in city.ids}:
        return False
    before = re.search(r"[\u4e00-\u9fff]+$", text[:mention.start])
    if not before:
        return False
    flag = jieba.posseg.lcut(before[0], HMM=False)[-1].flag[0]
    if len(mention.text) == SHORT_NAME:
        return flag in "nb" and not any(city.end == mention.start for city in cities)  # 成都熊猫谷 is its own
    return any(city.end == mention.start for city in cities) or flag not in "vpucdyr"


def _slips(text: str, catalogue: Catalogue, sights: list[Mention], cities: list[Mention]) -> list[Mention]:
    """Sights named with a slip beside their city, or by a longer misspelt name than the piece of it that was found."""
    if len(text) > MAX_MISSPELT_CHARS or any(len(mention.text) > SHORT_NAME for mention in sights):
        return []
    loose = [mention for mention in sights_in(text, catalogue)[0] if not mention.exact]
    loose = [mention for mention in _uncommon(loose) if is_slip(mention, catalogue) and not in_longer_name(text, mention, catalogue)]
    named = {record for mention in cities if not _is_elsewhere(text, mention) for record in mention.ids}  # Lingrui in Hangzhou is not Linggu in Nanjing
    loose = [mention for mention in loose if not named or any(sight.city in named for sight in catalogue.get(mention.ids))]
    loose = [mention for mention in loose if not _is_of_a_district(text, mention, catalogue)]
    in_letters = not text.isascii()  # amid characters, letters are a name: 到了五台山wuye miao几点开
    return [mention for mention in loose if not sights or (mention.text.isascii() and in_letters) or not outside(sights, [mention])]


def _misspelt(text: str, catalogue: Catalogue, near: tuple[str, ...]) -> Named:
    text = text[:MAX_MISSPELT_CHARS]
    reshaped = text.translate(_SHAPES)
    loose = [mention for mention in _uncommon(catalogue.sight_names.find_misspelt(text)) if is_slip(mention, catalogue)]
    exact = catalogue.sight_names.find(reshaped)
    loose = [mention for mention in loose if adds_a_word(mention, exact)]  # Slendar West Lake, not "on Mount Emei is"
    read = ([mention for mention in found if not (in_longer_name(text, mention, catalogue) or _is_of_a_district(text, mention, catalogue))] for found in (exact, loose))
    sights = next(filter(None, read), [])
    cities = outside(catalogue.city_names.find(reshaped), sights)
    cities = cities or outside(_uncommon(catalogue.city_main_names.find_misspelt(text)), sights)
    named = _settle(text, catalogue, sights, cities, near)
    return replace(named, misspelt=tuple(text[mention.start:mention.end] for mention in (*sights, *cities)))


def _with_misspelt_cities(named: Named, rest: str, catalogue: Catalogue) -> Named:
    """A second city may be misspelt beside a right one: 北京到哈尔宾."""
    jieba.initialize()
    extra = [mention for mention in catalogue.city_main_names.find_misspelt(rest[:MAX_MISSPELT_CHARS]) if not jieba.dt.FREQ.get(mention.text)]
    extra = [mention for mention in extra if not _is_elsewhere(rest, mention)]
    cities = _unique([*named.cities, *(record for mention in extra for record in mention.ids)])
    return replace(named, cities=cities, misspelt=(*named.misspelt, *(mention.text for mention in extra)))


def _uncommon(mentions: list[Mention]) -> list[Mention]:
    """Only pieces that are no words of their own: 程度 is not a misspelt 成都."""
    jieba.initialize()
    return [mention for mention in mentions if (jieba.dt.FREQ.get(mention.text) or 0) <= RARE_WORD]


def blank(text: str, mentions: list[Mention]) -> str:
    """The text with a comma for each character of these names."""
    for mention in mentions:
        text = text[:mention.start] + "," * (mention.end - mention.start) + text[mention.end:]
    return text


def outside(mentions: list[Mention], others: list[Mention]) -> list[Mention]:
    """Mentions that touch no other mention: 大理 is not meant where 大理古城 is, 京都 not in 北京都有."""
    return [m for m in mentions if not any(m.overlaps(o.start, o.end) for o in others)]


def _texts(mentions: list[Mention]) -> tuple[str, ...]:
    return _unique(fold(mention.text) for mention in mentions)


def _unique(items: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))  # type: ignore[call-overload]
