"""Accounts: the users, services and agents that a registry knows, their teams, and the rule for their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.model.principal import PrincipalKind

if TYPE_CHECKING:
    from datetime import datetime

    from ghala.model.principal import Role

ACCOUNT_KINDS = (PrincipalKind.USER, PrincipalKind.SERVICE, PrincipalKind.AGENT)
"""The kinds that the registry keeps accounts of."""

RESERVED_NAMES = frozenset(
    {"all", "anonymous", "anybody", "everybody", "everyone", "ghala", "local", "me", "nobody", "none", "null"}
    | {"owner", "root", "self", "system", "unknown"}
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9_])?")


def account_name_fault(name: str) -> str | None:
    """Return why `name` cannot be the name of a user, service, agent or team; None if it can.

    >>> account_name_fault("Amina.Weber")
    >>> account_name_fault("amina weber")
    'use letters, digits, `_`, `.` and `-`, a letter first, at most 63 characters'
    >>> account_name_fault("Root")
    '`root` is reserved'
    """
    if not _NAME.fullmatch(name):
        return "use letters, digits, `_`, `.` and `-`, a letter first, at most 63 characters"
    return f"`{name.lower()}` is reserved" if name.lower() in RESERVED_NAMES else None


@dataclass(frozen=True, slots=True, order=True)
class AccountId:
    """`user:amina`: a kind and a name whose case does not count; as text, it is in lower case."""

    kind: PrincipalKind
    name: str

    @classmethod
    def parse(cls, text: str, kind: PrincipalKind = PrincipalKind.USER) -> AccountId:
        """Read `kind:name`; a name alone is one of `kind`.

        Raises:
            ValueError: it names no user, service, agent or team, or the name cannot be one.

        >>> str(AccountId.parse("Amina")), str(AccountId.parse("service:loader"))
        ('user:amina', 'service:loader')
        """
        before, colon, name = text.rpartition(":")
        if colon and before not in (*ACCOUNT_KINDS, PrincipalKind.TEAM):
            raise ValueError("write `user:NAME`, `service:NAME`, `agent:NAME` or `team:NAME`")
        if fault := account_name_fault(name):
            raise ValueError(fault)
        return cls(PrincipalKind(before) if colon else kind, name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class TakenRole:
    """A role that somebody has taken, why, and until when."""

    principal: str
    role: Role
    reason: str
    begun_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """One user, service or agent.

    `owner` answers for a service (a user or a team), and is the user on whose behalf an agent acts. `eligible` are the
    roles that the account may take, `taken` those that it has now.
    """

    id: str
    kind: PrincipalKind
    name: str
    owner: str | None
    created_at: datetime
    disabled_at: datetime | None
    teams: tuple[str, ...] = ()
    eligible: tuple[Role, ...] = ()
    taken: tuple[TakenRole, ...] = ()

    @property
    def is_enabled(self) -> bool:
        """Whether the account can be used."""
        return self.disabled_at is None


@dataclass(frozen=True, slots=True)
class Team:
    """A team of users; it owns the domains whose `domain.yaml` names it as their `owner`."""

    id: str
    name: str
    created_at: datetime
    members: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
