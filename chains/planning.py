"""From a request for an itinerary to a plan that has passed the checker.

The planner is given the forecast where one reaches the days of the trip; climate averages move nothing.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

from chains.tools.itinerary.builtin import CatalogueData, catalogue_data
from chains.tools.itinerary.checker import Verdict, check
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.planner import plan_trip
from chains.tools.itinerary.trip import Trip
from chains.tools.weather import DayWeather, WeatherService
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

    def forecast(self, trip: Trip) -> Mapping[date, DayWeather]:
        """The forecast of the trip's days in the city of each, as far as it reaches."""
        known: dict[date, DayWeather] = {}
        first = 1
        for stay in trip.stays:
            report = self._weather.report(self._catalogue.cities[stay.city], trip.date_of(first), days=stay.days)
            known.update({day.date: day for day in report.days if not day.is_normal})
            first += stay.days
        return known

