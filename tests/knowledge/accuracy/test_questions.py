"""The questions: written by hand, derived, kept apart."""

import json
from collections import Counter
from pathlib import Path

import pytest

from knowledge.accuracy.apart import copied, in_training
from knowledge.accuracy.derive import KINDS, Deriver
from knowledge.accuracy.questions import HAND_WRITTEN, Question, hand_written, part_of
from knowledge.accuracy.sample import sample
from knowledge.catalogue import Catalogue, Filter, build_catalogue
from knowledge.errors import DataError, InputError
from tests.knowledge.small_world import a_base, a_sight, shipped


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """One city, two sights: somebody's own base."""
    url = f"sqlite:///{tmp_path_factory.mktemp('own') / 'catalogue.db'}"
    free = {"adult_yuan": 0, "source": "hand-2025"}
    build_catalogue(url, a_base(a_sight("栈桥", ticket=free), a_sight("小青岛公园", rank=2, name_en="Little Qingdao Park", district="市南区")))
    return Catalogue(url)


@pytest.fixture(scope="module")
def written(catalogue: Catalogue) -> list[Question]:
    """The hand-written questions about the shipped records."""
    return hand_written(catalogue)


def test_there_are_questions_of_every_sort(written: list[Question]) -> None:
    """At least three hundred by hand, in both languages, of every kind, in both halves, present and absent facts."""
    assert len(written) >= 300
    assert set(KINDS) | {"name", "other"} == {question.kind for question in written}
    assert min(Counter(question.language for question in written).values()) >= 100
    assert min(Counter(question.part for question in written).values()) >= 150
    assert sum(question.absent for question in written) >= 40


def test_no_written_question_is_lost(written: list[Question]) -> None:
    """Every sight and city the file names is held: a renamed sight is noticed here."""
    lines = HAND_WRITTEN.read_text(encoding="utf-8").splitlines()
    assert len(written) == sum(line.startswith("- ") for line in lines)


def test_every_written_wish_can_be_met(written: list[Question]) -> None:
    """Conditions that no sight meets would make a question without an answer."""
    assert [question.text for question in written if question.kind == "recommend" and not question.sights] == []


def test_no_written_question_holds_its_record_s_sentence(written: list[Question]) -> None:
    """Travellers do not speak in our descriptions: no eight characters or five words are theirs."""
    assert copied(written, shipped().attractions) == []


def test_no_question_is_written_twice(written: list[Question]) -> None:
    """Each text stands once."""
    assert [text for text, count in Counter(question.text for question in written).items() if count > 1] == []


def test_the_halves_do_not_change() -> None:
    """A question's half depends on its text alone."""
    assert [part_of(text) for text in ("故宫礼拜一开不开", "Forbidden City price", "兵马俑")] == ["held", "dev", "dev"]


def test_deriving_gives_a_thousand_questions(catalogue: Catalogue) -> None:
    """From the shipped records: over a thousand different ones, evenly by kind, over all cities, some with absent facts."""
    questions = Deriver(catalogue).questions(1050)
    assert len({question.text for question in questions}) == len(questions) >= 1000
    assert {150} == set(Counter(question.kind for question in questions).values())
    cities = {sight.city for question in questions for sight in catalogue.get(question.sights)}
    assert cities == set(catalogue.cities)
    assert 0 < sum(question.absent for question in questions) < len(questions) / 4


def test_the_seed_decides(catalogue: Catalogue) -> None:
    """The same seed gives the same questions, another seed others."""
    first, again, other = (Deriver(catalogue, seed).questions(70) for seed in (1, 1, 2))
    assert first == again
    assert {question.text for question in first} != {question.text for question in other}


@pytest.mark.parametrize("number", [5, 40, 200])
def test_a_sample_keeps_every_kind_by_its_share(written: list[Question], number: int) -> None:
    """So many questions, none twice, the larger kinds more often, refusals among them; the same seed draws the same."""
    drawn = sample(written, number, seed=3)
    assert len({question.text for question in drawn}) == len(drawn) == number
    assert drawn == sample(written, number, seed=3)
    assert drawn != sample(written, number, seed=4)
    sizes, kept = (Counter((question.kind, question.absent) for question in questions) for questions in (written, drawn))
    assert all(kept[group] >= sizes[group] * number / len(written) - 2 for group in sizes)
    assert number < len(sizes) or set(kept) == set(sizes)


def test_a_sample_of_more_than_there_are_is_all(written: list[Question]) -> None:
    """0 means all, and so does a number above what there is."""
    assert sample(written, 0) == sample(written, len(written) + 1) == written


def test_every_derived_question_has_its_sights(catalogue: Catalogue) -> None:
    """What a right answer is about is always held."""
    assert all(question.sights for question in Deriver(catalogue).questions(140))


def test_anybody_s_base_can_be_asked_about(small: Catalogue) -> None:
    """Derived questions name only what that base holds; the shipped hand-written ones about other sights are left out."""
    ids = {sight.id for sight in small.find(Filter())}
    questions = Deriver(small).questions(70)
    assert {question.kind for question in questions} == set(KINDS)
    assert all(question.sights <= ids for question in questions)
    assert all(question.sights <= ids for question in hand_written(small))


def test_a_question_in_training_data_is_reported(tmp_path: Path, written: list[Question]) -> None:
    """Whatever the shape of the file, a training text that holds a question whole is found, signs and case aside."""
    asked = next(question for question in written if question.language == "en").text
    file = tmp_path / "train.jsonl"
    rows = [{"messages": [{"role": "user", "content": f"Hi! {asked.upper()} Thanks."}]}, {"text": "栈桥"}]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert [(overlap.question, overlap.seen) for overlap in in_training(written, [file])] == [(asked, "train.jsonl")]


def test_training_data_must_be_json_lines(tmp_path: Path, written: list[Question]) -> None:
    """A file that is missing or of another kind is said so in one line."""
    (tmp_path / "train.txt").write_text("栈桥门票多少钱", encoding="utf-8")
    for name in ("train.txt", "missing.jsonl"):
        with pytest.raises(InputError, match=name):
            in_training(written, [tmp_path / name])


def test_a_copied_sentence_is_reported(catalogue: Catalogue) -> None:
    """A question that quotes eight characters of a description is found, with the sight it quotes."""
    sight = max(catalogue.find(Filter(), 20), key=lambda sight: len(sight.summary))
    run = max(sight.summary.rstrip("。").split("，"), key=len)
    quoted = Question(f"哪里{run}呀", "zh", "name", "vague", "dev")
    assert (len(run) >= 8) is bool(copied([quoted], [sight]))


@pytest.mark.parametrize("text", ["- {ask: 一, kind: colour}", "just words", "- {ask: 一, language: zh, kind: price, style: plain, colour: red}"])
def test_a_damaged_file_is_said_so(tmp_path: Path, small: Catalogue, text: str) -> None:
    """Unknown kinds, unknown keys and no list at all are errors that name the file."""
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"own\.yaml"):
        hand_written(small, file)
