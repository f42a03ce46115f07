"""Gathering: from a question to the records that may be spoken of, and to nothing else."""

from collections.abc import Callable

import pytest

from chains.facts import Facts, Kind
from chains.gather import MAX_DAYS, SIGHTS_SHOWN
from chains.understanding.request import State
from knowledge.catalogue import Catalogue, level_number
from knowledge.library import Library
from knowledge.prices import total, visit_yuan
from tests.chains.turns import QINGDAO, QINGDAO_EN, gather

Look = Callable[..., Facts]


@pytest.fixture
def look(library: Library) -> Look:
    """From a question, and what was said before, to its facts."""
    return lambda question, state=None: gather(library, question, state)


def names(facts: Facts) -> list[str]:
    """The names of the sights shown."""
    return [card.sight.name for card in facts.cards]


def after(facts: Facts) -> State:
    """The state of a conversation in which these facts were just shown."""
    return State(facts.request, tuple(card.sight.id for card in facts.cards))


def test_a_city_brings_its_best_known_sights(look: Look, catalogue: Catalogue) -> None:
    """A question about a city is answered by that city's best known sights, in the order of their rank."""
    facts = look(QINGDAO)
    assert facts.kind is Kind.SIGHTS
    assert [card.sight.city for card in facts.cards] == ["qingdao"] * SIGHTS_SHOWN
    assert [card.sight.rank for card in facts.cards] == sorted(card.sight.rank for card in facts.cards)
    assert [card.number for card in facts.cards] == list(range(1, SIGHTS_SHOWN + 1))
    assert facts.cities == (catalogue.cities["qingdao"],)


def test_cards_are_the_catalogues_own_records(look: Look, catalogue: Catalogue) -> None:
    """What is shown is the record itself, word for word and price for price."""
    facts = look(QINGDAO)
    assert [card.sight for card in facts.cards] == catalogue.get(card.sight.id for card in facts.cards)
    assert facts.total == total(card.sight for card in facts.cards)


def test_english_asks_for_the_same_sights(look: Look) -> None:
    """The same question in English finds the same sights and is answered in English."""
    assert names(look(QINGDAO_EN)) == names(look(QINGDAO))
    assert look(QINGDAO_EN).language == "en"


def test_every_card_has_a_citation_with_a_source_for_each_fact(look: Look) -> None:
    """Each number in the answer leads to its record and to the source of every fact in it."""
    facts = look(QINGDAO)
    *sights, city = facts.citations
    assert [citation.number for citation in sights] == [card.number for card in facts.cards]
    assert (city.number, city.record) == (len(sights) + 1, "qingdao")  # behind what meals and rooms usually cost
    for citation, card in zip(sights, facts.cards, strict=True):
        assert citation.record == card.sight.id
        assert {fact: source.id for fact, source in citation.facts} == card.sight.facts()


@pytest.mark.parametrize(("question", "tags"), [
    ("青岛海边", {"海滨", "沙滩"}), ("北京有哪些博物馆", {"博物馆"}), ("西安看古城墙", {"城墙"}), ("Museums in Beijing", {"博物馆"}),
])
def test_a_wish_is_met_by_the_first_sight(look: Look, question: str, tags: set[str]) -> None:
    """The first sights shown are of the kind that was wished for."""
    facts = look(question)
    assert facts.kind is Kind.SIGHTS
    assert all(set(card.sight.tags) & tags for card in facts.cards[:2])


def test_what_is_not_wanted_is_left_out(look: Look) -> None:
    """Who does not want to climb is shown no mountain."""
    facts = look("去青岛玩,不想爬山")
    assert len(facts.cards) > 0
    assert not any({"爬山", "山岳"} & set(card.sight.tags) for card in facts.cards)


@pytest.mark.parametrize("question", ["青岛有哪些免费的景点", "free sights in Qingdao"])
def test_free_means_every_sight_is_free(look: Look, question: str) -> None:
    """Who asks for free sights gets sights that cost nothing, bus and boat included."""
    facts = look(question)
    assert len(facts.cards) >= 5
    assert {visit_yuan(card.sight.ticket) for card in facts.cards} == {0}


@pytest.mark.parametrize("question", ["预算1000元去青岛", "人均300元去青岛玩", "两个人预算500元去北京玩"])
def test_a_budget_is_no_wish_for_free_sights(look: Look, question: str) -> None:
    """A budget that ends in a nought does not narrow the choice to what is free."""
    facts = look(question)
    assert facts.request.budget is not None
    assert any(visit_yuan(card.sight.ticket) for card in facts.cards)


def test_a_ceiling_on_the_ticket_holds(look: Look) -> None:
    """Sights above the highest ticket that was named are left out, cheaper ones with a ticket are not."""
    facts = look("北京50元以下的门票的景点")
    prices = [card.sight.ticket.adult_yuan for card in facts.cards if card.sight.ticket]
    assert all(price is not None and price <= 50 for price in prices)
    assert any(prices)


def test_a_level_holds(look: Look) -> None:
    """Who asks for 5A sights gets nothing less."""
    facts = look("北京的5A景区有哪些")
    assert {level_number(card.sight) for card in facts.cards} == {5}


def test_two_cities_take_turns(look: Look) -> None:
    """Two cities are shown alternately, so that neither crowds out the other."""
    facts = look("青岛和北京有什么好玩的")
    assert [card.sight.city for card in facts.cards] == ["qingdao", "beijing"] * 3
    assert [city.id for city in facts.cities] == ["qingdao", "beijing"]


def test_without_a_city_a_wish_is_met_by_the_best_known_of_all(look: Look) -> None:
    """Where no city is named the best known sights of the country come first, not the first of the alphabet."""
    facts = look("有哪些5A景区值得去")
    assert facts.kind is Kind.SIGHTS
    assert len({card.sight.city for card in facts.cards}) >= 4


def test_a_sight_that_is_refused_is_not_shown(look: Look) -> None:
    """除了栈桥 leaves out 栈桥 and nothing else."""
    shown = names(look("除了栈桥青岛还有什么好玩的"))
    assert "栈桥" not in shown
    assert "八大关" in shown


def test_sights_near_a_named_one_are_others(look: Look) -> None:
    """Who asks what else lies near a sight knows it: the list begins with a neighbour, and all are of its city."""
    facts = look("青岛啤酒博物馆附近还有什么好玩的")
    assert facts.kind is Kind.SIGHTS
    assert "青岛啤酒博物馆" not in names(facts)
    assert {card.sight.city for card in facts.cards} == {"qingdao"}


def test_more_shows_what_was_not_shown(look: Look) -> None:
    """"What else?" brings other sights of the same city."""
    first = look(QINGDAO)
    more = look("还有别的吗", after(first))
    assert len(more.cards) == SIGHTS_SHOWN
    assert {card.sight.city for card in more.cards} == {"qingdao"}
    assert not set(names(more)) & set(names(first))


def test_a_new_city_keeps_the_trip(look: Look) -> None:
    """换成杭州 keeps days and people and changes the city."""
    first = look("两大一小去青岛玩三天")
    switched = look("换成杭州", after(first))
    assert switched.request.cities == ("hangzhou",)
    assert switched.request.when.days == 3
    assert switched.request.party == first.request.party
    assert {card.sight.city for card in switched.cards} == {"hangzhou"}


def test_a_follow_up_asks_about_the_same_sight(look: Look) -> None:
    """那门票呢 after a question about one sight asks for that sight's ticket."""
    follow = look("那门票呢？", after(look("故宫几点开门")))
    assert follow.kind is Kind.SIGHT_FACT
    assert names(follow) == ["故宫博物院"]


@pytest.mark.parametrize(("question", "name"), [
    ("When does the Forbidden City open?", "故宫博物院"),
    ("How much is the Palace Museum?", "故宫博物院"),
    ("How much is Laoshan?", "崂山风景区"),
    ("Badaling Great Wall tickets?", "八达岭长城"),
    ("Is the Temple of Heaven free?", "天坛公园"),
])
def test_famous_sights_are_known_by_their_english_names(look: Look, question: str, name: str) -> None:
    """The names that travellers use in English lead to the record."""
    facts = look(question)
    assert facts.kind is Kind.SIGHT_FACT
    assert names(facts) == [name]


def test_a_city_we_do_not_hold_is_said_to_be_missing(look: Look) -> None:
    """An unknown city gets no sights of another one, but cities to choose from."""
    facts = look("去铁岭玩什么")
    assert facts.kind is Kind.NOT_FOUND
    assert facts.missing == ("铁岭",)
    assert facts.cards == ()
    assert len(facts.suggestions) > 0


@pytest.mark.parametrize("question", [
    "红塔山公园门票多少钱", "青岛的红塔山公园好玩吗", "青岛金沙明月寺几点开门", "青岛的金沙明月寺几点开门", "金沙明月寺几点开门",
    "蓝鲸博物馆门票多少", "English Pearl Tower Museum ticket price?", "重庆云隐玻璃飞桥走一次收多少钱", "桂林漓影之心几点开门", "去西安唐宫月影城玩要多久",
    "How much is the Temple of Silver Rain in Kunming?", "Pingyao Red Abacus Museum, closed on which day?", "Which district is Longhua Temple in?", "龙山云雾小镇里面能不能带狗",
])
def test_a_sight_that_does_not_exist_gets_no_facts_of_another(look: Look, question: str) -> None:
    """An invented sight is said to be unknown; no other sight's price or hours are given for it."""
    facts = look(question)
    assert facts.kind is Kind.NOT_FOUND
    assert facts.cards == ()
    assert len(facts.missing) > 0


def test_suggestions_for_the_unknown_are_held(look: Look, catalogue: Catalogue) -> None:
    """What is offered in place of an unknown sight can be asked for next."""
    facts = look("青岛金沙明月寺几点开门")
    assert len(facts.suggestions) > 0
    assert all(catalogue.sight_names.find(name) for name in facts.suggestions)


def test_conditions_that_nothing_meets_are_said_and_helped(look: Look) -> None:
    """Where no sight meets the conditions the city's best known are offered by name, not shown as if they did."""
    facts = look("青岛的滑雪场")
    assert facts.kind is Kind.NOT_FOUND
    assert facts.cards == ()
    assert facts.suggestions == tuple(names(look(QINGDAO))[:3])


@pytest.mark.parametrize("question", ["有什么好玩的", "门票多少钱", "What's worth seeing?"])
def test_without_a_city_we_ask_for_one(look: Look, question: str) -> None:
    """A question without any place is answered by asking where, with cities to choose from."""
    facts = look(question)
    assert facts.kind is Kind.ASK_CITY
    assert len(facts.suggestions) >= 3


@pytest.mark.parametrize(("question", "words"), [
    ("", "还没有输入"), ("   \n ", "还没有输入"),
    ("预算-500元去青岛玩", "预算要大于零"), ("人均-100元去青岛", "预算要大于零"), ("预算0元去青岛玩", "预算要大于零"),
    ("Qingdao with a budget of -500 yuan", "budget has to be above zero"),
    ("青岛玩40天", "40天超出"), ("青岛玩0天", "0天超出"), ("plan 40 days in Qingdao", "40 days is more"),
])
def test_what_cannot_be_planned_is_said(look: Look, question: str, words: str) -> None:
    """Nothing typed, a budget that is no budget and days beyond reason get one sentence that says what is wrong."""
    facts = look(question)
    assert facts.kind is Kind.UNUSABLE
    assert len(facts.notes) == 1
    assert words in facts.notes[0]
    assert facts.cards == ()


def test_the_longest_trip_is_still_planned(look: Look) -> None:
    """The limit itself is no mistake, the day after it is."""
    assert look(f"青岛玩{MAX_DAYS}天").kind is Kind.ITINERARY
    assert look(f"青岛玩{MAX_DAYS + 1}天").kind is Kind.UNUSABLE


def test_an_unknown_price_is_named_as_missing(look: Look, catalogue: Catalogue) -> None:
    """Every sight without a price is named as missing, none with one is."""
    facts = look("阿坝有什么好玩的")
    more = look("还有别的吗", after(facts))
    for shown in (facts, more):
        assert shown.missing == tuple(card.sight.name for card in shown.cards if visit_yuan(card.sight.ticket) is None)
    assert len(more.missing) > 0
