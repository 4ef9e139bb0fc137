"""Who somebody is at an identity provider, and what is on its way to those who are to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make its tables."""
    op.create_table(
        "outside_identities",
        sa.Column("issuer", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("linked_at", sa.BigInteger, nullable=False),
    )
    op.create_index("outside_identities_by_account", "outside_identities", ["account"])
    op.create_table(
        "outside_attempts",
        sa.Column("state_sha256", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("return_to", sa.Text),
        sa.Column("linking", sa.String),
        sa.Column("session", sa.String),
        sa.Column("network", sa.String, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
    op.create_index("outside_attempts_by_end", "outside_attempts", ["until"])
    op.create_index("outside_attempts_by_network", "outside_attempts", ["network"])
    op.create_table(
        "deliveries",
        sa.Column("number", _SERIAL, primary_key=True),
        sa.Column("notification", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("is_named", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.Column("holder", sa.String(32)),
        sa.Column("delivered_at", sa.BigInteger),
        sa.Column("fault", sa.Text),
    )
    op.create_index("deliveries_by_state", "deliveries", ["state", "next_at"])
    op.create_index("deliveries_by_notification", "deliveries", ["notification"])
