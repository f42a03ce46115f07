"""Names of places in a line that neither the facts nor the question hold, invented ones included.

Three nets: names that the catalogue or the gazetteers know; words that end like a place (山, 寺, Museum) on a stem that
is no ordinary word; and words that jieba tags as proper names, capitals in English. What the facts hold is allowed.
"""

import logging
import re

import jieba
import jieba.posseg

from chains.understanding.places import gazetteer, outside
from knowledge.catalogue import Catalogue
from knowledge.names import Mention

_SUFFIXES = (
    "博物院 博物馆 纪念馆 美术馆 科技馆 动物园 植物园 海洋馆 水族馆 乐园 度假区 风景区 景区 公园 广场 古镇 古城 古村 老街 步行街 大道 大桥 长城 瀑布 峡谷 故居 大厦 教堂 陵园 码头 "
    "海滩 山 湖 寺 庙 塔 楼 阁 桥 城 镇 村 街 路 巷 园 宫 殿 馆 湾 滩 泉 峡 洞 谷 河 江 岛 峰 岭 洲 坊 祠 陵 台 亭 关 堡 屿 潭 溪 沟 崖 寨"
).split()
_LONG_SUFFIXES = (*(word for word in _SUFFIXES if len(word) > 1), "寺", "庙", "塔", "楼", "阁", "祠", "宫")
# A word before one of these is nearly always its name: 望海亭, 琉璃塔, 老王家烧烤店.
_BUILDING = re.compile(r"([\u4e00-\u9fff]{2,6}?)(观景台|烧烤店|餐厅|饭店|酒店|饭庄|酒家|茶楼|咖啡馆|宾馆|游轮|岛|谷|亭|阁|楼|塔|寺|庙|祠|宫|轩|湖|湾|潭)(?=[边上畔里旁下前后]?(?:$|[^\u4e00-\u9fff]|[坐看走喝拍逛出吃最也很去的是有赏住吧呢啊]))")
_PLAIN_ENDS = frozenset("的座个处这那古老高小大钟鼓灯宝佛门城角阁楼上在到去登望看逛和与、")
_BESIDE = re.compile(r"(?<=[\u4e00-\u9fff])[边上畔里旁下前后]$")
_QUOTED = re.compile(r"[《「“『〈\"]([^》」”』〉\"]+)[》」”』〉\"]")
_CJK = re.compile(r"[\u4e00-\u9fff]")
# What may stand before such an ending without making a name of it: 这座山, 海边的老街, 登山, 古城.
_PLAIN_STEMS = frozenset(
    (
    "这座 那座 这 那 的 座 一座 各 每 大 小 老 古 新 名 高 深 登 爬 上 下 看 游 逛 过 沿 沿着 在 到 从 去 和 与 或 及 里 中 海 江 河 湖 山 夜 晚 石 水 火 林 木 竹 "
    "花 树 雪 冰 云 青 绿 蓝 红 白 黑 金 银 玉 茶 酒 美食 小吃 海鲜 主题 海底 海洋 动物 植物 历史 文化 艺术 自然 风景 旅游 城市 中心 森林 湿地 滨海 海滨 海边 湖边 江边 山间 "
    "河边 街 老 半 温 喷 市区 皇家 古典 江南 园林 古老 安静 热闹 美丽 漂亮 壮丽 著名 有名 宁静 繁华 特色 传统 现代 步行 商业 购物 红砖 青石 石板 林荫 胡同 水乡 夜 整座 整个 全 "
    "满 游览 参观 走 走进 穿 穿过 漫步 入 进 出 环 绕 围 群 丛 孤 火 一条 条 片 一片 个 处 一处 登上 站 平 当地 附近 周边 对面 远处 远 近 热门 必游 打卡 世界 国家 人民 著 "
    "是 有 多 最 很 不 也 都 还 就 可 能"
).split()
)
_PLAIN_WORDS = frozenset((
    "平安 平平安安 一路平安 一路顺风 顺风 祝你 祝你们 祝你开心 祝您 红火 圆满 美满 风光 美丽 祝福 祝愿 旅客 游客 朋友 开心 安静 宁静 闭园 "
    "美丽 祝福 祝愿 旅客 游客 朋友 开心 安静 宁静 中国 中华 全国 华夏 东方 西方 欧式 中式 西式 江南 中外 亚洲 欧洲 祝您 祝你 大自然 老城区 老城 古城 古镇 新城 市区 城区 海城 山城 "
    "水城 江城 美景 胜地 盛宴 阳光 大海 蓝天 海湾 海景 山水 湖光山色 青山绿水 山清水秀 老街 古街 街头 巷子 小巷 园林 园区 景区 公园 广场 博物馆 动物园 植物园 水族馆 海洋馆 乐园 "
    "主题公园 主题乐园 游乐园 步行街 大桥 长城 瀑布 峡谷 海滩 沙滩 小岛 海岛 爬山 登山 看海 海上 江河 江湖 山河 山川 高山 名山 河流 湖泊 寺庙 古寺 古塔 宝塔 高塔 灯塔 城楼 城墙 "
    "城门 楼阁 亭台 亭台楼阁 宫殿 皇宫 故宫式 庙会 小镇 小城 古村 村落 村庄 乡村 街区 街道 道路 一路 公路 马路 上路 路上 花园 庄园 田园 校园 公馆 场馆 展馆 茶馆 餐馆 饭馆 酒楼 "
    "泉水 温泉 喷泉 山洞 溶洞 山谷 河谷 江水 河水 湖水 海水 山峰 顶峰 高峰 绿洲 作坊 祠堂 陵墓 皇陵 平台 舞台 观景台 露台 阳台 电视台 凉亭 关 难关 城堡 古堡 水潭 小溪 溪流 山沟 "
    "悬崖 山寨 登楼 上楼 高楼 大楼 钟楼 鼓楼 茶楼 阁楼 游园 入园 开园 闭园 出园 逛街 上街 小街 大街 夜游 山路 小路 走路 铁路 石板路 林荫路 问路 迷路 赶路 思路 进山 下山 上山 海山 "
    "江山 火山 冰山 雪山 青山 深山 远山 满山 登高 风景 风光 旅途 之城 之旅 之路 全程 景观 场馆 大殿 正殿 佛寺 佛塔 石桥 小桥 古桥 拱桥 桥"
).split()
)
_ENGLISH_PLAIN = frozenset(["i", "i'm", "i'd", "i'll", "i've", "china", "chinese", "english", "asia", "asian", "ok", "tv"])
_ENGLISH_STARTERS = frozenset((
    "comfortable combine ask grab write buy hear smell touch follow spend give put leave order join meet share wake rise "
    "quick slow easy gentle warm cool fresh sweet soft bright golden green blue white red small big little large long short tall "
    "deep high low wide narrow near far close last first second whole half few fewer much mind watch notice listen "
    "sit stand lie rest sleep eat drink cook shop ride drive sail swim hike cycle run jump play learn read study think dream "
    "a an the this these those that here there it its it's you you'll your we we'll our let let's enjoy "
    "explore discover visit see take have make be don't do please remember start try walk stroll climb "
    "admire experience feel wander get go come bring wear plan check arrive book allow keep if when while as "
    "at in on by from for with without and or but so also all each every both many most some any one another "
    "perfect great good best lovely beautiful charming famous popular historic ancient modern peaceful quiet "
    "lively grand stunning scenic wonderful amazing fantastic rich unique iconic traditional majestic "
    "magnificent impressive spectacular picturesque breathtaking delightful fun family children kids "
    "travellers visitors people locals temple palace museum garden park mountain lake river sea seaside "
    "beach street tower bridge wall city old new home known where what who how why wishing wish hope happy "
    "safe travel have not no yes welcome thank thanks sure of to is are was expect consider avoid early "
    "evening morning night sunset sunrise spring summer autumn winter food local dress pack stay savour "
    "savor taste sample relax unwind marvel immerse embark look looking located set built overlooking "
    "offering featuring offers features combines boasts ideal always never just more less than then next "
    "after before during under over up down"
).split()
)


_CAPITALS = re.compile(r"[A-Z][\w'’-]*(?: (?:of |the )?[A-Z][\w'’-]*)+")
_SMALL_PLACE = re.compile(r"\b(?:the|a|an|this|that|at|to|visit|see) (?:[a-z]+ )*?([a-z]+) (?:museum|temple|tower|pagoda|palace|pier|square|castle|mosque|church|monastery|pavilion)\b")
_ENGLISH_PLACE_WORDS = frozenset(
    "old ancient famous little small big grand quiet local city sea seaside main nearby beautiful great tall high brick stone wooden "
    "red white golden holy sacred hilltop lakeside riverside historic royal imperial art history science bell drum water clock "
    "central public village town mountain lovely charming peaceful the a this that of beer naval navy railway market".split()
)


class NameNet:
    """Catches place names that are not allowed; `allowed` is all text of the facts plus the question."""

    def __init__(self, catalogue: Catalogue, vocabulary: frozenset[str], allowed: str) -> None:
        self._catalogue = catalogue
        self._vocabulary = vocabulary
        self._allowed = allowed.lower()

    def strange(self, text: str) -> list[str]:
        """Every name in the text that is not allowed."""
        found = [name for name in self._listed(text) if not self._holds(name)]
        found += self._joined_names(text) + self._buildings(text)
        found += [name for name in _QUOTED.findall(text) if not self._holds(name)]
        if re.search(r"[\u4e00-\u9fff]", text):
            found += self._chinese(text)
        else:
            found += self._english(text)
        return list(dict.fromkeys(found))

    def without_names(self, text: str) -> str:
        """The text without the names that may be said."""
        for name in sorted(filter(self._holds, self._listed(text)), key=len, reverse=True):
            text = text.replace(name, "·")
        return text

    def _holds(self, name: str) -> bool:
        return name.lower() in self._allowed

    def _listed(self, text: str) -> list[str]:
        tables = (self._catalogue.sight_names, self._catalogue.city_names, gazetteer("places_cn.txt"), gazetteer("places_abroad.txt"))
        found: list[Mention] = []
        for table in tables:
            found += outside(table.find(text), found)
        return [mention.text for mention in found]

    def _joined_names(self, text: str) -> list[str]:
        """New names made of true ones: 崂山啤酒博物馆, 栈桥公园, 八大关教堂."""
        mentions: list[Mention] = []
        for table in (self._catalogue.sight_names, self._catalogue.city_names):
            mentions += outside(table.find(text), mentions)
        found = []
        for mention in mentions:
            after = text[mention.end:]
            tail = next((other.text for other in mentions if other.start == mention.end), None)
            tail = tail or next((word for word in _LONG_SUFFIXES if after.startswith(word)), None)
            if tail and _CJK.search(mention.text) and not self._holds(mention.text + tail):
                found.append(mention.text + tail)
        return found

    def _buildings(self, text: str) -> list[str]:
        """Words that end like a house, a shop or a boat on a stem that is no plain adjective."""
        found = []
        for match in _BUILDING.finditer(text):
            stem = jieba.lcut(match[1], HMM=False)[-1]
            plain = stem in _PLAIN_STEMS or stem[-1] in _PLAIN_ENDS or stem + match[2] in _PLAIN_WORDS
            if not plain and not self._holds(stem[-2:] + match[2]):
                found.append(stem + match[2])
        return found

    def _chinese(self, text: str) -> list[str]:
        jieba.setLogLevel(logging.WARNING)
        pairs = [(pair.word, pair.flag) for pair in jieba.posseg.lcut(text, HMM=False)]
        found = []
        for place, (word, flag) in enumerate(pairs):
            before = pairs[place - 1][0] if place else ""
            if word in _PLAIN_WORDS or word in self._vocabulary or (self._holds(word) and not self._joined(before, word)):
                continue
            if flag in ("ns", "nt", "nz", "nr", "nrt", "nrfg") and len(word) > 1:
                found.append(word)
            elif self._ends_like_a_place(_BESIDE.sub("", word), before):
                found.append(before + word)
        return found

    def _joined(self, before: str, word: str) -> bool:
        """A bare ending after an odd stem (蜀 + 岛): allowed as a letter of the facts, not as this name."""
        return word in _SUFFIXES and bool(before) and not self._holds(before + word)

    def _ends_like_a_place(self, word: str, before: str) -> bool:
        if word not in _SUFFIXES or not re.fullmatch(r"[\u4e00-\u9fff]{1,4}", before) or before in _PLAIN_STEMS:
            return False
        return not self._ordinary(before)

    def _ordinary(self, word: str) -> bool:
        """An adjective, verb or adverb of the dictionary describes a place, it does not name one."""
        if word in self._vocabulary:
            return True
        pairs = jieba.posseg.lcut(word, HMM=False)
        return len(pairs) == 1 and len(word) > 1 and pairs[0].flag[0] in "avdiulcprmqf"

    def _english(self, text: str) -> list[str]:
        found = [phrase for phrase in self._phrases(text) if not self._holds(phrase)]
        found += [match[0] for match in _SMALL_PLACE.finditer(text) if not self._plain_place(match[1], match[0])]
        for match in re.finditer(r"[A-Z][\w'’-]*", text):
            word = match[0].replace("’", "'")
            starts = not re.search(r"[^.!?…\"']\s*$", text[:match.start()])
            if self._holds(word.removesuffix("'s")) or word.lower() in _ENGLISH_PLAIN:
                continue
            if not (starts and (word.lower() in _ENGLISH_STARTERS or word.lower() in self._vocabulary)):
                found.append(word)
        return found

    def _phrases(self, text: str) -> list[str]:
        """Runs of two capitalised words and more, without an opening imperative: Laoshan Museum, Art Centre."""
        phrases = []
        for match in _CAPITALS.finditer(text):
            words = match[0].split()
            while words and words[0].lower() in _ENGLISH_STARTERS:
                words.pop(0)
            if len(words) > 1:
                phrases.append(" ".join(words).removesuffix("'s"))
        return phrases

    def _plain_place(self, before: str, phrase: str) -> bool:
        """Small letters: the old temple is plain, the pearl tower is not."""
        return before.lower() in _ENGLISH_PLACE_WORDS or self._holds(phrase.split(" ", 1)[1])
