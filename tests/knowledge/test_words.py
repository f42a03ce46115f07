"""The search by words: texts are cut alike whole and by phrases, and the index outlives the process."""

import logging
from pathlib import Path

import jieba
import numpy as np
import pytest

from knowledge import words
from knowledge.library import Library
from knowledge.words import WordIndex, cut

TEXTS = ["栈桥在青岛，免费。", "崂山风景区：海边的道教名山", "Zhanqiao Pier, a pier in Qingdao. Free!"]


def scores(index: WordIndex, *asked: str) -> dict[int, float]:
    """Each passage's score for these words."""
    found, weights = index.scores(asked)
    return dict(zip(found.tolist(), weights.tolist(), strict=True))


def test_phrases_are_cut_as_their_text(library: Library) -> None:
    """Cutting phrase by phrase, which lets repeated ones be kept, changes no word of any passage."""
    texts = [passage.text for passage in library.retriever.words.passages[::25]] + ["café 東京とう 3.5A级，a-b c&d\r\nx　y；z！"]
    for text in texts:
        whole = [word.lower() for word in jieba.lcut_for_search(text) if words._WORD.fullmatch(word)]
        assert cut(text) == [words._PLURAL.sub("", word) for word in whole if word not in words.STOP_WORDS]


def test_a_kept_index_is_read_and_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second start cuts no text, and scores are the same to the last bit."""
    made = WordIndex.kept(TEXTS, tmp_path / "words.npz")

    def cutting(text: str) -> list[str]:
        pytest.fail(f"cut again: {text}")

    monkeypatch.setattr(words, "cut", cutting)
    read = WordIndex.kept(TEXTS, tmp_path / "words.npz")
    assert scores(read, "青岛", "pier", "nowhere") == scores(made, "青岛", "pier", "nowhere")
    assert set(scores(read, "青岛")) == {0}
    assert np.array_equal(read.holding("qingdao"), made.holding("qingdao"))
    assert [path.name for path in tmp_path.iterdir()] == ["words.npz"]


def test_other_texts_or_another_way_to_cut_make_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was made of something else is never answered from."""
    file = tmp_path / "words.npz"
    WordIndex.kept(TEXTS, file)
    assert set(scores(WordIndex.kept(TEXTS[::-1], file), "青岛")) == {2}
    monkeypatch.setattr(words, "STOP_WORDS", words.STOP_WORDS | {"pier"})
    words._cut_phrase.cache_clear()
    assert scores(WordIndex.kept(TEXTS[::-1], file), "pier") == {}
    words._cut_phrase.cache_clear()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", b"no archive at all"])
def test_a_broken_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    """Whatever lies there instead of an index, the search works, and the next start reads a whole one."""
    file = tmp_path / "words.npz"
    file.write_bytes(content)
    assert set(scores(WordIndex.kept(TEXTS, file), "崂山")) == {1}
    with np.load(file) as stored:
        assert len(stored["documents"])


def test_what_cannot_be_kept_is_made_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A folder that takes no file costs time at the next start, and no answer."""
    (tmp_path / "taken").write_text("no folder")
    with caplog.at_level(logging.WARNING):
        index = WordIndex.kept(TEXTS, tmp_path / "taken" / "words.npz")
    assert set(scores(index, "崂山")) == {1}
    assert "not kept" in caplog.text
