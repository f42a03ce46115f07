"""What the model gets wrong before the guard, with and without the grammar, and that nothing wrong is shown."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from assistant.assistant import TravelAssistant, open_engine_of
from assistant.events import FinishedEvent
from assistant.settings import load_settings
from assistant.store import Store
from chains.answer import Record
from knowledge.library import open_library
from tests.bench.audit import strangers

DATA = Path(__file__).parent.parent / "data"
QUESTIONS = 220
ASKED = ("recommend", "fact", "itinerary", "smalltalk")


def run() -> None:
    """Ask the same questions twice and print both tables."""
    settings = load_settings()
    engine = open_engine_of(settings)
    library = open_library(settings.home)
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        for use_grammar in (True, False):
            assistant = TravelAssistant(library, engine, store, use_grammar=use_grammar)
            assistant.warm_up()
            _measure(assistant, "with the grammar" if use_grammar else "without the grammar")


def questions() -> list[str]:
    """Varied questions in Chinese and English, taken from the gold sets by turns of intent."""
    items = [item for file in ("understanding.yaml", "understanding_fresh.yaml")
             for item in yaml.safe_load((DATA / file).read_text(encoding="utf-8"))
             if not item.get("context") and item["intent"] in ASKED]
    queues = [[item["text"] for item in items if item["intent"] == intent] for intent in ASKED]
    mixed = [queue[place] for place in range(max(map(len, queues))) for queue in queues if place < len(queue)]
    return mixed[:QUESTIONS]


def _measure(assistant: TravelAssistant, label: str) -> None:
    lines, wrong, kinds, shown, strange, seconds = 0, 0, Counter[str](), Counter[str](), 0, 0.0
    asked = questions()
    for text in asked:
        record = Record()
        *_, last = assistant.stream(assistant.new_conversation(), text, record)
        assert isinstance(last, FinishedEvent)
        lines += last.guard.lines
        wrong += last.guard.wrong
        kinds.update(dict(last.guard.kinds))
        shown.update({"rewritten": last.guard.rewritten, "rendered": last.guard.rendered})
        seconds += last.timings.total
        for stranger in strangers(last.text, last.facts, assistant.library.catalogue):
            strange += 1
            print(f"  shown and unknown: {stranger!r} in the answer to {text!r}")
    print(f"{label}: {len(asked)} questions, {lines} lines by the model, {wrong} wrong before the guard ({wrong / lines:.1%}); "
          f"by kind {dict(kinds)}; {dict(shown)}; {seconds / len(asked):.1f} s a question")
    print(f"{label}: shown names and figures that neither facts nor question hold: {strange}", flush=True)
