"""What one server allows: turns at once, how many wait, how fast a key may ask, how big and how long things may be."""

from dataclasses import dataclass
from ipaddress import ip_address

from assistant.settings import Settings
from knowledge.errors import InputError

SERVER_TURNS = 8  # at once, where an engine behind a URL does the work
EMBEDDED_TURNS = 1  # the embedded engine has one slot: a second turn would only slow the first


@dataclass(frozen=True)
class Limits:
    """Numbers of one server; `requests_per_minute` of 0 sets no pace."""

    turns: int = EMBEDDED_TURNS
    waiting: int = 50
    requests_per_minute: int = 60
    turn_seconds: float = 180.0
    grace_seconds: int = 20
    body_bytes: int = 256 << 10
    messages: int = 200
    origins: tuple[str, ...] = ()


def limits_of(settings: Settings) -> Limits:
    """The limits the settings ask for."""
    return Limits(
        turns=settings.api_turns or (SERVER_TURNS if settings.base_url else EMBEDDED_TURNS), waiting=settings.api_waiting,
        requests_per_minute=settings.api_requests_per_minute, turn_seconds=settings.api_turn_seconds,
        grace_seconds=settings.api_grace_seconds, body_bytes=settings.api_body_kb << 10, messages=settings.api_messages,
        origins=listed(settings.api_origins),
    )


def listed(text: str) -> tuple[str, ...]:
    """The parts of a comma list."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def check_address(host: str, keys: tuple[str, ...]) -> None:
    """Raises `InputError` where the API would be open to other machines without a key."""
    if not keys and not is_loopback(host):
        raise InputError(
            f"{host} is reached from other machines and no key is set; set FENGJING_API_KEYS to one or more long random "
            "words (comma between them), or leave --host at 127.0.0.1"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
