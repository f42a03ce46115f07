"""Where to sleep, in a traveller's words: name, features, area, price band, distance from a sight, rooms and their type.

"Near a sight" without a figure is read as within two kilometres, half an hour on foot, and shown with that figure.
Not covered: suites, several hotels in one city, and what a room looks like beyond the features listed here.
"""

import re
from collections.abc import Callable

from chains.tools.itinerary.trip import Hotel, HotelNear, Rooms, RoomType
from chains.understanding.clauses import Clause, Found, Scene
from chains.understanding.conditions_refused import refused
from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER, number_of

NEAR_METRES, WALKABLE_METRES = 2000.0, 1000.0
# A feature as hotel lists write it (a part of it is enough) to the words people use; the flag: only in talk about the hotel.
FEATURES: dict[str, tuple[str, bool]] = {
    "泳池": (r"(?:游)?泳池|能游泳|(?:swimming )?pool\b", True), "早餐": (r"(?:含|带|有|要)+双?早(?!上|点)(?:餐|饭)?(?:的)?|(?<!不吃)早餐(?!店|吃)|breakfasts?", True),
    "停车": (r"(?:能|可以|好|免费|有)*停车(?:场|位)?|车位|(?:free )?parking", False), "海景": (r"海景(?:房)?|能?看(?:得|能)?到海|(?:sea|ocean)[- ]views?", True),
    "湖景": (r"湖景(?:房)?|看(?:得|能)?见?到?湖|lake[- ]views?", True), "江景": (r"江景(?:房)?|能?看(?:得|能)?[见到]?(?:长|黄浦|珠)?江(?=的|$|·|,)|river[- ]views?", True),
    "山景": (r"山景(?:房)?|mountain[- ]views?", True), "健身": (r"健身(?:房|中心)?|\bgym\b|fitness(?: room| centre| center)?", True),
    "浴缸": (r"浴缸|bath ?tub|\bbath\b", False), "洗衣": (r"(?:能)?洗衣(?:机|房|服)?|laundry|washing machine|washer", False), "厨房": (r"厨房|能做饭|kitchen", False),
    "电梯": (r"电梯|\blifts?\b|elevator", True), "近地铁": (r"(?:离|靠近|近|挨着|在)地铁(?:口|站)?(?:近|附近|旁边?|边)?的?|地铁(?:口|站)(?:附近|旁边?|边)?|(?:near|close to|next to|by) (?:the |a )?(?:metro|subway)(?: station)?", True),
    "安静": (r"安静|不吵|隔音好?|\bquiet\b(?: area)?", True), "民宿": (r"民宿|guest ?houses?|\bb&b\b|homestays?", False), "客栈": (r"客栈|\binns?\b", False),
    "青旅": (r"青旅|青年旅[舍社]|hostels?\b", False), "宠物": (r"(?:能|可以?)?带(?:宠物|狗|猫)(?=住|入住)|宠物(?:友好)?|pet[- ]?friendly|\bpets\b", True),
    "无烟": (r"无烟(?:房|层)?|non[- ]?smoking|smoke[- ]free", False), "阳台": (r"阳台|balcon(?:y|ies)|terrace", False),
    "接送": (r"接机|接站|接送(?:机)?|(?:airport|station) (?:pick[- ]?up|transfers?|shuttle)|shuttle bus", False), "wifi": (r"wi-?fi|无线网", False),
    "亲子": (r"亲子(?:主题|酒店|的)?|family[- ]friendly|kid[- ]friendly", True), "儿童": (r"儿童(?:乐园|游乐区?|俱乐部|设施)|kids'? club|playground", True),
    "温泉": (r"温泉|hot springs?", True), "空调": (r"空调|air[- ]?con\w*", True), "供氧": (r"供氧|氧气|oxygen", False), "独立卫浴": (r"独立?卫(?:浴|生间)|private bath\w*|ensuite|en-suite", False),
    "行李寄存": (r"(?:行李)?寄存(?:行李)?|存行李|luggage storage|(?:store|leave|keep) (?:our |my )?(?:luggage|bags)", False),
    "24小时前台": (r"24小时前台|24[- ]?h(?:our)?s? (?:reception|front desk)", False), "会议室": (r"会议室|meeting rooms?", True), "机器人": (r"机器人", True),
}
_BRANDS = (
    "全季|亚朵|汉庭|如家|[七7]天(?=酒店|连锁)|锦江之星|维也纳|桔子|橘子|丽枫|希尔顿欢朋|希尔顿|万豪|香格里拉|洲际|喜来登|凯悦|君悦|柏悦|威斯汀|丽思卡尔顿|四季酒店|半岛酒店|和平饭店|假日酒店|皇冠假日|华住|首旅|格林豪泰|速8|麗枫|开元|雅高|宜必思|诺富特|美居|亚特兰蒂斯|安缦|悦榕庄|尚美|布丁|城市便捷|"
    r"hiltons?|marriott|hyatt|sheraton|westin|shangri-la|intercontinental|holiday inn|crowne plaza|ritz[- ]carlton|four seasons|ibis|novotel|accor|atour|ji hotel|hanting|home inn|jinjiang inn|vienna hotel|atlantis|aman\b|banyan tree|super 8"
)
_BRAND_ROW = re.compile(rf"(?:{_BRANDS})(?:酒店|饭店)?(?:\s*(?:,|、|/|或者?|和|跟|与|还是|or|and|,\s*或者?)*\s*(?:the |a )?(?:{_BRANDS})(?:酒店|饭店)?)*", re.IGNORECASE | re.ASCII)
_CALLED = re.compile(r"(?:住在?|订|入住|想住)([\u4e00-\u9fff]{2,8}(?:大酒店|酒店|宾馆|饭店|度假村))")
_TIERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"经济型|便宜点?的?(?:酒店|住|宾馆)|快捷(?:酒店)?|budget hotels?|cheap (?:hotels?|rooms?|places? to stay)|cheap hotel|economy hotels?|inexpensive hotels?", ("budget",)),
    (r"舒适型|中档|三星级?|mid[- ]?range|comfort(?:able)? hotels?|3[- ]star(?! hotel or)|three[- ]star", ("comfort",)),
    (r"四星级?|4[- ]stars?|four[- ]stars?", ("comfort", "upscale")),
    (r"五星级?|豪华|高档|高端|奢华|5[- ]stars?|five[- ]stars?|luxur\w+|upscale|high-end", ("upscale",)),
)
_ROOM_TYPES: tuple[tuple[RoomType, str], ...] = (
    ("twin", r"双床(?:房|间)?|双人(?:标)?(?:房|间)|标间|标准间|\btwin\b|two (?:separate )?(?:single )?beds|separate beds"), ("double", r"大床(?:房|间)?|\bdoubles?\b|king(?:[- ]size)? bed|queen bed|one big bed"),
    ("family", r"家庭(?:房|间|套房)|亲子(?:房|间)|\bfamily rooms?|family suite"), ("single", r"单人(?:房|间)|\bsingle\b(?= room|s\b|$)"),
)
_COUNT = re.compile(
    rf"(?<!每)(?P<zh>{NUMBER})\s*间(?!隔)|\b(?P<en>{ENGLISH_NUMBER})\s+(?:(?:twin|double|single|family|standard)\s+)?(?:bed)?rooms?\b|\b(?P<typed>{ENGLISH_NUMBER})\s+(?=(?:twin|double|single|family)s?\b)", re.ASCII
)
_METRES = rf"(?P<n>{NUMBER}|{ENGLISH_NUMBER}|half an?)\s*(?P<unit>公里|千米|里路|米|km\b|kms\b|kilomet(?:er|re)s?|met(?:er|re)s?|m\b)"
_WITHIN = (
    re.compile(rf"(?:离|距离?|到|距离?着?|靠近)?(?:the )?(?P<place>§+)(?:距离|的距离)?.{{0,8}}?{_METRES}(?:以内|之内|以下|内|范围)?(?:的)?"),
    re.compile(rf"{_METRES}\s*(?:away )?(?:of|from|to|around|以内|之内)?\s*(?:the )?(?P<place>§+)"),
)
_NEAR = re.compile(
    r"(?:离|靠近|挨着|临近|近|住在?|距离|near(?:by)?|close to|next to|beside|around|by|stay (?:at|in|on|near|around)|hotel (?:in|on|at|by|near)|opposite|walking distance (?:of|from|to))\s*(?:the )?(?P<a>§+)(?:站|里面)?\s*(?:附近|旁边|旁|周边|边上|边|一带|周围|近一?点?|不远|比较近|的)*"
    r"|(?P<b>§+)\s*(?:附近|旁边|旁|周边|边上|边|一带|周围|脚下)(?:的)?(?:住)?|住.{0,3}(?P<c>§+)|(?P<d>§+)住(?![一二两三\d])"
)
_AREA = re.compile(
    r"(?:住在?|住到|靠近|离|酒店在|酒店要在)([\u4e00-\u9fff]{2,6}?)(?:附近|旁边|周边|一带|那边|那一片|商圈|近(?:一?点)?)"
    r"|([\u4e00-\u9fff]{2,6}?)(?:附近|旁边|周边|一带)(?:住|的酒店|找酒店)|\bstay(?:ing)? (?:in|around|near) ((?:[a-z']+ ?){1,3})$"
)
_FILL = re.compile(r"^(?:市区|市中心|景区|我们|地铁|高铁|海|湖|古城|城里|山|the|a|an|town|city|hotel|it)+ ?", re.ASCII)


def read_near(clause: Clause, scene: Scene) -> list[Found]:
    """How far the hotel may be from sights."""
    if not clause.hotel and not re.search(r"(?:离|距离?)§", clause.text):
        return []
    for pattern in _WITHIN:
        found = [Found(HotelNear(place=_sight(clause, scene, match), metres=metres_of(match)), clause.start + match.start(), clause.start + match.end())
                 for match in pattern.finditer(clause.text)]
        if found:
            return found
    if not clause.hotel or re.search(r"住[一二两三\d]晚|\bone night\b", clause.text):
        return []
    near = list(_NEAR.finditer(clause.text))
    reach = WALKABLE_METRES if re.search(r"walking distance|步行(?:可|能)?(?:到|达)|走路能到", clause.text) else NEAR_METRES
    found = [Found(HotelNear(place=_at(clause, scene, match.start() + match.group().index("§")), metres=reach), clause.start + match.start(), clause.start + match.end())
             for match in near]
    return found + _in_the_same_breath(clause, scene, near)


def _in_the_same_breath(clause: Clause, scene: Scene, near: list[re.Match[str]]) -> list[Found]:
    """住在 A 或者 B 附近: the second place of a row, whose words of nearness stand at the other one."""
    held = [(match.start(), match.end()) for match in near]
    rest = [match for match in re.finditer(r"§+", clause.text) if near and clause.choice and not any(a <= match.start() < b for a, b in held)]
    return [clause.found(HotelNear(place=_at(clause, scene, match.start()), metres=NEAR_METRES), match) for match in rest]


def _sight(clause: Clause, scene: Scene, match: re.Match[str]) -> str:
    return _at(clause, scene, match.start("place"))


def _at(clause: Clause, scene: Scene, place: int) -> str:
    return scene.sight_at(clause.start + place).ids[0]


def metres_of(match: re.Match[str]) -> float:
    """Metres from the groups `n` and `unit`."""
    number = 0.5 if match["n"].startswith("half") else number_of(match["n"]) or 1.0
    return number * (500 if match["unit"] == "里路" else 1000 if match["unit"][0] in "公千k" else 1)


def read_rooms(clause: Clause, _scene: Scene) -> list[Found]:
    """How many rooms, and which type."""
    count = _COUNT.search(clause.text)
    typed = next(((kind, match) for kind, words in _ROOM_TYPES if (match := re.search(words, clause.text))), None)
    several = sum(bool(re.search(words, clause.text)) for _, words in _ROOM_TYPES) > 1
    if several or (re.search(r"套房|suite", clause.text) and not typed):
        return []
    if not count and not (typed and (clause.hotel or re.search("房|间|room|bed", typed[1].group()))):
        return []
    number = number_of(count["zh"] or count["en"] or count["typed"]) if count else None
    if number is not None and not 1 <= number <= 50:
        return []
    wish = Rooms(count=int(number) if number else None, type=typed[0] if typed else None)
    spans = [match for match in (count, typed[1] if typed else None) if match]
    return [clause.found(wish, spans[0]), *(clause.found(None, match) for match in spans[1:])]


def read_hotel(clause: Clause, scene: Scene) -> list[Found]:
    """Name, features, area and price band of the hotel."""
    readers: tuple[Callable[[Clause, Scene], list[Found]], ...] = (_brands, _features, _tiers, _areas)
    found: list[Found] = []
    for reader in readers:
        found += reader(clause.without(found), scene)
    return found


def _brands(clause: Clause, _scene: Scene) -> list[Found]:
    row = _BRAND_ROW.search(clause.text)
    if row:
        names = tuple(dict.fromkeys(re.sub("s$", "", name) if name.startswith("hilton") else name for name in re.findall(_BRANDS, row.group(), re.ASCII)))
        return [clause.found(Hotel(names=names, avoid=refused(clause.text, row)), row)]
    called = _CALLED.search(clause.text)
    if called and not re.search(r"的|星|型|连锁|便宜|附近|快捷|亲子|温泉|商务|好|哪", called[1]):
        return [clause.found(Hotel(names=(re.sub("酒店$", "", called[1]),), avoid=refused(clause.text, called)), called)]
    return []


def _features(clause: Clause, _scene: Scene) -> list[Found]:
    found: list[Found] = []
    for name, (words, only_of_hotels) in FEATURES.items():
        match = re.search(words, clause.without(found).text) if clause.hotel or not only_of_hotels else None
        if match and re.search(r"don'?t (?:need|care)|不(?:用|需要|在乎|含|一定)", clause.text[:match.start()]):
            continue
        if match:
            near = name == "近地铁" and re.search(r"远|\bfar\b", clause.text)  # 不能离地铁太远
            found.append(clause.found(Hotel(features=(name,), avoid=not near and refused(clause.text, match)), match))
    return found


def _tiers(clause: Clause, _scene: Scene) -> list[Found]:
    for words, tiers in _TIERS:
        match = re.search(words, clause.text)
        if match and not refused(clause.text, match) and not re.search(r"or (?:better|above|more)|也行", clause.text[match.end():]):
            return [clause.found(Hotel.model_validate({"tiers": tiers}), match)]
    return []


def _areas(clause: Clause, scene: Scene) -> list[Found]:
    """A quarter that a city's records name, or one said to sleep near that is no sight of ours."""
    if not clause.hotel or "§" in clause.text:
        return []
    cities = [scene.catalogue.cities[city] for city in scene.request.cities if city in scene.catalogue.cities]
    known = {part for city in cities for area in city.areas for part in re.split(r"与|和|、|一带|周边|附近", area.name) if len(part) > 1}
    named = next((match for part in sorted(known, key=len, reverse=True) if (match := re.search(re.escape(part), clause.text))), None)
    if named:
        return [clause.found(Hotel(areas=(named.group(),), avoid=False), named)]
    match = _AREA.search(clause.text)
    area = _FILL.sub("", next((group for group in match.groups() if group), "").strip()) if match else ""
    if re.search(r"\b(?:hotels?|hostels?|rooms?|places?|cheaper|nicer|better)\b", area):
        return []
    return [clause.found(Hotel(areas=(area,)), match)] if match and len(area) > 1 else []
