"""Turns in worker threads: a plain generator there, an async stream of its items here.

    turn = turns.begin(key, work)       a seat in the line, or `Refused`
    async for item in turn.items(): …   `Queued` while it waits, then what the generator yields
    turn.close()                        always; stops the generator at its next item, so that it can keep what was shown

The hand-over is bounded: a reader that is slow stops the generator, not the server's memory. A seat is given back when the
thread is done with the turn, not when the reader is. The threads of `ThreadPool` end with the process, whatever they wait for;
those of `concurrent.futures` would keep a server alive for as long as its engine hangs.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.pool import ThreadPool
from typing import Any, Generic, TypeVar

from assistant.api.errors import Refused
from assistant.api.limits import Limits
from assistant.api.waiting import Line, Seat

HELD_ITEMS = 128  # several answers' worth: an ordinary turn is done before a slow reader has read it
LOOK_SECONDS = 0.2  # how often a thread that waits for its reader looks whether there still is one
LAST_SECONDS = 5.0  # at the server's end, for what was stopped to reach its next item
Item = TypeVar("Item")
Work = Callable[[], Generator[Item, None, None]]


@dataclass(frozen=True)
class Queued:
    """A place in the line, 1 for the next."""

    position: int


class Turns:
    """The line and the threads of one server."""

    def __init__(self, limits: Limits, keys: int = 1) -> None:
        self.line = Line(limits.turns, limits.waiting, keys)
        self._seconds = limits.turn_seconds
        self._pool = ThreadPool(limits.turns)

    def begin(self, key: str, work: Work[Item]) -> "Turn[Item]":
        """Take a seat for a turn; raises `Refused` where there is none."""
        return Turn(self.line, self._pool, self.line.join(key), work, self._seconds)

    async def close(self) -> None:
        """Let nobody in any more, and give what was stopped the time to keep what was shown; an engine that hangs is left."""
        self.line.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.line.at_rest.wait(), LAST_SECONDS)
        self._pool.terminate()


class Turn(Generic[Item]):
    """One turn, from its seat in the line to its last item; read once."""

    def __init__(self, line: Line, pool: ThreadPool, seat: Seat, work: Work[Item], seconds: float) -> None:
        self._line = line
        self._pool = pool
        self._seat = seat
        self._work = work
        self._seconds = seconds
        self._pipe: _Pipe[Item] | None = None
        self._closed = False

    async def items(self) -> AsyncIterator[Queued | Item]:
        """Positions, then items; raises what the generator raises, and `Refused` (504) where it takes too long."""
        async for position in self._line.positions(self._seat):
            yield Queued(position)
        loop = asyncio.get_running_loop()
        pipe = self._pipe = _Pipe[Item](loop)
        done = loop.create_future()
        done.add_done_callback(self._done)
        self._pool.apply_async(
            pipe.fill, (self._work,), callback=partial(_told, loop, done.set_result), error_callback=partial(_told, loop, done.set_exception))
        until = loop.time() + self._seconds
        while (item := await pipe.get(until)) is not None:
            yield item
        await done

    def close(self) -> None:
        """Stop the turn if it still runs, or give up its place in the line."""
        if not self._closed:
            self._closed = True
            if self._pipe:
                self._pipe.stop()
            else:
                self._line.leave(self._seat)

    def _done(self, done: "asyncio.Future[None]") -> None:
        self._line.leave(self._seat)
        if not done.cancelled():
            done.exception()  # seen: a reader that has left does not ask for it


class _Pipe(Generic[Item]):
    """A bounded hand-over from a thread to the event loop; None is the end."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._items: asyncio.Queue[Item | None] = asyncio.Queue()  # bounded by `_room`
        self._room = threading.Semaphore(HELD_ITEMS)
        self._stopped = threading.Event()

    def fill(self, work: Work[Item]) -> None:
        """In the thread: run the generator to its end, or to the stop."""
        items = work()
        try:
            for item in items:
                if not self._put(item):
                    break
        finally:
            items.close()
            _told(self._loop, self._items.put_nowait, None)

    async def get(self, until: float) -> Item | None:
        """In the loop: the next item; what is there already is given out even when time is up."""
        try:
            item = self._items.get_nowait() if not self._items.empty() else await self._next(until)
        except TimeoutError as error:
            raise Refused(504, "turn_timeout", "the answer took too long and was stopped; ask for less at once") from error
        self._room.release()
        return item

    def stop(self) -> None:
        """Nobody reads on: the thread ends at its next item."""
        self._stopped.set()

    async def _next(self, until: float) -> Item | None:
        async with asyncio.timeout_at(until):
            return await self._items.get()

    def _put(self, item: Item) -> bool:
        while not self._stopped.is_set():
            if self._room.acquire(timeout=LOOK_SECONDS):
                _told(self._loop, self._items.put_nowait, item)
                return not self._stopped.is_set()
        return False


def _told(loop: asyncio.AbstractEventLoop, hear: Callable[[Any], object], what: object) -> None:
    """From a thread: let the loop hear something; where it is closed nobody is left who could."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(hear, what)
