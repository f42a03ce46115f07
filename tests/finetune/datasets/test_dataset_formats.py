"""Reading, converting, splitting: every organisation comes back as it was, whatever its size, and odd rows are named."""

import csv
import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from finetune.datasets import files
from finetune.datasets.convert import Conversion, convert, dialogues
from finetune.datasets.files import Layout, layout_of, values
from finetune.datasets.formats import Dialogue, Format, OddRow, read, write
from finetune.datasets.grouping import by_field, by_place, by_question, cities_named, ratios_of, split
from finetune.datasets.rows import DatasetError
from knowledge.errors import InputError
from knowledge.library import Library

TALK = ["青岛有什么好玩的", "栈桥和八大关。", "门票呢", "都免费。"]
SAID = tuple({"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(TALK))
WITH_SYSTEM = ({"role": "system", "content": "只说资料里的事。"}, *SAID)


def lines(*rows: object) -> str:
    """JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.mark.parametrize("form", [Format.ALPACA, Format.SHAREGPT, Format.MESSAGES, Format.CSV])
def test_a_conversation_comes_back_whole(form: Format) -> None:
    """System prompt, history, answer and what else the row carried survive writing and reading."""
    dialogue = Dialogue(WITH_SYSTEM, {"kind": "recommend", "given_chars": 3} if form is not Format.CSV else {})
    assert read(write(dialogue, form)) == dialogue


def test_a_list_of_turns_comes_back() -> None:
    """A bare list holds the turns alone."""
    assert write(read(TALK), Format.DIALOGUES) == TALK
    assert read([TALK[:2], TALK[2:]]).messages == SAID


def test_both_alpaca_organisations() -> None:
    """The question is the instruction, or the task is the instruction and the question its input; history holds what came before."""
    plain, task = write(Dialogue(WITH_SYSTEM), Format.ALPACA), write(Dialogue(WITH_SYSTEM), Format.ALPACA_INPUT)
    assert (plain["instruction"], plain["input"], plain["output"]) == ("门票呢", "", "都免费。")
    assert plain["history"] == [TALK[:2]]
    assert plain["system"] == "只说资料里的事。"
    assert (task["instruction"], task["input"], task["output"]) == ("只说资料里的事。", "门票呢", "都免费。")
    assert write(Dialogue(SAID[:2]), Format.ALPACA_INPUT)["instruction"] == "回答旅行者的问题。"


def test_columns_of_questions_and_answers_are_understood() -> None:
    """What spreadsheets call question and answer is an alpaca row."""
    assert read({"question": "甲", "answer": "乙"}).messages == ({"role": "user", "content": "甲"}, {"role": "assistant", "content": "乙"})


@pytest.mark.parametrize(("value", "said"), [
    ({"text": "x"}, "has the keys text"), (["只有一句"], "without a question and an answer"), ({"instruction": "x"}, "no output"),
    ({"messages": [{"role": "cook", "content": "x"}]}, "known 'role'"), ("x", "expected an object or a list"), ({"messages": 3}, "no list"),
    ({"instruction": "x", "output": "y", "history": "["}, "history"), ([1, 2], "both text"),
])
def test_an_odd_row_says_why(value: object, said: str) -> None:
    """What is no conversation is refused with its reason."""
    with pytest.raises(OddRow, match=said):
        read(value)


def test_a_row_without_an_answer_is_not_written() -> None:
    """Alpaca and lists need an answer at the end and turns that alternate."""
    with pytest.raises(OddRow, match="ends without an answer"):
        write(Dialogue(SAID[:3]), Format.ALPACA)
    with pytest.raises(OddRow, match="alternate"):
        write(Dialogue((SAID[0], SAID[0], SAID[1])), Format.DIALOGUES)


@pytest.mark.parametrize(("content", "layout"), [
    (lines(TALK, TALK), Layout.LINES), ('[{"a": 1}]', Layout.ARRAY), ('[\n {"a": 1}\n]', Layout.ARRAY), ("\n\n" + lines({"a": 1}), Layout.LINES),
    ("instruction,output\n甲,乙\n", Layout.CSV), ("[]", Layout.ARRAY), ('[{"a": 1}, {"a": 2}]\n', Layout.ARRAY),
])
def test_the_content_tells_the_layout(a_file, content: str, layout: Layout) -> None:
    """Lists of turns a line are JSON lines, a list of objects is an array, whatever the file is called."""
    assert layout_of(a_file("data.txt", content)) is layout


@pytest.mark.parametrize("chunk", [5, 17, 1 << 20])
def test_an_array_is_read_in_pieces(a_file, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    """However small the pieces, every element comes whole: escapes, brackets in texts, nested lists."""
    monkeypatch.setattr(files, "CHUNK_CHARS", chunk)
    rows = [{"t": '他说"[你好]\\', "n": [1, [2, {"x": "}"}]]}, {"t": "海 🌊", "n": -12.5}, {"t": "", "n": None}]
    for indent in (None, 2):
        path = a_file("data.json", json.dumps(rows, ensure_ascii=False, indent=indent))
        assert [placed.value for placed in values(path)] == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_chinese_spreadsheets_are_read(a_file, encoding: str) -> None:
    """UTF-8 with and without its mark, and GB18030."""
    path = a_file("data.csv", "instruction,output\n青岛好玩吗,好玩\n".encode(encoding))
    assert [placed.value for placed in values(path)] == [{"instruction": "青岛好玩吗", "output": "好玩"}]


@pytest.mark.parametrize(("name", "content", "said"), [
    ("bad.jsonl", lines(TALK) + "{oops\n", "line 2 is no JSON"), ("cut.json", '[\n{"a": 1},\n{"a": ', "element 2 is no JSON"),
    ("empty.json", "  \n", "is empty"), ("bad.csv", "a,b\n1,2,3\n", "line 2 has another number of fields"), ("prose.txt", "nothing here", "neither JSON"),
])
def test_a_damaged_file_names_the_place(a_file, name: str, content: str, said: str) -> None:
    """The error says which file and which line."""
    with pytest.raises(DatasetError, match=said) as caught:
        list(values(a_file(name, content)))
    assert name in str(caught.value)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """No stack of foreign errors, one line."""
    with pytest.raises(DatasetError, match="cannot be read"):
        list(values(tmp_path / "no.json"))


def test_lists_become_llama_factorys_history(a_file, tmp_path: Path) -> None:
    """A JSON list a line becomes one row of an array: instruction, output and history; the unanswered last question goes."""
    source = a_file("talk.jsonl", lines(TALK, [*TALK, "还有呢"], ["只有一句"]))
    done = convert(source, tmp_path / "talk.json", Format.ALPACA)
    rows = json.loads((tmp_path / "talk.json").read_text(encoding="utf-8"))
    assert rows == [{"instruction": TALK[2], "input": "", "output": TALK[3], "history": [TALK[:2]]}] * 2
    assert (done.rows, done.turns, done.left_out) == (2, 4, 1)
    assert done.reasons == ["row 3 is a list without a question and an answer, both text"]


def test_a_round_trip_through_every_file(a_file, tmp_path: Path) -> None:
    """Messages to alpaca to CSV to ShareGPT and back: the dialogues are the same."""
    source = a_file("a.jsonl", lines({"messages": list(WITH_SYSTEM)}, {"messages": list(SAID[:2])}))
    steps = [("b.json", Format.ALPACA), ("c.csv", Format.CSV), ("d.json", Format.SHAREGPT), ("e.jsonl", Format.MESSAGES)]
    for name, form in steps:
        convert(source, tmp_path / name, form)
        source = tmp_path / name
    assert [d.messages for _, d in dialogues(source, Conversion())] == [WITH_SYSTEM, SAID[:2]]
    assert next(csv.reader((tmp_path / "c.csv").open(encoding="utf-8")))[0] == "instruction"


@pytest.mark.parametrize(("target", "form", "said"), [
    ("x.txt", Format.ALPACA, "the ending decides"), ("x.csv", Format.ALPACA, "alpaca is written to a file that ends in .jsonl or .json"),
    ("x.json", Format.CSV, "ends in .csv"), ("x.json", Format.DIALOGUES, "ends in .jsonl"), ("talk.jsonl", Format.MESSAGES, "the same file"),
])
def test_an_ending_that_lies_is_refused(a_file, tmp_path: Path, target: str, form: Format, said: str) -> None:
    """The target's ending must be what a trainer will take it for."""
    with pytest.raises(InputError, match=said):
        convert(a_file("talk.jsonl", lines(TALK)), tmp_path / target, form)


def test_nothing_is_left_behind_where_nothing_could_be_read(a_file, tmp_path: Path) -> None:
    """A source without a conversation leaves no empty target and no piece of one."""
    with pytest.raises(DatasetError, match="holds no conversation"):
        convert(a_file("odd.jsonl", lines({"text": "x"})), tmp_path / "out.json", Format.ALPACA)
    assert [path.name for path in tmp_path.iterdir()] == ["odd.jsonl"]


@pytest.mark.parametrize(("text", "shares"), [("80/10/10", (0.8, 0.1, 0.1)), ("7:2:1", (0.7, 0.2, 0.1)), ("0.9,0.1", (0.9, 0.1)), ("9:1", (0.9, 0.1))])
def test_ratios_may_be_written_in_many_ways(text: str, shares: tuple[float, ...]) -> None:
    """Any separator, any sum."""
    assert ratios_of(text) == pytest.approx(shares)


@pytest.mark.parametrize("text", ["80", "a/b", "1/2/3/4", "0/1", "1/0", "-1/2", "8::1"])
def test_a_ratio_that_is_none_is_refused(text: str) -> None:
    """Anything else is said to be none."""
    with pytest.raises(InputError, match="ratio"):
        ratios_of(text)


def grouped_file(a_file, groups: list[str]) -> Path:
    """A row a group name, in messages."""
    return a_file("rows.jsonl", lines(*({"messages": list(SAID), "group": group, "n": n} for n, group in enumerate(groups))))


def parts(folder: Path) -> dict[str, list[dict]]:
    """What was written, by part."""
    return {path.stem: [placed.value for placed in values(path)] for path in sorted(folder.glob("*.jsonl"))}


def test_groups_stay_whole(a_file, tmp_path: Path) -> None:
    """No group stands in two parts, no row is lost, and the sizes are near the ratio."""
    rng = Random(1)
    groups = [f"city{rng.randrange(40)}" for _ in range(400)]
    division = split(grouped_file(a_file, groups), tmp_path / "out", ratios_of("80/10/10"), 42, by_field("group"))
    written = parts(tmp_path / "out")
    owners = {(row["group"], part) for part, rows in written.items() for row in rows}
    assert len(owners) == len(set(groups))
    assert sorted(row["n"] for rows in written.values() for row in rows) == list(range(400))
    assert division.rows == {part: len(rows) for part, rows in written.items()}
    assert division.rows == {"train": pytest.approx(320, abs=12), "validation": pytest.approx(40, abs=12), "test": pytest.approx(40, abs=12)}


def test_tied_groups_stay_together(a_file, tmp_path: Path) -> None:
    """A row about two cities ties them: neither is then alone in another part."""
    groups = ["a", "b", "a+b", "c", "d", "e", "f+g", "g", "h"] * 3
    split(grouped_file(a_file, groups), tmp_path / "out", ratios_of("6:2:2"), 1, by_field("group"))
    owner = Counter()
    for part, rows in parts(tmp_path / "out").items():
        owner.update({(piece, part) for row in rows for piece in row["group"].split("+")})
    assert max(owner.values()) == 1
    assert len(owner) == 8


def test_the_same_seed_splits_alike(a_file, tmp_path: Path) -> None:
    """A split can be made again; another seed makes another."""
    source = grouped_file(a_file, [f"g{n}" for n in range(30)])
    for folder, seed in (("one", 1), ("again", 1), ("two", 2)):
        split(source, tmp_path / folder, ratios_of("7:2:1"), seed, by_field("group"))
    assert parts(tmp_path / "one") == parts(tmp_path / "again") != parts(tmp_path / "two")


def test_one_question_is_never_in_two_parts(a_file, tmp_path: Path) -> None:
    """Rows without a group are grouped by their question, marks aside."""
    asked = [f"去{city}{mark}" for city in "甲乙丙丁戊己" for mark in ("玩什么", "玩什么？", " 玩什么!")]
    source = a_file("q.jsonl", lines(*([question, "好"] for question in asked)))
    split(source, tmp_path / "out", ratios_of("5:5"), 3, by_question)
    firsts = {part: {row[0][1] for row in rows} for part, rows in parts(tmp_path / "out").items()}
    assert not firsts["train"] & firsts["validation"]


def test_cities_are_told_from_the_text(few_cities: Library, a_file, tmp_path: Path) -> None:
    """Without a group field, a sight's name leads to its city, so that no sight is in two parts."""
    names = cities_named(few_cities.catalogue)
    assert names("栈桥门票多少，崂山呢") == ("qingdao",)
    assert set(names("先去青岛再去 West Lake")) == {"qingdao", "hangzhou"}
    source = a_file("p.jsonl", lines(["栈桥在哪", "海边"], ["崂山高吗", "高"], ["西湖大吗", "大"], ["你好", "你好"]))
    split(source, tmp_path / "out", ratios_of("5:5"), 3, by_place(names))
    together = [part for part, rows in parts(tmp_path / "out").items() for row in rows if row[0] in ("栈桥在哪", "崂山高吗")]
    assert len(set(together)) == 1


def test_one_group_cannot_be_split(a_file, tmp_path: Path) -> None:
    """Where there are fewer groups than parts, the error says so and nothing is written."""
    with pytest.raises(DatasetError, match="1 groups, too few"):
        split(grouped_file(a_file, ["a"] * 9), tmp_path / "out", ratios_of("8:1:1"), 1, by_field("group"))
    assert not (tmp_path / "out").exists()
