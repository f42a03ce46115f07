"""How a model is asked, what counts as its answer, and answers kept for another day."""

from pathlib import Path

import pytest
from openai import OpenAIError

from finetune.judging.forgetting_asking import MAX_TOKENS, Run, ask, chosen, keep, kept
from finetune.judging.forgetting_items import Item
from knowledge.errors import EngineError, InputError, StorageError
from tests.fakes import engine_saying, model_of

OPTIONS = ("苹果", "白菜", "香蕉", "葡萄")
ITEM = Item("zh-x-01", "zh", "reasoning", "哪一个不是水果？", OPTIONS, "B")
SECOND = Item("en-x-01", "en", "language", "Which word means 'big'?", ("tiny", "large", "red", "soon"), "B")


@pytest.mark.parametrize("said", [
    "B", "b", " B\n", "B.", "B。", "B、白菜", "B. 白菜", "B：白菜", "Ｂ", "(B)", "（B）", "【B】", "**B**", "“B”", "B) 白菜", "B) cabbage", "B\n因为白菜是蔬菜",
    "B选项", "B 是正确的", "答案是B", "答案：B", "答案是：B。", "正确答案为 B", "答案选B", "正确答案是选项B", "我选择B", "应该选B", "选(B)",
    "The answer is B.", "The correct answer is: **B**", "Answer: B", "I think the answer is (B).", "The right option is B", "Option B", "白菜", "白菜。",
    "B. A blue one",
])
def test_a_letter_is_read(said: str) -> None:
    """A letter that stands alone, however it is wrapped and led in, or the option word for word."""
    assert chosen(said, OPTIONS) == "B"


@pytest.mark.parametrize("said", [
    "", "\n", "E", "答案是E", "不知道", "我不能确定", "A或B", "A和B", "A、B", "A, B", "B or C", "答案是A或者B", "A dog is an animal", "The answer is A dog", "Big", "BC", "Because",
    "这道题考的是分类", "A不对", "不选A", "答案不是A", "The answer is not A", "苹果和香蕉", "白菜是蔬菜", "I", "The answer is an apple",
])
def test_what_names_no_one_letter_is_unparsed(said: str) -> None:
    """No letter, a letter that is not offered, two letters, a letter that is ruled out, a word that begins like one, an option inside a sentence."""
    assert chosen(said, OPTIONS) == ""


def test_an_option_that_is_a_letter_by_itself() -> None:
    """Where an option is the word "a", a capital means the letter and the small one the word."""
    options = ("an", "a", "many", "those")
    assert (chosen("A", options), chosen("a", options), chosen("A. an", options)) == ("A", "B", "A")


def test_more_options_than_four() -> None:
    """Letters go as far as the options do."""
    assert chosen("O", tuple(map(str, range(15)))) == "O"
    assert chosen("P", tuple(map(str, range(15)))) == ""


def test_the_model_is_asked_greedily_for_few_tokens_and_without_a_grammar() -> None:
    """The item with its lettered options comes last, after five answered ones of its language, under no system prompt."""
    engine = engine_saying("B", "B")
    list(ask(engine, [ITEM, SECOND]))
    first, second = model_of(engine).history
    assert first.options == second.options == {"max_tokens": MAX_TOKENS}
    assert [message.type for message in first.messages] == ["human", "ai"] * 5 + ["human"]
    assert str(first.messages[-1].content).endswith("哪一个不是水果？\nA. 苹果\nB. 白菜\nC. 香蕉\nD. 葡萄\n答案：")
    assert str(second.messages[-1].content).endswith("\nA. tiny\nB. large\nC. red\nD. soon\nAnswer:")


def test_right_wrong_and_unparsed() -> None:
    """Each answer is kept with what was said; what cannot be read is as wrong as a wrong letter."""
    choices = list(ask(engine_saying("答案是B", "A", "也许吧"), [ITEM, ITEM, ITEM]))
    assert [(choice.chosen, choice.ok) for choice in choices] == [("B", True), ("A", False), ("", False)]
    assert choices[2].said == "也许吧"


@pytest.mark.parametrize("broken", [OpenAIError("gone"), ValueError("no JSON")])
def test_an_engine_that_breaks_off_is_named(broken: Exception) -> None:
    """With the item it broke off at and what to type."""
    with pytest.raises(EngineError, match=r"zh-x-01.*fengjing doctor"):
        list(ask(engine_saying([broken]), [ITEM]))


def test_a_run_is_kept_and_read_again(tmp_path: Path) -> None:
    """Line by line what was answered, with the model's name."""
    run = Run("qwen, adapter none", tuple(ask(engine_saying("B", "说不好\nB"), [ITEM, SECOND])))
    keep(run, tmp_path / "new" / "answers.jsonl")
    assert kept(tmp_path / "new" / "answers.jsonl") == run


@pytest.mark.parametrize(("text", "said"), [("", "holds no answers"), ("{}\n", "line 1"), ('{"model": "m", "id": "x"}\n', "line 1"), ("[]\n", "line 1"), ("?", "line 1")])
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Empty, other rows, no JSON: the line and the command that writes such files are named."""
    (tmp_path / "answers.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"{said}.*fengjing forgetting --out"):
        kept(tmp_path / "answers.jsonl")


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    """A missing file, and a file where a folder should be."""
    with pytest.raises(InputError, match="cannot be read"):
        kept(tmp_path / "none.jsonl")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="choose another --out"):
        keep(Run("m", ()), tmp_path / "file" / "answers.jsonl")
