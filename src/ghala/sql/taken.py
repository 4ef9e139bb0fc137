"""A name that the engine has taken: `system` is a catalog of its own, so the domain's views stand in another schema."""

from __future__ import annotations

from ghala.model.system import AUDIT, DOMAIN, USAGE

SCHEMA = "system@"
"""What stands in a text for `system`; no domain can have that name."""
TABLES = frozenset({AUDIT.dataset, USAGE.dataset})


def schema_of(domain: str) -> str:
    """Return the schema in which the engine has a domain's views.

    >>> schema_of("sales"), schema_of("system")
    ('sales', 'system@')
    """
    return SCHEMA if domain == DOMAIN else domain


def domain_of(schema: str) -> str:
    """Return the domain whose views a schema has.

    >>> domain_of("sales"), domain_of("system@")
    ('sales', 'system')
    """
    return DOMAIN if schema == SCHEMA else schema
