"""Conversations in SQL: the user's own data, so its tables change only by migration.

A stored answer keeps its facts, so that an old conversation is drawn as it was, cards and sources included. Beside them lie
the forecasts that workers share. SQLite or PostgreSQL; of several processes that start at once, one migrates.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    Boolean,
    DateTime,
    Dialect,
    Engine,
    Float,
    ForeignKey,
    Integer,
    String,
    Text,
    TypeDecorator,
    delete,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chains.facts import Facts
from chains.tools.weather.records import Forecast
from knowledge.database import only_one, open_engine, told
from knowledge.errors import StorageError

TITLE_CHARS = 40
ESCAPE = "\ue000"  # of the private use area, so that it hardly ever has to stand for itself
Role = Literal["user", "assistant"]
_FACTS = TypeAdapter(Facts)
_FORECAST = TypeAdapter(Forecast)


class AnyText(TypeDecorator[str]):
    """Text to the character: PostgreSQL holds no NUL, which is written there as an escape and one more character."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """As it is stored."""
        if value is None or dialect.name != "postgresql":
            return value
        return value.replace(ESCAPE, ESCAPE + "1").replace("\x00", ESCAPE + "0")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """As it was given."""
        if value is None or dialect.name != "postgresql":
            return value
        return value.replace(ESCAPE + "0", "\x00").replace(ESCAPE + "1", ESCAPE)


class StoreBase(DeclarativeBase):
    """Metadata of the tables that migrations keep up to date."""


class _Conversation(StoreBase):
    __tablename__ = "conversation"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(AnyText, default="")
    updated: Mapped[datetime] = mapped_column(DateTime)


class _Message(StoreBase):
    __tablename__ = "message"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(AnyText)
    facts: Mapped[str | None] = mapped_column(Text)
    stopped: Mapped[bool] = mapped_column(Boolean, default=False)
    created: Mapped[datetime] = mapped_column(DateTime)


class _Forecast(StoreBase):
    __tablename__ = "forecast"
    place: Mapped[str] = mapped_column(String(96), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    until_seconds: Mapped[float] = mapped_column(Float)  # since 1970


@dataclass(frozen=True)
class ConversationInfo:
    """A conversation as the side bar lists it."""

    id: int
    title: str
    updated: datetime


@dataclass(frozen=True)
class StoredMessage:
    """One message; `facts` stand with answers only."""

    id: int
    role: Role
    text: str
    facts: Facts | None
    stopped: bool


class Store:
    """Reads and writes conversations; every method is one transaction."""

    def __init__(self, url: str) -> None:
        """Open the database and bring its tables up to date; raises `StorageError`."""
        self._engine = open_engine(url)
        with only_one(url, "migrate"), told(self._engine, "the conversation database"):
            _migrate(self._engine)

    def new_conversation(self) -> int:
        """Start a conversation; its title is the first thing said in it."""
        with self._session() as session:
            row = _Conversation(title="", updated=_now())
            session.add(row)
            session.flush()
            return row.id

    def conversations(self) -> list[ConversationInfo]:
        """All conversations in which something was said, newest first."""
        with self._session() as session:
            rows = session.scalars(select(_Conversation).where(_Conversation.title != "").order_by(_Conversation.updated.desc()))
            return [ConversationInfo(row.id, row.title, row.updated) for row in rows]

    def add(self, conversation: int, role: Role, text: str, facts: Facts | None = None, *, stopped: bool = False) -> int:
        """Append a message and return its id."""
        text = text.encode("utf-8", "replace").decode()  # half a surrogate pair is no text, and must not lose the rest
        with self._session() as session:
            parent = session.get(_Conversation, conversation)
            if parent is None:
                raise StorageError(f"there is no conversation {conversation}; start a new one")
            parent.updated = _now()
            parent.title = parent.title or text.strip()[:TITLE_CHARS] or "…"
            stored = _FACTS.dump_json(facts).decode() if facts else None
            row = _Message(conversation=conversation, role=role, text=text, facts=stored, stopped=stopped, created=_now())
            session.add(row)
            session.flush()
            return row.id

    def messages(self, conversation: int) -> list[StoredMessage]:
        """A conversation's messages, oldest first."""
        with self._session() as session:
            rows = session.scalars(select(_Message).where(_Message.conversation == conversation).order_by(_Message.id))
            return [_stored(row) for row in rows]

    def forget_last(self, conversation: int) -> str | None:
        """Remove the last question and all that followed it; returns its text."""
        with self._session() as session:
            mine = select(_Message).where(_Message.conversation == conversation)
            last = session.scalars(mine.where(_Message.role == "user").order_by(_Message.id.desc())).first()
            if last is None:
                return None
            text = last.text
            session.execute(delete(_Message).where(_Message.conversation == conversation, _Message.id >= last.id))
            return text

    def delete(self, conversation: int) -> None:
        """Remove a conversation with all its messages."""
        with self._session() as session:
            session.execute(delete(_Message).where(_Message.conversation == conversation))
            session.execute(delete(_Conversation).where(_Conversation.id == conversation))

    def recall(self, key: str, now_seconds: float) -> Forecast | None:
        """The forecast that some worker kept for a place, while it holds."""
        with self._session() as session:
            row = session.get(_Forecast, key)
            return _forecast(row.answer) if row and now_seconds < row.until_seconds else None

    def keep(self, key: str, forecast: Forecast, now_seconds: float, until_seconds: float) -> None:
        """Keep a forecast for every worker, and forget those that hold no longer.

        Raises `StorageError`, also where another worker keeps one for the place at the same moment: nothing is lost by it.
        """
        with self._session() as session:
            session.execute(delete(_Forecast).where(_Forecast.until_seconds <= now_seconds))
            session.merge(_Forecast(place=key, answer=_FORECAST.dump_json(forecast).decode(), until_seconds=until_seconds))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with told(self._engine, "conversations"), Session(self._engine) as session, session.begin():
            yield session


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # all steps or none: the driver would leave DDL outside
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _stored(row: _Message) -> StoredMessage:
    try:
        facts = _FACTS.validate_json(row.facts) if row.facts else None
    except ValidationError:
        facts = None  # written by a version whose facts had another shape: the words are still there
    return StoredMessage(row.id, "user" if row.role == "user" else "assistant", row.text, facts, row.stopped)


def _forecast(answer: str) -> Forecast | None:
    try:
        return _FORECAST.validate_json(answer)
    except ValidationError:
        return None  # written by another version: the provider is asked again


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
