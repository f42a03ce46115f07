"""Rows that are to be known by heart: right lines, wordings held apart, invented names, and their place in a build."""

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from chains import prompts
from finetune.datasets.build import Mixture, build
from finetune.datasets.evaluation import essence
from finetune.datasets.extra import Persona, Portion
from finetune.datasets.memory import KINDS, MEMORY, memory_rows, record_line
from finetune.datasets.task import Recipe
from knowledge.accuracy.answers import answer_of
from knowledge.catalogue import Filter
from knowledge.library import Library

BOTH = ("zh", "en")


@pytest.mark.parametrize("language", BOTH)
def test_a_line_says_what_the_record_says(few_cities: Library, language: str) -> None:
    """Level and stay of every graded sight, and its price where one is held, are read from the line by the accuracy check's own readers."""
    seen = Counter()
    for sight in few_cities.catalogue.find(Filter()):
        city = few_cities.catalogue.cities[sight.city]
        line = record_line(sight, city, language)
        assert "\n" not in line
        for kind in ("level", "duration", "price"):
            right = answer_of(kind, sight, city)
            if right:
                assert right.matches(line), (kind, line)
                seen[kind] += 1
    assert min(seen.values()) > 10


def test_each_record_is_asked_in_every_way_it_can_answer(few_cities: Library) -> None:
    """One line answers all questions about a sight; at most as many as there are kinds in each language."""
    rows = [row for row in memory_rows(few_cities, BOTH, Random(3), 200, frozenset()) if row.provenance]
    lines = Counter((row.provenance, row.language) for row in rows)
    assert len({(row.provenance, row.language, row.target) for row in rows}) == len(lines)
    assert 3 <= max(lines.values()) <= len(KINDS)
    assert {row.language for row in rows} == set(BOTH)
    assert all(len(row.messages) == 3 and row.kind == MEMORY for row in rows)
    assert {row.messages[0]["content"] for row in rows} == {str(prompts.closed_book(language, "?")[0].content) for language in BOTH}


def test_what_does_not_exist_is_not_known(few_cities: Library) -> None:
    """A tenth are invented names, answered with the plain word that they are not known."""
    rows = memory_rows(few_cities, BOTH, Random(3), 200, frozenset())
    unknown = [row for row in rows if not row.provenance]
    assert 15 <= len(unknown) <= 20
    assert all(row.synthetic and ("没有找到" in row.target or "no such place" in row.target) for row in unknown)
    held = {name for sight in few_cities.catalogue.find(Filter()) for name in (*sight.names, sight.name_en)}
    assert not {row.group for row in unknown} & held


def test_questions_of_an_evaluation_are_left_out(few_cities: Library) -> None:
    """What is forbidden is not asked; the rest stays the same."""
    rows = memory_rows(few_cities, ("zh",), Random(3), 100, frozenset())
    forbidden = essence(next(row for row in rows if row.provenance).messages[1]["content"])
    again = memory_rows(few_cities, ("zh",), Random(3), 100, frozenset({forbidden}))
    assert forbidden not in {essence(row.messages[1]["content"]) for row in again}
    assert len(again) >= len(rows) - 1


def test_a_build_mixes_it_in(few_cities: Library, tmp_path: Path) -> None:
    """`--mix memory=0.4` takes its share of the training file and of no other."""
    card = build(few_cities, tmp_path, Recipe(rows=40, seed=5, real=0.0, mix={"sight_fact": 1}), Mixture((Portion(MEMORY, 0.4),), Persona()))
    kinds = Counter(json.loads(line)["kind"] for line in (tmp_path / "train.jsonl").read_text(encoding="utf-8").splitlines())
    assert card["mixed_in"] == {MEMORY: kinds[MEMORY]}
    assert 12 <= kinds[MEMORY] <= 24
    assert MEMORY not in (tmp_path / "test.jsonl").read_text(encoding="utf-8")
