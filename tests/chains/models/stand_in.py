"""A server on loopback that keeps OpenAI's chat protocol to the letter, in the dialects of vLLM, SGLang and DashScope too.

It knows one script, and throws its letters about at a temperature. What it does not know in a request it refuses, where
the real ones may pass over it in silence. Events come in HTTP chunks that end in the middle of characters.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

KEY, MODEL = "secret", "fengjing"
READS = 4000  # characters of a conversation


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Message(_Strict):
    """One message."""

    role: Literal["system", "user", "assistant"]
    content: str
    partial: bool | None = None


class Counting(_Strict):
    """OpenAI's wish for an event that counts tokens."""

    include_usage: bool


class Request(_Strict):
    """The fields that every server takes."""

    model: str
    messages: list[Message]
    temperature: float = 1.0
    max_tokens: int = 10_000
    stream: bool = False
    stop: str | list[str] = []
    stream_options: Counting | None = None
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
    breaks_after: int | None = None  # characters; then the connection is gone
    fails: str = ""  # said in place of an answer's end, in an event of its own


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
    protocol_version = "HTTP/1.1"

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
        if sum(len(message.content) for message in request.messages) > READS:
            return self._refuse(400, f"This model's maximum context length is {READS} tokens.")
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
        if request.temperature > 1:
            text = "".join(Random(len(self.served.asked)).sample(text, len(text)))
        stops = [request.stop] if isinstance(request.stop, str) else request.stop
        text = text[: min([len(text), *(place for mark in stops if (place := text.find(mark)) >= 0)])]
        said, reason = text[: request.max_tokens], "length" if len(text) > request.max_tokens else "stop"
        self.send_response(200)
        if request.stream:
            return self._stream(said, reason, counting=request.stream_options is not None)
        choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": reason}
        content = json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]}).encode()
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None

    def _stream(self, said: str, reason: str, *, counting: bool) -> None:
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._event({"role": "assistant", "content": ""}, None)
        for place, character in enumerate(said):
            if place == self.served.breaks_after:
                self.close_connection = True
                return
            self._event({"content": character}, None)
            self.served.sent += 1
            time.sleep(self.served.pause_seconds)
        if self.served.fails:
            self._data({"error": {"message": self.served.fails, "type": "server_error", "param": None, "code": 500}})
        else:
            self._event({}, reason)
            if counting:
                self._data({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [],
                            "usage": {"prompt_tokens": 7, "completion_tokens": len(said), "total_tokens": 7 + len(said)}})
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _event(self, delta: dict[str, str], reason: str | None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        self._data({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]})

    def _data(self, event: dict[str, Any]) -> None:
        """One event, in two chunks that part within its first character of several bytes."""
        content = f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()
        cut = next((place for place, byte in enumerate(content) if byte > 127), 0) + 1
        self._chunk(content[:cut])
        self._chunk(content[cut:])

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
