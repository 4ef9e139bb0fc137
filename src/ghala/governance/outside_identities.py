"""Who accounts are at identity providers: looked at, and undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import NotFoundError, UsageError
from ghala.governance.accounts import end_these_sessions
from ghala.governance.administration import find_account, parse_id, record, require
from ghala.model.audit import AuditTag
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind
from ghala.registry import credentials, identity, outside
from ghala.registry.registry import move_epoch

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.outside import OutsideIdentity
    from ghala.model.principal import Principal
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class OutsideIdentities:
    """The links between the accounts of one registry and those of providers, also of a provider that is gone."""

    registry: Registry
    now_us: Callable[[], int]

    def identities(self, of: str, *, by: Principal) -> tuple[OutsideIdentity, ...]:
        """Return who an account is at providers, the newest link first.

        Raises:
            DeniedError: `by` is neither an administrator nor the account itself.
            NotFoundError: there is no such account.
        """
        with self.registry.read() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us, itself=str(parse_id(of)))
            account = find_account(connection, of, now_us)
            return outside.identities_of(connection, account.id)

    def unlink(self, of: str, *, by: Principal, issuer: str | None = None) -> int:
        """Undo the links of an account, or those to one provider, and return how many sessions ended with them.

        The sessions that began at the provider end; teams stay as they are.

        Raises:
            DeniedError: `by` is neither an administrator nor the account itself.
            NotFoundError: there is no such account, or it is not linked.
            UsageError: nobody could sign in any more: users without a password do not unlink themselves.
        """
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us, itself=str(parse_id(of)))
            account = find_account(connection, of, now_us)
            linked = outside.identities_of(connection, account.id)
            found = [one for one in linked if issuer in {None, one.issuer}]
            if not found:
                at = "any provider" if issuer is None else f"`{issuer[:200]}`"
                hint = (
                    f"it is linked to {', '.join(f'`{one.issuer}`' for one in linked)}"
                    if linked
                    else "nothing has to be undone"
                )
                raise NotFoundError(f"{account.id} is not linked to {at}", hint=hint)
            is_own = by.kind is not PrincipalKind.OWNER and by.id == account.id
            if is_own and identity.password_hash(connection, account.id) is None:
                raise UsageError(
                    "without a password and without a provider you could not sign in any more",
                    hint="an administrator sets a password first, or unlinks you",
                )
            for one in found:
                outside.unlink(connection, one)
                detail = {"issuer": one.issuer, "subject": one.subject}
                record(connection, AuditTag.USER_UNLINKED, by, [account.id], detail)
            undone = {(one.issuer, one.subject) for one in found}
            begun_there = [
                one.id
                for one in credentials.sessions(connection, account.id, now_us)
                if one.outside in undone
            ]
            move_epoch(connection)
            return end_these_sessions(connection, account.id, begun_there, by, now_us)
