"""Every engine the chat can speak with, each made to say one known answer."""

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from assistant.settings import Settings
from chains import prompts
from chains.models.catalogue import DEFAULT_MODEL, MODELS
from chains.models.chat import Engine, chat_engine
from chains.models.embedded import EmbeddedEngine, EngineConfig, running_engine
from chains.models.pull import is_here, local_file
from tests.chains.models.stand_in import KEY, MODEL, StandIn, stand_in
from tests.chains.models.taught import SCRIPT, teach, tiny_glm, tiny_qwen
from tests.finetune.tiny_gguf import write_tiny

ENDLESS_TOKENS = 3000
SLOWLY = 0.02  # seconds a token: time enough to close a stream in its middle


@dataclass(frozen=True)
class Subject:
    """An engine under test, with what must be asked of it, and what can be seen of its work from outside."""

    engine: Engine
    made: Callable[[], int]  # tokens (the server: characters) made so far
    marks_read: Callable[[str], int]  # how often <|im_end|> or its like ends a turn in a prompt with this question
    whole: int  # what `made` counts for an answer that nobody stops
    slow_down: Callable[[], None] = lambda: None
    options: dict[str, Any] = field(default_factory=dict)
    endless: dict[str, Any] | None = None  # options for an answer long enough to be stopped in
    free: dict[str, Any] = field(default_factory=dict)  # options under which the next word is not given beforehand


@pytest.fixture(scope="session")
def taught_qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen2 folder that knows the answer."""
    folder = tmp_path_factory.mktemp("qwen")
    return teach(tiny_qwen(folder / "random"), folder / "taught")


@pytest.fixture(scope="session")
def taught_glm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A converted ChatGLM3 folder that knows the answer."""
    folder = tmp_path_factory.mktemp("glm")
    return teach(tiny_glm(folder / "random"), folder / "taught")


@pytest.fixture
def server() -> Iterator[StandIn]:
    """A server of OpenAI's protocol."""
    with stand_in(SCRIPT) as running:
        yield running


@pytest.fixture(scope="session")
def tiny_engine(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    """llama.cpp with a random model: under a grammar it says what it must."""
    return EmbeddedEngine(EngineConfig(write_tiny(tmp_path_factory.mktemp("gguf") / "tiny.gguf"), threads=1))


SLOW = pytest.mark.slow
KINDS = [pytest.param("qwen", marks=SLOW), pytest.param("glm", marks=SLOW), "server", "embedded", pytest.param("embedded, real", marks=SLOW)]


@pytest.fixture(params=KINDS)
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """Each engine in turn."""
    if request.param == "server":
        yield _served(request.getfixturevalue("server"))
    elif request.param == "embedded":
        yield _embedded(request.getfixturevalue("tiny_engine"))
    elif request.param == "embedded, real":
        yield _embedded(_real_engine())
    else:
        yield from _spoken(request.getfixturevalue(f"taught_{request.param}"), request.getfixturevalue("tmp_path"))


def _served(server: StandIn) -> Subject:
    engine = chat_engine(server.url, MODEL, KEY, counts=True)

    def marks_read(question: str) -> int:
        engine.model.invoke(question)
        assert server.asked[-1]["messages"] == [{"role": "user", "content": question}]  # as typed: what marks mean is the server's business
        return 1

    return Subject(engine, lambda: server.sent, marks_read, len(SCRIPT), lambda: setattr(server, "pause_seconds", SLOWLY))


def _embedded(running: EmbeddedEngine) -> Subject:
    base = running.base_url.removesuffix("/v1")

    def marks_read(question: str) -> int:
        asked = {"messages": [{"role": "user", "content": prompts.quoted(question)}]}  # as the chains send it
        text = requests.post(f"{base}/apply-template", json=asked, timeout=60).json()["prompt"]
        return _count(text) + _count("<|im_end|>") - 1

    def _count(text: str) -> int:
        found = requests.post(f"{base}/tokenize", json={"content": text, "parse_special": True, "with_pieces": True}, timeout=60).json()["tokens"]
        return sum(token["piece"] == "<|im_end|>" for token in found)

    def made() -> int:
        (slot,) = requests.get(f"{base}/slots", timeout=60).json()
        return int(slot["next_token"][0]["n_decoded"] if isinstance(slot["next_token"], list) else slot["next_token"]["n_decoded"])

    grammar = f"root ::= {json.dumps(SCRIPT, ensure_ascii=False)}"
    endless = {"extra_body": {"grammar": 'root ::= ("你好你好\\n")+'}, "max_tokens": ENDLESS_TOKENS}
    return Subject(chat_engine(running.base_url, "tiny", takes_grammar=True, counts=True), made, marks_read, ENDLESS_TOKENS,
                   options={"extra_body": {"grammar": grammar}}, endless=endless, free={"extra_body": {"grammar": "root ::= [a-z]{20}"}})


def _real_engine() -> EmbeddedEngine:
    model, home = MODELS[DEFAULT_MODEL], Settings().home
    if not is_here(model, home) and "CI" not in os.environ:
        pytest.skip(f"the model {model.name} is not in {home}; run 'fengjing model pull'")
    return running_engine(EngineConfig(local_file(model, home)))


def _spoken(folder: Path, home: Path) -> Iterator[Subject]:
    from chains.models.torch_chat import torch_engine
    from chains.models.torch_engine import TorchConfig, running_torch

    config = TorchConfig(str(folder), home, threads=1)
    engine, speaker = torch_engine(config, "taught"), running_torch(config)
    steps: list[float] = []
    pause = [0.0]

    def count(*_: object) -> None:
        time.sleep(pause[0])
        steps.append(pause[0])

    def marks_read(question: str) -> int:
        from langchain_core.messages import HumanMessage

        ids = speaker.prompts.ids([HumanMessage(question)])
        ends = [token for token, mark in speaker.tokenizer.added_tokens_decoder.items() if mark.special]
        return sum(ids.count(token) for token in ends)

    hook = speaker._model.register_forward_hook(count)
    whole = len(speaker.tokenizer(SCRIPT, add_special_tokens=False)["input_ids"])
    yield Subject(engine, lambda: len(steps), marks_read, whole, lambda: pause.__setitem__(0, SLOWLY))
    hook.remove()
