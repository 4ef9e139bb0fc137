"""Every set of policies that was in force, when it was put there, and who owned each domain since when."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from ghala.registry.tables.metadata import metadata

policy_sets = Table(
    "policy_sets",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# One row for each time that a set was put in force; the last one is in force.
policy_applications = Table(
    "policy_applications",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("version", String(64), nullable=False),
    Column("applied_at", BigInteger, nullable=False),
    Column("applied_by", String, nullable=False),
    Index("policy_applications_by_time", "applied_at"),
    Index("policy_applications_by_version", "version"),
)

# One row for each time that a domain's owner changed; null where the domain went away.
domain_owners = Table(
    "domain_owners",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("domain", String, nullable=False),
    Column("owner", String),
    Column("since", BigInteger, nullable=False),
    Index("domain_owners_by_time", "since"),
)
