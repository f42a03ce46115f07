"""Other ways to write a place's name in Latin letters, and how to find them in what people type.

Pinyin with or without gaps (bingmayong, kuanzhai xiangzi), an English name without its tail (Temple of Heaven for
Temple of Heaven Park), Mount Tai and Taishan, pinyin with an English kind word (Nanputuo Temple), a letter or two
wrong (teracotta warriers). These are guesses: whoever has an exact name does not ask here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from knowledge.tags import TAGS

MIN_LETTERS = 6  # shorter spellings are met by chance
MAX_WORDS = 10
MIN_OWN_LETTERS = 3  # beside words that stand in every question
MAX_NAMESAKES = 3  # names that may share a spelling: huanghelou is 黄鹤楼 and 黄河楼
LIKENESS = 0.87  # of letters, for one or two slips in a name of ten
LIKENESS_OF_LONG, LONG_NAME = 0.84, 12
LIKENESS_OF_WORD, MIN_ALIEN = 0.66, 4  # of one word and a piece of the name, below which another name is meant
LIKENESS_OF_PINYIN = 0.8  # the same of a word that is sound pinyin of three syllables or more
CANDIDATES = 12  # names looked at closely for one piece of text
MAX_GAP = 3  # characters between two words of one name
LETTERS_A_SLIP = 5  # letters of a name for each that may be missing or too many
MAX_SLIPS = 3  # letters more or fewer
_NO_ENDS = frozenset("in of is how at to for the".split())  # words that neither begin nor end a name
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_GAP = re.compile(r"[^a-z]+")
_TAIL = re.compile(
    r"(?: (?:national|scenic|tourist|historic|historical|cultural|forest|wetland|geological|ecological|site|ruins|heritage))*"
    r" (?:area|park|spot|resort|site|zone|district|region|museum|quarter|street|geopark|lookout|cluster)$"
)
# What the last character of a Chinese name is called in English.
KINDS = {
    "寺": ("temple", "monastery"), "庙": ("temple",), "宫": ("palace",), "观": ("temple",), "山": ("mountain",), "湖": ("lake",), "岛": ("island",), "塔": ("pagoda", "tower"), "园": ("garden",),
    "桥": ("bridge",), "路": ("road",), "街": ("street",), "巷": ("alley",), "洞": ("cave",), "泉": ("spring",), "谷": ("valley",), "沟": ("valley",), "峡": ("gorge",),
    "楼": ("tower",), "阁": ("pavilion",), "村": ("village",), "古镇": ("water town", "old town", "ancient town", "town"), "水乡": ("water town", "old town", "ancient town", "town"), "古城": ("ancient city",),
    "石窟": ("grottoes", "caves"), "瀑布": ("waterfall", "falls"), "公园": ("park",), "广场": ("square",), "博物馆": ("museum",), "草原": ("grassland",), "沙漠": ("desert",),
    "祠": ("shrine", "temple"), "陵": ("mausoleum", "tomb"), "墓": ("tomb",), "关": ("pass", "fort"), "渠": ("canal",), "府": ("mansion",), "书院": ("academy",), "大院": ("compound", "courtyard"), "亭": ("pavilion",),
    "崖": ("cliff",), "峰": ("peak",), "河": ("river",), "江": ("river",), "湾": ("bay",), "滩": ("beach",), "寨": ("village",), "坛": ("altar",), "教堂": ("church", "cathedral"), "清真寺": ("mosque",),
}
# Words that stand in many names and in many questions: alone they name nothing.
GENERIC = frozenset(
    (
    "the a an of in at to on for and or is are do does i how what when where which much many long time hours price cost ticket tickets fee "
    "open opening close closed day free old ancient new great big small national city town park museum temple lake mountain mount island "
    "river sea beach garden gardens square street road tower palace pagoda bridge village cave valley world water night view views food "
    "yuan rmb under sights sight with from near museums temples towns beaches caves mountains lakes kids children indoor visit entrance admission than less more under below like"
    ).split()
) | {word for english in TAGS.values() for word in english.lower().split()}


@dataclass(frozen=True)
class Spotted:
    """A spelling seen in a text: the names it may stand for, and where (`end` is exclusive)."""

    names: tuple[str, ...]
    start: int
    end: int


class LatinNames:
    """Names by their spellings in Latin letters; values of `syllables` are pinyin of the Chinese names."""

    def __init__(self, names: Iterable[str], syllables: Mapping[str, Sequence[str]]) -> None:
        self._names = list(names)
        self._syllables = syllables

    @cached_property
    def _by_letters(self) -> dict[str, tuple[str, ...]]:
        """Letters of a spelling to the names it may mean: the one written just so, else all of a few that sound alike."""
        table: dict[str, dict[str, None]] = defaultdict(dict)
        for name in self._names:
            for letters in {_letters(form) for form in self._forms(name)}:
                if len(letters) >= MIN_LETTERS:
                    table[letters][name] = None
        own = {_letters(name): (name,) for name in self._names if name.isascii()}
        return {key: own.get(key, tuple(names)) for key, names in table.items() if key in own or len(names) <= MAX_NAMESAKES}

    def _forms(self, name: str) -> Iterator[str]:
        if name in self._syllables:
            yield from chinese_forms(name, self._syllables[name])
        elif name.isascii():
            yield from english_forms(name)

    @cached_property
    def _spellings(self) -> list[str]:
        return list(self._by_letters)

    @cached_property
    def _lengths(self) -> NDArray[np.int32]:
        return np.array([len(spelling) for spelling in self._spellings], dtype=np.int32)

    @cached_property
    def _by_pair(self) -> dict[tuple[str, int], NDArray[np.int32]]:
        """Two letters in a row, and a length, to the spellings so long that hold them."""
        table: dict[tuple[str, int], list[int]] = defaultdict(list)
        for place, spelling in enumerate(self._spellings):
            for pair in _pairs(spelling):
                table[pair, len(spelling)].append(place)
        return {key: np.array(places, dtype=np.int32) for key, places in table.items()}

    def find(self, text: str) -> list[Spotted]:
        """Spellings in a text, none overlapping: from left to right, the longest piece first."""
        return list(self._walk(list(_WORD.finditer(text.lower()))))

    def _walk(self, words: list[re.Match[str]]) -> Iterator[Spotted]:
        place = 0
        while place < len(words):
            for count in range(min(MAX_WORDS, len(words) - place), 0, -1):
                piece = words[place:place + count]
                names = self._names_of([match[0] for match in piece]) if _may_name(piece) else ()
                if names:
                    yield Spotted(names, piece[0].start(), piece[-1].end())
                    place += count
                    break
            else:
                place += 1

    def _names_of(self, words: Sequence[str]) -> tuple[str, ...]:
        """The names spelt so, or those spelt most nearly so."""
        letters = _letters("".join(words))
        if len(letters) < MIN_LETTERS or letters in self._by_letters:
            return self._by_letters.get(letters, ())
        slips = max(1, len(letters) // LETTERS_A_SLIP)
        near = (spelling for spelling in self._candidates(letters) if spelling[0] == letters[0] and abs(len(spelling) - len(letters)) <= slips)
        best = max(near, key=lambda spelling: _likeness(letters, spelling), default="")
        enough = LIKENESS_OF_LONG if len(letters) >= LONG_NAME else LIKENESS
        meant = _likeness(letters, best) >= enough and not says_other_syllables(words, best) and not any(_is_alien(word, best) for word in words) and not _goes_between(words, best)
        return self._by_letters[best] if meant else ()

    def _candidates(self, letters: str) -> list[str]:
        """Spellings of about that length that share most pairs of letters with it."""
        pairs = _pairs(letters)
        lengths = range(len(letters) - MAX_SLIPS, len(letters) + MAX_SLIPS + 1)
        held = [self._by_pair[pair, length] for pair in pairs for length in lengths if (pair, length) in self._by_pair]
        if not held:
            return []
        shared = np.bincount(np.concatenate(held))
        near = np.flatnonzero(2 * shared > len(pairs))
        order = np.argsort(-2 * shared[near] / (len(pairs) + self._lengths[near] - 1), kind="stable")[:CANDIDATES]
        return [self._spellings[place] for place in near[order]]


@cache
def in_letters(text: str) -> str:
    """Chinese text in pinyin without tones and gaps."""
    return "".join(lazy_pinyin(text))


def english_forms(name: str) -> Iterator[str]:
    """An English name (small letters) and what is left of it without article, bracket or tail."""
    bare = name.removeprefix("the ")
    inside = re.search(r"\((.+?)\)", bare)
    parts = [bare, re.sub(r"\s*\(.*?\)", "", bare).partition(",")[0], *([inside[1]] if inside else [])]
    parts += [bare.partition(" and ")[0]] if len(bare.partition(" and ")[0].split()) > 1 else []  # Xi'an Museum and Xiaoyan Pagoda
    for part in parts:
        yield part
        short = _TAIL.sub("", part)
        if len(set(short.split()) - GENERIC) >= 1 and len(short.split()) > 1:
            yield short
        mountain = re.fullmatch(r"(\w+) mountain|mount (\w+)|(\w+)shan", part)
        if mountain:
            stem = (mountain[1] or mountain[2] or mountain[3]).removesuffix("shan")
            yield from (f"mount {stem}", f"{stem} mountain", f"{stem}shan", f"mount {stem}shan", f"{stem}shan mountain")


def chinese_forms(name: str, syllables: Sequence[str]) -> Iterator[str]:
    """A Chinese name's pinyin, whole, and with its kind in English after the rest or after the whole."""
    whole = "".join(syllables)
    yield whole
    for length in (3, 2, 1):
        kind = name[-length:]
        if kind in KINDS and len(name) - length >= 2:
            stem = "".join(syllables[:-length])
            yield from (f"{stem} {english}" for english in KINDS[kind])
            yield from (f"{whole} {english}" for english in KINDS[kind])
            return


def _may_name(piece: list[re.Match[str]]) -> bool:
    """Whether words may be a name: some are no words of questions, the ends least of all."""
    own = [match[0] for match in piece if match[0] not in GENERIC]
    close = all(after.start() - before.end() < MAX_GAP for before, after in pairwise(piece))  # less than 50 yuan is no hanyuan
    return bool(own) and close and sum(map(len, own)) >= MIN_OWN_LETTERS and piece[0][0] not in _NO_ENDS and piece[-1][0] not in _NO_ENDS - {"of"}


def says_other_syllables(words: Sequence[str], spelling: str) -> bool:
    """Whether a word is sound pinyin of another name: Longhua is no slip of Longquan, Tiantishan none of Tianlongshan; Yunngang is one of Yungang."""
    own = [word for word in map(_letters, words) if word not in GENERIC and is_pinyin(word) and _sound(word) not in _sound(spelling)]
    return any(_pinyin_word().fullmatch(word) or _likeness_inside(word, spelling) < LIKENESS_OF_PINYIN for word in own)


def is_pinyin(word: str) -> bool:
    """Whether small letters are nothing but syllables of Mandarin: mohe, shui."""
    return bool(re.fullmatch(f"(?:{_syllable()})+", word))


@cache
def _pinyin_word() -> re.Pattern[str]:
    """Two syllables of Mandarin in a row: in a longer word one wrong letter is more likely a slip than another name."""
    return re.compile(f"(?:{_syllable()}){{2}}")


@cache
def _syllable() -> str:
    syllables = {syllable for syllable in lazy_pinyin([chr(code) for code in range(0x4E00, 0x9FA6)]) if re.fullmatch("[a-z]*[aeiouv][a-z]*", syllable)}
    return "|".join(sorted(syllables, key=len, reverse=True))


def _is_alien(word: str, spelling: str) -> bool:
    """Whether a word is no slip of any piece of a spelling: the Amber of Amber and Snow World in Ice and Snow World."""
    if word in GENERIC or len(word) < MIN_ALIEN or word in spelling:
        return False
    return _likeness_inside(word, spelling) < LIKENESS_OF_WORD


def _likeness_inside(word: str, spelling: str) -> float:
    """How like the likest piece of a spelling is, of a word's length or one letter off."""
    pieces = (spelling[place:place + size] for size in (len(word) - 1, len(word), len(word) + 1) for place in range(max(1, len(spelling) - size + 1)))
    return max(_likeness(word, piece) for piece in pieces)


def _goes_between(words: Sequence[str], spelling: str) -> bool:
    """Whether the words are a spelling and one more among them: Emerald Yak Valley is not Emerald Valley."""
    others = ([*words[:place], *words[place + 1:]] for place, word in enumerate(words) if word not in GENERIC)
    return any(_letters("".join(rest)) == spelling for rest in others)


def _sound(letters: str) -> str:
    """Letters with what many speakers do not tell apart made equal."""
    return re.sub(r"([zcs])h", r"\1", letters).replace("ng", "n")


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _letters(text: str) -> str:
    return _GAP.sub("", text.lower())


def _pairs(letters: str) -> set[str]:
    return {letters[place:place + 2] for place in range(len(letters) - 1)}


# Questions in pinyin, as people without a Chinese keyboard type them; gaps between syllables may be missing.
_PINYIN = {
    "duoshao qian": "多少钱", "duo shao": "多少", "men piao": "门票", "piao jia": "票价", "ji dian": "几点", "kai men": "开门", "guan men": "关门", "kai fang": "开放",
    "zai na li": "在哪里", "zai na er": "在哪里", "zai nar": "在哪里", "zai na": "在哪", "wan duo jiu": "玩多久", "yao duo jiu": "要多久", "duo jiu": "多久",
    "zenme qu": "怎么去", "zenme zou": "怎么走", "you shenme": "有什么", "hao wan": "好玩", "mian fei": "免费", "yao qian ma": "要钱吗", "mian piao": "免票",
    "bi guan": "闭馆", "xing qi ji": "星期几", "xing qi yi": "星期一", "xing qi er": "星期二", "xing qi san": "星期三", "xing qi si": "星期四", "xing qi wu": "星期五", "xing qi liu": "星期六", "xing qi tian": "星期天", "xing qi ri": "星期日", "xiu xi": "休息", "gu ju": "故居", "zhou ji": "周几", "zhou yi": "周一", "zhou er": "周二", "zhou san": "周三", "zhou si": "周四", "zhou wu": "周五", "zhou liu": "周六", "zhou ri": "周日", "ji ge xiao shi": "几个小时", "ji xiao shi": "几小时",
    "na tiao lu": "哪条路", "zai na tiao lu": "在哪条路", "zai na ge qu": "在哪个区", "na ge qu": "哪个区", "rang jin": "让进", "rang shang": "让上", "guang wan": "逛完", "wan shang": "晚上", "xia wu": "下午", "shang wu": "上午", "duo shao shijian": "多少时间", "duo chang shijian": "多长时间", "yu yue": "预约", "di zhi": "地址", "ji a": "几A", "xue sheng": "学生", "ma": "吗",
}
_SURE = frozenset({"多少钱", "多少", "门票", "票价", "几点", "在哪里", "玩多久", "要多久", "怎么去", "有什么", "免费", "闭馆", "星期几", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期天", "星期日", "几A", "多久", "几小时", "几个小时", "在哪条路", "在哪个区", "哪条路", "哪个区", "让进", "多少时间", "多长时间", "周二", "周三", "周四", "周五", "周六", "周日"})
_PINYIN_QUESTION = re.compile(
    "|".join(rf"\b{' ?'.join(re.findall('(?:zh|ch|sh|[a-z])?[aeiou]+(?:ng|n|r)?', words))}\b" for words in sorted(_PINYIN, key=len, reverse=True)).replace(r"\bma\b", r"\bma(?=\W*$)").replace(r"\bji ?a\b", r"\bji a\b"), re.IGNORECASE)
_SAID = {words.replace(" ", ""): characters for words, characters in _PINYIN.items()}


def in_characters(text: str) -> str:
    """A question in pinyin with its question words in characters; any other text as it is.

    Names are left as they are: they are found in letters.
    """
    if re.search(r"[\u4e00-\u9fff]", text):
        return text
    found = [_SAID[_letters(match[0])] for match in _PINYIN_QUESTION.finditer(text)]
    if not _SURE.intersection(found) and len(set(found)) < 2:
        return text
    return _PINYIN_QUESTION.sub(lambda match: f" {_SAID[_letters(match[0])]} ", text)
