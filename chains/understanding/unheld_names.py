"""Names of sights that no record holds: where one stands, and whether a held name is only a piece of it.

A made-up temple must not be read as the real one it resembles, and a question about a sight must not be answered with
the sights of its city. What stands where a sight's name stands (before 门票, after "how long does") is taken for one.
Not covered: names in sentences that ask for nothing of a sight.
"""

import re
from difflib import get_close_matches
from itertools import accumulate

import jieba
import jieba.posseg

from chains.understanding.another_city import of_every_city
from chains.understanding.intent import TOPICS
from chains.understanding.request import CITY_TOPICS, Topic
from knowledge.catalogue import Catalogue
from knowledge.geometry import distance_km
from knowledge.kinds import KINDS
from knowledge.names import Mention
from knowledge.slips import is_everyday
from knowledge.spellings import GENERIC, is_pinyin

_SUFFIX = "博物院|博物馆|纪念馆|美术馆|科技馆|动物园|植物园|海洋馆|水族馆|游乐园|主题乐园|乐园|度假区|风景区|景区|公园|花园|广场|古镇|古城|古村|老街|步行街|寺庙|寺|庙|塔|宫殿|宫|陵|大桥|长城|瀑布|峡谷|大峡谷|溶洞|湖|山|岛|海滩|沙滩|城堡|牧场|天梯|地宫|影视城|故居|大厦|教堂|铁塔"
_UNKNOWN = re.compile(rf"([\u4e00-\u9fff]{{2,10}}?(?:{_SUFFIX}))(?=$|[^\u4e00-\u9fff]|的|在|多|门|几|要|是|怎|好|有|开|票|值|和|、|呢|吗|贵|免|周|星|收|一|半|中|国)")
_NOUN_EN = (
    "Museum|Park|Temple|Tower|Mountain|Lake|Island|Palace|Castle|Garden|Square|Resort|Town|Village|Falls|Beach|Valley|World|Gorge|Caves?|Pavilion|Hall|Bridge|Zoo|Aquarium|Grottoes|Pagoda|Tomb|Monastery|Academy"
    "|Kingdom|Forest|Springs?|Peak|Hills?|Terraces?|Observatory|Planetarium|Gallery|Theatre|Cathedral|Church|Mosque|Shrine|Nunnery|Fort|Canyon|Cableway|Ropeway|Lighthouse|Plaza|Wharf|Quay|Ruins|Studios?|Dam|Residence"
    "|Market|Courtyard|Mansion|Street|House|[Ss]cenic [Aa]rea"
)
_BUILDING_EN = "museum|temple|tower|pavilion|academy|pagoda|monastery|theatre|gallery|observatory|aquarium|castle|palace|lighthouse|nunnery|cathedral|church|mosque"
_UNKNOWN_EN = re.compile(rf"\b((?:[A-Z][\w']+ (?:(?:and|of|the) ){{0,2}}){{1,4}}(?:{_NOUN_EN}))\b")
KIND_EN = re.compile(rf"(?:{_NOUN_EN}|compound)s?", re.IGNORECASE)
_CAPITALISED = r"[A-Z][A-Za-z'’]+"
# Where a fact of one sight is asked for, what ends like this is its name: 墨荷园, 银象洞, 天文馆.
_ENDING = rf"{_SUFFIX}|石窟|雕塑|雕像|灯塔|书院|旧居|旧址|遗址|会馆|大院|庄园|码头|草原|地质公园|海洋世界|欢乐世界|索道|票号|精舍|古渡|渡口|浴场|[屿庵馆园苑洞楼阁谷峡沟村寨镇祠桥泉滩湾岭峰街巷坊池潭殿堂墓崖洲窟缝堡林台庄关渠侗]"
_ENDS_LIKE_ONE = re.compile(rf"([\u4e00-\u9fff]{{2,9}}?(?:{_ENDING}))")
_MANY = re.compile(r"哪些|推荐|有什么|有啥|(?<!那)几[个处座](?!小时|钟头)|有没有")
_LONGER = re.compile(rf"([\u4e00-\u9fff]{{2,8}}?)(?:{_SUFFIX})(?=$|[^\u4e00-\u9fff]|的|门|几|票|周|星|开|多|要|收)")
# What stands beside or inside a held place, and how that is said: 洪崖洞隔壁那个龙鳞水晶塔.
_BESIDE = r"(?:再?往?(?:里面?|里头|内|上面?|旁边?|隔壁|边儿?上|对[面过]儿?|附近|后[面头]|后身儿?|背后|脚下|底下|下[面头]|前[面头]|山上|[楼屋]?顶上?|[东西南北]?墙外|门口))?(?:新?[开建修]的|的|有)?(?:那?[个座家间栋条处]|那)?\s?"
_WHOLE_ENDING = "博物院|博物馆|纪念馆|美术馆|科技馆|动物园|植物园|海洋馆|水族馆|游乐园|乐园|度假区|古镇|步行街|故居|影视城|牧场|书院|天文台|剧场|剧院|灯塔|钟楼|天梯|隧道|度假村|图书馆|酒吧街|喷泉|水世界|雪世界|海底世界|动物世界|帆船港"  # after which nothing of the name can follow
_WITHIN = re.compile(rf"{_BESIDE}([\u4e00-\u9fff]{{2,8}}?)(?:(?:{_WHOLE_ENDING})(?![馆院园里站])|(?:{_SUFFIX}|宅院|大院|会馆|票号|旧址|精舍|古渡|浴场|[馆园院洞阁谷楼窟屿堂庵])(?=$|[^\u4e00-\u9fff]|[的门几票周星开多要收早晚里是在有怎能玩半一地下上还登很最具评算营售关闭哪什啥离爬求贵咋人礼逛中值冬夏春秋凭今明现属让得该需免进成学大老排归挨靠究到去走参]))")
_OTHER_KIND = re.compile("游乐园|动物园|植物园|海洋馆|水族馆|影视城|滑雪场|牧场|科技馆|美术馆")
_BRANCH = re.compile(r"(?:在|的)?[\u4e00-\u9fff]{0,4}分[院馆园店]")
_BRANCH_EN = re.compile(r"(?:['’]s)?,? (?:[A-Za-z]+ ){0,2}(?:branch|annexe?|outpost)\b")
_BRANCH_OF = re.compile(r"\b(?:branch|annexe?|outpost|replica|copy) of (?:the )?$", re.IGNORECASE)
_PARTS_EN = ("Zone", "Gate", "Area", "Section", "Entrance", "Side")  # of a place, and no name beyond it
FAR_KM = 300.0  # from a city's centre, in another province: what is said to lie there is no sight of elsewhere
_OF_ANY_NAME = re.compile(r"(?:国家|森林|地质|湿地|文化|旅游|风景|名胜|历史|遗址|遗迹|生态|主题|艺术|水利|自然|保护|城市|考古|民俗|古|大|老|新|小|核心|遗产|中心|景观|休闲|体育|滨海|滨江|郊野|纪念|陈列|烈士|革命|旧址)+")
_NAME_BEGINNINGS = frozenset("红黄蓝白黑青紫金银铜铁玉翠龙凤虎鹤云雷风雨雪霜春秋冬夏东西南北天地日月星圣神仙佛灵瑞福寿康宁")
MIN_NAME = 2  # characters of which no name of an unheld sight is made: 海边, 爬山
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
PARTS = frozenset("收费 贵 趟 里面 里头 上面 门口 停车场 时间 价格 票价 旅游 观景台 小时 分钟 半天 上午 下午 晚上 周末 假期 玻璃 空调 感觉 个人 家人 爸妈 父母".split())  # of a sight or of a day, and no name
_VERBS = frozenset("去到在和从的里是问坐上登爬逛看游进玩买赏拜泡转访瞧览住吃拍跟与离往趟次回")
RARE_WORD = 300  # how often it holds a word that may be a county's name
RARE_CHARACTER = 4000  # how often jieba's corpus holds a single character that begins names rather than sentences
ALIKE_QUESTION_WORD = 0.85  # likeness of a question's word with a slip
MAX_ABBREVIATION = 3  # letters with their full stop: Mt., St., Dr.
EVERYDAY = 50  # how often jieba's corpus holds a word that is nobody's name
_LEADING = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,8}?[一那这][座家处站间]|所以|因为|敢问|你好|请教一下|请教|请问|问下|问一下|请|介绍一下|介绍|讲讲|讲一下|说说|说一下|帮我|给我|查一下|查|的|去|在|到|从|和|看|逛|玩|爬|登|进|游|坐|我|想|要|听说|据说|有个|有座|有家|那个|那|带娃|一趟|趟|早上|晚上)+"
)
_TRAILING = re.compile(
    r"(?:的|是|要|得|需|需要|一般|大概|建议|晚上|早上|早晨|下午|上午|每周|每天|周|星期|成人|成年人|学生|一张|进去|进门|上去|爬上去|爬一次|爬|半天|整天|一天|入冬后|入夏后|[春夏秋冬][天季]|现在|今年|到底|究竟|评上|评的|评|算|还|都|也|会|收不|收|不|玩|逛|游览|看|大|有|一次|进|登塔|登楼|上岛|旺季|淡季|玩一圈|一圈|属于|在|位于|开放|入园|参观|,)+$"
)
_NO_NAME = re.compile(
    r"哪|什么|啥|几|多少|没有|找|一[晚夜栋座]|把|室内|户外|推荐|喜欢|适合|免费|附近|周边|我|你|他|它|去|想|玩|看|爬|逛|带|的|好|这|那|些|个|座|里|有|吗|和|\d|周[一二三四五六日天]|今天|明天|后天|昨天|周末|星期|国庆|五一|春节|假期|暑假|寒假|大人|小孩|孩子|老人"
    r"|学生|儿童|成人|军人|教师|门票|票价|买票|车票|机票|船票|票[多几]|张票|酒店|高铁|火车|飞机|机场|地铁|公交|打车|出租|身份证|护照|一共|总共|全部|所有|一般|以及|还是|或者|可以|如果|么|不|本地|当地|交通|天气|行程|预算|路线|攻略|时间|景点|旺季|淡季|人均|平均|级|以上|以内|以下|(?<!景)(?<!度假)(?<!护)(?<!街)(?<!社)[区县市]$"
)
QUESTION_WORDS = frozenset(
    (
    "how much many long is are was the a an of in at to for on does do did take takes time hours hour minutes open opens opening close closing closed closes shut ticket tickets entrance entry "
    "admission fee fees price prices cost costs charge charges what when which where who it its there mondays monday tuesdays tuesday wednesdays thursdays fridays saturdays sundays need should plan visit "
    "visiting go going see one adult adults student students child children kid kids senior seniors day days week until rate rated rating level grade address district located location per person please tell "
    "me about can could i you we my our buy book get and or with free trip total money budget holiday today tomorrow now usually from by up down climb per class star stars located exactly city until spend "
    "want wants wanted something brought bring tell asked find hello "
    "china chinese national holidays somewhere anywhere decent yuan rmb cny still far away near nearby have has will would be this that opened a's any some best good way hi hello pls please thanks enough stay also then its there's what's what'll how'll where'll approximately roughly "
        "january february march april may june july august september october november december spring summer autumn winter "
        "but make makes like max kuai cheap must ought shall may might inside so itself only just really actually whereabouts"
    ).split()
)
_PLACE_WORD = re.compile(r"^(?:museum|park|temple|tower|mountain|lake|island|palace|castle|garden|square|resort|town|village|falls|beach|pagoda|monastery|cave|grottoes|valley|street|bridge|hall|tomb|zoo|aquarium)$")
_WORDS = re.compile(r"[A-Za-z][A-Za-z'’.-]*|\d+|[^\sA-Za-z\d]")
_SIGHT_TOPICS = tuple(pattern for topic, pattern in TOPICS if topic not in CITY_TOPICS and topic is not Topic.ABOUT)
_WHERE_TO = re.compile(r"\b(?:some|any|every)where\b|\bwhere (?:should|can|could|to|do|else|in)\b", re.IGNORECASE)  # asks for no address
_OF_A_DATE = re.compile(r"[月日号年]份?$")
_INTRODUCED = re.compile(r"^(?:请|帮我|给我)?(?:介绍|讲讲|说说)(?:一下|下)?([\u4e00-\u9fff]{3,10}?)(?:吧|呗)?$")


def in_longer_name(text: str, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether a name is a piece of another, unknown one: 塔山公园 in 红塔山公园, 塔公 in 灯塔公园, Moon Lake in Sun Moon Lake."""
    after = text[mention.end:]
    other_kind = _OTHER_KIND.match(after)
    if after.startswith("们") or (other_kind and not any(other_kind[0] in sight.model_dump_json() for sight in catalogue.get(mention.ids))):
        return True  # 集美们 are girls, 石景山游乐园 is not 石景山公园
    if re.match(r"(?:山|湖|岛|寺|庙|塔|楼|桥|镇|村)(?:公园|古镇|景区|$|[^\u4e00-\u9fff上下里边顶脚])", after):
        return True
    if not re.match(r"[\u4e00-\u9fff]", mention.text):
        elsewhere = _is_a_branch(text[:mention.start], after) or _lies_far(text, mention, catalogue) or _is_where_another_lies(text[:mention.start], after, catalogue)
        return elsewhere or _follows_a_capital(text, mention, catalogue) or _goes_on_in_capitals(after, mention, catalogue) or _goes_on_in_small_letters(text, mention, catalogue)
    if _BRANCH.match(after) or (len(mention.text) == 2 and _goes_on(after, mention, catalogue)) or _holds_another(after, mention, catalogue):
        return True
    before = re.search(r"[\u4e00-\u9fff]+$", text[:mention.start])
    return bool(before) and _begins_a_name(before[0], mention, text, catalogue) if before else False


def _begins_a_name(before: str, mention: Mention, text: str, catalogue: Catalogue) -> bool:
    """Whether what stands before a name belongs to it: a name of its own, a rare character, or half a word."""
    pair = jieba.posseg.lcut(before, HMM=False)[-1]
    if catalogue.city_names.find(pair.word) or any(other.end == len(before) for other in catalogue.sight_names.find(before)):
        return False
    if len(mention.text) == 2 and _cuts_a_word(before, mention, text):
        return True
    if _is_another_county(pair, mention, catalogue):
        return True
    if pair.word in catalogue.district_homes.provinces or pair.word in catalogue.district_homes or _OF_A_DATE.search(pair.word):
        return False  # 新疆天山天池, 七月份瘦西湖
    if len(pair.word) > 1:
        return pair.flag in ("ns", "nz", "nr", "nt", "nrt")
    if pair.flag[0] in "qmtfupcyr":
        return False
    rare = pair.word not in _VERBS and (jieba.dt.FREQ.get(pair.word) or 0) < RARE_CHARACTER
    return pair.word in _NAME_BEGINNINGS or rare


def _is_another_county(pair: jieba.posseg.pair, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether the word before what any city could have is a county that none of the sights so called lies in: 建水文庙, 兴隆热带植物园."""
    if len(pair.word) == 1 or not of_every_city(mention, catalogue) or any(pair.word in sight.model_dump_json() for sight in catalogue.get(mention.ids)):
        return False
    a_county = pair.word in catalogue.district_homes and pair.word not in catalogue.district_homes.provinces
    return a_county or (pair.flag[0] in "nad" and (jieba.dt.FREQ.get(pair.word) or 0) < RARE_WORD)


def _cuts_a_word(before: str, mention: Mention, text: str) -> bool:
    run = re.match(r"[\u4e00-\u9fff]+", text[mention.start - len(before):])
    words = jieba.lcut(run[0] if run else before, HMM=False)
    return len(before) not in set(accumulate((len(word) for word in words), initial=0))


def _goes_on(after: str, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether a short name is only the beginning of a longer one: 云顶 in 云顶天空之城博物馆."""
    match = _LONGER.match(after)
    return bool(match and _may_name(match, mention, catalogue) and match[1] not in KINDS)


def _holds_another(after: str, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether a name only begins that of another place, which its record does not know: 翠湖鸥鸟博物馆, 栈桥海上书院."""
    match = _WITHIN.match(after)
    if not match or not _may_name(match, mention, catalogue) or _OF_ANY_NAME.fullmatch(match[1]):
        return False
    name = after[match.start(1):match.end()]
    if re.fullmatch(_SUFFIX, name) or name in KINDS or (jieba.dt.FREQ.get(name) or 0) > EVERYDAY:
        return False  # 西湖边上的博物馆
    flags = "tpducrq" if len(match[1]) == MIN_NAME and not jieba.dt.FREQ.get(match[1]) else "vtpducrq"  # 悬灯 is a name's beginning
    if any(pair.flag[0] in flags for pair in jieba.posseg.lcut(match[1], HMM=False)):
        return False  # 黄鹤楼七月份停止入园
    return not any(name in sight.model_dump_json() for sight in catalogue.get(mention.ids))


def _may_name(match: re.Match[str], mention: Mention, catalogue: Catalogue) -> bool:
    """Whether what goes on beyond a name and ends like one may be a name's: no question, no verb, and no held name of the same city."""
    if _NO_NAME.search(match[1]) or _VERBS.intersection(match[1]):
        return False
    cities = {sight.city for sight in catalogue.get(mention.ids)}
    name = match.string[match.start(1):match.end()]
    return not any(sight.city in cities for other in catalogue.sight_names.find(name) for sight in catalogue.get(other.ids))


def _follows_a_capital(text: str, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether an English name follows a capital that is no question word and no city: the Sun before Moon Lake."""
    before = re.search(r"(?:^|[\s(])((?:[A-Z][A-Za-z'’]+ )+)$", text[:mention.start])
    if not before or not mention.text[:1].isupper() or text.isupper():
        return False
    words = [word for word in before[1].split() if word.lower() not in GENERIC | QUESTION_WORDS]
    return any(not catalogue.city_names.find(word) for word in words)


def _goes_on_in_capitals(after: str, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether an English name goes on: the Chengdu Museum of Moonlit Pandas, Pingyao's Silver Carp Courtyard, Pingyao Shadow Bank."""
    match = re.match(rf"(?:['’]s)? (of (?:the )?)?((?:{_CAPITALISED} (?:(?:of|the) )*)*{_CAPITALISED})", after)
    if not match or catalogue.city_names.find(match[2]) or catalogue.sight_names.find(match[2]):
        return False
    words = [word for word in match[2].split() if word.lower() not in QUESTION_WORDS]
    if len(words) > 1 and not match[1]:
        if _UNKNOWN_EN.search(match[2]) or _PLACE_WORD.match(words[0].lower()):
            return True
        told = _told(mention, catalogue)
        return words[-1] not in _PARTS_EN and not any(word.lower() in told for word in words if word not in ("of", "the"))
    return bool(words and match[1])


def _goes_on_in_small_letters(text: str, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether an English name typed in small letters goes on to a building its record does not know: gulangyu harp tower."""
    match = re.match(rf" ((?:[a-z]+ ){{1,2}}(?:{_BUILDING_EN}))\b", text[mention.end:]) if has_no_capitals(text) else None
    if not match or catalogue.sight_names.find(match[1]) or catalogue.city_names.find(match[1]):
        return False
    told = _told(mention, catalogue)
    return not any(word in QUESTION_WORDS | GENERIC or word in told for word in match[1].split()[:-1])


def _told(mention: Mention, catalogue: Catalogue) -> str:
    """All that the records of a name say, in small letters."""
    return " ".join(sight.model_dump_json() for sight in catalogue.get(mention.ids)).lower()


def _is_a_branch(before: str, after: str) -> bool:
    """Whether only a branch of the place is spoken of: the Lhasa branch of the Shanghai Museum, Palace Museum Zhuhai annex."""
    return bool(_BRANCH_OF.search(before) or _BRANCH_EN.match(after))


def _lies_far(text: str, mention: Mention, catalogue: Catalogue) -> bool:
    """Whether a place is said to lie in a city far from where it does: Universal Studios Hangzhou, the Great Wall of Xiamen."""
    said = re.match(r"(?:,? (?:of|in|at) | )", text[mention.end:])
    cities = [city for city in catalogue.city_names.find(text) if said and city.start == mention.end + said.end()]
    if not cities or not mention.text[0].isupper():
        return False
    claimed, homes = [catalogue.cities[record] for record in cities[0].ids], [catalogue.cities[sight.city] for sight in catalogue.get(mention.ids)]
    return all(home.province != city.province and distance_km(home.position, city.position) > FAR_KM for home in homes for city in claimed)


def _is_where_another_lies(before: str, after: str, catalogue: Catalogue) -> bool:
    """Whether another name, that is not held, is said to lie there: Copper Coin Academy in Pingyao, the Hall of Suns behind Puning Temple."""
    place = re.search(r"(?:,|\b(?:in|at|on|by|near|inside|outside|behind|beside|opposite|next to|of)) (?:the )?$", before)
    if not place:
        return False
    asked = re.match(rf",? (?:is|are) (?:the |a )?({_CAPITALISED}(?: {_CAPITALISED})+)", after) if re.match(r"\s*where\b", before, re.IGNORECASE) else None
    if asked and not catalogue.sight_names.find(asked[1]):
        return True  # where on Mount Emei is the Cloud Mirror Museum
    last = re.search(rf"{_CAPITALISED}(?: (?:(?:of|the|and) )*{_CAPITALISED})+ (?:(?:restaurant|hotel|hostel|mall|bar) )?$", before[:place.start()])
    thing = re.search(rf"({_CAPITALISED})(?: [a-z]+){{1,2}} $", before[:place.start()])  # the Kailuan mine park at Tangshan
    coined = [thing[0].strip()] if thing and (thing[1].isupper() or not (is_everyday(thing[1].lower()) or _asks(thing[1]))) else []
    named = [_without_question(match) for match in (*(found[1] for found in _UNKNOWN_EN.finditer(before)), *([last[0].strip()] if last else coined))]
    if place[0].startswith("of"):
        named = [name for name in named if not all(word in GENERIC | QUESTION_WORDS for word in re.findall("[a-z]+", name.lower()))]  # the Ancient City of Pingyao
    return any(" " in name and not catalogue.sight_names.find(name) for name in named)


def _asks(word: str) -> bool:
    """Whether a word may be a question's, with a slip: Openning."""
    return bool(get_close_matches(word.lower(), QUESTION_WORDS, 1, ALIKE_QUESTION_WORD))


def unheld_names(text: str, blanked: str, *, asks_a_fact: bool = False) -> tuple[str, ...]:
    """What looks like the name of a sight in a text where none is held; `blanked` is the text without its cities.

    `asks_a_fact` says that a fact of one sight is asked for, though no word that asks for one was read.
    """
    seen = (_LEADING.sub("", match[1]) for match in _UNKNOWN.finditer(blanked))
    chinese = [name for name in seen if looks_like_a_name(name)] or _subject(blanked) or _ended(blanked, sure=asks_a_fact)
    chinese = [_whole(name, text) for name in chinese]
    english = [_without_question(match[1]) for match in _UNKNOWN_EN.finditer(text)]
    return tuple(chinese + ([name for name in english if " " in name] or _subject_en(blanked, sure=asks_a_fact)))


def left_aside(text: str, sights: list[Mention], catalogue: Catalogue) -> tuple[str, ...]:
    """A held name that only begins another's, with what follows, where nothing else looks like a name: 菩萨顶再往上的雪狮阁."""
    pieces = [mention for mention in catalogue.sight_names.find(text) if mention not in sights and _holds_another(text[mention.end:], mention, catalogue)]
    return tuple(_whole(mention.text, text) for mention in pieces[:1])


def _whole(name: str, text: str) -> str:
    """A name with what it goes on with: of 故宫博物院大同分院 not only the first half, and of 开元寺旁边的海盐教堂 what is meant."""
    _, found, after = text.partition(name)
    branch, other = (_BRANCH.match(after), _WITHIN.match(after)) if found else (None, None)
    if branch:
        return name + branch[0]
    if not other or _NO_NAME.search(other[1]):
        return name
    start = other.start(1)
    return ("" if start else name) + after[start:other.end()]


def looks_like_a_name(text: str) -> bool:
    """Whether Chinese words end as a sight's name does and say something before that: 红塔山公园."""
    suffix = max((word for word in _SUFFIX.split("|") if text.endswith(word)), key=len, default=text)
    stem = text[: -len(suffix)]
    return len(stem) >= 2 and not _NO_NAME.search(stem)


def _ended(text: str, *, sure: bool) -> list[str]:
    """The first piece that ends like a sight's name, in a text that asks for a fact of one: 桂林银象洞看完几个小时."""
    if (_topic_start(text) is None and not sure) or _MANY.search(text):
        return []
    seen = (_LEADING.sub("", match[1]) for match in _ENDS_LIKE_ONE.finditer(text))
    seen = (name for name in seen if (jieba.dt.FREQ.get(name) or 0) <= EVERYDAY)  # 戈壁滩
    return [name for name in seen if len(name) > MIN_NAME and not _NO_NAME.search(name) and not all(word in KINDS for word in jieba.lcut(name, HMM=False))][:1]


def noun_run(text: str, *, proper: bool = False) -> tuple[str, ...]:
    """The longest row of nouns in a text that asks for a fact of one sight, where nothing ends like a name: 渤海之瞳.

    With `proper` only a row that holds a name's word (飞虹 in 飞虹玻璃天梯).
    """
    runs, names = [""], set()
    for pair in jieba.posseg.lcut(text, HMM=False):
        everyday = (jieba.dt.FREQ.get(pair.word) or 0) > EVERYDAY and _ENDS_LIKE_ONE.fullmatch(pair.word)  # 戈壁滩, which jieba takes for a person
        names |= {pair.word} if pair.flag in ("ns", "nz", "nt", "nr", "nrt") and not everyday else set()
        noun = (pair.flag[0] in "nabjzi" or pair.flag in ("vn", "x") or pair.word in "之小大") and _CHINESE.fullmatch(pair.word)
        if noun and not _NO_NAME.search(pair.word) and pair.word not in PARTS:
            runs[-1] += pair.word
        else:
            runs.append("")
    found = [name for run in runs if len(name := _TRAILING.sub("", run)) > MIN_NAME or name in names]
    found = [name for name in found if name not in KINDS and (not proper or any(word in name for word in names))]
    return tuple(sorted(found, key=len, reverse=True)[:1])


def _topic_start(text: str) -> int | None:
    """Where the first words stand that ask for a fact of a sight."""
    text = _WHERE_TO.sub("", text)
    starts = [match.start() for pattern in _SIGHT_TOPICS if (match := re.search(pattern, text, re.IGNORECASE | re.ASCII))]
    return min(starts, default=None)


def _subject(text: str) -> list[str]:
    """The Chinese words before the question, where they may be a name: 月光魔法城 in 杭州的月光魔法城门票多少."""
    introduced = _INTRODUCED.match(text)
    start = _topic_start(text)
    if introduced is None and start is None:
        return []
    run = re.search(r"[\u4e00-\u9fff]+,*$", text[:start])
    name = introduced[1] if introduced else _TRAILING.sub("", _LEADING.sub("", run[0])) if run else ""
    words = jieba.lcut(name, HMM=False)
    if not 3 <= len(name) <= 10 or _NO_NAME.search(name) or name in KINDS or all(word in KINDS for word in words):
        return []
    verbs = [pair for pair in jieba.posseg.lcut(name, HMM=False) if pair.flag == "v"]
    return [] if len(verbs) > 1 and name.startswith(verbs[0].word) else [name]  # 吹海风发发呆


def _subject_en(text: str, *, sure: bool = False) -> list[str]:
    """The English words that no question needs, where they may be a name: Alishan in "how long does Alishan take"."""
    chinese = _CHINESE.search(text)  # changzhou dinosaur park 几点开门
    if not re.search("[A-Za-z]{2}", text) or (chinese and not sure) or (_topic_start(text) is None and not sure):
        return []
    runs: list[list[str]] = [[]]
    for match in _WORDS.finditer(text):
        if match[0].lower() in QUESTION_WORDS or not re.match("[A-Za-z]", match[0]):
            runs.append([])
        else:
            runs[-1].append(match[0].rstrip(".") if len(match[0]) > MAX_ABBREVIATION else match[0])
            runs += [[]] if match[0].endswith(".") and len(match[0]) > MAX_ABBREVIATION else []  # a sentence ends
    small = sure and not chinese and has_no_capitals(text)
    return [" ".join(run) for run in runs if _may_be_named(run) or (small and _telling(run) and (len(run) > 1 or is_pinyin(run[0].lower()) or not is_everyday(run[0].lower())))][:1]


def has_no_capitals(text: str) -> bool:
    """Whether an English text is typed in small letters, but for single ones: kaiping diaolou 4A or 5A."""
    return re.sub(r"\b\d?[A-Z]\b", "", text).islower()


def _telling(run: list[str]) -> list[str]:
    return [word for word in run if word.lower() not in GENERIC and len(word) > 3]


def _may_be_named(run: list[str]) -> bool:
    telling = _telling(run)
    capital = any(word[0].isupper() for word in telling)
    return bool(telling) and (capital or (len(run) > 1 and bool(_PLACE_WORD.match(run[-1].lower()))))


def _without_question(name: str) -> str:
    words = name.split()
    while words and words[0].lower() in QUESTION_WORDS:
        words.pop(0)
    return " ".join(words)
