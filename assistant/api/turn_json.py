"""A finished turn as plain data, for whoever speaks JSON."""

from dataclasses import asdict
from typing import Any

from assistant.events import FinishedEvent
from chains.facts import Card, Citation, Facts
from chains.wording import price_words


def turn_json(event: FinishedEvent) -> dict[str, Any]:
    """Everything but the text: what was meant, the facts and their sources, what is missing, and how the turn went."""
    facts = event.facts
    return {
        "intent": facts.request.intent.value,
        "kind": facts.kind.value,
        "facts": [_card(card, facts) for card in facts.cards],
        "total": asdict(facts.total) if facts.total else None,
        "missing": list(facts.missing),
        "citations": [_citation(citation) for citation in facts.citations],
        "plan": facts.plan.model_dump(mode="json") if facts.plan else None,
        "timings": asdict(event.timings),
        "guard": {**asdict(event.guard), "kinds": dict(event.guard.kinds)},
        "problem": event.problem,
    }


def _card(card: Card, facts: Facts) -> dict[str, Any]:
    price = price_words(card.sight.ticket, facts.language, facts.day)
    return {"number": card.number, "id": card.sight.id, "name": card.sight.name, "city": card.city.name, "price": price}


def _citation(citation: Citation) -> dict[str, Any]:
    sources = {fact: {"source": source.label, "year": source.year} for fact, source in citation.facts}
    return {"number": citation.number, "record": citation.record, "name": citation.name, "facts": sources, "url": citation.url}
