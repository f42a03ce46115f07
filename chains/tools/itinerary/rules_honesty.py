"""Whether what a plan says cannot be met really cannot: conflicts that are not so, and conflicts that one step would end.

A conflict is believed as long as nothing speaks against it. Three things do: the condition holds in the plan after all;
the amount it is said to be short of is not the plan's; or one simple step (`rules_steps`) leads to a plan in which the
condition holds and nothing else is worse. The last is only a test from below: a plan further away may still exist.
"""

from collections.abc import Callable, Iterator

from chains.tools.itinerary.data import Ride
from chains.tools.itinerary.plan import Conflict, Plan
from chains.tools.itinerary.rules_reading import CENT, Fault, Reading, read_plan, yuan
from chains.tools.itinerary.rules_steps import steps
from chains.tools.itinerary.rules_wishes import faults_of, overspent
from chains.tools.itinerary.trip import AnyOf, BudgetAtMost

# Rules of the frame that a conflict without a condition may excuse, on the day it names; the others are never excused.
FORGIVABLE = frozenset({"some_sights", "inner_sights", "main_meals", "beds", "rides"})
WORST_YUAN_OFF = 1.0
STEPS_TRIED = 150
Broken = set[tuple[str, int | None]]  # rules broken, and the day


def dishonest(reading: Reading, broken: Broken) -> Iterator[Fault]:
    """Conflicts that claim what is not so, or do not say what they are about."""
    for conflict in reading.plan.conflicts:
        if not (conflict.why and conflict.why_en):
            yield Fault("冲突没有说明", "a conflict is not explained", conflict.day)
        if conflict.constraint is None:
            yield from _of_frame(conflict, reading, broken)
        else:
            yield from _of_wish(conflict, conflict.constraint, reading)


def _of_frame(conflict: Conflict, reading: Reading, broken: Broken) -> Iterator[Fault]:
    if conflict.rule not in FORGIVABLE:
        yield Fault(f"“{conflict.rule}”不能例外", f"nothing excuses '{conflict.rule}'", conflict.day)
    elif (conflict.rule, conflict.day) not in broken:
        yield Fault(f"说做不到“{conflict.rule}”，其实做到了", f"'{conflict.rule}' is said not to hold, and holds", conflict.day)
    elif _offered(conflict, reading):
        yield Fault(f"数据里有，却说没有：{conflict.rule}", f"the data offer it: {conflict.rule}", conflict.day)


def _offered(conflict: Conflict, reading: Reading) -> bool:
    """Whether the data hold a bed, or a ride that is not taken, where the plan says there is none."""
    number = conflict.day or 1
    if not 1 <= number <= reading.trip.days:
        return False
    if conflict.rule == "beds":
        return bool(reading.records.lodgings(reading.trip.city_of(number)))
    taken = [(seen.record.origin, seen.record.destination) for seen in reading.on(number, "ride") if isinstance(seen.record, Ride)]
    return conflict.rule == "rides" and taken != reading.records.rides_offered(number)


def _of_wish(conflict: Conflict, index: int, reading: Reading) -> Iterator[Fault]:
    if not 0 <= index < len(reading.trip.constraints):
        yield Fault(f"没有第 {index} 个条件", f"there is no condition {index}")
        return
    wish = reading.trip.constraints[index]
    if not faults_of(wish, reading):
        yield Fault(f"说“{wish.said or wish.kind}”做不到，其实做到了", f"'{wish.said or wish.kind}' is said not to hold, and holds")
    elif isinstance(wish, BudgetAtMost) and conflict.short_yuan is not None:
        over = overspent(wish, reading)
        if abs(conflict.short_yuan - over) > WORST_YUAN_OFF:
            yield Fault(f"说差 {yuan(conflict.short_yuan)} 元，其实差 {yuan(round(over, 2))} 元",
                        f"said to be short of {yuan(conflict.short_yuan)} yuan, it is {yuan(round(over, 2))}")


def avoidable(reading: Reading, passes: Callable[[Reading], bool]) -> Iterator[Fault]:
    """Conflicts that one simple step would have ended; `passes` says whether a plan breaks nothing it does not name."""
    for conflict in reading.plan.conflicts:
        for number, step in enumerate(steps(conflict, reading)):
            if number >= STEPS_TRIED:
                break
            if _better(step.plan, conflict, reading, passes):
                yield Fault(f"其实可以：{step.words}", f"it could be met: {step.words_en}", conflict.day)
                break


def _better(plan: Plan, conflict: Conflict, reading: Reading, passes: Callable[[Reading], bool]) -> bool:
    """Whether the amended plan does without the conflict and is nowhere worse."""
    rest = tuple(other for other in reading.plan.conflicts if other is not conflict)
    amended = read_plan(plan.model_copy(update={"conflicts": rest}), reading.data)
    return passes(amended) and all(_no_worse(other.constraint, amended, reading) for other in rest if other.constraint is not None)


def _no_worse(index: int, amended: Reading, reading: Reading) -> bool:
    wish = reading.trip.constraints[index]
    options = wish.options if isinstance(wish, AnyOf) else (wish,)
    budgets = [option for option in options if isinstance(option, BudgetAtMost)]
    cheaper = all(overspent(budget, amended) <= overspent(budget, reading) + CENT for budget in budgets)
    return cheaper and len(faults_of(wish, amended)) <= len(faults_of(wish, reading))
