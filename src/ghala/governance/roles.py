"""Roles: assigned for good, taken for a limited time with a reason, so that nobody is an administrator by habit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import DeniedError, UsageError
from ghala.governance.administration import US, find_account, parse_id, record, require
from ghala.model.account import TakenRole
from ghala.model.audit import AuditTag
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind, Role
from ghala.model.token import is_in_scope
from ghala.registry import identity
from ghala.registry.registry import move_epoch
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.account import Account
    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry

LONGEST_MINUTES = 8 * 60
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Roles:
    """Who may take which role, and who has."""

    registry: Registry
    now_us: Callable[[], int]

    def assign(self, name: str, role: str, *, by: Principal) -> Account:
        """Let a user take a role.

        Raises:
            DeniedError: `by` may not.
            NotFoundError: there is no such user.
            UsageError: it is no user, or there is no such role.
        """
        return self._assign(name, read_role(role), by, is_eligible=True)

    def withdraw(self, name: str, role: str, *, by: Principal) -> Account:
        """Keep a user from taking a role; one that is taken ends.

        Raises:
            DeniedError: `by` may not.
            NotFoundError: there is no such user.
            UsageError: it is no user, or there is no such role.
        """
        return self._assign(name, read_role(role), by, is_eligible=False)

    def take(self, name: str, role: str, *, minutes: int, reason: str, by: Principal) -> TakenRole:
        """Take a role for some minutes. It counts in sessions that begin or are renewed from now on, and their tokens.

        Raises:
            DeniedError: the user is not eligible, or `by` is somebody else.
            NotFoundError: there is no such user.
            UsageError: the account is disabled, the time too long, the reason missing, or there is no such role.
        """
        wanted, stated = read_role(role), reason.strip()
        if not 1 <= minutes <= LONGEST_MINUTES:
            raise UsageError(f"a role is taken for 1 to {LONGEST_MINUTES} minutes")
        if not stated or len(stated) > _LONGEST_REASON or not stated.isprintable():
            raise UsageError(
                "nobody takes a role without saying why",
                hint=f"--reason TEXT: one line of at most {_LONGEST_REASON} characters",
            )
        with self.registry.write() as connection:
            now_us = self.now_us()
            _require_itself(by, name)
            account = find_account(connection, name, now_us)
            if not account.is_enabled:
                raise UsageError(
                    f"{account.id} is disabled", hint=f"ghala user enable {account.id}"
                )
            if wanted not in account.eligible:
                raise DeniedError(
                    f"{account.id} may not take the role `{wanted}`",
                    reasons=["the role is not assigned to them"],
                    hint="an administrator can: ghala user assign",
                )
            until_us = now_us + minutes * 60 * US
            taken = TakenRole(account.id, wanted, stated, as_time(now_us), as_time(until_us))
            identity.set_taken(connection, taken, now_us, until_us)
            detail = {
                "role": wanted.value,
                "reason": stated,
                "until": taken.until.isoformat(),
            }
            record(connection, AuditTag.ROLE_TAKEN, by, [account.id], detail)
            move_epoch(connection)
        return taken

    def end(self, name: str, role: str, *, by: Principal) -> bool:
        """End a role before its time; False if it was not taken.

        Raises:
            DeniedError: `by` is neither an administrator nor the user.
            NotFoundError: there is no such user.
            UsageError: there is no such role.
        """
        wanted = read_role(role)
        with self.registry.write() as connection:
            now_us = self.now_us()
            own = str(parse_id(name))
            require(connection, by, Action.USER_MANAGE, now_us, itself=own, own=Action.ROLE_TAKE)
            account = find_account(connection, name, now_us)
            if wanted not in {taken.role for taken in account.taken}:
                return False
            identity.end_role(connection, account.id, wanted)
            record(connection, AuditTag.ROLE_ENDED, by, [account.id], {"role": wanted.value})
            move_epoch(connection)
        return True

    def _assign(self, name: str, role: Role, by: Principal, *, is_eligible: bool) -> Account:
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us)
            account = find_account(connection, name, now_us)
            if account.kind is not PrincipalKind.USER:
                raise UsageError(f"{account.id} cannot take roles: users can")
            if (role in account.eligible) is not is_eligible:
                change = identity.set_eligible if is_eligible else identity.unset_eligible
                change(connection, account.id, role)
                tag = AuditTag.ROLE_ASSIGNED if is_eligible else AuditTag.ROLE_WITHDRAWN
                record(connection, tag, by, [account.id], {"role": role.value})
                if not is_eligible and role in {taken.role for taken in account.taken}:
                    identity.end_role(connection, account.id, role)
                    detail = {"role": role.value}
                    record(connection, AuditTag.ROLE_ENDED, by, [account.id], detail)
                move_epoch(connection)
            return find_account(connection, account.id, now_us)


def _require_itself(by: Principal, name: str) -> None:
    """Let the workspace's owner pass, and a user who has signed in and takes a role for themselves."""
    is_own = by.id == str(parse_id(name)) and is_in_scope(by, Action.ROLE_TAKE)
    if by.kind is PrincipalKind.OWNER or is_own:
        return
    raise DeniedError(
        f"{by.id} may not take a role for {parse_id(name)}",
        reasons=["a role is taken by its user, who has signed in"],
    )


def read_role(text: str) -> Role:
    """Read the name of a role.

    Raises:
        UsageError: there is none of that name.
    """
    try:
        return Role(text)
    except ValueError:
        listed = ", ".join(f"`{role}`" for role in Role)
        raise UsageError(f"there is no role `{text[:80]}`", hint=f"use {listed}") from None
