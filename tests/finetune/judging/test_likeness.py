"""Scores that equal LLaMA-Factory's."""

import pytest

from finetune.judging.likeness import likeness


def test_the_same_words_score_a_hundred() -> None:
    """Four characters or more, word for word the reference."""
    assert likeness(["栈桥的傍晚最好看"], ["栈桥的傍晚最好看"]) == {
        "predict_bleu-4": 100.0, "predict_rouge-1": 100.0, "predict_rouge-2": 100.0, "predict_rouge-l": 100.0}


def test_an_empty_side_scores_nothing() -> None:
    """No division by zero, no made-up score."""
    found = likeness(["", "山"], ["栈桥", ""])
    assert found["predict_rouge-1"] == found["predict_rouge-l"] == 0.0


def test_rouge_counts_words_by_hand() -> None:
    """Two words of three shared: F is 2/3 up to the package's rounding."""
    found = likeness(["北京 上海 广州"], ["北京 上海 深圳"])
    assert found["predict_rouge-1"] == pytest.approx(200 / 3, abs=0.01)


def test_rows_are_averaged() -> None:
    """The mean of the rows' scores."""
    one, other = (likeness([text], ["栈桥的傍晚最好看"]) for text in ("栈桥的傍晚最好看", "崂山的清晨很安静"))
    both = likeness(["栈桥的傍晚最好看", "崂山的清晨很安静"], ["栈桥的傍晚最好看"] * 2)
    assert both["predict_bleu-4"] == pytest.approx((one["predict_bleu-4"] + other["predict_bleu-4"]) / 2, abs=1e-3)
