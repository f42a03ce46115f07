"""Judges a finished plan against the travel data, rule by rule. It shares no code with the planner but the types.

What is checked is listed in `RULES`, and after it each condition of the trip. A result is in one of three states:

* `passed`: the rule holds;
* `failed`: it does not, and the plan hides it;
* `named`: it does not, and the plan says so in its `conflicts`.

**A condition** (`Conflict.constraint` is its place) that the plan names is `named` only if it really does not hold.
**The frame** is what nobody has to ask for. A conflict without a condition excuses one rule (`Conflict.rule`) on one day
(`Conflict.day`; None only for a rule about the whole trip), and only a rule of `FORGIVABLE`: too few sights or a missing
main meal, a city without any bed, cities without any ride between them. Existence, opening hours, ways, prices, sums and
everything else are never excused. Stated conditions that ask for fewer or more sights a day change what the frame asks.

**Conflicts are checked too** (rule `conflicts`): claiming one that does not exist fails; so does a wrong shortfall, an excuse
for what may not be excused, a bed or a ride "missing" that the data offer, and a conflict that a single step would have
ended: another hotel, another dish, or a sight or a meal in a gap of the day, all else unmoved and nothing else worse. On a
day with a weather note only indoor sights count as such a step. A claim that survives is not proved, only not refuted.

How times are read: a ride stop begins with boarding and ends with arrival in the other city, a day is over with the
arrival at its hotel, and where one is follows `rules_reading`. An inner day is neither the trip's first nor last and has
no ride between cities.

Not covered: whether the plan is a good one, and whether the data are right.
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from chains.tools.itinerary import rules_days, rules_money, rules_places, rules_ways
from chains.tools.itinerary.data import TravelData
from chains.tools.itinerary.plan import Plan
from chains.tools.itinerary.rules_honesty import FORGIVABLE, avoidable, dishonest
from chains.tools.itinerary.rules_reading import Fault, Reading, read_plan
from chains.tools.itinerary.rules_wishes import faults_of

State = Literal["passed", "failed", "named"]
Rule = Callable[[Reading], Iterator[Fault]]
CONFLICTS = ("conflicts", "说做不到的确实做不到", "what is said to be impossible is")


@dataclass(frozen=True)
class RuleResult:
    """What became of one rule (on one day, where it is broken on one) or of one of the traveller's conditions."""

    rule: str  # an id of `RULES`, "conflicts", or the kind of a condition
    state: State
    title: str
    title_en: str
    detail: str = ""
    detail_en: str = ""
    day: int | None = None
    constraint: int | None = None  # place in the trip's conditions
    said: str = ""  # the condition in the traveller's words

    @property
    def passed(self) -> bool:
        """Whether the rule holds; one that is broken and named does not."""
        return self.state == "passed"


@dataclass(frozen=True)
class Verdict:
    """Every rule and every condition, in the order of `RULES` and of the trip."""

    results: tuple[RuleResult, ...]

    @property
    def ok(self) -> bool:
        """Whether the plan may be shown: nothing is broken that it does not name."""
        return not self.failed

    @property
    def failed(self) -> tuple[RuleResult, ...]:
        """What is broken and hidden."""
        return tuple(result for result in self.results if result.state == "failed")

    @property
    def named(self) -> tuple[RuleResult, ...]:
        """What is broken and said to be."""
        return tuple(result for result in self.results if result.state == "named")


# Rule id: its words in both languages, and the judge.
RULES: dict[str, tuple[str, str, Rule]] = {
    "days": ("天数、日期、城市与要求一致", "days, dates and cities as asked", rules_places.days),
    "places": ("每一站都在数据里", "every stop is in the data", rules_places.places),
    "cities": ("人在哪座城市就玩哪座城市", "stops lie in the city one is in", rules_places.cities),
    "rides": ("城际交通齐全、时刻准确", "rides between cities are complete and on time", rules_places.rides),
    "open": ("到的时候开着，直到离开", "open for the whole stay", rules_days.opening),
    "stay": ("游览时间够", "visits are long enough", rules_days.length_of_visits),
    "repeats": ("不重复", "nothing twice", rules_places.repeats),
    "times": ("时间不重叠", "times never overlap", rules_places.in_order),
    "ways": ("路上的时间留够", "travel time is kept", rules_ways.ways),
    "meal_windows": ("饭点吃饭", "meals at meal times", rules_days.meal_windows),
    "meals": ("每餐只一次、不重样、有供应", "each meal once, no cuisine twice a day, and served", rules_days.meals),
    "beds": ("每晚有住处", "a bed for every night", rules_places.beds),
    "some_sights": ("至少有一处景点", "at least one sight", rules_days.some_sights),
    "inner_sights": ("中间的日子至少两处景点", "at least two sights on inner days", rules_days.inner_sights),
    "main_meals": ("中间的日子有午餐和晚餐", "lunch and dinner on inner days", rules_days.main_meals),
    "pace": ("不超过节奏", "no fuller than the pace", rules_days.pace),
    "prices": ("价格与数据一致", "prices equal the data", rules_money.prices),
    "fares": ("车费与数据一致", "fares equal the data", rules_ways.fares),
    "sums": ("合计正确", "sums are right", rules_money.sums),
    "unknown_prices": ("未知的价格说明了", "unknown prices are named", rules_money.unknown_prices),
    "suggestions": ("备选与未列入的说得对", "alternatives and omissions are true", rules_places.suggestions),
}


def check(plan: Plan, data: TravelData) -> Verdict:
    """Judge a plan; never raises for what is wrong in the plan, only for what the data itself raise."""
    reading = read_plan(plan, data)
    results = [*_frame(reading), *_wishes(reading)]
    broken = {(result.rule, result.day) for result in results if not result.passed}
    faults = list(dishonest(reading, broken))
    if not faults and all(result.state != "failed" for result in results):
        faults = list(avoidable(reading, _passes))
    return Verdict((*results, *_results(*CONFLICTS, faults)))


def _passes(reading: Reading) -> bool:
    """Whether nothing is broken that the plan does not name; what it names in vain does not matter here."""
    return all(result.state != "failed" for result in (*_frame(reading), *_wishes(reading)))


def _frame(reading: Reading) -> Iterator[RuleResult]:
    excused = {(conflict.rule, conflict.day) for conflict in reading.plan.conflicts if conflict.constraint is None}
    for rule, (title, title_en, judge) in RULES.items():
        forgiven = {day for excuse, day in excused if excuse == rule and rule in FORGIVABLE}
        yield from _results(rule, title, title_en, list(judge(reading)), forgiven)


def _results(
    rule: str, title: str, title_en: str, faults: list[Fault], forgiven: AbstractSet[int | None] = frozenset()
) -> Iterator[RuleResult]:
    """One passed result, or one for each day on which the rule is broken."""
    if not faults:
        yield RuleResult(rule, "passed", title, title_en)
    for day, group in groupby(sorted(faults, key=_by_day), key=lambda fault: fault.day):
        found = list(group)
        yield RuleResult(rule, "named" if day in forgiven else "failed", title, title_en, _joined(found, "zh"), _joined(found, "en"), day)


def _by_day(fault: Fault) -> int:
    return fault.day or 0


def _joined(faults: list[Fault], language: Literal["zh", "en"]) -> str:
    return "；".join(fault.detail for fault in faults) if language == "zh" else "; ".join(fault.detail_en for fault in faults)


def _wishes(reading: Reading) -> Iterator[RuleResult]:
    named = {conflict.constraint for conflict in reading.plan.conflicts}
    for index, wish in enumerate(reading.trip.constraints):
        faults = faults_of(wish, reading)
        state: State = "passed" if not faults else "named" if index in named else "failed"
        yield RuleResult(wish.kind, state, "说好的条件", "what was asked", _joined(faults, "zh"), _joined(faults, "en"),
                         constraint=index, said=wish.said)
