"""A provider that remembers: forecasts for half an hour, failures for a minute, in memory.

Failures too, so that a laptop without a network waits once and not at every turn. Places within about a
kilometre share an answer. Safe to share between threads; two that miss at the same moment both ask.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from chains.tools.weather.errors import WeatherError
from chains.tools.weather.records import Forecast, WeatherProvider
from knowledge.geometry import Point

MAX_PLACES = 512


@dataclass(frozen=True)
class _Kept:
    answer: Forecast | WeatherError
    until_seconds: float


class CachedProvider:
    """Wraps a provider; `clock` counts seconds."""

    def __init__(
        self, provider: WeatherProvider, keep_seconds: float = 1800.0, keep_failure_seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._keep_seconds = keep_seconds
        self._keep_failure_seconds = keep_failure_seconds
        self._clock = clock
        self._kept: dict[tuple[float, float], _Kept] = {}
        self._lock = Lock()

    def forecast(self, place: Point) -> Forecast:
        """The remembered answer while it is fresh, else a new one; raises `WeatherError`."""
        key = (round(place.latitude_deg, 2), round(place.longitude_deg, 2))
        with self._lock:
            kept = self._kept.get(key)
        answer = kept.answer if kept and self._clock() < kept.until_seconds else self._ask(key, place)
        if isinstance(answer, WeatherError):
            raise WeatherError(str(answer), answer.trouble)
        return answer

    def _ask(self, key: tuple[float, float], place: Point) -> Forecast | WeatherError:
        try:
            answer: Forecast | WeatherError = self._provider.forecast(place)
            seconds = self._keep_seconds
        except WeatherError as error:
            answer, seconds = error, self._keep_failure_seconds
        with self._lock:
            if len(self._kept) >= MAX_PLACES:
                self._kept.pop(next(iter(self._kept)))  # the oldest
            self._kept[key] = _Kept(answer, self._clock() + seconds)
        return answer
