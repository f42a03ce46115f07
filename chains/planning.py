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
        new, diff = _changed(plan, change, days, desk)
        return new, check(new, self.data), diff

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
    """One change after the other, for each sight that is named."""
    if change.kind == "swap":
        return changes.swap_days(plan, days[0], days[1], desk)
    if change.kind == "easier":
        return changes.easier_day(plan, days[0], desk)
    if change.kind == "replace":
        return changes.replace_stop(plan, change.places[0], desk, *change.places[1:2])
    if change.kind == "again":
        return changes.replan(plan.model_copy(update={"seed": plan.seed + 1}), desk)
    new = plan
    for place in change.places:
        if change.kind == "move":
            new, _ = changes.move_stop(new, place, days[0], desk)
        elif change.kind == "add":
            new, _ = changes.add_place(new, place, desk, days[0] if days else None)
        else:
            new, _ = (changes.lock_stop if change.kind == "lock" else changes.remove_stop)(new, place, desk)
    return new, changes.diff_of(plan, new)
