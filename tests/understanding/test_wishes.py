"""What kinds of sights are wanted and not."""

import pytest

from chains.understanding.request import Wishes
from chains.understanding.wishes import LIKES, read_wishes
from knowledge.tags import TAGS


@pytest.mark.parametrize(("text", "likes"), [
    ("想看海", {"海滨"}), ("喜欢博物馆和古镇", {"博物馆", "古镇"}), ("适合带孩子的", set()), ("适合孩子的地方", {"亲子"}), ("有没有夜景", {"夜景"}),
    ("想爬山", {"爬山"}), ("看美术馆", {"美术馆"}), ("主题乐园", {"主题乐园"}), ("吃海鲜", {"美食"}), ("看樱花", {"赏花"}),
    ("beaches and museums", {"海滨", "博物馆"}), ("romantic places", {"情侣"}), ("good for hiking", {"徒步"}), ("world heritage", {"世界遗产"}),
    ("unseasonable", set()), ("eaten", set()), ("推荐几个", set()),
])
def test_likes_are_read_as_tags(text: str, likes: set[str]) -> None:
    """The words people use lead to the tags that sights carry; a piece of a longer English word does not."""
    assert likes == set(read_wishes(text).likes)


@pytest.mark.parametrize(("text", "likes", "dislikes"), [
    ("不想爬山", set(), {"爬山"}), ("不要博物馆", set(), {"博物馆"}), ("不喜欢寺庙，想看海", {"海滨"}, {"寺庙"}), ("博物馆就不去了", set(), {"博物馆"}),
    ("除了博物馆还有什么", set(), {"博物馆"}), ("爬不动山", set(), {"爬山"}), ("别安排购物", set(), {"购物"}),
    ("no museums please", set(), {"博物馆"}), ("I hate shopping but love the sea", {"海滨"}, {"购物"}), ("not into temples", set(), {"寺庙"}),
    ("beaches, no hiking", {"海滨"}, {"徒步"}),
])
def test_refusals_are_no_likes(text: str, likes: set[str], dislikes: set[str]) -> None:
    """A kind that is refused is disliked, and the refusal ends with its clause."""
    wishes = read_wishes(text)
    assert (likes, dislikes) == (set(wishes.likes), set(wishes.dislikes))


@pytest.mark.parametrize(("text", "expected"), [
    ("免费的景点", True), ("不要钱的地方", True), ("不用门票", True), ("free attractions", True), ("no entrance fee", True),
    ("I have free time", False), ("feel freely", False), ("便宜的", False), ("自由行", False),
])
def test_free_means_the_ticket(text: str, expected: bool) -> None:
    """Only what costs nothing to enter is meant; free time is not."""
    assert expected is read_wishes(text).free_only


@pytest.mark.parametrize(("text", "expected"), [
    ("门票50以内的景点", 50), ("50元以下的景点", 50), ("门票不超过100", 100), ("票价低于三十", 30), ("tickets under 80 yuan", 80),
    ("预算500以内", None), ("有什么好玩的", None),
])
def test_a_ticket_ceiling_is_no_budget(text: str, expected: float | None) -> None:
    """A limit on the ticket is read where the ticket or the sight is named with it."""
    assert expected == read_wishes(text).max_ticket_yuan


@pytest.mark.parametrize(("text", "expected"), [("5A景区", 5), ("只要4a级的", 4), ("AAAAA", 5), ("五A", 5), ("有什么好玩的", 0), ("A1出口", 0)])
def test_a_least_level_is_read(text: str, expected: int) -> None:
    """5A, AAAAA and 五A are the same level."""
    assert expected == read_wishes(text).min_level


def test_every_like_is_a_tag_that_sights_may_carry() -> None:
    """No wish leads to a tag that no sight could have; food alone belongs to the city."""
    assert {"美食"} == LIKES.keys() - TAGS.keys()


def test_nothing_wished_is_nothing_read() -> None:
    """A question without a wish gives an empty value."""
    assert Wishes() == read_wishes("去哪里")
