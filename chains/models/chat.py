"""One way to every engine: LangChain's `ChatOpenAI`, on the embedded server or on any OpenAI-compatible one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from openai import OpenAIError
from pydantic import SecretStr, SkipValidation

MAX_ANSWER_TOKENS = 700
REQUEST_SECONDS = 120.0
ENGINE_ERRORS = (OpenAIError, httpx2.HTTPError, ValueError)  # of a call: refused, broken off, or an answer that is no (stream of) JSON
STOP, LENGTH = "stop", "length"  # why an answer ended, in OpenAI's words
_DATA, _DONE = "data:", "[DONE]"


@dataclass(frozen=True)
class Engine:
    """An engine as the chains see it: a chat model, whether it takes a GBNF grammar, and what it works on, for people."""

    model: BaseChatModel
    name: str
    takes_grammar: bool
    works: str = ""


@dataclass(frozen=True)
class Dialect:
    """How a server takes what OpenAI's protocol has no word for.

    `grammar` is the path of the field that takes a GBNF grammar; `goes_on` is added to a request, and `unfinished` to
    its last message, where that is the beginning of the answer.
    """

    grammar: tuple[str, ...] = ("grammar",)
    goes_on: Mapping[str, Any] = field(default_factory=dict)
    unfinished: Mapping[str, Any] = field(default_factory=dict)


DIALECTS = {
    "openai": Dialect(),  # and llama.cpp, Ollama, LMDeploy: they go on with a last message of the assistant by themselves
    "vllm": Dialect(("structured_outputs", "grammar"), goes_on={"continue_final_message": True, "add_generation_prompt": False}),
    "sglang": Dialect(("ebnf",), goes_on={"continue_final_message": True}),
    "dashscope": Dialect(unfinished={"partial": True}),
}


class LineChat(ChatOpenAI):
    """`ChatOpenAI` whose stream gives whole lines.

    The guard reads lines, so a chunk for every token would be made for nothing; and on two cores that engine and client
    share, making them (0.3 s an answer) slows the engine down.
    """

    dialect: SkipValidation[Dialect] = Dialect()

    def _get_request_payload(self, input_: Any, *, stop: list[str] | None = None, **kwargs: Any) -> dict[str, Any]:
        return _spoken(self.dialect, super()._get_request_payload(input_, stop=stop, **kwargs))

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Chunks that end with a line break, but for the last, which says why it is the last where the server says so.

        Raises `OpenAIError` or, where no JSON comes, `ValueError`.
        """
        payload = self._get_request_payload(messages, stop=stop, stream=True, **kwargs)
        if self.stream_usage:
            payload["stream_options"] = {"include_usage": True}
        pending, reason, usage = "", None, None
        with self.client.with_streaming_response.create(**payload) as response:
            for event in _events(response.iter_lines()):
                text, why, used = _delta(event)
                pending, reason, usage = pending + text, why or reason, used or usage
                if "\n" in pending:
                    whole, _, pending = pending.rpartition("\n")
                    yield chunk_of(whole + "\n", run_manager)
        if pending or reason:
            last = chunk_of(pending, run_manager, reason)
            yield counted(last, usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0)) if usage else last


def chat_engine(
    base_url: str, name: str, key: str = "EMPTY", *, takes_grammar: bool = False, dialect: str = "openai", works: str = "", counts: bool = False,
) -> Engine:
    """An engine behind an OpenAI-compatible URL; greedy, so that the same facts give the same words.

    `counts` asks for the number of tokens read and written, which not every server takes as a wish.
    """
    model = LineChat(
        base_url=base_url, api_key=SecretStr(key), model=name, temperature=0.0, max_tokens=MAX_ANSWER_TOKENS,
        timeout=REQUEST_SECONDS, max_retries=0, use_responses_api=False, dialect=DIALECTS[dialect], stream_usage=counts,
        default_headers={"Connection": "close"},  # llama.cpp drops idle connections, and a dropped one fails the next turn
    )
    return Engine(model, name, takes_grammar, works or f"server at {base_url}")


def _spoken(dialect: Dialect, payload: dict[str, Any]) -> dict[str, Any]:
    """The request in the server's dialect, and the answer's length under the name that every server knows."""
    if "max_completion_tokens" in payload:
        payload = {**payload, "max_tokens": payload["max_completion_tokens"]}
        del payload["max_completion_tokens"]
    extra = dict(payload.get("extra_body") or {})
    *path, last = dialect.grammar
    if path and "grammar" in extra:
        extra[path[0]] = {last: extra.pop("grammar")}
    elif "grammar" in extra:
        extra[last] = extra.pop("grammar")
    messages = payload["messages"]
    if messages and messages[-1]["role"] == "assistant":
        extra |= dialect.goes_on
        messages = [*messages[:-1], {**messages[-1], **dialect.unfinished}]
    return {**payload, "messages": messages} | ({"extra_body": extra} if extra else {})


def _events(rows: Iterator[str]) -> Iterator[str]:
    """The data of each server-sent event; one that was cut off before its blank line counts for nothing."""
    data = ""
    for row in rows:
        if row.startswith(_DATA):
            data = row.removeprefix(_DATA).strip()
        elif not row and data:
            if data != _DONE:
                yield data
            data = ""


def _delta(data: str) -> tuple[str, str | None, dict[str, int] | None]:
    """The text one event brings, why the answer ends with it, and the tokens counted; most events bring the first alone."""
    event = json.loads(data)
    if "error" in event:
        raise ValueError(f"the engine sent an error: {event['error']}")
    choices = event.get("choices") or [{}]
    return str((choices[0].get("delta") or {}).get("content") or ""), choices[0].get("finish_reason"), event.get("usage")


def chunk_of(text: str, run_manager: CallbackManagerForLLMRun | None, reason: str | None = None) -> ChatGenerationChunk:
    """A chunk of the stream; `reason` is why the answer ends with it (`stop`, `length`)."""
    chunk = ChatGenerationChunk(message=AIMessageChunk(content=text), generation_info={"finish_reason": reason} if reason else None)
    if run_manager:
        run_manager.on_llm_new_token(text, chunk=chunk)
    return chunk


def counted(chunk: ChatGenerationChunk, read: int, written: int) -> ChatGenerationChunk:
    """The chunk with the tokens of the whole answer on it: those of the prompt, and those the model wrote."""
    usage = UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)
    message = AIMessageChunk(content=chunk.message.content, usage_metadata=usage)
    return ChatGenerationChunk(message=message, generation_info=chunk.generation_info)
