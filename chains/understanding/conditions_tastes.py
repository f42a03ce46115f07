"""What to eat and what to see, in a traveller's words: dishes and cuisines, kinds of sights, free ones only, how many a day.

Words for food and sights come from the records too: the dishes of the trip's cities, the closed list of tags. What is merely
liked ("喜欢", "more of") stays a like and is no condition. Not covered: diets that every meal must keep; they are left unread.
"""

import re

from chains.tools.itinerary.trip import Eat, FreeOnly, SightKind, SightsPerDay
from chains.understanding.clauses import Clause, Found, Scene
from chains.understanding.conditions_food import foods_in, read_food
from chains.understanding.conditions_refused import refused
from chains.understanding.conditions_time import said_day
from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER, number_of
from chains.understanding.wishes import LIKES
from knowledge.tags import TAGS

__all__ = ["Eat", "foods_in", "read_counts", "read_food", "read_free", "read_kinds"]
# Words for tags beyond those that `wishes` knows; they stand first, as they are the narrower ones.
_MORE_KINDS: dict[str, str] = {
    "游船": r"游船|坐船|乘船|(?<!dragon )boats?\b(?: rides?| trips?| tours?| cruises?)?|cruises?\b",
    "沙滩": r"沙滩|海滩|beach(?:es)?\b", "湿地": r"湿地|wetlands?", "溶洞": r"溶洞|\bcaves?\b|karst caves?", "长城": r"长城|great wall", "美食街": r"夜市|美食街|小吃街|night markets?|food streets?",
    "峡谷": r"峡谷|canyons?|gorges?", "宫殿": r"宫殿|palaces?\b", "教堂": r"教堂|church(?:es)?|cathedrals?", "森林": r"森林(?!公园)|forests?", "道观": r"道观|taoist temples?",
    "石窟": r"石窟|grottoes", "购物": r"商场|购物(?:店|街)?|逛街|shopping(?: malls?| streets?)?|\bmalls?\b", "遗址": r"遗址|ruins", "科技馆": r"科技馆|science museums?", "名人故居": r"名人故居|former residences?",
    "动物": r"大?熊猫|动物园?|animals?\b|pandas?|\bzoos?\b", "水上乐园": r"水上乐园|water parks?", "古村": r"古村落?|ancient villages?", "艺术区": r"艺术区|art districts?", "冰雪": r"冰雪类?|冰雕|ice sculptures?",
    "田园": r"田园|countryside", "植物": r"植物园|botanical gardens?", "纪念馆": r"纪念馆|memorial halls?",
}
_SOFT_ONLY = frozenset({"美食", "亲子", "情侣"})  # no sight is a condition for these: they stay likes
KINDS: dict[str, str] = _MORE_KINDS | {tag: words for tag, words in LIKES.items() if tag in TAGS and tag not in _MORE_KINDS and tag not in _SOFT_ONLY}
_HIDES = {"爬山": {"山岳"}, "徒步": {"山岳"}, "雪山": {"山岳"}, "沙滩": {"海滨"}, "主题乐园": {"公园"}, "水上乐园": {"主题乐园", "公园"}, "长城": {"城墙"}, "石窟": {"溶洞"}, "植物": {"园林"}, "科技馆": {"博物馆"}, "美术馆": {"博物馆"}, "道观": {"寺庙"}}
_WANT = re.compile(
    r"想(?!法)|要|必|一定|至少|安排|看|去|逛|泡|坐|乘|玩|爬|不能少|也行|都行|或|选|有(?!没有)|滑|漂|赏|must|\bwant|\bsee\b|\bvisit|at least|would like|i'd like|\bneed\b|include|\bgo\b|\bor\b|either", re.IGNORECASE | re.ASCII
)
_SOFT = re.compile(r"喜欢|爱(?!丁)|感兴趣|优先|为主|多(?:一)?点|多看|多去|最好|尽量|偏|推荐|什么|哪|有没有|(?<!'d )(?<!would )\blikes?\b(?! to)|\blove\b|interested|\bfans?\b|prefer|more\b|maybe|into\b|any\b|what", re.IGNORECASE | re.ASCII)
_PER_DAY = re.compile(
    rf"(?P<most>最多|不超过|不要超过|别超过|不能超过|至多|顶多|at most|max(?:imum)?(?: of)?|no more than|not more than|up to|only|just|只(?:安排|去|逛|看)?)?(?P<least>最少|至少|不少于|起码|at least|minimum(?: of)?|min)?\s*(?:安排|去|逛|看|玩|就|打卡)*\s*"
    rf"(?P<n>{NUMBER}|{ENGLISH_NUMBER})\s*(?:(?:到|至|-|~|–|to|or|,? ?but no more than)\s*(?P<high>{NUMBER}|{ENGLISH_NUMBER}))?\s*(?P<noun>(?:个|处)?(?:景点|景区|地方|地儿)|个点|处|个(?=$|就|以内|以上|够|左右|吧|·|,)|(?:tourist )?(?:sights?|attractions?|places|spots?|stops|sites)\b)(?P<over>以内|以上|之内|就够)?",
    re.ASCII,
)
_DAILY = re.compile(r"每天|每日|一天(?!的)|一日(?!游)|天天|a day|per day|each day|every day|daily|/day|any day", re.ASCII)
_FREE = re.compile(
    r"只(?:去|要|看|逛|玩|选|安排|想去|想)?.{0,4}(?:免费|不要钱|不收费)(?:的)?(?:景点|地方|景区)?|全(?:部|都|是)?(?:要|是)?.{0,4}免费(?:的)?(?:景点|地方)?|免费(?:的)?(?:景点|地方|景区)?(?:就行|就好|就可以|即可|足矣)|(?:不|别)(?:去|要|安排).{0,2}(?:收费|要钱|花钱|买票|要门票)(?:的)?(?:景点|地方)?|只(?:去|要|看|逛)不(?:要|收|用|花)(?:门?票|钱)的?(?:景点|地方)?|都不(?:要|想)?(?:去)?收(?:费|门票)的?|不要收费的?"
    r"|^(?:我)?(?:想去|要)?免费(?:的)?(?:景点|地方)(?:推荐)?$|(?:only|just|all)(?: see| visit| the| want)* free(?: sights| attractions| places| things| stuff| ones)?|free (?:sights|attractions|places|things|stuff|entry|admission|ones) only|nothing that costs\w*(?: entry| money| admission)?|no (?:paid|ticketed) (?:sights|attractions|places|entry)|no entrance fees?|(?:sights|places|attractions) without (?:tickets|admission)|without (?:paying|entrance)(?: fees?)?",
    re.ASCII,
)


def read_free(clause: Clause, _scene: Scene) -> list[Found]:
    """Only sights without an admission charge; not where it is said of the rest only, or of what a hotel offers."""
    match = _FREE.search(clause.text)
    if not match or clause.hotel or re.search(r"其他|其余|the rest|为主|优先|others", clause.text[:match.start()]):
        return []
    return [clause.found(FreeOnly(), match)]


def read_counts(clause: Clause, scene: Scene) -> list[Found]:
    """So many sights on every day, or on one."""
    day = said_day(clause.text, scene.days)
    goes_on = _DAILY.search(clause.before) and _PER_DAY.search(clause.before)
    if not (_DAILY.search(clause.text) or day or goes_on):
        return []
    match = _PER_DAY.search(clause.text.replace("两三个", "2到3个").replace("三四个", "3到4个").replace("一两个", "1到2个"))
    if not match or re.search(r"小时|间房|公里|元", clause.text[match.end():match.end() + 2]):
        return []
    least, most = _span(match, clause.text)
    if least is None and most is None:
        return []
    return [clause.whole(SightsPerDay(least=least, most=most, day=day))]


def _span(match: re.Match[str], text: str) -> tuple[int | None, int | None]:
    low, high = int(number_of(match["n"]) or 0), int(number_of(match["high"]) or 0) if match["high"] else None
    if low > 12 or (high or 0) > 12:
        return None, None
    if high is not None:
        return low, high
    if match["most"] or match["over"] in ("以内", "之内") or re.search(r"(?:at most|max\w*|no more than|最多|不超过|别超过|only)", text[:match.start()]):
        return None, low
    if match["least"] or match["over"] == "以上" or re.search(r"(?:at least|至少)", text[:match.start()]):
        return low, None
    return low, low


def read_kinds(clause: Clause, _scene: Scene) -> list[Found]:
    """Kinds of sights that must be there or must not; mere likes are marked as understood."""
    matches = _kinds_in(clause.text)
    if not matches or (clause.hotel and not re.search(r"景点|看|逛|去", clause.text)):
        return []
    out = [(tag, match) for tag, match in matches if refused(clause.text, match)]
    wanted = [(tag, match) for tag, match in matches if (tag, match) not in out]
    found = [clause.found(SightKind(any_of=(tag,), avoid=True), match) for tag, match in out]
    if not wanted:
        return found
    if _SOFT.search(clause.text) or not _wants(clause):
        return found + [clause.found(None, match) for _, match in wanted]
    if clause.choice and len(wanted) > 1:
        tags = tuple(tag for tag, _ in wanted)
        start, end = min(match.start() for _, match in wanted), max(match.end() for _, match in wanted)
        return [*found, Found(SightKind(any_of=tags), clause.start + start, clause.start + end)]
    return found + [clause.found(SightKind(any_of=(tag,)), match) for tag, match in wanted]


def soft_kinds(clause: Clause) -> tuple[str, ...]:
    """Tags that a clause speaks of without asking for them."""
    if not (_SOFT.search(clause.text) or not _wants(clause)) or (clause.hotel and not re.search(r"景点|看|逛|去", clause.text)):
        return ()
    return tuple(tag for tag, match in _kinds_in(clause.text) if not refused(clause.text, match))


def _wants(clause: Clause) -> bool:
    goes_on = re.match(r"\s*(?:and|和|也|还有)", clause.text) and _WANT.search(clause.before)
    return bool(_WANT.search(clause.text) or goes_on)


def _kinds_in(text: str) -> list[tuple[str, re.Match[str]]]:
    """Tags whose words stand in the text, in its order; a broad tag is hidden by a narrow one."""
    found = {tag: match for tag, words in KINDS.items() if (match := re.search(words, text, re.IGNORECASE | re.ASCII))}
    hidden = {broad for tag in found for broad in _HIDES.get(tag, ())}
    rows = sorted(((tag, match) for tag, match in found.items() if tag not in hidden), key=lambda row: (row[1].start(), -row[1].end()))
    rows = [(tag, match) for place, (tag, match) in enumerate(rows) if not any(match.start() < other.end() for _, other in rows[:place])]
    begins = {match.start() - gap for _, match in rows for gap in (0, 1) if gap == 0 or text[match.start() - 1] not in "和或与、/ "}
    return [(tag, match) for tag, match in rows if match.end() not in begins]  # 海边日落: the first says where the second is seen
