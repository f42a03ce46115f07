"""The words of training answers: every frame can be said, and invented places are new."""

from random import Random

import pytest

from chains.grammar import as_pattern
from chains.guard import Guard
from chains.outline import Part, outline
from finetune.datasets.coinage import Coiner, place_kinds, wordlist
from finetune.datasets.invention import SOURCE, Inventor, Lender
from finetune.datasets.phrasing import MIN_ADVICE_CHARS, Phrases, sayable
from knowledge.library import Library
from tests.chains.turns import gather

QUESTIONS = {"zh": "带孩子去青岛玩,推荐几个景点", "en": "What can I see in Qingdao with kids?"}
FACTS = {"zh": "栈桥几点开门", "en": "What time does Zhanqiao Pier open?"}
SUMMARY = {"zh": "海边的老街，树荫下有寺庙，夜里亮灯", "en": "A seaside lane with an old temple"}


def said(library: Library, question: str, part: Part, texts: list[str], end: str) -> list[object]:
    """Which of these texts may not stand in that part of the answer, and why not."""
    facts = gather(library, question)
    lines = outline(facts)
    guard = Guard(facts, lines, library.catalogue, library.vocabulary)
    line = next(line for line in lines if line.part is part)
    shape = as_pattern(line, facts.language)
    wrong = {text: str(guard.check(line.fixed + text + end, line)) for text in texts if guard.check(line.fixed + text + end, line)}
    return [*wrong.items(), *(text for text in texts if not shape.fullmatch(line.fixed + text + end))]


def sentence(text: str) -> str:
    """With a capital."""
    return text[0].upper() + text[1:]


@pytest.mark.parametrize(("language", "end"), [("zh", "。"), ("en", ".")])
def test_every_advice_may_be_given(few_cities: Library, language: str, end: str) -> None:
    """Each advice with each of its continuations passes grammar and guard."""
    join = "，" if language == "zh" else ", "
    entries = wordlist(f"phrases_{language}.yaml")["advice"]
    texts = [entry["text"] + join + then for entry in entries for then in entry["then"]]
    texts += [entry["text"] for entry in entries if len(entry["text"]) >= MIN_ADVICE_CHARS]
    assert said(few_cities, QUESTIONS[language], Part.ADVICE, texts, end) == []


@pytest.mark.parametrize(("language", "end"), [("zh", "。"), ("en", ".")])
def test_every_closing_may_be_said(few_cities: Library, language: str, end: str) -> None:
    """Each wish before and after one of the words, and each closing of a single fact, passes grammar and guard."""
    words = wordlist(f"phrases_{language}.yaml")
    join = "，" if language == "zh" else ", and "
    pairs = [(wish, words["closing_words"][place % len(words["closing_words"])]) for place, wish in enumerate(words["closing_wishes"])]
    pairs += [(words["closing_wishes"][0], word) for word in words["closing_words"]]
    texts = [sentence(join.join(order)) for pair in pairs for order in (pair, pair[::-1])]
    assert said(few_cities, QUESTIONS[language], Part.CLOSING, texts, end) == []
    assert said(few_cities, FACTS[language], Part.CLOSING, [*words["fact_closings"], *words["city_closings"]], end) == []


@pytest.mark.parametrize(("language", "end"), [("zh", "。"), ("en", ".")])
def test_every_frame_of_a_reason_may_be_said(few_cities: Library, language: str, end: str) -> None:
    """Each tail and head, around a plain description, passes grammar and guard; so does what stands in for a description."""
    words = wordlist(f"phrases_{language}.yaml")
    frames = [entry["text"] if isinstance(entry, dict) else entry for entry in words["tails"]]
    if language == "zh":
        heads = [entry["text"] if isinstance(entry, dict) else entry for entry in words["heads"]]
        texts = [f"老房子沿坡排开，{tail}" for tail in frames] + [f"{head}，老房子沿坡排开" for head in heads]
    else:
        texts = [f"Old houses along the slope, {tail}" for tail in frames] + [f"{head} a row of old houses" for head in words["heads"]]
        texts += [f"{head} walk past old houses" for head in words["verb_heads"]]
    assert said(few_cities, QUESTIONS[language], Part.ITEM, texts + words["plain_reasons"], end) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_frame_of_the_sea_needs_a_sea(language: str) -> None:
    """Words made for a kind of place are said only where the facts speak of one."""
    phrases = Phrases(language, Random(1))
    key, word = ("tails", "浪") if language == "zh" else ("tails", "waves")
    inland = "山上的松林" if language == "zh" else "A pine wood"
    coast = "海边的沙滩" if language == "zh" else "A beach by the sea"
    assert not any(word in str(phrases._fitting(key, inland)["text"]) for _ in range(300))
    assert any(word in str(phrases._fitting(key, coast)["text"]) for _ in range(300))


def test_a_season_is_no_son_and_a_price_no_ice() -> None:
    """English words are found whole, so that an advice for children is not drawn by a peak season."""
    phrases = Phrases("en", Random(1))
    context = "A lane (peak 90 yuan/low season 60 yuan; price: see the official notice)"
    said = {str(phrases._fitting("advice", context)["text"]) for _ in range(400)}
    assert not any("children" in text or "footing" in text for text in said)
    assert any("children" in str(phrases._fitting("advice", "A park for the child")["text"]) for _ in range(200))


def test_a_reason_keeps_to_the_description() -> None:
    """Whatever frame is chosen, part of the description stands in it word for word or reworded."""
    phrases = Phrases("zh", Random(4))
    reasons = {phrases._reason("红墙围着竹林") for _ in range(200)}
    assert len(reasons) > 30
    assert all("红墙围着竹林" in reason for reason in reasons)


def test_a_description_with_figures_is_not_repeated() -> None:
    """Where the description holds what free words must not, a plain reason stands in."""
    assert not sayable("三面环山", "zh")
    assert not sayable("built in 1900", "en")
    assert all("三面" not in Phrases("zh", Random(seed))._reason("三面环山，一面临水") for seed in range(50))


def test_famous_is_no_part_of_famously() -> None:
    """English words are replaced whole."""
    assert all("knownly" not in Phrases("en", Random(seed))._reworded("A famously lonely cafe") for seed in range(30))


def test_coined_names_are_new_and_never_twice() -> None:
    """No coined city or sight carries a name that exists, and none is given out twice."""
    coiner = Coiner(Random(1), {"岚州", "Lanzhou"})
    cities = [coiner.city() for _ in range(200)]
    kinds = place_kinds()
    sights = [coiner.sight(kinds[number % len(kinds)], cities[0]) for number in range(1000)]
    names = [name for pair in cities + sights for name in pair]
    assert len({name.lower() for name in names}) == len(names)
    assert not {"岚州", "Lanzhou", "青岛", "Qingdao"} & set(names)


def test_invented_places_lend_only_what_they_are_lent() -> None:
    """Prices, hours and descriptions are those of the records; every fact names the invented source."""
    lender = Lender(("公园",), "草坡上看云。", "Grassy slopes under the clouds.")
    inventor = Inventor(Random(2), Coiner(Random(2), set()), [lender])
    made = [sight for _ in range(60) for sight in inventor.city()[1]]
    assert {sight.summary for sight in made} == {lender.summary}
    assert {source for sight in made for source in sight.facts().values()} == {SOURCE.id}
    prices = [sight.ticket.adult_yuan for sight in made if sight.ticket]
    assert {None, 0} <= set(prices)
    assert len(set(prices)) > 40
    assert any(sight.ticket and sight.ticket.low_yuan for sight in made)
