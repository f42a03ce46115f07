"""The memory around a provider, with a clock that is moved by hand."""

from dataclasses import dataclass, field

import pytest

from chains.tools.weather import cache
from chains.tools.weather.cache import CachedProvider
from chains.tools.weather.errors import Trouble, WeatherError
from chains.tools.weather.open_meteo import ATTRIBUTION
from chains.tools.weather.records import Forecast
from knowledge.geometry import Point
from tests.chains.tools.weather_samples import BEIJING, SHANGHAI


@dataclass
class _Scripted:
    """Counts its calls, fails while `failing`."""

    failing: bool = False
    calls: list[Point] = field(default_factory=list)

    def forecast(self, place: Point) -> Forecast:
        self.calls.append(place)
        if self.failing:
            raise WeatherError("no network", Trouble.OFFLINE)
        return Forecast(ATTRIBUTION, (), elevation_m=float(len(self.calls)))


@dataclass
class _Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def inner() -> _Scripted:
    """A provider that counts."""
    return _Scripted()


@pytest.fixture
def clock() -> _Clock:
    """A clock that stands still."""
    return _Clock()


@pytest.fixture
def cached(inner, clock) -> CachedProvider:
    """The provider under test: half an hour for answers, a minute for failures."""
    return CachedProvider(inner, 1800, 60, clock)


def test_an_answer_is_asked_for_once(cached, inner):
    """Within half an hour the same place is answered from memory."""
    assert cached.forecast(BEIJING.position) == cached.forecast(BEIJING.position)
    assert len(inner.calls) == 1


def test_answers_age(cached, inner, clock):
    """After half an hour the provider is asked again."""
    cached.forecast(BEIJING.position)
    clock.seconds = 1801
    assert cached.forecast(BEIJING.position).elevation_m == 2.0


def test_places_are_told_apart(cached, inner):
    """Places more than a kilometre apart have answers of their own, nearer ones share one."""
    cached.forecast(BEIJING.position)
    cached.forecast(BEIJING.position.model_copy(update={"latitude_deg": 39.9030}))
    cached.forecast(SHANGHAI.position)
    assert len(inner.calls) == 2


def test_failures_are_remembered_for_a_minute(cached, inner, clock):
    """A laptop without a network waits once a minute, not at every turn, and recovers."""
    inner.failing = True
    for _ in range(2):
        with pytest.raises(WeatherError, match="no network") as caught:
            cached.forecast(BEIJING.position)
        assert caught.value.trouble is Trouble.OFFLINE
    assert len(inner.calls) == 1
    inner.failing = False
    clock.seconds = 61
    assert cached.forecast(BEIJING.position).elevation_m == 2.0


def test_memory_is_bounded(cached, inner, monkeypatch):
    """The oldest place is forgotten when there are too many."""
    monkeypatch.setattr(cache, "MAX_PLACES", 1)
    for place in (BEIJING, SHANGHAI, BEIJING):
        cached.forecast(place.position)
    assert len(inner.calls) == 3
