"""Where the columns of each release come from, and what was declared about them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables of lineage; releases that are there already have none."""
    op.create_table(
        "lineages",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "release_lineages",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "declarations",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column("domain", sa.String, nullable=False),
        sa.Column("dataset", sa.String, nullable=False),
        sa.Column("dataset_id", sa.String, nullable=False),
        sa.Column("column_name", sa.String, nullable=False),
        sa.Column("tag", sa.String),
        sa.Column("classification", sa.String),
        sa.Column("origins", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("declared_by", sa.String, nullable=False),
        sa.Column("declared_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_by", sa.String),
        sa.Column("withdrawn_at", sa.BigInteger),
    )
    op.create_index("declarations_by_dataset", "declarations", ["domain", "dataset"])
