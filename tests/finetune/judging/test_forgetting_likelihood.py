"""Options chosen by likelihood, beside the plain way: every option read anew behind the whole question."""

import pytest
from tuned import Tiny

from finetune.judging.forgetting_items import own_items, spread
from finetune.judging.forgetting_likelihood import ask_by_likelihood, load, option_scores

torch = pytest.importorskip("torch")
QUESTION, OPTIONS = "哪一个不是水果？", ("苹果", "一棵大白菜", "香", "an apple and a pear")


def test_scores_are_those_of_each_option_read_alone(tiny: Tiny) -> None:
    """The question is read once and options of different lengths side by side; no padding shows in a score."""
    model, tokenizer = load(str(tiny.base), tiny.adapter, tiny.home)
    begun = tokenizer.apply_chat_template([{"role": "user", "content": QUESTION}], tokenize=False, add_generation_prompt=True)
    head = tokenizer(begun, add_special_tokens=False)["input_ids"]
    for option, score in zip(OPTIONS, option_scores(model, tokenizer, QUESTION, OPTIONS), strict=True):
        tail = tokenizer(option, add_special_tokens=False)["input_ids"]
        with torch.inference_mode():
            chances = model(torch.tensor([head + tail])).logits[0].log_softmax(-1)
        alone = [chances[len(head) + place - 1, token] for place, token in enumerate(tail)]
        assert score == pytest.approx(float(sum(alone)) / len(tail), abs=1e-4)


def test_the_adapter_changes_what_is_likely(tiny: Tiny) -> None:
    """The base without it and with it do not score alike."""
    scores = [option_scores(*load(str(tiny.base), adapter, tiny.home), QUESTION, OPTIONS) for adapter in (None, tiny.adapter)]
    assert scores[0] != pytest.approx(scores[1], abs=1e-3)


def test_the_likeliest_option_is_chosen(tiny: Tiny) -> None:
    """Its letter is kept, with the scores of all options."""
    for choice in ask_by_likelihood(*load(str(tiny.base), None, tiny.home), spread(own_items(), 4)):
        scores = [float(score) for score in choice.said.split()]
        assert choice.chosen == "ABCD"[scores.index(max(scores))]
