"""What no record holds: matters asked of a sight, names of sights that are not there, and what is said instead."""

import pytest

from chains.facts import Facts, Kind
from chains.outline import outline
from chains.understanding.request import Topic
from chains.unheld import beside, unheld
from knowledge.catalogue import Catalogue
from knowledge.library import Library
from tests.chains.turns import gather


def said(facts: Facts) -> str:
    """The answer in code's own lines."""
    return "\n".join(line.fallback for line in outline(facts))


@pytest.mark.parametrize(("question", "matter"), [
    ("故宫停车费多少", "停车"), ("故宫能带狗吗", "宠物"), ("故宫租轮椅要押金吗", "轮椅"), ("故宫的电话是多少", "电话"), ("栈桥附近能存行李吗", "行李寄存"),
    ("五台山的缆车多少钱", "缆车"), ("岳麓书院清朝末代山长叫什么名字", "人物"), ("腾龙洞那台歌舞的女主角是哪位演员", "人物"), ("冰雪大世界的票订错日期了扣几成手续费", "退票"), ("菽庄花园拍婚纱照场地费怎么收", "场地"),
    ("瘦西湖买完票能开发票吗", "发票"), ("matching jobs: is the Imperial Kiln Museum hiring interns", "jobs"), ("Amex at the Window of the World ticket desk", "pay"), ("Is there wifi in the Forbidden City?", "Wi-Fi"), ("parking at the Summer Palace", "parking"),
    ("What rating does the Bund have on TripAdvisor?", "ratings on other sites"), ("故宫在大众点评上几分", "评分"), ("泰山挑夫一趟挣多少钱", "收入"), ("How much did it cost to build the Canton Tower", "cost to build"),
    ("外滩边上一杯咖啡多少钱", "餐饮"), ("故宫当年修了花了多少钱", "造价"), ("故宫全国排名第几", "排名"),
    ("What grade is the climb up Huashan?", "levels other than"), ("Which level of the Canton Tower has the revolving restaurant?", "floor"), ("How much should I tip the porter at Huangshan?", "tips"),
    ("What does insurance for Huashan cost?", "insurance"), ("how much to adopt a panda at Chengdu Panda Base?", "adoptions"), ("What's the toll to drive to Mount Wutai?", "way there"), ("Rating of Leshan Giant Buddha on Ctrip?", "ratings"),
    ("东湖游船几点", "运行时间"), ("What time does the cable car at Mount Hua stop running?", "cable cars, boats and shuttles run"), ("西湖有摩天轮吗", "资料里没有"),
    ("How much for the fast pass at Shanghai Disneyland?", "fast pass"), ("How much does it cost to get married at Shanghai Disneyland?", "weddings"), ("How much cash should I bring to Jiuzhaigou?", "cash"),
])
def test_a_matter_no_record_holds_is_said_to_be_unknown(library: Library, question: str, matter: str) -> None:
    """The sight is shown, the matter is named as unknown with whom to ask, and no other fact stands in its place."""
    facts = gather(library, question)
    text = said(facts)
    assert facts.kind is Kind.SIGHT_FACT
    assert matter in text
    assert "以景区公告为准" in text or "see the official notice" in text
    assert "元" not in text
    assert "yuan" not in text


@pytest.mark.parametrize(("question", "price"), [
    ("长江索道几点关", "22:30"), ("For the Pearl River Night Cruise, between which hours do boats go?", "18:30"),
    ("Is there a cable car at Mount Hua?", "280 yuan"), ("华山有索道吗", "280元"), ("泰山有没有缆车", "中天门索道单程100元"), ("东湖有游船吗", "游船与个别花园另收费"), ("Does Mount Emei have a cable car?", "65 yuan"),
    ("峨眉山金顶索道多少钱", "65元"), ("长江索道多少钱", "20元"), ("故宫门票多少钱", "60元"), ("西安城墙门票多少钱，还能租自行车吗", "54元"),
])
def test_what_the_record_speaks_of_is_answered(library: Library, question: str, price: str) -> None:
    """A cable car among the extras or in a note, asked for by its price or by whether there is one, a sight that is one, and a price asked beside an unknown matter are all told."""
    assert price in said(gather(library, question))


@pytest.mark.parametrize(("question", "told"), [
    ("停车费公司卡付过了，进仙湖植物园，人头票另收多少", "15元"), ("租自行车押了二百，净月潭自个儿进去得几个钱啊", "净月潭门票"), ("Cable car queue was 2 hrs. Officially how many A's is Enshi Grand Canyon?", "5A"),
    ("Audio guide 40, robes for the photo 80. Remind me what the Imperial Palace in Shenyang charges an adult", "50 yuan"), ("my sister bets Fenghuang old town is AAAA only, who wins", "rated "),
    ("I can not recite the poem by heart sorry, so for me Tengwang Pavilion is how much", "50 yuan"),
])
def test_a_matter_told_by_the_way_is_not_asked_for(library: Library, question: str, told: str) -> None:
    """What a clause only tells (that parking was dear) does not hide the fact that the other clause asks for."""
    text = said(gather(library, question))
    assert told in text
    assert "资料里没有" not in text
    assert "no record of" not in text


@pytest.mark.parametrize("question", [
    "西湖边上的二手房一平多少钱", "九寨沟的水是几类水质", "What time does the sun set at Shika Snow Mountain?", "How long was Bada Shanren a monk?", "Which hospital is closest to Gulangyu Island?",
])
def test_a_fact_of_something_else_is_not_answered_with_the_sights_own(library: Library, question: str) -> None:
    """When the sun sets, what flats cost, where the hospital is: no opening hours, price or address stands in its place."""
    facts = gather(library, question)
    assert "资料里没有" in said(facts) or "no record of" in said(facts)
    assert facts.request.topic in (None, Topic.ABOUT) or facts.notes


def test_an_unknown_matter_leaves_the_rest_of_the_question() -> None:
    """What is asked beside it is kept for an answer of its own."""
    matter = unheld("故宫门票多少，能停车吗", [])
    assert matter is not None
    assert (matter.english, beside("故宫门票多少，能停车吗", matter)) == ("parking", "故宫门票多少")


@pytest.mark.parametrize("question", [
    "杭州灵瑞禅寺门票多少", "杭州的月光魔法城门票多少", "西安大雁楼票价", "厦门白鲨灯塔公园几点关门", "Taipei National Palace Museum admission", "how long does Alishan take",
])
def test_a_sight_that_is_not_held_is_said_so(library: Library, question: str) -> None:
    """A made-up or foreign sight is answered with that we do not hold it, never with the facts of one that resembles it."""
    facts = gather(library, question)
    assert facts.kind is Kind.NOT_FOUND
    assert facts.missing
    assert facts.cards == ()


def test_times_that_are_only_remarked_on_are_unknown(library: Library) -> None:
    """Where a record has a remark and no opening times, that the times are unknown comes first."""
    assert "具体时间资料里没有，以景区公告为准；十月" in said(gather(library, "额济纳胡杨林的开放时间"))


@pytest.mark.parametrize(("question", "tags", "free"), [
    ("成都不要门票的古镇", {"古镇"}, True), ("广州越秀区有哪些博物馆", {"博物馆"}, False), ("三亚有没有免费的沙滩", {"沙滩"}, True),
])
def test_a_recommendation_meets_what_the_text_asks_for(library: Library, question: str, tags: set[str], free: bool) -> None:
    """District, price and kind in the words of the question hold for every sight shown."""
    cards = gather(library, question).cards
    assert cards
    assert all(tags & set(card.sight.tags) for card in cards)
    assert not free or all(card.sight.ticket and card.sight.ticket.adult_yuan == 0 for card in cards)
    assert "越秀" not in question or {card.sight.district for card in cards} == {"越秀区"}


def test_a_landmark_is_no_answer(library: Library) -> None:
    """What is near a sight is not the sight itself."""
    names = [card.sight.name for card in gather(library, "从外滩走走就能到的景点").cards]
    assert names
    assert "外滩" not in names


def test_a_sight_shared_by_two_cities_is_the_better_known(catalogue: Catalogue, library: Library) -> None:
    """景山公园 without a city is the one in 北京, whose level lifts it above its namesake."""
    (card,) = gather(library, "景山公园几点关门").cards
    assert catalogue.cities[card.sight.city].name == "北京"


@pytest.mark.parametrize("question", [
    "故宫里面能不能抽烟", "布达拉宫有多少间房", "天坛里有没有便利店", "黄鹤楼是谁设计的", "兵马俑馆内一瓶水多少钱", "is there a dress code at Lingyin Temple", "who built the Summer Palace",
    "can I bring my own food into Shanghai Disneyland",
])
def test_a_particular_question_without_a_topic_is_no_wish_to_be_told_about_the_sight(library: Library, question: str) -> None:
    """What no topic reads and no record holds is said to be unknown, with the sight's card and no price in its place."""
    facts = gather(library, question)
    assert facts.kind is Kind.SIGHT_FACT
    assert facts.cards
    assert "资料里没有" in said(facts) or "We hold no record" in said(facts)
    assert "门票：" not in said(facts)
    assert "Tickets:" not in said(facts)


@pytest.mark.parametrize(("question", "answer"), [
    ("总统府哪天闭馆", "总统府：周一闭馆"), ("南京总统符门票", "总统府门票"), ("同里是在苏州哪边", "同里古镇位于"), ("嘉兴的嘉兴火车站几点开门", "嘉兴火车站开放时间"), ("鼓浪与一般玩多久", "鼓浪屿建议游览"),
    ("需要多长时间逛完颐和园", "颐和园建议游览"), ("can i visit the Forbidden City on Monday", "closed on Mon"), ("少林寺进门要多少银子", "少林寺门票：成人"), ("do I have to pay to walk around West Lake", "free of charge"),
])
def test_the_question_is_not_hidden_by_a_name(library: Library, question: str, answer: str) -> None:
    """A word of a sight's name is no topic, a city may part the words of a question, and paying or a weekday says what is meant."""
    assert answer in said(gather(library, question))


@pytest.mark.parametrize("question", ["故宫值得去吗", "介绍一下故宫", "西湖怎么样"])
def test_who_wants_to_be_told_about_a_sight_is_told(library: Library, question: str) -> None:
    """A wish to hear about a sight is no particular question."""
    assert "门票：" in said(gather(library, question))


def test_a_district_is_not_the_sight_it_is_named_after(library: Library) -> None:
    """西湖区的公园 asks for parks of a district, 西湖 for the lake."""
    facts = gather(library, "杭州西湖区的公园景点有哪些")
    assert facts.kind is Kind.SIGHTS
    assert facts.request.places == ()
