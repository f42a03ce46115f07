"""What the model gets wrong before the guard, untuned and tuned, with and without the grammar; and that nothing wrong is shown."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from assistant.assistant import TravelAssistant, open_engine_of
from assistant.events import FinishedEvent
from assistant.settings import load_settings
from assistant.store import Store
from finetune.adapters import NONE, SHIPPED
from knowledge.library import open_library
from tests.bench.audit import strangers

DATA = Path(__file__).parent.parent / "data"
QUESTIONS = 200
REPORT_EVERY = 50
ASKED = ("recommend", "fact", "itinerary", "smalltalk")


@dataclass
class Tally:
    """What was counted for one way of asking."""

    label: str
    assistant: TravelAssistant
    asked: int = 0
    lines: int = 0
    wrong: int = 0
    seconds: float = 0.0
    unknown: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)

    def ask(self, text: str) -> None:
        """Ask, count, and audit what was shown."""
        *_, last = self.assistant.stream(self.assistant.new_conversation(), text)
        assert isinstance(last, FinishedEvent)
        self.asked += 1
        self.lines += last.guard.lines
        self.wrong += last.guard.wrong
        self.seconds += last.timings.total
        self.kinds.update(dict(last.guard.kinds))
        self.shown.update({"rewritten": last.guard.rewritten, "rendered": last.guard.rendered})
        for stranger in strangers(last.text, last.facts, self.assistant.library.catalogue):
            self.unknown += 1
            print(f"  shown and unknown: {stranger!r} in the answer to {text!r}")

    def report(self) -> None:
        """One row."""
        print(f"{self.label}: {self.asked} questions, {self.lines} lines by the model, {self.wrong} wrong before the guard "
              f"({self.wrong / max(1, self.lines):.1%}); violations by kind {dict(self.kinds)}; {dict(self.shown)}; "
              f"{self.seconds / self.asked:.1f} s a question; shown names and figures that neither facts nor question "
              f"hold: {self.unknown}", flush=True)


def run(adapters: tuple[str, ...] = (NONE, SHIPPED)) -> None:
    """Ask the same questions untuned and tuned, with and without the grammar; a row for each way of asking."""
    settings = load_settings()
    library = open_library(settings.home)
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        for adapter in adapters:
            engine = open_engine_of(settings.model_copy(update={"adapter": adapter}))
            for grammar in (True, False):
                assistant = TravelAssistant(library, engine, store, use_grammar=grammar)
                assistant.warm_up()
                _ask_all(Tally(f"adapter {adapter}, {'with' if grammar else 'without'} the grammar", assistant))


def _ask_all(tally: Tally) -> None:
    for number, text in enumerate(questions(), start=1):
        tally.ask(text)
        if number % REPORT_EVERY == 0:
            tally.report()


def questions() -> list[str]:
    """Varied questions in Chinese and English, taken from the gold sets by turns of intent."""
    items = [item for file in ("understanding.yaml", "understanding_fresh.yaml")
             for item in yaml.safe_load((DATA / file).read_text(encoding="utf-8"))
             if not item.get("context") and item["intent"] in ASKED]
    queues = [[item["text"] for item in items if item["intent"] == intent] for intent in ASKED]
    mixed = [queue[place] for place in range(max(map(len, queues))) for queue in queues if place < len(queue)]
    return mixed[:QUESTIONS]
