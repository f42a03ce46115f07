"""Dishes, cuisines and restaurants that are wanted or avoided, in a traveller's words.

Known are the dishes of the trip's cities, common foods and cuisines in both languages, some restaurants, and any short name after
吃 or "try". English foods carry their Chinese name along, as records are searched in it. Not covered: diets that every meal
must keep (vegetarian, halal only) beyond one meal; they are left unread.
"""

import re
from collections.abc import Iterator

from chains.tools.itinerary.trip import Eat
from chains.understanding.clauses import Clause, Found, Scene
from chains.understanding.conditions_refused import refused_at

# Chinese names, with the English words for the same where travellers use one.
_FOODS: dict[str, str] = {
    "火锅": r"(?:\w+ )?hot ?pot", "烤鸭": r"(?:peking|roast|beijing) duck", "小笼包": r"soup dumplings?|xiao ?long ?bao", "臭豆腐": r"stinky tofu", "海鲜": r"sea ?food", "川菜": r"sichuan (?:food|cuisine|dishes)|szechuan food",
    "粤菜": r"cantonese (?:food|cuisine)", "湘菜": r"hunan (?:food|cuisine)", "清真": r"halal(?: food| restaurants?)?|muslim food", "早茶": r"morning tea|yum cha", "点心": r"dim ?sum", "烧鹅": r"roast goose", "牛肉面": r"beef noodles?", "羊肉": r"\blamb\b|mutton", "牛肉": r"\bbeef\b(?! noodle)",
    "猪肉": r"\bpork\b", "沙茶面": r"satay noodles?", "米粉": r"rice noodles?", "烧烤": r"bbq|barbecue", "饺子": r"(?<!soup )dumplings?", "俄餐": r"russian (?:food|cuisine|restaurant)", "素": r"vegan food|vegetarian (?:food|restaurant|meal)", "辣": r"spicy(?: food| dishes| stuff|$)|chil[li]{1,2}e?s?\b|too hot food", "内脏": r"offal|innards",
    "香菜": r"coriander|cilantro", "花生": r"peanuts?", "河鲜": r"freshwater fish", "面条": r"\bnoodles\b", "生蚝": r"oysters?\b(?! omelet)", "小龙虾": r"crayfish", "西餐": r"western food", "日料": r"japanese food|sushi", "鸡爪": r"chicken feet", "海蛎煎": r"oyster omelet(?:te)?",
}
_CHINESE = (
    "本帮菜|绍兴菜|杭帮菜|淮扬菜|苏帮菜|鲁菜|徽菜|闽菜|东北菜|新疆菜|云南菜|贵州菜|客家菜|潮汕菜|家常菜|农家菜|素斋|素食|斋菜|串串香?|冒菜|麻辣烫|小面|酸辣粉|肉夹馍|羊肉?泡馍|泡馍|凉皮|biangbiang面|油泼面|热干面|豆皮|武昌鱼|鸭血粉丝汤?|盐水鸭|生煎|小笼|大闸蟹|西湖醋鱼|东坡肉|叫花鸡|龙井虾仁|酸汤鱼|丝娃娃|过桥米线|米线|菌子?火锅|菌菇|"
    "鱼丸|佛跳墙|土笋冻|姜母鸭|海蛎饼|肠粉|煲仔饭|双皮奶|云吞|白切鸡|椰子鸡|文昌鸡|清补凉|水席|胡辣汤|烩面|灌汤包|刀削面|油茶|螺蛳粉|啤酒鱼|毛豆腐|臭鳜鱼|锅包肉|铁锅炖|红肠|冷面|烤肉|狗不理(?:包子)?|煎饼[果馃]子|麻花|手抓羊肉|羊肉串|大盘鸡|抓饭|烤包子|馕|手把肉|烤全羊|糌粑|酥油茶|甜茶|牦牛肉|折耳根|兔头|香菜|牛羊肉|生冷|内脏|鸡爪|虾饼|太湖三白|排骨|茶点|小吃|豆腐|螃蟹|皮皮虾|鲍鱼"
)
_RESTAURANTS = r"全聚德|便宜坊|大董|东来顺|楼外楼|知味观|外婆家|绿茶餐厅|广州酒家|陶陶居|点都德|莲香楼|富春茶社|冶春|松鹤楼|得月楼|同盛祥|德发长|茶颜悦色|海底捞|小龙坎|陈麻婆|老孙家|贾三|quanjude|da dong|haidilao|goubuli(?: buns?)?|fuchun|lou ?wai ?lou"
_SAID = re.compile(
    r"(?:吃(?:一?(?:次|顿|点|些|口|个|到|上|一下|的)?)?|尝尝?|品尝)(?:当地的?|正宗的?|地道的?|老字号的?)?(?P<what>[\u4e00-\u9fff]{2,5}?)(?=$|·|,|要|都|吧|的|和|或|过敏|不|也|就|一|两|呢|啊|可以)"
    r"|在(?P<where>[\u4e00-\u9fff]{2,6})吃"
    r"|\b(?:try|eat|taste|have some|eating|allergic to|lunch at|dinner at|breakfast at|no|without)\s+(?:the |some |a |any |local |famous )*(?P<english>[a-z']+(?: [a-z']+){0,2})", re.ASCII
)
_NO_FOOD = re.compile(
    r"饭$|^(?:饭|喝|住|东西|什么|啥|好|点|早|午|晚|辣的?$|得|完|到|住行|喝玩乐|货|一|素$|省|便宜|贵|节约|遍|多|当地|特色|每|不)|^(?:local|food|good|well|out|at|in|there|lunch|dinner|breakfast|something|everything|anything|problem|need|more|less|later|earlier|early|hostel|hotel|bus|taxi|cab|flight|museum|temple|walk|plan|particular|preference|one|matter|idea|rush|the|it|a)\b"
)
_EATING = re.compile(r"吃|尝|喝|餐|饭|馆|过敏|忌|菜|food|\beat|lunch|dinner|breakfast|\btry\b|allerg|meal|restaurant|taste", re.ASCII)
_EVERY_MEAL = re.compile(r"我(?:们)?(?:都)?(?:是)?吃素|吃素的?$|全程.{0,2}(?:清真|素)|只吃|(?:i'm|we're|i am|we are|am|is) (?:a )?(?:vegetarian|vegan|muslim)|halal only|\bonly eat|eat only|only (?:halal|vegetarian)", re.ASCII)
_SOFT = re.compile(r"什么|啥|推荐|哪|喜欢|爱吃|\bwhat|recommend|love|(?<!'d )(?<!would )like", re.ASCII)


def read_food(clause: Clause, scene: Scene) -> list[Found]:
    """What is to be eaten at least once, and what never."""
    text = clause.text
    if _EVERY_MEAL.search(text) or (clause.lodging and not _EATING.search(text)):
        return []
    seen = list(foods_in(clause, scene))
    if not seen or (_SOFT.search(text) and not any(refused_at(text, start, end) for _, start, end in seen)):
        return []
    english = scene.request.language == "en"
    avoided = [one for one in seen if refused_at(text, one[1], one[2])]
    wanted = [one for one in seen if one not in avoided]
    found = [Found(Eat(any_of=_names(*one, text, english), avoid=True), clause.start + one[1], clause.start + one[2]) for one in avoided]
    if len(wanted) > 1 and clause.choice:
        names = tuple(dict.fromkeys(name for one in wanted for name in _names(*one, text, english)))
        return [*found, Found(Eat(any_of=names), clause.start + wanted[0][1], clause.start + wanted[-1][2])]
    return found + [Found(Eat(any_of=_names(*one, text, english)), clause.start + one[1], clause.start + one[2]) for one in wanted]


def _names(name: str, start: int, end: int, text: str, english: bool) -> tuple[str, ...]:
    """The name to look for; in English the traveller's words first."""
    return tuple(dict.fromkeys((text[start:end].strip(), name))) if english else (name,)


def foods_in(clause: Clause, scene: Scene) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of every food or restaurant in a clause, left to right, none overlapping."""
    text, place = clause.text, 0
    speaks = bool(_EATING.search(text) or _EATING.search(clause.before))
    hits = sorted({*_known(text), *_dishes(text, scene)}, key=lambda hit: (hit[1], -hit[2]))
    if not hits:
        hits = list(_spoken_of(text, speaks))
    for name, start, end in hits:
        if start >= place:
            dish = next((other[2] for other in hits if other[1] == end and re.fullmatch(_RESTAURANTS, name)), end)
            yield name, start, dish  # 全聚德烤鸭: the restaurant says enough
            place = dish


def _known(text: str) -> Iterator[tuple[str, int, int]]:
    for pattern in (_RESTAURANTS, _CHINESE):
        for match in re.finditer(pattern, text):
            yield match.group(), match.start(), match.end()
    for name, words in _FOODS.items():
        for match in re.finditer(rf"{name}|{words}" if len(name) > 1 else rf"(?<!麻|酸|香|火){name}(?!锅|子|妈)|{words}", text, re.ASCII):
            yield name, match.start(), match.end()


def _dishes(text: str, scene: Scene) -> Iterator[tuple[str, int, int]]:
    """The dishes that the records of the trip's cities name."""
    for city in scene.request.cities:
        for dish in scene.catalogue.cities[city].dishes if city in scene.catalogue.cities else ():
            for name in {*re.split("与|和|、", dish.name), dish.name_en.lower()}:
                place = text.find(name) if len(name) > 1 else -1
                if place >= 0:
                    yield dish.name if name.isascii() else name, place, place + len(name)


def _spoken_of(text: str, speaks: bool) -> Iterator[tuple[str, int, int]]:
    """What stands after 吃 or "try", where nothing known does."""
    for match in _SAID.finditer(text):
        group = next(name for name in ("what", "where", "english") if match[name])
        if group == "english" and match.group().startswith(("no ", "without")) and not speaks:
            continue
        if not _NO_FOOD.search(match[group]):
            yield match[group].strip(), match.start(group), match.end(group)
