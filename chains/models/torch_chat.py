"""The transformers engine as LangChain sees it: a chat model whose stream gives whole lines, as `LineChat`'s does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import SkipValidation

from chains.models.chat import LENGTH, MAX_ANSWER_TOKENS, STOP, Engine, chunk_of, counted
from chains.models.torch_engine import TorchConfig, TorchEngine, Wish, running_torch

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

UNFINISHED = "\ufffd"  # what a tokenizer puts where the bytes of a character are not all there


class TorchChat(BaseChatModel):
    """A chat model on a `TorchEngine`; `extra_body` (a grammar) means nothing to it."""

    speaker: SkipValidation[TorchEngine]
    temperature: float = 0.0
    max_tokens: int = MAX_ANSWER_TOKENS

    @property
    def _llm_type(self) -> str:
        return "transformers"

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Chunks that end with a line break, but for the last, which says why it is the last; raises `EngineError`."""
        wish = Wish(kwargs.get("max_tokens", self.max_tokens), kwargs.get("temperature", self.temperature))
        answer = _Answer(self.speaker.tokenizer, tuple(stop or ()), fresh=messages[-1].type != "ai")
        ids = self.speaker.prompts.ids(messages)
        tokens, read = self.speaker.tokens(ids, wish), len(ids)
        ended = False
        for token in tokens:
            ended = self.speaker.ends(token)
            if lines := answer.lines(token):
                yield chunk_of(lines, run_manager)
            if answer.stopped:
                tokens.close()
                break
        last = chunk_of(answer.rest(), run_manager, STOP if ended or answer.stopped else LENGTH)
        yield counted(last, read, len(answer.tokens))

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        chunks = list(self._stream(messages, stop, run_manager, **kwargs))
        message = AIMessage("".join(str(chunk.message.content) for chunk in chunks))
        return ChatResult(generations=[ChatGeneration(message=message, generation_info=chunks[-1].generation_info)])


@dataclass
class _Answer:
    """The text so far. It is always decoded whole: a character may be spread over several tokens, and a token over lines."""

    tokenizer: "PreTrainedTokenizerBase"
    stops: tuple[str, ...]
    fresh: bool  # an answer from its beginning: some models open with a line break
    tokens: list[int] = field(default_factory=list)
    given: int = 0  # characters given out
    stopped: bool = False  # one of `stops` was said

    def lines(self, token: int) -> str:
        """The lines that this token made whole; one whose end may be the beginning of a stop word is waited with."""
        self.tokens.append(token)
        text = self._text()
        sure = len(text) if self.stopped else len(text) - max((_begun(mark, text) for mark in self.stops), default=0)
        return self._upto(text.rfind("\n", 0, sure) + 1)

    def rest(self) -> str:
        """What stands behind the last line break; a character that was cut in two is left out."""
        text = self._text()
        return self._upto(len(text.rstrip(UNFINISHED)))

    def _upto(self, end: int) -> str:
        new = self._text()[self.given : end]
        self.given = max(end, self.given)
        return new

    def _text(self) -> str:
        decoded = self.tokenizer.decode(self.tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        text = str(decoded).lstrip() if self.fresh else str(decoded)
        ends = [place for mark in self.stops if (place := text.find(mark)) >= 0]
        self.stopped = bool(ends)
        return text[: min(ends)] if ends else text


def _begun(mark: str, text: str) -> int:
    """How many characters at the end of the text are the beginning of the mark."""
    return next((size for size in range(min(len(mark) - 1, len(text)), 0, -1) if text.endswith(mark[:size])), 0)


def torch_engine(config: TorchConfig, name: str) -> Engine:
    """The engine of that configuration, started where it is not running yet; greedy; raises `BaseError` or `EngineError`."""
    speaker = running_torch(config)
    return Engine(TorchChat(speaker=speaker), name, takes_grammar=False, works=f"transformers, {speaker.works}")
