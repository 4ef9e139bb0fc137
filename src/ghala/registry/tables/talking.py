"""What people tell each other about data: votes, tickets, wishes, saved queries, and who read what how often."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from ghala.registry.tables.metadata import metadata, serial

# `about` is an item of a roadmap (`roadmap:sales/orders#refunds`) or a wish (`wish:ID`).
votes = Table(
    "votes",
    metadata,
    Column("about", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("voted_at", BigInteger, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("dataset_id", String, nullable=False),
    Column("dataset", String, nullable=False),
    Column("environment", String, nullable=False),
    Column("column", String),
    Column("release", Integer),
    Column("place", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("mended_in", Integer),
    Column("changed_at", BigInteger, nullable=False),
    Index("tickets_by_dataset", "dataset_id", "opened_at"),
    Index("tickets_by_opener", "opened_by", "opened_at"),
)

# Never changed, never removed.
ticket_events = Table(
    "ticket_events",
    metadata,
    Column("number", serial, primary_key=True),
    Column("ticket", String(12), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("state", String, nullable=False),
    Column("text", Text, nullable=False),
    Index("ticket_events_by_ticket", "ticket", "number"),
)

# `words` are those of the title, as demand compares them; an open wish with the same words is the same wish.
wishes = Table(
    "wishes",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("words", String, nullable=False),
    Column("domain", String, nullable=False),
    Column("wished_by", String, nullable=False),
    Column("wished_at", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("answer", Text, nullable=False),
    Column("roadmap_item", String),
    Column("dataset", String),
    Column("merged_into", String(12)),
    Column("changed_at", BigInteger, nullable=False),
    Index("wishes_by_words", "words"),
    Index("wishes_by_state", "state", "wished_at"),
)

# Never changed, never removed.
wish_events = Table(
    "wish_events",
    metadata,
    Column("number", serial, primary_key=True),
    Column("wish", String(12), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("event", String, nullable=False),
    Column("text", Text, nullable=False),
    Index("wish_events_by_wish", "wish", "number"),
)

# `shared_with` is empty for nobody, `team:…`, or `everybody`; `reads` has the datasets that the text names.
saved_queries = Table(
    "saved_queries",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("owner", String, nullable=False),
    Column("name", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("sql", Text, nullable=False),
    Column("environment", String, nullable=False),
    Column("shared_with", String, nullable=False),
    Column("reads", JSON, nullable=False),
    Column("saved_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("run_count", BigInteger, nullable=False),
    Column("last_run_at", BigInteger),
    Index("saved_queries_by_name", "owner", "name", unique=True),
    Index("saved_queries_by_sharing", "shared_with"),
)

saved_query_datasets = Table(
    "saved_query_datasets",
    metadata,
    Column("dataset", String, primary_key=True),
    Column("query", String(12), primary_key=True),
    Index("saved_query_datasets_by_query", "query"),
)

# What somebody asked lately, for them alone.
asked_statements = Table(
    "asked_statements",
    metadata,
    Column("number", serial, primary_key=True),
    Column("account", String, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("purpose", String, nullable=False),
    Column("environment", String, nullable=False),
    Column("sql", Text, nullable=False),
    Index("asked_statements_by_account", "account", "number"),
    Index("asked_statements_by_time", "asked_at"),
)

# Reads of each day as the audit has them, and up to which entry of each chain they were counted.
read_counts = Table(
    "read_counts",
    metadata,
    Column("dataset", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("principal", String, primary_key=True),
    Column("reads", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False, server_default="0"),
    Index("read_counts_by_principal", "principal", "dataset"),
)

counted_chains = Table(
    "counted_chains",
    metadata,
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)
