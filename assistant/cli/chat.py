"""`fengjing ask` and `fengjing chat`: the same events as the page, as text or JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console

from assistant.assistant import TravelAssistant, open_assistant
from assistant.events import Event, FactsEvent, FinishedEvent, TextEvent
from chains.facts import Facts
from chains.wording import price_words

_QUIT = frozenset({"exit", "quit", "bye", "退出", "再见"})


def ask(
    text: Annotated[str, typer.Argument(help="The question, in Chinese or English.")],
    as_json: Annotated[bool, typer.Option("--json", help="Text, facts, citations, timings and guard counts as JSON.")] = False,
) -> None:
    """Ask one question and print the answer."""
    errors = Console(stderr=True)
    assistant = open_assistant(lambda line: errors.print(f"[dim]{line}[/dim]"))
    events = assistant.stream(assistant.new_conversation(), text)
    if as_json:
        typer.echo(json.dumps(finished_json(_last(events)), ensure_ascii=False, indent=2))
    else:
        print_turn(events, Console())


def chat() -> None:
    """Talk; an empty line or 退出 ends it."""
    console = Console()
    assistant = open_assistant(lambda line: console.print(f"[dim]{line}[/dim]"))
    conversation = assistant.new_conversation()
    console.print("[bold]与风景对话[/bold]  想去哪座城市？（空行结束）")
    while (text := _read(console)) and text.lower() not in _QUIT:
        _turn(assistant, conversation, text, console)


def _turn(assistant: TravelAssistant, conversation: int, text: str, console: Console) -> None:
    events = assistant.stream(conversation, text)
    try:
        print_turn(events, console)
    except KeyboardInterrupt:
        events.close()  # keeps what was shown
        console.print("[dim]（已停止）[/dim]")


def _read(console: Console) -> str:
    try:
        return console.input("[green]你[/green] ").strip()
    except EOFError:
        return ""


def print_turn(events: Iterator[Event], console: Console) -> None:
    """Facts as a short list, then the words as they come, then the sources."""
    for event in events:
        if isinstance(event, FactsEvent):
            _print_cards(event.facts, console)
        elif isinstance(event, TextEvent):
            console.print(event.text, markup=False, highlight=False, soft_wrap=True)
        elif isinstance(event, FinishedEvent):
            _print_end(event, console)


def _print_cards(facts: Facts, console: Console) -> None:
    for card in facts.cards:
        price = price_words(card.sight.ticket, facts.language, facts.day)
        console.print(f"  [{card.number}] {card.sight.name} · {price}", style="dim", markup=False, highlight=False, soft_wrap=True)


def _print_end(event: FinishedEvent, console: Console) -> None:
    sources = sorted({f"{source.label} {source.year}" for c in event.facts.citations for _, source in c.facts})
    if sources:
        console.print(f"来源：{'、'.join(sources)}；用 fengjing knowledge show 名称 查看记录", style="dim", markup=False)
    if event.problem:
        console.print(event.problem, style="yellow", markup=False)
    seconds, counts = event.timings.total, event.guard
    console.print(f"{seconds:.1f} s · {counts.lines} lines, {counts.wrong} wrong before the guard", style="dim")


def _last(events: Iterator[Event]) -> FinishedEvent:
    for event in events:
        if isinstance(event, FinishedEvent):
            return event
    raise AssertionError("a turn always finishes")


def finished_json(event: FinishedEvent) -> dict[str, Any]:
    """A finished turn as plain data."""
    facts = event.facts
    return {
        "text": event.text,
        "intent": facts.request.intent.value,
        "kind": facts.kind.value,
        "facts": [_card_json(facts, number) for number in range(len(facts.cards))],
        "total": asdict(facts.total) if facts.total else None,
        "missing": list(facts.missing),
        "citations": [_citation_json(facts, number) for number in range(len(facts.citations))],
        "timings": asdict(event.timings),
        "guard": {**asdict(event.guard), "kinds": dict(event.guard.kinds)},
        "problem": event.problem,
    }


def _card_json(facts: Facts, place: int) -> dict[str, Any]:
    card = facts.cards[place]
    price = price_words(card.sight.ticket, facts.language, facts.day)
    return {"number": card.number, "id": card.sight.id, "name": card.sight.name, "city": card.city.name, "price": price}


def _citation_json(facts: Facts, place: int) -> dict[str, Any]:
    citation = facts.citations[place]
    sources = {fact: {"source": source.label, "year": source.year} for fact, source in citation.facts}
    return {"number": citation.number, "record": citation.record, "name": citation.name, "facts": sources, "url": citation.url}
