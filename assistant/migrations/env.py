"""Alembic's entry: the URL comes from `assistant.store`, never from a file."""

from alembic import context
from sqlalchemy import create_engine

from assistant.store import StoreBase

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=StoreBase.metadata)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
