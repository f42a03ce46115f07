"""Alembic's numbered steps of the conversation database."""
