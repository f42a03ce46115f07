"""A small drawing of numbered places to scale, as SVG: no tiles, no network. The page and the exports share it.

Positions are drawn as the records hold them, in one plane around their middle; a shift between datums (some hundred
metres) is not corrected. No streets and no coast are drawn, because we hold none.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from chains.understanding.request import Language
from knowledge.geometry import EARTH_RADIUS_KM

MARGIN_PX, FOOT_PX, PIN_PX, FONT_PX = 34, 26, 11, 13
APART_PX = 2 * PIN_PX + 7  # between the middles of two badges
MIN_SPAN_KM = 1.0  # two neighbours are not blown up to fill the drawing
ROUNDS = 60  # of pushing badges apart
_FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif"
_TEXTS: Mapping[Language, Mapping[str, str]] = {
    "zh": {"km": "公里", "m": "米", "north": "北"}, "en": {"km": "km", "m": "m", "north": "N"},
}


@dataclass(frozen=True)
class Spot:
    """A numbered place; `rough` marks an approximate position."""

    number: int
    name: str
    latitude_deg: float
    longitude_deg: float
    rough: bool = False


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


def sketch(spots: Sequence[Spot], language: Language, size: tuple[int, int], *, route: bool = False) -> str:
    """The drawing as SVG; with `route` the spots are joined in their order."""
    pins, km_px = place(spots, size)
    bar_km = bar_length_km(km_px, size[0])
    boxes = [_badge_box(pin) for pin in pins]
    labels = [_label(pin, boxes, size) for pin in pins]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" font-family="{_FONT}">'
        f'<rect width="100%" height="100%" fill="#F3EFE6"/>{_grid(bar_km * km_px, size)}'
        f'{_route(pins) if route else ""}{"".join(_stem(pin) for pin in pins)}{"".join(labels)}{"".join(_badge(pin) for pin in pins)}'
        f"{_scale_bar(bar_km, km_px, language, size)}</svg>"
    )


def place(spots: Sequence[Spot], size: tuple[int, int]) -> tuple[list[Pin], float]:
    """The pins in pixels, badges pushed apart, and how many pixels one kilometre takes."""
    plane = _plane_km(spots)
    width, height = size[0] - 2 * MARGIN_PX, size[1] - 2 * MARGIN_PX - FOOT_PX
    spans = [max(max(axis) - min(axis), MIN_SPAN_KM) for axis in zip(*plane, strict=True)]
    km_px = min(width / spans[0], height / spans[1])
    pins = [Pin(spot.number, spot.name, spot.rough, size[0] / 2 + east * km_px, MARGIN_PX + height / 2 - north * km_px)
            for spot, (east, north) in zip(spots, plane, strict=True)]
    return _apart(pins, size), km_px


def _plane_km(spots: Sequence[Spot]) -> list[tuple[float, float]]:
    """Kilometres east and north of the middle of all spots."""
    latitudes, longitudes = [spot.latitude_deg for spot in spots], [spot.longitude_deg for spot in spots]
    middle_lat, middle_lon = (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2
    degree_km = math.radians(EARTH_RADIUS_KM)
    narrowing = math.cos(math.radians(middle_lat))
    return [((lon - middle_lon) * degree_km * narrowing, (lat - middle_lat) * degree_km)
            for lat, lon in zip(latitudes, longitudes, strict=True)]


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


def _route(pins: list[Pin]) -> str:
    """The way from badge to badge."""
    path = "L".join(f"{pin.badge_x:.1f} {pin.badge_y:.1f}" for pin in pins)
    return f'<path d="M{path}" stroke="#C8632B" stroke-width="2.2" stroke-dasharray="6 4" stroke-linejoin="round" fill="none"/>'


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
