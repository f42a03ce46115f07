"""A server on loopback that keeps OpenAI's chat protocol to the letter, in the dialects of vLLM, SGLang and DashScope too.

It knows one script. What it does not know in a request it refuses, where the real ones may pass over it in silence.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

KEY, MODEL = "secret", "fengjing"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Message(_Strict):
    """One message."""

    role: Literal["system", "user", "assistant"]
    content: str
    partial: bool | None = None


class Request(_Strict):
    """The fields that every server takes."""

    model: str
    messages: list[Message]
    temperature: float = 1.0
    max_tokens: int = 10_000
    stream: bool = False
    grammar: str | None = None  # llama.cpp

    @property
    def goes_on(self) -> bool:
        """Whether the last message is the beginning of the answer."""
        return self.messages[-1].role == "assistant"


class Grammar(_Strict):
    """vLLM's `structured_outputs`, as far as we use it."""

    grammar: str


class VllmRequest(Request):
    """What vLLM adds since 0.12; `grammar` is not among it."""

    structured_outputs: Grammar | None = None
    add_generation_prompt: bool = True
    continue_final_message: bool = False
    grammar: None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "VllmRequest":
        if self.add_generation_prompt and self.continue_final_message:
            raise ValueError("Cannot set both `continue_final_message` and `add_generation_prompt` to True.")
        return self

    @property
    def goes_on(self) -> bool:
        """Only where it is asked for."""
        return self.continue_final_message


class SglangRequest(Request):
    """What SGLang adds."""

    ebnf: str | None = None
    continue_final_message: bool = False
    grammar: None = None

    @property
    def goes_on(self) -> bool:
        """Only where it is asked for."""
        return self.continue_final_message


class DashscopeRequest(Request):
    """DashScope: the message itself says that it is unfinished."""

    grammar: None = None

    @property
    def goes_on(self) -> bool:
        """Only where it is asked for."""
        return bool(self.messages[-1].partial)


REQUESTS: dict[str, type[Request]] = {"openai": Request, "vllm": VllmRequest, "sglang": SglangRequest, "dashscope": DashscopeRequest}


@dataclass
class StandIn:
    """A running server: what it says, what it was asked, how many characters it has sent."""

    url: str
    dialect: str
    script: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    sent: int = 0
    pause_seconds: float = 0.0


@contextmanager
def stand_in(script: str, dialect: str = "openai") -> Iterator[StandIn]:
    """The server, while it runs."""

    class Handler(_Handler):
        served: StandIn

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Handler.served = StandIn(f"http://127.0.0.1:{server.server_port}/v1", dialect, script)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Handler.served
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    served: StandIn

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_POST(self) -> None:
        """A completion, or the error OpenAI's servers send in its place."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions":
            return self._refuse(404, f"no {self.path}")
        if self.headers["Authorization"] != f"Bearer {KEY}":
            return self._refuse(401, "Incorrect API key provided")
        try:
            request = REQUESTS[self.served.dialect](**body)
        except ValidationError as error:
            return self._refuse(400, str(error))
        if request.model != MODEL:
            return self._refuse(404, f"The model `{request.model}` does not exist.")
        self.served.asked.append(body)
        return self._answer(request)

    def _refuse(self, status: int, message: str) -> None:
        content = json.dumps({"error": {"message": message, "type": "invalid_request_error", "param": None, "code": status}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, request: Request) -> None:
        text = self.served.script.removeprefix(request.messages[-1].content) if request.goes_on else self.served.script
        said, reason = text[: request.max_tokens], "length" if len(text) > request.max_tokens else "stop"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if request.stream else "application/json")
        self.end_headers()
        if not request.stream:
            choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": reason}
            self.wfile.write(json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]}).encode())
            return
        self._event({"role": "assistant", "content": ""}, None)
        for character in said:
            self._event({"content": character}, None)
            self.served.sent += 1
            time.sleep(self.served.pause_seconds)
        self._event({}, reason)
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta: dict[str, str], reason: str | None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
