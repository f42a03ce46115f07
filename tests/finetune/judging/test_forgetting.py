"""Two models on the same items: what differs, how sure that is, and what may be said of it."""

import math

import pytest

from finetune.judging.forgetting import (
    ALL,
    Paired,
    Verdict,
    accuracies,
    compare,
    figures,
    in_words,
    run_figures,
    unparsed,
)
from finetune.judging.forgetting_asking import Choice, Run, ask
from finetune.judging.forgetting_items import own_items
from knowledge.errors import InputError
from tests.fakes import engine_saying


def run(answers: list[str], model: str = "m", right: str = "B") -> Run:
    """A run that gave these letters where `right` was right; the first half of it Chinese."""
    return Run(model, tuple(
        Choice(f"x-{number}", "digest", "zh" if number < len(answers) / 2 else "en", "reasoning", right, letter, letter)
        for number, letter in enumerate(answers)))


def test_the_interval_is_newcombes() -> None:
    """The published example of his method 10: 36, 12, 2 and 0 of 50 give 0.0569 to 0.3404 (first minus second)."""
    found = Paired(36, 12, 2, 0)
    assert found.points == pytest.approx(-20)
    assert [round(-limit / 100, 4) for limit in reversed(found.interval)] == [0.0569, 0.3404]


def test_the_interval_looks_the_same_from_both_sides() -> None:
    """Base and tuned exchanged turn the sign, and no more."""
    low, high = Paired(80, 12, 5, 23).interval
    other_low, other_high = Paired(80, 5, 12, 23).interval
    assert (other_low, other_high) == (pytest.approx(-high), pytest.approx(-low))


def test_the_interval_holds_most_often_where_models_are_truly_the_same() -> None:
    """Of all ways 20 changed answers of 200 can fall with even odds, 95 % or so have 0 in their interval."""
    covered = sum(math.comb(20, lost) / 2**20 for lost in range(21) if (limits := Paired(100, lost, 20 - lost, 80).interval)[0] <= 0 <= limits[1])
    assert 0.93 <= covered <= 0.99


@pytest.mark.parametrize(("lost", "won", "p_value"), [(0, 0, 1.0), (5, 5, 1.0), (6, 0, 2 / 64), (8, 2, 2 * (1 + 10 + 45) / 1024), (2, 8, 2 * 56 / 1024)])
def test_the_mcnemar_test_is_exact(lost: int, won: int, p_value: float) -> None:
    """Binomial tails by hand; answers that both got right or wrong play no part."""
    assert Paired(10, lost, won, 3).p_value == pytest.approx(p_value)
    assert Paired(900, lost, won, 70).p_value == pytest.approx(p_value)


@pytest.mark.parametrize(("found", "verdict"), [
    (Paired(2000, 10, 12, 1000), Verdict.KEPT), (Paired(300, 0, 0, 36), Verdict.KEPT), (Paired(100, 90, 10, 136), Verdict.FORGOT),
    (Paired(150, 20, 18, 148), Verdict.OPEN), (Paired(150, 34, 18, 134), Verdict.OPEN), (Paired(1, 0, 0, 0), Verdict.OPEN), (Paired(0, 0, 0, 0), Verdict.OPEN),
])
def test_the_verdict_claims_no_more_than_the_interval(found: Paired, verdict: Verdict) -> None:
    """Kept and forgot are said where the whole interval agrees, and few items leave it open."""
    assert found.verdict is verdict


def test_the_words_say_when_nothing_is_shown() -> None:
    """A small loss on few items is within two points and not shown, and how many items it would take is said."""
    assert "at most 2 points were forgotten" in in_words(Paired(2000, 10, 12, 1000))
    assert "p < 0.001): more than 2 points were forgotten" in in_words(Paired(100, 90, 10, 136))
    assert "within a loss of 2 points, but not shown; that takes about 1087 items" in in_words(Paired(150, 20, 18, 148))
    assert "beyond a loss of 2 points, but not shown" in in_words(Paired(150, 34, 18, 134))


def test_so_many_items_are_enough() -> None:
    """With the number that is said to be needed and no loss, the verdict is kept; with half of it, it is not."""
    few = Paired(150, 20, 20, 146)
    def scaled(total: float) -> Paired:
        return Paired(*(round(count * total / few.total) for count in (few.both, few.base_only, few.tuned_only, few.neither)))

    assert scaled(few.items_needed * 1.03).verdict is Verdict.KEPT
    assert scaled(few.items_needed / 2).verdict is Verdict.OPEN


def test_runs_are_compared_item_by_item() -> None:
    """In all and by language and stratum, whatever the order of the answers."""
    base, tuned = run(["B", "B", "A", "A"]), run(["B", "A", "B", "A"])
    found = compare(base, Run("tuned", tuned.choices[::-1])).groups
    assert (found[ALL], found["zh reasoning"], found["en reasoning"]) == (Paired(1, 1, 1, 1), Paired(1, 1, 0, 0), Paired(0, 0, 1, 1))


def test_runs_over_other_items_are_not_compared() -> None:
    """An item more or fewer, one twice, the same id in other words, and nothing at all."""
    with pytest.raises(InputError, match="1 do not match"):
        compare(run(["B", "B"]), run(["B"]))
    with pytest.raises(InputError, match="1 do not match"):
        compare(Run("m", run(["B"]).choices * 2), run(["B"]))
    with pytest.raises(InputError, match="2 do not match"):
        compare(run(["B", "B"]), Run("m", tuple(Choice(c.id, "other", c.language, c.stratum, c.right, c.chosen, c.said) for c in run(["B", "B"]).choices)))
    with pytest.raises(InputError, match="different items"):
        compare(Run("m", ()), Run("m", ()))


def test_a_model_that_is_always_right_and_one_that_says_nothing() -> None:
    """On the set that ships: 100 % and 0 %, with every answer of the second unparsed, and the loss is shown."""
    items = own_items()
    right = Run("right", tuple(ask(engine_saying(*(item.right for item in items)), items)))
    silent = Run("silent", tuple(ask(engine_saying(*(["嗯"] * len(items))), items)))
    assert (accuracies(right)[ALL].value, unparsed(right).value) == (1.0, 0.0)
    assert (accuracies(silent)[ALL].value, unparsed(silent).value) == (0.0, 1.0)
    whole = compare(right, silent).groups[ALL]
    assert (whole.points, whole.verdict, whole.p_value < 1e-50) == (-100.0, Verdict.FORGOT, True)


def test_a_model_that_says_one_letter_or_knows_one_language() -> None:
    """Always B is right in a quarter of every stratum; who answers only Chinese is right in half, all of it Chinese."""
    items = own_items()
    always = accuracies(Run("always", tuple(ask(engine_saying(*("B" for _ in items)), items))))
    assert all(found.value == pytest.approx(0.25, abs=0.05) for found in always.values())
    half = accuracies(Run("half", tuple(ask(engine_saying(*(item.right if item.language == "zh" else "?" for item in items)), items))))
    assert half[ALL].value == pytest.approx(0.5)
    assert {name: found.value for name, found in half.items() if name != ALL} == {
        f"{language} {stratum}": float(language == "zh") for language in ("zh", "en") for stratum in ("language", "reasoning", "knowledge")}


def test_the_figures_hold_everything() -> None:
    """For JSON: both models with limits and unparsed answers, the differences, and the verdict with its words."""
    found = figures(compare(run(["B", "B", "A", ""], "base"), run(["B", "A", "A", "A"], "tuned")))
    assert found["base"] == run_figures(run(["B", "B", "A", ""], "base"))
    assert found["base"]["unparsed"]["right"] == 1
    assert found["tuned"]["accuracy"][ALL]["share"] == 0.25
    assert found["difference"][ALL] == {"points": -25.0, "interval": found["difference"][ALL]["interval"], "base_only": 1, "tuned_only": 0, "p": 1.0}
    assert (found["verdict"], found["allowed_points"]) == ("open", 2.0)
