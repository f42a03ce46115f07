"""Task data: the rows are what serving would ask and accept, and nothing of a held-out city is in the training rows."""

import json
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from chains import prompts
from chains.answer import Answerer, Origin, Record
from chains.models.chat import Engine
from finetune.datasets.answers import AnswerWriter
from finetune.datasets.asking import Asker
from finetune.datasets.evaluation import essence, evaluation_questions
from finetune.datasets.rows import Row
from finetune.datasets.task import TaskData, as_row
from knowledge.library import Library
from tests.fakes import ScriptedModel

Made = tuple[TaskData, dict[str, list[Row]]]
SPOKEN = ("recommend", "two_cities", "sight_fact", "city_fact", "follow_up")


@pytest.mark.parametrize("kind", SPOKEN)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_serving_asks_what_a_row_asks_and_accepts_what_it_answers(made: Made, kind: str, language: str) -> None:
    """Given the row's facts, the answerer sends exactly the row's messages, and shows its target line by line as the model's own."""
    world = made[0].world
    asker = Asker(world, "train", Random(f"{kind}{language}"), frozenset())
    writer = AnswerWriter(world.library, Random(1))
    turn = next(turn for turn in (asker.turn(kind, language, real=False) for _ in range(60)) if turn)
    written = writer.answer(turn.facts, turn.lines)
    row = as_row(turn, written, kind, Random(2), continued=0)
    model, record = ScriptedModel.saying(row.target), Record()
    shown = list(Answerer(Engine(model, "scripted", takes_grammar=True), world.library).stream(turn.facts, record))
    assert [line.origin for line in shown if not line.line.by_code] == [Origin.MODEL] * len(written)
    assert [message["content"] for message in row.messages[:-1]] == [message.content for message in model.history[0].messages]


def test_a_continuation_begins_with_lines_accepted_before(made: Made) -> None:
    """What was given ends with a line break and is the beginning of serving's own continued request; the rest is learned."""
    world = made[0].world
    asker = Asker(world, "train", Random(3), frozenset())
    turn = next(turn for turn in (asker.turn("recommend", "zh", real=True) for _ in range(20)) if turn)
    written = AnswerWriter(world.library, Random(1)).answer(turn.facts, turn.lines)
    row = as_row(turn, written, "recommend", Random(5), continued=1)
    given = row.target[: row.given_chars]
    asked = prompts.continued(prompts.messages(turn.facts, turn.lines), given.rstrip("\n").split("\n"))
    assert row.kind == "continuation"
    assert given == asked[-1].content
    assert row.target[row.given_chars:].split("\n") == written[given.count("\n"):]


def test_every_kind_and_language_is_there(made: Made) -> None:
    """The mixture holds recommendations, single facts, cities, follow-ups and continuations, in both languages."""
    rows = made[1]["train"]
    assert {"recommend", "sight_fact", "continuation"} <= {row.kind for row in rows}
    assert {row.language for row in rows} == {"zh", "en"}
    assert len(rows) == 54


def test_held_out_cities_are_not_spoken_of_in_training(made: Made) -> None:
    """No city of validation or test is a group of a training row, and none of their sights stands behind one."""
    data, rows = made
    held = {city for split in ("validation", "test") for city in data.world.cities(split)}
    for row in rows["train"]:
        assert not held & set(row.group.split("+"))
        assert not held & {record.rpartition("-")[0] for record in row.provenance}
    assert {city for row in rows["test"] for city in row.group.split("+")} <= data.world.cities("test")


def test_records_stand_behind_every_answer_about_sights(made: Made) -> None:
    """Provenance names records of the world, those of the numbered lines in their order."""
    data, rows = made
    catalogue = data.world.library.catalogue
    for row in rows["train"]:
        if row.kind != "recommend":
            continue
        names = [sight.name if row.language == "zh" else sight.name_en for sight in catalogue.get(row.provenance)]
        items = [line for line in row.target.split("\n") if line[:2] in {f"{number}." for number in range(1, 10)}]
        assert len(items) == len(names)
        assert all(name in item for name, item in zip(names, items, strict=True))


def test_invented_rows_say_so(made: Made) -> None:
    """A row about an invented city is marked synthetic, a row about a real one is not."""
    for row in made[1]["train"]:
        assert row.synthetic == row.group.startswith("synthetic-")


def test_the_same_recipe_makes_the_same_rows(few_cities: Library, made: Made) -> None:
    """Seed and knowledge decide every byte; another seed makes other rows."""
    with TaskData(few_cities, made[0].recipe) as again, TaskData(few_cities, replace(made[0].recipe, seed=8)) as other:
        assert [row.to_json() for row in again.rows("validation")] == [row.to_json() for row in made[1]["validation"]]
        assert next(other.rows("train")).to_json() != made[1]["train"][0].to_json()


def test_one_language_is_kept(few_cities: Library, made: Made) -> None:
    """With --language en no Chinese question is asked."""
    with TaskData(few_cities, replace(made[0].recipe, rows=40, languages=("en",))) as data:
        assert {row.language for row in data.rows("test")} == {"en"}


def test_questions_do_not_come_twice(made: Made) -> None:
    """A question with its facts is asked once, and once more at most to be taken up in the midst of its answer."""
    asked = Counter((bool(row.given_chars), row.messages[-2]["content"]) for row in made[1]["train"])
    assert max(asked.values()) == 1


def test_questions_of_an_evaluation_are_not_asked(made: Made) -> None:
    """A question that an evaluation holds, however it is punctuated, is never asked."""
    world = made[0].world
    city = world.library.catalogue.cities[world.real["train"][0]]
    forbidden = frozenset(essence(f"{start}{city.name}{end}") for start in ("", "请问") for end in ("有什么好玩的？",))
    texts = set()
    for seed in range(60):
        asker = Asker(world, "train", Random(seed), forbidden)
        texts.add(asker._question("recommend", "zh", city, city, world.sights[city.id][0]))
    assert "" in texts
    assert not {essence(text) for text in texts} & forbidden


def test_evaluation_files_are_read_however_deep(a_file) -> None:
    """YAML, JSON and JSON lines of questions are understood; the shipped accuracy questions are always included."""
    yaml_file = a_file("gold.yaml", '- {text: "青岛 有什么好玩的?", slots: {cities: [青岛]}}')
    lines = a_file("more.jsonl", json.dumps({"turns": [{"question": "Where to, then?"}]}) + "\n")
    found = evaluation_questions([yaml_file, lines])
    assert {"青岛有什么好玩的", "wheretothen"} <= found
    assert "青岛" not in found
    assert len(found) > len(evaluation_questions()) > 0


def test_an_itinerary_is_told_with_its_sum(made: Made) -> None:
    """The plan itself is code's; the model copies the sum and adds a wish."""
    world = made[0].world
    asker = Asker(world, "train", Random(3), frozenset())
    turn = next(turn for turn in (asker.turn("itinerary", "zh", real=True) for _ in range(20)) if turn)
    written = AnswerWriter(world.library, Random(1)).answer(turn.facts, turn.lines)
    assert written[0].startswith("合计：")
    assert len(written) == 2
