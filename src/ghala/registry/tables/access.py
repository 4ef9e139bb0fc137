"""Who asked for access to what, what was decided, and what is agreed since."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from ghala.registry.tables.metadata import metadata, serial

access_requests = Table(
    "access_requests",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("grantee", String, nullable=False),
    Column("domain", String, nullable=False),
    Column("dataset", String, nullable=False),
    Column("dataset_id", String, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("rows", JSON),
    Column("purpose", String, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("justification", Text, nullable=False),
    Column("requested_by", String, nullable=False),
    Column("on_behalf_of", String),
    Column("requested_at", BigInteger, nullable=False),
    Column("levels", Integer, nullable=False),
    Column("state", String, nullable=False),
    Index("access_requests_by_state", "state", "requested_at"),
    Index("access_requests_by_requester", "requested_by", "state"),
)

access_decisions = Table(
    "access_decisions",
    metadata,
    Column("request", String(12), primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("is_approved", Integer, nullable=False),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)

# An agreement has the id of the request that it was.
agreements = Table(
    "agreements",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("grantee", String, nullable=False),
    Column("domain", String, nullable=False),
    Column("dataset", String, nullable=False),
    # A dataset may be renamed, and another may get its name: an agreement is about the one that was asked for.
    Column("dataset_id", String, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("rows", JSON),
    Column("purpose", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("reassess_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index("agreements_by_dataset", "dataset_id", "purpose", "grantee"),
)

# Rows are added, never changed: the state at any time is rebuilt from them.
agreement_events = Table(
    "agreement_events",
    metadata,
    Column("number", serial, primary_key=True),
    Column("agreement", String(12), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("event", String, nullable=False),
    Column("by", String, nullable=False),
    Column("detail", JSON, nullable=False),
    Index("agreement_events_by_agreement", "agreement", "at"),
)
