"""What an exported plan is called: where, how long, for whom, from when."""

from datetime import date

import pytest

from assistant.exports import Form, exported
from assistant.exports.text import title_of
from chains.tools.itinerary.plan import Day, Plan
from chains.tools.itinerary.trip import Stay, Travellers, Trip
from chains.understanding.request import Language

START = date(2026, 12, 4)


def plan(adults: int) -> Plan:
    """Two days without a stop, one of them wet."""
    trip = Trip(stays=(Stay(city="qingdao", days=2),), start=START, travellers=Travellers(adults=adults))
    rainy = Day(number=1, date=START, city="qingdao", stops=(), rain_plan=("m",), rain_names=("海军<博物馆>",), rain_names_en=("Navy Museum",))
    return Plan(trip=trip, days=(rainy, Day(number=2, date=date(2026, 12, 5), city="qingdao", stops=())), costs={})


@pytest.mark.parametrize(("language", "adults", "cities", "title"), [
    ("zh", 2, ["青岛"], "青岛2天行程 · 2人 · 2026-12-04起"), ("zh", 1, ["北京", "天津"], "北京、天津2天行程 · 1人 · 2026-12-04起"),
    ("en", 1, ["Qingdao"], "Qingdao: 2-day itinerary for 1 person, from 2026-12-04"),
    ("en", 3, ["Beijing", "Tianjin"], "Beijing and Tianjin: 2-day itinerary for 3 people, from 2026-12-04"), ("zh", 2, [], "2天行程 · 2人 · 2026-12-04起"),
])
def test_a_title_says_where_how_long_and_for_whom(language: Language, adults: int, cities: list[str], title: str) -> None:
    """With the cities' names where they are known; one person is no people."""
    assert title_of(plan(adults), language, cities) == title


@pytest.mark.parametrize("form", ["html", "md"])
def test_pages_and_text_hold_the_title_and_the_rain_plan(form: Form) -> None:
    """HTML and Markdown name the city and where to go when it rains; marks of HTML stay text."""
    text = exported(plan(2), form, "zh", ["青岛"]).decode()
    assert "青岛2天行程" in text
    assert "下雨可改去：海军&lt;博物馆" in text
