"""A provider that remembers: forecasts for half an hour, failures for a minute.

Failures too, so that a laptop without a network waits once and not at every turn; they stay in this process, as another
machine may well have a network. Forecasts are kept in a `Memory`: a dictionary here, or one that workers share. Places
within about a kilometre share an answer. Safe to share between threads; two that miss at the same moment both ask.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from chains.tools.weather.errors import WeatherError
from chains.tools.weather.records import Forecast, WeatherProvider
from knowledge.errors import StorageError
from knowledge.geometry import Point

MAX_PLACES = 512


class Memory(Protocol):
    """Where forecasts are kept; seconds are counted since 1970, so that several machines agree."""

    def recall(self, key: str, now_seconds: float) -> Forecast | None:
        """What is kept under the key, while it holds."""
        ...

    def keep(self, key: str, forecast: Forecast, now_seconds: float, until_seconds: float) -> None:
        """Keep a forecast until then."""
        ...


@dataclass(frozen=True)
class _Kept:
    answer: Forecast | WeatherError
    until_seconds: float


class _Bounded:
    """Answers of this process, the oldest forgotten first."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._lock = Lock()

    def get(self, key: str, now_seconds: float) -> Forecast | WeatherError | None:
        with self._lock:
            kept = self._kept.get(key)
        return kept.answer if kept and now_seconds < kept.until_seconds else None

    def put(self, key: str, kept: _Kept) -> None:
        with self._lock:
            if len(self._kept) >= MAX_PLACES:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = kept


class _OwnMemory:
    """The memory of one process."""

    def __init__(self) -> None:
        self._kept = _Bounded()

    def recall(self, key: str, now_seconds: float) -> Forecast | None:
        answer = self._kept.get(key, now_seconds)
        return answer if isinstance(answer, Forecast) else None

    def keep(self, key: str, forecast: Forecast, now_seconds: float, until_seconds: float) -> None:
        del now_seconds  # the oldest go when there are too many
        self._kept.put(key, _Kept(forecast, until_seconds))


class CachedProvider:
    """Wraps a provider; `clock` counts seconds since 1970."""

    def __init__(
        self, provider: WeatherProvider, keep_seconds: float = 1800.0, keep_failure_seconds: float = 60.0,
        clock: Callable[[], float] = time.time, memory: Memory | None = None,
    ) -> None:
        self._provider = provider
        self._keep_seconds = keep_seconds
        self._keep_failure_seconds = keep_failure_seconds
        self._clock = clock
        self._memory = memory or _OwnMemory()
        self._failures = _Bounded()

    def sharing(self, memory: Memory) -> "CachedProvider":
        """The same provider, its forecasts kept in this memory."""
        return CachedProvider(self._provider, self._keep_seconds, self._keep_failure_seconds, self._clock, memory)

    def forecast(self, place: Point) -> Forecast:
        """The remembered answer while it is fresh, else a new one; raises `WeatherError`."""
        key = f"{type(self._provider).__name__} {place.latitude_deg:.2f} {place.longitude_deg:.2f}"
        failure = self._failures.get(key, self._clock())
        if isinstance(failure, WeatherError):
            raise WeatherError(str(failure), failure.trouble)
        return self._recall(key) or self._ask(key, place)

    def _recall(self, key: str) -> Forecast | None:
        try:
            return self._memory.recall(key, self._clock())
        except StorageError:
            return None  # a memory that cannot be read is an empty one

    def _ask(self, key: str, place: Point) -> Forecast:
        try:
            forecast = self._provider.forecast(place)
        except WeatherError as error:
            self._failures.put(key, _Kept(error, self._clock() + self._keep_failure_seconds))
            raise
        now = self._clock()
        with suppress(StorageError):  # the answer is worth more than its memory
            self._memory.keep(key, forecast, now, now + self._keep_seconds)
        return forecast


def sharing(provider: WeatherProvider | None, memory: Memory) -> WeatherProvider | None:
    """The provider with its forecasts in a memory that workers share; one that remembers nothing as it is."""
    return provider.sharing(memory) if isinstance(provider, CachedProvider) else provider
