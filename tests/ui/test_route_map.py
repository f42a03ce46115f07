"""The drawing of where sights lie."""

from dataclasses import replace
from itertools import combinations
from math import hypot
from xml.etree import ElementTree as ET

import pytest
from fake_assistant import shipped, sights_facts

from assistant.sketch import PIN_PX, Pin, bar_length_km, place, sketch
from chains.facts import Card
from knowledge.geometry import distance_km
from ui import route_map
from ui.route_map import NARROW, WIDE, spot_of


def spots_of(cards: list[Card]) -> list:
    """The cards as places to draw."""
    return [spot for card in cards if (spot := spot_of(card, "zh"))]


def cards_of(city: str) -> list[Card]:
    """The placed ones of a city's first eight sights."""
    return [card for card in sights_facts(cities=(city,), each=8).cards if card.sight.position]


@pytest.mark.parametrize("city", sorted(city.id for city in shipped().cities))
def test_every_city_can_be_drawn(city: str) -> None:
    """Badges stay inside, do not cover each other, and the drawing is well-formed."""
    cards = cards_of(city)
    if len(cards) < 2:
        pytest.skip("fewer than two positions")
    for size in (WIDE, NARROW):
        pins, _ = place(spots_of(cards), size)
        assert all(0 < pin.badge_x < size[0] and 0 < pin.badge_y < size[1] for pin in pins)
        assert all(apart(one, other) > 2 * PIN_PX - 4 for one, other in combinations(pins, 2))
        ET.fromstring(sketch(spots_of(cards), "zh", size))  # noqa: S314 - our own drawing


def apart(one: Pin, other: Pin) -> float:
    """Pixels between two badges."""
    return hypot(one.badge_x - other.badge_x, one.badge_y - other.badge_y)


def test_distances_are_to_scale() -> None:
    """Pixels between two pins, over pixels a kilometre, are the kilometres on the ground."""
    cards = cards_of("qingdao")
    pins, km_px = place(spots_of(cards), WIDE)
    for (here, one), (there, other) in combinations(zip(cards, pins, strict=True), 2):
        assert here.sight.position is not None
        assert there.sight.position is not None
        ground = distance_km(here.sight.position, there.sight.position)
        assert hypot(one.x - other.x, one.y - other.y) / km_px == pytest.approx(ground, rel=0.01)


def test_north_is_up() -> None:
    """A sight farther north is drawn higher."""
    cards = cards_of("qingdao")
    pins, _ = place(spots_of(cards), WIDE)
    north = max(zip(cards, pins, strict=True), key=lambda pair: pair[0].sight.position.latitude_deg)  # type: ignore[union-attr]
    assert north[1].y == min(pin.y for pin in pins)


@pytest.mark.parametrize(("km_px", "km"), [(1.0, 100.0), (24.3, 5.0), (30.0, 5.0), (100.0, 1.0), (400.0, 0.2)])
def test_the_scale_bar_has_a_round_length(km_px: float, km: float) -> None:
    """One, two or five times a power of ten, at most a fifth of the width."""
    assert bar_length_km(km_px, 760) == pytest.approx(km)


def test_sights_without_position_are_named_below() -> None:
    """What cannot be drawn is said; a single position is not drawn at all."""
    facts = sights_facts()
    lost = replace(facts.cards[0], sight=facts.cards[0].sight.model_copy(update={"position": None}))
    html = route_map.map_html(replace(facts, cards=(lost, *facts.cards[1:])))
    assert "没有位置资料，未画出：栈桥" in html
    assert route_map.map_html(replace(facts, cards=(lost, facts.cards[1]))) == ""


def test_approximate_positions_are_marked() -> None:
    """A rough position has a dashed ring, and the legend explains it."""
    cards = cards_of("qingdao")
    rough = sum(card.sight.position.approximate for card in cards if card.sight.position)
    assert rough > 0
    assert sketch(spots_of(cards), "zh", WIDE).count("stroke-dasharray") == rough
    assert "虚线圈为大致位置" in route_map.map_html(sights_facts())


def test_each_city_has_its_own_drawing() -> None:
    """Two cities are not squeezed into one scale."""
    html = route_map.map_html(sights_facts(cities=("qingdao", "hangzhou"), each=3))
    assert html.count("<figure") == 2
    assert "位置示意 · 杭州" in html


def test_a_route_joins_the_places_in_their_order() -> None:
    """The way is drawn from badge to badge, once for each step."""
    spots = spots_of(cards_of("qingdao"))
    route = next(part for part in sketch(spots, "zh", WIDE, route=True).split("<path d=") if "#C8632B" in part)
    assert route.split('"')[1].count("L") == len(spots) - 1


def test_two_sights_on_one_spot_are_both_seen() -> None:
    """Badges of the same place are pushed apart."""
    card = cards_of("qingdao")[0]
    pins, _ = place(spots_of([card, replace(card, number=2)]), NARROW)
    assert apart(*pins) >= 2 * PIN_PX
