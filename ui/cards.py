"""Sight cards, the total and the sources of an answer, as HTML; pure functions of the facts.

Every value of a record is worded by `chains.wording` and escaped here. Streamlit sanitises HTML once more, so only
plain HTML is used: no SVG, no script.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

from chains import wording
from chains.facts import Card, Citation, Facts
from chains.understanding.request import Language
from knowledge.prices import visit_yuan
from knowledge.records import Attraction, City, Position, Rating, Source
from knowledge.tags import TAGS

TAGS_SHOWN = 4
FACT_NAMES: Mapping[Language, Mapping[str, str]] = {
    "zh": {"ticket": "门票", "hours": "开放时间", "visit": "建议游览", "level": "等级", "position": "位置",
           "rating": "游客评分", "meals": "每人每餐", "lodging": "每间每晚", "transport": "交通", "best_months": "适合的月份"},
    "en": {"ticket": "Tickets", "hours": "Hours", "visit": "Time needed", "level": "Rating", "position": "Position",
           "rating": "Visitors' score", "meals": "Meal, per person", "lodging": "Room, per night",
           "transport": "Getting around", "best_months": "Good months"},
}
_LABELS: Mapping[Language, Mapping[str, str]] = {
    "zh": {"cards": "景点", "hours": "开放", "visit": "游览", "total": "一位成人门票合计", "free": "全部免费", "peak": "按旺季价",
           "unknown": "不含票价未知的", "source": "来源", "year": "{} 年", "page": "打开来源页面", "approximate": "大致位置"},
    "en": {"cards": "Sights", "hours": "Hours", "visit": "Allow", "total": "Tickets for one adult", "free": "all free", "peak": "at peak prices",
           "unknown": "not counting, price unknown:", "source": "Source", "year": "{}", "page": "Open the source page",
           "approximate": "approximate"},
}


@dataclass(frozen=True)
class SourceRow:
    """One fact behind a number: its name, its value in words, and where it was taken from."""

    fact: str
    value: str
    source: str
    year: str


def cards_html(facts: Facts) -> str:
    """All cards of an answer as a grid; empty where there are none."""
    if not facts.cards:
        return ""
    several = len({card.city.id for card in facts.cards}) > 1
    inside = "".join(card_html(card, facts.language, facts.day, with_city=several) for card in facts.cards)
    return f'<section class="fj-cards" aria-label="{_LABELS[facts.language]["cards"]}">{inside}</section>'


def card_html(card: Card, language: Language, day: date | None = None, *, with_city: bool = False) -> str:
    """One sight: number, name, level, price, summary, hours, time needed and tags."""
    sight = card.sight
    return (
        f'<article class="fj-card"><header><span class="fj-no">{card.number}</span>'
        f"<h3>{escape(wording.name_of(sight, language))}</h3>{_level(sight)}</header>"
        f"{_price(sight, language, day)}{_summary(card, language, with_city=with_city)}"
        f"{_times(sight, language, day)}{_tags(sight, language)}</article>"
    )


def _level(sight: Attraction) -> str:
    return f'<span class="fj-level">{sight.grade.level}</span>' if sight.grade else ""


def _price(sight: Attraction, language: Language, day: date | None) -> str:
    cost = visit_yuan(sight.ticket, day)
    look = "unknown" if cost is None else "free" if cost == 0 else "paid"
    return f'<p class="fj-price fj-{look}">{escape(wording.price_words(sight.ticket, language, day))}</p>'


def _summary(card: Card, language: Language, *, with_city: bool) -> str:
    text = card.sight.summary if language == "zh" else card.sight.summary_en
    city = f'<span class="fj-city">{escape(wording.name_of(card.city, language))}</span>' if with_city else ""
    return f'<p class="fj-summary">{city}{escape(text)}</p>' if text or city else ""


def _times(sight: Attraction, language: Language, day: date | None) -> str:
    labels = _LABELS[language]
    rows = [(labels["hours"], wording.hours_words(sight.hours, language, day)),
            (labels["visit"], wording.visit_words(sight.visit, language))]
    inside = "".join(f"<div><dt>{label}</dt><dd>{_clauses(value)}</dd></div>" for label, value in rows)
    return f'<dl class="fj-times">{inside}</dl>'


def _clauses(text: str) -> str:
    """The same text, each clause kept together, so that lines break between clauses and not within a date."""
    return "".join(f"<span>{escape(clause)}</span>" for clause in re.split(r"(?<=，)|(?<=, )", text) if clause)


def _tags(sight: Attraction, language: Language) -> str:
    names = [tag if language == "zh" else TAGS.get(tag, tag) for tag in sight.tags[:TAGS_SHOWN]]
    return f'<p class="fj-tags">{"".join(f"<span>{escape(name)}</span>" for name in names)}</p>' if names else ""


def total_html(facts: Facts) -> str:
    """The sum for one adult, what season it holds for and what it leaves out; empty for fewer than two prices."""
    chosen, labels = facts.total, _LABELS[facts.language]
    if chosen is None or len(chosen.counted) < 2:
        return ""
    unknown = [wording.name_of(card.sight, facts.language) for card in facts.cards if card.sight.name in chosen.unknown]
    joint = "、" if facts.language == "zh" else ", "
    remarks = [labels["peak"]] if chosen.seasonal else []
    remarks += [f"{labels['unknown']} {joint.join(unknown)}"] if unknown else []
    small = f"<small>{escape(' · '.join(remarks))}</small>" if remarks else ""
    amount = wording.yuan(chosen.yuan, facts.language) if chosen.yuan else labels["free"]
    return f'<p class="fj-total"><span>{labels["total"]}</span><strong>{amount}</strong>{small}</p>'


def source_rows(citation: Citation, facts: Facts) -> tuple[SourceRow, ...]:
    """Every fact of a cited record with its value and its source."""
    values = _values(citation.record, facts)
    names, language = FACT_NAMES[facts.language], facts.language
    return tuple(
        SourceRow(names.get(fact, fact), values.get(fact, ""), source.label if language == "zh" else source.label_en,
                  _LABELS[language]["year"].format(source.year))
        for fact, source in sorted(citation.facts, key=lambda item: _order(item, language))
    )


def _order(item: tuple[str, Source], language: Language) -> int:
    names = list(FACT_NAMES[language])
    return names.index(item[0]) if item[0] in names else len(names)


def _values(record: str, facts: Facts) -> dict[str, str]:
    for card in facts.cards:
        if card.sight.id == record:
            return _sight_values(card.sight, facts.language)
    for city in facts.cities:
        if city.id == record:
            return _city_values(city, facts.language)
    return {}


def _sight_values(sight: Attraction, language: Language) -> dict[str, str]:
    """What the record says, in words, for the facts that can be cited."""
    return {
        "ticket": wording.ticket_details(sight.ticket, language),
        "hours": wording.hours_words(sight.hours, language),
        "visit": wording.visit_words(sight.visit, language),
        "level": sight.grade.level if sight.grade else "",
        "position": _position_words(sight.position, language),
        "rating": _rating_words(sight.rating, language),
    }


def _city_values(city: City, language: Language) -> dict[str, str]:
    return {
        "meals": wording.band_words(city.meals, language),
        "lodging": wording.band_words(city.lodging, language),
        "transport": city.transport if language == "zh" else city.transport_en,
        "best_months": wording.months_words(city.best_months, language) if city.best_months else "",
        "position": _position_words(city.position, language),
    }


def _position_words(position: Position | None, language: Language) -> str:
    if position is None:
        return ""
    place = f"{position.latitude_deg:.4f}°N {position.longitude_deg:.4f}°E {position.datum}"
    rough = _LABELS[language]["approximate"]
    return place if not position.approximate else f"{place}（{rough}）" if language == "zh" else f"{place} ({rough})"


def _rating_words(rating: Rating | None, language: Language) -> str:
    if rating is None:
        return ""
    parts = [f"{rating.score:g} / 5"] if rating.score is not None else []
    if rating.reviews is not None:
        parts.append(f"{rating.reviews} 条点评" if language == "zh" else f"{rating.reviews} reviews")
    return " · ".join(parts)


def source_html(citation: Citation, facts: Facts) -> str:
    """What opens behind a number: the record's name, its facts each with source and year, and the page's link."""
    rows = "".join(_source_row(row) for row in source_rows(citation, facts))
    head = f'<h4><span class="fj-no">{citation.number}</span>{escape(cited_name(citation, facts))}</h4>'
    return f'<div class="fj-source">{head}<dl>{rows}</dl>{_link(citation.url, facts.language)}</div>'


def _source_row(row: SourceRow) -> str:
    return (f"<div><dt>{escape(row.fact)}</dt><dd>{_clauses(row.value)}"
            f"<small>{escape(row.source)} · {escape(row.year)}</small></dd></div>")


def _link(url: str, language: Language) -> str:
    if not url.startswith(("http://", "https://")):
        return ""
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{_LABELS[language]["page"]} ↗</a>'


def cited_name(citation: Citation, facts: Facts) -> str:
    """The cited record's name in the answer's language."""
    records: Iterable[Attraction | City] = (*(card.sight for card in facts.cards), *facts.cities)
    return next((wording.name_of(record, facts.language) for record in records if record.id == citation.record), citation.name)


def sources_label(language: Language) -> str:
    """The word before the row of numbered sources."""
    return _LABELS[language]["source"]
