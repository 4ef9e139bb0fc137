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

# Users, services and agents; the id is in lower case, so that no two differ by case only, whatever the database.
accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("owner", String),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
)

teams = Table(
    "teams",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("team", String, primary_key=True),
    Column("account", String, primary_key=True),
    Index("members_by_account", "account"),
)

passwords = Table(
    "passwords",
    metadata,
    Column("account", String, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

eligible_roles = Table(
    "eligible_roles",
    metadata,
    Column("account", String, primary_key=True),
    Column("role", String, primary_key=True),
)

taken_roles = Table(
    "taken_roles",
    metadata,
    Column("account", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String, nullable=False),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    # Requests that were on their way when the secret was renewed still have the one before it.
    Column("previous_sha256", String(64), unique=True),
    Column("renewed_at", BigInteger, nullable=False),
    Column("purpose", String, nullable=False),
    Column("address", String, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index("sessions_by_account", "account", "begun_at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("account", String, nullable=False),
    Column("label", Text, nullable=False),
    Column("secret_sha256", String(64), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("purpose", String, nullable=False),
    Column("issued_by", String, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index("tokens_by_account", "account", "issued_at"),
)

# What was tried is known by its hash alone: people type passwords where their names belong.
attempts = Table(
    "attempts",
    metadata,
    Column("key_sha256", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Index("attempts_by_time", "last_at"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("secret_sha256", String(64), primary_key=True),
    Column("made_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)
