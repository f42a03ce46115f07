"""The outline: which lines each kind of answer has, and the sums that code writes into them."""

from dataclasses import replace
from datetime import date

import pytest

from chains import wording
from chains.facts import Card, Facts, Kind
from chains.gather import Gatherer
from chains.outline import Line, Part, outline
from chains.understanding import Budget, Intent, Party, TripRequest
from chains.understanding.request import BudgetScope, Language, When
from knowledge.catalogue import Catalogue, Filter
from knowledge.library import Library
from knowledge.prices import total
from knowledge.records import Attraction, Ticket
from tests.chains.turns import QINGDAO, QINGDAO_EN, TODAY, gather

ITEM, TOTAL, NOTE, FACT, ADVICE, CLOSING, OPENING = (
    Part.ITEM, Part.TOTAL, Part.NOTE, Part.FACT, Part.ADVICE, Part.CLOSING, Part.OPENING,
)


def sights_with(catalogue: Catalogue, *tickets: Ticket | None) -> list[Attraction]:
    """Sights of 青岛, one for each ticket."""
    sights = catalogue.find(Filter(cities=("qingdao",)), len(tickets))
    return [sight.model_copy(update={"ticket": ticket}) for sight, ticket in zip(sights, tickets, strict=True)]


def facts_of(
    catalogue: Catalogue, sights: list[Attraction], language: Language = "zh", *, day: date | None = None,
    party: Party | None = None, budget: Budget | None = None,
) -> Facts:
    """The facts of a list of sights, as the gatherer would put them together."""
    request = TripRequest(
        QINGDAO, language, Intent.RECOMMEND, cities=("qingdao",), party=party, budget=budget, when=When(start=day)
    )
    city = catalogue.cities["qingdao"]
    cards = tuple(Card(number, sight, city) for number, sight in enumerate(sights, 1))
    return Facts(request, Kind.SIGHTS, language, cards=cards, cities=(city,), day=day, total=total(sights, day))


def total_line(facts: Facts) -> str:
    """The line of the sum."""
    return next(line.fallback for line in outline(facts) if line.part is TOTAL)


def notes(facts: Facts) -> list[str]:
    """The lines that are code's by design."""
    return [line.fallback for line in outline(facts) if line.by_code]


def fixed_ticket(yuan: float) -> Ticket:
    """A ticket that costs the same all year."""
    return Ticket(adult_yuan=yuan, source="hand-2025")


def seasonal_ticket(high: float, low: float) -> Ticket:
    """A ticket with a peak season from April to October."""
    return Ticket.model_validate({"adult_yuan": high, "low_yuan": low, "peak": "4.1-10.31", "source": "hand-2025"})


@pytest.mark.parametrize(("question", "kind", "parts"), [
    (QINGDAO, Kind.SIGHTS, [OPENING, *[ITEM] * 6, TOTAL, NOTE, ADVICE, CLOSING]),
    (QINGDAO_EN, Kind.SIGHTS, [OPENING, *[ITEM] * 6, TOTAL, NOTE, ADVICE, CLOSING]),
    ("青岛和北京有什么好玩的", Kind.SIGHTS, [OPENING, *[ITEM] * 6, TOTAL, NOTE, NOTE, ADVICE, CLOSING]),
    ("故宫门票多少钱", Kind.SIGHT_FACT, [FACT, CLOSING]),
    ("故宫和颐和园几点开门", Kind.SIGHT_FACT, [FACT, FACT, CLOSING]),
    ("青岛吃什么", Kind.CITY_FACT, [FACT, FACT, CLOSING]),
    ("青岛什么时候去好", Kind.CITY_FACT, [FACT, CLOSING]),
    ("有什么好玩的", Kind.ASK_CITY, [NOTE]),
    ("去铁岭玩什么", Kind.NOT_FOUND, [NOTE]),
    ("你是谁", Kind.IDENTITY, [NOTE]),
    ("你好", Kind.SMALLTALK, [NOTE]),
    ("帮我写一段Python代码", Kind.OUT_OF_SCOPE, [NOTE]),
    ("", Kind.UNUSABLE, [NOTE]),
])
def test_every_kind_has_its_lines(library: Library, question: str, kind: Kind, parts: list[Part]) -> None:
    """Each kind of facts makes the lines it should, in their order."""
    facts = gather(library, question)
    assert facts.kind is kind
    assert [line.part for line in outline(facts)] == parts


@pytest.mark.parametrize(("question", "told"), [
    ("故宫门票多少钱，几点开门", ["门票：", "开放时间："]), ("黄鹤楼在哪？门票多少", ["位于", "门票："]), ("兵马俑要提前预约吗，学生票多少钱，逛完要多久", ["预约", "门票", "优惠", "建议游览"]),
    ("Where is the Yellow Crane Tower and how much is the ticket?", [" is in ", " tickets: "]), ("How long to see Mogao Caves, and when does it open?", [": allow ", " opening hours: "]),
    ("介绍一下雷峰塔，门票多少", ["门票：", "雷峰塔（杭州）"]), ("颐和园几点关门", ["开放时间："]), ("周一去的话，故宫周一开吗", ["周一"]),
])
def test_facts_asked_in_one_breath_are_all_told(library: Library, question: str, told: list[str]) -> None:
    """Each fact asked of a sight has a line of its own, and nothing else has one."""
    lines = [line.fallback for line in outline(gather(library, question)) if line.part is FACT]
    assert len(lines) == len(told)
    assert all(any(words in line for line in lines) for words in told)


def test_every_kind_is_tried_in_both_languages(library: Library) -> None:
    """Whatever the kind and the language, the outline has lines and none of them is empty or unfinished."""
    asked = {
        kind: [gather(library, question) for question in questions] for kind, questions in {
            Kind.SIGHTS: (QINGDAO, QINGDAO_EN), Kind.SIGHT_FACT: ("故宫几点开门", "West Lake opening hours?"),
            Kind.CITY_FACT: ("青岛住哪里", "Where to stay in Qingdao?"), Kind.ASK_CITY: ("有什么好玩的", "what to see?"),
            Kind.NOT_FOUND: ("去铁岭玩什么", "Gold Whale Museum tickets?"), Kind.WEATHER: ("青岛天气", "Weather in Qingdao?"),
            Kind.ITINERARY: ("青岛三日游", "Plan 3 days in Qingdao"), Kind.IDENTITY: ("你是谁", "Who are you?"),
            Kind.SMALLTALK: ("谢谢", "Thanks!"), Kind.OUT_OF_SCOPE: ("帮我写代码", "Write me some code"),
            Kind.UNUSABLE: ("青岛玩40天", "40 days in Qingdao"),
        }.items()
    }
    assert set(Kind) == set(asked)
    for kind, both in asked.items():
        assert [(kind, "zh"), (kind, "en")] == [(facts.kind, facts.language) for facts in both]
        for line in (line for facts in both for line in outline(facts)):
            assert line.fallback.strip()
            assert line.fallback.startswith(line.fixed)


def test_items_carry_number_name_and_price_of_the_record(library: Library) -> None:
    """A numbered line begins with the number, the name and the price that the card shows, and ends as a sentence."""
    facts = gather(library, QINGDAO)
    items = [line for line in outline(facts) if line.part is ITEM]
    for line, card in zip(items, facts.cards, strict=True):
        assert line.fixed == f"{card.number}. {card.sight.name}（{wording.price_words(card.sight.ticket, 'zh')}）："
        assert line.card == card
        assert line.fallback.endswith("。")
        assert line.free is not None


def test_only_free_lines_are_left_to_the_model(library: Library) -> None:
    """Sums, facts and notes leave the model no word; reasons, advice and closing do."""
    lines = outline(gather(library, QINGDAO))
    free = {line.part for line in lines if line.free}
    assert free == {ITEM, ADVICE, CLOSING}
    assert all(line.fixed == line.fallback for line in lines if not line.free)


def test_the_total_is_the_sum_of_what_the_cards_show(catalogue: Catalogue) -> None:
    """One adult's total adds every ticket, with what must be bought beside it."""
    tickets = fixed_ticket(60), fixed_ticket(0), fixed_ticket(35.5)
    facts = facts_of(catalogue, sights_with(catalogue, *tickets))
    assert total_line(facts) == "合计：一位成人门票约95.5元。"
    assert total_line(replace(facts, language="en")) == "Total: about 95.5 yuan in tickets for one adult."


def test_the_total_of_the_showcase_question_is_that_of_the_records(library: Library) -> None:
    """The sum in words equals the sum over the records."""
    facts = gather(library, QINGDAO)
    chosen = total([card.sight for card in facts.cards])
    assert facts.total == chosen
    assert f"约{chosen.yuan:g}元" in total_line(facts)


def test_the_total_of_a_party_counts_everybody_at_full_price(catalogue: Catalogue) -> None:
    """A party's total is one adult's times its size, and says so; a single traveller sees no second sum."""
    sights = sights_with(catalogue, fixed_ticket(60), fixed_ticket(40))
    party = facts_of(catalogue, sights, party=Party(adults=2, children=1))
    assert total_line(party) == "合计：一位成人门票约100元，3人按全价约300元。"
    assert total_line(replace(party, language="en")) == (
        "Total: about 100 yuan in tickets for one adult, 300 yuan for 3 people at full price."
    )
    assert "按全价" not in total_line(facts_of(catalogue, sights, party=Party(adults=1)))


def test_the_total_says_that_peak_prices_were_taken(catalogue: Catalogue) -> None:
    """Without a date the peak prices count and are named so; with one the season's price counts without a word."""
    sights = sights_with(catalogue, seasonal_ticket(90, 60), fixed_ticket(10))
    assert total_line(facts_of(catalogue, sights)) == "合计：一位成人门票约100元（按旺季价）。"
    assert total_line(facts_of(catalogue, sights, day=date(2026, 12, 5))) == "合计：一位成人门票约70元。"
    assert total_line(facts_of(catalogue, sights, day=date(2026, 7, 5))) == "合计：一位成人门票约100元。"


def test_what_is_unknown_is_left_out_of_the_total_by_name(catalogue: Catalogue) -> None:
    """A sight without a price is named as not counted, in the reader's language."""
    sights = sights_with(catalogue, fixed_ticket(60), None)
    facts = facts_of(catalogue, sights)
    assert total_line(facts) == f"合计：一位成人门票约60元，不含{sights[1].name}。"
    assert total_line(replace(facts, language="en")) == (
        f"Total: about 60 yuan in tickets for one adult, not counting {sights[1].name_en}."
    )


def test_no_known_price_makes_no_sum(catalogue: Catalogue) -> None:
    """Where no price is known the total says so, and names no figure."""
    facts = facts_of(catalogue, sights_with(catalogue, None, None))
    assert total_line(facts) == "合计：门票以景区公告为准。"
    assert total_line(replace(facts, language="en")) == "Total: tickets, see the official notice."


def test_all_free_is_said_in_words(catalogue: Catalogue) -> None:
    """Where all is free the total says so; where a price is unknown it does not."""
    free = fixed_ticket(0)
    assert total_line(facts_of(catalogue, sights_with(catalogue, free, free))) == "合计：以上门票全部免费。"
    assert total_line(facts_of(catalogue, sights_with(catalogue, free, free), "en")) == "Total: all of these are free."
    assert "全部免费" not in total_line(facts_of(catalogue, sights_with(catalogue, free, None)))


def test_namesakes_in_two_cities_are_both_counted(library: Library) -> None:
    """Two sights of one name are two tickets."""
    hills = [library.catalogue.get([record])[0] for record in library.catalogue.sight_names.ids_by_name["白云山"]]
    assert [hill.city for hill in hills] == ["guangzhou", "luoyang"]
    each = [hill.model_copy(update={"ticket": fixed_ticket(price)}) for hill, price in zip(hills, (5, 69), strict=True)]
    assert total(each).yuan == 74


@pytest.mark.parametrize(("yuan", "scope", "party", "verdict"), [
    (500, "person", None, "预算500元：以上门票100元，在预算之内。"),
    (100, "person", None, "预算100元：以上门票100元，在预算之内。"),
    (80, "person", Party(adults=3), "预算80元：以上门票100元，比预算多20元，可以少选几处。"),
    (500, "party", Party(adults=3), "预算500元：以上门票300元，在预算之内。"),
    (250, "party", Party(adults=2, children=1), "预算250元：以上门票300元，比预算多50元，可以少选几处。"),
    (80, "day", Party(adults=3), "预算80元：以上门票100元，比预算多20元，可以少选几处。"),
])
def test_the_budgets_verdict_compares_like_with_like(
    catalogue: Catalogue, yuan: float, scope: BudgetScope, party: Party | None, verdict: str
) -> None:
    """A budget a head is held against one ticket sum, a budget for all against everybody's."""
    sights = sights_with(catalogue, fixed_ticket(60), fixed_ticket(40))
    assert notes(facts_of(catalogue, sights, party=party, budget=Budget(yuan, scope)))[-1] == verdict


def test_the_budgets_verdict_in_english(catalogue: Catalogue) -> None:
    """An English answer judges the budget in English."""
    sights = sights_with(catalogue, fixed_ticket(60), fixed_ticket(40))
    within, above = (facts_of(catalogue, sights, "en", budget=Budget(yuan, "person")) for yuan in (500, 80))
    assert notes(within)[-1] == "Budget 500 yuan: these tickets cost 100 yuan, within it."
    assert notes(above)[-1] == "Budget 80 yuan: these tickets cost 100 yuan, 20 yuan above it, so leave a few out."


def test_a_budget_over_unknown_prices_gets_no_verdict(catalogue: Catalogue) -> None:
    """Where no price is known nobody is told to be within the budget."""
    facts = facts_of(catalogue, sights_with(catalogue, None), budget=Budget(500, "person"))
    assert not any("预算" in note for note in notes(facts))


def test_living_costs_are_the_citys_own_bands(library: Library) -> None:
    """What a meal and a night cost is quoted from the city's record."""
    city = library.catalogue.cities["qingdao"]
    line = next(text for text in notes(gather(library, QINGDAO)) if "吃住参考" in text)
    for band in (*city.meals[:2], *city.lodging[:2]):
        assert f"{band.low_yuan:g}–{band.high_yuan:g}元" in line


@pytest.mark.parametrize(("question", "sentence"), [
    ("故宫门票多少钱", "故宫博物院门票：成人旺季（4月1日–10月31日）60元，淡季40元"),
    ("故宫周几闭馆", "故宫博物院：周一闭馆（法定节假日除外）。"),
    ("故宫要预约吗", "故宫博物院：需要提前预约。"),
    ("故宫是几A景区", "故宫博物院是国家5A级旅游景区。"),
    ("故宫12月7日开门吗", "故宫博物院开放时间：12月7日（周一）闭馆。"),
])
def test_one_fact_is_answered_by_the_record_and_cited(library: Library, question: str, sentence: str) -> None:
    """The asked fact stands in one fixed sentence that ends with the number of its source."""
    line: Line = outline(gather(library, question))[0]
    assert line.fixed.startswith(sentence.removesuffix("。"))
    assert line.fixed.endswith("[1]")
    assert not line.free


def test_a_missing_fact_is_said_to_be_missing(library: Library) -> None:
    """A price that the record lacks is said to be unknown, never guessed."""
    facts = gather(library, "故宫门票多少钱")
    bare = replace(facts.cards[0], sight=facts.cards[0].sight.model_copy(update={"ticket": None}))
    ticket = outline(replace(facts, cards=(bare,)))[0].fixed
    assert ticket == "故宫博物院门票：票价资料里没有，以景区公告为准。 [1]"


def test_a_gatherer_gives_the_same_lines_each_time(library: Library) -> None:
    """The same question has the same outline, so that an answer can be asked for again."""
    again = Gatherer(library, lambda: TODAY)
    facts = gather(library, QINGDAO)
    assert outline(facts) == outline(again.gather(facts.request))
