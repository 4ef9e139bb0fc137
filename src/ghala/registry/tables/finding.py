"""What can be found, and what people looked for. The words of assets stand in each database's own index beside them."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from ghala.registry.tables.metadata import metadata

# The number is the rank among equals, and at the same time the row of the index of words.
search_assets = Table(
    "search_assets",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("source", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", JSON, nullable=False),
    Index("search_assets_by_name", "kind", "name", unique=True),
    Index("search_assets_by_source", "source"),
)

# Which state of each source is in the index, all of it.
search_sources = Table(
    "search_sources",
    metadata,
    Column("source", String, primary_key=True),
    Column("sha256", String(64), nullable=False),
)

search_trigrams = Table(
    "search_trigrams",
    metadata,
    Column("trigram", String, primary_key=True),
    Column("word", String, primary_key=True),
)

# What was looked for in vain, by its words alone: not who looked.
search_misses = Table(
    "search_misses",
    metadata,
    Column("words", String, primary_key=True),
    Column("domain", String, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Index("search_misses_by_time", "last_at"),
)

ratings = Table(
    "ratings",
    metadata,
    Column("product", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("stars", Integer, nullable=False),
    Column("comment", Text, nullable=False),
    Column("rated_at", BigInteger, nullable=False),
    Column("id", String(12), nullable=False, server_default=""),
    Column("reply", Text, nullable=False, server_default=""),
    Column("replied_at", BigInteger),
)
