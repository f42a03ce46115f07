"""What of a request nobody read: whole clauses, and clauses of which a number, a refusal or several words are left over.

Shown to the traveller word for word, so it leans to showing too much. Left out are politeness, and the words that every request
for a trip is made of (想去, 玩, a trip to …).
"""

import re
from collections.abc import Iterable, Sequence

from chains.understanding.clauses import Clause, Found
from chains.understanding.dates import HOLIDAYS
from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER, number_of
from chains.understanding.party import without_party
from chains.understanding.wishes import LIKES

MOST_CHARACTERS, MOST_WORDS = 1, 0  # left over in a clause that was understood otherwise
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# Days, dates, people: what `dates` and `party` read into the request's slots.
_FRAME = re.compile(
    rf"\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|(?:\d{{4}}年)?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号]?|份|底|初|中旬)?(?:(?:到|至|-|~)\S{{1,4}}[日号])?"
    rf"|(?<!第)(?:{NUMBER})\s*个?[天日](?:(?:{NUMBER})[晚夜])?(?:半)?(?:游|行)?|[一二两三四五六七八九\d]日游?|(?:一|1)个?(?:周|星期)(?!末)|(?:{ENGLISH_NUMBER})[ -]?(?:full )?(?:days?|nights?)\b|(?:a|one) week\b|\bday trip\b|半天"
    r"|(?:下下|下个?|这个?|本)(?:周|星期|礼拜)[一二三四五六日天末](?:(?:到|至|-)(?:周|星期|礼拜)?[一二三四五六日天])?|周末|(?:next|this|coming) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:this |next )?weekend|大后天|后天|明天|今天|\btomorrow\b|\btoday\b"
    rf"|(?:\b(?:{_MONTHS})[a-z]*\.? )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})[a-z]*\b|\b(?:{_MONTHS})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?\b|(?<=in )(?:{_MONTHS})[a-z]*\b"
    rf"|(?:{NUMBER})\s*大(?:人)?(?:{NUMBER})\s*小(?:孩)?|(?:一|1)个?(?:礼拜|星期)|儿子|女儿|闺女|双胞胎|老伴|老两口|夫妻俩?|[一二三四五六七八九十\d]{1,3}岁半?的?|一家[三四五六3456]口?|一共[三四五六3456]口|(?:{NUMBER})\s*(?:个|位|名)?(?:大学生|学生|人|朋友|闺蜜|同学|大人|成人|女生|男生|老人|长辈|小孩|孩子|娃|宝宝|小朋友)|俩人?|family of \w+"
    rf"|(?:{ENGLISH_NUMBER}) (?:of us|people|persons|adults?|friends|travell?ers|students|kids?|child(?:ren)?|elders|seniors|pax)\b|\bgroup of \w+|爸妈|父母|爷爷奶奶|外公外婆|爸爸|妈妈|我妈|我爸|奶奶|爷爷|外婆|外公|姥姥|姥爷|女生|男生|老[婆公人]|女朋友|男朋友|女友|男友|媳妇|对象|情侣|夫妻|闺蜜|带娃|遛娃|孩子|小孩|娃|自己|一个人|独自|爸妈带"
    r"|\b(?:parents|grandparents|wife|husband|girlfriend|boyfriend|couple|kids?|children|solo|alone|mom|mum|dad|mother|father|son|daughter|family)\b|" + "|".join(HOLIDAYS.values())
    + "|" + LIKES["美食"] + "|" + LIKES["亲子"] + "|" + LIKES["情侣"],
    re.IGNORECASE | re.ASCII,
)
_CHINESE_FILL = (
    "改成|改到|改为|换成|变成|改|换|一顿|一餐|我|我们|咱|咱们|你|你们|他们|她|请|请问|麻烦|帮|帮忙|给|给我|想法|想|要求|要是|要|去|到|来|在|的|的话|了|吧|呢|吗|啊|呀|哦|哈|嘛|和|跟|与|及|也|都|就|还|再|又|很|挺|比较|尽量|最好|可以|行不行|行|能|得|会|是|有|个|些|一下|点|下|位|"
    "安排|规划|计划|行程|攻略|路线|方案|旅游|旅行|游玩|游览|玩玩|玩|游|逛逛|逛|看看|看|走走|转转|打卡|体验|一趟|一次|一定|必须|务必|必|这次|这|那边|那|大概|左右|差不多|准备|打算|希望|觉得|喜欢|爱|出去|过|跑|第一次|首次来|首次|出差|顺便|连着|"
    "谢谢|多谢|您好|你好|哈喽|好|好的|嗯|带|带上|领|陪|自由行|推荐|排|做|吃|住|住宿|坐|酒店|地方|景点|类|里|上|中间|市区|城里|城市|应该|反正|另外|还要|还有|并且|而且|同时|不过|但是|但|然后|其中|或|或者|要么|都行|也行|一起|总共|一共|预算|人均|主要|整个|全程|需要|订|找|选|挑|搞|弄|整|想着|待|呆|周边|附近|边上|出行|交通|以内|出发|返回|返程|回|地|得|着|为主|全部|全|东西|之类|相关|太|更|特别|非常|超|超级|真|真的|其实|可能|吃住|往返|来回|内|之|门票|们|家|公司|团建|香港人|学生党|爱好者|徒步爱好者|安安静静|只|拿|开心就好|随便|无论如何|暂定|咯|哇|噢|一|月|房|房间|间|票|走|自|从|由|飞|往|时|时候|时间|让|用|乘|开始|时|段|趟|次|只要|够|呆几天|几|天|先|后|再|紧|不多|够了|怎么|咋|如何|合理|划算|求|列|分配|宿舍|有空|明年|今年|岁|打算|游玩|本地|当地|正宗|地道|一个|一家|至少|起码|尝尝|品尝|城际|两城|之间|出门|离开|逛完|出来|抵达|到达|餐厅|饭店|馆子|安静|要么|么|过去|一般|水平|嘞|滴|哒|啦|耶|喔"
)
_ENGLISH_FILL = (
    r"between cities|start|starting|use|instead|change|switch|re|ve|ll|d|s|m|land|leave|arrive|how|organise|organize|arrange|arranged|look|map|put|together|covering|cover|includes|include|itinery|itineraries|split|route|list|best|way|festival|elderly|old|years?|adults?|child|just|at least|give|lunch|dinner|in the city|city|town|rather|everywhere|pm|am|a time|each time|needed|them|those|something|somewhere|somehow|kind of|lots|again|things|thing|doing|done|having|i|i'm|im|i'd|i'll|we|we're|we'd|we'll|me|my|our|us|you|your|the|a|an|and|or|to|in|on|at|of|for|with|from|by|is|are|be|am|was|will|would|like|love|want|wants|wanted|need|needs|please|pls|plz|hi|hello|hey|thanks|thank|trip|travel|travelling|traveling|tour|holiday|vacation|visit|visiting|visits|see|seeing|go|going|plan|planning|itinerary|make|help|can|could|should|must|have|has|do|does|let|let's|some|any|it|its|that|this|there|here|also|too|maybe|about|around|total|budget|stay|staying|hotel|hotels|room|rooms|day|days|people|person|ok|okay|fine|good|nice|great|then|but|plus|as|well|so|if|possible|prefer|preferably|try|eat|food|place|places|sights?|attractions?|up|out|over|want|including|include|included|which|both|either|definitely|really|very|yuan|rmb|get|spend|book|looking|time|though|because|coming|along|us|will|us|friends|leaving|arriving|by|within|say|not|decide|whatever|though|might|'s|'d|'ll|places|one|us|take|bring|walk|day|what|everyone|all|whole|full|student|romantic"
)
_DAYS = re.compile(rf"(?<![第后每月\d])({NUMBER})\s*个?天(?!半|[一二两三四五六七八九\d])|\b({ENGLISH_NUMBER})[ -](?:full )?days?\b(?! of| before)", re.ASCII)
_NIGHTS = re.compile(rf"(?<!天)(?:{NUMBER})[晚夜](?!上)|\b(?:{ENGLISH_NUMBER}) nights?\b", re.ASCII)
_FILLER = re.compile(rf"(?:{'|'.join(sorted(_CHINESE_FILL.split('|'), key=len, reverse=True))})|\b(?:{_ENGLISH_FILL})\b", re.IGNORECASE | re.ASCII)
_SIGNS = re.compile(r"[\s·§¤,.;:!?、。/\-–—~()（）\"“”'’&+…]+")
_HOT = re.compile(
    rf"\d|(?!一个|一次|一顿|一餐)(?:{NUMBER})(?:点|晚|夜|间|公里|米|小时|个|次|分|位|顿|站|层)|(?<![特分级区])别(?!的)|不(?!错)|没|除了|只(?!有)|必须|半(?!天)|走路|步行|骑|自驾|避开|跟团|讲解|第[一二三四五六七八九\d]+[天日晚]|(?:首|最后一|头一)[天日晚]|上午|下午|中午|早上|晚上|傍晚|白天|夜里|\bday \d|\b(?:first|second|third|last) (?:day|night)|(?:周|星期|礼拜)[一二三四五六日天]|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\bmorning|\bafternoon|\bevening|\bnoon\b|\btwice\b|\bevery\b|\beach\b|\bno\b|\bnot\b|n't\b|\bwithout\b|\bavoid\b|\bskip\b|\bonly\b|\bexcept\b|\bmust\b|\bnever\b|\bunder\b|\bless\b|\bmore\b|\bleast\b|\bmost\b"
)
_LIMITS = re.compile(
    r"不(?:要|想|能|去|吃|坐|打|住|看|逛|爬|安排|超过|考虑|用|可|太)*|别(?:安排|去|给我?|带我?|超过?|太)*|没有?|对|过敏|除了|除外|只(?:要|坐|去|想|吃|住|用)?|必须|每次|约不上就算"
    r"|\b(?:no|not|do not|don't|doesn't|can't|skip|avoid|only|without|except|must|never|at least|at most|at|more|than|after|before|by|until|each|every|most|least|less|under|hate|dislike)\b", re.ASCII,
)
_CHATTER = re.compile(
    r"^(?:(?:你好|您好|哈喽|嗨|谢谢|多谢|谢啦|麻烦了|辛苦了|拜托了?|求推荐|求攻略|求安排|求行程|开心就好|(?:其他|其它|别的|其余)(?:的)?(?:都)?(?:随便|随意|都行|你(?:们)?(?:看着)?(?:定|安排|办))?|随便|都可以|都行|你(?:看着)?(?:定|办|安排)"
    r"|(?:.{0,4}(?:行程|路线))?(?:该|要)?(?:怎么|咋|如何)(?:安排|玩|走|排|弄|规划|分配|去|搞)(?:比较|最|更)?(?:合理|好|顺|划算|舒服)?|多了累|过敏|就这样|别的不限|没别的要求了?|不赶的|是这样的|我不去)[吧啊呀呢哈]*"
    r"|hi(?: there)?|hello|hey|thanks?(?: you)?(?: a lot| in advance)?|thank you(?: very much)?|please|cheers|you decide|up to you|whatever|anything (?:is )?(?:fine|ok|goes)|the rest is up to you|that's (?:it|all))$",
    re.IGNORECASE | re.ASCII,
)


def unread_of(text: str, clauses: Sequence[tuple[Clause, Clause]], found: Iterable[Found], days: int) -> list[str]:
    """The clauses, as (before, after reading), that are to be shown, in the traveller's own writing; `days` are the trip's."""
    marks = list(found)
    return [text[whole.start:whole.end].strip() for whole, rest in clauses if _left(whole, rest, marks, days)]


def _left(whole: Clause, rest: Clause, marks: Sequence[Found], days: int) -> bool:
    said = whole.text.strip()
    if _CHATTER.match(said):
        return False
    if "§" in rest.text or _other_days(whole, rest, days):
        return True
    bare = _FRAME.sub(" ", without_party(rest.text))
    mine = [mark for mark in marks if mark.start < whole.end and whole.start < mark.end]
    if not (mine or bare != rest.text or "¤" in said):
        return bool(_bare(bare)) or bool(_HOT.search(bare))
    if any(mark.condition for mark in mine):
        bare = _LIMITS.sub(" ", bare)  # 不, only … belong to the condition that was read
    over = _bare(bare)
    characters, words = len(re.findall(r"[\u4e00-\u9fff]", over)), len(re.findall(r"[a-z0-9']+", over, re.ASCII))
    return characters > MOST_CHARACTERS or words > MOST_WORDS or bool(_HOT.search(bare))


def _bare(text: str) -> str:
    """Without the words that every request is made of, and without signs."""
    return _SIGNS.sub(" ", _FILLER.sub(" ", text)).strip()


def _other_days(whole: Clause, rest: Clause, days: int) -> bool:
    """A stretch of days or nights that is not the trip's: nobody read what it is for."""
    if "§" in whole.text and _NIGHTS.search(rest.text):
        return True
    said = [number_of(match[1] or match[2]) for match in _DAYS.finditer(rest.text)]
    return any(number is not None and number != days for number in said)
