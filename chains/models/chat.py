"""One way to every engine: LangChain's `ChatOpenAI`, on the embedded server or on any OpenAI-compatible one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

MAX_ANSWER_TOKENS = 700
REQUEST_SECONDS = 120.0
_DATA, _DONE = "data:", "[DONE]"


@dataclass(frozen=True)
class Engine:
    """An engine as the chains see it: a chat model, and whether its server takes a GBNF grammar."""

    model: BaseChatModel
    name: str
    takes_grammar: bool


class LineChat(ChatOpenAI):
    """`ChatOpenAI` whose stream gives whole lines.

    The guard reads lines, so a chunk for every token would be made for nothing; and on two cores that engine and client
    share, making them (0.3 s an answer) slows the engine down.
    """

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Chunks that end with a line break, but for the last; raises `OpenAIError` or, where no JSON comes, `ValueError`."""
        payload = self._get_request_payload(messages, stop=stop, stream=True, **kwargs)
        pending = ""
        with self.client.with_streaming_response.create(**payload) as response:
            for event in _events(response.iter_lines()):
                pending += _delta(event)
                if "\n" in pending:
                    whole, _, pending = pending.rpartition("\n")
                    yield _chunk(whole + "\n", run_manager)
        if pending:
            yield _chunk(pending, run_manager)


def chat_engine(base_url: str, name: str, key: str = "EMPTY", *, takes_grammar: bool = False) -> Engine:
    """An engine behind an OpenAI-compatible URL; greedy, so that the same facts give the same words."""
    model = LineChat(
        base_url=base_url, api_key=SecretStr(key), model=name, temperature=0.0, max_tokens=MAX_ANSWER_TOKENS,
        timeout=REQUEST_SECONDS, max_retries=0, use_responses_api=False,
        default_headers={"Connection": "close"},  # llama.cpp drops idle connections, and a dropped one fails the next turn
    )
    return Engine(model, name, takes_grammar)


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


def _delta(data: str) -> str:
    """The text one event brings; an event without choices (usage, roles) brings none."""
    event = json.loads(data)
    if "error" in event:
        raise ValueError(f"the engine sent an error: {event['error']}")
    choices = event.get("choices") or [{}]
    return str((choices[0].get("delta") or {}).get("content") or "")


def _chunk(text: str, run_manager: CallbackManagerForLLMRun | None) -> ChatGenerationChunk:
    chunk = ChatGenerationChunk(message=AIMessageChunk(content=text))
    if run_manager:
        run_manager.on_llm_new_token(text, chunk=chunk)
    return chunk
