"""Who travels and what it may cost: 两大一小, 一家三口, 老人两位, 带爸妈, 人均五百, under 500 yuan each.

Whoever speaks is counted where others are taken along. Not covered: friends whose number is left open, who count as one, and
grown-up children, who count as children.
"""

import re

from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER, number_of
from chains.understanding.request import Budget, BudgetScope, Party

MOST_PEOPLE = 50
_GROWN, _OLD, _CHILD = "大人|成人|成年人", "老人家?|老年人|长辈", "小朋友|小孩子?|孩子|娃娃?|宝宝|儿童"
_ANY = f"{_GROWN}|{_OLD}|{_CHILD}"
# A number behind its noun, as in forms: 老人两位, 大人2,小孩1. A bare Chinese number is left to the word after it (大人两小孩一).
_BEHIND = re.compile(
    rf"(?<![\d一二两俩三仨四五六七八九十个位名])({_ANY})\s*[::]?\s*(?:({NUMBER})\s*[个位名口](?!月)|(\d{{1,2}})(?!\d|\s*[岁天日晚元块点周年多月个位名]))(?!\s*(?:人|{_ANY}))", re.ASCII
)
# Grown-ups, children and elders in a row, each with its number: 两大一小, 2大1小1老, 三个大人带俩娃.
_ONE = rf"({NUMBER})\s*(?:个|位|名)?\s*({_ANY}|[大小老])(?![学时姐众吃镇城鱼段型师虎街年婆公板哥叔])"
_ROW = re.compile(rf"{_ONE}(?:[\s,、;+和加带及跟]*{_ONE})+", re.ASCII)
_KIND = re.compile(_ONE, re.ASCII)
_FAMILY = re.compile(r"(?:一家|全家)(?:子|人|老小|一共|总共)?([三四五六七八3-8])口?(?![天日晚点个])|([三四五六七八3-8])口之家|family of (three|four|five|six|seven|[3-7])", re.IGNORECASE | re.ASCII)
_FRIENDS = "朋友|闺蜜|同学|同事|室友|姐妹|兄弟|哥们|好友|亲戚"
_PEOPLE = re.compile(rf"(?<!每)(?<!元)(?<!块)({NUMBER})\s*(?:个|位|名)?(?:大学生|学生|人|女生|男生|姑娘|{_FRIENDS}|{_GROWN})(?!均|民|气|少|多|游客)", re.ASCII)
_US = re.compile(rf"(?:我们|咱们?)(?:一共|总共|一行)?({NUMBER})(?:个(?=$|[\s,。;去要想从在打准])|口|(?=$|[\s,。;去带要想从打]))|一共({NUMBER})口|(?:{_FRIENDS})(?:们)?({NUMBER})(?:个|人)(?![天月小])", re.ASCII)
_PEOPLE_EN = re.compile(
    rf"\b({ENGLISH_NUMBER}) (?:of us|people|persons|adults?|grown-?ups?|friends|travell?ers|students|girls|guys|ladies|women|men|colleagues|pax|seniors travelling)\b"
    rf"|\b(?:group|party) of ({ENGLISH_NUMBER})\b|\bwe(?:'re| are) ({ENGLISH_NUMBER})(?=$|[,.!;]| (?:people|in total))", re.IGNORECASE | re.ASCII
)
# A number of people who are all told apart beside it: 六个人,其中两个小孩, 我和妈妈两个人, six of us including two children.
_OF_THEM = re.compile(
    rf"(?:其中|包括|包含|[(,]含|里面?有)(?=[^,。;]{{0,5}}(?:{_ANY}|爸|妈))|\b(?:including|of (?:whom|them|which)|one of them)\b(?=.{{0,16}}\b(?:kid|child|toddler|baby|senior|elder|parent))",
    re.IGNORECASE | re.ASCII
)
_ALL_TOLD = re.compile(rf"(?:爸妈|父母|[爸妈]|奶奶|爷爷|外婆|外公|姥姥|姥爷|老人|孩子|娃|宝宝|儿子|女儿)(?:一起|[和跟]我)?[\s,]*(?:我们|一共|总共|共|一行)*\s*{NUMBER}\s*(?:个|口)?人", re.ASCII)
# Friends who come along with the speaker, who is then counted too; a number where one is said.
_WITH_FRIENDS = re.compile(rf"(?:和|跟|同|约了?|陪)(?:我)?(?:的)?(?:({NUMBER})\s*(?:个|位|名)?)?(?:好|男|女)?(?:{_FRIENDS})|\b(?:with|and) (?:my |a |an )?(?:({ENGLISH_NUMBER}) )?(?:best |good )?(?:friends?|colleagues?|roommates?|buddy|classmates?)\b|\bme and my (?:best )?friend\b", re.IGNORECASE | re.ASCII)
_KIN = "哥哥?|姐姐?|弟弟?|妹妹?|嫂子|姐夫|妹夫|弟媳|[表堂][哥姐弟妹]|姨妈?|姑姑|姑妈|舅舅?|舅妈|叔叔?|阿姨"
_WITH_KIN = re.compile(rf"(?:[和跟带陪同与]|还有)[我她他]?(?:家)?(?:的)?((?:{_KIN})(?:[、,和]?(?:{_KIN}))*)(?!家|们|花|山|岛|庙)|((?:{_KIN})(?:[、,和]?(?:{_KIN}))*)[和跟]我", re.ASCII)
_KIN_EN = re.compile(r"\b(?:my|our) (?:older |younger |big |little )?(?:sister|brother|cousin|aunt|uncle)(?!s)\b", re.IGNORECASE | re.ASCII)
_YEARS = r"(?:[\d一二两三四五六七八九十]{1,3}(?:个月|岁半?)(?:大|多)?的?)?"
_CHILDREN = re.compile(rf"({NUMBER})\s*(?:个|名|位)?{_YEARS}(?:{_CHILD}|女儿|儿子|闺女|孙子|孙女)|\b({ENGLISH_NUMBER}) (?:small |little |young )?(?:kids?|children|child|toddlers?|infants?)\b", re.IGNORECASE | re.ASCII)
_OFFSPRING = "kid|child|toddler|baby|infant|son|daughter|grandson|granddaughter|little one"
_A_CHILD = re.compile(
    rf"(?:带|和|跟|陪|领|有|[+])(?:着|上|我|一)?(?:个)?(?:家里)?(?:小|的)?{_YEARS}(?:{_CHILD}|儿子|女儿|闺女|小?孙子|小?孙女|外孙女?|侄子|侄女)|(?:老婆|老公|爱人|妻子|丈夫|媳妇)[、和]?(?:{_CHILD}|儿子|女儿)"
    rf"|\b(?:with|and) (?:a |an |my |the |our )?(?:\w+-(?:year|month)-old|{_OFFSPRING})\b|\b(?:my|our) (?:\w+-(?:year|month)-old )?(?:{_OFFSPRING})\b", re.IGNORECASE | re.ASCII
)
_KIDS = re.compile(r"\bwith (?:my |the |our )?(?:\w+ )?(?:kids|children)\b|\b(?:my|our) (?:kids|children)\b|双胞胎|\btwins\b", re.IGNORECASE | re.ASCII)
# Elders by name, and how many each word stands for; a word that was counted is taken out before the next is looked for.
_NAMED_ELDERS = tuple((number, re.compile(words, re.IGNORECASE | re.ASCII)) for number, words in (
    (4, r"(?:双方|两边|两家)的?(?:父母|爸妈|老人|家长)|四老|both (?:sets of |our )parents"),
    (0, r"(?<!my )(?<!our )(?<!elderly )(?<!old )\bparents (?:with|and) (?:a|an|one|two|three|\d) (?:\w+ )?(?:kids?|child|children|toddlers?|baby)"),  # the travellers themselves
    (2, r"爸妈|父母|爹妈|二老|老两口|我[和跟]老伴|爸爸和?妈妈|妈妈和?爸爸|岳父岳母|公公婆婆|公婆|(?:mum|mom|mother|mama) and (?:my |our )?(?:dad|father)|(?:dad|father) and (?:my |our )?(?:mum|mom|mother)"),
    (2, r"爷爷奶奶|外公外婆|姥姥姥爷|\bgrandparents\b|\bparents(?:-in-law)?\b|\bin-laws\b"),
    (1, r"奶奶(?!庙)|爷爷|外婆(?!家)|外公|姥姥|姥爷|婆婆|公公|岳[父母]|老?丈人|丈母娘|\b(?:grandma|grandpa|grandmother|grandfather|granny|grandad)\b"),
))
_ELDERS = re.compile(rf"({NUMBER})\s*(?:个|位|名)?(?:{_OLD}|老(?![师板家街城]))|\b({ENGLISH_NUMBER}) (?:elders?|seniors?|pensioners?|elderly)\b", re.IGNORECASE | re.ASCII)
_AN_ELDER = re.compile(
    r"(?:带|陪|和|跟|携)(?:着|上|我)?(?:家里)?(?:的)?(?:[\d一二两三四五六七八九十]{1,3}(?:多)?岁的)?(?:老人|长辈|妈妈|我妈|爸爸|我爸|老妈|老爸|妈|爸)(?!爸|妈)|我(?:爸|妈)(?!爸|妈)"
    r"|\b(?:with|and|bring|take|taking) (?:my |our )?(?:old |elderly |\w+-year-old )?(?:mother|father|mum|mom|dad)(?:-in-law)?\b|\bmy (?:\w+-year-old )?(?:mother|father|mum|mom|dad) and (?:i|me)\b", re.IGNORECASE | re.ASCII
)
_COUPLES = re.compile(rf"({NUMBER})\s*对(?:小?情侣|夫妻|夫妇|小两口)|\b({ENGLISH_NUMBER}) couples\b", re.IGNORECASE | re.ASCII)
_COUPLE = re.compile(r"情侣(?!酒店|房|路|中路)|小两口|俩人|(?<!老)两口|女朋友|男朋友|女友|男友|老婆|老公|爱人|媳妇|妻子|丈夫|对象|夫妻|夫妇|我们?俩|咱俩|蜜月|闺蜜|姐妹俩|兄弟俩|母女|母子|父子|父女|\bcouple\b(?! of)|girlfriend|\bfianc|\bpartner\b|boyfriend|\bwife\b|husband|honeymoon|two of us|(?<!my )(?<!our )(?<!elderly )(?<!old )\bparents (?:with|and) (?:a|an|one|two|three|\d) |\bfamily with\b", re.IGNORECASE | re.ASCII)
_ALONE = re.compile(r"一个人|独自|自己一人|单人|一人(?!均)|单身一?人?|\bsolo\b|\balone\b|by myself|on my own|\bjust me\b", re.IGNORECASE | re.ASCII)
_WITHOUT_ME = re.compile(
    r"我不去|(?<![带陪着])我?们?老两口|我[和跟]老伴|(?:他们|她们|他们俩|老两口|我[和跟]老伴|(?:爸妈|父母|老人)(?:俩|们|两个人|二人|两个)?)自己去|(?:爷爷|奶奶|外公|外婆|姥姥|姥爷|老人)带小?(?:孙|外孙)|without me", re.IGNORECASE | re.ASCII
)
_TOTAL = re.compile(r"\((\d{1,2}) ?(?:people|persons|of us|人|个人)\)", re.IGNORECASE)
_JOINED = re.compile(r"(?:加上?|带[着上]?|和|跟|陪|还有|外加|\b(?:plus|and|with))\s*(?:我|我们|the|my|our|her|his|两[位个]|一[位个]|[12][位个])?\s*$", re.IGNORECASE | re.ASCII)

_MONEY = rf"(-?{NUMBER})\s*(?:块钱|块|元|rmb|人民币|cny|yuan|￥|¥)?"
_PER_PERSON = re.compile(rf"(?:人均|每人|每个人|一个人|一人|单人)(?:预算|花费|消费|大概|不超过|最多|控制在|在)*\s*[￥¥]?\s*{_MONEY}", re.IGNORECASE | re.ASCII)
_PER_PERSON_AFTER = re.compile(rf"{_MONEY}\s*(?:/人|每人|一人|一个人|per person|each|pp|a head)", re.IGNORECASE | re.ASCII)
_PER_DAY = re.compile(rf"(?:每天|一天|每日)(?:预算|花费|消费|不超过|最多|花)*\s*[￥¥]?\s*{_MONEY}(?!夜|晚|\s*(?:个)?景)|{_MONEY}\s*(?:per person |each )?(?:/天|每天|一天|per day|a day)", re.IGNORECASE | re.ASCII)
_AMOUNT = re.compile(rf"(?:预算|总共|一共|总预算|共|花费|花|控制在|不超过|别超过|只有|就|最多)(?:是|为|大概|大约|约|在|只有|就|控制在|不超过|最多|不要超过|花)*\s*[￥¥]?\s*(-?{NUMBER})\s*(?:块钱|块|元|rmb|人民币|cny|yuan|以内|之内|左右|以下|封顶|(?![\d天日晚夜人个位口家站次点年月号大名]))", re.IGNORECASE | re.ASCII)
_WITHIN = re.compile(rf"(?<!门票)(?<!票价)(-?{NUMBER})\s*(?:块钱|块|元|rmb|人民币)?\s*(?:以内|之内|的?预算|够吗|够不够|够玩|左右)", re.IGNORECASE | re.ASCII)
_ENGLISH_MONEY = re.compile(r"(?:budget(?: is| of)?|under|within|up to|less than|max(?:imum)?|around|about|have|spend)\s*(?:of |only |about |around )?[￥¥$]?\s*(-?\d[\d,]*(?:\.\d+)?\s?k?)\s*(?:yuan|rmb|cny|kuai|¥)?|(-?\d[\d,]*(?:\.\d+)?\s?k?)\s*(?:yuan|rmb|cny|kuai)", re.IGNORECASE | re.ASCII)

_SPOKEN = (_BEHIND, _ROW, _FAMILY, _TOTAL, _WITH_FRIENDS, _CHILDREN, _A_CHILD, _KIDS, *(words for _, words in _NAMED_ELDERS), _ELDERS, _AN_ELDER,
           _PEOPLE, _US, _PEOPLE_EN, _COUPLES, _WITH_KIN, _KIN_EN, _COUPLE)


def without_party(text: str) -> str:
    """The text without the words that tell who travels, for what is left over of a request."""
    rest = text
    for words in _SPOKEN:
        rest = words.sub(" ", rest)
    return text if rest == text else _OF_THEM.sub(" ", rest)


def read_party(text: str) -> Party | None:
    """The travelling party, or None where nobody was mentioned."""
    text = _BEHIND.sub(lambda match: f"{match[2] or match[3]}个{match[1]}", text)
    row = _in_a_row(text)
    party = row if row and row.adults else _family(text) or _one_by_one(text, row or Party())
    total = _TOTAL.search(text)
    if total and (party is None or party.size != int(total[1])):
        return Party(adults=min(MOST_PEOPLE, int(total[1])))
    return party


def _in_a_row(text: str) -> Party | None:
    """两大一小, and elders who are told beside it."""
    row = _ROW.search(text)
    if row is None:
        return None
    counts = {"大": 0, "小": 0, "老": 0}
    for number, noun in _KIND.findall(row[0]):
        kind = "大" if re.match(f"大|{_GROWN}", noun) else "老" if re.match(f"老|{_OLD}", noun) else "小"
        counts[kind] += _count(number)
    return Party(counts["大"], counts["小"], counts["老"] or _elders(text))


def _family(text: str) -> Party | None:
    """一家五口: those who are told apart belong to it unless they are said to join (一家三口加外婆)."""
    family = _FAMILY.search(text)
    if family is None:
        return None
    size = _count(next(group for group in family.groups() if group))
    rest = text[family.end():]
    elders, first = _elders(text), _first_elder(rest)
    joins = first is not None and bool(_JOINED.search(rest[:first]))
    own = 0 if joins or first is None else min(elders, size - 1)
    if not elders and size > 4 and re.search("三代|three generations", text, re.IGNORECASE):
        own = elders = 2
    children = min(_children(rest), size - own - 1) or max(0, size - own - 2)
    return Party(size - own - children, children, elders)


def _first_elder(text: str) -> int | None:
    """Where the first word for an elder stands."""
    places = [match.start() for pattern in (*(words for _, words in _NAMED_ELDERS), _ELDERS, _AN_ELDER) if (match := pattern.search(text))]
    return min(places, default=None)


def _one_by_one(text: str, row: Party) -> Party | None:
    adults, children, elders = _adults(text), row.children or _children(text), row.elders or _elders(text)
    if not (adults or children or elders):
        return None
    others, told = children + elders, _OF_THEM.search(text)
    if told and adults >= others:
        return Party(adults - others, children, elders)
    if adults >= others and _ALL_TOLD.search(text):
        adults -= others
    return Party(adults or int(not _WITHOUT_ME.search(text)), children, elders)


def _adults(text: str) -> int:
    people, friends = _PEOPLE.search(text), _WITH_FRIENDS.search(text)
    if friends and not (people and people.start() < friends.start()):
        return 1 + (_count(friends[1] or friends[2] or "1") or 1)
    for counted in (people, _US.search(text), _PEOPLE_EN.search(text)):
        if counted:
            return _count(next(group for group in counted.groups() if group))
    pairs = _COUPLES.search(text)
    if pairs:
        return 2 * _count(pairs[1] or pairs[2])
    kin = _kin(text)
    if _COUPLE.search(text):
        return 2 + kin
    return 1 + kin if kin or _ALONE.search(text) else 0


def _kin(text: str) -> int:
    """Brothers, sisters and their like who come along, each named: 我和弟弟妹妹."""
    named = [match[1] or match[2] for match in _WITH_KIN.finditer(text)]
    return sum(len(re.findall(_KIN, names)) for names in named) + len(_KIN_EN.findall(text))


def _children(text: str) -> int:
    counted = _CHILDREN.search(text)
    if counted:
        return _count(counted[1] or counted[2])
    if _KIDS.search(text):
        return 2
    return 1 if _A_CHILD.search(text) else 0


def _elders(text: str) -> int:
    named = 0
    for number, words in _NAMED_ELDERS:
        text, found = words.subn(" ", text)
        named += number * found
    counted = _ELDERS.search(text)
    if named:
        return named
    if counted:
        return _count(counted[1] or counted[2])
    return 1 if _AN_ELDER.search(text) else 0


def _count(text: str) -> int:
    value = number_of(text)
    return int(value) if value is not None else 0


def read_budget(text: str) -> Budget | None:
    """The spending limit, or None. A negative amount is kept, so that it can be answered."""
    english_person = re.search(r"per person|each|a head|\bpp\b", text, re.IGNORECASE | re.ASCII)
    english_day = re.search(r"per day|a day|daily", text, re.IGNORECASE | re.ASCII)
    readers: tuple[tuple[re.Pattern[str], BudgetScope], ...] = (
        (_PER_DAY, "day"), (_PER_PERSON, "person"), (_PER_PERSON_AFTER, "person"), (_AMOUNT, "party"), (_WITHIN, "party"),
        (_ENGLISH_MONEY, "day" if english_day else "person" if english_person else "party"),
    )
    for pattern, scope in readers:
        for match in pattern.finditer(text):
            amount = next((group for group in match.groups() if group), "")
            value = _amount(amount)
            if value is not None and (abs(value) >= 20 or "元" in match[0] or "块" in match[0] or "yuan" in match[0].lower()):
                return Budget(value, scope)
    return None


def _amount(text: str) -> float | None:
    value = number_of(text.lstrip("-"))
    return -value if value is not None and text.startswith("-") else value
