"""Names of places in what people type: exact, English, misspelt, and where a name begins and ends."""

import pytest

from knowledge.catalogue import Catalogue
from knowledge.names import Mention, NameTable, fold, looks_alike, name_table

CITIES = name_table([
    ("qingdao", ["青岛", "青岛市", "Qingdao"]), ("xian", ["西安", "Xi'an"]), ("hangzhou", ["杭州", "Hangzhou"]),
    ("guiyang", ["贵阳", "Guiyang"]), ("lijiang", ["丽江", "Lijiang"]), ("li", ["漓江", "Li"]), ("x", ["京"]),
])
SIGHTS = name_table([
    ("palace", ["故宫博物院", "故宫", "Forbidden City", "Palace Museum"]), ("island", ["鼓浪屿", "Gulangyu"]),
    ("east", ["东西巷"]), ("park-a", ["人民公园"]), ("park-b", ["人民公园"]), ("pier", ["栈桥"]),
], min_homophone_length=3)


def ids(mentions: list[Mention]) -> list[tuple[str, ...]]:
    """The ids of mentions, in order."""
    return [mention.ids for mention in mentions]


@pytest.mark.parametrize(("text", "expected"), [
    ("我想去青岛玩", [("qingdao",)]),
    ("从西安到杭州", [("xian",), ("hangzhou",)]),
    ("QINGDAO或者qingdao", [("qingdao",), ("qingdao",)]),
    ("Xi’an in spring", [("xian",)]),
    ("去哪里都行", []),
    ("", []),
])
def test_names_are_found_in_their_order(text: str, expected: list[tuple[str, ...]]) -> None:
    """Chinese and English names are found wherever they stand, without case and with either apostrophe."""
    assert expected == ids(CITIES.find(text))


def test_the_longest_name_wins() -> None:
    """故宫博物院 is one name and is never cut into 故宫."""
    assert [Mention(("palace",), "故宫博物院", 1, 6)] == SIGHTS.find("去故宫博物院看看")


def test_a_mention_says_where_it_stands() -> None:
    """Start and end point into the text as typed, full-width signs and capitals included."""
    text = "ＡＢ, then the FORBIDDEN CITY!"
    (mention,) = SIGHTS.find(text)
    assert (mention.text, text[mention.start:mention.end]) == ("FORBIDDEN CITY", "FORBIDDEN CITY")


@pytest.mark.parametrize("text", ["Lima is far", "a polite question", "Guiyangs", "the Lis", "xQingdao"])
def test_an_english_name_is_no_piece_of_a_longer_word(text: str) -> None:
    """Li is not found in Lima or in polite."""
    assert CITIES.find(text) == []


@pytest.mark.parametrize("text", ["Li, please", "see Li.", "(Li)", "去Li玩", "Li2"])
def test_an_english_name_ends_where_its_letters_end(text: str) -> None:
    """Signs, digits and Chinese characters are borders of an English word."""
    assert ids(CITIES.find(text)) == [("li",)]


def test_a_name_that_several_records_carry_brings_them_all() -> None:
    """Which 人民公园 is meant is for others to settle."""
    assert ids(SIGHTS.find("人民公园")) == [("park-a", "park-b")]


def test_names_of_one_character_are_left_out() -> None:
    """京 stands in too many words to be a name."""
    assert CITIES.find("东京") == []


@pytest.mark.parametrize(("text", "expected"), [
    ("青导有什么好玩的", ("qingdao",)), ("想去航州", ("hangzhou",)), ("hangzou in may", ("hangzhou",)), ("Qingdoa", ("qingdao",)),
])
def test_misspelt_cities_are_found_by_sound_or_letters(text: str, expected: tuple[str, ...]) -> None:
    """A wrong character of the same sound, or a wrong letter or two, still finds the city and is marked inexact."""
    (mention,) = CITIES.find_misspelt(text)
    assert (expected, False) == (mention.ids, mention.exact)


def test_one_wrong_character_is_forgiven_in_longer_names() -> None:
    """鼓浪岛 is 鼓浪屿: three characters and only one of them wrong."""
    assert [Mention(("island",), "鼓浪岛", 1, 4, exact=False)] == SIGHTS.find_misspelt("去鼓浪岛玩")


@pytest.mark.parametrize("text", ["东西有哪些", "站桥在哪", "随便聊聊", "good morning"])
def test_ordinary_words_are_no_misspelt_sights(text: str) -> None:
    """Words of their own, and pairs of characters that merely sound like a sight, are left alone."""
    assert SIGHTS.find_misspelt(text) == []


def test_two_names_of_one_sound_are_not_guessed() -> None:
    """Where 丽江 and 漓江 sound alike, a third spelling names neither."""
    assert CITIES.find_misspelt("去李江") == []


def test_folding_keeps_every_character_in_its_place() -> None:
    """Letters whose small form is longer stay as they are, so that positions remain true."""
    assert [len(text) for text in ("İstanbul", "Xi’an", "青岛")] == [len(fold(text)) for text in ("İstanbul", "Xi’an", "青岛")]


def test_an_empty_table_finds_nothing() -> None:
    """No names, no mentions, no error."""
    table = NameTable(())
    assert (table.find("青岛"), table.find_misspelt("青导")) == ([], [])


@pytest.mark.parametrize(("text", "city"), [
    ("青岛", "青岛"), ("岛城", "青岛"), ("Beijing", "北京"), ("xi’an", "西安"), ("harbin", "哈尔滨"),
])
def test_shipped_cities_answer_to_their_names(catalogue: Catalogue, text: str, city: str) -> None:
    """Chinese names, nicknames and English names lead to the city."""
    assert [city] == [catalogue.cities[record].name for mention in catalogue.city_names.find(text) for record in mention.ids]


@pytest.mark.parametrize(("text", "sight"), [
    ("紫禁城", "故宫博物院"), ("Forbidden City", "故宫博物院"), ("青岛栈桥", "栈桥"), ("the bund", "外滩"),
])
def test_shipped_sights_answer_to_their_names(catalogue: Catalogue, text: str, sight: str) -> None:
    """Aliases and English names lead to the sight."""
    found = [record for mention in catalogue.sight_names.find(text) for record in mention.ids]
    assert [sight] == [record.name for record in catalogue.get(found)]


@pytest.mark.parametrize(("typed", "name"), [
    ("Longhua Temple", None), ("Danxia Mountain", None), ("Suizhou Museum", None), ("Leifung Pogoda", "雷峰塔"), ("Yunngang Grottoes", "云冈石窟"), ("Potola Palace", "布达拉宫"),
    ("Jiayugan Fort", "嘉峪关关城"),
])
def test_two_other_syllables_are_another_name(catalogue: Catalogue, typed: str, name: str | None) -> None:
    """Sound pinyin of two syllables names its own place; what is no pinyin, or a long name with a slip, is the held one."""
    found = [sight.name for mention in catalogue.sight_names.find_misspelt(typed) for sight in catalogue.get(mention.ids)]
    assert (name in found) if name else not found


@pytest.mark.parametrize(("typed", "name"), [
    ("Giant Goose Pagoda", "大雁塔"), ("Big Goose Pagoda", "大雁塔"), ("Prince Gong's Palace", "恭王府博物馆"), ("Lushun Prison", "旅顺日俄监狱旧址博物馆"),
    ("Wormhole Library", "云洞图书馆"), ("Garden of the Humble Administrator", "拙政园"), ("Emerald Yak Valley", None), ("Emerald Valley", "翡翠谷"),
])
def test_names_that_foreigners_give(catalogue: Catalogue, typed: str, name: str | None) -> None:
    """Translated names are held; one more word amid a name is another name."""
    mentions = catalogue.sight_names.find(f"How much is {typed}?") or catalogue.sight_names.find_misspelt(f"How much is {typed}?")
    found = [sight.name for mention in mentions for sight in catalogue.get(mention.ids)]
    assert (name in found) if name else not found


@pytest.mark.parametrize(("typed", "name", "alike"), [
    ("睛川阁", "晴川阁", True), ("潭拓寺", "潭柘寺", True), ("南鹿列岛", "南麂列岛", True), ("晴川阁", "晴川阁", False), ("灵瑞寺", "灵隐寺", False), ("晴川", "晴川阁", False), ("x川阁", "晴川阁", False),
    ("祖徕山", "徂徕山", True), ("孟城驿", "盂城驿", True), ("翟昙寺", "瞿昙寺", True), ("清凉山", "清源山", False),
])
def test_one_character_taken_for_another_of_its_shape(typed: str, name: str, alike: bool) -> None:
    """Hands and eyes mix up what is built of nearly the same parts."""
    assert looks_alike(typed, name) is alike


@pytest.mark.parametrize(("text", "sight"), [("睛川阁哪天闭馆", "晴川阁"), ("乐山沭川竹海票价", "沐川竹海"), ("麻烦查一下潭拓寺的票价", "潭柘寺")])
def test_shipped_sights_are_found_by_the_shape_of_a_name(catalogue: Catalogue, text: str, sight: str) -> None:
    """A wrong character that looks right still finds the sight."""
    found = catalogue.sight_names.find_misspelt(text)
    assert sight in {record.name for mention in found for record in catalogue.get(mention.ids)}


def test_a_name_of_nothing_but_quotes_is_nobody_s() -> None:
    """What is left of it without its quotes is empty, and stands nowhere in a text."""
    assert name_table([("qingdao-1", ["''"])]).find("栈桥门票多少钱") == []
