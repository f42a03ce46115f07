"""Which way to take between two places: the modes that are allowed, how far people walk, and what a minute is worth.

Ways are asked of the travel data once for each pair and clock and remembered for the planner's life.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chains.tools.itinerary.data import Point, TravelData, Way
from chains.tools.itinerary.trip import LocalBy, Mode, Travellers, WalkAtMost, WalkBelow
from chains.tools.itinerary.wishes import Wishes

MODES: tuple[Mode, ...] = ("walk", "metro", "bus", "taxi")
SHORT_WALK_METRES = 1000.0  # always allowed, whatever else is
USUAL_WALK_METRES, TENDER_WALK_METRES = 1500.0, 800.0  # children and elders walk less
LONG_WALK_METRES = 3000.0  # where nothing else of what was asked for goes
MINUTE_YUAN = (1.0, 0.5, 0.1)  # what a minute of a person is worth, by thrift
SOME_CLOCK = 10 * 60  # for estimates, before the hour is known


@dataclass
class Ways:
    """Chooses ways for one party; safe to use for one plan at a time."""

    data: TravelData
    wishes: Wishes
    thrift: int = 0
    _known: dict[tuple[Point, Point, int], Way | None] = field(default_factory=dict)

    def best(self, start: Point, end: Point, clock: int = SOME_CLOCK) -> Way | None:
        """The way to take at that clock; None where no allowed mode goes."""
        key = (start, end, clock)
        if key not in self._known:
            self._known[key] = self._choose(start, end, clock)
        return self._known[key]

    def _choose(self, start: Point, end: Point, clock: int) -> Way | None:
        people = self.wishes.trip.travellers.size
        walk = self.data.way(start, end, "walk", clock % 1440, people)
        limit = self._walk_limit()
        if walk and walk.metres <= limit and self._must_walk(walk):
            return walk
        found = [walk] if walk and walk.metres <= min(limit, self._walk_usual()) else []
        found += [way for mode in self._modes() if (way := self.data.way(start, end, mode, clock % 1440, people))]
        if not found and walk and walk.metres <= min(limit, LONG_WALK_METRES) and self._named_walk():
            return walk
        minute_yuan = MINUTE_YUAN[self.thrift] * max(1, people)
        return min(found, key=lambda way: (way.minutes * minute_yuan + way.yuan, way.mode), default=None)

    def _modes(self) -> Sequence[Mode]:
        said = [wish.modes for wish in self.wishes.of(LocalBy)]
        return [mode for mode in MODES if mode != "walk" and all(mode in modes for modes in said)]

    def _must_walk(self, walk: Way) -> bool:
        return any(walk.metres < wish.metres for wish in self.wishes.of(WalkBelow))

    def _walk_limit(self) -> float:
        return min((wish.metres for wish in self.wishes.of(WalkAtMost)), default=float("inf"))

    def _named_walk(self) -> bool:
        """Whether walking is among the modes wherever modes were named at all, and they were."""
        said = [wish.modes for wish in self.wishes.of(LocalBy)]
        return bool(said) and all("walk" in modes for modes in said)

    def _walk_usual(self) -> float:
        if not self.wishes.of(LocalBy):
            return walk_usual(self.wishes.trip.travellers)
        if not self._named_walk():
            return SHORT_WALK_METRES
        return USUAL_WALK_METRES if self._modes() else float("inf")


def walk_usual(travellers: Travellers) -> float:
    """Metres the party walks in one go without being asked."""
    return TENDER_WALK_METRES if travellers.children or travellers.elders else USUAL_WALK_METRES
