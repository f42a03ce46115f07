"""A scripted chat model in place of an engine's server: it says what it is told and remembers what it was asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from chains.models.chat import Engine

Script = str | Sequence[str | Exception]  # a completion, whole or in chunks; an exception is raised where it stands


@dataclass(frozen=True)
class Asked:
    """One request as it reached the engine."""

    messages: list[BaseMessage]
    options: dict[str, Any]

    @property
    def beginning(self) -> str:
        """The answer's beginning that the engine is to continue; empty where it starts afresh."""
        return str(self.messages[-1].content) if self.messages[-1].type == "ai" else ""


@dataclass
class Told:
    """What the model still has to say, and what it was asked so far."""

    scripts: list[Script] = field(default_factory=list)
    history: list[Asked] = field(default_factory=list)
    closed: int = 0  # completions that were given up before their end


class ScriptedModel(BaseChatModel):
    """Streams its scripts one request at a time, two characters a chunk; with none left it stops at once."""

    _told: Told = PrivateAttr(default_factory=Told)

    @classmethod
    def saying(cls, *scripts: Script) -> "ScriptedModel":
        """A model with these completions, in the order of the requests."""
        model = cls()
        model._told.scripts = list(scripts)
        return model

    @property
    def history(self) -> list[Asked]:
        """Every request so far."""
        return self._told.history

    @property
    def given_up(self) -> int:
        """How many completions were not read to their end."""
        return self._told.closed

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self._told.history.append(Asked(list(messages), dict(kwargs)))
        script = self._told.scripts.pop(0) if self._told.scripts else ""
        try:
            for piece in _pieces(script):
                yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        except GeneratorExit:
            self._told.closed += 1
            raise

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(chunk.message.content) for chunk in self._stream(messages, stop, run_manager, **kwargs))
        return ChatResult(generations=[ChatGeneration(message=AIMessageChunk(content=text))])


def engine_saying(*scripts: Script, takes_grammar: bool = True) -> Engine:
    """An engine whose model says these completions."""
    return Engine(ScriptedModel.saying(*scripts), "scripted", takes_grammar)


def model_of(engine: Engine) -> ScriptedModel:
    """The scripted model behind an engine."""
    assert isinstance(engine.model, ScriptedModel)
    return engine.model


def _pieces(script: Script) -> Iterator[str]:
    """Chunks as a server sends them, and at least one: a real stream opens with an empty delta."""
    yield ""
    parts = [script] if isinstance(script, str) else script
    for part in parts:
        if isinstance(part, Exception):
            raise part
        for start in range(0, len(part), 2):
            yield part[start:start + 2]
