"""One plan for settled conditions and a given thrift: journeys, frames, routes, hotels, days and costs, no judgement.

Whether it keeps the budget and the other conditions is asked afterwards (`budget`, `kept`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import get_args

from chains.tools.itinerary.build import DayBuilder, frame_note
from chains.tools.itinerary.candidates import Candidate, candidates, centre_of, preselect, wanted_groups
from chains.tools.itinerary.data import Lodging, Point, TravelData
from chains.tools.itinerary.frames import DayFrame, day_frames
from chains.tools.itinerary.leftovers import left_out, rain_plan
from chains.tools.itinerary.meals import Tables
from chains.tools.itinerary.nights import choose_lodging
from chains.tools.itinerary.plan import Day, Plan, Stop
from chains.tools.itinerary.rides import plan_journeys
from chains.tools.itinerary.route import Anchor, DaySetting, Route, StayProblem
from chains.tools.itinerary.solve import solve_stay
from chains.tools.itinerary.trip import CostKind
from chains.tools.itinerary.ways import Ways
from chains.tools.itinerary.wishes import Wishes

SLACKS = (5, 20, 40)  # minutes to a table: near wherever one is, near the way, anywhere
KIND_OF: dict[str, CostKind] = {"sight": "tickets", "breakfast": "food", "lunch": "food", "dinner": "food", "hotel": "lodging",
                                "ride": "intercity"}


@dataclass(frozen=True)
class Thrift:
    """How far to save on each kind of cost (0 comfortable to 2 cheapest), and the most to pay for tickets."""

    food: int = 0
    lodging: int = 0
    local: int = 0
    intercity: int = 0
    tickets_yuan: float | None = None


@dataclass
class Drafter:
    """Makes plans for one set of wishes; `kept` holds the sights of days that are not to be changed, by day.

    `among` are the only sights to choose from, where given.
    """

    wishes: Wishes
    data: TravelData
    seed: int
    effort: int
    kept: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    stretched: bool = False
    among: frozenset[str] | None = None

    def draft(self, thrift: Thrift) -> Plan:
        """A whole plan, without conflicts."""
        journeys = plan_journeys(self.wishes, self.data, thrift.intercity)
        frames = day_frames(self.wishes, journeys, self._stretched())
        ways = Ways(self.data, self.wishes, thrift.local)
        tables = Tables(self.wishes, self.data, thrift.food)
        days: list[Day] = []
        cap = thrift.tickets_yuan
        for stay in _stays(frames):
            share = None if cap is None else cap * len(stay) / (len(frames) - len(days))
            built = self._stay(stay, ways, tables, thrift, share, _visited(days))
            cap = None if cap is None else max(0.0, cap - sum(stop.yuan or 0 for day in built for stop in day.stops if stop.kind == "sight"))
            days += built
        return self._plan(frames, tuple(days), ways)

    def _stay(self, frames: Sequence[DayFrame], ways: Ways, tables: Tables, thrift: Thrift, cap: float | None, used: set[str]) -> list[Day]:
        elsewhere = {place for day, places in self.kept.items() if day not in {frame.number for frame in frames} for place in places}
        every = candidates(self.wishes, self.data, frames, used | elsewhere)
        if self.among is not None:
            every = [candidate for candidate in every if candidate.sight.id in self.among]
        centre = centre_of(every)
        lodging = None
        if any(frame.night for frame in frames):
            lodging = choose_lodging(self.wishes, self.data, frames[0].city, frames[0].number, centre, thrift.lodging)
        found = preselect(self.wishes, every, frames, centre, {place for places in self.kept.values() for place in places})
        problem = StayProblem(_settings(frames, lodging, centre), found, ways, wanted_groups(self.wishes, found), self._slack(frames[0].city))
        start, frozen = self._start(problem)
        routes = solve_stay(problem, self.seed, self.effort, cap, start, frozen)
        return [self._day(problem, number, route, tables, lodging) for number, route in enumerate(routes)]

    def _stretched(self) -> frozenset[int]:
        """Days that may be longer than the pace would have them."""
        return frozenset(range(1, self.wishes.trip.days + 1)) - set(self.kept) if self.stretched else frozenset()

    def _slack(self, city: str) -> int:
        """Restaurants that have a place of their own take some way to get to."""
        return SLACKS[0] if any(table.point is None for table in self.data.restaurants(city)) else SLACKS[1]

    def _start(self, problem: StayProblem) -> tuple[tuple[Route, ...], frozenset[int]]:
        """Kept days as they were, as far as they still can be; the others empty."""
        places = {candidate.sight.id: place for place, candidate in enumerate(problem.found)}
        routes: list[Route] = []
        frozen: set[int] = set()
        for number, setting in enumerate(problem.settings):
            kept = self.kept.get(setting.frame.number)
            route = tuple(places[place] for place in kept or () if place in places)
            feasible = problem.score(number, route) is not None
            routes.append(route if feasible else ())
            if kept is not None and feasible and len(route) == len(kept):
                frozen.add(number)
        return tuple(routes), frozenset(frozen)

    def _day(self, problem: StayProblem, number: int, route: Route, tables: Tables, lodging: Lodging | None) -> Day:
        setting = problem.settings[number]
        stops = _fit(problem, setting, route, tables, lodging, self.wishes)
        note, note_en = frame_note(setting.frame)
        locked = {(stop.kind, stop.place) for stop in self.wishes.locked if stop.day == setting.frame.number and not stop.soft}
        stops = [stop.model_copy(update={"locked": (stop.kind, stop.place) in locked}) for stop in stops]
        return Day(number=setting.frame.number, date=setting.frame.date, city=setting.frame.city, stops=tuple(stops),
                   note=note, note_en=note_en)

    def _plan(self, frames: Sequence[DayFrame], days: tuple[Day, ...], ways: Ways) -> Plan:
        visited = _visited(days)
        days = tuple(day.model_copy(update={"rain_plan": rain_plan(self.wishes, self.data, day, visited)}) for day in days)
        unknown = dict.fromkeys(stop.name for day in days for stop in day.stops if stop.yuan is None)
        return Plan(trip=self.wishes.trip, days=days, costs=costs_of(days), unknown_prices=tuple(unknown), seed=self.seed,
                    left_out=left_out(self.wishes, self.data, frames, visited, ways))


def costs_of(days: Sequence[Day]) -> dict[CostKind, float]:
    """What the stops and ways of all days add up to, for each kind."""
    costs: dict[CostKind, float] = dict.fromkeys(get_args(CostKind), 0.0)
    for stop in (stop for day in days for stop in day.stops):
        costs["local"] += sum(leg.yuan for leg in stop.legs)
        if stop.kind in KIND_OF:
            costs[KIND_OF[stop.kind]] += stop.yuan or 0.0
    return {kind: round(yuan, 2) for kind, yuan in costs.items()}


def _stays(frames: Sequence[DayFrame]) -> list[list[DayFrame]]:
    return [list(group) for _, group in groupby(frames, key=lambda frame: frame.city)]


def _visited(days: Sequence[Day]) -> set[str]:
    return {stop.place for day in days for stop in day.stops if stop.kind == "sight"}


def _settings(frames: Sequence[DayFrame], lodging: Lodging | None, centre: Point | None) -> list[DaySetting]:
    """Days begin and end at the hotel; where its place is unknown, or there is none yet, somewhere central."""
    bed = Anchor(lodging.point, shown=True) if lodging and lodging.point else Anchor(centre, shown=False)
    about = Anchor(centre, shown=False)
    return [DaySetting(frame, about if frame.arrival else bed, bed if frame.night else about if frame.departure else None)
            for frame in frames]


def _fit(problem: StayProblem, setting: DaySetting, route: Route, tables: Tables, lodging: Lodging | None, wishes: Wishes) -> list[Stop]:
    """The day built, with ever less to do until it fits: first more time to get to a table, then fewer sights."""
    while True:
        for slack in sorted({max(problem.meal_slack, slack) for slack in SLACKS}):
            trial = StayProblem(problem.settings, problem.found, problem.ways, problem.groups, slack)
            label = trial.timeline(setting, route)
            saved = tables.snapshot()
            stops = DayBuilder(trial, setting, tables, wishes).build(label.steps, lodging) if label else None
            if stops is not None:
                return stops
            tables.restore(saved)
        if not route:
            return DayBuilder(problem, setting, tables, wishes).build_bare(lodging)
        route = _lighter(problem, setting, route)


def _lighter(problem: StayProblem, setting: DaySetting, route: Route) -> Route:
    """Without the sight that is missed least."""
    wanted: frozenset[int] = frozenset().union(*problem.groups) if problem.groups else frozenset()
    least = min(route, key=lambda place: (place in wanted, _worth(problem.found[place], setting)))
    return tuple(place for place in route if place != least)


def _worth(candidate: Candidate, setting: DaySetting) -> float:
    return candidate.days[setting.frame.number].worth
