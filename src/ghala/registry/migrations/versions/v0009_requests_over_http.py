"""What endpoints remember between requests: kept answers, requests that were answered, and what principals took."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make its tables."""
    op.create_table(
        "questions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("principal", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("statement_sha256", sa.String(64), nullable=False),
        sa.Column("server", sa.String(32), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("releases", sa.JSON, nullable=False),
        sa.Column("decided_sha256", sa.String(64)),
        sa.Column("rows", sa.BigInteger),
        sa.Column("bytes", sa.BigInteger),
        sa.Column("error", sa.JSON),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
    op.create_index("questions_by_principal", "questions", ["principal", "made_at"])
    op.create_index("questions_by_end", "questions", ["until"])
    op.create_table(
        "repeats",
        sa.Column("principal", sa.String, primary_key=True),
        sa.Column("key_sha256", sa.String(64), primary_key=True),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("media_type", sa.String),
        sa.Column("body", sa.LargeBinary),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
    )
    op.create_index("repeats_by_time", "repeats", ["begun_at"])
    op.create_table(
        "taken_bytes",
        sa.Column("principal", sa.String, primary_key=True),
        sa.Column("purpose", sa.String, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True),
        sa.Column("bytes", sa.BigInteger, nullable=False),
    )
