"""Finding good routes for all days of a stay: insertion, local search, and perturbation, all from one seed.

Work is counted in routes scored, never in seconds, so that the same seed gives the same answer on any machine. Every
route scored stays in the problem: `master` then picks the best combination of all of them.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from chains.tools.itinerary.route import Route, StayProblem

MISSING = 400.0  # of worth, for each group of wanted sights of which none is visited
KICKS = 400  # at most
ANEW = 0.5  # how often a kick begins a day anew
Routes = tuple[Route, ...]
INFEASIBLE = float("-inf")


@dataclass
class Search:
    """One run over all days; `ticket_price` makes tickets dearer than they are felt to be."""

    problem: StayProblem
    work: int  # routes to score at most
    dice: random.Random = field(default_factory=lambda: random.Random(0))
    ticket_price: float = 0.0
    _insertions: dict[tuple[int, Route, int], tuple[float, Route]] = field(default_factory=dict)
    _begun: int = 0

    def run(self, start: Routes) -> Routes:
        """The best routes found from a start (which must be feasible) until the work is done."""
        self._begun = len(self.problem.scored)
        best = current = self._improve(start)
        best_value = current_value = self.value(best)
        for _ in range(KICKS):
            if self._done():
                break
            tried = self._improve(self._kick(current))
            value = self.value(tried)
            if value > current_value - 3:
                current, current_value = tried, value
            if value > best_value + 1e-9:
                best, best_value = tried, value
                current, current_value = tried, value
        return best

    def value(self, routes: Routes) -> float:
        """Worth of all days, less what wanted groups are missing."""
        visited = {place for route in routes for place in route}
        missing = sum(1 for group in self.problem.groups if not group & visited)
        return sum(self._worth(day, route) for day, route in enumerate(routes)) - MISSING * missing

    def _worth(self, day: int, route: Route) -> float:
        scored = self.problem.score(day, route)
        return INFEASIBLE if scored is None else scored.worth - self.ticket_price * scored.tickets_yuan

    def _done(self) -> bool:
        return len(self.problem.scored) - self._begun >= self.work

    def _days(self) -> Iterator[int]:
        return iter(range(len(self.problem.settings)))

    def _insert(self, day: int, route: Route, place: int) -> tuple[float, Route]:
        """Worth of the best route with one sight more, wherever in the order it goes."""
        key = (day, route, place)
        if key not in self._insertions:
            options = [(*route[:at], place, *route[at:]) for at in range(len(route) + 1)]
            visitable = self.problem.settings[day].frame.number in self.problem.found[place].days
            scored = [(self._worth(day, option), option) for option in options] if visitable else []
            self._insertions[key] = max(scored, default=(INFEASIBLE, route))
        return self._insertions[key]

    def _improve(self, routes: Routes) -> Routes:
        """Fill, then exchange, until nothing gets better."""
        while not self._done():
            routes = self._fill(routes)
            better = self._swap_in(routes) or self._relocate(routes) or self._exchange(routes)
            if better is None:
                return routes
            routes = better
        return routes

    def _fill(self, routes: Routes) -> Routes:
        while True:
            visited = {place for route in routes for place in route}
            gains = [(self._gain(routes, day, place), -place, day) for day in self._days()
                     for place in range(len(self.problem.found)) if place not in visited]
            gain, place, day = max(gains, default=(0.0, 0, 0))
            if gain <= 1e-9:
                return routes
            routes = _with(routes, day, self._insert(day, routes[day], -place)[1])

    def _gain(self, routes: Routes, day: int, place: int) -> float:
        wanted = self._newly_wanted(routes, place)
        return self._insert(day, routes[day], place)[0] - self._worth(day, routes[day]) + wanted

    def _newly_wanted(self, routes: Routes, place: int) -> float:
        if not self.problem.groups:
            return 0.0
        visited = {seen for route in routes for seen in route}
        return MISSING * sum(1 for group in self.problem.groups if place in group and not group & visited)

    def _swap_in(self, routes: Routes) -> Routes | None:
        """Another sight in the place of one: the first exchange of each day that gains."""
        visited = {place for route in routes for place in route}
        unvisited = [place for place in range(len(self.problem.found)) if place not in visited]
        now = self.value(routes)
        for day in self._days():
            for out in routes[day]:
                shorter = _without(routes[day], out)
                options = [(self._insert(day, shorter, place), place) for place in unvisited]
                (_, route), _ = max(options, default=((INFEASIBLE, ()), 0))
                better = self._if_better(_with(routes, day, route), now)
                if better:
                    return better
        return None

    def _relocate(self, routes: Routes) -> Routes | None:
        """One sight on another day, or elsewhere in its own."""
        now = self.value(routes)
        for day in self._days():
            for place in routes[day]:
                shorter = _with(routes, day, _without(routes[day], place))
                for other in self._days():
                    better = self._if_better(_with(shorter, other, self._insert(other, shorter[other], place)[1]), now)
                    if better:
                        return better
        return None

    def _exchange(self, routes: Routes) -> Routes | None:
        """Two sights of two days change places."""
        now = self.value(routes)
        for day in self._days():
            for other in (later for later in self._days() if later > day):
                for here in routes[day]:
                    for there in routes[other]:
                        first = self._insert(day, _without(routes[day], here), there)
                        second = self._insert(other, _without(routes[other], there), here)
                        better = self._if_better(_with(_with(routes, day, first[1]), other, second[1]), now)
                        if better and INFEASIBLE not in (first[0], second[0]):
                            return better
        return None

    def _if_better(self, routes: Routes, now: float) -> Routes | None:
        return routes if self.value(routes) > now + 1e-6 else None

    def _kick(self, routes: Routes) -> Routes:
        """Take some sights out of two days, or begin a day anew with a sight that is in none."""
        days = [day for day in self._days() if routes[day]]
        visited = {place for route in routes for place in route}
        unvisited = [place for place in range(len(self.problem.found)) if place not in visited]
        if days and unvisited and self.dice.random() < ANEW:
            day, place = self.dice.choice(days), unvisited[int(len(unvisited) * self.dice.random() ** 2)]  # the better ones rather
            worth, route = self._insert(day, (), place)
            return _with(routes, day, route) if worth > INFEASIBLE else routes
        for day in self.dice.sample(days, min(len(days), 2)):
            out = self.dice.sample(routes[day], min(len(routes[day]), self.dice.randint(1, 2)))
            kept = tuple(place for place in routes[day] if place not in out)
            routes = _with(routes, day, kept) if self._worth(day, kept) > INFEASIBLE else routes
        return routes


def _with(routes: Routes, day: int, route: Route) -> Routes:
    return (*routes[:day], route, *routes[day + 1:])


def _without(route: Route, place: int) -> Route:
    return tuple(other for other in route if other != place)

