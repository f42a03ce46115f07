"""Keeping to a budget: cheaper beds, food and ways first, then fewer paid sights, until it fits or nothing cheaper is left."""

from dataclasses import replace

from chains.tools.itinerary.draft import Drafter, Thrift
from chains.tools.itinerary.kept import spent_yuan
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.relax import conflicts_of
from chains.tools.itinerary.wishes import Wishes

CHEAPEST = 2
TRIES = 7
FAR_OVER = 1.6  # so many times the budget: no use trying the middle way


def affordable(drafter: Drafter) -> Plan:
    """The plan that keeps the budgets; where none does, of those with the fewest conflicts the one that comes closest.

    Money that falls short anyway is no reason to leave a day empty as well.
    """
    thrift = Thrift()
    plan = drafter.draft(thrift)
    drafts = [plan]
    for _ in range(TRIES):
        over = overspent(drafter.wishes, plan)
        if not over:
            return plan
        tighter = _tighten(drafter.wishes, thrift, plan, over)
        if tighter == thrift:
            break
        thrift = tighter
        plan = drafter.draft(thrift)
        drafts.append(plan)
    return min(drafts, key=lambda draft: (len(conflicts_of(draft, drafter.data)), sum(overspent(drafter.wishes, draft).values())))


def overspent(wishes: Wishes, plan: Plan) -> dict[str, float]:
    """By how many yuan each budget is exceeded, for those that are."""
    over: dict[str, float] = {}
    for of in ("total", "tickets", "food", "lodging", "local", "intercity"):
        most = wishes.budget(of)
        if most is not None and spent_yuan(plan, of) > most + 0.005:
            over[of] = spent_yuan(plan, of) - most
    return over


def _tighten(wishes: Wishes, thrift: Thrift, plan: Plan, over: dict[str, float]) -> Thrift:
    """One step cheaper wherever a budget is exceeded; the total is saved on everything before sights are given up."""
    for kind in ("food", "lodging", "local", "intercity"):
        if kind in over:
            thrift = replace(thrift, **{kind: min(CHEAPEST, getattr(thrift, kind) + 1)})
    if "tickets" in over:
        thrift = replace(thrift, tickets_yuan=_cap(thrift, plan, over["tickets"]))
    if "total" in over:
        thrift = _tighten_total(wishes, thrift, plan, over["total"])
    return thrift


def _tighten_total(wishes: Wishes, thrift: Thrift, plan: Plan, over: float) -> Thrift:
    levels = (thrift.food, thrift.lodging, thrift.local, thrift.intercity)
    if min(levels) >= CHEAPEST:
        return replace(thrift, tickets_yuan=_cap(thrift, plan, over))
    most = wishes.budget("total") or 1.0
    level = CHEAPEST if plan.total_yuan > FAR_OVER * most else min(CHEAPEST, min(levels) + 1)
    return replace(thrift, food=max(thrift.food, level), lodging=max(thrift.lodging, level), local=max(thrift.local, level),
                   intercity=max(thrift.intercity, level))


def _cap(thrift: Thrift, plan: Plan, over: float) -> float:
    """What is left for tickets when they alone have to make up for what is over."""
    now = plan.costs["tickets"] if thrift.tickets_yuan is None else min(thrift.tickets_yuan, plan.costs["tickets"])
    return max(0.0, now - over)
