"""The first administrator: a secret that is printed once, works once and soon no more. No default password exists."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, NotSignedInError, UsageError
from ghala.governance.accounts import add_account
from ghala.governance.administration import US, find_account, parse_id, principal_of, record
from ghala.model.account import Account
from ghala.model.audit import AuditTag
from ghala.model.principal import PrincipalKind, Role
from ghala.model.purpose import ADMINISTRATION
from ghala.registry import credentials, identity
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ghala.governance.accounts import Accounts
    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry

PREFIX = "ghala_first_"


@dataclass(frozen=True, slots=True)
class Invitation:
    """The secret with which the first administrator is made, at the only moment at which it is known."""

    text: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Makes the first administrator of a registry, while there is none."""

    registry: Registry
    accounts: Accounts
    now_us: Callable[[], int]
    lives_s: int = 1800

    def is_missing(self) -> bool:
        """Return whether no enabled user can become administrator."""
        with self.registry.read() as connection:
            return not identity.has_administrator(connection)

    def invite(self, *, by: Principal) -> Invitation:
        """Make an invitation; one that was made before no longer holds.

        Raises:
            DeniedError: `by` is not the workspace's owner.
            UsageError: there is an administrator.
        """
        if by.kind is not PrincipalKind.OWNER:
            raise DeniedError(
                f"{by.id} may not invite the first administrator",
                reasons=["only whoever can read the workspace's files may"],
            )
        text = PREFIX + secrets.token_urlsafe(32)
        with self.registry.write() as connection:
            now_us = self.now_us()
            if identity.has_administrator(connection):
                raise UsageError(
                    "there is an administrator already",
                    hint="administrators make others: ghala user assign",
                )
            until_us = now_us + self.lives_s * US
            credentials.set_invitation(connection, _hash(text), now_us, until_us)
            detail = {"until": as_time(until_us).isoformat()}
            record(connection, AuditTag.INVITATION_MADE, by, [], detail)
        return Invitation(text, as_time(until_us))

    def accept(self, text: str, name: str, password: str) -> Account:
        """Make a user who may take the administrator's role, and use the invitation up.

        Raises:
            NotSignedInError: the invitation does not hold: it was used, has expired, or there is an administrator.
            UsageError: the name or the password cannot be used; the invitation still holds.
        """
        account = parse_id(name)
        with self.registry.read() as connection:
            # Before the password is hashed: a stranger must not be able to make us work.
            if not credentials.has_invitation(connection, _hash(text), self.now_us()):
                raise _refusal()
        hashed = self.accounts.hashed(account, password)
        with self.registry.write() as connection:
            now_us = self.now_us()
            taken = credentials.take_invitation(connection, _hash(text), now_us)
            if not taken or identity.has_administrator(connection):
                raise _refusal()
            made = Account(str(account), account.kind, account.name, None, as_time(now_us), None)
            by = principal_of(made, ADMINISTRATION.name)
            add_account(connection, account, None, by, now_us)
            identity.set_password(connection, made.id, hashed, now_us)
            identity.set_eligible(connection, made.id, Role.ADMINISTRATOR)
            detail = {"role": Role.ADMINISTRATOR.value}
            record(connection, AuditTag.ROLE_ASSIGNED, by, [made.id], detail)
            return find_account(connection, made.id, now_us)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _refusal() -> NotSignedInError:
    return NotSignedInError(
        "the invitation does not hold: it was used, replaced, or has expired",
        hint="make another: ghala user first",
    )
