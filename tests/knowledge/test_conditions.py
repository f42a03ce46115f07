"""What a search text says of itself: names, wishes, what is refused, free, and whether one sight is described."""

import pytest

from knowledge.catalogue import Catalogue
from knowledge.conditions import nameless, read_conditions
from knowledge.spellings import in_characters


def named(text: str, catalogue: Catalogue) -> list[str]:
    """The names of the sights sought, the best known first."""
    return [sight.name for sight in catalogue.get(read_conditions(text, catalogue).named)]


@pytest.mark.parametrize("text", [
    "道士发现藏经洞的那个地方", "苏州那座歪歪的古塔叫什么", "周星驰拍大话西游的影视城，叫啥来着", "想不起名字了，一个挂在悬崖上的庙",
    "the monastery in Henan where barefoot monks train kung fu at dawn", "what do you call the hill that looks like an elephant",
])
def test_a_description_is_no_list_of_wishes(catalogue: Catalogue, text: str) -> None:
    """Who tells what a place is like, or asks what it is called, seeks one sight."""
    assert read_conditions(text, catalogue).describes


@pytest.mark.parametrize("text", [
    "青岛有什么好玩的", "推荐几个适合带孩子的博物馆", "兵马俑门票多少钱", "故宫太和殿的龙椅是真的吗", "杭州免费的博物馆", "Any quiet temples with old trees near Hangzhou?",
    "Dazu rock carvings opening hours please",
])
def test_wishes_names_and_facts_are_no_description(catalogue: Catalogue, text: str) -> None:
    """Several sights, a named one, a fact or a condition are sought otherwise."""
    assert not read_conditions(text, catalogue).describes


@pytest.mark.parametrize(("text", "cap"), [
    ("厦门看海别给我推要买票的", 0.0), ("开封看夜景，不想花门票钱", 0.0), ("丽江的湖一分钱不花", 0.0), ("附近还有啥白逛的公园", 0.0),
    ("Gardens in Suzhou for 30 yuan or less", 30.0), ("temples within 40 rmb", 40.0), ("故宫门票多少钱", None),
])
def test_what_may_be_paid(catalogue: Catalogue, text: str, cap: float | None) -> None:
    """Free has many words; a ceiling may stand after its figure."""
    assert read_conditions(text, catalogue).condition.max_ticket_yuan == cap


@pytest.mark.parametrize(("text", "refused"), [
    ("贵阳看瀑布，要徒步爬山的就算了", {"徒步", "爬山"}), ("昆明不用爬山的看花地方", {"爬山"}), ("膝盖不好，昆明哪里能看花", {"徒步", "爬山"}), ("厦门看海别给我推要买票的", set()),
])
def test_kinds_that_are_given_up(catalogue: Catalogue, text: str, refused: set[str]) -> None:
    """A kind is refused before or after its word, and by who cannot walk far."""
    assert refused <= set(read_conditions(text, catalogue).condition.no_tag)
    assert bool(refused) == bool(read_conditions(text, catalogue).condition.no_tag)


def test_a_rainbow_is_no_rain(catalogue: Catalogue) -> None:
    """Only rain asks for a roof."""
    assert read_conditions("mountains like a rainbow in Gansu", catalogue).condition.settings == ()
    assert read_conditions("rainy day in Shanghai, what to see", catalogue).condition.settings == ("indoor",)


@pytest.mark.parametrize(("text", "name"), [
    ("huanghelou ji dian guanmen", "黄鹤楼"), ("Chimelong Ocean Kingdom in Zhuhai, how much for one adult", "珠海长隆海洋王国"), ("溱湖湿地公园是几级", "溱湖国家湿地公园"),
    ("安吉那个浙江自然博物院哪几天闭馆", "浙江自然博物院安吉馆"),
])
def test_names_without_what_people_leave_out(catalogue: Catalogue, text: str, name: str) -> None:
    """Pinyin of two names means the better known one; 国家, a bracket and an English city may be missing."""
    assert named(text, catalogue)[0] == name


@pytest.mark.parametrize("text", ["any temple in Hangzhou that costs less than 50 yuan", "想带我妈去但是忘名字了", "how long does Alishan take"])
def test_chance_resemblance_is_no_name(catalogue: Catalogue, text: str) -> None:
    """Words apart by a figure, everyday words and another first letter are no slip of a name."""
    assert named(text, catalogue) == []


def test_a_place_left_behind_is_not_sought(catalogue: Catalogue) -> None:
    """Who has done with one sight and goes on to another asks about the other; a landmark alone is what is asked about."""
    assert named("平遥古城逛完还想拐去双林寺，一张票多少钱", catalogue) == ["双林寺"]
    assert named("青岛栈桥附近停车多少钱一小时", catalogue)[0] == "栈桥"


@pytest.mark.parametrize(("typed", "read"), [
    ("taishan menpiao duoshao qian", "taishan  门票   多少钱 "), ("kuanzhaixiangzi zai nali", "kuanzhaixiangzi  在哪里 "), ("Mama Mia, what a view", "Mama Mia, what a view"), ("去Wuzhen ma", "去Wuzhen ma"),
])
def test_questions_in_pinyin(typed: str, read: str) -> None:
    """Question words in pinyin become characters where one of them leaves no doubt."""
    assert in_characters(typed) == read


@pytest.mark.parametrize(("text", "cap"), [
    ("洛阳博物馆零门票的", 0.0), ("延安的旧址不要票", 0.0), ("beaches in Sanya that cost nothing", 0.0), ("a park I don't have to buy a ticket for", 0.0), ("开封古建筑别过百", 100.0),
    ("大同的庙，三十块拿得下", 30.0), ("兜里只剩五十块", 50.0), ("a garden for twenty yuan or less", 20.0), ("I can't spend more than 80 RMB", 80.0),
])
def test_free_and_dear_in_more_words(catalogue: Catalogue, text: str, cap: float) -> None:
    """What is in the purse is a ceiling, too."""
    assert read_conditions(text, catalogue).condition.max_ticket_yuan == cap


@pytest.mark.parametrize(("text", "refused", "wanted"), [
    ("old houses in Datong, no temples or mosques", {"寺庙", "清真寺"}, {"古建筑"}), ("庙和道观看吐了，开封还有古建筑吗", {"寺庙", "道观"}, {"古建筑"}),
    ("不想再看雪山了，来点草原", {"雪山"}, {"草原"}), ("西安的博物馆和古镇", set(), {"博物馆", "古镇"}),
])
def test_kinds_are_refused_in_a_row(catalogue: Catalogue, text: str, refused: set[str], wanted: set[str]) -> None:
    """One refusal holds for all kinds joined to it, before and after, and for no other."""
    read = read_conditions(text, catalogue, riddle=False)
    assert refused <= set(read.condition.no_tag)
    assert bool(refused) == bool(read.condition.no_tag)
    assert wanted & {tag for kind in read.kinds for tag in kind}


@pytest.mark.parametrize(("text", "cities", "districts"), [
    ("泰顺看廊桥", ("wenzhou",), ("泰顺县",)), ("栾川待两天", ("luoyang",), ("栾川县",)), ("成都青羊找个公园坐坐", ("chengdu",), ("青羊区",)),
    ("caves in Shanghai's Jing'an", ("shanghai",), ("静安区",)), ("old villages in Taishun county", ("wenzhou",), ("泰顺县",)), ("世界和平的地方", (), ()),
])
def test_districts_are_said_in_short_and_lead_to_their_city(catalogue: Catalogue, text: str, cities: tuple[str, ...], districts: tuple[str, ...]) -> None:
    """A county is a condition though its city is not named; a word that says more than a district is none."""
    condition = read_conditions(text, catalogue, riddle=False).condition
    assert (condition.cities, condition.districts) == (cities, districts)


def test_who_knows_that_it_is_a_riddle_settles_it(catalogue: Catalogue) -> None:
    """The same words are conditions or a description, as the caller has found out; an exact name is sought either way."""
    text = "a rainy day in Qingdao, indoor please"
    assert read_conditions(text, catalogue, riddle=True).describes
    assert read_conditions(text, catalogue, riddle=False).condition.settings == ("indoor",)
    assert named("栈桥几点开门", catalogue) == ["栈桥"]
    assert not read_conditions("栈桥几点开门", catalogue, riddle=True).describes


@pytest.mark.parametrize("text", ["布达拉宫太贵了，拉萨还有什么寺庙", "Hongcun is too pricey, any other village", "大昭寺排队太吓人了，换个寺"])
def test_what_is_too_dear_or_too_full_is_not_sought(catalogue: Catalogue, text: str) -> None:
    """It is left out, and no landmark to start from."""
    read = read_conditions(text, catalogue, riddle=False)
    assert read.condition.exclude
    assert not read.named


@pytest.mark.parametrize(("text", "name"), [
    ("扬州受西湖清早开吗", "瘦西湖"), ("恩施大侠谷预留多长时间", "恩施大峡谷"), ("想赶早课，nanjing的jiming si几点开山门", "鸡鸣寺"),
])
def test_a_longer_misspelt_name_at_home_beats_a_piece_of_it(catalogue: Catalogue, text: str, name: str) -> None:
    """西湖 and 大侠谷 are names elsewhere; in the city spoken of the whole word is a slip of one that is there; letters amid characters are a name."""
    assert named(text, catalogue)[0] == name


def test_a_text_without_its_names(catalogue: Catalogue) -> None:
    """A pronoun stands for each sight."""
    assert nameless("长江索道多少钱", catalogue) == "它多少钱"
    assert nameless("how much is Canton Tower", catalogue).split() == ["how", "much", "is", "it"]
    assert nameless("明天下雨吗", catalogue) == "明天下雨吗"
