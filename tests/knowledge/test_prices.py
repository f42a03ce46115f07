"""What a visit costs: arithmetic over records, nothing guessed."""

from datetime import date

import pytest

from knowledge.prices import admission_yuan, is_seasonal, required_extras_yuan, total, visit_yuan
from knowledge.records import Extra, Ticket
from knowledge.seasons import Season
from tests.knowledge.small_world import FREE, a_sight

PEAK = Season((4, 1), (10, 31))
SEASONAL = Ticket(adult_yuan=60, low_yuan=40, peak=PEAK, source="hand-2025")
UNKNOWN = Ticket(source="hand-2025")
WITH_BUS = Ticket(adult_yuan=100, source="hand-2025", extras=(
    Extra(name="观光车", name_en="shuttle bus", yuan=40, required=True),
    Extra(name="索道", name_en="cable car", yuan=80),
))
SUMMER, WINTER = date(2026, 7, 1), date(2026, 12, 1)


@pytest.mark.parametrize(("ticket", "day", "expected"), [
    (SEASONAL, SUMMER, 60), (SEASONAL, WINTER, 40), (SEASONAL, None, 60), (SEASONAL, date(2026, 10, 31), 60),
    (Ticket(adult_yuan=0, source="hand-2025"), SUMMER, 0), (UNKNOWN, SUMMER, None), (None, SUMMER, None),
])
def test_admission_follows_the_season(ticket: Ticket | None, day: date | None, expected: float | None) -> None:
    """The low price holds outside the peak, the peak price where no day is given; free is 0 and unknown is None."""
    assert expected == admission_yuan(ticket, day)


def test_a_visit_costs_the_ticket_and_what_must_be_paid_to_get_in() -> None:
    """A required shuttle bus counts, a cable car that may be left out does not."""
    assert (required_extras_yuan(WITH_BUS), visit_yuan(WITH_BUS)) == (40, 140)


def test_a_visit_of_unknown_admission_has_no_price() -> None:
    """Extras alone are no price of a visit."""
    ticket = WITH_BUS.model_copy(update={"adult_yuan": None})
    assert (visit_yuan(ticket), visit_yuan(None)) == (None, None)


def test_only_a_price_that_changes_is_seasonal() -> None:
    """A low price equal to the peak price is no season, nor is no ticket at all."""
    same = SEASONAL.model_copy(update={"low_yuan": 60})
    assert [is_seasonal(ticket) for ticket in (SEASONAL, same, WITH_BUS, None)] == [True, False, False, False]


def test_a_total_adds_what_is_known_and_names_what_is_not() -> None:
    """The sum holds every known visit, free ones too; sights without a price are listed apart."""
    sights = [a_sight("栈桥", ticket=FREE), a_sight("崂山", ticket=WITH_BUS), a_sight("小鱼山"), a_sight("信号山", ticket=UNKNOWN)]
    outcome = total(sights)
    assert (outcome.yuan, outcome.counted, outcome.unknown) == (140, ("栈桥", "崂山"), ("小鱼山", "信号山"))


@pytest.mark.parametrize(("day", "yuan", "seasonal"), [(None, 60, True), (SUMMER, 60, False), (WINTER, 40, False)])
def test_a_total_says_when_it_took_the_peak_price_for_want_of_a_date(day: date | None, yuan: float, seasonal: bool) -> None:
    """Without a date the peak price is taken and said to be seasonal; with a date there is no doubt."""
    outcome = total([a_sight(ticket=SEASONAL)], day)
    assert (yuan, seasonal) == (outcome.yuan, outcome.seasonal)


def test_two_sights_of_one_name_both_count() -> None:
    """Over two cities a total adds both sights that share a name."""
    here = a_sight("动物园", "qingdao", ticket={"adult_yuan": 10, "source": "hand-2025"})
    there = a_sight("动物园", "jinan", ticket={"adult_yuan": 20, "source": "hand-2025"})
    assert (total([here, there]).yuan, len(total([here, there]).counted)) == (30, 2)


def test_nothing_costs_nothing() -> None:
    """The total of no sights is zero, with nothing counted and nothing unknown."""
    outcome = total([])
    assert (outcome.yuan, outcome.counted, outcome.unknown, outcome.seasonal) == (0, (), (), False)
