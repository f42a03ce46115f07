"""One plan for settled conditions and a given thrift: journeys, frames, routes, hotels, days and costs, no judgement.

Whether it keeps the budget and the other conditions is asked afterwards (`budget`, `kept`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import get_args

from chains.tools.itinerary.build import DayBuilder, frame_note
from chains.tools.itinerary.candidates import Candidate, candidates, centre_of, preselect, wanted_groups
from chains.tools.itinerary.data import Lodging, Point, Sight, TravelData
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
class Kit:
    """What all stays of one draft share; `cap_yuan` is what is left for tickets, None without a limit."""

    ways: Ways
    tables: Tables
    thrift: Thrift
    cap_yuan: float | None


@dataclass
class Drafter:
    """Makes plans for one set of wishes; `kept` holds days that stay exactly as they are, by number.

    `among` are the only sights to choose from, where given.
    """

    wishes: Wishes
    data: TravelData
    seed: int
    effort: int
    kept: Mapping[int, Day] = field(default_factory=dict)
    stretched: bool = False
    among: frozenset[str] | None = None

    def draft(self, thrift: Thrift) -> Plan:
        """A whole plan, without conflicts."""
        journeys = plan_journeys(self.wishes, self.data, thrift.intercity)
        frames = day_frames(self.wishes, journeys, self._stretched())
        kit = Kit(Ways(self.data, self.wishes, thrift.local), Tables(self.wishes, self.data, thrift.food), thrift, self._cap(thrift))
        for stop in (stop for day in self.kept.values() for stop in day.stops):
            kit.tables.note(stop)
        days = dict(self.kept)
        for stay in _stays(frames):
            days |= {day.number: day for day in self._stay(stay, kit, days)}
        return self._plan(frames, tuple(days[frame.number] for frame in frames), kit.ways)

    def _cap(self, thrift: Thrift) -> float | None:
        """What is left for tickets on the days that are not kept."""
        return None if thrift.tickets_yuan is None else max(0.0, thrift.tickets_yuan - _tickets(self.kept.values()))

    def _stay(self, stay: Sequence[DayFrame], kit: Kit, days: Mapping[int, Day]) -> list[Day]:
        """The days of a stay that are not there yet."""
        frames = [frame for frame in stay if frame.number not in self.kept]
        if not frames:
            return []
        visited = _visited(days.values())
        every = candidates(self.wishes, self.data, frames, visited)
        if self.among is not None:
            every = [candidate for candidate in every if candidate.sight.id in self.among]
        centre = centre_of(every)
        lodging = None
        if any(frame.night for frame in stay):
            lodging = choose_lodging(self.wishes, self.data, stay[0].city, centre, kit.thrift.lodging)
        found = preselect(self.wishes, every, frames, centre)
        groups = wanted_groups(self.wishes, found, self._seen(visited))
        problem = StayProblem(_settings(frames, lodging, centre), found, kit.ways, groups, self._slack(stay[0].city))
        open_days = self.wishes.trip.days - len(days)
        routes = solve_stay(problem, self.seed, self.effort, None if kit.cap_yuan is None else kit.cap_yuan * len(frames) / open_days)
        built = [self._day(problem, number, route, kit.tables, lodging) for number, route in enumerate(routes)]
        kit.cap_yuan = None if kit.cap_yuan is None else max(0.0, kit.cap_yuan - _tickets(built))
        return built

    def _seen(self, visited: set[str]) -> list[Sight]:
        """The sights behind these ids and their parts."""
        return [sight for stay in self.wishes.trip.stays for sight in self.data.sights(stay.city)
                if sight.id in visited or sight.part_of in visited]

    def _stretched(self) -> frozenset[int]:
        """Days that may be longer than the pace would have them."""
        return frozenset(range(1, self.wishes.trip.days + 1)) - set(self.kept) if self.stretched else frozenset()

    def _slack(self, city: str) -> int:
        """Restaurants that have a place of their own take some way to get to."""
        return SLACKS[0] if any(table.point is None for table in self.data.restaurants(city)) else SLACKS[1]

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
        days = tuple(_with_rain_plan(day, rain_plan(self.wishes, self.data, day, visited)) for day in days)
        unknown = dict.fromkeys(stop.name for day in days for stop in day.stops if stop.yuan is None)
        return Plan(trip=self.wishes.trip, days=days, costs=costs_of(days), unknown_prices=tuple(unknown), seed=self.seed,
                    left_out=left_out(self.wishes, self.data, frames, visited, ways))


def _with_rain_plan(day: Day, sights: Sequence[Sight]) -> Day:
    ids, names, english = ([getattr(sight, part) for sight in sights] for part in ("id", "name", "name_en"))
    return day.model_copy(update={"rain_plan": tuple(ids), "rain_names": tuple(names), "rain_names_en": tuple(english)})


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


def _visited(days: Iterable[Day]) -> set[str]:
    return {stop.place for day in days for stop in day.stops if stop.kind == "sight"}


def _tickets(days: Iterable[Day]) -> float:
    return sum(stop.yuan or 0.0 for day in days for stop in day.stops if stop.kind == "sight")


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
