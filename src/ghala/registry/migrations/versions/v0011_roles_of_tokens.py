"""Which roles a token carries."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add their column; the tokens of before carry none."""
    op.add_column("tokens", sa.Column("roles", sa.JSON, nullable=False, server_default="[]"))
