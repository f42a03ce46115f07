"""What travellers say for kinds of sights, and the tags that mean it; the first tag is what is meant most.

Every tag is its own word, in Chinese and in English; the tables add the words people use instead.
"""

from knowledge.tags import TAGS

Kind = tuple[str, ...]

_CHINESE: dict[Kind, str] = {
    ("亲子",): "带娃 遛娃 岁娃 岁的娃 岁孩子 岁的孩子 岁宝宝 岁小孩 带孩子 带小孩 孩子 小孩 小朋友 宝宝", ("海滨", "沙滩"): "海边 看海 大海 海景 赶海 吹海风 海岸",
    ("沙滩",): "海滩 踩沙", ("日落",): "夕阳 晚霞 落日", ("夜景",): "夜游 灯光秀 晚上 夜晚 夜里 看灯", ("美食街",): "小吃 美食 夜市 好吃的 吃货 边逛边吃",
    ("冰雪", "滑雪"): "玩雪 看雪 冰雕 雪景 冰灯", ("滑雪",): "滑雪场 雪场", ("游船",): "坐船 乘船 游湖 船", ("赏花",): "看花 拍花 赏樱 樱花 花海 桃花 油菜花 梅花 牡丹 郁金香",
    ("博物馆", "美术馆"): "看展 展览 展馆 文物", ("古建筑",): "老建筑 古建 老房子", ("园林",): "园子 古典园林", ("爬山", "山岳"): "登山 爬个山 爬座山 有山爬 山可以爬",
    ("山岳", "爬山"): "名山 大山", ("湖泊",): "湖边 看湖 有湖 大湖", ("江河",): "黄河 长江 江边 河边 江景", ("石窟",): "石刻 佛窟",
    ("寺庙",): "寺院 拜佛 烧香 和尚 庙", ("教堂",): "天主堂", ("宫殿",): "皇宫 行宫", ("海岛",): "小岛 海岛", ("古镇",): "水乡",
    ("古村",): "村子 村落 古村落", ("老街",): "胡同 巷子 老城区", ("购物",): "逛街 买东西 商场", ("演出",): "表演 看戏 演艺",
    ("主题乐园",): "游乐园 游乐场 过山车", ("海洋馆",): "水族馆 海底世界", ("动物",): "熊猫 动物园 猴子", ("植物",): "植物园", ("大学",): "高校 校园",
    ("红色",): "革命", ("名人故居",): "故居 旧居 名人的老宅 老宅子", ("陵墓",): "皇陵 古墓", ("遗址",): "遗迹 考古", ("骑行",): "骑车 单车 自行车", ("徒步",): "远足 徒步线",
    ("缆车",): "索道", ("拍照",): "出片 打卡 摄影", ("情侣",): "约会 浪漫", ("民族风情",): "少数民族 苗寨 藏寨", ("观景",): "登高 俯瞰 观景台",
    ("温泉",): "泡汤 泡温泉 热汤", ("溶洞",): "洞穴 山洞 钟乳石洞 钟乳石", ("瀑布",): "看瀑布", ("世界遗产",): "世遗 联合国", ("水上乐园",): "玩水", ("森林",): "树林 氧吧", ("雪山",): "看雪山",
}
_ENGLISH: dict[Kind, str] = {
    ("亲子",): "kid,child,children,family,families,toddler,family-friendly,kid-friendly", ("海滨", "沙滩"): "sea,coast,seafront,waterfront,ocean",
    ("日落",): "dusk", ("日出",): "sun come up,sunrise", ("夜景",): "nightlife,after dark,at night,evening,night", ("美食街",): "street food,food,snack,eat",
    ("冰雪", "滑雪"): "snow,ice,ice sculpture", ("滑雪",): "ski,skiing", ("游船",): "cruise,boat ride,boat,by boat", ("赏花",): "flower,blossom,cherry blossom,bloom",
    ("博物馆", "美术馆"): "exhibition", ("美术馆", "艺术区"): "art,art lover,art gallery", ("古建筑",): "old house,old building,historic building,ancient building", ("园林",): "garden",
    ("草原",): "grass land,caoyuan", ("名人故居",): "former home,former house", ("爬山", "山岳"): "climb,climbing", ("徒步",): "hike,trek,trekking,trail", ("湖泊",): "lakeside,lakeshore", ("石窟",): "grotto,grottoe,rock carving,cave temple",
    ("寺庙",): "monastery,monasterie,buddhist temple,buddhist monastery,buddhist site,buddhist place", ("教堂",): "cathedral", ("塔楼",): "pagoda", ("古镇",): "old town,water town,historic town",
    ("古村",): "village,old village", ("老街",): "hutong,old quarter", ("购物",): "mall,shop", ("演出",): "performance", ("主题乐园",): "amusement park",
    ("动物",): "zoo,panda,animal", ("溶洞",): "cave,cavern", ("大学",): "campus", ("陵墓",): "tomb", ("遗址",): "ruin", ("骑行",): "bike,biking",
    ("拍照",): "photo,photograph", ("情侣",): "couple,romantic,date", ("红色",): "communist,revolution,revolutionary", ("缆车",): "gondola,ropeway",
    ("温泉",): "hot water,thermal", ("世界遗产",): "unesco,world heritage", ("博物馆",): "museum", ("观景",): "view point,viewpoint,lookout,panorama", ("植物",): "botanical garden",
}
KINDS: dict[str, Kind] = {**{tag: (tag,) for tag in TAGS}, **{word: kind for kind, words in _CHINESE.items() for word in words.split()}}
ENGLISH_KINDS: dict[str, Kind] = {
    **{english.lower(): (tag,) for tag, english in TAGS.items()},
    **{word: kind for kind, words in _ENGLISH.items() for word in words.split(",")},
}
# One character says little inside a sentence and much at the end of a description; longer words begin with theirs.
HEADS: dict[str, Kind] = {
    "楼": ("塔楼",), "塔": ("塔楼",), "阁": ("塔楼",), "庙": ("寺庙",), "寺": ("寺庙",), "祠": ("古建筑", "纪念馆"), "岛": ("海岛",), "桥": ("桥梁",),
    "湖": ("湖泊",), "洞": ("溶洞",), "山": ("山岳",), "泉": ("湖泊",), "宫": ("宫殿",), "园": ("园林",), "村": ("古村",), "镇": ("古镇",),
    "街": ("老街", "步行街"), "站": ("地标",), "瀑": ("瀑布",), "陵": ("陵墓",), "墓": ("陵墓",),
    "泉水": ("湖泊",), "祠堂": ("古建筑", "纪念馆"), "楼阁": ("塔楼",), "桥梁": ("桥梁",), "园子": ("园林",), "村子": ("古村",), "宫殿": ("宫殿",),
}
