"""The routes OpenAI's clients use, `/v1/chat/completions` and `/v1/models`, and stored conversations."""

import time
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.api.answering import Reply
from assistant.api.asking import NEW, ChatRequest
from assistant.api.desk import MODEL, AskedBy, AtDesk, Desk
from assistant.api.errors import Refused
from assistant.api.keys import no_conversation
from assistant.api.sse import EventStream, unless_gone
from assistant.events import Event

router = APIRouter(prefix="/v1")
STARTED = int(time.time())
Turning = Callable[[], Generator[Event, None, None]]


@router.post("/chat/completions", summary="Answer the last user message; OpenAI-compatible, streamed or whole")
async def complete(asked: ChatRequest, desk: AtDesk, key: AskedBy, request: Request) -> Response:
    """Facts come from records, a model phrases them, and every line is checked before it is sent."""
    _check_model(desk, asked.model)
    asked.check(desk.limits.messages)
    texts = asked.user_texts()
    conversation = await _conversation(desk, key, asked.fengjing.conversation)
    turn = desk.turns.begin(key, _work(desk, conversation, texts))
    token = None if conversation is None else desk.signature.token(conversation, key)
    reply = Reply(turn, asked.model, desk.metrics, token)
    if asked.stream:
        return EventStream(reply.pieces(), reply.close)
    try:
        return JSONResponse(await unless_gone(request.receive, reply.whole()))
    finally:
        reply.close()


@router.get("/models", summary="The models that can be asked")
async def models(desk: AtDesk) -> dict[str, Any]:
    """The assistant under its own name, and under that of the engine that writes its words."""
    return {"object": "list", "data": [_model(name) for name in _names(desk)]}


@router.get("/models/{model:path}", summary="One model")
async def model(model: str, desk: AtDesk) -> dict[str, Any]:
    """404 where it is not served."""
    _check_model(desk, model)
    return _model(model)


@router.get("/conversations/{conversation}", summary="The messages of a stored conversation")
async def conversation(conversation: str, desk: AtDesk, key: AskedBy) -> dict[str, Any]:
    """Only for the key that began it."""
    messages = await run_in_threadpool(desk.assistant.messages, desk.signature.number(conversation, key))
    if not messages:
        raise no_conversation(conversation)
    said = [{"role": message.role, "content": message.text, "stopped": message.stopped} for message in messages]
    return {"id": conversation, "object": "conversation", "messages": said}


@router.delete("/conversations/{conversation}", summary="Delete a stored conversation")
async def delete(conversation: str, desk: AtDesk, key: AskedBy) -> dict[str, Any]:
    """For good; only for the key that began it."""
    await run_in_threadpool(desk.assistant.delete_conversation, desk.signature.number(conversation, key))
    return {"id": conversation, "object": "conversation", "deleted": True}


async def _conversation(desk: Desk, key: str, token: str) -> int | None:
    """The stored conversation that is meant, None for none; looked up now, so that a database that is down is a 503."""
    if not token:
        return None
    if token == NEW:
        return await run_in_threadpool(desk.assistant.new_conversation)
    number = desk.signature.number(token, key)
    if not await run_in_threadpool(desk.assistant.messages, number):
        raise no_conversation(token)
    return number


def _work(desk: Desk, conversation: int | None, texts: tuple[str, ...]) -> Turning:
    """What the thread does: a stored conversation knows its past, any other brings it along."""
    if conversation is None:
        return partial(desk.stateless.stream, texts)
    return partial(desk.assistant.stream, conversation, texts[-1])


def _names(desk: Desk) -> tuple[str, ...]:
    return tuple(dict.fromkeys((MODEL, desk.assistant.model_name)))


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": STARTED, "owned_by": "fengjing"}


def _check_model(desk: Desk, name: str) -> None:
    if name not in _names(desk):
        raise Refused(404, "model_not_found", f"there is no model {name[:60]!r}; this server has {', '.join(_names(desk))}")
