"""What people decided about rows that were kept out, and which release has which of them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables: nothing was decided yet."""
    op.create_table(
        "quarantine_repairs",
        sa.Column("row", sa.String(32), primary_key=True),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("file", sa.Text),
        sa.Column("record", sa.BigInteger),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("fixed", sa.LargeBinary),
        sa.Column("note", sa.Text),
        sa.Column("reason", sa.String),
        sa.Column("message", sa.Text),
        sa.Column("fault_column", sa.String),
        sa.Column("release", sa.BigInteger),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("principal", sa.String, nullable=False),
    )
    op.create_index(
        "quarantine_repairs_by_product", "quarantine_repairs", ["environment", "product"]
    )
    op.create_table(
        "quarantine_releases",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("row", sa.String(32), nullable=False),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("release", sa.BigInteger, nullable=False),
        sa.Column("ended_by", sa.BigInteger),
    )
    op.create_index(
        "quarantine_releases_by_product", "quarantine_releases", ["environment", "product"]
    )
