"""Every set of policies that was ever in force, with its time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


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
