"""From a request for an itinerary to a plan that has passed the checker.

The planner is given the forecast where one reaches the days of the trip; climate averages move nothing.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

from chains.tools.itinerary import changes
from chains.tools.itinerary.builtin import CatalogueData, catalogue_data
from chains.tools.itinerary.checker import Verdict, check
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.planner import plan_trip
from chains.tools.itinerary.trip import Trip
from chains.tools.weather import DayWeather, WeatherService
from chains.understanding.changes import Change
from knowledge.catalogue import Catalogue

MOST_TRIES = 3  # seeds tried before a plan that does not pass is given up


class TripPlanning:
    """Plans and checks trips over the catalogue."""

    def __init__(self, catalogue: Catalogue, weather: WeatherService, today: Callable[[], date]) -> None:
        self._catalogue = catalogue
        self._weather = weather
        self._today = today

    @cached_property
    def data(self) -> CatalogueData:
        """The catalogue as the planner and the checker read it."""
        return catalogue_data(self._catalogue)

    def plan(self, trip: Trip, *, effort: int = 1) -> tuple[Plan, Verdict]:
        """A plan and the checker's verdict on it; raises `TripError` where nothing can be planned.

        A plan that does not pass is made anew with another seed; the last one is given back with its verdict.
        """
        forecast = self.forecast(trip)
        for seed in range(MOST_TRIES):
            plan = plan_trip(trip, self.data, today=self._today(), weather=forecast, seed=seed, effort=effort)
            verdict = check(plan, self.data)
            if verdict.ok:
                break
        return plan, verdict

    def change(self, plan: Plan, change: Change) -> tuple[Plan, Verdict, changes.Diff]:
        """The plan changed, the verdict on it, and what became different; raises `TripError` for what cannot be done."""
        desk = changes.Desk(self.data, self._today(), self.forecast(plan.trip))
        days = [day if day > 0 else plan.trip.days for day in change.days]
        standing = changes.rewish(plan, change.trip, desk)[0] if change.trip else plan
        new, diff = _changed(standing, change, days, desk)
        return new, check(new, self.data), diff if standing is plan else changes.diff_of(plan, new)

    def forecast(self, trip: Trip) -> Mapping[date, DayWeather]:
        """The forecast of the trip's days in the city of each, as far as it reaches."""
        known: dict[date, DayWeather] = {}
        first = 1
        for stay in trip.stays:
            report = self._weather.report(self._catalogue.cities[stay.city], trip.date_of(first), days=stay.days)
            known.update({day.date: day for day in report.days if not day.is_normal})
            first += stay.days
        return known


def _changed(plan: Plan, change: Change, days: list[int], desk: changes.Desk) -> tuple[Plan, changes.Diff]:
    """One change after the other, for each sight that is named; wishes alone have been met already."""
    whole: Mapping[str, Callable[[], tuple[Plan, changes.Diff]]] = {
        "wishes": lambda: (plan, changes.diff_of(plan, plan)),
        "cheaper": lambda: changes.cheaper(plan, change.of, desk),
        "better": lambda: changes.better(plan, desk),
        "swap": lambda: changes.swap_days(plan, days[0], days[1], desk),
        "easier": lambda: changes.easier_day(plan, days[0], desk),
        "replace": lambda: changes.replace_stop(plan, change.places[0], desk, *change.places[1:2]),
        "again": lambda: _again(plan, desk),
    }
    if change.kind in whole:
        return whole[change.kind]()
    new = plan
    for place in change.places:
        new = _at_place(new, change, place, days, desk)
    return new, changes.diff_of(plan, new)


def _again(plan: Plan, desk: changes.Desk) -> tuple[Plan, changes.Diff]:
    """Another plan for the same trip; the same one only where several seeds find nothing else."""
    for seed in range(plan.seed + 1, plan.seed + 1 + MOST_TRIES):
        new, diff = changes.replan(plan.model_copy(update={"seed": seed}), desk)
        if diff.added or diff.removed or diff.moved:
            break
    return new, diff


def _at_place(plan: Plan, change: Change, place: str, days: list[int], desk: changes.Desk) -> Plan:
    """The plan after a change of one sight; a sight of another city becomes, or stops being, a wish that is not met."""
    if change.kind == "move":
        return changes.move_stop(plan, place, days[0], desk)[0]
    if change.kind == "add":
        near = changes.is_near(plan, place, desk)
        return (changes.add_place(plan, place, desk, days[0] if days else None) if near else changes.wish_for(plan, place, desk))[0]
    if change.kind == "remove" and changes.wishes_for(plan, place) and not changes.visits(plan, place):
        return changes.forget_wish(plan, place, desk)[0]
    return (changes.lock_stop if change.kind == "lock" else changes.remove_stop)(plan, place, desk)[0]
