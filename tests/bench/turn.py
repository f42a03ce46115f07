"""Seconds of the showcase question, and what the chain costs beside the bare engine."""

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import requests
from langchain_openai import ChatOpenAI

from assistant.assistant import TravelAssistant, embedded_config
from assistant.events import FinishedEvent, TextEvent
from assistant.settings import load_settings
from assistant.store import Store
from chains.answer import Answerer, Origin, Record, Request
from chains.models.chat import Engine, chat_engine
from chains.models.embedded import EmbeddedEngine
from knowledge.library import open_library

QUESTION = "我去青岛可以去哪里玩,花费多少?"
RUNS = 20
SHOWCASES = 5
CITIES = ("济南", "杭州", "西安", "成都", "南京", "厦门", "桂林", "苏州", "洛阳", "大理", "广州", "武汉", "长沙", "昆明", "三亚",
          "重庆", "上海", "北京", "深圳", "哈尔滨")


def run() -> None:
    """Print medians over runs; no run finds more in the engine's cache than the beginning of the prompt."""
    settings = load_settings()
    library = open_library(settings.home)
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        # Engines that have read nothing; each sleeps until it is asked, and runs while it is held.
        running = [EmbeddedEngine(embedded_config(settings)) for _ in range(SHOWCASES + 2)]
        *engines, bare = [chat_engine(engine.base_url, "bench", takes_grammar=True) for engine in running]
        assistants = [TravelAssistant(library, engine, store) for engine in engines]
        for assistant in assistants:
            assistant.warm_up()
        _showcase(assistants[:SHOWCASES])
        _overhead(assistants[-1], bare)


def _showcase(assistants: list[TravelAssistant]) -> None:
    turns, first_lines = [], []
    for assistant in assistants:
        events = list(assistant.stream(assistant.new_conversation(), QUESTION))
        turns.append(next(event for event in events if isinstance(event, FinishedEvent)))
        by_model = [event.seconds for event in events
                    if isinstance(event, TextEvent) and event.origin in (Origin.MODEL, Origin.REWRITTEN)]
        first_lines.append(min(by_model, default=float("inf")))
    for name in ("facts", "first_text", "total"):
        print(f"{QUESTION} {name}: median {median(getattr(t.timings, name) for t in turns):.2f} s, "
              f"worst {max(getattr(t.timings, name) for t in turns):.2f} s of {len(turns)}")
    print(f"first line by the model: median {median(first_lines):.2f} s, worst {max(first_lines):.2f} s of {len(first_lines)}")
    print(turns[-1].text)


def _overhead(assistant: TravelAssistant, bare: Engine) -> None:
    """Each turn's time over that of its own requests sent straight to a fresh engine, read as far as the turn read them."""
    Answerer(bare, assistant.library).warm_up()
    turns = [_ask(assistant, f"我去{city}可以去哪里玩,花费多少?") for city in CITIES[:RUNS]]
    ratios = [finished.timings.total / _bare_seconds(bare.model, record) for finished, record in turns]
    requests_made = sum(len(record.requests) for _, record in turns)
    print(f"whole turn over bare engine: median {median(ratios):.3f}, worst {max(ratios):.3f} of {RUNS} ({requests_made} requests)")


def _ask(assistant: TravelAssistant, text: str) -> tuple[FinishedEvent, Record]:
    record = Record()
    *_, last = assistant.stream(assistant.new_conversation(), text, record)
    assert isinstance(last, FinishedEvent)
    return last, record


def _bare_seconds(model: ChatOpenAI, record: Record) -> float:
    """Seconds of a turn's requests, one after the other, each as far as the turn read it."""
    ends = [request.before for request in record.requests[1:]] + [len(record.raw)]
    return sum(_bare(model, request, end - request.before) for request, end in zip(record.requests, ends, strict=True))


def _bare(model: ChatOpenAI, request: Request, lines: int) -> float:
    """Seconds until so many lines of one answer are whole, with nothing of ours and nothing of LangChain's around it."""
    roles = {"system": "system", "human": "user", "ai": "assistant"}
    body = {
        "model": "bench", "stream": True, "max_tokens": model.max_tokens, "temperature": request.options.get("temperature", 0.0),
        "messages": [{"role": roles[message.type], "content": message.content} for message in request.messages],
        **request.options.get("extra_body", {}),
    }
    started = time.perf_counter()
    with requests.post(f"{model.openai_api_base}/chat/completions", json=body, stream=True, timeout=120) as answer:
        seen = 0
        for row in answer.iter_lines():
            seen += row.count(b"\\n")  # an escaped line break inside the JSON of a chunk
            if seen >= lines:
                break
    return time.perf_counter() - started
