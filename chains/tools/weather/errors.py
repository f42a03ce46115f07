"""The weather tool's errors, a branch of `knowledge.errors.FengjingError`.

    FengjingError
    └── WeatherError         a provider gave no forecast; `trouble` says why, in a word that code can act on

`WeatherService` never lets one out: it answers from climate normals and says why.
"""

from enum import StrEnum

from knowledge.errors import FengjingError


class Trouble(StrEnum):
    """Why a provider gave no forecast."""

    OFFLINE = "offline"  # no connection, or a network that wants a login first
    SLOW = "slow"
    LIMITED = "limited"  # too many requests
    KEY = "key"  # the key is missing, wrong or out of credit
    REFUSED = "refused"  # the service did not like the request
    BROKEN = "broken"  # the service has a fault of its own
    MALFORMED = "malformed"  # an answer that cannot be read


class WeatherError(FengjingError):
    """A provider gave no forecast."""

    def __init__(self, message: str, trouble: Trouble, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.trouble = trouble
        self.retry_after_seconds = retry_after_seconds  # as the service asked, where it did
