"""Cursors know the stamps of their files, so that a file that did not change is not read again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Files that were taken before have no stamp: they are hashed as ever."""
    op.add_column("cursors", sa.Column("stamp", sa.String, nullable=False, server_default=""))
