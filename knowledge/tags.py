"""The closed list of tags a sight may carry, in Chinese, with its English name and the words people say.

A closed list keeps filters honest: a tag that is not here is a data error, not a new idea.
"""

TAGS: dict[str, str] = {
    "海滨": "seaside", "沙滩": "beach", "海岛": "island", "山岳": "mountain", "湖泊": "lake", "江河": "river",
    "瀑布": "waterfall", "峡谷": "canyon", "溶洞": "karst cave", "森林": "forest", "草原": "grassland",
    "沙漠": "desert", "雪山": "snow mountain", "冰雪": "ice and snow", "温泉": "hot spring", "湿地": "wetland",
    "田园": "countryside", "公园": "park", "动物": "animals", "植物": "plants", "主题乐园": "theme park",
    "水上乐园": "water park", "海洋馆": "aquarium", "古镇": "ancient town", "古城": "ancient city",
    "古村": "ancient village", "老街": "old street", "城墙": "city wall", "长城": "Great Wall", "宫殿": "palace",
    "园林": "classical garden", "寺庙": "temple", "道观": "Taoist temple", "教堂": "church", "清真寺": "mosque",
    "石窟": "grottoes", "遗址": "archaeological site", "陵墓": "mausoleum", "塔楼": "tower", "桥梁": "bridge",
    "古建筑": "historic architecture", "名人故居": "former residence", "红色": "revolutionary history",
    "博物馆": "museum", "美术馆": "art museum", "科技馆": "science museum", "纪念馆": "memorial hall",
    "大学": "university", "地标": "landmark", "世界遗产": "World Heritage", "夜景": "night view",
    "步行街": "pedestrian street", "美食街": "food street", "购物": "shopping", "演出": "show", "艺术区": "art district",
    "民族风情": "ethnic culture", "亲子": "family", "情侣": "couples", "爬山": "hill climbing", "徒步": "hiking",
    "骑行": "cycling", "漂流": "rafting", "滑雪": "skiing", "游船": "boat trip", "缆车": "cable car",
    "赏花": "flowers", "日出": "sunrise", "日落": "sunset", "拍照": "photography", "观景": "viewpoint",
}
