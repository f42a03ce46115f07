"""Rows of every organisation become conversations; what cannot be used is counted and named."""

import json
from pathlib import Path
from typing import Any

import pytest
from tiny import said

from finetune.training.config import TrainConfig
from finetune.training.conversations import Conversation, read_split, split_validation
from finetune.training.errors import RowsError


def config(folder: Path, **keys: Any) -> TrainConfig:
    """A configuration over the data sets in `folder`."""
    return TrainConfig(**{"model_name_or_path": "m", "dataset": "d", "output_dir": "o", "dataset_dir": folder, **keys})


def read(folder: Path, rows: object, entry: dict[str, Any], name: str = "d.json", **keys: Any) -> list[Conversation]:
    """The conversations of one data set with these rows and this entry."""
    (folder / name).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    (folder / "dataset_info.json").write_text(json.dumps({"d": {"file_name": name, **entry}}), encoding="utf-8")
    return read_split(config(folder, **keys), ("d",)).conversations


def test_alpaca_rows_join_instruction_and_input(tmp_path: Path) -> None:
    """Instruction and input are one question; history and system stand before it."""
    row = {"instruction": "问", "input": "详", "output": "答", "history": [["早", "好"]], "system": "助手"}
    columns = {"prompt": "instruction", "query": "input", "response": "output", "history": "history", "system": "system"}
    found = read(tmp_path, [row], {"columns": columns})
    assert found == [Conversation(({"role": "system", "content": "助手"}, *said("早", "好", "问\n详", "答")))]


def test_columns_that_are_not_listed_are_absent(tmp_path: Path) -> None:
    """As in LLaMA-Factory, naming two columns turns `input` off."""
    row = {"instruction": "问", "input": "详", "output": "答"}
    assert read(tmp_path, [row], {"columns": {"prompt": "instruction", "response": "output"}}) == [Conversation(said("问", "答"))]
    assert read(tmp_path, [row], {}) == [Conversation(said("问\n详", "答"))]


def test_sharegpt_rows_by_their_tags(tmp_path: Path) -> None:
    """Their default tags, or those an entry names; a default system fills in where a row has none."""
    turns = [{"from": "human", "value": "问"}, {"from": "gpt", "value": "答"}]
    assert read(tmp_path, [{"conversations": turns}], {"formatting": "sharegpt"}, default_system="S")[0].messages[0]["role"] == "system"
    own = {"formatting": "sharegpt", "columns": {"messages": "m"},
           "tags": {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant"}}
    assert read(tmp_path, [{"m": list(said("问", "答"))}], own) == [Conversation(said("问", "答"))]


def test_messages_keep_what_was_given(tmp_path: Path) -> None:
    """How much of the answer stood there already travels with the row."""
    found = read(tmp_path, [{"messages": list(said("问", "答案")), "given_chars": 1}], {"formatting": "openai"})
    assert found == [Conversation(said("问", "答案"), given_chars=1)]


def test_rows_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    """A row without an answer is left out and said why; a file of such rows is an error."""
    good, bad = {"messages": list(said("问", "答"))}, {"messages": list(said("问"))}
    read(tmp_path, [good, bad], {"formatting": "openai"})
    assert read_split(config(tmp_path), ("d",)).refused == ["d.json row 2: does not end with the assistant's answer"]
    with pytest.raises(RowsError, match="no row to train on"):
        read(tmp_path, [bad], {"formatting": "openai"})


@pytest.mark.parametrize(("entry", "part"), [
    ({"formatting": "vicuna"}, "formatting"), ({"ranking": True}, "ranking"), ({"file_name": "gone.json"}, "gone.json"),
])
def test_an_entry_that_cannot_be_used_is_named(tmp_path: Path, entry: dict[str, Any], part: str) -> None:
    """The message says which property of which entry."""
    with pytest.raises(RowsError, match=part):
        read(tmp_path, [{"messages": []}], entry)


def test_unknown_data_sets_are_listed_with_the_known(tmp_path: Path) -> None:
    """A typing error shows what there is; a folder without a registry says so."""
    read(tmp_path, [{"messages": list(said("问", "答"))}], {"formatting": "openai"})
    with pytest.raises(RowsError, match=r"no data set 'x', it has d"):
        read_split(config(tmp_path), ("x",))
    with pytest.raises(RowsError, match=r"dataset_info\.json"):
        read_split(config(tmp_path / "elsewhere"), ("d",))


def test_gbk_files_are_read(tmp_path: Path) -> None:
    """JSON lines as a Chinese Windows writes them."""
    (tmp_path / "d.jsonl").write_bytes(json.dumps({"messages": list(said("去哪里玩", "栈桥"))}, ensure_ascii=False).encode("gbk"))
    (tmp_path / "dataset_info.json").write_text(json.dumps({"d": {"file_name": "d.jsonl", "formatting": "openai"}}))
    assert read_split(config(tmp_path), ("d",)).conversations == [Conversation(said("去哪里玩", "栈桥"))]


def test_validation_rows_are_drawn_apart(tmp_path: Path) -> None:
    """A share or a number of rows, the same ones for the same seed, none in both; an empty part is an error."""
    rows = [Conversation(said(str(number), "答")) for number in range(20)]
    training, validation = split_validation(rows, config(tmp_path, val_size=0.25))
    assert (len(training), len(validation)) == (15, 5)
    assert not [row for row in training if row in validation]
    assert split_validation(rows, config(tmp_path, val_size=5)) == (training, validation)
    with pytest.raises(RowsError, match="no training"):
        split_validation(rows, config(tmp_path, val_size=20))
    with pytest.raises(RowsError, match="no validation"):
        split_validation(rows, config(tmp_path, val_size=0.001))


def test_data_sets_are_mixed_as_asked(tmp_path: Path) -> None:
    """One after the other, or in turn until the first is used up; max_samples holds for each."""
    for name, count in (("a", 6), ("b", 3)):
        (tmp_path / f"{name}.json").write_text(json.dumps([{"messages": list(said(f"{name}{n}", "答"))} for n in range(count)]))
    (tmp_path / "dataset_info.json").write_text(json.dumps({name: {"file_name": f"{name}.json", "formatting": "openai"} for name in "ab"}))

    def asked(**keys: Any) -> list[str]:
        return [row.messages[0]["content"] for row in read_split(config(tmp_path, **keys), ("a", "b")).conversations]

    assert asked() == ["a0", "a1", "a2", "a3", "a4", "a5", "b0", "b1", "b2"]
    assert asked(max_samples=2) == ["a0", "a1", "b0", "b1"]
    assert asked(mix_strategy="interleave_under")[:4] == ["a0", "b0", "a1", "b1"]
