"""FewCLUE's files as multiple-choice items, where the user has them; none come along.

Layout as published (github.com/CLUEbenchmark/FewCLUE, ``datasets/``): a folder a task, in it JSON lines named
``train_0.json`` … ``train_few_all.json``, ``dev_0.json`` …, ``test_public.json``; ``test.json`` has no answers. The
options of an item are turned by its line number, so that no letter is right more often than another. Where a task has
more classes than there are letters (csldcp 67, iflytek 119) the right one stands beside three others drawn from the
file by the item's text: such an accuracy is no FewCLUE score. Nothing here is a few-shot score either: no examples are shown.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from finetune.datasets.files import Placed, values
from finetune.judging.forgetting_items import LETTERS, Item
from knowledge.errors import InputError

PUBLIC = "test_public"
MAX_TEXT_CHARS = 1000  # of a long abstract or description: leaves room in the engine's context
BLANK = "#idiom#"
Asked = tuple[str, Sequence[str], int]  # question, options, which of them is right, from 0
_NEWS = {  # the classes of tnews
    "news_story": "故事", "news_culture": "文化", "news_entertainment": "娱乐", "news_sports": "体育", "news_finance": "财经",
    "news_house": "房产", "news_car": "汽车", "news_edu": "教育", "news_tech": "科技", "news_military": "军事",
    "news_travel": "旅游", "news_world": "国际", "news_stock": "股票", "news_agriculture": "农业", "news_game": "游戏",
}


def items_of(folder: Path, split: str = PUBLIC, tasks: Sequence[str] = ()) -> list[Item]:
    """The items of these tasks, of all that are there where none are named; raises `InputError`, `DatasetError`."""
    unknown = sorted(set(tasks) - TASKS.keys())
    if unknown:
        raise InputError(f"FewCLUE has no task {', '.join(unknown)}; known are {', '.join(TASKS)}")
    found = list(tasks) or [task for task in TASKS if (folder / task).is_dir()]
    if not found:
        raise InputError(f"{folder} holds no folder of a FewCLUE task ({', '.join(TASKS)}); give the 'datasets' folder of its repository")
    return [item for task in found for item in _task(folder / task, task, split)]


def _task(folder: Path, task: str, split: str) -> list[Item]:
    path = next((folder / f"{split}{end}" for end in (".json", ".jsonl") if (folder / f"{split}{end}").is_file()), None)
    if path is None:
        there = sorted(file.stem for file in folder.glob("*.json*")) if folder.is_dir() else []
        raise InputError(f"{folder / split}.json is missing; there {'are ' + ', '.join(there) if there else 'is nothing'}: choose another --split or fetch it")
    rows = list(values(path))
    classes = sorted({str(row.value[_CLASS[task]]) for row in rows if _has(row, _CLASS[task])}) if task in _CLASS else []
    return [_item(path, task, split, row, classes) for row in rows]


def _has(row: Placed, key: str) -> bool:
    return isinstance(row.value, dict) and key in row.value


def _item(path: Path, task: str, split: str, row: Placed, classes: list[str]) -> Item:
    try:
        question, options, right = _asked(task, row.value, classes)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = f"'{PUBLIC}' has answers, 'test' has none" if isinstance(error, KeyError) else "is the file whole?"
        raise InputError(f"{path}, line {row.place}: no row of {task} ({type(error).__name__}: {error}); {hint}") from error
    turn = row.place % len(options)
    turned = (*options[turn:], *options[:turn])
    return Item(f"fewclue-{task}-{split}-{row.place}", "zh", f"fewclue {task}", question, turned, LETTERS[(right - turn) % len(options)])


def _asked(task: str, row: dict[str, Any], classes: list[str]) -> Asked:
    """What a row asks; raises whatever a row in another form runs into."""
    question, options, right = _among(classes, row, task) if task in _CLASS else TASKS[task](row)
    if not 0 <= right < len(options) <= len(LETTERS):
        raise ValueError(f"its answer is option {right} of {len(options)}")
    return question, options, right


def _among(classes: list[str], row: dict[str, Any], task: str) -> Asked:
    """The right class beside three others, drawn by the text itself: the same in every run."""
    question, (right,), _ = TASKS[task](row)
    others = [name for name in classes if name != right]
    drawn = Random(int(hashlib.sha256(question.encode()).hexdigest()[:8], 16)).sample(others, min(3, len(others)))
    return question, [right, *drawn], 0


def _cut(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"a text was expected, not {text!r:.40}")
    return text[:MAX_TEXT_CHARS]


def _pick(options: Iterable[str], label: object) -> int:
    """The place of a label among the labels of the file, told apart as words: "1" and 1 are the same."""
    return list(options).index(str(label))


def _eprstmt(row: dict[str, Any]) -> Asked:
    return f"下面这条商品评论是好评还是差评？\n{_cut(row['sentence'])}", ("好评", "差评"), _pick(("Positive", "Negative"), row["label"])


def _csldcp(row: dict[str, Any]) -> Asked:
    return f"下面这段论文摘要属于哪个学科？\n{_cut(row['content'])}", (str(row["label"]),), 0


def _tnews(row: dict[str, Any]) -> Asked:
    return f"下面这个新闻标题属于哪一类？\n{_cut(row['sentence'])}", tuple(_NEWS.values()), _pick(_NEWS, row["label_desc"])


def _iflytek(row: dict[str, Any]) -> Asked:
    return f"下面介绍的应用属于哪一类？\n{_cut(row['sentence'])}", (str(row["label_des"]),), 0


def _ocnli(row: dict[str, Any]) -> Asked:
    question = f"已知：{_cut(row['sentence1'])}\n由此看，“{_cut(row['sentence2'])}”这句话怎么样？"
    return question, ("一定对", "一定不对", "说不准"), _pick(("entailment", "contradiction", "neutral"), row["label"])


def _bustm(row: dict[str, Any]) -> Asked:
    return f"下面两句话的意思一样吗？\n一：{_cut(row['sentence1'])}\n二：{_cut(row['sentence2'])}", ("一样", "不一样"), _pick("10", row["label"])


def _chid(row: dict[str, Any]) -> Asked:
    text = _cut(row["content"])
    if BLANK not in text:
        raise ValueError(f"its content has no {BLANK}")
    return f"下面这段话的括号里填哪个成语？\n{text.replace(BLANK, '（　）')}", [str(word) for word in row["candidates"]], int(row["answer"])


def _csl(row: dict[str, Any]) -> Asked:
    words = "、".join(map(str, row["keyword"]))
    return f"“{words}”都是下面这段摘要的关键词吗？\n{_cut(row['abst'])}", ("都是", "不都是"), _pick("10", row["label"])


def _cluewsc(row: dict[str, Any]) -> Asked:
    target, text = row["target"], _cut(row["text"])
    place, word = int(target["span2_index"]), str(target["span2_text"])
    marked = f"{text[:place]}【{word}】{text[place + len(word):]}" if text[place: place + len(word)] == word else text
    question = f"下面这段话里，【{word}】指的是“{target['span1_text']}”吗？\n{marked}"
    return question, ("是", "不是"), _pick(("true", "false"), row["label"])


TASKS: dict[str, Callable[[dict[str, Any]], Asked]] = {
    "eprstmt": _eprstmt, "csldcp": _csldcp, "tnews": _tnews, "iflytek": _iflytek, "ocnli": _ocnli,
    "bustm": _bustm, "chid": _chid, "csl": _csl, "cluewsc": _cluewsc,
}
_CLASS = {"csldcp": "label", "iflytek": "label_des"}  # tasks with more classes than letters, and where a row names its class
