"""The best combination of day routes, one a day, no sight twice: a set-packing problem for CP-SAT.

All routes that the search has scored compete, so the choice is exact over them. One worker, a fixed seed and
deterministic time make the answer the same on any machine.
"""

from collections.abc import Sequence
from typing import Any

from chains.tools.itinerary.route import Route, Scored, StayProblem
from chains.tools.itinerary.search import MISSING, Routes

SCALE = 100  # CP-SAT counts in whole numbers
MOST_ROUTES = 250  # of each day
SECONDS = 0.4  # deterministic ones, for each unit of effort
Column = tuple[int, Route, Scored]


def choose_routes(problem: StayProblem, hint: Routes, seed: int, cap_yuan: float | None, effort: int) -> Routes:
    """The combination of most worth with tickets under the cap; `hint` where nothing better is proven or found."""
    from ortools.sat.python import cp_model

    columns = [column for day in range(len(problem.settings)) for column in _best(problem, day, hint[day])]
    model = cp_model.CpModel()
    taken = [model.new_bool_var(f"{day}:{route}") for day, route, _ in columns]
    for day in range(len(problem.settings)):
        model.add_exactly_one(var for var, column in zip(taken, columns, strict=True) if column[0] == day)
    for place in {place for _, route, _ in columns for place in route}:
        model.add_at_most_one(var for var, column in zip(taken, columns, strict=True) if place in column[1])
    if cap_yuan is not None:
        yuan = [round(scored.tickets_yuan * SCALE) for _, _, scored in columns]
        model.add(cp_model.LinearExpr.weighted_sum(taken, yuan) <= int(cap_yuan * SCALE))
    worth = [round(scored.worth * SCALE) for _, _, scored in columns]
    missing = [_missing_var(model, group, taken, columns) for group in problem.groups]
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, worth) - round(MISSING * SCALE) * cp_model.LinearExpr.sum(missing))
    for var, (day, route, _) in zip(taken, columns, strict=True):
        model.add_hint(var, hint[day] == route)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % (2**31)
    solver.parameters.max_deterministic_time = SECONDS * effort
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint
    chosen = [column for var, column in zip(taken, columns, strict=True) if solver.boolean_value(var)]
    return tuple(route for _, route, _ in sorted(chosen, key=lambda column: column[0]))


def _missing_var(model: Any, group: frozenset[int], taken: Sequence[Any], columns: Sequence[Column]) -> Any:
    """A variable that has to be true where no chosen route visits the group."""
    missing = model.new_bool_var("missing")
    covering = [var for var, column in zip(taken, columns, strict=True) if group & set(column[1])]
    model.add_bool_or([*covering, missing])
    return missing


def _best(problem: StayProblem, day: int, own: Route) -> list[Column]:
    """A day's best routes, and those that are cheap or wanted: of the same sights only the best order."""
    by_sights: dict[frozenset[int], Column] = {}
    for (of, route), scored in problem.scored.items():
        if of == day and scored is not None:
            key = frozenset(route)
            if key not in by_sights or by_sights[key][2].worth < scored.worth:
                by_sights[key] = (day, route, scored)
    ranked = sorted(by_sights.values(), key=lambda column: (-column[2].worth, column[1]))
    cheap = sorted(by_sights.values(), key=lambda column: (column[2].tickets_yuan, -column[2].worth, column[1]))
    wanted = frozenset().union(*problem.groups) if problem.groups else frozenset()
    needed = [column for column in ranked if wanted & set(column[1])]
    kept = {column[1]: column for column in (*ranked[:MOST_ROUTES], *cheap[:40], *needed[: MOST_ROUTES // 2])}
    kept |= {column[1]: column for column in ranked if column[1] in {own, ()}}
    scored_own = problem.score(day, own)
    if scored_own is not None:
        kept[own] = (day, own, scored_own)
    return list(kept.values())
