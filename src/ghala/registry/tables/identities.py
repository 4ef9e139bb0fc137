"""Who somebody is, and how they prove it."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from ghala.registry.tables.metadata import metadata

# Users, services and agents; the id is in lower case, so that no two differ by case only, whatever the database.
accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("owner", String),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
)

teams = Table(
    "teams",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("team", String, primary_key=True),
    Column("account", String, primary_key=True),
    Index("members_by_account", "account"),
)

passwords = Table(
    "passwords",
    metadata,
    Column("account", String, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

eligible_roles = Table(
    "eligible_roles",
    metadata,
    Column("account", String, primary_key=True),
    Column("role", String, primary_key=True),
)

taken_roles = Table(
    "taken_roles",
    metadata,
    Column("account", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String, nullable=False),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    # Requests that were on their way when the secret was renewed still have the one before it.
    Column("previous_sha256", String(64), unique=True),
    Column("renewed_at", BigInteger, nullable=False),
    Column("purpose", String, nullable=False),
    Column("address", String, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    # Whose word it was at a provider that let somebody in; null where it was a password.
    Column("issuer", String),
    Column("subject", String),
    Index("sessions_by_account", "account", "begun_at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("account", String, nullable=False),
    Column("label", Text, nullable=False),
    Column("secret_sha256", String(64), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("purpose", String, nullable=False),
    Column("issued_by", String, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("roles", JSON, nullable=False, server_default="[]"),
    Index("tokens_by_account", "account", "issued_at"),
)

# What was tried is known by its hash alone: people type passwords where their names belong.
attempts = Table(
    "attempts",
    metadata,
    Column("key_sha256", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Index("attempts_by_time", "last_at"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("secret_sha256", String(64), primary_key=True),
    Column("made_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)
