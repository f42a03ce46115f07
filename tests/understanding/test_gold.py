"""How well whole turns are understood: hand-written gold sets, intent and every slot, and the scorer itself."""

from pathlib import Path

import pytest

from chains.understanding import Understanding
from knowledge.catalogue import Catalogue
from tests.understanding.scoring import DATA, TODAY, Item, load_items, score


@pytest.fixture(scope="module")
def understanding(catalogue: Catalogue) -> Understanding:
    """The reader over the shipped records, on the day the gold sets were written for."""
    return Understanding(catalogue, lambda: TODAY)


@pytest.mark.parametrize(("file", "least"), [("understanding.yaml", 0.95), ("understanding_fresh.yaml", 0.85)])
def test_gold_turns_are_understood(file: str, least: float, understanding: Understanding, catalogue: Catalogue) -> None:
    """Of what travellers type, at least this share is understood with its intent and every slot right."""
    result = score(load_items(file), understanding, catalogue)
    print(f"{file}: {result.summary()}")
    assert result.share >= least, f"{file}\n{result}"


@pytest.mark.parametrize("file", sorted(path.name for path in DATA.glob("understanding*.yaml")))
def test_gold_names_are_held(file: str, catalogue: Catalogue) -> None:
    """Every sight that a gold set expects is a name the catalogue knows: a misnamed sight could never be right."""
    named = {name for item in load_items(file) for slot in ("places", "exclude") for name in (item.get("slots") or {}).get(slot, ())}
    assert sorted(name for name in named if not catalogue.sight_names.find(name)) == []


@pytest.mark.parametrize(("item", "differing"), [
    ({"text": "青岛有什么好玩的", "intent": "recommend", "slots": {"cities": ["青岛"]}}, None),
    ({"text": "青岛有什么好玩的", "intent": "recommend", "slots": {"cities": ["岛城"]}}, None),
    ({"text": "紫禁城门票多少钱", "intent": "fact", "slots": {"places": ["Forbidden City"], "topic": "ticket"}}, None),
    ({"text": "故宫门票多少钱", "intent": "fact", "slots": {"places": ["颐和园"], "topic": "ticket"}}, {"places"}),
    ({"text": "青岛有什么好玩的", "intent": "recommend", "slots": {"cities": ["北京"]}}, {"cities"}),
    ({"text": "青岛有什么好玩的", "intent": "weather", "slots": {"cities": ["青岛"]}}, set()),
    ({"text": "青岛有什么好玩的", "intent": "recommend", "slots": {}}, {"cities"}),
    ({"text": "青岛三天怎么安排", "intent": "itinerary", "slots": {"cities": ["青岛"], "days": 4, "adults": 2}}, {"days", "adults"}),
    ({"text": "你是谁", "intent": "identity", "slots": {}}, None),
    ({"text": "那门票呢", "context": ["介绍一下栈桥", "谢谢"], "intent": "fact", "slots": {"places": ["栈桥"], "topic": "ticket"}}, None),
])
def test_the_scorer_sees_what_differs(
    item: Item, differing: set[str] | None, understanding: Understanding, catalogue: Catalogue,
) -> None:
    """Right items pass under any name of a place; wrong intents, wrong, missing and needless slots fail by name."""
    failures = score([item], understanding, catalogue).failures
    expected = [] if differing is None else [differing]
    assert expected == [set(failure.slots) for failure in failures]


def test_a_score_counts_by_intent_and_says_what_went_wrong(understanding: Understanding, catalogue: Catalogue) -> None:
    """The counts, the share and the printed failures agree."""
    result = score([
        {"text": "青岛有什么好玩的", "intent": "recommend", "slots": {"cities": ["青岛"]}},
        {"text": "北京有什么好玩的", "intent": "recommend", "slots": {"cities": ["青岛"]}},
        {"text": "你是谁", "intent": "smalltalk", "slots": {}},
    ], understanding, catalogue)
    counts = {intent: (count.total, count.intent_right, count.slots_right, count.right) for intent, count in result.by_intent.items()}
    assert counts == {"recommend": (2, 2, 1, 1), "smalltalk": (1, 0, 1, 0)}
    assert (result.right, result.total, result.summary()) == (1, 3, "1 of 3 = 33.3% (lost: recommend 1, smalltalk 1)")
    assert "北京有什么好玩的 | recommend | cities:" in str(result.failures[0])
    assert "你是谁 | smalltalk read as identity" in str(result.failures[1])


def test_the_gold_sets_share_no_utterance() -> None:
    """What is measured on one set was not read off another: no turn stands in two of them."""
    seen: dict[tuple[str, ...], Path] = {}
    twice = []
    for path in sorted(DATA.glob("understanding*.yaml")):
        for item in load_items(path.name):
            key = (*(item.get("context") or ()), item["text"])
            twice += [" / ".join(key)] if seen.setdefault(key, path) != path else []
    assert twice == []
