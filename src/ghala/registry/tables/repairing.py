"""What people decided about rows that were kept out, and which release has which of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from ghala.registry.tables.metadata import metadata, serial

quarantine_repairs = Table(
    "quarantine_repairs",
    metadata,
    Column("row", String(32), primary_key=True),
    Column("environment", String, nullable=False),
    Column("product", String, nullable=False),
    Column("place", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("path", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("file", Text),
    Column("record", BigInteger),
    Column("state", String, nullable=False),
    Column("fixed", LargeBinary),
    Column("note", Text),
    Column("reason", String),
    Column("message", Text),
    Column("fault_column", String),
    Column("release", BigInteger),
    Column("at", BigInteger, nullable=False),
    Column("principal", String, nullable=False),
    Index("quarantine_repairs_by_product", "environment", "product"),
)

# A row is in the data, as `fixed` says, from release `release` on, until release `ended_by` took it out: a rollback, or
# a run that could not take it again. Edits from before the column came are not known where they had ended.
quarantine_releases = Table(
    "quarantine_releases",
    metadata,
    Column("id", serial, primary_key=True),
    Column("row", String(32), nullable=False),
    Column("environment", String, nullable=False),
    Column("product", String, nullable=False),
    Column("release", BigInteger, nullable=False),
    Column("ended_by", BigInteger),
    Column("fixed", LargeBinary),
    Index("quarantine_releases_by_product", "environment", "product"),
)
