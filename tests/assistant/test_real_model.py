"""The whole line with the real parts: the shipped knowledge, the real GGUF in the embedded engine, the real guard."""

import os
import re
from pathlib import Path

import pytest

from assistant.assistant import TravelAssistant, open_engine_of
from assistant.events import FactsEvent, FinishedEvent, TextEvent
from assistant.settings import Settings
from assistant.store import Store
from chains import wording
from chains.answer import Origin, Record
from chains.models.catalogue import model_named
from chains.models.chat import Engine
from chains.models.pull import is_here
from chains.outline import Part
from knowledge.library import Library
from knowledge.prices import total
from tests.chains.turns import BEIJING, QINGDAO, QINGDAO_EN, TODAY, guarded

pytestmark = pytest.mark.slow
ITEM = re.compile(r"^(\d+)\. (.+?)（([^（）]*(?:（[^（）]*）[^（）]*)*)）：(.+)$")
ITEM_EN = re.compile(r"^(\d+)\. (.+) \(([^()]+)\): (.+)$")


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The embedded engine with the default model; in CI its absence is an error, elsewhere a reason to skip."""
    settings = Settings()
    if not is_here(model_named(settings.model), settings.home) and "CI" not in os.environ:
        pytest.skip(f"the model {settings.model} is not in {settings.home}; run 'fengjing model pull'")
    return open_engine_of(settings)


@pytest.fixture
def assistant(library: Library, engine: Engine, tmp_path: Path) -> TravelAssistant:
    """An assistant with the real engine and its own database."""
    return TravelAssistant(library, engine, Store(f"sqlite:///{tmp_path / 'fengjing.db'}"), lambda: TODAY)


def answer(
    assistant: TravelAssistant, question: str, record: Record | None = None
) -> tuple[list[TextEvent], FinishedEvent]:
    """The lines and the end of a turn."""
    events = list(assistant.stream(assistant.new_conversation(), question, record))
    end = events[-1]
    assert isinstance(end, FinishedEvent)
    return [event for event in events if isinstance(event, TextEvent)], end


@pytest.mark.parametrize(("question", "pattern"), [(QINGDAO, ITEM), (BEIJING, ITEM), (QINGDAO_EN, ITEM_EN)])
def test_sights_prices_and_total_are_those_of_the_records(
    assistant: TravelAssistant, library: Library, question: str, pattern: re.Pattern[str]
) -> None:
    """At least five numbered sights whose prices equal the records', and a total computed from the same records."""
    _, end = answer(assistant, question)
    language, city = end.facts.language, end.facts.cities[0]
    items = [match.groups() for line in end.text.splitlines() if (match := pattern.match(line))]
    assert len(items) >= 5
    assert [int(number) for number, *_ in items] == list(range(1, len(items) + 1))
    records = []
    for _, name, price, reason in items:
        ids = library.catalogue.sight_names.ids_by_name[name.lower()]
        record = next(sight for sight in library.catalogue.get(ids) if sight.city == city.id)
        assert price == wording.price_words(record.ticket, language)
        assert len(reason) >= 4
        records.append(record)
    sums = [line for line in end.text.splitlines() if line.startswith(("合计：", "Total: "))]
    assert len(sums) == 1
    assert wording.yuan(total(records).yuan, language) in sums[0]


@pytest.mark.parametrize("use_grammar", [True, False])
def test_nothing_that_the_guard_forbids_is_shown(
    library: Library, engine: Engine, tmp_path: Path, *, use_grammar: bool
) -> None:
    """With the grammar and without it, every shown line stands the guard, advice and a kind closing among them."""
    store = Store(f"sqlite:///{tmp_path / 'fengjing.db'}")
    assistant = TravelAssistant(library, engine, store, lambda: TODAY, use_grammar=use_grammar)
    lines, end = answer(assistant, QINGDAO)
    turn = guarded(library, end.facts)
    checked = [turn.guard.check(event.text, line) for event, line in zip(lines, turn.lines, strict=True)]
    assert checked == [[] for _ in lines]
    assert [event.part for event in lines[-2:]] == [Part.ADVICE, Part.CLOSING]
    assert any(event.origin is Origin.MODEL for event in lines)
    assert end.problem == ""


def test_the_grammar_holds_the_model_to_names_and_prices(assistant: TravelAssistant) -> None:
    """Under the grammar no line has another number, name or price than the facts, even before the guard."""
    record = Record()
    answer(assistant, QINGDAO, record)
    assert len(record.raw) >= 9
    assert [text for text, line, _ in record.raw if not text.startswith(line.fixed)] == []


def test_facts_come_before_the_words_and_a_stop_frees_the_engine(assistant: TravelAssistant) -> None:
    """The reader may stop in the middle, and the next question is answered at once by the same engine."""
    conversation = assistant.new_conversation()
    stream = assistant.stream(conversation, QINGDAO)
    seen = []
    for event in stream:
        seen.append(type(event))
        if seen.count(TextEvent) == 3:
            break
    stream.close()
    assert seen.index(FactsEvent) < seen.index(TextEvent)
    assert assistant.messages(conversation)[-1].stopped
    _, end = answer(assistant, "故宫几点开门")
    assert "08:30" in end.text
    assert end.problem == ""
