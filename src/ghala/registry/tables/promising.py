"""What became of promises: results of checks, service levels that were missed, and incidents."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from ghala.registry.tables.metadata import metadata

dataset_checks = Table(
    "dataset_checks",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("dataset_id", String, primary_key=True),
    Column("environment", String, nullable=False),
    Column("dataset", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("release", BigInteger),
    Column("report", JSON, nullable=False),
    Index("dataset_checks_by_dataset", "environment", "dataset_id", "at"),
)

# Since which release a service level is measured; without a row, it is not yet.
level_starts = Table(
    "level_starts",
    metadata,
    Column("environment", String, primary_key=True),
    Column("dataset_id", String, primary_key=True),
    Column("level", String, primary_key=True),
    Column("since", BigInteger, nullable=False),
)

# Times, in whole seconds, in which a level was missed; each ended with a release.
level_misses = Table(
    "level_misses",
    metadata,
    Column("environment", String, primary_key=True),
    Column("dataset_id", String, primary_key=True),
    Column("level", String, primary_key=True),
    Column("since_s", BigInteger, primary_key=True, autoincrement=False),
    Column("until_s", BigInteger, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", String, primary_key=True),
    Column("environment", String, nullable=False),
    Column("product", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("dataset_ids", JSON, nullable=False),
    Column("run_id", String),
    # The same cause opens one incident: it is NULL once that is resolved.
    Column("open_key", String, unique=True),
    Column("opened_at", BigInteger, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("acknowledged_at", BigInteger),
    Column("acknowledged_by", String),
    Column("resolved_at", BigInteger),
    Column("resolved_by", String),
    Index("incidents_by_product", "environment", "product", "opened_at"),
    Index("incidents_by_time", "environment", "opened_at"),
)

incident_events = Table(
    "incident_events",
    metadata,
    Column("incident", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("by", String, nullable=False),
    Column("text", Text, nullable=False),
)
