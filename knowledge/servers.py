"""Where rows and vectors are kept when one machine is not enough: a PostgreSQL database and a Chroma server, by URL.

Addresses only, nothing is connected here. Not covered: passwords anywhere but inside the URL.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

POSTGRESQL = "postgresql+psycopg"
_POSTGRESQL_NAMES = frozenset({"postgres", "postgresql", POSTGRESQL})


@dataclass(frozen=True)
class Servers:
    """What lies outside the home folder; an empty URL keeps its part inside."""

    database_url: str = field(default="", repr=False)  # holds a password
    chroma_url: str = ""


LOCAL = Servers()


def database_address(url: str) -> str:
    """The URL as SQLAlchemy takes it, with the driver we ship; raises `ValueError` for other databases than our two."""
    scheme, sign, rest = url.partition("://")
    if sign and scheme in _POSTGRESQL_NAMES:
        return f"{POSTGRESQL}://{rest}"
    if sign and scheme == "sqlite" and len(rest) > 1:
        return url
    raise ValueError(f"{scheme or url!r}:// is no database we know; write postgresql://user:password@host/name or sqlite:////path/to/file.db")


def chroma_address(url: str) -> str:
    """The URL of a Chroma server without a closing slash; raises `ValueError` where it is none."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("expected the address of a Chroma server, as http://localhost:8000")
    _ = parts.port  # a port that is no number raises here
    return url.rstrip("/")


def is_shared(database_url: str) -> bool:
    """Whether a database is one that several machines can open."""
    return database_url.startswith(POSTGRESQL)
