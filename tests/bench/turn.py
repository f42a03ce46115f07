"""Seconds of the showcase question, and what the chain costs beside the bare engine."""

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import requests

from assistant.assistant import TravelAssistant, open_engine_of
from assistant.events import FinishedEvent, TextEvent
from assistant.settings import load_settings
from assistant.store import Store
from chains.answer import Origin, Record
from knowledge.library import open_library

QUESTION = "我去青岛可以去哪里玩,花费多少?"
RUNS = 20
SHOWCASES = 5
FRESH_CITIES = ("杭州", "西安", "成都", "南京", "厦门", "桂林", "苏州", "洛阳", "大理", "广州", "武汉", "长沙", "昆明", "三亚",
                "重庆", "上海", "北京", "深圳", "哈尔滨")


def run() -> None:
    """Print medians over runs; every run asks about another city first, so that nothing but the beginning is cached."""
    settings = load_settings()
    engine = open_engine_of(settings)
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        assistant = TravelAssistant(open_library(settings.home), engine, store)
        assistant.warm_up()
        _showcase(assistant)
        _overhead(assistant)


def _showcase(assistant: TravelAssistant) -> None:
    turns, first_lines = [], []
    for city in FRESH_CITIES[:SHOWCASES]:
        _ask(assistant, f"{city}有什么好玩的")
        turns.append(_ask(assistant, QUESTION)[0])
        first_lines.append(_first_line_of_the_model(assistant))
    for name in ("facts", "first_text", "total"):
        print(f"{QUESTION} {name}: median {median(getattr(t.timings, name) for t in turns):.2f} s, "
              f"worst {max(getattr(t.timings, name) for t in turns):.2f} s of {len(turns)}")
    print(f"first line by the model: median {median(first_lines):.2f} s, worst {max(first_lines):.2f} s of {len(first_lines)}")
    print(turns[-1].text)


def _first_line_of_the_model(assistant: TravelAssistant) -> float:
    """Seconds until the first guarded line that the model wrote, for a city whose facts are not cached."""
    _ask(assistant, "杭州有什么好玩的")
    for event in assistant.stream(assistant.new_conversation(), QUESTION):
        if isinstance(event, TextEvent) and event.origin in (Origin.MODEL, Origin.REWRITTEN):
            return event.seconds
    return float("inf")


def _overhead(assistant: TravelAssistant) -> None:
    """Each turn's time over that of its own requests sent straight to the engine.

    All turns first, then all requests in the same order: both find the beginning cached and the facts not.
    """
    cities = [FRESH_CITIES[number % len(FRESH_CITIES)] for number in range(RUNS)]
    turns = [_ask(assistant, f"我去{city}可以去哪里玩,花费多少?") for city in cities]
    ratios = [finished.timings.total / sum(_bare(assistant, asked, options) for asked, options in record.requests)
              for finished, record in turns]
    requests_made = sum(len(record.requests) for _, record in turns)
    print(f"whole turn over bare engine: median {median(ratios):.3f}, worst {max(ratios):.3f} of {RUNS} ({requests_made} requests)")


def _ask(assistant: TravelAssistant, text: str) -> tuple[FinishedEvent, Record]:
    record = Record()
    *_, last = assistant.stream(assistant.new_conversation(), text, record)
    assert isinstance(last, FinishedEvent)
    return last, record


def _bare(assistant: TravelAssistant, asked: list, options: dict) -> float:
    """Seconds of one request posted with nothing of ours and nothing of LangChain's around it."""
    model = assistant.engine.model
    roles = {"system": "system", "human": "user", "ai": "assistant"}
    body = {
        "model": "bench", "stream": True, "max_tokens": model.max_tokens, "temperature": options.get("temperature", 0.0),
        "messages": [{"role": roles[message.type], "content": message.content} for message in asked],
        **options.get("extra_body", {}),
    }
    started = time.perf_counter()
    with requests.post(f"{model.openai_api_base}/chat/completions", json=body, stream=True, timeout=120) as answer:
        for _ in answer.iter_lines():
            pass
    return time.perf_counter() - started
