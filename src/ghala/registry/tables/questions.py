"""What endpoints remember between requests: kept answers, requests that were answered, and what principals took."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, String, Table

from ghala.registry.tables.metadata import metadata

# The rows of an answer are in a file of the storage folder that has the question's id as its name.
questions = Table(
    "questions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("principal", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("environment", String, nullable=False),
    Column("statement_sha256", String(64), nullable=False),
    Column("server", String(32), nullable=False),
    Column("state", String, nullable=False),
    Column("releases", JSON, nullable=False),
    Column("decided_sha256", String(64)),
    Column("rows", BigInteger),
    Column("bytes", BigInteger),
    Column("error", JSON),
    Column("made_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("questions_by_principal", "principal", "made_at"),
    Index("questions_by_end", "until"),
)

# A key is known by its hash alone; so is the body of the request that it came with.
repeats = Table(
    "repeats",
    metadata,
    Column("principal", String, primary_key=True),
    Column("key_sha256", String(64), primary_key=True),
    Column("request_sha256", String(64), nullable=False),
    Column("status", Integer),
    Column("media_type", String),
    Column("body", LargeBinary),
    Column("begun_at", BigInteger, nullable=False),
    Index("repeats_by_time", "begun_at"),
)

taken_bytes = Table(
    "taken_bytes",
    metadata,
    Column("principal", String, primary_key=True),
    Column("purpose", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
)
