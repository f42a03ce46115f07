"""A turn's events as OpenAI's answer: one `chat.completion`, or chunks of it as server-sent events.

Each guarded line is a chunk. What OpenAI has no field for stands in `fengjing`: place in the line while a turn waits, and with
the end facts, citations, what was missing, timings and guard counts. `usage` is left out: lines that code writes cost no
tokens, and the engine's own count is not passed on.
"""

import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

from assistant.api.metrics import Metrics
from assistant.api.sse import comment, data
from assistant.api.turn_json import turn_json
from assistant.api.turns import Queued, Turn
from assistant.events import Event, FinishedEvent, TextEvent
from knowledge.errors import FengjingError


class Reply:
    """One answer on its way; `conversation` is the token of a stored one."""

    def __init__(self, turn: Turn[Event], model: str, metrics: Metrics, conversation: str | None) -> None:
        self._turn = turn
        self._metrics = metrics
        self._conversation = conversation
        self._end = "stopped"
        self._head = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": model}

    async def whole(self) -> dict[str, Any]:
        """The answer in one piece."""
        end = [event async for event in self._events() if isinstance(event, FinishedEvent)][-1]
        message = {"role": "assistant", "content": end.text}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {**self._head, "object": "chat.completion", "choices": [choice], "fengjing": self._extension(end)}

    async def pieces(self) -> AsyncIterator[str]:
        """The answer as events, line by line."""
        yield self._chunk({"role": "assistant", "content": ""})
        between = ""
        async for event in self._events():
            if isinstance(event, Queued):
                yield comment(f"place {event.position} in the line")
                yield self._chunk({}, queue=event.position)
            elif isinstance(event, TextEvent):
                yield self._chunk({"content": between + event.text})
                between = "\n"
            elif isinstance(event, FinishedEvent):
                yield self._chunk({}, "stop", **self._extension(event))
        yield "data: [DONE]\n\n"

    def close(self) -> None:
        """Stop the turn if it still runs, and count how it ended."""
        self._turn.close()
        self._metrics.ended(self._end)

    async def _events(self) -> AsyncIterator[Queued | Event]:
        try:
            async for event in self._turn.items():
                if isinstance(event, FinishedEvent):
                    self._end = "done"
                    self._metrics.finished(event)
                yield event
        except FengjingError:
            self._end = "failed"
            raise

    def _chunk(self, delta: dict[str, str], finish: str | None = None, **extension: object) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        chunk = {**self._head, "object": "chat.completion.chunk", "choices": [choice]}
        return data({**chunk, "fengjing": extension} if extension else chunk)

    def _extension(self, event: FinishedEvent) -> dict[str, Any]:
        """The turn as data, and the conversation it belongs to."""
        return {**turn_json(event), "conversation": self._conversation}
