"""Who somebody is at an identity provider, and sign-ins that are under way there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from ghala.registry.tables.metadata import metadata

outside_identities = Table(
    "outside_identities",
    metadata,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("linked_at", BigInteger, nullable=False),
    Index("outside_identities_by_account", "account"),
)

# Nothing here opens anything: the secret of which all else is made is in the browser's cookie alone.
outside_attempts = Table(
    "outside_attempts",
    metadata,
    Column("state_sha256", String(64), primary_key=True),
    Column("purpose", String, nullable=False),
    Column("return_to", Text),
    Column("linking", String),
    Column("session", String),
    Column("network", String, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("outside_attempts_by_end", "until"),
    Index("outside_attempts_by_network", "network"),
)
