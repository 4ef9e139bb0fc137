"""First tables."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make every table of the first version."""
    epoch = op.create_table(
        "epoch",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("registry_id", sa.String(32), nullable=False),
    )
    op.bulk_insert(epoch, [{"id": 1, "value": 1, "registry_id": uuid.uuid4().hex}])
    op.create_table(
        "definitions",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("applied_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "pointers",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("domain", sa.String, primary_key=True),
        sa.Column("dataset", sa.String, primary_key=True),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("dataset_id", sa.String, nullable=False),
        sa.Column("release", sa.BigInteger, nullable=False),
        sa.Column("metadata_location", sa.Text, nullable=False),
        sa.Column("previous_metadata_location", sa.Text),
    )
    op.create_table(
        "releases",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("run_id", sa.String, nullable=False, unique=True),
        sa.Column("definition_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "release_datasets",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("domain", sa.String, primary_key=True),
        sa.Column("dataset", sa.String, primary_key=True),
        sa.Column("dataset_id", sa.String, nullable=False),
        sa.Column("metadata_location", sa.Text, nullable=False),
        sa.Column("snapshot_id", sa.BigInteger, nullable=False),
        sa.Column("schema_id", sa.Integer, nullable=False),
        sa.Column("files_sha256", sa.String(64), nullable=False),
        sa.Column("row_count", sa.BigInteger, nullable=False),
        sa.Column("byte_count", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "release_datasets_by_name",
        "release_datasets",
        ["environment", "domain", "dataset", "number"],
    )
    op.create_table(
        "release_inputs",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("input_domain", sa.String, primary_key=True),
        sa.Column("input_dataset", sa.String, primary_key=True),
        sa.Column("input_environment", sa.String, nullable=False),
        sa.Column("input_product", sa.String, nullable=False),
        sa.Column("input_number", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "files",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("byte_count", sa.BigInteger, nullable=False),
        sa.Column("run_id", sa.String, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("definition_sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("release", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.Column("steps", sa.JSON, nullable=False),
        sa.Column("reports", sa.JSON, nullable=False),
    )
    op.create_index("runs_by_product", "runs", ["environment", "product", "started_at"])
    op.create_table(
        "claims",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("run_id", sa.String),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("claimed_at", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "cursors",
        sa.Column("environment", sa.String, primary_key=True),
        sa.Column("product", sa.String, primary_key=True),
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("byte_count", sa.BigInteger, nullable=False),
        sa.Column("release", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "quarantines",
        sa.Column("id", _serial, primary_key=True),
        sa.Column("environment", sa.String, nullable=False),
        sa.Column("product", sa.String, nullable=False),
        sa.Column("run_id", sa.String, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("row_count", sa.BigInteger, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "quarantines_by_product", "quarantines", ["environment", "product", "created_at"]
    )
    op.create_table(
        "audit",
        sa.Column("number", _serial, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("tag", sa.String, nullable=False),
        sa.Column("principal", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("objects", sa.JSON, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("previous_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("number", _serial, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
    )
    op.create_index("outbox_by_subject", "outbox", ["subject", "event", "at"])
    op.create_index("outbox_by_settled", "outbox", ["settled_at", "number"])
