"""Small changes to a plan: one stop, one way, one day or one wish different, everything else as it was."""

from typing import Any

from chains.tools.itinerary.plan import Conflict, Day, Plan, Stop
from chains.tools.itinerary.trip import Constraint


def with_days(plan: Plan, *days: Day) -> Plan:
    """The plan with these days."""
    return plan.model_copy(update={"days": days})


def with_stops(plan: Plan, day: int, *stops: Stop) -> Plan:
    """The plan with these stops on that day."""
    return with_day(plan, day, stops=stops)


def with_day(plan: Plan, day: int, **changes: Any) -> Plan:
    """The plan with something else about that day."""
    days = list(plan.days)
    days[day - 1] = days[day - 1].model_copy(update=changes)
    return with_days(plan, *days)


def with_stop(plan: Plan, day: int, index: int, **changes: Any) -> Plan:
    """The plan with something else about one stop."""
    stops = list(plan.days[day - 1].stops)
    stops[index] = stops[index].model_copy(update=changes)
    return with_stops(plan, day, *stops)


def with_leg(plan: Plan, day: int, index: int, **changes: Any) -> Plan:
    """The plan with something else about the one leg to a stop."""
    (leg,) = plan.days[day - 1].stops[index].legs
    return with_stop(plan, day, index, legs=(leg.model_copy(update=changes),))


def put(plan: Plan, day: int, index: int, *stops: Stop, instead_of: int = 0) -> Plan:
    """The plan with these stops before that place, in the place of so many."""
    old = plan.days[day - 1].stops
    return with_stops(plan, day, *old[:index], *stops, *old[index + instead_of :])


def without(plan: Plan, day: int, index: int) -> Plan:
    """The plan without a stop."""
    return put(plan, day, index, instead_of=1)


def asked(plan: Plan, **changes: Any) -> Plan:
    """The plan as an answer to another question."""
    return plan.model_copy(update={"trip": plan.trip.model_copy(update=changes)})


def wished(plan: Plan, *wishes: Constraint) -> Plan:
    """The plan as an answer to a traveller who wants these things too."""
    return asked(plan, constraints=(*plan.trip.constraints, *wishes))


def wishing_only(plan: Plan, *wishes: Constraint) -> Plan:
    """The plan as an answer to a traveller who wants nothing else."""
    return asked(plan, constraints=wishes)


def naming(plan: Plan, constraint: int | None, **changes: Any) -> Plan:
    """The plan with one more conflict named."""
    conflict = Conflict.model_validate({"constraint": constraint, "why": "做不到", "why_en": "it cannot be done", **changes})
    return plan.model_copy(update={"conflicts": (*plan.conflicts, conflict)})


def summed(plan: Plan) -> Plan:
    """The plan with its costs added up again, so that a changed price breaks no sum."""
    headings = {"sight": "tickets", "breakfast": "food", "lunch": "food", "dinner": "food", "hotel": "lodging", "ride": "intercity"}
    costs = dict.fromkeys(("tickets", "food", "lodging", "local", "intercity"), 0.0)
    for day in plan.days:
        for stop in day.stops:
            if stop.kind in headings:
                costs[headings[stop.kind]] += stop.yuan or 0
            costs["local"] += sum(leg.yuan for leg in stop.legs)
    return plan.model_copy(update={"costs": costs})
