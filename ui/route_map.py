"""Where the sights lie: the drawing of `assistant.sketch`, one for each city, as the page shows it.

Streamlit lets no inline SVG through, so a drawing goes into the page as an image, once for wide and once for narrow.
"""

from base64 import b64encode
from collections.abc import Mapping
from html import escape

from assistant.sketch import Spot, sketch
from chains.facts import Card, Facts
from chains.understanding.request import Language
from chains.wording import name_of
from knowledge.records import City

WIDE, NARROW = (760, 280), (340, 260)  # pixels
_TEXTS: Mapping[Language, Mapping[str, str]] = {
    "zh": {"title": "位置示意", "rough": "虚线圈为大致位置", "missing": "没有位置资料，未画出：",
           "and": "、", "alt": "{city}的位置示意图：{names}"},
    "en": {"title": "Where they lie", "rough": "dashed: approximate position",
           "missing": "not drawn, position unknown: ", "and": ", ", "alt": "Sketch map of {city}: {names}"},
}


def map_html(facts: Facts) -> str:
    """The drawings of an answer, city by city; empty where fewer than two positions are known in each."""
    cities = {card.city.id: card.city for card in facts.cards}
    return "".join(city_map_html(city, [card for card in facts.cards if card.city.id == city.id], facts.language)
                   for city in cities.values())


def city_map_html(city: City, cards: list[Card], language: Language) -> str:
    """One city's drawing with its title and what it leaves out."""
    placed = [card for card in cards if card.sight.position]
    if len(placed) < 2:
        return ""
    texts, names = _TEXTS[language], [f"{card.number} {name_of(card.sight, language)}" for card in placed]
    alt = escape(texts["alt"].format(city=name_of(city, language), names=texts["and"].join(names)))
    images = images_html([spot for card in placed if (spot := spot_of(card, language))], language, alt)
    title = f"{texts['title']} · {escape(name_of(city, language))}"
    return f'<figure class="fj-map"><figcaption><b>{title}</b>{_remarks(cards, language)}</figcaption>{images}</figure>'


def _remarks(cards: list[Card], language: Language) -> str:
    texts = _TEXTS[language]
    remarks = [texts["rough"]] if any(card.sight.position and card.sight.position.approximate for card in cards) else []
    lost = [name_of(card.sight, language) for card in cards if card.sight.position is None]
    remarks += [texts["missing"] + texts["and"].join(lost)] if lost else []
    return "".join(f"<small>{escape(remark)}</small>" for remark in remarks)


def spot_of(card: Card, language: Language) -> Spot | None:
    """A card as a place to draw; None where its position is unknown."""
    position = card.sight.position
    if position is None:
        return None
    return Spot(card.number, name_of(card.sight, language), position.latitude_deg, position.longitude_deg, position.approximate)


def images_html(spots: list[Spot], language: Language, alt: str, *, route: bool = False) -> str:
    """The drawing for wide and for narrow pages; `alt` must be escaped."""
    return "".join(f'<img class="fj-{look}" alt="{alt}" width="{size[0]}" height="{size[1]}" src="{_as_image(sketch(spots, language, size, route=route))}">'
                   for look, size in (("wide", WIDE), ("narrow", NARROW)))


def _as_image(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
