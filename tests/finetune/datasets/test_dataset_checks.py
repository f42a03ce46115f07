"""Registering, checking, previewing and mixing: what a trainer will read, and what spoils a training before it starts."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from assistant.cli.dataset import app
from finetune.datasets import preview
from finetune.datasets.build import Mixture, build
from finetune.datasets.check import Plan, inspect, step_findings
from finetune.datasets.convert import convert
from finetune.datasets.extra import GENERAL, IDENTITY, Persona, Portion, extra_rows, portion
from finetune.datasets.formats import Format
from finetune.datasets.prices import PriceCheck
from finetune.datasets.registry import register
from finetune.datasets.rows import DatasetError
from finetune.datasets.task import Recipe
from finetune.training.registry import entries
from knowledge.errors import InputError
from knowledge.library import Library

ROW = {"messages": [{"role": "user", "content": "栈桥要票吗"}, {"role": "assistant", "content": "不要。"}], "group": "qingdao"}


def lines(*rows: object) -> str:
    """JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def asked(question: str, answer: str, **more: object) -> dict[str, object]:
    """A row of one question."""
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}], **more}


class Letters:
    """A tokenizer of one token a character, with ChatML marks."""

    eos_token = "<|im_end|>"  # noqa: S105 - a mark of the template
    chat_template = "chatml"

    def apply_chat_template(self, messages: list[dict[str, str]], *, tools: object, tokenize: bool, add_generation_prompt: bool) -> str:
        """ChatML."""
        text = "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)
        return text + ("<|im_start|>assistant\n" if add_generation_prompt else "")

    def __call__(self, text: str, *, add_special_tokens: bool) -> dict[str, list[int]]:
        """Code points."""
        return {"input_ids": [ord(char) for char in text]}


@pytest.mark.parametrize("form", [Format.ALPACA, Format.ALPACA_INPUT, Format.SHAREGPT, Format.MESSAGES])
def test_what_is_registered_can_be_trained_on(a_file, tmp_path: Path, form: Format) -> None:
    """Our own trainer finds every column in the entry, listed columns or not."""
    convert(a_file("rows.jsonl", lines(ROW)), tmp_path / "made.json", form)
    register(tmp_path / "made.json", "made")
    entry = entries(tmp_path, ("made",))[0]
    row = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))[0]
    used = {column for column in entry.columns.values() if column}
    assert used <= set(row)
    assert used & {"messages", "conversations", "output"}


def test_the_registry_is_plain_ascii_and_keeps_what_it_had(a_file, tmp_path: Path) -> None:
    """A trainer on a Chinese Windows can open it; other entries stay, the same name is replaced."""
    a_file("dataset_info.json", json.dumps({"老数据": {"file_name": "x.json"}}, ensure_ascii=False))
    path = a_file("rows.jsonl", lines(ROW))
    register(path, "one")
    register(path, "one", sha1=True)
    text = (tmp_path / "dataset_info.json").read_bytes()
    assert text.isascii()
    known = json.loads(text)
    assert set(known) == {"老数据", "one"}
    assert known["one"]["file_sha1"] == hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
    assert known["one"]["tags"]["user_tag"] == "user"


@pytest.mark.parametrize(("name", "content", "said"), [
    ("data.txt", lines(ROW), "rename it to data.jsonl"), ("data.jsonl", json.dumps([ROW]), "rename it to data.json"),
    ("talk.jsonl", lines(["甲", "乙"]), "fengjing dataset convert"), ("data.json", lines({"x": 1}), "has the keys x"),
])
def test_a_file_a_trainer_would_misread_is_not_registered(a_file, tmp_path: Path, name: str, content: str, said: str) -> None:
    """Endings decide for trainers; bare lists and unknown keys are no rows to them."""
    with pytest.raises(DatasetError, match=said):
        register(a_file(name, content))
    assert not (tmp_path / "dataset_info.json").exists()


def test_a_damaged_registry_is_left_alone(a_file, tmp_path: Path) -> None:
    """What cannot be read is not overwritten."""
    a_file("dataset_info.json", "{oops")
    with pytest.raises(DatasetError, match="nothing was changed"):
        register(a_file("rows.jsonl", lines(ROW)))
    assert (tmp_path / "dataset_info.json").read_text() == "{oops"


@pytest.mark.parametrize(("name", "said"), [("游记", "--name"), ("a,b", "--name")])
def test_a_name_must_fit_a_comma_list(a_file, name: str, said: str) -> None:
    """Names with commas or beyond ASCII cannot be given to a trainer."""
    with pytest.raises(InputError, match=said):
        register(a_file("rows.jsonl", lines(ROW)), name)


def test_check_names_file_line_and_fault(a_file) -> None:
    """Empty, doubled and unreadable rows are found with their lines, sound rows are not."""
    path = a_file("rows.jsonl", lines(ROW, asked("问", ""), ROW, {"x": 1}, asked("再问", "答")))
    found = inspect([path]).findings
    assert [(finding.place, finding.kind) for finding in found] == [(2, "empty"), (3, "duplicate"), (4, "format")]
    assert str(found[1]) == "rows.jsonl:3: duplicate: same as line 1"


def test_check_finds_what_stands_in_two_splits(a_file) -> None:
    """A question that differs in marks only, and a group, are leaks; another group is none."""
    train = a_file("train.jsonl", lines(asked("栈桥要票吗", "不要。", group="qingdao"), asked("甲", "乙", group="beijing+dali")))
    test = a_file("test.jsonl", lines(asked("栈桥 要票吗？", "免费。", group="xian"), asked("丙", "丁", group="dali"), asked("戊", "己", group="wuhan")))
    leaks = [(finding.place, finding.text) for finding in inspect([train, test]).findings]
    assert leaks == [(1, "its question also stands in train.jsonl"), (2, "its group also stands in train.jsonl: dali")]


def test_the_same_question_about_other_facts_is_no_leak(a_file) -> None:
    """What was said before the answer is compared, not the last words alone."""
    before = {"role": "assistant", "content": "好。"}
    rows = [{"messages": [{"role": "user", "content": city}, before, {"role": "user", "content": "门票呢"}, before]} for city in ("青岛", "大连")]
    assert inspect([a_file("a.jsonl", lines(rows[0])), a_file("b.jsonl", lines(rows[1]))]).findings == []


@pytest.mark.parametrize(("name", "content", "said"), [("rows.json", lines(ROW), ".jsonl"), ("rows.txt", json.dumps([ROW]), ".json")])
def test_check_finds_an_ending_that_belies_the_content(a_file, name: str, content: str, said: str) -> None:
    """JSON lines called .json, an array called .txt."""
    found = inspect([a_file(name, content)]).findings
    assert [finding.kind for finding in found] == ["ending"]
    assert said in found[0].text


@pytest.mark.parametrize(("answer", "wrong"), [
    ("崂山风景区门票：成人旺季90元，淡季60元。", 0), ("崂山风景区门票：成人35元。", 1), ("1. 栈桥（免费）：看海。", 0), ("1. 崂山风景区（免费）：看山。", 1),
    ("1. Laoshan Scenic Area (peak 90 yuan/low season 60 yuan): peaks.", 0), ("1. Laoshan Scenic Area (12 yuan): peaks.", 1),
    ("合计：一位成人门票约777元。", 0), ("崂山风景区和栈桥一共5元。", 0), ("崂山风景区旺季90元，加观光车130元。", 0),
])
def test_prices_are_held_against_the_records(few_cities: Library, answer: str, wrong: int) -> None:
    """An amount beside one sight's name must be in its record; sums and lines of several sights are not judged."""
    assert len(PriceCheck(few_cities.catalogue).wrong(answer)) == wrong


def test_invented_rows_are_not_held_against_the_records(a_file, few_cities: Library) -> None:
    """Rows marked synthetic speak of places that do not exist."""
    path = a_file("rows.jsonl", lines(asked("问", "崂山风景区35元。", synthetic=True), asked("又问", "崂山风景区35元。")))
    assert [finding.place for finding in inspect([path], PriceCheck(few_cities.catalogue).wrong).findings] == [2]


def test_too_few_steps_are_said_to_be_too_few() -> None:
    """A hundred rows at the board's defaults are 21 steps, which change nothing; the warning says how many epochs would."""
    steps, warning = step_findings(100, Plan())
    assert steps == 21
    assert "16 epochs" in warning
    assert step_findings(5000, Plan()) == (939, "")


def test_preview_marks_what_is_learned(a_file) -> None:
    """The answer and its end are learned; the prompt, and what was given of a continued answer, are not."""
    path = a_file("rows.jsonl", lines(ROW, asked("再问", "给定\n要学", given_chars=3)))
    whole, continued = preview.rendered(path, Letters(), 1, 5, history=False)
    assert [piece.text for piece in whole.pieces if piece.learned] == ["不要。<|im_end|>"]
    assert [piece.text for piece in continued.pieces if piece.learned] == ["要学<|im_end|>"]
    assert "".join(piece.text for piece in continued.pieces).count("给定\n要学") == 1
    assert whole.learned == len("不要。<|im_end|>")


def test_preview_begins_where_it_is_told(a_file) -> None:
    """Row and count choose; lines are those of the file."""
    path = a_file("rows.jsonl", lines(*(asked(f"问{n}", "答") for n in range(9))))
    assert [seen.place for seen in preview.rendered(path, Letters(), 4, 2, history=False)] == [4, 5]


def test_rows_beyond_the_cutoff_are_found(a_file) -> None:
    """A cut answer and an answer that is gone are told apart."""
    path = a_file("rows.jsonl", lines(ROW, asked("问" * 30, "答" * 40), asked("问" * 120, "答")))
    cut, lengths = preview.overlong(path, Letters(), 100)
    assert [(row.place, row.answer_left) for row in cut] == [(2, True), (3, False)]
    assert len(lengths) == 3


def test_identity_carries_the_names_it_is_given() -> None:
    """Name and author are filled in everywhere, in both languages; the house's own where none is given."""
    own = extra_rows(IDENTITY, ("zh", "en"), Random(1), 1000, Persona())
    named = extra_rows(IDENTITY, ("zh",), Random(1), 1000, Persona("小景", "某某社"))
    assert any("与风景对话" in row.target for row in own)
    assert any("小景" in row.target for row in named)
    assert not any("与风景对话" in row.target or "{" in row.target for row in named)
    assert all(row.messages[0]["role"] == "system" for row in own)
    assert len(own) > 120


def test_the_general_set_is_whole() -> None:
    """Some six hundred questions, each once, all answered, half of them English."""
    rows = extra_rows(GENERAL, ("zh", "en"), Random(1), 1000, Persona())
    assert len({row.messages[0]["content"] for row in rows}) == len(rows) >= 600
    assert sum(row.language == "en" for row in rows) == pytest.approx(len(rows) / 2, rel=0.04)
    assert all(row.target for row in rows)


@pytest.mark.parametrize("text", ["general", "general=x", "=0.1", "general=1", "general=-0.1"])
def test_a_share_that_is_none_is_refused(text: str) -> None:
    """SOURCE=SHARE, a share below 0.9."""
    with pytest.raises(InputError, match="SOURCE=SHARE"):
        portion(text)


def test_a_build_mixes_registers_and_counts(few_cities: Library, a_file, tmp_path: Path) -> None:
    """Shares come out as asked, files of the user's join in, the card counts them, and the trainer knows the files."""
    own = a_file("own.json", json.dumps([{"instruction": f"问{n}", "input": "", "output": "答"} for n in range(50)]))
    mixture = Mixture((Portion(GENERAL, 0.2), Portion(str(own), 0.1)), Persona(), Format.ALPACA_INPUT)
    card = build(few_cities, tmp_path / "set", Recipe(rows=40, seed=5, real=0.0, mix={"recommend": 1, "sight_fact": 1}), mixture)
    rows = [json.loads(line) for line in (tmp_path / "set" / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    kinds = [row["kind"] for row in rows]
    assert (kinds.count("general"), kinds.count("public"), len(rows)) == (10, 5, 51)
    assert kinds[:5] != kinds[-5:]
    assert card["mixed_in"] == {"general": 10, "public": 5}
    assert card["rows"] == {"train": 36, "validation": 2, "test": 2}
    assert {entry.name for entry in entries(tmp_path / "set", ("fengjing_train", "fengjing_validation", "fengjing_test"))}
    assert card["sha256"]["train.jsonl"] == hashlib.sha256((tmp_path / "set" / "train.jsonl").read_bytes()).hexdigest()


def test_shares_must_leave_room(few_cities: Library, tmp_path: Path) -> None:
    """Shares that sum to the whole leave no task data."""
    with pytest.raises(InputError, match="no room"):
        build(few_cities, tmp_path, Recipe(rows=40), replace(Mixture(), portions=(Portion(GENERAL, 0.5), Portion(IDENTITY, 0.5))))


def test_the_command_line_converts_splits_registers_and_checks(a_file, tmp_path: Path) -> None:
    """The verbs end to end on one small file; a faulty set ends with exit code 1."""
    run = CliRunner()
    source = a_file("rows.jsonl", lines(*(asked(f"问{n}", "答。", group=f"g{n}") for n in range(20))))
    assert "20 rows" in run.invoke(app, ["convert", str(source), str(tmp_path / "a.json"), "--to", "sharegpt"]).output
    assert "train 16 rows" in run.invoke(app, ["split", str(source), "--out", str(tmp_path / "s")]).output
    assert "sha1" in run.invoke(app, ["register", str(tmp_path / "a.json"), "--sha1"]).output
    sound = run.invoke(app, ["check", *(str(tmp_path / "s" / f"{part}.jsonl") for part in ("train", "validation", "test")), "--json"])
    assert sound.exit_code == 0
    assert json.loads(sound.output)["steps"] == 3
    faulty = run.invoke(app, ["check", str(source), str(a_file("copy.jsonl", source.read_bytes()))])
    assert faulty.exit_code == 1
    assert "--all prints them" in faulty.output
