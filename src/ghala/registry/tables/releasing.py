"""What was defined and released, and the epoch that moves with every change."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from ghala.registry.tables.metadata import metadata

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

# Holds cell values: the profile of one dataset of a release, as one document.
release_profiles = Table(
    "release_profiles",
    metadata,
    Column("environment", String, primary_key=True),
    Column("product", String, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("domain", String, primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# Releases that brought back the content of an earlier one, `restored`.
rollbacks = Table(
    "rollbacks",
    metadata,
    Column("environment", String, primary_key=True),
    Column("product", String, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("restored", BigInteger, nullable=False),
    Column("replaced", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("principal", String, nullable=False),
)

# Releases whose rows of a dataset took the place of all that it had before.
made_anew = Table(
    "made_anew",
    metadata,
    Column("environment", String, primary_key=True),
    Column("product", String, primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("release", BigInteger, primary_key=True, autoincrement=False),
)

files = Table(
    "files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("run_id", String, nullable=False),
)
