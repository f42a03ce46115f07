"""The exact optimum of a small stay, to measure the planner's search against: every order of every choice of sights.

All routes of each day are scored with the problem's own objective, then CP-SAT proves the best combination.
"""

from ortools.sat.python import cp_model

from chains.tools.itinerary.route import Route, StayProblem
from chains.tools.itinerary.search import MISSING

SCALE = 10_000


def every_route(problem: StayProblem, day: int) -> dict[Route, float]:
    """Worth of every feasible route of a day; a route is only made longer where it is not yet full."""
    found: dict[Route, float] = {}
    grown: list[Route] = [()]
    while grown:
        scored = {route: problem.score(day, route) for route in grown}
        found |= {route: one.worth for route, one in scored.items() if one is not None}
        longer = [route for route in grown if len(route) < problem.settings[day].frame.most]
        grown = [(*route, place) for route in longer for place in range(len(problem.found)) if place not in route]
    return found


def best_worth(problem: StayProblem) -> float:
    """The proven optimum of the whole stay."""
    model = cp_model.CpModel()
    columns = [(day, route, worth) for day in range(len(problem.settings)) for route, worth in every_route(problem, day).items()]
    taken = [model.new_bool_var("") for _ in columns]
    for day in range(len(problem.settings)):
        model.add_exactly_one(var for var, column in zip(taken, columns, strict=True) if column[0] == day)
    for place in range(len(problem.found)):
        model.add_at_most_one(var for var, column in zip(taken, columns, strict=True) if place in column[1])
    missing = []
    for group in problem.groups:
        missing.append(model.new_bool_var(""))
        model.add_bool_or([*(var for var, column in zip(taken, columns, strict=True) if group & set(column[1])), missing[-1]])
    worth = sum(round(column[2] * SCALE) * var for var, column in zip(taken, columns, strict=True))
    model.maximize(worth - round(MISSING * SCALE) * sum(missing))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return solver.objective_value / SCALE
