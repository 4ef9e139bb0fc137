"""Accounts: users, services and agents, made, disabled and enabled, and their passwords set by an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghala.errors import UsageError
from ghala.governance.administration import find_account, find_team, parse_id, record, require
from ghala.governance.passwords import Passwords, password_fault
from ghala.model.account import ACCOUNT_KINDS
from ghala.model.audit import AuditTag
from ghala.model.policy import Action
from ghala.model.principal import PrincipalKind
from ghala.registry import credentials, identity, saved_queries
from ghala.registry.registry import move_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ghala.model.account import Account, AccountId
    from ghala.model.principal import Principal
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of one registry; `now_us` is its clock."""

    registry: Registry
    passwords: Passwords
    now_us: Callable[[], int]

    def add(
        self, name: str, *, by: Principal, owner: str | None = None, password: str | None = None
    ) -> Account:
        """Add a user (`amina`), a service (`service:loader`) or an agent (`agent:helper`).

        `owner` answers for a service (a user or a team), and is the user on whose behalf an agent acts. A user without
        a password cannot sign in yet.

        Raises:
            DeniedError: `by` may not.
            UsageError: the name, the owner or the password cannot be used, or the name is taken.
            NotFoundError: the owner is not there.
        """
        # Before anything is looked up or hashed: a stranger learns no names, and makes nobody work.
        self._require_administrator(by)
        account = self.new_id(name)
        hashed = None if password is None else self.hashed(account, password)
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us)
            held_by = self._owner(connection, account, owner, now_us)
            add_account(connection, account, held_by, by, now_us)
            if hashed is not None:
                identity.set_password(connection, str(account), hashed, now_us)
            return find_account(connection, str(account), now_us)

    def new_id(self, name: str) -> AccountId:
        """Return the id that a new account would have: to be asked before a person is asked for a password.

        Raises:
            UsageError: the name cannot be used, or is taken.
        """
        account = parse_id(name)
        if account.kind not in ACCOUNT_KINDS:
            raise UsageError(
                f"`{account}` is not an account", hint=f"ghala team add {account.name}"
            )
        with self.registry.read() as connection:
            _require_free(connection, account, self.now_us())
        return account

    def account(self, name: str, *, by: Principal) -> Account:
        """Return an account.

        Raises:
            DeniedError: `by` is neither an administrator nor the account itself.
            NotFoundError: there is none of that name.
        """
        with self.registry.read() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us, itself=str(parse_id(name)))
            return find_account(connection, name, now_us)

    def accounts(self, *, by: Principal) -> tuple[Account, ...]:
        """Return all accounts, by id.

        Raises:
            DeniedError: `by` may not.
        """
        with self.registry.read() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us)
            return identity.accounts(connection, now_us)

    def disable(self, name: str, *, by: Principal) -> Account:
        """Disable an account: its sessions and roles end, its tokens no longer open anything.

        Raises:
            DeniedError: `by` may not.
            NotFoundError: there is none of that name.
        """
        return self._switch(name, by, is_enabled=False)

    def enable(self, name: str, *, by: Principal) -> Account:
        """Enable an account again; the tokens that it had and that have not expired work again.

        Raises:
            DeniedError: `by` may not.
            NotFoundError: there is none of that name.
        """
        return self._switch(name, by, is_enabled=True)

    def set_password(self, name: str, password: str, *, by: Principal) -> None:
        """Set a user's password, as an administrator; all of the user's sessions end.

        Raises:
            DeniedError: `by` may not; users change their own with `SignIn.change_password`.
            UsageError: the password is not good enough, or the account is no user's.
            NotFoundError: there is none of that name.
        """
        account = parse_id(name)
        self._require_administrator(by)
        hashed = self.hashed(account, password)
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us)
            found = find_account(connection, name, now_us)
            identity.set_password(connection, found.id, hashed, now_us)
            record(connection, AuditTag.PASSWORD_CHANGED, by, [found.id])
            end_sessions(connection, found.id, by, now_us)

    def hashed(self, account: AccountId, password: str) -> str:
        """Return the hash of a new password, outside of any transaction since it takes its time.

        Raises:
            UsageError: the password is not good enough, or the account is no user's.
        """
        if account.kind is not PrincipalKind.USER:
            raise UsageError(
                f"{account} has no password: only users have one",
                hint=f"issue a token: ghala token issue {account}",
            )
        if fault := password_fault(password, account.name):
            raise UsageError(
                "the password is not good enough", hint=f"{fault}; three or four words are good"
            )
        return self.passwords.hashed(password)

    def _require_administrator(self, by: Principal) -> None:
        with self.registry.read() as connection:
            require(connection, by, Action.USER_MANAGE, self.now_us())

    def _owner(
        self, connection: Transaction, account: AccountId, owner: str | None, now_us: int
    ) -> str | None:
        if account.kind is PrincipalKind.USER:
            if owner is not None:
                raise UsageError("a user has no owner: users answer for themselves")
            return None
        if owner is None:
            is_agent = account.kind is PrincipalKind.AGENT
            what = "the user on whose behalf it acts" if is_agent else "who answers for it"
            raise UsageError(f"{account} needs an owner: {what}", hint="--owner NAME")
        owner_id = parse_id(owner)
        if owner_id.kind is PrincipalKind.TEAM and account.kind is PrincipalKind.SERVICE:
            return find_team(connection, owner).id
        if owner_id.kind is not PrincipalKind.USER:
            raise UsageError(f"{owner_id} cannot be the owner of {account}", hint="name a user")
        return find_account(connection, owner, now_us).id

    def _switch(self, name: str, by: Principal, *, is_enabled: bool) -> Account:
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us)
            account = find_account(connection, name, now_us)
            if account.is_enabled is not is_enabled:
                identity.set_disabled(connection, account.id, None if is_enabled else now_us)
                tag = AuditTag.USER_ENABLED if is_enabled else AuditTag.USER_DISABLED
                record(connection, tag, by, [account.id])
                if not is_enabled:
                    end_sessions(connection, account.id, by, now_us)
                    # Their own history is for nobody else, and they cannot look at it any more.
                    saved_queries.forget_asked(connection, account.id)
                    for taken in account.taken:
                        identity.end_role(connection, account.id, taken.role)
                        detail = {"role": taken.role.value}
                        record(connection, AuditTag.ROLE_ENDED, by, [account.id], detail)
                move_epoch(connection)
            return find_account(connection, account.id, now_us)


def add_account(
    connection: Transaction, account: AccountId, owner: str | None, by: Principal, now_us: int
) -> None:
    """Add an account whose name is free, in the caller's transaction.

    Raises:
        UsageError: the name is taken, whatever its case.
    """
    _require_free(connection, account, now_us)
    identity.add_account(connection, account, owner=owner, now_us=now_us)
    record(connection, AuditTag.USER_CREATED, by, [str(account)], {"owner": owner} if owner else {})


def _require_free(connection: Transaction, account: AccountId, now_us: int) -> None:
    if identity.find_account(connection, str(account), now_us) is not None:
        raise UsageError(f"there is an account `{account}` already", hint="choose another name")


def end_sessions(connection: Transaction, account: str, by: Principal, now_us: int) -> int:
    """End all sessions of an account in the caller's transaction, and return how many there were."""
    found = [session.id for session in credentials.sessions(connection, account, now_us)]
    return end_these_sessions(connection, account, found, by, now_us)


def end_these_sessions(
    connection: Transaction, account: str, which: Sequence[str], by: Principal, now_us: int
) -> int:
    """End some sessions of an account in the caller's transaction, and return how many there were."""
    if which:
        credentials.end_sessions(connection, which, now_us)
        record(connection, AuditTag.SESSION_ENDED, by, [account], {"sessions": list(which)})
        move_epoch(connection)
    return len(which)
