"""Every table of the registry. Times are microseconds since 1970 in UTC; JSON columns hold what code reads whole."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# SQLite numbers rows by itself only for the exact type INTEGER.
_serial = BigInteger().with_variant(Integer, "sqlite")

epoch = Table(
    "epoch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("value", BigInteger, nullable=False),
    # Which registry this is: a lake belongs to one.
    Column("registry_id", String(32), nullable=False),
)

definitions = Table(
    "definitions",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("product", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("applied_at", BigInteger, nullable=False),
)

pointers = Table(
    "pointers",
    metadata,
    Column("environment", String, primary_key=True),
    Column("domain", String, primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("product", String, nullable=False),
    Column("dataset_id", String, nullable=False),
    Column("release", BigInteger, nullable=False),
    Column("metadata_location", Text, nullable=False),
    Column("previous_metadata_location", Text),
)

releases = Table(
    "releases",
    metadata,
    Column("environment", String, primary_key=True),
    Column("product", String, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("run_id", String, nullable=False, unique=True),
    Column("definition_sha256", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

release_datasets = Table(
    "release_datasets",
    metadata,
    Column("environment", String, primary_key=True),
    Column("product", String, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("domain", String, primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("dataset_id", String, nullable=False),
    Column("metadata_location", Text, nullable=False),
    Column("snapshot_id", BigInteger, nullable=False),
    Column("schema_id", Integer, nullable=False),
    Column("files_sha256", String(64), nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Index("release_datasets_by_name", "environment", "domain", "dataset", "number"),
)

release_inputs = Table(
    "release_inputs",
    metadata,
    Column("environment", String, primary_key=True),
    Column("product", String, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("input_domain", String, primary_key=True),
    Column("input_dataset", String, primary_key=True),
    Column("input_environment", String, nullable=False),
    Column("input_product", String, nullable=False),
    Column("input_number", BigInteger, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("run_id", String, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("environment", String, nullable=False),
    Column("product", String, nullable=False),
    Column("definition_sha256", String(64), nullable=False),
    Column("state", String, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("release", BigInteger),
    Column("error", Text),
    Column("steps", JSON, nullable=False),
    Column("reports", JSON, nullable=False),
    Index("runs_by_product", "environment", "product", "started_at"),
)

claims = Table(
    "claims",
    metadata,
    Column("environment", String, primary_key=True),
    Column("product", String, primary_key=True),
    Column("run_id", String),
    Column("fence", BigInteger, nullable=False),
    Column("holder", String, nullable=False),
    Column("claimed_at", BigInteger, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("environment", String, primary_key=True),
    Column("product", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("release", BigInteger, nullable=False),
    Column("stamp", String, nullable=False, server_default=""),
)

quarantines = Table(
    "quarantines",
    metadata,
    Column("id", _serial, primary_key=True),
    Column("environment", String, nullable=False),
    Column("product", String, nullable=False),
    Column("run_id", String, nullable=False),
    Column("step", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("path", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("quarantines_by_product", "environment", "product", "created_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", _serial, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("tag", String, nullable=False),
    Column("principal", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("objects", JSON, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("previous_sha256", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("number", _serial, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("event", String, nullable=False),
    Column("body", JSON, nullable=False),
)
