"""Principals: who asks, on whose behalf, and for what purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghala.model.policy import Action


class PrincipalKind(StrEnum):
    """What a principal is; keep sorted. A team never asks by itself: its members do."""

    AGENT = "agent"
    OWNER = "owner"
    PRODUCT = "product"
    SERVICE = "service"
    TEAM = "team"
    USER = "user"


class Role(StrEnum):
    """What somebody takes over for a limited time; keep sorted. The owner of a domain is its team, not a role."""

    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    STEWARD = "steward"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, always with a declared purpose.

    An agent acts `on_behalf_of` a user. `roles` are those that are taken now; with a token, those of them that it
    carries. `scopes` are the only actions that the token allows with which somebody asks, None where no token narrows
    what the principal may. `credential` names the session or token that proved it, for the record: it makes nobody
    another principal.
    """

    id: str
    kind: PrincipalKind
    purpose: str
    on_behalf_of: str | None = None
    teams: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Action] | None = None
    credential: str | None = field(default=None, compare=False)


OWNER_LOCAL = Principal("owner:local", PrincipalKind.OWNER, "administration")
"""Whoever can read the workspace's files is its owner; local use is recorded under this name."""
