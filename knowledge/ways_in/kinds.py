"""What kind of sight a name speaks of: tags for filters and search, out of our closed list.

A name is all that many tables give. Only plain signs count (…博物馆, …寺, …古镇); where none is seen, no tag is given.
"""

import re
from functools import lru_cache

from knowledge.records import Setting
from knowledge.tags import TAGS

_SIGNS = (
    ("博物馆|博物院", "博物馆"), ("美术馆|画院", "美术馆"), ("科技馆|天文馆", "科技馆"), ("纪念馆|纪念堂|纪念园", "纪念馆"), ("故居|旧居", "名人故居"),
    ("寺$|禅寺|庙$|庵$", "寺庙"), ("道观|宫观", "道观"), ("教堂", "教堂"), ("清真", "清真寺"), ("石窟|石刻|摩崖", "石窟"), ("遗址", "遗址"),
    ("陵$|陵园|墓", "陵墓"), ("塔$|楼$|阁$", "塔楼"), ("桥$", "桥梁"), ("古镇", "古镇"), ("古城", "古城"), ("古村|古寨", "古村"), ("老街|古街", "老街"),
    ("步行街|商业街", "步行街"), ("美食街|小吃街", "美食街"), ("长城", "长城"), ("城墙", "城墙"), ("山$|峰$|岭$|山(?:风景|景区|国家)", "山岳"), ("湖$|湖(?:风景|景区|公园|国家)|水库", "湖泊"),
    ("瀑布", "瀑布"), ("峡谷|峡$", "峡谷"), ("溶洞|洞$", "溶洞"), ("森林", "森林"), ("草原", "草原"), ("沙漠", "沙漠"), ("雪山|冰川", "雪山"), ("滑雪", "滑雪"),
    ("温泉", "温泉"), ("湿地", "湿地"), ("岛$|岛(?:风景|景区|度假)", "海岛"), ("沙滩|海滩|浴场", "沙滩"), ("海洋馆|水族馆|海洋公园|海底世界|海洋世界|极地", "海洋馆"),
    ("动物园|动物世界|熊猫", "动物"), ("植物园|花园|花海", "植物"), ("游乐园|乐园|欢乐谷|方特|迪士尼", "主题乐园"), ("水上乐园|水世界", "水上乐园"), ("漂流", "漂流"),
    ("公园", "公园"), ("大学$", "大学"), ("世界遗产|世界文化遗产|世界自然遗产", "世界遗产"), ("烈士|革命|红军|抗战", "红色"), ("亲子", "亲子"),
)
_INDOOR = re.compile(r"馆$|博物院$|教堂$|剧院$")
_COMMON = frozenset({*TAGS, "广场", "码头", "景区", "景点", "风景区", "旅游区", "度假村", "度假区", "酒店", "餐厅", "门票", "停车场", "火车站", "机场", "海滩", "天安", "动物园", "植物园"})


@lru_cache(maxsize=8192)
def tags_of(name: str, category: str = "") -> tuple[str, ...]:
    """The tags that a name and the file's own category speak of."""
    given = [part for part in re.split(r"[|,，、/\s]+", category) if part in TAGS]
    seen = [tag for sign, tag in _SIGNS if re.search(sign, name) or re.search(sign, category)]
    return tuple(dict.fromkeys([*given, *seen]))


def setting_of(name: str) -> Setting:
    """Whether a visit is indoors, by the name's ending."""
    return "indoor" if _INDOOR.search(name) else "outdoor"


def is_common_word(name: str) -> bool:
    """Whether a name is a word for any place of its kind, and so nobody's name (博物馆, 公园)."""
    return name in _COMMON
