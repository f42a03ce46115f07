"""From routes to days: real clocks, real ways, real tables, a hotel at night, and what each costs.

The route says which sights in which order and after which of them one eats. Ways are asked for again at the clock at
which they are taken; a day that no longer fits comes back as None and the planner gives it less to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chains.tools.itinerary.data import Lodging, Meal, Point, Restaurant, Sight
from chains.tools.itinerary.frames import DINNER, LUNCH, DayFrame
from chains.tools.itinerary.meals import Tables
from chains.tools.itinerary.plan import Leg, Stop
from chains.tools.itinerary.rides import Journey
from chains.tools.itinerary.route import LUNCH_EATEN, NO_WAY, UNPLACED_MINUTES, DaySetting, StayProblem, Step, order_of
from chains.tools.itinerary.wishes import Wishes

MIDNIGHT = 24 * 60


@dataclass
class DayBuilder:
    """Builds one day; `clock` and `here` are where and when the traveller is, `here` None where nobody knows."""

    problem: StayProblem
    setting: DaySetting
    tables: Tables
    wishes: Wishes
    clock: int = 0
    here: Point | None = None
    shown: bool = True  # whether `here` is true, or only the likely neighbourhood
    stops: list[Stop] = field(default_factory=list)

    def build(self, steps: Step | None, lodging: Lodging | None) -> list[Stop] | None:
        """All stops of the day, None where they do not fit."""
        frame = self.setting.frame
        order = order_of(steps)
        first = (order[0].candidate,) if order and order[0].candidate >= 0 else ()
        self.clock = self.problem.sets_out(self.setting, first)
        self.here, self.shown = self.setting.start.point, self.setting.start.shown
        if frame.arrival and frame.arrival.ride:
            self.stops.append(ride_stop(frame.arrival, frame.city, self.wishes))
        for number, step in enumerate(order):
            done = self._visit(step) if step.candidate >= 0 else self._eat(step, order[number + 1 :])
            if not done:
                return None
        if frame.night and lodging:
            if not self._sleep(lodging):
                return None
        elif self.clock + self._back() > frame.end and order:
            return None
        if frame.departure and frame.departure.ride:
            self.stops.append(ride_stop(frame.departure, frame.city, self.wishes))
        return self.stops

    def build_bare(self, lodging: Lodging | None) -> list[Stop]:
        """Only what cannot be left out: the journeys and the bed."""
        frame = self.setting.frame
        self.stops = []
        self.clock, self.here, self.shown = frame.start, self.setting.start.point, self.setting.start.shown
        if frame.arrival and frame.arrival.ride:
            self.stops.append(ride_stop(frame.arrival, frame.city, self.wishes))
            self.clock = max(self.clock, frame.arrival.arrives)
        if frame.night and lodging:
            self.here = self.here if self.shown else None
            self._sleep(lodging)
        if frame.departure and frame.departure.ride:
            self.stops.append(ride_stop(frame.departure, frame.city, self.wishes))
        return self.stops

    def _back(self) -> int:
        if self.setting.end is None:
            return 0
        minutes = self._minutes(self.here, self.setting.end.point, self.clock)
        return UNPLACED_MINUTES if minutes >= NO_WAY and not self.setting.end.shown else minutes

    def _minutes(self, start: Point | None, end: Point | None, clock: int) -> int:
        if start is None or end is None:
            return UNPLACED_MINUTES
        way = self.problem.ways.best(start, end, clock)
        return way.minutes if way else NO_WAY

    def _visit(self, step: Step) -> bool:
        candidate = self.problem.found[step.candidate]
        visiting = candidate.days[self.setting.frame.number]
        legs, clock = self._go(candidate.sight.point, visiting.earliest)
        if clock > visiting.latest:
            return False
        self.stops.append(_sight_stop(candidate.sight, clock, clock + candidate.minutes, legs, visiting.yuan))
        self.clock = clock + candidate.minutes
        if candidate.sight.point:
            self.here, self.shown = candidate.sight.point, True
        else:
            self.here = None
        return True

    def _go(self, end: Point | None, not_before: int) -> tuple[tuple[Leg, ...], int]:
        """The legs to a place and the clock of arrival there; one leaves late rather than waits at a closed gate."""
        if self.here is None or end is None:
            return (), max(self.clock + UNPLACED_MINUTES, not_before)
        way = self.problem.ways.best(self.here, end, self.clock)
        if way is None:
            return (), max(self.clock + (NO_WAY if self.shown else UNPLACED_MINUTES), not_before)
        departs = self.clock
        late = not_before - way.minutes
        if late > departs:
            later = self.problem.ways.best(self.here, end, late)
            if later and late + later.minutes <= not_before:
                way, departs = later, late
        arrives = departs + way.minutes
        leg = Leg(mode=way.mode, departs=departs, arrives=arrives, metres=way.metres, yuan=way.yuan, source=way.source)
        return ((leg,) if self.shown and self.here != end else ()), max(arrives, not_before)

    def _eat(self, step: Step, rest: Sequence[Step]) -> bool:
        frame = self.setting.frame
        meal: Meal = "lunch" if step.meal == LUNCH_EATEN else "dinner"
        cuisines = {stop.cuisine for stop in self.stops if stop.cuisine}
        for table in self.tables.options(frame.city, frame.number, meal, self.here, cuisines):
            served = self._serve(table, meal)
            if served is None:
                continue
            saved = self.clock, self.here, self.shown
            self.clock = served.departs
            self.here, self.shown = (table.point, True) if table.point else (self.here, self.shown)
            if self._rest_fits(rest, meal):
                self.stops.append(served)
                self.tables.take(table)
                self._rest(meal)
                return True
            self.clock, self.here, self.shown = saved
        return False

    def _serve(self, table: Restaurant, meal: Meal) -> Stop | None:
        """The meal as a stop, None where the table is closed then or too far."""
        rhythm = self.setting.frame.rhythm
        window, minutes = (LUNCH, rhythm.lunch_minutes) if meal == "lunch" else (DINNER, rhythm.dinner_minutes)
        opens = max(window[0], table.opens.opens) if table.opens else window[0]
        if table.point:
            legs, clock = self._go(table.point, opens)
        else:
            legs, clock = (), max(self.clock + self.problem.meal_slack, opens)
        lock = self.wishes.lock(self.setting.frame.number, meal)
        if lock and lock.place == table.id and lock.arrives is not None:
            clock = max(clock, lock.arrives)
        closed = table.opens is not None and (clock + minutes > table.opens.closes
                                              or (table.opens.last_entry is not None and clock > table.opens.last_entry))
        if clock > window[1] or closed:
            return None
        people = self.wishes.trip.travellers.size
        return Stop(kind=meal, place=table.id, name=table.name, name_en=table.name_en, city=table.city, arrives=clock,
                    departs=clock + minutes, legs=legs, yuan=round(table.yuan_per_person * people, 2), cuisine=table.cuisine,
                    source=table.source, **_position(table.point))

    def _rest(self, meal: Meal) -> None:
        minutes = self.setting.frame.rhythm.rest_minutes
        if meal == "lunch" and minutes:
            self.stops.append(Stop(kind="rest", place="", name="休息", name_en="rest", city=self.setting.frame.city,
                                   arrives=self.clock, departs=self.clock + minutes))
            self.clock += minutes

    def _rest_fits(self, rest: Sequence[Step], meal: Meal) -> bool:
        """Whether what comes after this meal still fits, with the next meal anywhere."""
        frame = self.setting.frame
        clock = self.clock + (frame.rhythm.rest_minutes if meal == "lunch" else 0)
        here, shown = self.here, self.shown
        for step in rest:
            if step.candidate < 0:
                clock = max(clock + self.problem.meal_slack, DINNER[0])
                if clock > DINNER[1]:
                    return False
                clock += frame.rhythm.dinner_minutes
                continue
            candidate = self.problem.found[step.candidate]
            visiting = candidate.days[frame.number]
            travel = self._minutes(here, candidate.sight.point, clock)
            clock = max(clock + (UNPLACED_MINUTES if travel >= NO_WAY and not shown else travel), visiting.earliest)
            if clock > visiting.latest:
                return False
            clock += candidate.minutes
            here, shown = candidate.sight.point, True
        end = self.setting.end
        back = self.problem.anchor_minutes(end, here) if end else 0
        return clock + back <= frame.end

    def _sleep(self, lodging: Lodging) -> bool:
        frame = self.setting.frame
        if lodging.point:
            legs, clock = self._go(lodging.point, 0)
        else:
            legs, clock = (), self.clock + self._back()
        rooms = self.wishes.rooms_needed(lodging)
        self.stops.append(Stop(
            kind="hotel", place=lodging.id, name=lodging.name, name_en=lodging.name_en, city=lodging.city, arrives=clock,
            departs=max(clock, MIDNIGHT), legs=legs, yuan=round(lodging.yuan_per_room * rooms, 2), rooms=rooms, source=lodging.source,
            **_position(lodging.point)))
        return clock <= frame.end or len(self.stops) == 1


def ride_stop(journey: Journey, city: str, wishes: Wishes) -> Stop:
    """A journey as a stop from its departure to its arrival."""
    ride = journey.ride
    if ride is None:
        raise ValueError(f"no ride from {journey.origin} to {journey.destination}")
    return Stop(kind="ride", place=ride.id, name=ride.name or f"{ride.origin}→{ride.destination}",
                name_en=f"{ride.mode} {ride.origin} → {ride.destination}", city=city, arrives=journey.departs,
                departs=journey.arrives, yuan=round(ride.yuan_per_person * wishes.trip.travellers.size, 2), mode=ride.mode,
                source=ride.source)


def _sight_stop(sight: Sight, arrives: int, departs: int, legs: tuple[Leg, ...], yuan: float | None) -> Stop:
    return Stop(kind="sight", place=sight.id, name=sight.name, name_en=sight.name_en, city=sight.city, arrives=arrives,
                departs=departs, legs=legs, yuan=None if yuan is None else round(yuan, 2), source=sight.source,
                **_position(sight.point))


def _position(point: Point | None) -> dict[str, float]:
    return {"latitude_deg": point.latitude_deg, "longitude_deg": point.longitude_deg} if point else {}


def frame_note(frame: DayFrame) -> tuple[str, str]:
    """What the weather did to a day, in Chinese and English; empty where nothing."""
    if frame.severe:
        return "预报有强天气，只安排室内，请留意官方预警", "severe weather is forecast: indoor only, mind official warnings"
    if frame.wet:
        return "预报有雨雪，优先室内", "rain or snow is forecast: indoor sights first"
    return "", ""
