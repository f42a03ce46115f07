"""What the parts of a trip are called, in Chinese and English: ways of getting about, kinds of cost, tags of sights, features of hotels."""

import re
from collections.abc import Iterable

from chains.tools.itinerary.trip import CostKind, IntercityMode, Mode
from chains.understanding.request import Language
from knowledge.tags import TAGS

MODES: dict[Language, dict[Mode | IntercityMode, str]] = {
    "zh": {"walk": "步行", "metro": "地铁", "bus": "公交", "taxi": "打车", "train": "火车", "plane": "飞机", "coach": "大巴"},
    "en": {"walk": "walk", "metro": "metro", "bus": "bus", "taxi": "taxi", "train": "train", "plane": "plane", "coach": "coach"},
}
COSTS: dict[Language, dict[CostKind, str]] = {
    "zh": {"tickets": "门票", "food": "餐饮", "lodging": "住宿", "local": "市内交通", "intercity": "城际交通"},
    "en": {"tickets": "tickets", "food": "food", "lodging": "lodging", "local": "local transport", "intercity": "travel between cities"},
}
# What travellers ask of a hotel, as it is searched in records, with its English name.
FEATURES: dict[str, str] = {
    "泳池": "a pool", "早餐": "breakfast", "停车": "parking", "海景": "a sea view", "湖景": "a lake view", "江景": "a river view", "山景": "a mountain view",
    "健身": "a gym", "浴缸": "a bathtub", "洗衣": "laundry", "厨房": "a kitchen", "电梯": "a lift", "近地铁": "a metro station near by", "安静": "quiet rooms",
    "民宿": "guest house", "客栈": "inn", "青旅": "hostel", "宠物": "pets allowed", "无烟": "non-smoking rooms", "阳台": "a balcony", "接送": "a shuttle",
    "wifi": "Wi-Fi", "亲子": "family-friendly", "儿童": "a children's club", "温泉": "hot springs", "空调": "air conditioning", "供氧": "oxygen",
    "独立卫浴": "a private bathroom", "行李寄存": "luggage storage", "24小时前台": "a 24-hour front desk", "会议室": "a meeting room", "机器人": "a service robot",
}
_LIKES: dict[str, str] = {"美食": "good food", "免费": "free"}  # likes that are no tags of sights
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def tag_words(tags: Iterable[str], language: Language) -> list[str]:
    """Tags and likes as the reader's language calls them."""
    return [tag if language == "zh" else TAGS.get(tag, _LIKES.get(tag, tag)) for tag in tags]


def feature_words(features: Iterable[str], language: Language) -> list[str]:
    """Features of a hotel as the reader's language calls them."""
    return [feature if language == "zh" else FEATURES.get(feature, feature) for feature in features]


def said_words(words: Iterable[str], language: Language) -> list[str]:
    """The traveller's own words for a dish or a hotel; in English without the Chinese ones that the search goes by."""
    own = list(words)
    english = [word for word in own if not _CHINESE.search(word)]
    return english if language == "en" and english else own
