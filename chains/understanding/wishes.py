"""What kinds of sights are wanted and not wanted: 海边, 不想爬山, 免费, 50元以内, only 5A."""

import re

from chains.understanding.numbers import NUMBER, number_of
from chains.understanding.request import Wishes

# Tag of knowledge.tags (美食 and 免费 aside) to the words people use for it.
LIKES: dict[str, str] = {
    "海滨": r"海滨|海边|看海|大海|海景|赶海|吹海风|沙滩|海滩|seaside|\bsea\b|ocean view|coast|waterfront|beach",
    "海岛": r"海岛|\bislands?\b",
    "山岳": r"山岳|名山|看山|山水|大山|自然风光|自然景|mountains?\b|nature|scenery", "湖泊": r"湖泊|湖边|看湖|\blakes?\b",
    "古镇": r"古镇|水乡|water towns?|(?:ancient|old) (?:water )?towns?(?! wall)", "古城": r"古城(?!墙)|ancient cit(?:y|ies)|old city",
    "老街": r"老街|老城区|老城|胡同|巷子|old streets?|hutongs?|old quarter",
    "寺庙": r"寺庙|寺院|拜佛|烧香|庙(?!会)|temples?\b", "园林": r"园林|classical gardens?|\bgardens?\b",
    "博物馆": r"博物馆|看展|文物|museums?\b", "美术馆": r"美术馆|画展|艺术展|art (?:museum|galler)\w*|galler(?:y|ies)",
    "公园": r"公园|\bparks?\b", "主题乐园": r"主题乐园|游乐园|游乐场|过山车|迪士尼那种|theme parks?|amusement parks?|roller coasters?",
    "动物": r"动物|熊猫|animals?|pandas?|\bzoos?\b", "海洋馆": r"海洋馆|水族馆|海底世界那种|aquariums?",
    "夜景": r"夜景|夜游|夜生活|晚上去哪|晚上看|灯光秀|night ?views?|night ?life|at night|night scenery|night lights",
    "美食": r"美食|好吃的|小吃|吃货|吃吃吃|海鲜|love food|good food|street food|local food|foodies?|seafood|\beat(?:ing)?\b|cuisine",
    "购物": r"购物|逛街|买买买|shopping", "演出": r"演出|表演|看戏|shows?\b|performances?",
    "亲子": r"亲子|遛娃|适合(?:小)?(?:孩子|小孩|娃|宝宝|小朋友)|(?:孩子|小孩|娃|小朋友)(?:喜欢|能玩|可以玩|爱玩)|kid[- ]friendly|family[- ]friendly|child[- ]friendly|for (?:the |my )?(?:kids|children|families)",
    "情侣": r"情侣(?:约会)|约会|浪漫|romantic|for couples", "爬山": r"爬山|登山|climb(?:ing)?|爬.{0,2}山",
    "徒步": r"徒步|\bhik(?:e|es|ing)\b|trek(?:king)?", "赏花": r"赏花|看花|樱花|桃花|油菜花|花海|flowers?|blossoms?",
    "日出": r"日出|sunrise", "日落": r"日落|夕阳|sunset", "拍照": r"拍照|摄影|出片|photo(?:s|graphy|genic)?\b|instagram\w*|pictures",
    "温泉": r"温泉|泡汤|hot springs?", "滑雪": r"滑雪|\bski(?:ing)?\b", "红色": r"红色(?:景点|旅游|教育)|革命|revolutionary",
    "大学": r"大学(?!生)|高校|campus|universit(?:y|ies)", "世界遗产": r"世界遗产|世遗|world heritage|unesco",
    "步行街": r"步行街|pedestrian streets?", "缆车": r"缆车|索道|cable ?cars?", "游船": r"游船|坐船|乘船|boat (?:ride|trip|tour|cruise)s?|cruises?\b",
    "城墙": r"城墙|city walls?", "瀑布": r"瀑布|waterfalls?", "骑行": r"骑行|骑车|cycling|bik(?:e|ing)\b", "草原": r"草原|grasslands?",
    "沙漠": r"沙漠|deserts?\b", "雪山": r"雪山|snow mountains?", "漂流": r"漂流|rafting", "冰雪": r"冰雪|冰雕|ice sculptures?",
}
_REFUSE = r"(?:不(?:想|要|去|看|逛|爬|玩|吃|安排|考虑)(?:要|去|看|逛|爬|玩|吃)?|别(?:安排|推荐|去|给我|要)?|不要|不爱|不喜欢|讨厌|没兴趣|不感兴趣|避开|跳过|拒绝|除了|怕|不能|没法|走不动|\bno\b|\bnot?\b(?: into| interested in| a fan of)?|don'?t (?:like|want|enjoy|care (?:for|about))|hate|avoid|skip|without|can'?t|except|but no|dislike)"
_FREE = re.compile(r"免费|不要钱|不花钱|不要?收费|不要门票|零元|不用(?:门)?票|白嫖|(?<!\d)0元|\bzero yuan|\b0 yuan|free(?! time| wifi| (?:after|fore)noon| morning| evening| day|ly)|no (?:entrance |admission )?(?:fee|ticket)s?|without (?:entry|entrance) fee", re.IGNORECASE | re.ASCII)
_CAP = re.compile(rf"(?:门票|票价)?(?:低于|不超过|少于|别超过|不到|under|below|less than|up to)\s*({NUMBER})\s*(?:块|元|yuan|rmb)?(?:的(?:门票|景点))|(?:门票|票价|tickets?)\s*(?:价格)?(?:在|低于|不超过|少于|别超过|under|below|less than|up to|costing (?:under|less than))\s*({NUMBER})|(?:门票|票价)\s*({NUMBER})\s*(?:块|元)?(?:以内|以下|之内)|({NUMBER})\s*(?:块|元)(?:钱)?(?:以内|以下|之内)的(?:门票|景点|地方)", re.IGNORECASE)
_WEARY = {"爬山": r"爬不(?:动|了)|走不(?:动|了)山", "徒步": r"走不(?:动|了)(?!点)"}  # who cannot walk far wants no hike
_LEVEL = re.compile(r"([345])\s*[aA]+\s*级?|([aA]{3,5})(?:级)?|([五四三])[aA]")


def read_wishes(text: str) -> Wishes:
    """Likes, dislikes, free only, a ticket ceiling and a least level from a normalised text."""
    likes: list[str] = []
    dislikes: list[str] = []
    for tag, words in LIKES.items():
        refused = re.search(rf"{_REFUSE}[^,，。;；!！?？]{{0,10}}?(?:{words})|不(?:用|坐|必|再)?(?:{words})|(?:{words})[\u4e00-\u9fff]{{0,3}}(?:的|这类|之类)(?:地方)?(?:就)?(?:算了|免了|不要)|(?:{words})(?:就)?(?:不要(?!钱|门?票|收)|不去|算了|没兴趣|不感兴趣|免了|就不必)", text, re.IGNORECASE | re.ASCII)
        if refused or (tag in _WEARY and re.search(_WEARY[tag], text)):
            dislikes.append(tag)
        elif re.search(words, text, re.IGNORECASE | re.ASCII):
            likes.append(tag)
    cap = _CAP.search(text)
    level = _LEVEL.search(text)
    return Wishes(
        tuple(_without_shadowed(likes)), tuple(_without_shadowed(dislikes)), bool(_FREE.search(text)),
        number_of(next(group for group in cap.groups() if group)) if cap else None, _level(level),
    )


def _without_shadowed(likes: list[str]) -> list[str]:
    """爬山 says 山岳 already, 美术馆 is not 博物馆 too, and so on."""
    shadows = {"爬山": {"山岳"}, "徒步": {"山岳"}, "雪山": {"山岳"}, "美术馆": {"博物馆"}, "主题乐园": {"公园"}}
    hidden = {tag for like in likes for tag in shadows.get(like, set())}
    return [like for like in likes if like not in hidden]


def _level(match: re.Match[str] | None) -> int:
    if not match:
        return 0
    digit, letters, chinese = match.groups()
    if digit:
        return int(digit)
    return len(letters) if letters else {"五": 5, "四": 4, "三": 3}[chinese]
