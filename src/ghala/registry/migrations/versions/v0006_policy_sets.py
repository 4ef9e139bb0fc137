"""Every set of policies that was ever in force, with its time, and every owner that a domain had."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make its tables."""
    op.create_table(
        "policy_sets",
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "policy_applications",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("applied_at", sa.BigInteger, nullable=False),
        sa.Column("applied_by", sa.String, nullable=False),
    )
    op.create_index("policy_applications_by_time", "policy_applications", ["applied_at"])
    op.create_index("policy_applications_by_version", "policy_applications", ["version"])
    op.create_table(
        "domain_owners",
        sa.Column("number", _SERIAL, primary_key=True),
        sa.Column("domain", sa.String, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
    op.create_index("domain_owners_by_time", "domain_owners", ["since"])
