"""Where the columns of releases come from, and what owners declared about what they carry on."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, String, Table, Text

from ghala.registry.tables.metadata import metadata

# Of many releases that come from the same columns each names one and the same lineage.
lineages = Table(
    "lineages",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

release_lineages = Table(
    "release_lineages",
    metadata,
    Column("environment", String, primary_key=True),
    Column("product", String, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
)

declarations = Table(
    "declarations",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("domain", String, nullable=False),
    Column("dataset", String, nullable=False),
    # A name that another dataset takes over does not bring the declarations along.
    Column("dataset_id", String, nullable=False),
    Column("column_name", String, nullable=False),
    # A tag that the column does not carry on; or else the classification that it has.
    Column("tag", String),
    Column("classification", String),
    Column("origins", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("declared_by", String, nullable=False),
    Column("declared_at", BigInteger, nullable=False),
    Column("withdrawn_by", String),
    Column("withdrawn_at", BigInteger),
    Index("declarations_by_dataset", "domain", "dataset"),
)
