"""The hybrid retriever over the shipped data: names, meaning, words, conditions, and nothing found."""

import pytest
from langchain_core.documents import Document

from knowledge.catalogue import Filter, level_number
from knowledge.library import Library
from knowledge.words import cut

EVERYWHERE = Filter()  # no condition


def found(library: Library, query: str, condition: Filter = EVERYWHERE, limit: int = 8) -> list[str]:
    """Names of the sights found, best first."""
    return [hit.attraction.name for hit in library.retriever.search(query, condition, limit)]


@pytest.mark.parametrize(("query", "expected"), [
    ("栈桥", "栈桥"), ("故宫博物院门票多少钱", "故宫博物院"), ("紫禁城", "故宫博物院"), ("青岛栈桥怎么样", "栈桥"),
    ("Forbidden City", "故宫博物院"), ("how much is the forbidden city?", "故宫博物院"), ("Zhanqiao Pier", "栈桥"),
])
def test_a_name_or_alias_stands_first(library: Library, query: str, expected: str) -> None:
    """An exact name, Chinese or English, main or alias, beats any resemblance, and the hit says so."""
    first = library.retriever.search(query)[0]
    assert (expected, "name") == (first.attraction.name, first.ways[0])


@pytest.mark.parametrize(("query", "tags"), [
    ("海边看日落", {"海滨", "日落", "沙滩"}), ("哪里可以泡温泉", {"温泉"}), ("适合带孩子去的动物园", {"动物"}), ("想去滑雪", {"滑雪", "冰雪"}),
    ("beach at sunset", {"海滨", "日落", "沙滩"}), ("soak in a hot spring", {"温泉"}), ("a zoo for the children", {"动物"}),
    ("ancient town with canals", {"古镇"}),
])
def test_a_wish_finds_sights_of_its_kind(library: Library, query: str, tags: set[str]) -> None:
    """A wish without a name finds sights that carry a fitting tag, in Chinese and in English."""
    hits = library.retriever.search(query, limit=5)
    assert len(hits) == 5
    assert [hit.attraction.name for hit in hits[:3] if tags.isdisjoint(hit.attraction.tags)] == []


@pytest.mark.parametrize(("query", "condition", "holds"), [
    ("海边 沙滩", Filter(cities=("qingdao",)), lambda sight: sight.city == "qingdao"),
    ("quiet gardens", Filter(cities=("suzhou", "hangzhou")), lambda sight: sight.city in {"suzhou", "hangzhou"}),
    ("博物馆", Filter(max_ticket_yuan=0), lambda sight: sight.ticket and sight.ticket.adult_yuan == 0),
    ("爬山", Filter(min_level=5), lambda sight: level_number(sight) == 5),
    ("日出", Filter(any_tag=("山岳",)), lambda sight: "山岳" in sight.tags),
    ("海边", Filter(no_tag=("沙滩",)), lambda sight: "沙滩" not in sight.tags),
    ("beach", Filter(cities=("qingdao", "xiamen"), max_ticket_yuan=50, any_tag=("海滨",)),
     lambda sight: "海滨" in sight.tags and sight.ticket.adult_yuan <= 50 and sight.city in {"qingdao", "xiamen"}),
])
def test_conditions_hold_for_every_hit(library: Library, query: str, condition: Filter, holds: object) -> None:
    """City, price, level and tags are conditions: every hit meets them, and there are hits."""
    hits = library.retriever.search(query, condition)
    assert hits
    assert callable(holds)
    assert [hit.attraction.name for hit in hits if not holds(hit.attraction)] == []


@pytest.mark.parametrize(("query", "condition"), [
    ("看日落", Filter(min_level=5, max_ticket_yuan=0)),
    ("免费的博物馆", Filter(min_level=5, max_ticket_yuan=0, any_tag=("博物馆",))),
    ("hot spring", Filter(any_tag=("温泉",), max_ticket_yuan=0)),
])
def test_a_narrow_condition_still_finds_what_meets_it(library: Library, query: str, condition: Filter) -> None:
    """Where sights of the kind meet the condition, they are found, however many others lie nearer."""
    assert library.catalogue.find_ids(condition)
    assert found(library, query, condition)


def test_a_name_beats_the_city_asked_for(library: Library) -> None:
    """A city is a wish and gives way to a name: 故宫 is found even while 青岛 is spoken of."""
    assert found(library, "故宫", Filter(cities=("qingdao",)))[0] == "故宫博物院"


def test_what_is_refused_is_not_found(library: Library) -> None:
    """An excluded sight stays away even where it is named."""
    (pier,) = library.catalogue.sight_names.find("栈桥")[0].ids
    assert "栈桥" not in found(library, "栈桥", Filter(exclude=(pier,)))


@pytest.mark.parametrize("query", [
    "区块链智能合约审计", "股票怎么开户", "二次方程求根公式", "发动机机油更换周期",
    "kubernetes ingress controller", "quarterly tax filing deadline", "xyzzy", "", "!!!",
])
def test_nothing_is_found_where_nothing_fits(library: Library, query: str) -> None:
    """A question that is about no sight at all, in Chinese, in English or in no language, finds nothing."""
    assert found(library, query) == []


def test_nothing_is_found_in_a_city_that_is_not_held(library: Library) -> None:
    """A condition that no sight meets leaves nothing."""
    assert found(library, "海边", Filter(cities=("atlantis",))) == []


def test_the_limit_is_kept(library: Library) -> None:
    """No more hits come back than were asked for."""
    assert len(found(library, "海边", limit=3)) == 3


def test_the_best_known_sights_of_a_city_come_by_rank(library: Library) -> None:
    """For a question that only names a city, the city's own order is the answer."""
    hits = library.retriever.best_known(Filter(cities=("qingdao",)), 6)
    assert [hit.attraction.rank for hit in hits] == [1, 2, 3, 4, 5, 6]
    assert sorted((hit.score for hit in hits), reverse=True) == [hit.score for hit in hits]


def test_it_is_a_langchain_retriever(library: Library) -> None:
    """`invoke` gives documents whose metadata leads back to the record."""
    documents: list[Document] = library.retriever.invoke("栈桥")
    assert "栈桥" in documents[0].page_content
    assert [sight.name for sight in library.catalogue.get([documents[0].metadata["record"]])] == ["栈桥"]


def test_words_are_cut_and_stop_words_left_out() -> None:
    """Both languages are cut, small letters used, and words that stand in every question dropped."""
    assert [cut(text) for text in ("海边的日落", "the Forbidden City", "可以去哪里")] == [["海边", "日落"], ["forbidden", "city"], []]


def test_words_alone_give_only_real_hits(library: Library) -> None:
    """A score of zero is no hit, and hits may be kept to cities."""
    assert library.retriever.words.search("cryptocurrency", 5) == []
    hits = library.retriever.words.search("海边 沙滩", 5, ("qingdao",))
    assert len(hits) == 5
    assert {"qingdao"} == {sight.city for sight in library.catalogue.get([record for record, _ in hits])}


def test_a_search_by_words_shows_the_passage_that_holds_them(library: Library) -> None:
    """As a LangChain retriever it gives the text that was matched: for a Chinese question the Chinese passage."""
    assert "栈桥" in library.retriever.words.invoke("栈桥")[0].page_content
