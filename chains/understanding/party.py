"""Who travels and what it may cost: 两大一小, 一家三口, 带爸妈, 人均五百, under 500 yuan each."""

import re

from chains.understanding.numbers import ENGLISH_NUMBER, NUMBER, number_of
from chains.understanding.request import Budget, BudgetScope, Party

_BIG_SMALL = re.compile(rf"({NUMBER})\s*(?:个)?大人?\s*(?:带|和|,|,|、)?\s*({NUMBER})\s*(?:个)?(?:小孩?|孩子|娃)")
_FAMILY = re.compile(r"一家(?:子)?([三四五六七八3-8])口?|family of (three|four|five|six|seven|[3-7])", re.IGNORECASE | re.ASCII)
_FRIENDS = "朋友|闺蜜|同学|同事|室友|姐妹|兄弟|哥们|好友|亲戚"
_PEOPLE = re.compile(rf"({NUMBER})\s*(?:个|位|名)?(?:大学生|学生|人|女生|男生|姑娘|{_FRIENDS}|大人|成人|成年人)(?!均|民|气|少|多)")
_PEOPLE_EN = re.compile(rf"\b({ENGLISH_NUMBER}) (?:of us|people|persons|adults?|friends|travell?ers|students|girls|guys|ladies|women|men|colleagues|seniors travelling)\b|\bgroup of ({ENGLISH_NUMBER})\b", re.IGNORECASE | re.ASCII)
# Friends who come along with the speaker, who is then counted too; a number where one is said.
_WITH_FRIENDS = re.compile(rf"(?:和|跟|同|约了?|陪)(?:我)?(?:的)?(?:({NUMBER})\s*(?:个|位|名)?)?(?:好|男|女)?(?:{_FRIENDS})|\b(?:with|and) (?:my |a |an )?(?:({ENGLISH_NUMBER}) )?(?:best |good )?(?:friends?|colleagues?|roommates?|buddy|classmates?)\b|\bme and my (?:best )?friend\b", re.IGNORECASE | re.ASCII)
_CHILDREN = re.compile(rf"({NUMBER})\s*(?:个|名|位)?(?:\d+岁(?:的)?)?(?:小孩|孩子|娃|宝宝|小朋友|儿童|女儿|儿子|闺女)|\b({ENGLISH_NUMBER}) (?:small |little |young )?(?:kids?|children|child|toddlers?)\b", re.IGNORECASE | re.ASCII)
_A_CHILD = re.compile(r"(?:带|和|跟|陪|领|有)(?:着|上|我)?(?:个)?(?:家里)?(?:的)?(?:[\d一二两三四五六七八九十]{1,2}岁半?(?:大|多)?的?)?(?:孩子|小孩|娃|宝宝|小朋友|儿子|女儿|闺女)|\bwith (?:a |my |the |our )?(?:\w+-year-old|kid|child|toddler|baby|son|daughter)\b|\b(?:my|our) (?:kid|child|son|daughter)\b", re.IGNORECASE | re.ASCII)
_KIDS = re.compile(r"\bwith (?:my |the |our )?(?:kids|children)\b", re.IGNORECASE | re.ASCII)
_PARENTS = re.compile(r"爸妈|父母|老两口|我[和跟]老伴|爸爸和?妈妈|妈妈和?爸爸|爹妈|岳父岳母|公公婆婆|公婆|\bparents\b|(?:mum|mom|mother|mama) and (?:my |our )?(?:dad|father)|(?:dad|father) and (?:my |our )?(?:mum|mom|mother)", re.IGNORECASE | re.ASCII)
_GRANDPARENTS = re.compile(r"爷爷奶奶|外公外婆|姥姥姥爷|grandparents", re.IGNORECASE | re.ASCII)
_ELDERS = re.compile(rf"({NUMBER})\s*(?:个|位)?(?:老人|老年人|长辈|老)|\b({ENGLISH_NUMBER}) (?:elders|seniors|elderly)\b", re.IGNORECASE | re.ASCII)
_GRANDPARENT = re.compile(r"奶奶(?!庙)|爷爷|外婆(?!家)|外公|姥姥|姥爷|婆婆|\b(?:grandma|grandpa|grandmother|grandfather|granny|grandad)\b", re.IGNORECASE | re.ASCII)
_AN_ELDER = re.compile(r"(?:带|陪|和|跟|携)(?:着|上|我)?(?:家里)?(?:的)?(?:[\d一二两三四五六七八九十]{1,3}(?:多)?岁的)?(?:老人|长辈|妈妈|我妈|爸爸|我爸|老妈|老爸|妈|爸)(?!爸|妈)|我(?:爸|妈)(?!爸|妈)|\b(?:with|and|bring|take|taking) (?:my |our )?(?:old |elderly )?(?:mother|father|mum|mom|dad)(?:-in-law)?\b|\bmy (?:mother|father|mum|mom|dad) and (?:i|me)\b", re.IGNORECASE | re.ASCII)
_COUPLE = re.compile(r"情侣(?!酒店|房|路|中路)|小两口|俩人|两口|女朋友|男朋友|女友|男友|老婆|老公|爱人|对象|夫妻|夫妇|两口子|我们?俩|蜜月|\bcouple\b(?! of)|girlfriend|\bfianc|\bpartner\b|boyfriend|\bwife\b|husband|honeymoon|two of us", re.IGNORECASE | re.ASCII)
_ALONE = re.compile(r"一个人|独自|自己一人|单人|一人(?!均)|\bsolo\b|\balone\b|by myself|on my own", re.IGNORECASE | re.ASCII)

_WITHOUT_ME = re.compile(r"我不去|我?们?老两口|我[和跟]老伴|(?:他们|她们|他们俩|老两口|我[和跟]老伴|爸妈俩?)自己去|without me", re.IGNORECASE | re.ASCII)

_MONEY = rf"(-?{NUMBER})\s*(?:块钱|块|元|rmb|人民币|cny|yuan|￥|¥)?"
_PER_PERSON = re.compile(rf"(?:人均|每人|每个人|一个人|一人|单人)(?:预算|花费|消费|大概|不超过|最多|控制在|在)*\s*[￥¥]?\s*{_MONEY}", re.IGNORECASE | re.ASCII)
_PER_PERSON_AFTER = re.compile(rf"{_MONEY}\s*(?:/人|每人|一人|一个人|per person|each|pp|a head)", re.IGNORECASE | re.ASCII)
_PER_DAY = re.compile(rf"(?:每天|一天|每日)(?:预算|花费|消费|不超过|最多|花)*\s*[￥¥]?\s*{_MONEY}(?!夜|晚|\s*(?:个)?景)|{_MONEY}\s*(?:per person |each )?(?:/天|每天|一天|per day|a day)", re.IGNORECASE | re.ASCII)
_TOTAL = re.compile(rf"(?:预算|总共|一共|总预算|共|花费|花|控制在|不超过|别超过|只有|就|最多)(?:是|为|大概|大约|约|在|只有|就|控制在|不超过|最多|不要超过|花)*\s*[￥¥]?\s*(-?{NUMBER})\s*(?:块钱|块|元|rmb|人民币|cny|yuan|以内|之内|左右|以下|封顶|(?![\d天日晚夜人个位口家站次点年月号大名]))", re.IGNORECASE | re.ASCII)
_WITHIN = re.compile(rf"(?<!门票)(?<!票价)(-?{NUMBER})\s*(?:块钱|块|元|rmb|人民币)?\s*(?:以内|之内|的?预算|够吗|够不够|够玩|左右)", re.IGNORECASE | re.ASCII)
_ENGLISH_MONEY = re.compile(r"(?:budget(?: is| of)?|under|within|up to|less than|max(?:imum)?|around|about|have|spend)\s*(?:of |only |about |around )?[￥¥$]?\s*(-?\d[\d,]*(?:\.\d+)?\s?k?)\s*(?:yuan|rmb|cny|kuai|¥)?|(-?\d[\d,]*(?:\.\d+)?\s?k?)\s*(?:yuan|rmb|cny|kuai)", re.IGNORECASE | re.ASCII)


def read_party(text: str) -> Party | None:
    """The travelling party, or None where nobody was mentioned."""
    both = _BIG_SMALL.search(text)
    if both:
        return Party(_count(both[1]), _count(both[2]), _elders(text))
    family = _FAMILY.search(text)
    if family:
        size = _count(family[1] or family[2])
        return Party(2, size - 2, _elders(text))
    adults, children, elders = _adults(text), _children(text), _elders(text)
    if not (adults or children or elders):
        return None
    return Party(adults or int(not _WITHOUT_ME.search(text)), children, elders)


def _adults(text: str) -> int:
    people = _PEOPLE.search(text)
    friends = _WITH_FRIENDS.search(text)
    if friends and not (people and people.start() < friends.start()):
        return 1 + (_count(friends[1] or friends[2] or "1") or 1)
    if people and text[max(0, people.start() - 1)] != "每":
        return _count(people[1])
    english = _PEOPLE_EN.search(text)
    if english:
        return _count(english[1] or english[2])
    if _COUPLE.search(text) or re.search(r"闺蜜|姐妹俩|兄弟俩|母女|母子|父子|父女", text):
        return 2
    return 1 if _ALONE.search(text) else 0


def _children(text: str) -> int:
    counted = _CHILDREN.search(text)
    if counted:
        return _count(counted[1] or counted[2])
    if _KIDS.search(text) or re.search(r"双胞胎|\btwins\b", text):
        return 2
    return 1 if _A_CHILD.search(text) else 0


def _elders(text: str) -> int:
    named = 2 * bool(_PARENTS.search(text)) + (2 if _GRANDPARENTS.search(text) else len(_GRANDPARENT.findall(text)))
    if named:
        return named
    counted = _ELDERS.search(text)
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
        (_PER_DAY, "day"), (_PER_PERSON, "person"), (_PER_PERSON_AFTER, "person"), (_TOTAL, "party"), (_WITHIN, "party"),
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
