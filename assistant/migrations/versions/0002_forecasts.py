"""Forecasts that workers share."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "forecast",
        sa.Column("place", sa.String(96), primary_key=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("until_seconds", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("forecast")
