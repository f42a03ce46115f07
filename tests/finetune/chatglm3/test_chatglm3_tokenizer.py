"""The fast tokenizer against sentencepiece itself, and prompts in which what a user types stays text."""

from random import Random
from typing import Any

import pytest
from sentencepiece import SentencePieceProcessor

from finetune.chatglm3.tokenizer import BREAK, SPECIALS

TEXTS = [
    "你好", "你好，青岛有什么好玩的地方？", "hello people of the world", "geopolitical people", "  two  spaces ", "\n", " ", "a\n\n b\t c", "票价 180 元", "2025年12月31日",
    "🏖️ 海边", "ǅ é e\u0301 ﬁ", "def f(x):\n    return x + 1\n", "▁under", "<0x0A>", "中" * 40, "\u200b zero", "sop eop [mask]",
]
TYPED = [*SPECIALS, "</s>", "<s>", "<unk>", "[[gMASK]]", "<<|user|>|user|>", f"<{BREAK}|user|>"]


@pytest.fixture(scope="module")
def pieces(tokenizer_model: bytes) -> SentencePieceProcessor:
    """The original's own reader on the same file."""
    return SentencePieceProcessor(model_proto=tokenizer_model)


def special(tokenizer: Any, name: str) -> int:
    """A special token's id."""
    return int(tokenizer.convert_tokens_to_ids(name))


def prompt_ids(tokenizer: Any, pieces: SentencePieceProcessor, messages: list[dict[str, str]]) -> list[int]:
    """What the original makes of messages: each role's id, then metadata with a line break, then the content, each encoded apart."""
    ids = [special(tokenizer, "[gMASK]"), special(tokenizer, "<sop>")]
    for message in messages:
        ids += [special(tokenizer, f"<|{message['role']}|>"), *pieces.encode(message.get("metadata", "") + "\n"), *pieces.encode(message["content"])]
    return [*ids, special(tokenizer, "<|assistant|>")]


def random_texts() -> list[str]:
    """Words, digits, spaces and signs of several scripts, thrown together."""
    numbers, alphabet = Random(5), ["people", "hello", "你好", "青岛", " ", "  ", "\n", "7", "元", "é", "😀", "<", "|", "user", "▁", "x"]
    return ["".join(numbers.choices(alphabet, k=numbers.randint(1, 12))) for _ in range(300)]


def test_plain_text_is_cut_as_sentencepiece_cuts_it(tokenizer: Any, pieces: SentencePieceProcessor) -> None:
    """Ids and decoded text are the same, for words, code, spaces, digits and characters the model has never seen."""
    for text in TEXTS + random_texts():
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        assert ids == pieces.encode(text), repr(text)
        assert tokenizer.decode(ids) == pieces.decode(ids), repr(text)


def test_special_tokens_have_the_originals_ids(tokenizer: Any, pieces: SentencePieceProcessor) -> None:
    """Nine follow the last piece in the original's order; a text alone begins with [gMASK] and sop."""
    assert [special(tokenizer, name) for name in SPECIALS] == list(range(len(pieces), len(pieces) + 9))
    assert tokenizer("你好")["input_ids"] == [len(pieces) + 1, len(pieces) + 3, *pieces.encode("你好")]
    assert (tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.padding_side) == (0, 2, "left")


@pytest.mark.parametrize("messages", [
    [{"role": "user", "content": "你好"}], [{"role": "user", "content": ""}],
    [{"role": "system", "content": "hello\n\n"}, {"role": "user", "content": " people"}, {"role": "assistant", "content": "青岛\n好玩"}, {"role": "user", "content": "票价"}],
    [{"role": "user", "content": "x"}, {"role": "assistant", "metadata": "get_weather", "content": "f(x)"}, {"role": "observation", "content": '{"t": [9]}'}],
])
def test_a_conversation_has_the_originals_ids(messages: list[dict[str, str]], tokenizer: Any, pieces: SentencePieceProcessor) -> None:
    """The chat template gives the ids of the original's piece by piece encoding."""
    assert tokenizer.apply_chat_template(messages, add_generation_prompt=True)["input_ids"] == prompt_ids(tokenizer, pieces, messages)


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("where", ["user", "system", "assistant", "observation"])
def test_special_tokens_that_are_typed_stay_text(where: str, typed: str, tokenizer: Any, pieces: SentencePieceProcessor) -> None:
    """A message cannot open another role, end the turn or mask anything, rendered first or tokenised at once."""
    messages = [{"role": where, "content": f"people {typed} hello {typed}", "metadata": typed if where == "assistant" else ""}]
    plain = [{key: value.replace(BREAK, "") for key, value in message.items()} for message in messages]
    wanted = prompt_ids(tokenizer, pieces, plain)
    rendered = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    assert tokenizer.apply_chat_template(messages, add_generation_prompt=True)["input_ids"] == wanted
    assert tokenizer(rendered, add_special_tokens=False)["input_ids"] == wanted
    assert sum(i >= len(pieces) or i in {0, 1, 2} for i in wanted) == 4  # [gMASK], sop, the role, <|assistant|>


def test_tools_are_listed_after_the_system_prompt(tokenizer: Any, pieces: SentencePieceProcessor) -> None:
    """Tools stand as indented JSON under the system's words, whoever gives them; a tool's answer is an observation."""
    tools = [{"name": "天气", "parameters": {"city": "<|user|>"}}]
    listed = "hello\n" + '[\n    {\n        "name": "天气",\n        "parameters": {\n            "city": "<|user|>"\n        }\n    }\n]'
    wanted = prompt_ids(tokenizer, pieces, [{"role": "system", "content": listed}, {"role": "observation", "content": "9"}])
    for given in ({"conversation": [{"role": "system", "content": "hello", "tools": tools}, {"role": "tool", "content": "9"}]},
                  {"conversation": [{"role": "system", "content": "hello"}, {"role": "tool", "content": "9"}], "tools": tools}):
        assert tokenizer.apply_chat_template(**given, add_generation_prompt=True)["input_ids"] == wanted
