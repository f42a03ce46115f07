"""The guesser of question kinds: what it was not trained on, with which embedder it works, and what it says."""

from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from chains.second_reading import TOPICS
from chains.understanding.request import Topic
from knowledge.accuracy.questions import HAND_WRITTEN
from knowledge.embedding import DEFAULT_EMBEDDER, E5Embeddings
from knowledge.question_kinds import WEIGHTS, QuestionKinds, Weights, terms
from tests.test_house import ROOT

TRAINED_ON = ROOT / "tests" / "data" / "question_kinds.yaml"


@pytest.fixture(scope="module")
def kinds() -> QuestionKinds:
    """The guesser as it ships."""
    found = QuestionKinds.of(E5Embeddings())
    assert found is not None
    return found


def test_no_question_of_the_accuracy_check_was_trained_on_from_this_file() -> None:
    """The check's held half measures what came of the training, so the two share no question."""
    asked, read = ({entry["ask"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))} for path in (HAND_WRITTEN, TRAINED_ON))
    assert len(read) > 500
    assert not asked & read


def test_weights_are_for_one_embedder() -> None:
    """With other vectors nothing is guessed."""
    other = SimpleNamespace(name="another", embed_query=lambda text: [0.0], embed_documents=lambda texts: [])
    assert QuestionKinds.of(other) is None


@pytest.mark.parametrize(("text", "topic"), [
    ("进一趟岱庙得破费几张票子", Topic.TICKET), ("夜里九点半还放人进黄鹤楼么", Topic.HOURS), ("瘦西湖慢慢溜达一圈得耗掉几个钟", Topic.VISIT_TIME),
    ("趵突泉的牌子是四个A还是五个A", Topic.LEVEL), ("which street should I tell the driver for Tianxin Pavilion", Topic.LOCATION), ("does Hunan Museum take a day off each week", Topic.CLOSED),
])
def test_wordings_of_no_pattern_are_guessed(kinds: QuestionKinds, text: str, topic: Topic) -> None:
    """The kind comes from the meaning; the share is a probability."""
    guess = kinds.guess(text)
    assert TOPICS[guess.kind] is topic
    assert 0.4 < guess.share <= 1.0


@pytest.mark.parametrize("text", ["推荐几个成都适合带孩子的地方", "你好", "明天杭州会下雨吗"])
def test_what_is_no_fact_of_a_sight_has_no_topic(kinds: QuestionKinds, text: str) -> None:
    """Recommendations, greetings and the weather ask for no fact of one sight."""
    assert kinds.guess(text).kind not in TOPICS


def test_words_and_meaning_are_counted(kinds: QuestionKinds) -> None:
    """Pieces of one to three characters and English words alone and in pairs; TF-IDF of length one, nothing for unknown signs."""
    assert list(terms("门票")) == ["门", "票", "门票"]
    assert {"=how", "=how much"} <= set(terms("How much"))
    learned = Weights.load(WEIGHTS)
    places, values = learned.tfidf("故宫门票多少钱")
    assert len(places) == len(set(places.tolist()))
    assert float((values**2).sum()) == pytest.approx(1.0, abs=1e-5)
    assert learned.tfidf("𠀀𠀁")[0].size == 0
    assert learned.shares("故宫门票多少钱", np.zeros(384, dtype=np.float32)).sum() == pytest.approx(1.0, abs=1e-5)


def test_vectors_of_another_length_are_not_guessed_from() -> None:
    """An embedder of the same name with other vectors: nothing is guessed, nothing breaks."""
    other = SimpleNamespace(name=DEFAULT_EMBEDDER, embed_query=lambda text: [0.0, 1.0], embed_documents=lambda texts: [])
    found = QuestionKinds.of(other)
    assert found is not None
    assert found.guess("故宫门票多少钱").share == 0.0


def test_a_kind_may_be_out_of_the_question(kinds: QuestionKinds) -> None:
    """The other probabilities are scaled to one; the likeliest of them leads."""
    guess = kinds.guess("它末代山长叫什么名字来着")
    left = guess.apart_from(guess.kind)
    assert (left.kind, left.share) == left.shares[0] != guess.shares[0]
    assert sum(share for _, share in left.shares) == pytest.approx(1.0)
    assert guess.kind not in dict(left.shares)
