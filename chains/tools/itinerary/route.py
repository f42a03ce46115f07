"""One day's sights in order: whether they fit with the meals between them, when, and what that is worth.

The order of the sights is given; where lunch and dinner go is found here, exactly: for each set of meals already eaten
only the earliest clock matters, as waiting is always possible. Meals are taken near wherever one is (`meal_slack`
minutes allow for the way to a table); which table, and the clock-true ways, are the business of `build`.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chains.tools.itinerary.candidates import Candidate
from chains.tools.itinerary.data import Point
from chains.tools.itinerary.frames import DINNER, LUNCH, DayFrame
from chains.tools.itinerary.ways import Ways

LUNCH_EATEN, DINNER_EATEN = 1, 2
UNPLACED_MINUTES = 40  # to and from a place whose position nobody knows
NO_WAY = 24 * 60  # minutes, where nothing that is allowed goes
TRAVEL_WEIGHT = 0.08  # of worth, for each minute on the way
FARE_WEIGHT = 0.03  # of worth, for each yuan and person
SHORTFALL = 70.0  # of worth, for each sight missing on a day
Route = tuple[int, ...]  # places in the list of candidates


class Step(NamedTuple):
    """Something in a day's order: a candidate's place, or -1 for a meal; with those before it."""

    before: "Step | None"
    candidate: int
    meal: int
    clock: int  # arrival


class Label(NamedTuple):
    """The earliest clock at which some meals are eaten, and how that came about."""

    clock: int
    steps: Step | None


@dataclass(frozen=True)
class Anchor:
    """Where a day begins or ends; `shown` is whether the traveller really is there, or only somewhere about."""

    point: Point | None
    shown: bool


@dataclass(frozen=True)
class DaySetting:
    """A frame with its ends: `end` is None where the day may end anywhere."""

    frame: DayFrame
    start: Anchor
    end: Anchor | None


class Scored(NamedTuple):
    """What a route is worth, what its tickets cost the party, and its last step."""

    worth: float
    tickets_yuan: float
    steps: Step | None


@dataclass
class StayProblem:
    """The days of one stay and the sights for them. Routes once scored are remembered."""

    settings: Sequence[DaySetting]
    found: Sequence[Candidate]
    ways: Ways
    groups: Sequence[frozenset[int]] = ()
    meal_slack: int = 5
    scored: dict[tuple[int, Route], Scored | None] = field(default_factory=dict)
    _legs: dict[tuple[Point | None, Point | None], tuple[int, float]] = field(default_factory=dict)

    def score(self, day: int, route: Route) -> Scored | None:
        """Worth of a route on the day (its place in `settings`), None where it cannot be done."""
        key = (day, route)
        if key not in self.scored:
            self.scored[key] = self._score(self.settings[day], route)
        return self.scored[key]

    def leg(self, start: Point | None, end: Point | None) -> tuple[int, float]:
        """Minutes and yuan of a way at some hour; a way nobody knows takes a whole day."""
        key = (start, end)
        if key not in self._legs:
            if start is None or end is None:
                self._legs[key] = (UNPLACED_MINUTES, 0.0)
            else:
                way = self.ways.best(start, end)
                self._legs[key] = (way.minutes, way.yuan) if way else (NO_WAY, 0.0)
        return self._legs[key]

    def anchor_minutes(self, anchor: Anchor, place: Point | None) -> int:
        """Minutes between a place and a day's end; an end that is only roughly known is never out of reach."""
        minutes = self.leg(anchor.point, place)[0]
        return UNPLACED_MINUTES if minutes >= NO_WAY and not anchor.shown else minutes

    def _score(self, setting: DaySetting, route: Route) -> Scored | None:
        frame = setting.frame
        if len(route) > frame.most:
            return None
        label = self.timeline(setting, route)
        if label is None:  # a day without sights is always possible, if only in bed
            return None if route else Scored(-SHORTFALL * frame.least, 0.0, None)
        visits = [self.found[place].days[frame.number] for place in route]
        minutes, yuan = self._travel(setting, route)
        worth = sum(visit.worth for visit in visits) - TRAVEL_WEIGHT * minutes
        worth -= FARE_WEIGHT * yuan / max(1, self.ways.wishes.trip.travellers.size)
        worth -= SHORTFALL * max(0, frame.least - len(route))
        return Scored(worth, sum(visit.yuan or 0.0 for visit in visits), label.steps)

    def _travel(self, setting: DaySetting, route: Route) -> tuple[int, float]:
        points = [setting.start.point, *(self.found[place].sight.point for place in route)]
        if setting.end and route:
            points.append(setting.end.point)
        legs = [self.leg(here, there) for here, there in itertools.pairwise(points)]
        return sum(minutes for minutes, _ in legs if minutes < NO_WAY), sum(yuan for _, yuan in legs)

    def sets_out(self, setting: DaySetting, route: Route) -> int:
        """Clock at which the day begins, sooner where its first sight is far."""
        if not route:
            return setting.frame.start
        return setting.frame.sets_out(self.anchor_minutes(setting.start, self.found[route[0]].sight.point))

    def timeline(self, setting: DaySetting, route: Route) -> Label | None:
        """The earliest way through the day, meals included; None where something does not fit."""
        frame = setting.frame
        labels = {0: Label(self.sets_out(setting, route), None)}
        here = setting.start.point
        for place in route:
            candidate = self.found[place]
            visit = candidate.days.get(frame.number)
            if visit is None:
                return None
            first = here is setting.start.point and place == route[0]
            travel = self.anchor_minutes(setting.start, candidate.sight.point) if first else self.leg(here, candidate.sight.point)[0]
            labels = _arrive(_with_meals(labels, frame, self.meal_slack), travel, place, candidate, visit.earliest, visit.latest)
            if not labels:
                return None
            here = candidate.sight.point
        back = self.anchor_minutes(setting.end, here) if setting.end and route else 0
        needs = LUNCH_EATEN * frame.lunch | DINNER_EATEN * frame.dinner
        ends = [label for eaten, label in _with_meals(labels, frame, self.meal_slack).items()
                if eaten & needs == needs and label.clock + back <= frame.end]
        return min(ends, key=lambda label: label.clock, default=None)


def _arrive(labels: dict[int, Label], travel: int, place: int, candidate: Candidate, earliest: int, latest: int) -> dict[int, Label]:
    arrived: dict[int, Label] = {}
    for eaten, label in labels.items():
        clock = max(label.clock + travel, earliest)
        if clock <= latest:
            arrived[eaten] = Label(clock + candidate.minutes, Step(label.steps, place, 0, clock))
    return arrived


def _with_meals(labels: dict[int, Label], frame: DayFrame, slack: int) -> dict[int, Label]:
    """The labels, and those after eating here what has not been eaten."""
    rhythm = frame.rhythm
    grown = dict(labels)
    for meal, window, minutes in ((LUNCH_EATEN, LUNCH, rhythm.lunch_minutes + rhythm.rest_minutes),
                                  (DINNER_EATEN, DINNER, rhythm.dinner_minutes)):
        for eaten, label in list(grown.items()):
            if eaten & meal:
                continue
            clock = max(label.clock + slack, window[0])
            if clock <= window[1]:
                after = Label(clock + minutes, Step(label.steps, -1, meal, clock))
                if eaten | meal not in grown or grown[eaten | meal].clock > after.clock:
                    grown[eaten | meal] = after
    late = [eaten for eaten, label in grown.items() if _missed(eaten, label.clock + slack, frame)]
    for eaten in late:
        del grown[eaten]
    return grown


def _missed(eaten: int, clock: int, frame: DayFrame) -> bool:
    return bool((frame.lunch and not eaten & LUNCH_EATEN and clock > LUNCH[1])
                or (frame.dinner and not eaten & DINNER_EATEN and clock > DINNER[1]))


def order_of(steps: Step | None) -> list[Step]:
    """The steps from first to last."""
    found = []
    while steps is not None:
        found.append(steps)
        steps = steps.before
    return found[::-1]
