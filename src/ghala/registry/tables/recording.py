"""What happened: the audit chains, and the checkpoints over them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from ghala.registry.audit_form import CanonicalJSON
from ghala.registry.tables.metadata import metadata

# `read_id` is the same for the intent and the outcome of one read, and empty for all else.
audit = Table(
    "audit",
    metadata,
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("tag", String, nullable=False),
    Column("principal", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("read_id", String(32), nullable=False, server_default=""),
    Column("objects", CanonicalJSON, nullable=False),
    Column("detail", CanonicalJSON, nullable=False),
    Column("previous_sha256", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Index("audit_by_time", "at", "chain", "number"),
    Index("audit_by_read", "read_id"),
)

# The last entry of each chain, and how many of its entries a checkpoint has signed.
audit_chains = Table(
    "audit_chains",
    metadata,
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("writer", String(32), nullable=False, unique=True),
    Column("begun_at", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("signed_number", BigInteger, nullable=False),
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
)
