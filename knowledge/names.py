"""Finding the names of cities and sights in what people type: exact, then misspelt.

Exact names win, longest first, so that 故宫博物院 is never cut into 故宫. English names are matched on word
boundaries and without case. Misspelt names are found by sound (pinyin without tones: 青导 is 青岛) or, for
names of three characters and more, by one wrong character (兵马佣 is 兵马俑); in Latin letters as `knowledge.spellings` says.
Not covered: nicknames that no record lists.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import accumulate, islice, product

import jieba
from pypinyin import Style, lazy_pinyin, pinyin
from pywubi import wubi

from knowledge.records import Attraction, City
from knowledge.spellings import GENERIC, LatinNames, says_other_syllables

MIN_FUZZY_LENGTH, MAX_FUZZY_LENGTH = 3, 18
MIN_STROKES = 2  # letters of a Wubi code that tell a shape
MIN_ENGLISH_LENGTH = 5
MIN_SHORT_LENGTH, MIN_SHORT_WORDS = 4, 3  # of a name without what people leave out
MAX_READINGS = 24
EVERYDAY_WORD = 300  # how often jieba's corpus holds a word that says nothing by itself
ENGLISH_LIKENESS = 0.85  # beijin, shangai, hangzou
_CJK_RUN = re.compile(r"[\u4e00-\u9fff]+")
_ENGLISH_RUN = re.compile(r"[A-Za-z']+")
_KIND_OF_PLACE = re.compile(
    "(?:博物[馆院]|纪念馆|美术馆|科技馆|动物园|植物园|海洋馆|水族馆|主题乐园|乐园|度假区|风景区|景区|森林公园|湿地公园|公园|广场|古镇|古城|古村|老街|步行街|大桥|长城|大?瀑布|大?峡谷|海滩|沙滩|故居|教堂|[寺庙塔宫陵湖山岛])$"
)
_ONE_KIND = str.maketrans("’（）", "'()")
_LATIN_WORD = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Mention:
    """A name seen in a text: which records it may mean, and where (`end` is exclusive)."""

    ids: tuple[str, ...]
    text: str
    start: int
    end: int
    exact: bool = True

    def overlaps(self, start: int, end: int) -> bool:
        """Whether it shares a character with a piece of the text."""
        return self.start < end and start < self.end


@dataclass(frozen=True)
class NameTable:
    """All names of one kind of record, as pairs of (name, id)."""

    pairs: tuple[tuple[str, str], ...]
    min_homophone_length: int = 2

    @cached_property
    def ids_by_name(self) -> dict[str, tuple[str, ...]]:
        """Folded name to the ids that carry it."""
        table: dict[str, list[str]] = defaultdict(list)
        for name, record_id in self.pairs:
            if record_id not in table[fold(name)]:
                table[fold(name)].append(record_id)
        return {name: tuple(ids) for name, ids in table.items()}

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """First character to the lengths of the names that start with it, longest first."""
        table: dict[str, set[int]] = defaultdict(set)
        for name in filter(None, self.ids_by_name):
            table[name[0]].add(len(name))
        return {first: sorted(lengths, reverse=True) for first, lengths in table.items()}

    @cached_property
    def _syllables(self) -> dict[str, list[str]]:
        """Pinyin of every Chinese name, without tones."""
        return {name: lazy_pinyin(name) for name in self.ids_by_name if _CJK_RUN.fullmatch(name)}

    @cached_property
    def _sounds(self) -> dict[tuple[str, ...], set[str]]:
        """Pinyin syllables to the Chinese names that sound so."""
        table: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for name, syllables in self._syllables.items():
            table[_sound(syllables)].add(name)
        return table

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], str]:
        """Pinyin syllables to the name, for Chinese names that sound like no other."""
        return {sound: next(iter(names)) for sound, names in self._sounds.items() if len(names) == 1}

    @cached_property
    def _edges_of_sounds(self) -> set[tuple[int, str, str]]:
        """How many syllables the names have that are told by their sound, with the first and the last of them."""
        return {(len(sound), _merged(sound[0]), _merged(sound[-1])) for sound in self._by_sound}

    @cached_property
    def _latin(self) -> LatinNames:
        return LatinNames(self.ids_by_name, self._syllables)

    @cached_property
    def _by_gap(self) -> dict[tuple[str, int], set[str]]:
        """(name with one character left out, its place) to names, for one wrong character."""
        table: dict[tuple[str, int], set[str]] = defaultdict(set)
        for name in self.ids_by_name:
            if _CJK_RUN.fullmatch(name) and len(name) >= MIN_FUZZY_LENGTH:
                for place in range(len(name)):
                    table[name[:place] + name[place + 1:], place].add(name)
        return table

    @cached_property
    def _english(self) -> list[str]:
        return [name for name in self.ids_by_name if _ENGLISH_RUN.fullmatch(name) and len(name) >= MIN_ENGLISH_LENGTH]

    def find(self, text: str) -> list[Mention]:
        """Exact mentions, longest first at each place, none overlapping."""
        folded, found, place = fold(text), [], 0
        while place < len(folded):
            name = self._name_at(folded, place)
            if name:
                end = place + len(name)
                found.append(Mention(self.ids_by_name[name], text[place:end], place, end))
                place = end
            else:
                place += 1
        return found

    def _name_at(self, folded: str, place: int) -> str | None:
        pieces = (folded[place:place + length] for length in self._lengths.get(folded[place], ()))
        return next((piece for piece in pieces if piece in self.ids_by_name and _on_boundary(folded, place, place + len(piece))), None)

    def find_misspelt(self, text: str) -> list[Mention]:
        """Mentions by sound, with one wrong character or in other letters; call it when `find` came back empty."""
        found: list[Mention] = []
        for run in _CJK_RUN.finditer(text):
            found += self._misspelt_in(run.group(), run.start())
        latin = [(self._ids_of(seen.names), seen.start, seen.end) for seen in self._latin.find(fold(text))]
        return found + [Mention(ids, text[start:end], start, end, exact=False) for ids, start, end in latin or self._near_words(text)]

    def _ids_of(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(record for name in names for record in self.ids_by_name[name]))

    def find_by_sound(self, text: str) -> list[Mention]:
        """Names of two characters written with one wrong character of the same sound: 虎邱 is 虎丘.

        Two syllables sound like a name by chance now and then: for a text in which nothing else was found.
        """
        found = []
        for run in _CJK_RUN.finditer(text):
            borders = _borders(run.group())
            for place in sorted(borders)[:-1]:
                piece = run.group()[place:place + 2]
                name = self._by_sound.get(_sound(lazy_pinyin(piece))) if place + 2 in borders else None
                if name and len(set(piece) & set(name)) == 1 and not jieba.dt.FREQ.get(piece) and not _only_grammar(piece, name):
                    start = run.start() + place
                    found.append(Mention(self.ids_by_name[name], piece, start, start + 2, exact=False))
        return found

    def sounding_like(self, name: str) -> tuple[str, ...]:
        """Records of other names that sound like this Chinese name: who writes 太山 may mean 泰山."""
        others = sorted(self._sounds.get(_sound(lazy_pinyin(name)), set()) - {name}) if _CJK_RUN.fullmatch(name) else []
        return tuple(dict.fromkeys(record for other in others for record in self.ids_by_name[other]))

    def _near_words(self, text: str) -> list[tuple[tuple[str, ...], int, int]]:
        """Single English words that are nearly a name of one word: (ids, start, end)."""
        found = []
        for run in _ENGLISH_RUN.finditer(text):
            near = get_close_matches(fold(run.group()), self._english, 1, ENGLISH_LIKENESS)
            if near and len(run.group()) >= MIN_ENGLISH_LENGTH and not says_other_syllables([fold(run.group())], near[0]):
                found.append((self.ids_by_name[near[0]], run.start(), run.end()))
        return found

    def _misspelt_in(self, run: str, offset: int) -> list[Mention]:
        found, place, borders = [], 0, _borders(run)
        while place < len(run):
            hit = self._misspelt_at(run, place, borders) if place in borders else None
            if hit:
                name, length = hit
                start = offset + place
                found.append(Mention(self.ids_by_name[name], run[place:place + length], start, start + length, False))
            place += hit[1] if hit else 1
        return found

    def _misspelt_at(self, run: str, place: int, borders: set[int]) -> tuple[str, int] | None:
        for length in range(min(MAX_FUZZY_LENGTH, len(run) - place), 1, -1):
            if place + length not in borders:
                continue
            piece = run[place:place + length]
            name = self._sounding_like(piece) if length >= self.min_homophone_length else None
            if not name or not set(name) & set(piece):  # 潭拓寺 is 潭柘寺, though 弹子石 may be read so
                name = self._one_wrong(piece) or name
            if name and not (length == 2 and _only_grammar(piece, name)) and not _says_otherwise(piece, name):  # 太远 is no misspelt 太原
                return name, length
        return None

    def _sounding_like(self, piece: str) -> str | None:
        """A name with one of the readings of this piece: 重 is zhong and chong."""
        if not any((len(piece), first, last) in self._edges_of_sounds for first in _readings(piece[0]) for last in _readings(piece[-1])):
            return None  # most pieces: the phrases need not be looked up
        readings = product(*pinyin(piece, style=Style.NORMAL, heteronym=True))
        return next((self._by_sound[_sound(r)] for r in islice(readings, MAX_READINGS) if _sound(r) in self._by_sound), None)

    def _one_wrong(self, piece: str) -> str | None:
        if len(piece) < MIN_FUZZY_LENGTH:
            return None
        words = [word for word in jieba.lcut(piece, HMM=False) if len(word) > 1]
        near = {name for gap in range(len(piece)) for name in self._by_gap.get((piece[:gap] + piece[gap + 1:], gap), ())}
        near = {name for name in near if all(word in name for word in words) and not _only_grammar(piece, name)}  # 东西有 is no misspelt 东西巷
        near = {name for name in near if looks_alike(piece, name)} or {name for name in near if self._may_be_slip(piece, name)}
        return near.pop() if len(near) == 1 else None

    def _may_be_slip(self, piece: str, name: str) -> bool:
        """Whether what is left beside the odd character is telling, or the odd one sounds right.

        陪老人 shares an everyday word with 石老人, 江滨公园 its kind with 河滨公园: another thing and another place.
        """
        shared = "".join(seen for seen, meant in zip(piece, name, strict=True) if seen == meant)
        telling = len(_KIND_OF_PLACE.sub("", shared)) > 1 and (jieba.dt.FREQ.get(shared) or 0) <= EVERYDAY_WORD
        return telling or _sound(lazy_pinyin(piece)) == _sound(self._syllables[name])


def name_table(entries: Iterable[tuple[str, Iterable[str]]], min_homophone_length: int = 2) -> NameTable:
    """Build a table from (id, names) pairs; one-character names are left out."""
    pairs = tuple(
        (spelling, record_id) for record_id, names in entries for name in names if len(name) > 1
        for spelling in dict.fromkeys((name, name.replace("'", "")))
    )
    return NameTable(pairs, min_homophone_length)


def short_names(sight: Attraction, city: City, written: Collection[str]) -> list[str]:
    """Its names without what people leave out: (安吉馆), 国家, the city before an English name; none that stands in `written`."""
    short = {re.sub(r"[(（].*?[)）]|国家级?", "", name) for name in sight.names}
    chinese = [name for name in short if len(name) >= MIN_SHORT_LENGTH and name not in written]
    english = sight.name_en.removeprefix(f"{city.name_en} ")
    own = set(english.lower().split()) - GENERIC
    tells = english != sight.name_en and own and len(english.split()) >= MIN_SHORT_WORDS
    return [*chinese, english] if tells else chinese


def _borders(run: str) -> set[int]:
    """Where words begin and end: a name does not begin inside one (题乐园 in 主题乐园)."""
    return set(accumulate((len(word) for word in jieba.lcut(run, HMM=False)), initial=0))


def sounds_alike(one: str, other: str) -> bool:
    """Whether two Chinese names may be read alike, character by character, under any of their readings."""
    return len(one) == len(other) and all(seen == meant or _readings(seen) & _readings(meant) for seen, meant in zip(one, other, strict=True))


def looks_alike(one: str, other: str) -> bool:
    """Whether one character of a Chinese name may have been taken for another of its shape: 睛川阁 for 晴川阁, 潭拓寺 for 潭柘寺."""
    odd = [place for place, (seen, meant) in enumerate(zip(one, other, strict=False)) if seen != meant]
    if len(one) != len(other) or len(odd) != 1:
        return False
    seen, meant = _strokes(one[odd[0]]), _strokes(other[odd[0]])
    return _nearly(seen, meant) or (_share_a_part(seen, meant) and not _in_a_word(one, odd[0]))


def _share_a_part(one: str, other: str) -> bool:
    """Whether two Wubi codes share two letters in a row: 盂 and 孟, 瞿 and 翟, 徂 and 祖."""
    return any(one[place:place + 2] in other for place in range(len(one) - 1))


def _in_a_word(text: str, place: int) -> bool:
    """Whether a character is part of a word, so that it may well be meant."""
    return not {place, place + 1} <= _borders(text)


@cache
def _strokes(char: str) -> str:
    """The parts a character is built of, as Wubi types them: one to four letters; empty for what it does not know."""
    return next(iter(wubi(char)), "") if _CJK_RUN.fullmatch(char) else ""


def _nearly(one: str, other: str) -> bool:
    """Whether two codes of at least two letters are the same but for one letter."""
    short, long = sorted((one, other), key=len)
    if len(short) < MIN_STROKES:
        return False
    if len(short) == len(long):
        return sum(seen != meant for seen, meant in zip(one, other, strict=True)) <= 1
    return any(long[:place] + long[place + 1:] == short for place in range(len(long)))


@cache
def _readings(char: str) -> frozenset[str]:
    return frozenset(_merged(reading) for reading in pinyin(char, style=Style.NORMAL, heteronym=True)[0])


def _only_grammar(piece: str, name: str) -> bool:
    """Whether the odd character is a word of grammar: 东西有 is no misspelt 东西巷."""
    return any(seen != meant and seen in "的了吗呢吧啊有在是和与去到从里上下不也都还就很好玩哪几多大小老新远近贵快慢累冷热" for seen, meant in zip(piece, name, strict=False))


def _says_otherwise(piece: str, name: str) -> bool:
    """Whether an everyday word of the piece shares nothing with the name: 去但是 only sounds like 瞿昙寺."""
    place = 0
    for word in jieba.lcut(piece, HMM=False):
        meant, place = name[place:place + len(word)], place + len(word)
        if len(word) > 1 and (jieba.dt.FREQ.get(word) or 0) > EVERYDAY_WORD and not set(word) & set(meant):
            return True
    return False


def _sound(syllables: Iterable[str]) -> tuple[str, ...]:
    """Syllables with what many speakers do not tell apart made equal: ying/yin, shan/san."""
    syllables = tuple(syllables)
    if len(syllables) < MIN_FUZZY_LENGTH:
        return syllables
    return tuple(map(_merged, syllables))


def _merged(syllable: str) -> str:
    return syllable.replace("ng", "n").replace("zh", "z").replace("ch", "c").replace("sh", "s")


def fold(text: str) -> str:
    """Lower case, one apostrophe and one kind of brackets for all, keeping every character's place."""
    lowered = text.lower()
    if len(lowered) != len(text):  # one character has become two: İ
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lowered.translate(_ONE_KIND)


def _on_boundary(text: str, start: int, end: int) -> bool:
    """An English name must not be a piece of a longer word; Chinese has no such border."""
    before = start > 0 and _LATIN_WORD.match(text[start]) and _LATIN_WORD.match(text[start - 1])
    after = end < len(text) and _LATIN_WORD.match(text[end - 1]) and _LATIN_WORD.match(text[end])
    return not (before or after)
