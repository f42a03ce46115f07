"""The line before the engine: so many turns at once, so many waiting, and keys take turns.

Within a key the first come is the first served; between keys the seats go round, so that a key with fifty requests delays
another key's first by one turn. While the line is not empty, each other key keeps a place in it (half the line at most).
One line a process; it lives in the event loop and needs no lock.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest

from assistant.api.errors import Refused

BUSY_RETRY_SECONDS = 10
PULSE_SECONDS = 15.0  # a waiting client hears from us at least this often
LONGEST_WAIT_SECONDS = 600.0


@dataclass(eq=False)
class Seat:
    """A place in the line; `position` 1 is the next, 0 means that it is this one's turn."""

    key: str
    position: int = 0
    refused: Refused | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def move(self, position: int) -> None:
        """Tell the one who waits."""
        if position != self.position:
            self.position = position
            self.changed.set()


class Line:
    """`at_once` turns run, `room` wait; `keys` is how many different ones may ask."""

    def __init__(self, at_once: int, room: int, keys: int = 1) -> None:
        self._at_once = at_once
        self._room = room
        self._keys = keys
        self._lines: dict[str, deque[Seat]] = {}  # by key, the key that is next first
        self._stopping: Refused | None = None
        self.running = 0
        self.at_rest = asyncio.Event()  # set while nothing runs
        self.at_rest.set()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._lines.values()))

    def join(self, key: str) -> Seat:
        """Take a seat; raises `Refused`: 429 where the line is full, 503 where the server is stopping."""
        if self._stopping:
            raise self._stopping
        seat = Seat(key)
        if self.running < self._at_once and not self._lines:
            self._begin()
            return seat
        if self.waiting + self._kept_from(key) >= self._room:
            raise Refused(429, "busy", f"{self.running} turns run and {self.waiting} wait; try again in a moment", BUSY_RETRY_SECONDS)
        self._lines.setdefault(key, deque()).append(seat)
        self._renumber()
        return seat

    def leave(self, seat: Seat) -> None:
        """Give a seat back, whether its turn ran or it still waited; the next one begins."""
        if seat.refused:
            return
        if seat.position == 0:
            self.running -= 1
        else:
            self._lines[seat.key].remove(seat)
            if not self._lines[seat.key]:
                del self._lines[seat.key]
        while self._lines and self.running < self._at_once:
            self._begin_next()
        self._renumber()
        if not self.running:
            self.at_rest.set()

    async def positions(self, seat: Seat) -> AsyncIterator[int]:
        """The position whenever it changes, and now and then; ends when the turn may begin."""
        until = asyncio.get_running_loop().time() + LONGEST_WAIT_SECONDS
        while seat.position:
            if seat.refused:
                raise seat.refused
            seat.changed.clear()
            yield seat.position
            if asyncio.get_running_loop().time() > until:
                raise Refused(503, "waited_too_long", f"no turn came free in {LONGEST_WAIT_SECONDS:.0f} s; try again later", BUSY_RETRY_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(seat.changed.wait(), PULSE_SECONDS)

    def close(self) -> None:
        """Let nobody in any more and turn away who waits; what runs goes on."""
        self._stopping = Refused(503, "stopping", "the server is being stopped; try again in a moment", BUSY_RETRY_SECONDS)
        for seat in self._in_order():
            seat.refused = self._stopping
            seat.changed.set()
        self._lines.clear()

    def _kept_from(self, key: str) -> int:
        """Seats that a key with somebody in the line may not take: one for each key that has nobody there."""
        return min(self._keys - len(self._lines), self._room // 2) if key in self._lines else 0

    def _begin(self) -> None:
        self.running += 1
        self.at_rest.clear()

    def _begin_next(self) -> None:
        key = next(iter(self._lines))
        mine = self._lines.pop(key)
        mine.popleft().move(0)
        self._begin()
        if mine:
            self._lines[key] = mine  # behind the other keys

    def _renumber(self) -> None:
        for position, seat in enumerate(self._in_order(), 1):
            seat.move(position)

    def _in_order(self) -> Iterator[Seat]:
        rounds = zip_longest(*self._lines.values())
        return (seat for seats in rounds for seat in seats if seat)
