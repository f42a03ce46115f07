"""Databases by URL: engines, one line for whatever a database refuses, and a lock that processes share.

SQLite is a file with a write-ahead log. PostgreSQL is reached through a pool that looks at a connection before it hands
it out, so that a restarted server is met again without a restart of ours. Not covered: other databases, replicas.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from knowledge.errors import StorageError
from knowledge.servers import is_shared

PATIENCE_SECONDS = 600  # how long a process waits for another one to migrate or to build
# Connections of one pool; a worker holds two pools (rows of the knowledge, conversations), so twenty at most.
_POOL: dict[str, Any] = {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5, "pool_timeout": 10, "pool_recycle": 1800}
# Seconds to connect, milliseconds until an unanswered packet counts as a lost server.
_REACH = {"connect_timeout": 5, "tcp_user_timeout": 15_000}


class DatabaseDown(StorageError):
    """The database server does not answer or broke off; the same call may succeed later."""


def open_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL; nothing is connected yet."""
    if is_shared(url):
        try:
            return create_engine(url, connect_args=_REACH, **_POOL)
        except ImportError as error:
            raise StorageError("PostgreSQL needs its driver; run pip install 'fengjing[server]'") from error
    engine = create_engine(url)
    event.listen(engine, "connect", _tune_sqlite)
    return engine


@contextmanager
def told(engine: Engine, what: str) -> Iterator[None]:
    """Whatever the database refuses within is raised as one `StorageError` line about `what`."""
    try:
        yield
    except SQLAlchemyError as error:
        raise trouble(engine, what, error) from error


def trouble(engine: Engine, what: str, error: SQLAlchemyError) -> StorageError:
    """What went wrong and what to check; `DatabaseDown` where a server is the reason."""
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    if is_down(engine, error):
        shown = engine.url.render_as_string(hide_password=True)
        return DatabaseDown(f"{what} cannot be reached at {shown} ({reason}); check that PostgreSQL runs and FENGJING_DATABASE_URL is right")
    return StorageError(f"{what} cannot be written or read ({reason}); check FENGJING_HOME and free some disk space")


def is_down(engine: Engine, error: SQLAlchemyError) -> bool:
    """Whether the error says that a server is away, rather than that a statement is wrong."""
    return engine.dialect.name == "postgresql" and isinstance(error, OperationalError | InterfaceError | PoolTimeout)


def only_one(url: str, name: str) -> AbstractContextManager[None]:
    """Hold the lock `name` of this database: whoever comes next, in any process, waits for its end.

    PostgreSQL keeps the lock itself, beside SQLite it is a file; both let go of it when its holder dies.
    """
    if is_shared(url):
        return _advisory_lock(url, name)
    path = make_url(url).database
    return _file_lock(Path(f"{path}.{name}.lock")) if path else nullcontext()


@contextmanager
def _advisory_lock(url: str, name: str) -> Iterator[None]:
    engine = open_engine(url)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        with told(engine, "the database"):
            connection = engine.connect()
            stack.callback(_let_go, connection)
            connection.execute(text(f"set local lock_timeout = '{PATIENCE_SECONDS}s'"))
            connection.execute(select(func.pg_advisory_xact_lock(_key(name))))
        yield


def _let_go(connection: Connection) -> None:
    """Closing rolls back, and that unlocks; a lock whose server went away is free already, and what it guarded says so itself."""
    with suppress(SQLAlchemyError):
        connection.close()


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    if not path.parent.is_dir():
        raise StorageError(f"{path.parent} is no folder; check FENGJING_HOME")
    lock = FileLock(path, timeout=PATIENCE_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise StorageError(f"another process has held {path} for {PATIENCE_SECONDS // 60} minutes; stop it, then try again") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}); check FENGJING_HOME and free some disk space") from error
    try:
        yield
    finally:
        lock.release()


def _key(name: str) -> int:
    """A lock's number, as PostgreSQL takes it: 63 bits that no other program is likely to use."""
    return int.from_bytes(hashlib.sha256(f"fengjing {name}".encode()).digest()[:8]) >> 1


def _tune_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
