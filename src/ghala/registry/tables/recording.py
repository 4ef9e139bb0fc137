"""What happened: the audit chain, and what is still to be told."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, String, Table

from ghala.registry.tables.metadata import metadata, serial

audit = Table(
    "audit",
    metadata,
    Column("number", serial, primary_key=True),
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
    Column("number", serial, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("event", String, nullable=False),
    Column("body", JSON, nullable=False),
)
