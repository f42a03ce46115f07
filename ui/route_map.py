"""Where the sights lie: a small drawing of numbered pins to scale, one for each city. No tiles, no network.

Positions are drawn as the records hold them, in one plane around their middle; a shift between datums (some hundred
metres) is not corrected. No streets and no coast are drawn, because we hold none.
Streamlit lets no inline SVG through, so a drawing goes into the page as an image, once for wide and once for narrow.
"""

import math
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape

from chains.facts import Card, Facts
from chains.understanding.request import Language
from chains.wording import name_of
from knowledge.geometry import EARTH_RADIUS_KM
from knowledge.records import City, Position

WIDE, NARROW = (760, 280), (340, 260)  # pixels
MARGIN_PX, FOOT_PX, PIN_PX, FONT_PX = 34, 26, 11, 13
APART_PX = 2 * PIN_PX + 7  # between the middles of two badges
MIN_SPAN_KM = 1.0  # two neighbours are not blown up to fill the drawing
ROUNDS = 60  # of pushing badges apart
_FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif"
_TEXTS: Mapping[Language, Mapping[str, str]] = {
    "zh": {"title": "位置示意", "km": "公里", "m": "米", "rough": "虚线圈为大致位置", "missing": "没有位置资料，未画出：",
           "north": "北", "and": "、", "alt": "{city}的位置示意图：{names}"},
    "en": {"title": "Where they lie", "km": "km", "m": "m", "rough": "dashed: approximate position",
           "missing": "not drawn, position unknown: ", "north": "N", "and": ", ", "alt": "Sketch map of {city}: {names}"},
}


@dataclass(frozen=True)
class Pin:
    """A sight on the drawing: where it lies (`x`, `y`) and where its badge stands (`badge_x`, `badge_y`), in pixels."""

    number: int
    name: str
    rough: bool
    x: float
    y: float
    badge_x: float = 0.0
    badge_y: float = 0.0


@dataclass(frozen=True)
class Box:
    """A rectangle that is taken, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


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
    images = "".join(f'<img class="fj-{look}" alt="{alt}" width="{size[0]}" height="{size[1]}" src="{_as_image(sketch(placed, language, size))}">'
                     for look, size in (("wide", WIDE), ("narrow", NARROW)))
    title = f"{texts['title']} · {escape(name_of(city, language))}"
    return f'<figure class="fj-map"><figcaption><b>{title}</b>{_remarks(cards, language)}</figcaption>{images}</figure>'


def _remarks(cards: list[Card], language: Language) -> str:
    texts = _TEXTS[language]
    remarks = [texts["rough"]] if any(card.sight.position and card.sight.position.approximate for card in cards) else []
    lost = [name_of(card.sight, language) for card in cards if card.sight.position is None]
    remarks += [texts["missing"] + texts["and"].join(lost)] if lost else []
    return "".join(f"<small>{escape(remark)}</small>" for remark in remarks)


def _as_image(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def sketch(cards: list[Card], language: Language, size: tuple[int, int]) -> str:
    """The drawing itself, as SVG; every card must have a position."""
    pins, km_px = place(cards, language, size)
    bar_km = bar_length_km(km_px, size[0])
    boxes = [_badge_box(pin) for pin in pins]
    labels = [_label(pin, boxes, size) for pin in pins]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" font-family="{_FONT}">'
        f'<rect width="100%" height="100%" fill="#F3EFE6"/>{_grid(bar_km * km_px, size)}'
        f'{"".join(_stem(pin) for pin in pins)}{"".join(labels)}{"".join(_badge(pin) for pin in pins)}'
        f"{_scale_bar(bar_km, km_px, language, size)}</svg>"
    )


def place(cards: list[Card], language: Language, size: tuple[int, int]) -> tuple[list[Pin], float]:
    """The pins in pixels, badges pushed apart, and how many pixels one kilometre takes."""
    plane = _plane_km([card.sight.position for card in cards if card.sight.position])
    width, height = size[0] - 2 * MARGIN_PX, size[1] - 2 * MARGIN_PX - FOOT_PX
    spans = [max(max(axis) - min(axis), MIN_SPAN_KM) for axis in zip(*plane, strict=True)]
    km_px = min(width / spans[0], height / spans[1])
    pins = [_pin(card, language, size[0] / 2 + east * km_px, MARGIN_PX + height / 2 - north * km_px)
            for card, (east, north) in zip(cards, plane, strict=True)]
    return _apart(pins, size), km_px


def _plane_km(positions: list[Position]) -> list[tuple[float, float]]:
    """Kilometres east and north of the middle of all positions."""
    latitudes, longitudes = [p.latitude_deg for p in positions], [p.longitude_deg for p in positions]
    middle_lat, middle_lon = (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2
    degree_km = math.radians(EARTH_RADIUS_KM)
    narrowing = math.cos(math.radians(middle_lat))
    return [((lon - middle_lon) * degree_km * narrowing, (lat - middle_lat) * degree_km)
            for lat, lon in zip(latitudes, longitudes, strict=True)]


def _pin(card: Card, language: Language, x: float, y: float) -> Pin:
    rough = bool(card.sight.position and card.sight.position.approximate)
    return Pin(card.number, name_of(card.sight, language), rough, x, y)


def _apart(pins: list[Pin], size: tuple[int, int]) -> list[Pin]:
    """Move badges until none covers another; the stem keeps showing the true place."""
    spots = [[pin.x, pin.y] for pin in pins]
    for _ in range(ROUNDS):
        for here in range(len(spots)):
            for there in range(here):
                _push(spots[here], spots[there], turn=here)
        for spot in spots:
            spot[0] = min(max(spot[0], PIN_PX + 4), size[0] - PIN_PX - 4)
            spot[1] = min(max(spot[1], PIN_PX + 4), size[1] - FOOT_PX - PIN_PX)
    return [replace(pin, badge_x=x, badge_y=y) for pin, (x, y) in zip(pins, spots, strict=True)]


def _push(one: list[float], other: list[float], turn: int) -> None:
    """Two spots that are too close each move half of what lacks; on the very same spot `turn` gives the direction."""
    across, down = one[0] - other[0], one[1] - other[1]
    distance = math.hypot(across, down)
    if distance >= APART_PX:
        return
    way = (across / distance, down / distance) if distance else (math.cos(turn), math.sin(turn))
    for axis in (0, 1):
        one[axis] += way[axis] * (APART_PX - distance) / 2
        other[axis] -= way[axis] * (APART_PX - distance) / 2


def bar_length_km(km_px: float, width_px: int) -> float:
    """The longest of 1, 2, 5 × 10ⁿ kilometres that takes at most a fifth of the width."""
    most = width_px / 5 / km_px
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most)


def _badge_box(pin: Pin) -> Box:
    return Box(pin.badge_x - PIN_PX - 1, pin.badge_y - PIN_PX - 1, pin.badge_x + PIN_PX + 1, pin.badge_y + PIN_PX + 1)


def _label(pin: Pin, taken: list[Box], size: tuple[int, int]) -> str:
    """The name beside its badge where there is room, else nothing: the number is on the card too."""
    gap, above = PIN_PX + 6, PIN_PX + 6 + FONT_PX * 0.65
    sides = ((gap, 0.0, "start"), (-gap, 0.0, "end"), (0.0, -above, "middle"), (0.0, above, "middle"))
    for across, down, anchor in sides:
        x, y = pin.badge_x + across, pin.badge_y + down
        box = _text_box(pin.name, x, y, anchor)
        if _inside(box, size) and not any(box.meets(other) for other in taken):
            taken.append(box)
            return (f'<text x="{x:.1f}" y="{y + FONT_PX * 0.36:.1f}" font-size="{FONT_PX}" text-anchor="{anchor}" fill="#25302E" '
                    f'stroke="#F3EFE6" stroke-width="3" paint-order="stroke">{escape(pin.name)}</text>')
    return ""


def _text_box(text: str, x: float, y: float, anchor: str) -> Box:
    width, half = text_width_px(text), FONT_PX * 0.65
    left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return Box(left - 2, y - half, left + width + 2, y + half)


def _inside(box: Box, size: tuple[int, int]) -> bool:
    return box.left > 0 and box.right < size[0] and box.top > 0 and box.bottom < size[1] - FOOT_PX


def text_width_px(text: str) -> float:
    """Roughly how wide a label is: Chinese characters are square, Latin ones a little over half."""
    return sum(FONT_PX if ord(character) > 0x2E7F else FONT_PX * 0.56 for character in text)


def _stem(pin: Pin) -> str:
    """The true place of a pin whose badge had to move."""
    if math.hypot(pin.badge_x - pin.x, pin.badge_y - pin.y) < 3:
        return ""
    return (f'<path d="M{pin.x:.1f} {pin.y:.1f}L{pin.badge_x:.1f} {pin.badge_y:.1f}" stroke="#1F6B66" stroke-width="1.2"/>'
            f'<circle cx="{pin.x:.1f}" cy="{pin.y:.1f}" r="2.6" fill="#1F6B66"/>')


def _badge(pin: Pin) -> str:
    ring = f'<circle cx="{pin.badge_x:.1f}" cy="{pin.badge_y:.1f}" r="{PIN_PX + 2.5}" fill="none" stroke="#1F6B66" stroke-dasharray="2.5 2.5"/>'
    return (f'{ring if pin.rough else ""}<circle cx="{pin.badge_x:.1f}" cy="{pin.badge_y:.1f}" r="{PIN_PX}" fill="#1F6B66" stroke="#fff" stroke-width="1.5"/>'
            f'<text x="{pin.badge_x:.1f}" y="{pin.badge_y + 4:.1f}" font-size="12" font-weight="700" text-anchor="middle" fill="#fff">{pin.number}</text>')


def _grid(step_px: float, size: tuple[int, int]) -> str:
    """Squares as wide as the scale bar is long, out from the middle."""
    lines = [f"M{x:.1f} 0V{size[1]}" for x in _steps(size[0], step_px)] + [f"M0 {y:.1f}H{size[0]}" for y in _steps(size[1], step_px)]
    return f'<path d="{"".join(lines)}" stroke="#E3DACA" stroke-width="1" fill="none"/>'


def _steps(length: float, step: float) -> Iterable[float]:
    first = length / 2 - math.floor(length / 2 / step) * step
    return (first + step * index for index in range(math.floor((length - first) / step) + 1))


def _scale_bar(bar_km: float, km_px: float, language: Language, size: tuple[int, int]) -> str:
    texts, length, foot = _TEXTS[language], bar_km * km_px, size[1] - 11
    words = f"{bar_km:g} {texts['km']}" if bar_km >= 1 else f"{bar_km * 1000:g} {texts['m']}"
    right = size[0] - 18
    return (f'<path d="M12 {foot - 5}v5h{length:.1f}v-5" fill="none" stroke="#5D665F" stroke-width="1.4"/>'
            f'<text x="{20 + length:.1f}" y="{foot + 1}" font-size="11" fill="#5D665F">{words}</text>'
            f'<path d="M{right} {foot - 16}l4 10h-8z" fill="#5D665F"/>'
            f'<text x="{right}" y="{foot + 4}" font-size="10" text-anchor="middle" fill="#5D665F">{texts["north"]}</text>')
