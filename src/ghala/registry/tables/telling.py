"""What people are to be told, and what became of it on its way to each channel."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from ghala.registry.tables.metadata import metadata, serial

# Written in the transaction of what happened; `settled_at` is when it was found out whom to tell.
outbox = Table(
    "outbox",
    metadata,
    Column("number", serial, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("event", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("body", JSON, nullable=False),
    Column("settled_at", BigInteger),
    Index("outbox_by_subject", "subject", "event", "at"),
    Index("outbox_by_settled", "settled_at", "number"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", serial, primary_key=True),
    Column("notification", BigInteger, nullable=False),
    Column("channel", String, nullable=False),
    Column("is_named", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    # When it may be tried; while somebody tries it, until when that one has time.
    Column("next_at", BigInteger, nullable=False),
    Column("holder", String(32)),
    Column("delivered_at", BigInteger),
    Column("fault", Text),
    Index("deliveries_by_state", "state", "next_at"),
    Index("deliveries_by_notification", "notification"),
)

# What those who look at a page are told as it happens. Transactions that write take turns, so numbers grow in the order
# in which they end. The newest row is never removed: SQLite would give its number again.
events = Table(
    "events",
    metadata,
    Column("number", serial, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("event", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("body", JSON, nullable=False),
    Index("events_by_time", "at"),
)
