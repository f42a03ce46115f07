"""Rules of what a day holds and when: opening hours, length of visits, meals, and how full a day is."""

from collections.abc import Iterator

from chains.tools.itinerary.data import Meal, OpenSpan, Restaurant, Sight
from chains.tools.itinerary.rules_reading import MEALS, Fault, Reading, Seen, clock
from chains.tools.itinerary.trip import Pace, SightsPerDay

# Minutes after midnight. Breakfast lies within its window; lunch and dinner reach into theirs.
WINDOWS: dict[Meal, tuple[int, int]] = {"breakfast": (6 * 60, 10 * 60 + 30), "lunch": (11 * 60, 14 * 60), "dinner": (17 * 60, 20 * 60)}
LEAST_MEAL_MINUTES: dict[Meal, int] = {"breakfast": 15, "lunch": 30, "dinner": 30}
MOST_SIGHTS: dict[Pace, int] = {"relaxed": 3, "moderate": 4, "packed": 6}
LEAST_INNER_SIGHTS = 2
MEAL_NAMES: dict[Meal, tuple[str, str]] = {"breakfast": ("早餐", "breakfast"), "lunch": ("午餐", "lunch"), "dinner": ("晚餐", "dinner")}


def opening(reading: Reading) -> Iterator[Fault]:
    """A sight is open on that date for the whole stay, and is entered before the last entry."""
    for seen in reading.of_kind("sight"):
        if isinstance(seen.record, Sight):
            span = reading.data.open_span(seen.record.id, seen.day.date)
            if reason := _shut(seen, span):
                yield seen.fault(*reason)


def _shut(seen: Seen, span: OpenSpan | None) -> tuple[str, str] | None:
    """Why the stop does not fit into the opening hours."""
    if span is None:
        return (f"{seen.day.date} 不开放", f"is closed on {seen.day.date}")
    stop = seen.stop
    if stop.arrives < span.opens:
        return (f"{clock(span.opens)} 开门，{clock(stop.arrives)} 就到", f"opens at {clock(span.opens)}, arrival at {clock(stop.arrives)}")
    if stop.departs > span.closes:
        return (f"{clock(span.closes)} 关门，待到 {clock(stop.departs)}", f"closes at {clock(span.closes)}, stay until {clock(stop.departs)}")
    if span.last_entry is not None and stop.arrives > span.last_entry:
        return (f"{clock(span.last_entry)} 停止入场，{clock(stop.arrives)} 才到",
                f"last entry {clock(span.last_entry)}, arrival at {clock(stop.arrives)}")
    return None


def length_of_visits(reading: Reading) -> Iterator[Fault]:
    """A visit lasts at least half of what the data say it takes, or the whole of a shorter opening."""
    for seen in reading.of_kind("sight"):
        if not isinstance(seen.record, Sight):
            continue
        span = reading.data.open_span(seen.record.id, seen.day.date)
        least = least_visit(seen.record, span)
        if seen.stop.departs - seen.stop.arrives < least:
            yield seen.fault(f"只停 {seen.stop.departs - seen.stop.arrives} 分钟，至少 {least} 分钟",
                             f"stays {seen.stop.departs - seen.stop.arrives} minutes, at least {least} are needed")


def least_visit(sight: Sight, span: OpenSpan | None) -> int:
    """Fewest minutes that still are a visit."""
    half = sight.visit_minutes // 2
    return half if span is None else min(half, span.closes - span.opens)


def meal_windows(reading: Reading) -> Iterator[Fault]:
    """Meals lie at meal time and take as long as eating does."""
    for seen in reading.of_kind(*MEALS):
        meal, stop = meal_of(seen), seen.stop
        first, last = WINDOWS[meal]
        within = first <= stop.arrives and stop.departs <= last
        reaches = stop.arrives < last and stop.departs > first
        if not (within if meal == "breakfast" else reaches):
            yield seen.fault(f"{clock(stop.arrives)}–{clock(stop.departs)} 不是{MEAL_NAMES[meal][0]}时间",
                             f"{clock(stop.arrives)}–{clock(stop.departs)} is no time for {MEAL_NAMES[meal][1]}")
        if stop.departs - stop.arrives < LEAST_MEAL_MINUTES[meal]:
            yield seen.fault(f"只有 {stop.departs - stop.arrives} 分钟吃饭", f"leaves {stop.departs - stop.arrives} minutes to eat")


def meals(reading: Reading) -> Iterator[Fault]:
    """A meal is served there at that time; no meal and no cuisine comes twice on a day."""
    for seen in reading.of_kind(*MEALS):
        if isinstance(seen.record, Restaurant):
            yield from _served(seen, seen.record)
    for number in range(1, len(reading.plan.days) + 1):
        eaten = reading.on(number, *MEALS)
        for place, seen in enumerate(eaten):
            if any(before.stop.kind == seen.stop.kind for before in eaten[:place]):
                yield seen.fault(f"一天两顿{MEAL_NAMES[meal_of(seen)][0]}", f"is the day's second {MEAL_NAMES[meal_of(seen)][1]}")
            if any(before.stop.cuisine == seen.stop.cuisine for before in eaten[:place]):
                yield seen.fault(f"一天吃两次{seen.stop.cuisine}", f"is {seen.stop.cuisine} for the second time that day")


def _served(seen: Seen, place: Restaurant) -> Iterator[Fault]:
    meal = meal_of(seen)
    if meal not in place.meals:
        yield seen.fault(f"不供应{MEAL_NAMES[meal][0]}", f"serves no {MEAL_NAMES[meal][1]}")
    if place.opens and (reason := _shut(seen, place.opens)):
        yield seen.fault(*reason)


def meal_of(seen: Seen) -> Meal:
    """Which meal a stop is; only for stops that are one."""
    return next(meal for meal in WINDOWS if meal == seen.stop.kind)


def some_sights(reading: Reading) -> Iterator[Fault]:
    """A trip shows something, unless the traveller wants no sights on any day."""
    unwanted = all(any(wish.most == 0 for wish in _per_day(reading, number)) for number in range(1, reading.trip.days + 1))
    if not unwanted and not reading.of_kind("sight"):
        yield Fault("没有景点", "no sight")


def inner_sights(reading: Reading) -> Iterator[Fault]:
    """Days in between hold at least two sights, fewer only where the traveller wants fewer."""
    for number in reading.inner_days():
        wanted = [wish.most for wish in _per_day(reading, number) if wish.most is not None]
        least = min([LEAST_INNER_SIGHTS, *wanted])
        count = len(reading.on(number, "sight"))
        if count < least:
            yield Fault(f"只有 {count} 处景点", f"only {count} sights", number)


def main_meals(reading: Reading) -> Iterator[Fault]:
    """Days in between have lunch and dinner."""
    for number in reading.inner_days():
        for meal in ("lunch", "dinner"):
            if not reading.on(number, meal):
                yield Fault(f"没有{MEAL_NAMES[meal][0]}", f"no {MEAL_NAMES[meal][1]}", number)


def pace(reading: Reading) -> Iterator[Fault]:
    """No day holds more sights than the pace allows, unless the traveller asks for more."""
    for number in range(1, min(reading.trip.days, len(reading.plan.days)) + 1):
        usual = MOST_SIGHTS[reading.trip.pace]
        wanted = [max(wish.least, wish.most or 0) for wish in _per_day(reading, number) if wish.least and wish.least > usual]
        most = max([usual, *wanted])
        count = len(reading.on(number, "sight"))
        if count > most:
            yield Fault(f"{count} 处景点，这个节奏最多 {most} 处", f"{count} sights, at this pace {most} at most", number)


def _per_day(reading: Reading, number: int) -> list[SightsPerDay]:
    wishes = [wish for wish in reading.trip.constraints if isinstance(wish, SightsPerDay)]
    return [wish for wish in wishes if wish.day in {None, number}]
