"""The general set: sound items that nobody can pass without reading them, and that training never saw."""

import re
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from string import punctuation

import pytest

from finetune.datasets.coinage import wordlist
from finetune.judging.forgetting_items import OWN_ITEMS, Item, own_items, spread
from knowledge.builtin import load_builtin
from knowledge.errors import DataError

STRATA = ("language", "reasoning", "knowledge")
TOO_ALIKE = 0.8  # of two questions' letters in common, as difflib counts


@pytest.fixture(scope="module")
def items() -> list[Item]:
    """The set that ships."""
    return own_items()


def plain(text: str) -> str:
    """A text without case, blanks and punctuation."""
    return re.sub(rf"[\s{re.escape(punctuation)}？。，：；“”（）　！、]", "", text.lower())


def words(text: str) -> str:
    """A text's English words in small letters, a blank around each."""
    return " ".join(["", *re.findall(r"[a-z0-9']+", text.lower()), ""])


def test_the_set_is_large_and_even(items: list[Item]) -> None:
    """At least 320 items, as many in each language and each stratum."""
    counts = Counter((item.language, item.stratum) for item in items)
    assert sum(counts.values()) >= 320
    assert set(counts) == {(language, stratum) for language in ("zh", "en") for stratum in STRATA}
    assert max(counts.values()) - min(counts.values()) <= 4


def test_no_item_comes_twice(items: list[Item]) -> None:
    """Ids and questions are unique, and the options of each item differ by more than case and signs."""
    assert len({item.id for item in items}) == len({plain(item.question) for item in items}) == len(items)
    assert [item.id for item in items if len({plain(option) for option in item.options}) != 4] == []


def test_each_letter_is_right_equally_often(items: list[Item]) -> None:
    """In every language and stratum a letter is right in 20 to 30 % of the items: always saying B wins nothing."""
    for place in {(item.language, item.stratum) for item in items}:
        letters = Counter(item.right for item in items if (item.language, item.stratum) == place)
        assert set(letters) == set("ABCD")
        assert all(0.2 <= count / letters.total() <= 0.3 for count in letters.values()), (place, letters)


def test_length_gives_nothing_away(items: list[Item]) -> None:
    """The right option is the longest by itself in under 40 % of each language's items, and the shortest too."""
    for language in ("zh", "en"):
        mine = [[*sorted(map(len, item.options)), len(item.options["ABCD".index(item.right)])] for item in items if item.language == language]
        assert sum(right == longest > second for *_, second, longest, right in mine) < 0.4 * len(mine)
        assert sum(right == shortest < second for shortest, second, *_, right in mine) < 0.4 * len(mine)


def test_letters_of_the_language(items: list[Item]) -> None:
    """Chinese items hold Chinese, English ones none, and every id begins with its language."""
    for item in items:
        chinese = bool(re.search(r"[\u4e00-\u9fff]", item.question))
        assert (chinese, item.id[:3]) == (item.language == "zh", f"{item.language}-")


def test_nothing_we_hold_records_of_is_asked(items: list[Item]) -> None:
    """No name of a city or sight of the knowledge base: general knowledge, not travel."""
    base = load_builtin()
    names = {name for record in (*base.cities, *base.attractions) for name in (*record.names, record.name_en) if len(name) > 1}
    text = "\n".join("\n".join((item.question, *item.options)) for item in items)
    english = words(text)
    assert [name for name in names if (words(name) in english if name.isascii() else name in text)] == []


def test_training_never_saw_a_question(items: list[Item]) -> None:
    """No question is the same as, or nearly the same as, one of the general rows mixed into training."""
    trained = [question for language in ("zh", "en") for question, _ in wordlist("general.yaml")[language]]
    alike = []
    for item in items:
        matcher = SequenceMatcher(None, "", item.question.lower())
        for question in trained:
            matcher.set_seq1(question.lower())
            if matcher.real_quick_ratio() >= TOO_ALIKE and matcher.quick_ratio() >= TOO_ALIKE and matcher.ratio() >= TOO_ALIKE:
                alike.append((item.id, question))
    assert alike == []


def test_another_wording_has_another_digest(items: list[Item]) -> None:
    """What is kept of an item tells whether it was asked in these words."""
    item = items[0]
    changed = Item(item.id, item.language, item.stratum, item.question, item.options[::-1], item.right)
    assert item.digest != changed.digest
    assert item.digest == own_items()[0].digest


def test_a_limit_takes_items_from_everywhere(items: list[Item]) -> None:
    """A sixth of the set still holds every language and stratum, and no limit all of it."""
    some = spread(items, 56)
    assert len(some) == 56
    assert len({(item.language, item.stratum) for item in some}) == 6
    assert spread(items, None) == spread(items, 1000) == items


@pytest.mark.parametrize(("old", "new", "said"), [
    ("right: B", "right: E", "zh-grammar-01"), ("right: B", "rigth: B", "no file of items"), ('"辆"', '"条"', "zh-grammar-01"),
    ("zh-grammar-02", "zh-grammar-01", "one id to two items"), ("options:", "options", "no file of items"),
])
def test_a_wrong_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A letter without option, a field that is none, equal options, an id given twice and broken YAML."""
    text = OWN_ITEMS.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "items.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=said):
        own_items(tmp_path / "items.yaml")
