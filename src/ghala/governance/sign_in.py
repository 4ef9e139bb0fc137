"""Signing in with a password: limited, the same amount of work for whoever is not there, recorded either way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ghala.errors import NotSignedInError, UsageError
from ghala.governance.accounts import end_sessions
from ghala.governance.administration import US, find_purpose, record
from ghala.governance.attempts import Attempt, Limits, network
from ghala.model.account import AccountId
from ghala.model.audit import AuditTag
from ghala.model.policy import Action
from ghala.model.principal import Principal, PrincipalKind
from ghala.model.token import is_in_scope
from ghala.registry import credentials, identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ghala.governance.accounts import Accounts
    from ghala.governance.sessions import Sessions
    from ghala.model.account import Account
    from ghala.model.purpose import Purpose
    from ghala.model.session import BegunSession
    from ghala.registry.registry import Registry

KNOWN_ADDRESS_S = 30 * 24 * 3600
"""How long an address from which an account was used is spared by the account's own limit."""

NOBODY = Principal("nobody", PrincipalKind.USER, "administration")
"""Under whom refused attempts are recorded: nobody has proved to be anybody."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Lets users in."""

    registry: Registry
    accounts: Accounts
    sessions: Sessions
    purposes: Callable[[], Mapping[str, Purpose]]
    now_us: Callable[[], int]
    limits: Limits = field(default_factory=Limits)

    def sign_in(
        self, name: str, password: str, *, purpose: str, address: str, ending: str | None = None
    ) -> BegunSession:
        """Begin a session with a new secret; `ending` is that of a session that the browser had, and ends.

        Raises:
            NotSignedInError: the name or the password is wrong, or the account cannot be used; which of them, nobody
                learns.
            TooManyAttemptsError: there were too many attempts.
            UsageError: the purpose is not one of the workspace's.
        """
        find_purpose(self.purposes(), purpose)
        attempt = Attempt(_id(name), address, self.limits)
        account, hashed = self._proved(attempt, password)
        fresh = (
            self.accounts.passwords.hashed(password)
            if self.accounts.passwords.is_outdated(hashed)
            else None
        )
        with self.registry.write() as connection:
            # Read again: it may have been disabled, and its password changed, while the password was compared.
            now = identity.find_account(connection, account.id, self.now_us())
            is_same = identity.password_hash(connection, account.id) == hashed
            if now is None or not now.is_enabled or not is_same:
                raise _refusal()
            if fresh is not None:
                identity.replace_hash(connection, account.id, hashed, fresh)
            attempt.forgive(connection)
            since_us = self.now_us() - KNOWN_ADDRESS_S * US
            credentials.forget_old_sessions(connection, account.id, since_us)
            if ending is not None:
                self.sessions.end_within(connection, ending)
            return self.sessions.begin(connection, now, purpose, address)

    def change_purpose(self, secret: str, purpose: str) -> BegunSession:
        """Let a session go on for another purpose, with another secret.

        Raises:
            NotSignedInError: no session that still holds has this secret.
            ConflictError: another request renewed it meanwhile.
            UsageError: the purpose is not one of the workspace's.
        """
        return self.sessions.renew(secret, find_purpose(self.purposes(), purpose).name)

    def change_password(self, by: Principal, current: str, password: str, *, address: str) -> None:
        """Change one's own password; all of one's sessions end, so that whoever else had it is out.

        Raises:
            NotSignedInError: the current password is wrong.
            TooManyAttemptsError: there were too many attempts.
            UsageError: the new password is not good enough, the same, or somebody asks with a token.
        """
        if by.kind is not PrincipalKind.USER or not is_in_scope(by, Action.ACCOUNT_MANAGE):
            raise UsageError("a password is changed by its user, who has signed in with it")
        if current == password:
            raise UsageError("the new password is the same as the current one")
        attempt = Attempt(by.id, address, self.limits)
        _, hashed = self._proved(attempt, current)
        changed = self.accounts.hashed(AccountId.parse(by.id), password)
        with self.registry.write() as connection:
            now_us = self.now_us()
            if identity.password_hash(connection, by.id) != hashed:
                raise _refusal()
            attempt.forgive(connection)
            identity.set_password(connection, by.id, changed, now_us)
            record(connection, AuditTag.PASSWORD_CHANGED, by, [by.id])
            end_sessions(connection, by.id, by, now_us)

    def _proved(self, attempt: Attempt, password: str) -> tuple[Account, str]:
        """Return the account whose password this is, and the hash of it that was compared."""
        with self.registry.write() as connection:
            now_us = self.now_us()
            since_us = now_us - KNOWN_ADDRESS_S * US
            before = credentials.addresses(connection, attempt.name, since_us)
            is_known = network(attempt.address) in {network(address) for address in before}
            wait_s = attempt.count(connection, now_us, is_known_address=is_known)
            account = identity.find_account(connection, attempt.name, now_us)
            hashed = identity.password_hash(connection, attempt.name)
        # Also for somebody who is not there: how long the answer takes must not tell.
        fits = self.accounts.passwords.fits(password, hashed)
        if fits and hashed is not None and account is not None and account.is_enabled:
            return account, hashed
        # A name that nobody has may be a password in the wrong field: it is not recorded.
        objects = [] if account is None else [account.id]
        detail = {"address": attempt.address, "wait_s": wait_s}
        with self.registry.write() as connection:
            record(connection, AuditTag.SIGN_IN_REFUSED, NOBODY, objects, detail)
        raise _refusal()


def _id(name: str) -> str:
    """Return what a name is looked up by; what cannot be a name is looked up likewise, and not found."""
    try:
        return str(AccountId.parse(name.strip()))
    except ValueError:
        # Longer than any name, and a text that every database takes.
        return f"user:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}"


def _refusal() -> NotSignedInError:
    return NotSignedInError("the name or the password is wrong", hint="try again")
