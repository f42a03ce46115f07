"""The accuracy check wired to the product: the systems that are compared, and how each finds and answers.

- ``retrieval``: the knowledge base's own search; it finds, it says nothing.
- ``product``: understanding, search and the facts in code's own lines; no model.
- ``closed book``: a model alone, asked the question and given no facts.
- ``with retrieval``: the whole assistant as travellers meet it: facts, model, guard.
"""

from collections.abc import Callable
from datetime import date

from assistant.assistant import open_engine_of
from assistant.settings import Settings
from chains import prompts
from chains.answer import Answerer
from chains.facts import Facts
from chains.gather import Gatherer
from chains.models.chat import ENGINE_ERRORS, Engine
from chains.outline import outline
from chains.understanding import Understanding
from finetune.adapters import NONE, adapter_named
from knowledge.accuracy import Question, System
from knowledge.accuracy.run import FOUND
from knowledge.errors import EngineError, InputError
from knowledge.library import Library

CLOSED_BOOK_TOKENS = 160  # a fact fits in far fewer; a model without facts may go on without end


class FactPath:
    """From a question to its facts, as a first turn of a conversation; the last facts are kept for the answer."""

    def __init__(self, library: Library, today: Callable[[], date] = date.today) -> None:
        self._understanding = Understanding(library.catalogue, today)
        self._gatherer = Gatherer(library, today)
        self._last: tuple[str, Facts] | None = None

    def facts(self, question: Question) -> Facts:
        """What the product looks up for the question."""
        if self._last is None or self._last[0] != question.text:
            self._last = (question.text, self._gatherer.gather(self._understanding.read(question.text)))
        return self._last[1]

    def find(self, question: Question) -> tuple[str, ...]:
        """The sights on the answer's cards, in their order."""
        return tuple(card.sight.id for card in self.facts(question).cards)

    def answer(self, question: Question) -> str:
        """The answer in code's own lines."""
        return "\n".join(line.fallback for line in outline(self.facts(question)))


def systems(library: Library) -> list[System]:
    """The systems that need no model."""
    path = FactPath(library)
    return [System("retrieval", find=lambda question: _found(library, question)), System("product", path.find, path.answer)]


def systems_of_model(library: Library, engine: Engine, label: str) -> list[System]:
    """One model without and with what we know; `label` is base or tuned."""
    path, answerer = FactPath(library), Answerer(engine, library)
    return [
        System(f"{label}, closed book", answer=lambda question: closed_book(engine, question)),
        System(f"{label}, with retrieval", path.find,
               lambda question: "\n".join(line.text for line in answerer.stream(path.facts(question)))),
    ]


def engine_of(settings: Settings, model: str) -> Engine:
    """The engine with (`tuned`) or without (`base`) its adapter; raises `InputError` where none is in use, `AdapterError` where its file is gone."""
    if model == "base":
        return open_engine_of(settings.model_copy(update={"adapter": NONE}))
    if adapter_named(settings.adapter, settings.model) is None:
        raise InputError(
            f"no adapter is in use for {settings.model} (FENGJING_ADAPTER is {settings.adapter or NONE!r}); "
            "run 'fengjing adapt shipped' or 'fengjing adapt RUN' first"
        )
    return open_engine_of(settings)


def closed_book(engine: Engine, question: Question) -> str:
    """What the model says from memory when it is given no facts."""
    try:
        return str(engine.model.invoke(prompts.closed_book(question.language, question.text), max_tokens=CLOSED_BOOK_TOKENS).content)
    except ENGINE_ERRORS as error:
        raise EngineError(
            f"the engine {engine.name} broke off ({type(error).__name__}); run 'fengjing doctor' to look at it"
        ) from error


def _found(library: Library, question: Question) -> tuple[str, ...]:
    return tuple(hit.attraction.id for hit in library.retriever.search(question.text, limit=FOUND))
