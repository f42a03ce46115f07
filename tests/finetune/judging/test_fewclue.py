"""FewCLUE's files, where the user has them: each task's rows as items, and clear words about files that are not right.

The rows here were written for these tests, in the layout FewCLUE publishes.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from finetune.datasets.rows import DatasetError
from finetune.judging.fewclue import TASKS, items_of
from finetune.judging.forgetting_items import Item
from knowledge.errors import FengjingError, InputError

ROWS: dict[str, list[dict[str, Any]]] = {
    "eprstmt": [{"id": 0, "sentence": "杯子很漂亮，盖子也严实", "label": "Positive"}, {"id": 1, "sentence": "用了两天就漏水", "label": "Negative"}],
    "csldcp": [{"content": f"本文研究了{name}中的一个问题。", "label": name, "id": number} for number, name in enumerate(("数学", "法学", "药学", "水产", "天文学", "哲学"))],
    "tnews": [{"label": 103, "label_desc": "news_sports", "sentence": "校队昨晚三比一取胜", "keywords": "", "id": 7}],
    "iflytek": [{"label": number, "label_des": name, "sentence": f"这是一个{name}软件。", "id": number} for number, name in enumerate(("音乐", "英语", "绘画", "记账", "相机"))],
    "ocnli": [{"level": "easy", "sentence1": "他八点出门上班", "sentence2": "他没有出门", "label": "contradiction", "label0": "contradiction", "genre": "lit", "prem_id": "lit_1", "id": 0}],
    "bustm": [{"id": 0, "sentence1": "帮我关灯", "sentence2": "把灯关上", "label": "1"}, {"id": 1, "sentence1": "几点了", "sentence2": "几号了", "label": 0}],
    "chid": [{"id": 3, "candidates": ["画龙点睛", "井底之蛙", "亡羊补牢", "守株待兔", "对牛弹琴", "杯弓蛇影", "叶公好龙"], "content": "发现漏洞后马上修好，这叫#idiom#。", "answer": 2}],
    "csl": [{"id": 1, "abst": "为了让桥更结实，本文试验了三种钢。", "keyword": ["桥梁", "钢材"], "label": "1"}, {"id": 2, "abst": "本文讲水稻。", "keyword": ["火箭"], "label": "0"}],
    "cluewsc": [{"target": {"span2_index": 10, "span1_index": 0, "span1_text": "小猫", "span2_text": "它"}, "idx": 0, "label": "true", "text": "小猫叼着鱼跑了，因为它饿了。"}],
}


def lay(folder: Path, rows: dict[str, list[dict[str, Any]]], split: str = "test_public", end: str = "json") -> Path:
    """A folder in FewCLUE's layout."""
    for task, found in rows.items():
        (folder / task).mkdir(parents=True, exist_ok=True)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
        (folder / task / f"{split}.{end}").write_text(text, encoding="utf-8")
    return folder


def answer(item: Item) -> str:
    """The option that is right."""
    return item.options["ABCDEFGHIJKLMNO".index(item.right)]


def test_every_task_is_read(tmp_path: Path) -> None:
    """All nine, each row an item of its own id under its task, with the right option behind the right letter."""
    items = items_of(lay(tmp_path, ROWS))
    assert [item.stratum for item in items] == [f"fewclue {task}" for task in TASKS for _ in ROWS[task]]
    assert len({item.id for item in items}) == len(items)
    assert [answer(item) for item in items] == [
        "好评", "差评", "数学", "法学", "药学", "水产", "天文学", "哲学", "体育", "音乐", "英语", "绘画", "记账", "相机", "一定不对", "一样", "不一样", "亡羊补牢", "都是", "不都是", "是"]
    assert all(len(set(item.options)) == len(item.options) for item in items)


def test_what_is_asked_holds_the_text(tmp_path: Path) -> None:
    """The blank of an idiom, the pronoun in question and the sentences of a pair stand in the question."""
    asked = {item.stratum.split()[1]: item for item in items_of(lay(tmp_path, ROWS))}
    assert "这叫（　）。" in asked["chid"].question
    assert "【它】指的是“小猫”吗？\n小猫叼着鱼跑了，因为【它】饿了。" in asked["cluewsc"].question
    assert "一：几点了\n二：几号了" in asked["bustm"].question
    assert "“火箭”" in asked["csl"].question
    assert len(asked["tnews"].options) == 15


def test_no_letter_is_right_more_often(tmp_path: Path) -> None:
    """Rows of one class: its letter goes round with the lines."""
    rows = [{"id": number, "sentence": f"第{number}次买了，很好", "label": "Positive"} for number in range(10)]
    assert Counter(item.right for item in items_of(lay(tmp_path, {"eprstmt": rows}))) == {"A": 5, "B": 5}


def test_many_classes_become_four_options(tmp_path: Path) -> None:
    """The right class beside three others of the file, the same in every run, not the same in every row."""
    items = items_of(lay(tmp_path, {"csldcp": ROWS["csldcp"]}))
    assert items == items_of(tmp_path)
    assert {len(item.options) for item in items} == {4}
    assert len({frozenset(item.options) for item in items}) > 1


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    """An abstract longer than the engine's context would hold."""
    (item,) = items_of(lay(tmp_path, {"eprstmt": [{"sentence": "好" * 5000, "label": "Positive"}]}))
    assert len(item.question) < 1100


def test_task_and_split_can_be_chosen(tmp_path: Path) -> None:
    """One task of all; another split; files that end in jsonl."""
    lay(tmp_path, ROWS)
    lay(tmp_path, {"chid": ROWS["chid"]}, "dev_0", "jsonl")
    assert {item.stratum for item in items_of(tmp_path, tasks=("bustm",))} == {"fewclue bustm"}
    assert [item.id for item in items_of(tmp_path, "dev_0", ("chid",))] == ["fewclue-chid-dev_0-1"]


@pytest.mark.parametrize(("split", "tasks", "said"), [
    ("test_public", ("afqmc",), "no task afqmc; known are eprstmt"), ("test_public", ("csl",), "there is nothing"), ("dev_0", ("bustm",), "there are test_public"),
])
def test_what_is_missing_is_named(tmp_path: Path, split: str, tasks: tuple[str, ...], said: str) -> None:
    """A task FewCLUE does not have, a task without folder, a split that is not there."""
    lay(tmp_path, {"bustm": ROWS["bustm"]})
    with pytest.raises(InputError, match=said):
        items_of(tmp_path, split, tasks)


def test_a_folder_of_something_else_is_named(tmp_path: Path) -> None:
    """No task's folder in it: the one that is meant is said."""
    with pytest.raises(InputError, match="holds no folder of a FewCLUE task"):
        items_of(tmp_path)


@pytest.mark.parametrize(("task", "change", "said"), [
    ("eprstmt", {"label": "Good"}, "line 2"), ("eprstmt", {"sentence": None}, "a text was expected"), ("tnews", {"label_desc": "news_none"}, "no row of tnews"),
    ("chid", {"answer": 7}, "option 7 of 7"), ("chid", {"answer": -1}, "option -1"), ("chid", {"content": "没有空"}, "has no #idiom#"), ("chid", {"candidates": 3}, "no row of chid"),
    ("cluewsc", {"target": "它"}, "no row of cluewsc"), ("csl", {"keyword": None}, "no row of csl"), ("csldcp", {"content": 5}, "no row of csldcp"),
])
def test_a_malformed_row_is_named(tmp_path: Path, task: str, change: dict[str, Any], said: str) -> None:
    """With its file, its line and what was wrong with it."""
    lay(tmp_path, {task: [ROWS[task][0], {**ROWS[task][0], **change}]})
    with pytest.raises(InputError, match=said) as caught:
        items_of(tmp_path)
    assert f"{task}/test_public.json, line 2" in str(caught.value)


@pytest.mark.parametrize("task", TASKS)
def test_the_file_without_answers_is_told_apart(tmp_path: Path, task: str) -> None:
    """`test.json` is published without labels: the split that has them is named."""
    bare = [{key: value for key, value in row.items() if key not in {"label", "label_desc", "label_des", "answer"}} for row in ROWS[task]]
    lay(tmp_path, {task: bare}, "test")
    with pytest.raises(InputError, match="'test_public' has answers, 'test' has none"):
        items_of(tmp_path, "test")


@pytest.mark.parametrize("text", ["", "{broken\n", "[1, 2]\n", '"words"\n'])
def test_a_file_that_is_no_json_lines_is_an_error_of_ours(tmp_path: Path, text: str) -> None:
    """Empty, cut off, or JSON of another kind."""
    lay(tmp_path, {"bustm": []})
    (tmp_path / "bustm" / "test_public.json").write_text(text, encoding="utf-8")
    with pytest.raises((DatasetError, InputError)) as caught:
        items_of(tmp_path)
    assert isinstance(caught.value, FengjingError)
