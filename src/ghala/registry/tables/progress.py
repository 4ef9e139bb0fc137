"""How far runs are: each step's state and times, and what was said meanwhile."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, String, Table, Text

from ghala.registry.tables.metadata import metadata

run_steps = Table(
    "run_steps",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("reads", JSON, nullable=False),
    Column("dataset", String),
    Column("state", String, nullable=False),
    Column("began_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("rows_in", BigInteger),
    Column("rows_out", BigInteger),
    Column("quarantined", BigInteger),
)

run_lines = Table(
    "run_lines",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
)
