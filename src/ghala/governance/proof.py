"""What proved who somebody is, looked at again: a session that ended or a token that was revoked proves nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.errors import NotSignedInError
from ghala.model.principal import PrincipalKind
from ghala.registry import credentials, identity
from ghala.registry.registry import now_us as clock_us
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Proofs:
    """The proofs of one registry."""

    registry: Registry
    now_us: Callable[[], int] = clock_us

    def again(self, principal: Principal) -> Principal:
        """Return a principal as it is now: with its teams of now, and the roles that it still has.

        One that proved itself with nothing, such as the workspace's owner, stays as it is.

        Raises:
            NotSignedInError: its session has ended, its token no longer holds, or it is disabled.
        """
        kind, _, credential = (principal.credential or "").partition(":")
        if not credential:
            return principal
        with self.registry.read() as connection:
            now_us = self.now_us()
            account = identity.find_account(connection, principal.id, now_us)
            acting = account
            if account is not None and account.kind is PrincipalKind.AGENT and account.owner:
                acting = identity.find_account(connection, account.owner, now_us)
            holds = _HOLDS[kind](connection, principal.id, credential, now_us)
        is_enabled = account and acting and account.is_enabled and acting.is_enabled
        if account is None or acting is None or not (is_enabled and holds):
            raise NotSignedInError(f"the {kind} with which this was asked has ended")
        roles = principal.roles & {taken.role for taken in account.taken}
        return replace(principal, teams=frozenset(acting.teams), roles=roles)


def _is_session(connection: Transaction, account: str, credential: str, now_us: int) -> bool:
    return any(one.id == credential for one in credentials.sessions(connection, account, now_us))


def _is_token(connection: Transaction, account: str, credential: str, now_us: int) -> bool:
    stored = credentials.find_token(connection, credential)
    if stored is None or stored.token.principal != account:
        return False
    return stored.token.revoked_at is None and stored.token.until > as_time(now_us)


_HOLDS = {"session": _is_session, "token": _is_token}
