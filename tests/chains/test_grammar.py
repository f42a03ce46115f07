"""The grammar built from the facts: it accepts exactly the answers that the outline allows."""

import re
from dataclasses import replace

import pytest

from chains.grammar import grammar
from chains.outline import Line, Part, outline
from knowledge.library import Library
from tests.chains.turns import QINGDAO, QINGDAO_EN, gather

ZH = "傍晚来吹海风，看海鸥和落日"
EN = "Come at dusk for gulls, tides and a soft sunset"
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|\w+|\{\d+,\d+\}|\s+')


def matcher(gbnf: str) -> re.Pattern[str]:
    """A regular expression of the same language; covers the part of GBNF that has no recursion."""
    rules = dict(rule.split(" ::= ", 1) for rule in gbnf.split("\n"))
    return re.compile(_regex("root", rules))


def _regex(name: str, rules: dict[str, str]) -> str:
    tokens = _TOKEN.findall(rules[name])
    assert "".join(tokens) == rules[name], "the grammar uses something the matcher does not know"
    parts = []
    for token in tokens:
        if token.startswith('"'):
            parts.append(re.escape(re.sub(r"\\(.)", lambda escape: {"n": "\n"}.get(escape[1], escape[1]), token[1:-1])))
        elif token in rules:
            parts.append(f"(?:{_regex(token, rules)})")
        else:
            parts.append(token.strip())  # a class of characters and a count are written as in Python
    return "".join(parts)


def model_lines(library: Library, question: str) -> tuple[Line, ...]:
    """The lines of an answer that the model writes."""
    return tuple(line for line in outline(gather(library, question)) if not line.by_code)


def written(lines: tuple[Line, ...], words: str, end: str) -> list[str]:
    """Lines as an obedient model writes them, each free place filled with the same words."""
    return [line.fixed + (words + end if line.free else "") for line in lines]


@pytest.fixture(scope="module")
def chinese(library: Library) -> tuple[re.Pattern[str], list[str]]:
    """The grammar of the showcase answer, and an answer it must accept."""
    lines = model_lines(library, QINGDAO)
    return matcher(grammar(lines, "zh")), written(lines, ZH, "。")


@pytest.fixture(scope="module")
def english(library: Library) -> tuple[re.Pattern[str], list[str]]:
    """The same in English."""
    lines = model_lines(library, QINGDAO_EN)
    return matcher(grammar(lines, "en")), written(lines, EN, ".")


def test_an_obedient_answer_is_accepted(
    chinese: tuple[re.Pattern[str], list[str]], english: tuple[re.Pattern[str], list[str]]
) -> None:
    """The outline's lines with a free sentence in each free place make an answer of the grammar."""
    for accepts, answer in (chinese, english):
        assert accepts.fullmatch("\n".join(answer))


@pytest.mark.parametrize(("right", "wrong"), [
    ("（免费）", "（收费）"), ("（60元）", "（600元）"), ("（60元）", "（６０元）"), ("旺季90元/淡季60元", "旺季60元/淡季90元"),
    ("1. 栈桥", "1. 蜀岛"), ("1. 栈桥", "栈桥"), ("1. 栈桥", "2. 栈桥"), ("约190元", "约180元"), ("合计：", "总计："),
    ("（60元）", "(60元)"), ("青岛啤酒博物馆", "啤酒博物馆"),
])
def test_fixed_text_can_be_written_in_one_way_only(
    chinese: tuple[re.Pattern[str], list[str]], right: str, wrong: str
) -> None:
    """A number, a name, a price or a sum that differs from the facts is not in the language."""
    accepts, answer = chinese
    changed = "\n".join(answer).replace(right, wrong, 1)
    assert changed != "\n".join(answer)
    assert not accepts.fullmatch(changed)


@pytest.mark.parametrize("words", [
    "门票60元，很值得", "门票６０元，很值得", "门票六十元，很值得", "两百块就够玩了", "十分安静，很值得", "半天就能逛完它",
    "走进《海之恋》看看", "走进“海之恋”看看", "去看（海之恋）吧", "好看。很好看", "真的好看！很好看", "好看：很好看", "**很好看**呀",
    "<b>很好看</b>", "[很好看](x)", "海 风很舒服呀", "enjoy海边的风", "看看\n再看看吧", "好看",
])
def test_free_words_hold_no_figure_markup_or_second_sentence(
    chinese: tuple[re.Pattern[str], list[str]], words: str
) -> None:
    """In a free place no figure of any kind, no quoted name, no markup and no second sentence can be written."""
    accepts, answer = chinese
    assert not accepts.fullmatch("\n".join(answer).replace(ZH, words, 1))


@pytest.mark.parametrize("words", [
    "For 60 yuan you walk through it", "Only ¥ at the gate today", "See (the pier) at dusk", "Go early. Enjoy the sea",
    "See “the pier” at dusk", "**Go early** to the sea", "<b>Go early</b> to the sea", "Go 海边 at dusk today",
    "Note: go early to the sea", "Go early\nto the sea", "Go", "Go ９０ times to the sea",
])
def test_free_english_words_hold_no_figure_markup_or_second_sentence(
    english: tuple[re.Pattern[str], list[str]], words: str
) -> None:
    """The same in English, where Chinese characters are kept out as well."""
    accepts, answer = english
    assert not accepts.fullmatch("\n".join(answer).replace(EN, words, 1))


def test_every_line_comes_once_and_in_order(chinese: tuple[re.Pattern[str], list[str]]) -> None:
    """No line can be left out, told twice, moved or added."""
    accepts, answer = chinese
    for place in range(len(answer)):
        assert not accepts.fullmatch("\n".join(answer[:place] + answer[place + 1:])), f"line {place} may be left out"
        assert not accepts.fullmatch("\n".join(answer[:place + 1] + answer[place:])), f"line {place} may be doubled"
    assert not accepts.fullmatch("\n".join([answer[1], answer[0], *answer[2:]]))
    assert not accepts.fullmatch("\n".join([*answer, ZH + "。"]))
    assert not accepts.fullmatch("\n".join(answer) + "\n")


def test_the_length_of_free_words_is_bounded(chinese: tuple[re.Pattern[str], list[str]], library: Library) -> None:
    """Words in a free place number between the line's least and most."""
    accepts, answer = chinese
    least, most = next(line.free for line in model_lines(library, QINGDAO) if line.free)
    for length, fits in ((least - 1, False), (least, True), (most, True), (most + 1, False)):
        assert bool(accepts.fullmatch("\n".join(answer).replace(ZH, "海" * length, 1))) == fits


def test_the_grammar_of_what_is_left_begins_there(chinese: tuple[re.Pattern[str], list[str]], library: Library) -> None:
    """The grammar of the later lines accepts the rest of the answer and not the whole."""
    _, answer = chinese
    accepts = matcher(grammar(model_lines(library, QINGDAO)[3:], "zh"))
    assert accepts.fullmatch("\n".join(answer[3:]))
    assert not accepts.fullmatch("\n".join(answer))


def test_quotes_and_backslashes_in_names_stay_what_they_are() -> None:
    """A name that holds a quotation mark, a backslash or a line break cannot break out of its place."""
    line = Line(Part.FACT, 'a "b" \\ c', 'a "b" \\ c')
    accepts = matcher(grammar((line, replace(line, fixed="two\nlines")), "en"))
    assert accepts.fullmatch('a "b" \\ c\ntwo\nlines')
    assert not accepts.fullmatch("a b c\ntwo\nlines")


@pytest.mark.parametrize("question", ["故宫门票多少钱", "青岛和北京有什么好玩的", "青岛吃什么", "How much is the Temple of Heaven?"])
def test_every_kind_of_answer_has_a_grammar_of_its_own_lines(library: Library, question: str) -> None:
    """Facts about one sight, of a city and of several cities have grammars that accept an obedient answer."""
    lines = model_lines(library, question)
    language = gather(library, question).language
    words, end = (ZH, "。") if language == "zh" else (EN, ".")
    assert matcher(grammar(lines, language)).fullmatch("\n".join(written(lines, words, end)))
