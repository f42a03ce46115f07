"""Everyday words of a question put right: keys that slipped (tikcet, lenght), characters of the same sound (门飘, 免废), questions in pinyin,
traditional characters and Cantonese words (喺邊度).

Only words that travellers' questions are made of are put right, and only from what is no word itself, so that names stay
as they were typed: those have their own ways (`knowledge.names`, `knowledge.spellings`).
"""

import re
from functools import cache, lru_cache
from itertools import accumulate

import jieba
from opencc import OpenCC
from pypinyin import lazy_pinyin
from spellchecker import SpellChecker

from knowledge.kinds import ENGLISH_KINDS
from knowledge.spellings import GENERIC, in_characters, is_pinyin

KEPT = 256
EVERYDAY = 200  # how often pyspellchecker's corpus holds an English word that is not only a name: petra 152, pass 98,000
MIN_WORD = 4  # letters of a word that a slip may be seen in; a shorter one is near too many others
RARE = 3  # how often jieba's corpus may hold characters that are put right

_ENGLISH = frozenset(
    (
        "about admission adult adults afternoon allow allowed alone along also always anything around arrive august avoid away beach "
        "beaches because before best between book booking break bridge bring budget building cannot castle charge charged cheap "
        "cheaper child children church climb close closed closes closing cost costs could country daily date daughter days december "
        "discount district does dollars driver early enough enter entrance entry evening every everyone exactly expensive family "
        "father february fees find finish flight foreigner foreigners free friday fridays friends from garden gardens gate getting "
        "going half heard holiday hotel hour hours indoor indoors inside instead january july june kids know lake lakes latest leave "
        "length level like located location long lunch many march midnight minute minutes monday mondays money month morning mosque "
        "mother mountain mountains much museum museums must national nearby need night nothing november october offer official often "
        "only open opened opening opens order outdoor outside pagoda palace parents park parking passport people person pick plan "
        "planning please possible price prices probably question quick rain rained raining rated rating really recommend recommended "
        "remember reserve sacred saturday saturdays season senior seniors september should shut sights skip some somewhere spare spend "
        "square staff start station stay still stop street stroll student students summer sunday sundays sunrise sunset take takes "
        "temple temples that their there these they this thursday thursdays ticket tickets time times today tomorrow tonight tourist "
        "tourists tower town towns travel trip tuesday tuesdays uncle under until usually valley viewpoint village villages visit "
        "visited visiting visitor visitors wait walk want waterfall waterfalls wednesday wednesdays week weekday weekend weekly weeks "
        "what when where which while will winter with without wonder wondering worth would yesterday your yuan"
    ).split()
) | {word for word in GENERIC | set(ENGLISH_KINDS) if len(word) >= MIN_WORD and word.isalpha()}
_SHORT = frozenset("free time cost open hours".split())  # that one missing letter leaves with three
_WORD = re.compile(r"(?<![A-Za-z'’-])[a-z]{3,16}(?![A-Za-z'’-])")
_SOUNDING = (
    "什么地方", "门票", "票价", "买票", "免费", "免票", "收费", "多少钱", "多少", "开门", "关门", "开放", "闭馆", "开馆", "营业", "休息", "入场", "入园", "进场", "在哪", "在哪里", "哪里", "哪儿", "什么时候", "时间", "多久", "多长时间",
    "几个小时", "小时", "需要", "预约", "附近", "周边", "推荐", "地址", "位置", "学生票", "优惠", "半价", "博物馆", "公园", "古镇", "寺庙", "海边", "爬山", "景点", "景区", "好玩", "带孩子", "老人", "适合", "便宜", "周一", "星期一", "逛完", "玩完",
)
# Cantonese words of travellers' questions, in simplified characters; the longer ones first.
_CANTONESE = {
    "使唔使": "要不要", "得唔得": "行不行", "唔使": "不用", "唔该": "请问", "边度": "哪里", "边间": "哪家", "边个": "哪个", "闩门": "关门", "俾钱": "付钱", "畀钱": "付钱", "买飞": "买票", "几钱": "多少钱", "几耐": "多久",
    "侧边": "旁边", "边日": "哪天", "唔俾": "不让", "唔畀": "不让", "朝早": "早上", "夜晚黑": "晚上", "听日": "明天", "而家": "现在", "定系": "还是", "净系": "只是", "喺": "在", "嘅": "的", "佢": "它", "嗰": "那", "揾": "找", "睇": "看", "冇": "没有", "乜": "什么",
    "咗": "了", "嚟": "来", "哋": "们", "啲": "些", "咁": "这么", "㗎": "啊", "唔": "不",
}
_IS_CANTONESE = re.compile("[喺嘅佢嗰揾搵睇冇乜咗嚟哋啲咁㗎唔俾畀係闩閂]")  # characters of no Mandarin question
_IN_CANTONESE = re.compile("|".join(rf"(?<![海湖河江水路旁周山身街岸溪池]){word}" if word.startswith("边") else word for word in _CANTONESE))  # 海边个个都喺
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")


@lru_cache(maxsize=KEPT)
def mended(text: str) -> str:
    """The text with its everyday words put right; anything else as it was typed."""
    plain = simplified(in_characters(text))
    text = _IN_CANTONESE.sub(lambda word: _CANTONESE[word[0]], plain) if _IS_CANTONESE.search(text) else plain
    return _RUN.sub(lambda run: _by_sound(run[0]), _WORD.sub(lambda word: _by_letters(word[0]), text))


@lru_cache(maxsize=KEPT)
def _by_letters(word: str) -> str:
    """The one everyday word that a typed one, no word itself, is a slip of; the word as it is where there is none, or more than one."""
    checker = _checker()
    if word in _ENGLISH or word in checker or is_pinyin(word):
        return word
    near = {other for other in checker.edit_distance_1(word) if other in _ENGLISH and other[0] == word[0]}
    swapped = {other for other in near if sorted(other) == sorted(word)}  # letters changed places: the likeliest slip
    near = {other for other in swapped or near if len(word) >= MIN_WORD or other in _SHORT}
    return near.pop() if len(near) == 1 else word


def is_everyday(word: str) -> bool:
    """Whether an English word in small letters is in common use, and not a name or a slip: glacier, but not petra or uluru."""
    return bool(_checker()[word] >= EVERYDAY)


def simplified(text: str) -> str:
    """The text in simplified characters; what is written so in simplified texts too stays: 乾清宫, 文徵明, 蟳埔村."""
    meant = _converter().convert(text)
    if len(meant) != len(text):
        return text
    return "".join(new if _is_in_use(new) and not _is_in_use(old) else old for old, new in zip(text, meant, strict=True))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _is_in_use(character: str) -> bool:
    """Whether the standard of simplified Chinese, GB 2312, holds a character."""
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


@cache
def _checker() -> SpellChecker:
    return SpellChecker(language="en", distance=1)


def _by_sound(run: str) -> str:
    """Characters that sound like a word of questions, share one with it and are no word themselves: 门飘, 免废, 再哪里."""
    sounds, borders = lazy_pinyin(run), _borders(run)
    for term, said in _terms():
        for place in sorted(borders):
            end = place + len(term)
            if {place, end} <= borders and sounds[place:end] == said and _is_slip_of(run[place:end], term):
                run = run[:place] + term + run[end:]
                borders = _borders(run)  # 观门漂: once 门票 stands there, nothing is left of 关门
    return run


def _borders(run: str) -> set[int]:
    return {0, *accumulate(map(len, jieba.lcut(run, HMM=False)))}


def _is_slip_of(piece: str, term: str) -> bool:
    shared = sum(one == other for one, other in zip(piece, term, strict=True))
    return 0 < shared < len(term) and "那" not in piece and (jieba.dt.FREQ.get(piece) or 0) <= RARE


@cache
def _terms() -> list[tuple[str, list[str]]]:
    """The words with their syllables, the longest first, else in their order."""
    return [(term, lazy_pinyin(term)) for term in sorted(_SOUNDING, key=len, reverse=True)]
