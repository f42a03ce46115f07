"""Which cities and sights a turn names, over the shipped records."""

import pytest

from chains.understanding.places import Named, outside, read_names
from knowledge.catalogue import Catalogue
from knowledge.names import Mention


def cities(named: Named, catalogue: Catalogue) -> list[str]:
    """Names of the cities."""
    return [catalogue.cities[city].name for city in named.cities]


def sights(ids: tuple[str, ...], catalogue: Catalogue) -> list[str]:
    """Names of the sights."""
    return [sight.name for sight in catalogue.get(ids)]


@pytest.mark.parametrize(("text", "expected"), [
    ("青岛有什么好玩的", ["青岛"]), ("先去北京再去西安", ["北京", "西安"]), ("things to do in Xi'an", ["西安"]), ("青岛和Qingdao", ["青岛"]),
    ("从北京出发去青岛", ["青岛"]), ("from Beijing to Qingdao", ["青岛"]), ("贵阳不去了，去昆明", ["昆明"]), ("随便", []),
])
def test_cities_are_where_the_trip_goes(catalogue: Catalogue, text: str, expected: list[str]) -> None:
    """Each city counts once; a place of departure or a city given up does not."""
    assert expected == cities(read_names(text, catalogue), catalogue)


@pytest.mark.parametrize(("text", "expected"), [
    ("故宫和颐和园", ["故宫博物院", "颐和园"]), ("栈桥怎么走", ["栈桥"]), ("the Forbidden City", ["故宫博物院"]), ("兵马佣票价", ["秦始皇帝陵博物院"]),
    ("故官门票", ["故宫博物院"]),
])
def test_sights_are_read_under_any_name(catalogue: Catalogue, text: str, expected: list[str]) -> None:
    """Proper names, aliases, English names and slips of the pen lead to the sight."""
    assert expected == sights(read_names(text, catalogue).places, catalogue)


@pytest.mark.parametrize(("text", "places", "exclude"), [
    ("除了故宫还有什么", [], ["故宫博物院"]), ("不想去故宫，想去颐和园", ["颐和园"], ["故宫博物院"]), ("故宫、八达岭都去过了", [], ["八达岭长城", "故宫博物院"]),
    ("故宫不要门票吗", ["故宫博物院"], []), ("anything except the Forbidden City", [], ["故宫博物院"]), ("skip the Forbidden City", [], ["故宫博物院"]),
])
def test_refused_sights_are_set_apart(catalogue: Catalogue, text: str, places: list[str], exclude: list[str]) -> None:
    """What is refused or was already seen is no wish; a question about its ticket is no refusal."""
    named = read_names(text, catalogue)
    assert (places, exclude) == (sights(named.places, catalogue), sorted(sights(named.exclude, catalogue)))


def test_a_city_inside_the_name_of_a_sight_is_not_said(catalogue: Catalogue) -> None:
    """青岛啤酒博物馆 is a sight and says nothing about a trip to 青岛; 北京故宫 speaks of both."""
    named = [read_names(text, catalogue) for text in ("青岛啤酒博物馆几点开门", "北京故宫几点开门")]
    assert [cities(one, catalogue) for one in named] == [[], ["北京"]]
    assert [sights(one.places, catalogue) for one in named] == [["青岛啤酒博物馆"], ["故宫博物院"]]


def test_a_name_of_several_sights_is_settled_by_the_city(catalogue: Catalogue) -> None:
    """Of sights that share a name the one in the city spoken of is meant, in this turn or before it."""
    shared = next((name, ids) for name, ids in catalogue.sight_names.ids_by_name.items()
                  if len({sight.city for sight in catalogue.get(ids)}) > 1)
    name, ids = shared
    for sight in catalogue.get(ids):
        city = catalogue.cities[sight.city].name
        assert (sight.id,) == read_names(f"{city}的{name}门票", catalogue).places
        assert (sight.id,) == read_names(f"{name}门票", catalogue, near=(sight.city,)).places


@pytest.mark.parametrize(("text", "expected"), [("平顶山有什么好玩的", ("平顶山",)), ("青岛有什么好玩的", ())])
def test_a_chinese_city_that_is_not_held_is_named(catalogue: Catalogue, text: str, expected: tuple[str, ...]) -> None:
    """A real city without records is known to be missing, so that it can be said."""
    assert expected == read_names(text, catalogue).unknown_cities


@pytest.mark.parametrize(("text", "expected"), [("东京有什么好玩的", ("东京",)), ("things to do in Paris", ("paris",)), ("北京都有什么", ())])
def test_places_abroad_are_named(catalogue: Catalogue, text: str, expected: tuple[str, ...]) -> None:
    """Places outside China are told apart; 京都 is not meant in 北京都有."""
    assert expected == read_names(text, catalogue).abroad


@pytest.mark.parametrize(("text", "expected"), [
    ("云朵城堡门票多少", ("云朵城堡",)), ("青岛的云朵城堡门票多少", ("云朵城堡",)), ("How much is Wonder Palace?", ("Wonder Palace",)), ("有什么公园", ()), ("哪个博物馆好", ()),
])
def test_a_sight_that_is_not_held_is_named(catalogue: Catalogue, text: str, expected: tuple[str, ...]) -> None:
    """What looks like the name of a sight but is in no record is kept as unknown; a kind of sight is no name."""
    assert expected == read_names(text, catalogue).unknown_places


@pytest.mark.parametrize(("text", "place"), [
    ("上海欢乐谷门票多少", ""), ("重庆园博园几点开", ""), ("Beijing Garden Expo Park tickets", ""), ("成都融创乐园几点开门", ""), ("Zhengzhou 城隍庙 close at what time", "郑州城隍庙"),
    ("成都九寨沟门票", "九寨沟"), ("深圳欢乐谷门票", "深圳欢乐谷"),
])
def test_a_name_that_any_city_could_have_is_that_citys(catalogue: Catalogue, text: str, place: str) -> None:
    """上海欢乐谷 is not the one in 深圳, Zhengzhou's 城隍庙 not that of 兰州; of 九寨沟 there is but one, whatever city one starts from."""
    assert [sight.name for sight in catalogue.get(read_names(text, catalogue).places)] == ([place] if place else [])


@pytest.mark.parametrize(("text", "name"), [
    ("日月潭门票多少钱", "日月潭"), ("when does Sun Moon Lake open", "Sun Moon Lake"), ("Yangmingshan opening hours", "Yangmingshan"), ("天坛大佛几点开门", "天坛大佛"), ("Zhujiajian ticket price", "Zhujiajian"),
])
def test_known_sights_that_are_not_held_are_no_slips_of_held_ones(catalogue: Catalogue, text: str, name: str) -> None:
    """They are named as unknown, and neither a piece of them nor what nearly spells them is taken for a sight."""
    named = read_names(text, catalogue)
    assert (named.places, named.misspelt, named.unknown_places) == ((), (), (name,))


@pytest.mark.parametrize(("text", "places"), [("嵩山路那个郑州博物馆周几休息", ["郑州博物馆"]), ("嵩山路线怎么走", ["嵩山"])])
def test_a_road_is_not_the_sight_it_is_named_after(catalogue: Catalogue, text: str, places: list[str]) -> None:
    """Where another sight is said to lie on it."""
    assert [sight.name for sight in catalogue.get(read_names(text, catalogue).places)] == places


@pytest.mark.parametrize(("text", "city", "slip"), [("青导有什么好玩的", "青岛", "青导"), ("beijin hotels", "北京", "beijin")])
def test_a_misspelt_city_is_read_and_told(catalogue: Catalogue, text: str, city: str, slip: str) -> None:
    """A slip is read as the city it sounds like, and kept so that the answer can say how it was read."""
    named = read_names(text, catalogue)
    assert ([city], (slip,)) == (cities(named, catalogue), named.misspelt)


@pytest.mark.parametrize("text", ["有什么程度的", "好吃的东西有哪些", "有哪些主题乐园", "水上乐园哪个好", "有什么森林公园", "今天天气怎么样", "谢谢你", "how are you", "what a nice day"])
def test_ordinary_words_are_no_slips(catalogue: Catalogue, text: str) -> None:
    """程度 is not 成都: words of their own name no place."""
    named = read_names(text, catalogue)
    assert (named.cities, named.places, named.misspelt) == ((), (), ())


@pytest.mark.parametrize(("text", "expected"), [
    ("杭州的月光魔法城门票多少", ("月光魔法城",)), ("西江千户苗寨是几A", ("西江千户苗寨",)), ("北京朝阳公园是几A级", ("朝阳公园",)), ("介绍一下月光魔法城", ("月光魔法城",)),
    ("when does the Golden Goose Pagoda open", ("Golden Goose Pagoda",)), ("how long does Alishan take", ("Alishan",)),
    ("贵阳云岩区的免费的美食街景点有哪些", ()), ("where should I go in China for the National Day holiday", ()), ("天津看老建筑不花钱的地方", ()), ("两个大人的门票一共多少钱", ()),
])
def test_a_name_is_known_by_where_it_stands(catalogue: Catalogue, text: str, expected: tuple[str, ...]) -> None:
    """What stands where a sight's name stands is taken for one, without the words that lead to it; districts and kinds are none."""
    assert expected == read_names(text, catalogue).unknown_places


@pytest.mark.parametrize("text", ["厦门白鲨灯塔公园几点关门", "成都浣花溪公园几点关", "北京云顶天空之城博物馆周几休息", "Taipei National Palace Museum admission", "opening hours of Sun Moon Lake", "台北故宫门票"])
def test_a_held_name_inside_a_longer_one_is_not_meant(catalogue: Catalogue, text: str) -> None:
    """塔公 in 灯塔公园, 花溪公园 in 浣花溪公园 and the Palace Museum of another place name nothing that we hold."""
    assert read_names(text, catalogue).places == ()


@pytest.mark.parametrize(("text", "expected"), [
    ("大连的俄锣斯风情街门票多少钱", ["俄罗斯风情街"]), ("青岛啤酒博物官几点开门", ["青岛啤酒博物馆"]), ("Is Jokhan Temple in Lhasa closed on Mondays?", ["大昭寺"]),
    ("厦门南普华寺几点开门", []), ("西安大雁楼票价", []), ("Lingrui Temple Hangzhou entrance fee", []), ("去三亚玩七天", []), ("is it raining in guangzhou today", []),
])
def test_a_slip_is_read_and_another_name_is_not(catalogue: Catalogue, text: str, expected: list[str]) -> None:
    """A character of the same sound or a letter lost is a slip, beside a city too; another word is another sight."""
    assert expected == sights(read_names(text, catalogue).places, catalogue)


@pytest.mark.parametrize(("text", "name"), [
    ("新疆天山天池入冬后早上几点开", "天山天池"), ("七月份瘦西湖怎么收费", "瘦西湖"), ("仨大人，绵山光进山门就得掏多少", "绵山"), ("韩城太史公祠下午几点落锁", "司马迁祠"), ("蓬莱歌门票啥价", "蓬莱阁"),
    ("平凉的崆桐山要游览多久", "崆峒山"),
])
def test_what_stands_around_a_name_is_not_of_it(catalogue: Catalogue, text: str, name: str) -> None:
    """A province, a month, a county before it and a verb after it make no longer name of it."""
    found = read_names(text, catalogue)
    assert [sight.name for sight in catalogue.get(found.places)] == [name]
    assert not found.unknown_places


@pytest.mark.parametrize("text", ["济南百泉映月仙湖半天够不够", "成都云顶熊猫博物馆周一闭馆吗"])
def test_two_characters_of_another_city_are_no_name(catalogue: Catalogue, text: str) -> None:
    """仙湖 lies in Shenzhen, 云顶 in Fuzhou: amid another city's unknown name they are only a piece."""
    found = read_names(text, catalogue)
    assert not found.places
    assert found.unknown_places


def test_what_is_far_is_no_city(catalogue: Catalogue) -> None:
    """太远 sounds like 太原 and is no slip of it."""
    assert read_names("是不是太远了", catalogue).cities == ()


def test_a_lesser_name_of_the_same_sound_brings_the_better_known_too(catalogue: Catalogue) -> None:
    """Who writes 太山 may mean 泰山: both are told."""
    assert set(sights(read_names("太山是几A景区", catalogue).places, catalogue)) == {"太山龙泉寺", "泰山风景区"}


def test_the_rest_is_what_is_left_without_names(catalogue: Catalogue) -> None:
    """The names of sights are blanked, so that 海洋馆 in a name is no wish for one."""
    assert read_names("青岛啤酒博物馆门票", catalogue).rest == ",,,,,,,门票"


def test_overlapping_mentions_give_way() -> None:
    """A mention that touches another is left out, one that merely follows is kept."""
    long, short, next_to = Mention(("a",), "大理古城", 0, 4), Mention(("b",), "大理", 0, 2), Mention(("c",), "丽江", 4, 6)
    assert [next_to] == outside([short, next_to], [long])
