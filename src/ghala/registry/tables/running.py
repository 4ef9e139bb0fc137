"""Runs: who publishes now, what was taken from sources, and what was kept out."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, String, Table, Text

from ghala.registry.tables.metadata import metadata, serial

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
    Column("error_code", String),
    Column("hint", Text),
    Column("started_by", String),
    # The release that a rollback brings back; NULL where a pipeline ran.
    Column("rolls_back", BigInteger),
    Column("steps", JSON, nullable=False),
    Column("reports", JSON, nullable=False),
    Index("runs_by_product", "environment", "product", "started_at"),
    Index("runs_by_state", "state"),
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

# What a cursor had until release `ended_by` took it out or anew: a rollback finds there what was taken when.
past_cursors = Table(
    "past_cursors",
    metadata,
    Column("id", serial, primary_key=True),
    Column("environment", String, nullable=False),
    Column("product", String, nullable=False),
    Column("source", String, nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("release", BigInteger, nullable=False),
    Column("stamp", String, nullable=False),
    Column("ended_by", BigInteger, nullable=False),
    Index("past_cursors_by_product", "environment", "product", "source"),
)

quarantines = Table(
    "quarantines",
    metadata,
    Column("id", serial, primary_key=True),
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
