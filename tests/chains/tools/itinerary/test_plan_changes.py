"""Changing a plan: what was asked happens, the rest stays, and the difference is told."""

from datetime import date, timedelta

import pytest

from chains.tools.itinerary.builtin import CatalogueData
from chains.tools.itinerary.changes import (
    Desk,
    add_place,
    easier_day,
    lock_stop,
    move_stop,
    remove_stop,
    replace_stop,
    replan,
    swap_days,
)
from chains.tools.itinerary.checker import check
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.planner import TripError, plan_trip
from chains.tools.itinerary.trip import Stay, Travellers, Trip
from knowledge.builtin import load_builtin
from tests.chains.tools.itinerary.towns import START, Town, town_trip

TOWN = Town(40, 5)
DESK = Desk(TOWN, START)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Four days in a drawn town."""
    return plan_trip(town_trip(4), TOWN, today=START)


def sights(plan: Plan, day: int) -> list[str]:
    """Ids of the day's sights."""
    return [stop.place for stop in plan.days[day - 1].stops if stop.kind == "sight"]


def untouched(old: Plan, new: Plan, *days: int) -> bool:
    """Whether all days but these are exactly as they were, and no day was lost."""
    return len(old.days) == len(new.days) and all(
        before.stops == after.stops for before, after in zip(old.days, new.days, strict=True) if before.number not in days)


def test_a_removed_stop_is_gone_and_nothing_else(plan: Plan) -> None:
    """Without one sight: the other days are as they were, and it is not offered again."""
    place = sights(plan, 2)[0]
    new, diff = remove_stop(plan, place, DESK)
    assert [stop.place for _, stop in diff.removed if stop.kind == "sight"] == [place]
    assert untouched(plan, new, 2)
    assert check(new, TOWN).ok
    assert place not in {stop for day in replan(new, DESK)[0].days for stop in sights(new, day.number)}


def test_a_replaced_stop_gives_way_to_another_on_its_day(plan: Plan) -> None:
    """The best that fits comes in its place, or the one that was named."""
    place = sights(plan, 2)[0]
    new, _ = replace_stop(plan, place, DESK)
    assert place not in sights(new, 2)
    assert len(sights(new, 2)) == len(sights(plan, 2))
    assert untouched(plan, new, 2)
    assert check(new, TOWN).ok
    other = next(left.place for left in plan.left_out if left.why == "no_time")
    named, _ = replace_stop(plan, place, DESK, other)
    assert other in sights(named, 2)
    assert place not in sights(named, 2)


def test_a_moved_stop_is_on_the_other_day(plan: Plan) -> None:
    """From day two to day three; days one and four stay."""
    place = sights(plan, 2)[0]
    new, diff = move_stop(plan, place, 3, DESK)
    assert place in sights(new, 3)
    assert place not in sights(new, 2)
    assert (2, 3) in {(move.from_day, move.to_day) for move in diff.moved if move.place == place}
    assert untouched(plan, new, 2, 3)
    assert check(new, TOWN).ok


def test_days_change_places(plan: Plan) -> None:
    """What was seen on day two is seen on day three, as far as it is open then; the rest is named."""
    new, _ = swap_days(plan, 2, 3, DESK)
    assert set(sights(new, 2)) <= set(sights(plan, 3))
    assert set(sights(new, 3)) <= set(sights(plan, 2))
    gone = {*sights(plan, 2), *sights(plan, 3)} - {*sights(new, 2), *sights(new, 3)}
    assert len(new.conflicts) >= len(gone)
    assert untouched(plan, new, 2, 3)
    assert check(new, TOWN).ok


def test_an_easier_day_has_one_sight_less(plan: Plan) -> None:
    """Day two has one sight fewer, all others are as they were."""
    new, diff = easier_day(plan, 2, DESK)
    assert len(sights(new, 2)) == len(sights(plan, 2)) - 1
    assert set(sights(new, 2)) < set(sights(plan, 2))
    assert diff.days == (2,)
    assert check(new, TOWN).ok


def test_an_added_place_comes_in(plan: Plan) -> None:
    """A place that was left out is in the plan, on the day asked for where one was."""
    place = next(left.place for left in plan.left_out if left.why == "no_time")
    new, _ = add_place(plan, place, DESK)
    assert place in {stop for day in new.days for stop in sights(new, day.number)}
    assert check(new, TOWN).ok
    on_day, _ = add_place(plan, place, DESK, day=2)
    assert place in sights(on_day, 2)
    assert untouched(plan, on_day, 2)


def test_a_locked_stop_survives_planning_anew(plan: Plan) -> None:
    """Locking changes nothing now, and keeps the sight on its day later."""
    place = sights(plan, 3)[-1]
    locked, diff = lock_stop(plan, place, DESK)
    assert (diff.added, diff.removed, diff.moved) == ((), (), ())
    assert [stop.place for stop in locked.days[2].stops if stop.locked] == [place]
    anew, _ = replan(locked.model_copy(update={"seed": 99}), DESK)
    assert place in sights(anew, 3)


def test_a_wish_met_before_is_not_lost_by_a_change_elsewhere() -> None:
    """In drawn towns: a sight that was added stays when another one, on another day, is taken out."""
    for seed in range(3):
        town = Town(30, seed)
        desk = Desk(town, START)
        first = plan_trip(town_trip(3), town, today=START)
        place = next(sight.id for sight in town.sights("town") if not any(sight.id in sights(first, day) for day in (1, 2, 3))
                     and all(town.open_span(sight.id, day.date) for day in first.days))
        added, _ = add_place(first, place, desk)
        home = next(day.number for day in added.days if place in sights(added, day.number))
        other = next(day for day in (1, 2, 3) if day != home)
        fewer, _ = remove_stop(added, sights(added, other)[0], desk)
        assert place in sights(fewer, home)
        assert len(fewer.conflicts) <= len(added.conflicts)


@pytest.mark.slow
def test_changes_of_many_plans_pass_the_checker() -> None:
    """Twenty built-in plans: a replaced, a moved and a swapped one of each passes the checker, and so does an added and a lighter one."""
    base = load_builtin()
    data = CatalogueData(base.city_by_id, base.attraction_by_id)
    desk = Desk(data, START)
    for seed, city in enumerate(sorted(base.city_by_id)[::3][:20]):
        trip = Trip(stays=(Stay(city=city, days=3),), start=START + timedelta(days=9 * seed), travellers=Travellers(adults=2))
        old = plan_trip(trip, data, today=START, seed=seed)
        place = sights(old, 2)[0]
        held = {stop.place for day in old.days for stop in day.stops}
        spare = next(sight.id for sight in data.sights(city) if sight.id not in held)
        for new, _ in (replace_stop(old, place, desk), move_stop(old, place, 3, desk), swap_days(old, 1, 2, desk),
                       add_place(old, spare, desk), easier_day(old, 2, desk), remove_stop(old, place, desk)):
            assert check(new, data).failed == (), city


@pytest.mark.parametrize("change", [
    lambda plan: remove_stop(plan, "nowhere", DESK), lambda plan: add_place(plan, "nowhere", DESK),
    lambda plan: easier_day(plan, 9, DESK), lambda plan: move_stop(plan, sights(plan, 1)[0], 0, DESK),
])
def test_changes_to_what_is_not_there_are_refused(plan: Plan, change: object) -> None:
    """A sight nobody knows and a day the trip does not have: an error that says what there is."""
    with pytest.raises(TripError):
        change(plan)  # type: ignore[operator]


def test_today_matters_for_changes_too(plan: Plan) -> None:
    """A trip that has begun is not planned anew."""
    with pytest.raises(TripError, match="before today"):
        easier_day(plan, 1, Desk(TOWN, date(2028, 1, 1)))
