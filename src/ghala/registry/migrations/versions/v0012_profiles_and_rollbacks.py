"""What releases look like, which brought an earlier one back, and what their sources had been taken of."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; releases that are there already have no profiles."""
    op.create_table(
        "release_profiles",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("domain", sa.String, primary_key=True),
        sa.Column("dataset", sa.String, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "rollbacks",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("restored", sa.BigInteger, nullable=False),
        sa.Column("replaced", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("principal", sa.String, nullable=False),
    )
    op.create_table(
        "past_cursors",
        sa.Column("id", _SERIAL, primary_key=True),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("byte_count", sa.BigInteger, nullable=False),
        sa.Column("release", sa.BigInteger, nullable=False),
        sa.Column("stamp", sa.String, nullable=False),
        sa.Column("ended_by", sa.BigInteger, nullable=False),
    )
    op.create_index("past_cursors_by_product", "past_cursors", ["environment", "product", "source"])
