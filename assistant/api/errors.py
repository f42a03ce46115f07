"""Every error of the HTTP API in OpenAI's one shape: ``{"error": {"message", "type", "code"}}``.

What a client did wrong is told as it is. What is wrong here (database, index, engine) is told in general words, with the
detail in the server's log: a database's own message may hold its address.
"""

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from knowledge.errors import EngineError, FengjingError, InputError, KnowledgeError, ModelError, StorageError

LOG = logging.getLogger("fengjing.api")
RETRY_SECONDS = 5  # after a 503: long enough for a database to come back, short enough to try
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
# What is said of our own troubles, the more special first.
_OURS: tuple[tuple[type[FengjingError], int, str, str], ...] = (
    (InputError, 400, "invalid_input", ""),
    (StorageError, 503, "database_unavailable", "the conversation database cannot be reached at the moment; try again, or send a request without a stored conversation"),
    (KnowledgeError, 503, "knowledge_unavailable", "the knowledge index is missing or cannot be read; its operator runs 'fengjing knowledge build'"),
    (EngineError, 503, "engine_unavailable", "the language model does not answer; its operator runs 'fengjing doctor'"),
    (ModelError, 503, "engine_unavailable", "the language model is not in its place; its operator runs 'fengjing doctor'"),
    (FengjingError, 500, "server_error", "something went wrong on the server; its log says what"),
)


class Refused(FengjingError):
    """A request that is not answered; `str()` is what the client reads. `retry_seconds` becomes Retry-After."""

    def __init__(self, status: int, code: str, message: str, retry_seconds: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_seconds = retry_seconds

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of it."""
        return error_body(self.status, self.code, str(self))

    def response(self) -> JSONResponse:
        """The whole answer."""
        headers = {"Retry-After": str(self.retry_seconds)} if self.retry_seconds else {}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(self.body, self.status, headers)


def error_body(status: int, code: str, message: str) -> dict[str, Any]:
    """The one shape."""
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    message = message.encode("utf-8", "backslashreplace").decode()  # half a character of the client's would break the answer
    return {"error": {"message": message, "type": kind, "code": code}}


def refusal_of(error: FengjingError) -> Refused:
    """What the client is told of an error of the house; the detail of our own troubles goes to the log."""
    if isinstance(error, Refused):
        return error
    status, code, words = next((status, code, words) for kind, status, code, words in _OURS if isinstance(error, kind))
    if words:
        LOG.warning("%s: %s", code, error)
    return Refused(status, code, words or str(error), RETRY_SECONDS if status == 503 else 0)


async def _ours(_: Request, error: FengjingError) -> JSONResponse:
    return refusal_of(error).response()


async def _http(_: Request, error: HTTPException) -> JSONResponse:
    code = _CODES.get(error.status_code, "http_error")
    return JSONResponse(error_body(error.status_code, code, f"{error.detail}; /docs lists what can be asked"), error.status_code, error.headers)


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    first: Mapping[str, Any] = error.errors()[0]
    kind = request.headers.get("content-type", "")
    if first["loc"] == ("body",) and "json" not in kind:  # what curl sends where it is not told
        return JSONResponse(error_body(422, "invalid_value", f"the body came as {kind[:60]!r}; send the header 'Content-Type: application/json'"), 422)
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "json_invalid":
        return JSONResponse(error_body(400, "malformed_json", f"the body is no JSON ({first.get('ctx', {}).get('error', first['msg'])})"), 400)
    return JSONResponse(error_body(422, "invalid_value", f"{where}: {first['msg']}; /docs shows what is expected"), 422)


async def _unexpected(_: Request, error: Exception) -> JSONResponse:
    LOG.error("unexpected error", exc_info=error)
    return JSONResponse(error_body(500, "server_error", "something went wrong on the server; its log says what"), 500)


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]
HANDLERS: dict[int | type[Exception], Handler] = {
    FengjingError: _ours, HTTPException: _http, RequestValidationError: _invalid, Exception: _unexpected,
}
