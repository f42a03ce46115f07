"""Alembic's entry: the connection comes from `assistant.store`, which holds the lock and ends the transaction."""

from alembic import context

from assistant.store import StoreBase

context.configure(connection=context.config.attributes["connection"], target_metadata=StoreBase.metadata)
with context.begin_transaction():
    context.run_migrations()
