"""Two sides on the same prompts: what is put, what is wrong in each line, and who wins."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from chains import prompts
from chains.gather import Gatherer
from chains.outline import outline
from chains.understanding import Understanding
from chains.understanding.request import State
from finetune.judging.compare import (
    About,
    Comparison,
    Outcome,
    answers,
    checked,
    figures,
    kept,
    load,
    save,
    side_by_side,
    speed_figures,
)
from finetune.judging.compare_lines import CheckedLine, Wrong, check_lines, count_lines, reason_words
from finetune.judging.compare_prompts import REASON, SENTENCE, Prompt, of_questions, of_rows, read_questions
from finetune.judging.predict import HeldOut, Said, put, read_held_out
from knowledge.errors import EngineError, InputError, StorageError
from knowledge.library import Library
from tests.fakes import engine_saying, model_of

TODAY = date(2026, 11, 21)
QINGDAO, TICKET = "我去青岛可以去哪里玩,花费多少?", "What does Zhanqiao Pier cost?"
ABOUT = About("qwen-0.5b", "none", "shipped", "questions.txt", "2026-11-21T10:00:00+00:00")


@pytest.fixture(scope="module")
def qingdao(library: Library) -> Prompt:
    """The prompt of one question about a city."""
    return of_questions([QINGDAO], library, lambda: TODAY)[0][0]


def sorts(prompt: Prompt, text: str) -> dict[str, list[str]]:
    """Each wrong line with the sorts of what is wrong in it; a missing one under its due words."""
    return {line.text or line.wrong[0].words: [found.sort for found in line.wrong] for line in check_lines(text, prompt) if line.wrong}


def row_of(prompt: Prompt, **more: object) -> HeldOut:
    """The same prompt as a row of a data set."""
    roles = {"system": "system", "human": "user", "ai": "assistant"}
    messages = [{"role": roles[message.type], "content": str(message.content)} for message in prompt.asked]
    return HeldOut([*messages, {"role": "assistant", "content": prompt.reference}], **more)  # type: ignore[arg-type]


def test_a_question_is_put_as_serving_puts_it(library: Library, qingdao: Prompt) -> None:
    """System prompt, example, facts and question are those of the chat, word for word."""
    facts = Gatherer(library, lambda: TODAY).gather(Understanding(library.catalogue, lambda: TODAY).read(QINGDAO, State()), State())
    assert list(qingdao.asked) == prompts.messages(facts, outline(facts))


def test_what_code_answers_alone_is_left_out(library: Library) -> None:
    """Small talk and the weather are put to no model."""
    made, by_code = of_questions(["你好", QINGDAO], library, lambda: TODAY)
    assert ([prompt.question for prompt in made], by_code) == ([QINGDAO], ["你好"])


def test_the_rendered_answer_has_nothing_wrong(qingdao: Prompt) -> None:
    """What code would write passes, line by line."""
    assert sorts(qingdao, qingdao.reference) == {}
    assert len(check_lines(qingdao.reference, qingdao)) == len(qingdao.lines)


def test_each_wrong_line_names_what_is_wrong(qingdao: Prompt) -> None:
    """A price, an opening hour, a date and a name that the facts lack are told apart."""
    lines = qingdao.reference.split("\n")
    head = qingdao.lines[0].fixed
    for words, sort in (("门票只要80元，快来看看。", "price"), ("早上8:30就开门了。", "hours"), ("五月去最好看。", "date"), ("离黄鹤楼很近，值得一看。", "name")):
        found = sorts(qingdao, "\n".join([head + words, *lines[1:]]))
        assert list(found) == [head + words]
        assert sort in found[head + words]


def test_a_missing_line_is_one_wrong_line(qingdao: Prompt) -> None:
    """What follows a skipped line is laid beside its own due line, not one too early."""
    lines = qingdao.reference.split("\n")
    found = sorts(qingdao, "\n".join([lines[0], *lines[2:]]))
    assert list(found.values()) == [["missing"]]


def test_an_added_line_is_one_wrong_line(qingdao: Prompt) -> None:
    """A heading before the list does not shift the list."""
    assert sorts(qingdao, f"青岛好玩的地方有这些：\n{qingdao.reference}") == {"青岛好玩的地方有这些：": ["added"]}


def test_a_sentence_too_many_is_the_last_one(qingdao: Prompt) -> None:
    """What a model goes on to say after its closing is what was added."""
    more = "有什么想问的，随时告诉我。"
    assert sorts(qingdao, f"{qingdao.reference}\n{more}") == {more: ["added"]}


def test_the_number_of_an_item_is_no_invented_figure(qingdao: Prompt) -> None:
    """A miswritten name is a name and a form that is not kept, whatever stands before it."""
    lines = qingdao.reference.split("\n")
    found = sorts(qingdao, "\n".join([lines[0], "2. 黄鹤楼（免费）：看海。", *lines[2:]]))["2. 黄鹤楼（免费）：看海。"]
    assert "number" not in found
    assert {"name", "format"} <= set(found)


def test_reasons_say_each_thing_once() -> None:
    """Words within other words of the same sort are left out, and what is wrong as a whole line shows no words."""
    line = CheckedLine("1. Huaqing Palace (120 yuan)", (Wrong("price", "120 yuan"), Wrong("name", "Huaqing Palace"), Wrong("name", "Palace"),
                                                       Wrong("price", "yuan"), Wrong("name", "Li"), Wrong("format", "1. Huaqing")))
    assert reason_words(line) == "price: 120 yuan; name: Huaqing Palace, Li; format"


def test_an_empty_answer_misses_every_line(qingdao: Prompt) -> None:
    """Saying nothing is no way to have nothing wrong."""
    counts = count_lines([check_lines("", qingdao)])
    assert counts.wrong == counts.lines == len(qingdao.lines)
    assert counts.sorts == {"missing": len(qingdao.lines)}


def test_a_line_counts_once_for_each_sort(qingdao: Prompt) -> None:
    """Two invented prices in a line are one line with a wrong price."""
    lines = qingdao.reference.split("\n")
    lines[0] = qingdao.lines[0].fixed + "一张80元，两张150元。"
    assert count_lines([check_lines("\n".join(lines), qingdao)]).sorts["price"] == 1


def test_rows_are_checked_as_their_questions_are(library: Library, qingdao: Prompt) -> None:
    """Off the prompt alone come the same lines, with the same room, and the same verdicts."""
    ids = tuple(line.card.sight.id for line in qingdao.lines if line.card)
    prompt = of_rows([row_of(qingdao, provenance=ids)], library)[0]
    assert [(line.part, line.fixed, line.fallback, line.free) for line in prompt.lines] == [(line.part, line.fixed, line.fallback, line.free) for line in qingdao.lines]
    assert prompt.question == QINGDAO
    lines = qingdao.reference.split("\n")
    for words in ("门票只要80元，快来看看。", "离黄鹤楼很近，值得一看。"):
        text = "\n".join([qingdao.lines[0].fixed + words, *lines[1:]])
        assert sorts(prompt, text) == sorts(qingdao, text)


def test_english_rows_have_english_room(library: Library) -> None:
    """The characters a sentence may have are those of the outline, in both languages."""
    made, _ = of_questions(["What is worth seeing in Qingdao?", QINGDAO], library, lambda: TODAY)
    for prompt, language in zip(made, ("en", "zh"), strict=True):
        assert {line.free for line in prompt.lines if line.free} == {REASON[language], SENTENCE[language]}


def test_an_invented_sight_is_checked_by_what_its_line_says(library: Library) -> None:
    """A sight no record knows may be free where its line says so, and nothing else."""
    facts = "1. 云杉渡（免费）：木桥上看云。\n2. 石榴坪（30元）：山坡上的果园。\n合计：一位成人门票约30元。"
    messages = [{"role": "user", "content": f"<资料>\n{facts}\n</资料>\n问题：去哪"}, {"role": "assistant", "content": f"{facts}\n玩得开心，一路顺风！"}]
    prompt = of_rows([HeldOut(messages)], library)[0]
    first, second, *rest = prompt.reference.split("\n")
    assert sorts(prompt, prompt.reference) == {}
    assert sorts(prompt, "\n".join(["1. 云杉渡（免费）：桥上可以免费看云。", second, *rest])) == {}
    assert list(sorts(prompt, "\n".join([first, "2. 石榴坪（30元）：果园里可以免费走走。", *rest])).values()) == [["price"]]


def test_a_row_without_facts_has_no_lines_to_be_wrong(library: Library) -> None:
    """Small talk of a general data set is answered as it is."""
    prompt = of_rows([HeldOut([{"role": "user", "content": "你好"}, {"role": "assistant", "content": "你好呀"}])], library)[0]
    assert sorts(prompt, "票价80元") == {}
    assert checked(Said("你好", 1.0), prompt).asked == 0


def test_fewer_wrong_lines_win_then_better_copying(qingdao: Prompt) -> None:
    """A tie is a tie only where both have as many of both."""
    right, lines = qingdao.reference, qingdao.reference.split("\n")
    one_wrong = "\n".join([*lines[:-1], "离黄鹤楼很近，值得一看。"])
    miscopied = "\n".join([lines[0].replace(qingdao.lines[0].fixed, "1. 某地（免费）："), *lines[1:]])
    said = {name: checked(Said(text, 1.0), qingdao) for name, text in (("right", right), ("wrong", one_wrong), ("miscopied", miscopied))}
    verdicts = {pair: side_by_side([qingdao], [said[pair[0]]], [said[pair[1]]])[0].verdict
                for pair in (("wrong", "right"), ("right", "wrong"), ("right", "right"), ("miscopied", "wrong"))}
    assert list(verdicts.values()) == ["win", "loss", "tie", "win"]


def test_answers_are_greedy_and_without_a_grammar(qingdao: Prompt, tmp_path: Path) -> None:
    """The engine is asked each prompt once, with no options, and its words are kept as they came."""
    engine = engine_saying(qingdao.reference)
    found = list(answers(engine, [qingdao], tmp_path / "notes.jsonl"))
    assert [answer.text for answer in found] == [qingdao.reference]
    assert [asked.options for asked in model_of(engine).history] == [{}]
    assert found[0].right == found[0].asked > 0


def test_what_was_answered_before_a_break_is_not_asked_again(qingdao: Prompt, tmp_path: Path) -> None:
    """Nor is it lost; a note torn by a kill is asked anew."""
    notes, other = tmp_path / "notes.jsonl", replace(qingdao, number=2, asked=(*qingdao.asked[:-1], HumanMessage("别的")))
    with pytest.raises(EngineError):
        list(answers(engine_saying("一", [ValueError("no JSON")]), [qingdao, other], notes))
    with notes.open("a", encoding="utf-8") as file:
        file.write('{"prompt": "别的", "sa')
    engine = engine_saying("二")
    assert [answer.text for answer in answers(engine, [qingdao, other], notes)] == ["一", "二"]
    assert len(model_of(engine).history) == 1
    assert len(notes.read_text(encoding="utf-8").splitlines()) == 2


def test_an_engine_that_breaks_off_says_what_to_type(qingdao: Prompt) -> None:
    """An answer that is no answer is an error of ours."""
    with pytest.raises(EngineError, match="fengjing doctor"):
        put(engine_saying(["半句", ValueError("no JSON")]), qingdao.asked)


def test_the_sign_test_and_the_intervals_are_the_known_ones() -> None:
    """Nine of ten decided: p = 22/1024; ties count for the share of wins only."""
    found = Outcome(9, 10, 1)
    assert found.chance == pytest.approx(22 / 1024)
    assert [(name, share.right, share.total) for name, share in found.shares.items()] == [("win", 9, 20), ("tie", 10, 20), ("loss", 1, 20)]
    assert found.preferred.total == 10
    assert found.preferred.interval == pytest.approx((0.5958, 0.9821), abs=1e-3)
    assert Outcome(0, 5, 0).chance == 1.0


def test_tokens_a_second_are_told_only_where_they_are_counted() -> None:
    """Nothing is guessed from characters."""
    assert speed_figures([(2.0, 40), (1.0, None)]) == {"median_seconds": 1.5, "tokens_per_second": 20.0}
    assert speed_figures([(2.0, None)])["tokens_per_second"] is None


def compared(prompt: Prompt) -> Comparison:
    """A comparison of one prompt: an invented price against the rendered answer."""
    lines = prompt.reference.split("\n")
    wrong = "\n".join([prompt.lines[0].fixed + "门票只要80元，快来看看。", *lines[1:]])
    return Comparison(ABOUT, side_by_side([prompt], [checked(Said(wrong, 2.0, 60), prompt)], [checked(Said(prompt.reference, 1.0), prompt)]))


def test_a_comparison_is_read_as_it_was_written(tmp_path: Path, qingdao: Prompt) -> None:
    """Every row, line and reason comes back; the rows are JSON lines."""
    comparison = compared(qingdao)
    save(comparison, tmp_path / "comparisons" / "one")
    assert load(tmp_path / "comparisons" / "one") == comparison
    assert kept(tmp_path) == [tmp_path / "comparisons" / "one"]
    row = json.loads((tmp_path / "comparisons" / "one" / "comparison.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert row["verdict"] == "win"
    assert row["base"]["lines"][0]["wrong"][0] == {"sort": "price", "words": "80元"}


def test_the_figures_count_both_sides(qingdao: Prompt) -> None:
    """Wrong lines by sort, what was copied, speed, and the outcome with its interval."""
    found = figures(compared(qingdao))
    assert (found["win"], found["tie"], found["loss"], found["same"]) == (1, 0, 0, 0)
    assert found["sides"]["base"]["lines"]["wrong"] == 1
    assert found["sides"]["base"]["lines"]["by_sort"]["price"] == 1
    assert found["sides"]["tuned"]["lines"]["wrong"] == 0
    assert found["sides"]["base"]["tokens_per_second"] == 30.0


def test_what_is_no_comparison_says_how_to_make_one(tmp_path: Path, qingdao: Prompt) -> None:
    """An empty folder and a torn file are errors with the command in them."""
    with pytest.raises(InputError, match="fengjing compare"):
        load(tmp_path)
    save(compared(qingdao), tmp_path)
    (tmp_path / "comparison.jsonl").write_text('{"number": 1', encoding="utf-8")
    with pytest.raises(InputError, match="make it anew"):
        load(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="--out"):
        save(compared(qingdao), tmp_path / "file")


def test_questions_and_rows_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    """Nothing there, nothing in it, not text, no rows: each names the file."""
    with pytest.raises(InputError, match="one question a line"):
        read_questions(tmp_path / "none.txt")
    empty, binary = tmp_path / "empty.txt", tmp_path / "binary.txt"
    empty.write_text("\n \n", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (empty, binary):
        with pytest.raises(InputError, match=path.name):
            read_questions(path)
        with pytest.raises(InputError, match=path.name):
            read_held_out(path)
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"messages": [{"role": "assistant", "content": "只有回答"}]}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        read_held_out(bad)
