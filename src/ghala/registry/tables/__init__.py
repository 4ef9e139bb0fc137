"""Every table of the registry. Times are microseconds since 1970 in UTC; JSON columns hold what code reads whole."""

from ghala.registry.tables.identities import (
    accounts,
    attempts,
    eligible_roles,
    invitations,
    members,
    passwords,
    sessions,
    taken_roles,
    teams,
    tokens,
)
from ghala.registry.tables.metadata import metadata
from ghala.registry.tables.recording import audit, outbox
from ghala.registry.tables.releasing import (
    definitions,
    epoch,
    files,
    pointers,
    release_datasets,
    release_inputs,
    releases,
)
from ghala.registry.tables.running import claims, cursors, quarantines, runs

__all__ = [
    "accounts",
    "attempts",
    "audit",
    "claims",
    "cursors",
    "definitions",
    "eligible_roles",
    "epoch",
    "files",
    "invitations",
    "members",
    "metadata",
    "outbox",
    "passwords",
    "pointers",
    "quarantines",
    "release_datasets",
    "release_inputs",
    "releases",
    "runs",
    "sessions",
    "taken_roles",
    "teams",
    "tokens",
]
