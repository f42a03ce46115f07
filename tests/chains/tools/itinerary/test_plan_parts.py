"""Sights inside other sights: nobody is sent in twice, and what is asked of a part is met by the whole around it."""

from dataclasses import replace
from datetime import date

import pytest

from chains.tools.itinerary.builtin import CatalogueData
from chains.tools.itinerary.candidates import candidates
from chains.tools.itinerary.changes import Desk, add_place
from chains.tools.itinerary.checker import Verdict, check
from chains.tools.itinerary.data import Sight
from chains.tools.itinerary.frames import day_frames
from chains.tools.itinerary.parts import parts_by_whole, stood_for, with_wholes
from chains.tools.itinerary.plan import Conflict, LeftOut, Plan
from chains.tools.itinerary.planner import plan_trip
from chains.tools.itinerary.rules_reading import read_plan
from chains.tools.itinerary.rules_steps import steps
from chains.tools.itinerary.trip import AnyOf, AtPlace, Constraint, FreeOnly, SightKind, Stay, Travellers, Trip, Visit
from chains.tools.itinerary.wishes import LockedStop, settle
from knowledge.builtin import load_builtin
from tests.chains.tools.itinerary.foreign import IslandData

TODAY, WEDNESDAY = date(2027, 3, 1), date(2027, 3, 3)
FORT, GARDEN, MUSEUM, BEACH = "harbour-fort", "harbour-garden", "harbour-museum", "harbour-beach"
ISLAND = IslandData()


class WalledData(IslandData):
    """The island, but its garden and its museum lie within the fort's walls."""

    def sights(self, city: str) -> list[Sight]:
        """The island's, two of them as parts of a third."""
        return [replace(sight, part_of=FORT) if sight.id in {GARDEN, MUSEUM} else sight for sight in super().sights(city)]


WALLED = WalledData()


def a_plan(*wishes: Constraint, data: IslandData = WALLED, days: int = 2, locked: tuple[LockedStop, ...] = ()) -> Plan:
    """Two adults in the harbour town, from a Wednesday."""
    trip = Trip(stays=(Stay(city="harbour", days=days),), start=WEDNESDAY, travellers=Travellers(adults=2), constraints=wishes)
    return plan_trip(trip, data, today=TODAY, locked=locked)


def visited(plan: Plan) -> dict[str, int]:
    """Ids of the sights and the day of each."""
    return {stop.place: day.number for day in plan.days for stop in day.stops if stop.kind == "sight"}


def offered(plan: Plan) -> set[str]:
    """Ids of everything that is named beside the stops."""
    return {left.place for left in plan.left_out} | {place for day in plan.days for place in day.rain_plan}


def failed(verdict: Verdict) -> set[str]:
    """Rules that are broken and hidden."""
    return {result.rule for result in verdict.failed}


def test_a_part_nobody_asked_for_is_neither_planned_nor_offered() -> None:
    """With the fort in the plan, what lies in it is no stop, not left out, and no shelter from rain; on open ground it is."""
    plan, open_ground = a_plan(), a_plan(data=ISLAND)
    assert FORT in visited(plan)
    assert {GARDEN, MUSEUM} & (set(visited(plan)) | offered(plan)) == set()
    assert MUSEUM in set(visited(open_ground)) | offered(open_ground)
    assert (plan.conflicts, failed(check(plan, WALLED))) == ((), set())


def test_a_part_asked_for_alone_takes_the_place_of_its_whole() -> None:
    """Who wants only the garden gets it as a stop, and the fort is neither planned nor called left out."""
    plan = a_plan(Visit(any_of=(GARDEN,)))
    assert GARDEN in visited(plan)
    assert {FORT, MUSEUM} & (set(visited(plan)) | offered(plan)) == set()
    assert (plan.conflicts, failed(check(plan, WALLED))) == ((), set())


def test_a_part_asked_for_with_its_whole_is_seen_there() -> None:
    """Who wants both gets the one stop that shows both, and both wishes count as met."""
    plan = a_plan(Visit(any_of=(FORT,)), Visit(any_of=(GARDEN,)))
    assert (FORT in visited(plan), GARDEN in visited(plan)) == (True, False)
    verdict = check(plan, WALLED)
    assert (plan.conflicts, failed(verdict), verdict.named) == ((), set(), ())


def test_one_of_several_is_met_by_the_whole_around_it() -> None:
    """A choice between a part and something else holds where the whole is visited."""
    either = AnyOf(options=(Visit(any_of=(GARDEN, FORT)), Visit(any_of=(BEACH,))))
    plan = a_plan(either)
    assert GARDEN not in visited(plan)
    assert (plan.conflicts, failed(check(plan, WALLED))) == ((), set())


@pytest.mark.parametrize("day", [1, 2])
def test_the_day_of_a_part_is_the_day_of_its_whole(day: int) -> None:
    """What is said of when the garden is visited holds for the fort that shows it."""
    plan = a_plan(Visit(any_of=(FORT,)), Visit(any_of=(GARDEN,)), AtPlace(place=GARDEN, day=day, not_before=13 * 60))
    (stop,) = [stop for one in plan.days for stop in one.stops if stop.place == FORT]
    assert (visited(plan)[FORT], stop.arrives >= 13 * 60) == (day, True)
    assert (plan.conflicts, failed(check(plan, WALLED))) == ((), set())


def test_the_checker_minds_the_whole_on_another_day_than_its_part_was_wanted() -> None:
    """A plan with the fort on the second day breaks the wish for its garden on the first."""
    plan = a_plan(Visit(any_of=(FORT,)), AtPlace(place=FORT, day=2))
    wrong = plan.model_copy(update={"trip": plan.trip.model_copy(update={"constraints": (AtPlace(place=GARDEN, day=1),)})})
    assert failed(check(wrong, WALLED)) == {"at_place"}


def test_a_locked_part_stays_on_its_day() -> None:
    """A lock asks for a part as a wish does."""
    plan = a_plan(locked=(LockedStop(2, "sight", GARDEN),))
    assert (visited(plan).get(GARDEN), FORT in visited(plan)) == (2, False)


def test_the_kind_of_a_part_is_the_kind_of_what_shows_it() -> None:
    """Who wants gardens and the fort sees one inside the fort; the same plan on open ground lacks one."""
    plan = a_plan(Visit(any_of=(FORT,)), SightKind(any_of=("园林",)))
    assert (FORT in visited(plan), GARDEN in visited(plan)) == (True, False)
    assert (plan.conflicts, failed(check(plan, WALLED)), failed(check(plan, ISLAND))) == ((), set(), {"sight_kind"})


def test_an_unwanted_part_does_not_rule_out_its_whole() -> None:
    """Leaving out the garden, or gardens, still leaves the fort, for planner and checker alike."""
    for wish in (Visit(any_of=(GARDEN,), avoid=True), SightKind(any_of=("园林",), avoid=True)):
        plan = a_plan(wish)
        assert FORT in visited(plan)
        assert (plan.conflicts, failed(check(plan, WALLED))) == ((), set())


def test_a_part_cannot_be_entered_free_of_charge() -> None:
    """Where only free sights are wanted, the free museum behind the fort's paid gate is none of them."""
    assert {FORT, MUSEUM} & set(visited(a_plan(FreeOnly()))) == set()
    assert MUSEUM in visited(a_plan(FreeOnly(), data=ISLAND))


def test_the_checker_refuses_a_part_beside_its_whole() -> None:
    """A plan made on open ground that visits both is twice in the same place once walls stand around them."""
    plan = a_plan(Visit(any_of=(FORT,)), Visit(any_of=(GARDEN,)), data=ISLAND)
    assert {FORT, GARDEN} <= set(visited(plan))
    assert (failed(check(plan, ISLAND)), "repeats" in failed(check(plan, WALLED))) == (set(), True)


def test_the_checker_refuses_parts_of_the_plan_as_suggestions() -> None:
    """Neither a day of rain nor what was left out may name what the plan's own sights hold."""
    plan = a_plan()
    left = LeftOut(place=GARDEN, name="百草园", name_en="garden", why="no_time")
    rainy = tuple(day.model_copy(update={"rain_plan": (MUSEUM,)}) for day in plan.days)
    assert failed(check(plan.model_copy(update={"left_out": (left,)}), WALLED)) == {"suggestions"}
    assert failed(check(plan.model_copy(update={"days": rainy}), WALLED)) == {"suggestions"}


def test_no_step_leads_into_a_part_nobody_asked_for() -> None:
    """A conflict is not refuted with a sight behind a gate that the plan does not pass."""
    missing = Conflict(constraint=None, why="少", why_en="few", rule="some_sights")
    bare = a_plan()
    empty = bare.model_copy(update={"days": tuple(day.model_copy(update={"stops": tuple(
        stop for stop in day.stops if stop.kind != "sight")}) for day in bare.days)})
    on_open_ground, walled = ({place for step in steps(missing, read_plan(empty, data)) for place in visited(step.plan)}
                              for data in (ISLAND, WALLED))
    assert {FORT, MUSEUM} <= on_open_ground
    assert (FORT in walled, MUSEUM in walled) == (True, False)


def test_adding_a_part_of_what_is_planned_changes_nothing() -> None:
    """The garden that is asked for later is already seen with the fort."""
    plan = a_plan(Visit(any_of=(FORT,)))
    new, diff = add_place(plan, GARDEN, Desk(WALLED, TODAY))
    assert (visited(new), diff.added, new.conflicts) == (visited(plan), (), ())
    assert failed(check(new, WALLED)) == set()


def test_a_day_that_stays_decides_for_the_others() -> None:
    """With the fort on a day that is kept, its parts are no candidates for another; with a part there, the fort is none."""
    trip = Trip(stays=(Stay(city="harbour", days=1),), start=WEDNESDAY, constraints=(Visit(any_of=(GARDEN,)),))
    wishes = settle(trip, (), {})
    frames = day_frames(wishes, [])
    beside_fort = {one.sight.id for one in candidates(wishes, WALLED, frames, {FORT})}
    beside_museum = {one.sight.id for one in candidates(wishes, WALLED, frames, {MUSEUM})}
    assert {FORT, GARDEN, MUSEUM} & beside_fort == set()
    assert {FORT, GARDEN, MUSEUM} & beside_museum == {GARDEN}


def test_a_part_of_something_unknown_is_a_sight_like_any_other() -> None:
    """Where the data lack the whole, nothing stands for the part."""
    lone = [replace(sight, part_of="harbour-castle") for sight in ISLAND.sights("harbour")]
    assert parts_by_whole(lone) == {}


@pytest.mark.parametrize(("named", "used", "left"), [
    (set(), set(), {GARDEN, MUSEUM}), ({FORT}, set(), {GARDEN, MUSEUM}), ({GARDEN}, set(), {FORT, MUSEUM}),
    ({GARDEN, FORT}, set(), {GARDEN, MUSEUM}), ({FORT}, {GARDEN}, {FORT, MUSEUM}), ({GARDEN}, {FORT}, {GARDEN, MUSEUM}),
])
def test_which_of_the_two_is_left_to_the_other(named: set[str], used: set[str], left: set[str]) -> None:
    """Parts to their whole, a whole to a part that alone was asked for; a day that stays has the last word."""
    assert stood_for(parts_by_whole(WALLED.sights("harbour")), named, used) == left


def test_a_visit_counts_for_a_part_only_where_the_data_say_so() -> None:
    """The whole is looked up in the trip's cities, and a data set without parts has none."""
    trip = Trip(stays=(Stay(city="harbour", days=1),), start=WEDNESDAY)
    assert with_wholes(trip, WALLED, {GARDEN, BEACH}) == {GARDEN, BEACH, FORT}
    assert with_wholes(trip, ISLAND, {GARDEN, BEACH}) == {GARDEN, BEACH}


@pytest.mark.slow
@pytest.mark.parametrize(("city", "days"), [("huangshan", 3), ("taian", 2), ("zhangjiajie", 4), ("leshan", 2), ("qingdao", 3)])
def test_nobody_is_sent_into_a_shipped_mountain_twice(city: str, days: int) -> None:
    """No plan for a city with a walled mountain holds one of its peaks beside it, and the checker agrees."""
    base = load_builtin()
    data = CatalogueData(base.city_by_id, base.attraction_by_id)
    trip = Trip(stays=(Stay(city=city, days=days),), start=WEDNESDAY, travellers=Travellers(adults=2))
    plan = plan_trip(trip, data, today=TODAY)
    inner = {sight.id for sight in data.sights(city) if sight.part_of}
    assert inner
    assert inner & (set(visited(plan)) | offered(plan)) == set()
    assert failed(check(plan, data)) == set()
