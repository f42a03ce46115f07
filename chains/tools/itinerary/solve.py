"""Routes for all days of a stay: several searches from one seed, then the best combination of all they have scored."""

import random

from chains.tools.itinerary.master import choose_routes
from chains.tools.itinerary.route import StayProblem
from chains.tools.itinerary.search import INFEASIBLE, Routes, Search

WORK, WORK_PER_DAY = 1200, 700  # routes to score, for each unit of effort
TICKET_PRICES = (0.15, 1.5)  # of worth for each yuan, where tickets are capped


def solve_stay(problem: StayProblem, seed: int, effort: int, cap_yuan: float | None = None) -> Routes:
    """The best routes found, one for each day of the problem; with a cap, tickets together cost no more."""
    empty: Routes = tuple(() for _ in problem.settings)
    work = effort * (WORK + WORK_PER_DAY * len(problem.settings))
    dice = random.Random(seed)
    best = Search(problem, work, dice).run(empty)
    if cap_yuan is not None:
        for price in TICKET_PRICES:
            thrifty = Search(problem, work // 3, dice, price).run(empty)
            best = thrifty if _tickets(problem, best) > cap_yuan else best
    chosen = choose_routes(problem, best, seed, cap_yuan, effort)
    return chosen if cap_yuan is not None else max(chosen, best, key=Search(problem, 0).value)


def _tickets(problem: StayProblem, routes: Routes) -> float:
    scored = [problem.score(day, route) for day, route in enumerate(routes)]
    return sum(one.tickets_yuan if one else INFEASIBLE for one in scored)
