"""Everyday words put right: by letters, by sound, in pinyin; what is a word or a name stays as it was typed."""

import pytest

from knowledge.slips import is_everyday, mended


@pytest.mark.parametrize(("typed", "meant"), [
    ("whree is it", "where is it"), ("how lonng does it take", "how long does it take"), ("a fre park", "a free park"), ("opning huors please", "opening hours please"),
    ("tikcet prise for two", "ticket price for two"), ("sights cmose to the tower", "sights close to the tower"),
])
def test_keys_that_slipped(typed: str, meant: str) -> None:
    """A letter too many, too few, another one, or two that changed places."""
    assert mended(typed) == meant


@pytest.mark.parametrize(("typed", "meant"), [
    ("清净寺要门飘不", "清净寺要门票不"), ("杭州免废又能带娃的", "杭州免费又能带娃的"), ("瓷器口再哪", "瓷器口在哪"), ("到底多少前", "到底多少钱"),
])
def test_characters_of_the_same_sound(typed: str, meant: str) -> None:
    """One character of a question's word may be another of its sound."""
    assert mended(typed) == meant


@pytest.mark.parametrize("typed", [
    "a white pagoda in the county by train", "how far is mohe", "whole day at the Canton Tower", "Yunngang Grottoes", "Museun of Xi'an", "在那儿看海", "去蟳埔村", "海边日出几点", "海边度假", "八点去天坛", "湖边间或有鸟", "旁边个人", "乾清宫", "赵孟頫故居", "瞭望塔", "博物馆门口等", "泉州一日", "故宫", "",
])
def test_words_and_names_stay(typed: str) -> None:
    """Words of any dictionary, pinyin, capitals and characters that are words together are not touched."""
    assert mended(typed) == typed


@pytest.mark.parametrize(("typed", "meant"), [
    ("故宮門票多少錢", "故宫门票多少钱"), ("臺北有什麼", "台北有什么"), ("喺邊度買飛,使唔使俾錢", "在哪里买票,要不要付钱"), ("珠江喺邊個區", "珠江在哪个区"), ("幾耐先行得完,幾點閂門", "多久先行得完,几点关门"),
])
def test_traditional_characters_and_cantonese(typed: str, meant: str) -> None:
    """What is typed in Taiwan and Hong Kong is read as what is typed in Beijing."""
    assert mended(typed) == meant


def test_names_are_no_everyday_words() -> None:
    """A name alone in a text of small letters is told from the words about it."""
    assert all(map(is_everyday, ["glacier", "pass", "castle"]))
    assert not any(map(is_everyday, ["uluru", "hallgrimskirkja", "petra"]))


def test_a_question_in_pinyin_is_read() -> None:
    """Its question words become characters, its names stay."""
    assert mended("weizhoudao shi ji A de").split() == ["weizhoudao", "shi", "几A", "de"]
    assert mended("si ma qian ci kai men ji dian").startswith("si ma qian ci")
