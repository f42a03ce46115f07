"""The line before the engine: its order, its fairness, its end."""

import asyncio
from collections.abc import Coroutine

import pytest

from assistant.api.errors import Refused
from assistant.api.waiting import Line, Seat


def ran(work: Coroutine[None, None, None]) -> None:
    """Run to the end, or fail in good time."""
    asyncio.run(asyncio.wait_for(work, 10))


def order(line: Line, first: Seat, waiting: list[Seat]) -> list[str]:
    """The keys in the order their turns begin, one after the other."""
    names, running, left = [], first, list(waiting)
    while left:
        line.leave(running)
        running = next(seat for seat in left if seat.position == 0)
        left.remove(running)
        names.append(running.key)
    return names


def test_turns_begin_until_all_places_are_taken() -> None:
    """So many run at once, the next one waits at position 1, and begins when one is done."""
    line = Line(2, 5)
    first, second, third = (line.join("a") for _ in range(3))
    assert [seat.position for seat in (first, second, third)] == [0, 0, 1]
    line.leave(second)
    assert (third.position, line.running, line.waiting) == (0, 2, 0)


def test_one_key_is_served_in_its_order() -> None:
    """First come, first served."""
    line = Line(1, 5)
    first = line.join("a")
    waiting = [line.join("a") for _ in range(3)]
    assert [seat.position for seat in waiting] == [1, 2, 3]
    line.leave(first)
    assert [seat.position for seat in waiting] == [0, 1, 2]


def test_a_busy_key_does_not_starve_another() -> None:
    """Keys take turns: a second key is served after one turn of the first, however many that one has waiting."""
    line = Line(1, 20)
    first = line.join("a")
    waiting = [line.join("a") for _ in range(5)] + [line.join("b") for _ in range(2)] + [line.join("c")]
    assert [seat.position for seat in waiting] == [1, 4, 6, 7, 8, 2, 5, 3]
    assert order(line, first, waiting) == ["a", "b", "c", "a", "b", "a", "a", "a"]


def test_positions_foretell_the_order() -> None:
    """Without newcomers nobody is served later than the position says."""
    line = Line(1, 20)
    first = line.join("a")
    waiting = [line.join(key) for key in "aabacbb"]
    foretold = [seat.key for seat in sorted(waiting, key=lambda seat: seat.position)]
    assert order(line, first, waiting) == foretold


def test_a_full_line_is_told() -> None:
    """Above what may wait, 429 with the time to come back."""
    line = Line(1, 2)
    for _ in range(3):
        line.join("a")
    with pytest.raises(Refused, match="1 turns run and 2 wait") as caught:
        line.join("a")
    assert (caught.value.status, caught.value.code) == (429, "busy")
    assert caught.value.retry_seconds > 0


def test_a_busy_key_leaves_a_seat_for_each_other() -> None:
    """One of three keys cannot fill the line: the first request of both others still finds a place."""
    line = Line(1, 5, keys=3)
    for _ in range(4):
        line.join("a")
    with pytest.raises(Refused):
        line.join("a")
    line.join("b")
    line.join("c")
    assert line.waiting == 5


def test_who_leaves_while_waiting_lets_others_move_up() -> None:
    """A client that goes away gives up its place, and takes nobody else's."""
    line = Line(1, 5)
    first, second, third = (line.join("a") for _ in range(3))
    line.leave(second)
    assert (third.position, line.running) == (1, 1)
    line.leave(first)
    assert (third.position, line.running, line.waiting) == (0, 1, 0)


def test_who_waits_hears_every_change() -> None:
    """Positions come down to the beginning of the turn."""
    async def waits() -> None:
        line = Line(1, 5)
        first, second, third = (line.join("a") for _ in range(3))
        heard: list[int] = []

        async def listen() -> None:
            heard.extend([position async for position in line.positions(third)])

        listening = asyncio.create_task(listen())
        for seat in (first, second):
            await asyncio.sleep(0.01)
            line.leave(seat)
        await listening
        assert heard == [2, 1]

    ran(waits())


def test_a_line_that_closes_turns_away_who_waits() -> None:
    """At the server's end what runs goes on, who waits and who comes hears 503."""
    async def closes() -> None:
        line = Line(1, 5)
        running, waiting = line.join("a"), line.join("a")
        listening = asyncio.ensure_future(anext(positions := line.positions(waiting)))
        assert await listening == 1
        line.close()
        with pytest.raises(Refused, match="being stopped") as caught:
            await anext(positions)
        assert caught.value.status == 503
        with pytest.raises(Refused, match="being stopped"):
            line.join("b")
        line.leave(waiting)
        line.leave(running)
        assert (line.running, line.waiting) == (0, 0)

    ran(closes())
