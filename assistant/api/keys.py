"""Who asks, how often, and whose conversation is whose.

A stored conversation is named to its client by a token that holds its number and a signature over number and API key:
the same key alone can use it, and nothing has to be looked up. The signing secret lies in the home folder.
Not covered: accounts, and keys that are made or withdrawn while the server runs.
"""

import hashlib
import hmac
import math
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.api.errors import Refused
from knowledge.errors import StorageError

OPEN = "open"  # who asks where no keys are set
SECRET_FILE = "api-secret"  # noqa: S105 - its name
_TOKEN = re.compile(r"conv_(\d{1,18})_([0-9a-f]{32})", re.ASCII)


class Keys:
    """The keys that open the door; a name for each, which is safe to count by and tells nothing about the key."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._digests = {hashlib.sha256(key.encode()).digest(): hashlib.sha256(key.encode()).hexdigest()[:16] for key in keys}

    @property
    def are_set(self) -> bool:
        """Whether a key is needed at all."""
        return bool(self._digests)

    @property
    def count(self) -> int:
        """How many different ones may ask."""
        return max(1, len(self._digests))

    def name_of(self, authorization: str) -> str:
        """Who a header `Bearer KEY` is; raises `Refused` for nobody. Takes equally long for every wrong key."""
        if not self._digests:
            return OPEN
        scheme, _, key = authorization.partition(" ")
        given = hashlib.sha256(key.strip().encode("utf-8", "surrogateescape")).digest()
        found = [name for digest, name in self._digests.items() if hmac.compare_digest(digest, given)]
        if scheme.lower() != "bearer" or not found:
            said = "this API key is not known" if key else "no API key was given"
            raise Refused(401, "invalid_api_key", f"{said}; send the header 'Authorization: Bearer YOUR_KEY'")
        return found[0]


@dataclass
class _Bucket:
    left: float
    seen: float


class Pace:
    """So many requests a minute for each key: a bucket that fills steadily and holds a minute's worth."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}  # one a known key: it cannot grow

    def count(self, key: str) -> None:
        """Count a request; raises `Refused` (429) with the seconds to wait."""
        if not self._per_minute:
            return
        now, rate = self._clock(), self._per_minute / 60
        bucket = self._buckets.setdefault(key, _Bucket(self._per_minute, now))
        bucket.left = min(self._per_minute, bucket.left + (now - bucket.seen) * rate)
        bucket.seen = now
        if bucket.left < 1:
            wait = math.ceil((1 - bucket.left) / rate)
            raise Refused(429, "rate_limit_exceeded", f"more than {self._per_minute} requests a minute; try again in {wait} s", wait)
        bucket.left -= 1


class Signature:
    """Names conversations so that only their owner can use the name."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def token(self, conversation: int, key: str) -> str:
        """``conv_17_…``, for the owner."""
        return f"conv_{conversation}_{self._sign(conversation, key)}"

    def number(self, token: str, key: str) -> int:
        """The conversation of a token; raises `Refused` (404) where it is not this key's, or nobody's."""
        read = _TOKEN.fullmatch(token)
        if read is None or not hmac.compare_digest(self._sign(int(read.group(1)), key), read.group(2)):
            raise no_conversation(token)
        return int(read.group(1))

    def _sign(self, conversation: int, key: str) -> str:
        return hmac.new(self._secret, f"{conversation}:{key}".encode(), hashlib.sha256).hexdigest()[:32]


def no_conversation(token: str) -> Refused:
    """The same words whether it never was, was deleted, or is another key's."""
    return Refused(404, "conversation_not_found", f'there is no conversation {token[:60]!r} of this key; begin one with "new"')


def signature_of(home: Path) -> Signature:
    """The signature of an installation; its secret is made at the first call and only its owner can read it."""
    path = home / SECRET_FILE
    try:
        if not path.exists():
            home.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32), encoding="ascii")
        return Signature(path.read_bytes())
    except OSError as error:
        raise StorageError(f"{path} cannot be read or written ({error.strerror}); check FENGJING_HOME") from error
