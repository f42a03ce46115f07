"""The HTTP API: routes, the door before them, and what happens when the server ends.

In short:

    app = create_app(open_desk(load_settings(), print))

Not covered: TLS (a proxy's business), accounts, uploads, embeddings and the other routes of OpenAI's own service.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

from assistant.api import chat, planning, searching
from assistant.api.description import page_of
from assistant.api.desk import AtDesk, Desk
from assistant.api.door import Door
from assistant.api.errors import HANDLERS, refusal_of
from knowledge.errors import FengjingError
from knowledge.retriever import EVERYTHING

DESCRIPTION = """Answers about travel in China in which every price is a record. OpenAI's clients work unchanged with this
server as their base_url; what OpenAI has no field for stands in the field "fengjing"."""
router = APIRouter()


class ErrorDetail(BaseModel):
    """What went wrong."""

    message: str
    type: str
    code: str


class ErrorAnswer(BaseModel):
    """Every error has this shape."""

    error: ErrorDetail


def create_app(desk: Desk) -> FastAPI:
    """An app of its own; several may live in one process."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        await desk.turns.close()  # what was shown is kept before the process ends

    answers: dict[int | str, dict[str, Any]] = {status: {"model": ErrorAnswer} for status in (400, 401, 413, 422, 429, 503)}
    app = FastAPI(title="与风景对话 · Fengjing", description=DESCRIPTION, lifespan=life, exception_handlers=HANDLERS,
                  responses=answers, docs_url=None, redoc_url=None, version="1")
    app.state.desk = desk
    for part in (chat.router, planning.router, searching.router, router):
        app.include_router(part)
    app.add_middleware(Door, keys=desk.keys, limits=desk.limits, metrics=desk.metrics)
    if desk.limits.origins:  # outside the door: a browser's preflight carries no key
        app.add_middleware(CORSMiddleware, allow_origins=desk.limits.origins, allow_methods=["GET", "POST", "DELETE"],
                           allow_headers=["Authorization", "Content-Type"])
    return app


@router.get("/healthz", summary="Whether everything a turn needs is there")
async def health(desk: AtDesk) -> JSONResponse:
    """503 names the part that is not."""
    seen = {name: await run_in_threadpool(_trouble, look) for name, look in _parts(desk).items()}
    well = not any(seen.values())
    body = {"status": "ok" if well else "failing", "model": desk.assistant.model_name, **{name: found or "ok" for name, found in seen.items()}}
    return JSONResponse({**body, "running": desk.turns.line.running, "waiting": desk.turns.line.waiting}, 200 if well else 503)


@router.get("/docs", summary="This page", include_in_schema=False)
async def description(request: Request) -> HTMLResponse:
    """The routes, for people."""
    return HTMLResponse(page_of(request.app.openapi()), headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})


@router.get("/metrics", summary="Counts and times for Prometheus")
async def metrics(desk: AtDesk) -> Response:
    """In the text format."""
    return Response(desk.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _parts(desk: Desk) -> dict[str, Callable[[], object]]:
    return {
        "database": lambda: desk.assistant.messages(0),
        "knowledge": lambda: desk.library.catalogue.find_ids(EVERYTHING, 1),
    }


def _trouble(look: Callable[[], object]) -> str:
    """What is wrong with a part, in a client's words; nothing where it answers."""
    try:
        look()
    except FengjingError as error:
        return str(refusal_of(error))
    return ""
