"""Identity: everything about who somebody is, put together over one registry.

An endpoint turns what a request presents into a `Principal` here: a cookie through `sessions.check`, a token through
`tokens.check`. Every verb names who asks for it, `by`, and every change is recorded in its own transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from ghala.governance.accounts import Accounts
from ghala.governance.attempts import Limits
from ghala.governance.first import FirstAdministrator
from ghala.governance.outside_identities import OutsideIdentities
from ghala.governance.passwords import Passwords
from ghala.governance.roles import Roles
from ghala.governance.sessions import Sessions
from ghala.governance.sign_in import SignIn
from ghala.governance.teams import Teams
from ghala.governance.tokens import Tokens
from ghala.registry.registry import now_us as clock_us

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.model.purpose import Purpose
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Identity:
    """The parts; each has its own page of what it does."""

    accounts: Accounts
    teams: Teams
    roles: Roles
    tokens: Tokens
    sessions: Sessions
    sign_in: SignIn
    first: FirstAdministrator
    outside: OutsideIdentities
    purposes: Callable[[], Mapping[str, Purpose]]

    @classmethod
    def over(
        cls,
        registry: Registry,
        *,
        purposes: Callable[[], Mapping[str, Purpose]],
        owners: Callable[[], Mapping[str, str]],
        passwords: Passwords | None = None,
        limits: Limits | None = None,
        now_us: Callable[[], int] = clock_us,
    ) -> Self:
        """Put the parts together.

        Args:
            registry: where all of it is kept.
            purposes: the workspace's closed list, by name.
            owners: the owner of each domain, as its `domain.yaml` names it.
            passwords: how passwords are hashed; tests pass cheaper ones.
            limits: how often signing in may fail.
            now_us: the time in microseconds since 1970, UTC; tests pass their own.
        """
        accounts = Accounts(registry, passwords or Passwords(), now_us)
        sessions = Sessions(registry, now_us)
        return cls(
            accounts=accounts,
            teams=Teams(registry, owners, now_us),
            roles=Roles(registry, now_us),
            tokens=Tokens(registry, purposes, now_us),
            sessions=sessions,
            sign_in=SignIn(registry, accounts, sessions, purposes, now_us, limits or Limits()),
            first=FirstAdministrator(registry, accounts, now_us),
            outside=OutsideIdentities(registry, now_us),
            purposes=purposes,
        )
