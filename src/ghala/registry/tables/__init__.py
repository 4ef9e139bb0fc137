"""Every table of the registry. Times are microseconds since 1970 in UTC; JSON columns hold what code reads whole."""

from ghala.registry.tables.access import (
    access_decisions,
    access_requests,
    agreement_events,
    agreements,
)
from ghala.registry.tables.descent import declarations, lineages, release_lineages
from ghala.registry.tables.finding import (
    ratings,
    search_assets,
    search_misses,
    search_sources,
    search_trigrams,
)
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
from ghala.registry.tables.outside import outside_attempts, outside_identities
from ghala.registry.tables.policies import domain_owners, policy_applications, policy_sets
from ghala.registry.tables.progress import run_lines, run_steps
from ghala.registry.tables.promising import (
    dataset_checks,
    incident_events,
    incidents,
    level_misses,
    level_starts,
)
from ghala.registry.tables.questions import questions, repeats, taken_bytes
from ghala.registry.tables.recording import audit, audit_chains, audit_checkpoints
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
from ghala.registry.tables.talking import (
    asked_statements,
    counted_chains,
    read_counts,
    saved_queries,
    saved_query_datasets,
    ticket_events,
    tickets,
    votes,
    wish_events,
    wishes,
)
from ghala.registry.tables.telling import deliveries, outbox

__all__ = [
    "access_decisions",
    "access_requests",
    "accounts",
    "agreement_events",
    "agreements",
    "asked_statements",
    "attempts",
    "audit",
    "audit_chains",
    "audit_checkpoints",
    "claims",
    "counted_chains",
    "cursors",
    "dataset_checks",
    "declarations",
    "definitions",
    "deliveries",
    "domain_owners",
    "eligible_roles",
    "epoch",
    "files",
    "incident_events",
    "incidents",
    "invitations",
    "level_misses",
    "level_starts",
    "lineages",
    "members",
    "metadata",
    "outbox",
    "outside_attempts",
    "outside_identities",
    "passwords",
    "pointers",
    "policy_applications",
    "policy_sets",
    "quarantines",
    "questions",
    "ratings",
    "read_counts",
    "release_datasets",
    "release_inputs",
    "release_lineages",
    "releases",
    "repeats",
    "run_lines",
    "run_steps",
    "runs",
    "saved_queries",
    "saved_query_datasets",
    "search_assets",
    "search_misses",
    "search_sources",
    "search_trigrams",
    "sessions",
    "taken_bytes",
    "taken_roles",
    "teams",
    "ticket_events",
    "tickets",
    "tokens",
    "votes",
    "wish_events",
    "wishes",
]
