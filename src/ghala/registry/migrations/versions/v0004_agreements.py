"""Requests for access, what was decided, and the agreements that are in force."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make its tables; nobody has asked for anything."""
    op.create_table(
        "access_requests",
        sa.Column("id", sa.String(12), primary_key=True),
        *_about(),
        sa.Column("justification", sa.Text, nullable=False),
        sa.Column("requested_by", sa.String, nullable=False),
        sa.Column("on_behalf_of", sa.String),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.Column("levels", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_index("access_requests_by_state", "access_requests", ["state", "requested_at"])
    op.create_index("access_requests_by_requester", "access_requests", ["requested_by", "state"])
    op.create_table(
        "access_decisions",
        sa.Column("request", sa.String(12), primary_key=True),
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("is_approved", sa.Integer, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(12), primary_key=True),
        *_about(),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("reassess_at", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
    )
    op.create_index("agreements_by_dataset", "agreements", ["dataset_id", "purpose", "grantee"])
    op.create_table(
        "agreement_events",
        sa.Column("number", _SERIAL, primary_key=True),
        sa.Column("agreement", sa.String(12), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    )
    op.create_index("agreement_events_by_agreement", "agreement_events", ["agreement", "at"])


def _about() -> list[sa.Column[object]]:
    return [
        sa.Column("grantee", sa.String, nullable=False),
        sa.Column("domain", sa.String, nullable=False),
        sa.Column("dataset", sa.String, nullable=False),
        sa.Column("dataset_id", sa.String, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("rows", sa.JSON),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    ]
