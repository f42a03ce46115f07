"""Blind votes: what a voter sees, what is kept, and how the votes are read."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from finetune.judging.compare import About, Answer, Compared, Comparison, save
from finetune.judging.compare_lines import CheckedLine, Wrong
from finetune.judging.votes import Booth, Vote, lay_key
from knowledge.errors import InputError

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PROMPTS = 12


def answer(text: str, *, wrong: bool = False) -> Answer:
    """An answer of one line."""
    return Answer(text, 1.0, None, 0, 0, (CheckedLine(text, (Wrong("name", "x"),) if wrong else ()),))


def comparison(*, alike: tuple[int, ...] = ()) -> Comparison:
    """Twelve prompts the tuned side wins by count; on some both say the same."""
    rows = tuple(
        Compared(number, f"问题{number}", f"问题{number}", "", answer("对照"), answer("对照"), "tie") if number in alike
        else Compared(number, f"问题{number}", f"问题{number}", "", answer("对照", wrong=True), answer("微调"), "win")
        for number in range(1, PROMPTS + 1))
    return Comparison(About("qwen-0.5b", "none", "shipped", "q.txt", NOON.isoformat()), rows)


@pytest.fixture
def booth(tmp_path: Path) -> Booth:
    """A booth over twelve prompts, one of them answered alike."""
    save(comparison(alike=(5,)), tmp_path)
    lay_key(tmp_path, seed=7)
    return Booth(tmp_path, lambda: NOON)


def vote_for(booth: Booth, text: str, number: int, voter: str = "李") -> Vote:
    """Vote for the answer that says so."""
    row = next(row for row in booth.ballots if row.number == number)
    return booth.cast(number, "A" if booth.shown(row)[0].text == text else "B", voter)


def test_the_sides_are_shuffled_by_a_seed_that_lies_apart(booth: Booth) -> None:
    """Tuned stands now left, now right, always the same for one seed, and the rows themselves do not tell."""
    left = [booth.shown(row)[0].text for row in booth.ballots]
    assert set(left) == {"对照", "微调"}
    assert left == [Booth(booth.folder).shown(row)[0].text for row in booth.ballots]
    lay_key(booth.folder, seed=8)
    assert left != [Booth(booth.folder).shown(row)[0].text for row in booth.ballots]
    assert "seed" not in (booth.folder / "comparison.jsonl").read_text(encoding="utf-8")
    assert json.loads((booth.folder / "key.json").read_text(encoding="utf-8")) == {"seed": 8}


def test_answers_alike_are_not_put_to_a_vote(booth: Booth) -> None:
    """There is nothing to choose between."""
    assert len(booth.ballots) == PROMPTS - 1
    with pytest.raises(InputError, match="prompt 5"):
        booth.cast(5, "A", "李")


def test_votes_are_only_added_and_the_last_word_counts(booth: Booth) -> None:
    """A change of mind leaves both lines in the file, with who and when, and counts once."""
    vote_for(booth, "对照", 1)
    vote_for(booth, "微调", 1)
    lines = [json.loads(line) for line in (booth.folder / "votes.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["prompt"], line["voter"], line["at"]) for line in lines] == [(1, "李", "2026-11-21T12:00:00+00:00")] * 2
    assert {line["choice"] for line in lines} == {"A", "B"}
    assert (booth.tallies()[0].outcome.wins, booth.tallies()[0].outcome.losses) == (1, 0)


def test_the_file_of_votes_does_not_say_which_side_won(booth: Booth) -> None:
    """It holds A and B as they stood: without the key nobody can read it."""
    vote = vote_for(booth, "微调", 2)
    line = json.loads((booth.folder / "votes.jsonl").read_text(encoding="utf-8"))
    assert line == {"prompt": 2, "choice": vote.choice, "voter": "李", "at": NOON.isoformat()}


def test_results_are_the_tuned_sides_for_all_and_for_each(booth: Booth) -> None:
    """Both bad is a tie that is counted apart; every voter has a row."""
    for number in (1, 2, 3):
        vote_for(booth, "微调", number)
    vote_for(booth, "对照", 4)
    booth.cast(6, "tie", "王")
    booth.cast(7, "both bad", "王")
    everyone, li, wang = booth.tallies()
    assert (everyone.outcome.wins, everyone.outcome.ties, everyone.outcome.losses, everyone.both_bad) == (3, 2, 1, 1)
    assert (li.voter, li.outcome.wins, li.outcome.losses) == ("李", 3, 1)
    assert (wang.voter, wang.outcome.ties, wang.both_bad) == ("王", 2, 1)


def test_agreement_is_with_the_counted_verdict(booth: Booth) -> None:
    """The count says win everywhere: votes for tuned agree, others do not."""
    vote_for(booth, "微调", 1)
    vote_for(booth, "对照", 2)
    booth.cast(3, "tie", "李")
    assert (booth.tallies()[0].agreement.right, booth.tallies()[0].agreement.total) == (1, 3)


def test_each_voter_has_a_queue(booth: Booth) -> None:
    """What one has voted on still waits for another."""
    vote_for(booth, "微调", 1, "李")
    assert [row.number for row in booth.waiting("李")][:2] == [2, 3]
    assert [row.number for row in booth.waiting("王")][:2] == [1, 2]


def test_a_torn_line_loses_itself_and_no_other(booth: Booth) -> None:
    """A kill in the midst of writing costs that vote; the next one stands on a line of its own."""
    vote_for(booth, "微调", 1)
    with (booth.folder / "votes.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"prompt": 2, "cho')
    vote_for(booth, "微调", 3)
    assert [vote.prompt for vote in booth.votes()] == [1, 3]


@pytest.mark.parametrize(("choice", "voter"), [("C", "李"), ("A", "  ")])
def test_a_vote_needs_a_choice_and_a_name(booth: Booth, choice: str, voter: str) -> None:
    """Nothing is kept of a vote that is none."""
    with pytest.raises(InputError, match="a vote needs"):
        booth.cast(1, choice, voter)  # type: ignore[arg-type]
    assert booth.votes() == []


def test_without_its_key_a_comparison_is_not_voted_on(tmp_path: Path) -> None:
    """Old votes would be read the wrong way round."""
    save(comparison(), tmp_path)
    with pytest.raises(InputError, match="cannot be read without it"):
        Booth(tmp_path)


def test_nobody_voted_is_no_result(booth: Booth) -> None:
    """No rows, rather than a row of zeros."""
    assert booth.tallies() == []
