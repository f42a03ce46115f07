"""Servers by URL: what the recipes of docs/engines.md send is what each of them takes, and what is said when they refuse."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from openai import OpenAIError

from chains.answer import Answerer, Origin, Record
from chains.models.chat import DIALECTS, chat_engine
from chains.outline import outline
from knowledge.errors import EngineError
from knowledge.library import Library
from tests.chains.models.stand_in import KEY, MODEL, REQUESTS, StandIn, stand_in
from tests.chains.models.taught import ASKED, SCRIPT
from tests.chains.turns import QINGDAO, gather

GRAMMARS = {"openai": ("grammar",), "vllm": ("structured_outputs", "grammar"), "sglang": ("ebnf",)}


@pytest.fixture(params=sorted(REQUESTS))
def each(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """A server of each kind."""
    with stand_in(SCRIPT, request.param) as running:
        yield running


def test_every_kind_of_server_is_tried() -> None:
    """A new dialect needs a server here that knows it."""
    assert sorted(DIALECTS) == sorted(REQUESTS)


@pytest.mark.parametrize("dialect", sorted(GRAMMARS))
def test_a_whole_turn_is_taken_by_the_server(library: Library, dialect: str) -> None:
    """Facts, grammar and answer of a real turn: the request is valid, the grammar stands in the server's own field."""
    facts = gather(library, QINGDAO)
    script = "\n".join(line.fallback for line in outline(facts) if not line.by_code)
    with stand_in(script, dialect) as server:
        engine = chat_engine(server.url, MODEL, KEY, takes_grammar=True, dialect=dialect)
        lines = list(Answerer(engine, library).stream(facts))
    assert Origin.RENDERED not in {line.origin for line in lines}
    found = server.asked[0]
    for key in GRAMMARS[dialect]:
        found = found[key]
    assert str(found).startswith("root ::= ")
    assert server.asked[0]["max_tokens"] == 700


def test_a_begun_answer_is_gone_on_with_in_every_dialect(each: StandIn) -> None:
    """vLLM, SGLang and DashScope begin anew unless they are told otherwise, each in its own way."""
    begun = SCRIPT.splitlines(keepends=True)[0]
    engine = chat_engine(each.url, MODEL, KEY, dialect=each.dialect)
    said = "".join(str(chunk.content) for chunk in engine.model.stream([*ASKED, AIMessage(begun)]))
    assert begun + said == SCRIPT
    fresh = "".join(str(chunk.content) for chunk in engine.model.stream(ASKED))
    assert fresh == SCRIPT


def test_a_server_that_knows_no_grammar_gets_none(library: Library, server: StandIn) -> None:
    """Unless the settings say that it takes one."""
    list(Answerer(chat_engine(server.url, MODEL, KEY), library).stream(gather(library, QINGDAO)))
    assert not {"grammar", "structured_outputs", "ebnf"} & server.asked[0].keys()


@pytest.mark.parametrize(("key", "name", "said"), [("wrong", MODEL, "Incorrect API key"), (KEY, "gpt", "does not exist")])
def test_a_refusal_is_told_in_the_servers_words(library: Library, server: StandIn, key: str, name: str, said: str) -> None:
    """A wrong key or model name: the server's reason reaches the caller, the chat turns it into our own error."""
    engine = chat_engine(server.url, name, key)
    with pytest.raises(OpenAIError, match=said):
        engine.model.invoke(ASKED)
    with pytest.raises(EngineError, match="fengjing doctor"):
        list(Answerer(engine, library).stream(gather(library, QINGDAO)))


@pytest.mark.parametrize("trouble", [{"breaks_after": 60}, {"fails": "CUDA out of memory"}])
def test_a_server_lost_in_the_middle_is_our_own_error(library: Library, trouble: dict[str, Any]) -> None:
    """A broken connection, or an error where the answer should go on: whole lines had been given out, then comes `EngineError`."""
    facts = gather(library, QINGDAO)
    written = "\n".join(line.fallback for line in outline(facts) if not line.by_code)
    read = Record()
    with stand_in(written) as server:
        for name, value in trouble.items():
            setattr(server, name, value)
        with pytest.raises(EngineError, match=r"broke off .*fengjing doctor"):
            list(Answerer(chat_engine(server.url, MODEL, KEY), library).stream(facts, read))
    lines = [text for text, _, _ in read.raw]
    assert lines
    assert written.startswith("\n".join(lines))


def test_an_answer_cut_short_is_not_shown_as_it_is(library: Library) -> None:
    """At the token limit the last line stops in its middle: the guard refuses it, and the answer is whole all the same."""
    facts = gather(library, QINGDAO)
    lines = [line for line in outline(facts) if not line.by_code]
    written = "\n".join(line.fallback for line in lines)
    cut = written[: written.index(lines[1].fallback) + len(lines[1].fallback) - 3]
    with stand_in(cut) as server:
        shown = list(Answerer(chat_engine(server.url, MODEL, KEY), library).stream(facts))
    assert [line.line for line in shown] == list(outline(facts))
    assert cut.splitlines()[1] not in [line.text for line in shown]


def test_the_recipes_name_settings_that_exist() -> None:
    """Every key in docs/engines.md is one that .env.example explains, and every dialect has its recipe."""
    root = Path(__file__).parents[3]
    recipes = (root / "docs" / "engines.md").read_text(encoding="utf-8")
    known = (root / ".env.example").read_text(encoding="utf-8")
    assert [key for key in set(re.findall(r"FENGJING_[A-Z_]+", recipes)) if f"{key}=" not in known] == []
    assert {f"FENGJING_SERVER={name}" for name in set(DIALECTS) - {"openai"}} <= set(re.findall(r"FENGJING_SERVER=\w+", recipes))
