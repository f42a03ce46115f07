"""Conversations in SQL: the user's own data, so its tables change only by migration.

A stored answer keeps its facts, so that an old conversation is drawn as it was, cards and sources included.
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
from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, String, Text, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chains.facts import Facts
from knowledge.catalogue import open_engine
from knowledge.errors import StorageError

TITLE_CHARS = 40
Role = Literal["user", "assistant"]
_FACTS = TypeAdapter(Facts)


class StoreBase(DeclarativeBase):
    """Metadata of the tables that migrations keep up to date."""


class _Conversation(StoreBase):
    __tablename__ = "conversation"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    updated: Mapped[datetime] = mapped_column(DateTime)


class _Message(StoreBase):
    __tablename__ = "message"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[str | None] = mapped_column(Text)
    stopped: Mapped[bool] = mapped_column(Boolean, default=False)
    created: Mapped[datetime] = mapped_column(DateTime)


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
        """Open the database and bring its tables up to date."""
        self._engine = open_engine(url)
        try:
            _migrate(url)
        except SQLAlchemyError as error:
            raise StorageError(f"the conversation database {url} cannot be opened ({error}); check FENGJING_HOME") from error

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

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            raise StorageError(f"conversations cannot be read or written ({error}); is the disk full?") from error


def _migrate(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def _stored(row: _Message) -> StoredMessage:
    try:
        facts = _FACTS.validate_json(row.facts) if row.facts else None
    except ValidationError:
        facts = None  # written by a version whose facts had another shape: the words are still there
    return StoredMessage(row.id, "user" if row.role == "user" else "assistant", row.text, facts, row.stopped)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
