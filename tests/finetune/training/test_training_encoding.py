"""What is learned: the assistant's words and the mark that ends them, tested against the template."""

from typing import Any

import pytest
from tiny import grounded_row, said

from finetune.training.conversations import Conversation
from finetune.training.encoding import NOT_LEARNED, check_template, encode, encode_all
from finetune.training.errors import RowsError, TrainingError


def learned(tokenizer: Any, row: Conversation, **options: Any) -> str:
    """The text that carries the loss."""
    example = encode(tokenizer, row, **{"history": True, **options})
    return str(tokenizer.decode([label for label in example.labels if label != NOT_LEARNED]))


def test_only_the_last_answer_is_learned_without_history(tokenizer: Any) -> None:
    """The worked example in every prompt is read, not learned; the end-of-turn mark is learned."""
    row = Conversation(tuple(grounded_row(3)["messages"]))
    assert learned(tokenizer, row, history=False) == "海湾3免费，祝你玩得开心！<|im_end|>"


def test_every_answer_is_learned_with_history(tokenizer: Any) -> None:
    """All of the assistant's turns, none of the user's."""
    assert learned(tokenizer, Conversation(said("问一", "答一", "问二", "答二"))) == "答一<|im_end|>答二<|im_end|>"


def test_what_was_given_is_read_only(tokenizer: Any) -> None:
    """A continued answer is learned from where the model takes over."""
    row = Conversation(said("问", "1. 栈桥\n2. 崂山"), given_chars=len("1. 栈桥\n"))
    assert learned(tokenizer, row) == "2. 崂山<|im_end|>"


def test_tokens_are_those_the_engine_sees(tokenizer: Any) -> None:
    """The prompt's tokens are those of the rendered prompt alone: the cut lies where the model takes over."""
    messages = grounded_row(5)["messages"]
    example = encode(tokenizer, Conversation(tuple(messages)), history=False)
    prompt = tokenizer(tokenizer.apply_chat_template(messages[:-1], tokenize=False, add_generation_prompt=True), add_special_tokens=False)["input_ids"]
    assert example.input_ids[: len(prompt)] == prompt
    assert set(example.labels[: len(prompt)]) == {NOT_LEARNED}
    assert example.labels[len(prompt) :] == example.input_ids[len(prompt) :]


def test_prompts_are_learned_when_asked(tokenizer: Any) -> None:
    """train_on_prompt learns everything but the first token, which nothing predicts."""
    example = encode(tokenizer, Conversation(said("问", "答")), history=True, prompts=True)
    assert example.labels == [NOT_LEARNED, *example.input_ids[1:]]


def test_a_template_that_does_not_end_turns_gets_an_end(tokenizer: Any) -> None:
    """Without an end-of-turn mark in the template the model would never learn to stop: it is added."""
    import copy

    plain = copy.deepcopy(tokenizer)
    plain.chat_template = "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}[assistant] {% endif %}"
    assert learned(plain, Conversation(said("问", "答")), history=False).endswith("<|im_end|>")


def test_a_template_that_rewrites_turns_is_refused(tokenizer: Any) -> None:
    """Where earlier turns change as the talk goes on, all answers cannot be learned, the last one can."""
    import copy

    odd = copy.deepcopy(tokenizer)
    odd.chat_template = "{{ messages | length }}:{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}"
    with pytest.raises(TrainingError, match="mask_history"):
        encode(odd, Conversation(said("问", "答")), history=True)


def test_a_cutoff_shorter_than_every_prompt_is_named(tokenizer: Any) -> None:
    """The shortest prompt is said; where only some rows are too long they are cut or dropped, and counted."""
    rows = [Conversation(tuple(grounded_row(number)["messages"])) for number in range(4)]
    with pytest.raises(RowsError, match="cutoff_len 20 is shorter than every prompt"):
        encode_all(tokenizer, rows, 20, history=False)
    short = Conversation(said("问", "答"))
    examples, counts = encode_all(tokenizer, [*rows, short], 40, history=False)
    assert (len(examples), counts.rows, counts.cut, counts.dropped) == (1, 1, 4, 4)


def test_the_wrong_template_is_named_with_the_right_one(tokenizer: Any) -> None:
    """A template whose marks the model does not know is refused; its own, and none, are fine."""
    check_template(tokenizer, "qwen")
    check_template(tokenizer, None)
    with pytest.raises(TrainingError, match=r"template llama3 is wrong .* write template: qwen"):
        check_template(tokenizer, "llama3")
