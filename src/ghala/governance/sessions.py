"""Browser sessions: a random secret that is known by its hash alone, renewed where rights change, ended in time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ghala.errors import ConflictError, NotFoundError, NotSignedInError
from ghala.governance.accounts import end_sessions
from ghala.governance.administration import (
    US,
    find_account,
    parse_id,
    principal_of,
    record,
    require,
)
from ghala.model.audit import AuditTag
from ghala.model.policy import Action
from ghala.model.session import BegunSession, CheckedSession, Cookie, Session
from ghala.registry import credentials, identity
from ghala.registry.registry import move_epoch
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.account import Account
    from ghala.model.principal import Principal
    from ghala.registry.credentials import StoredSession
    from ghala.registry.identity import Transaction
    from ghala.registry.registry import Registry

NOTED_EVERY_S = 60
"""How often at most a use is written: a page of many requests must not become as many transactions."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of one registry.

    One ends after `idle_s` without a request and after `longest_s` in any case; the secret before the newest is good
    for `grace_s` more, since a page's requests run side by side.
    """

    registry: Registry
    now_us: Callable[[], int]
    idle_s: int = 3600
    longest_s: int = 12 * 3600
    grace_s: int = 30

    def begin(
        self,
        connection: Transaction,
        account: Account,
        purpose: str,
        address: str,
        outside: tuple[str, str] | None = None,
    ) -> BegunSession:
        """Begin a session for somebody who has just proved who they are, in the caller's transaction."""
        now_us, secret = self.now_us(), _new_secret()
        until_us = now_us + self.longest_s * US
        now = as_time(now_us)
        session = Session(
            uuid.uuid4().hex,
            account.id,
            purpose,
            address,
            now,
            now,
            as_time(until_us),
            outside=outside,
        )
        credentials.add_session(connection, session, _hash(secret), now_us, until_us)
        principal = principal_of(account, purpose, credential=f"session:{session.id}")
        detail = {"address": address}
        record(connection, AuditTag.SESSION_BEGUN, principal, [account.id], detail)
        return self._begun(session, secret, now_us)

    def check(self, secret: str) -> CheckedSession:
        """Return who asks with a cookie's value.

        Raises:
            NotSignedInError: no session that still holds has this secret.
        """
        with self.registry.read() as connection:
            now_us = self.now_us()
            stored, account = self._find(connection, secret, now_us)
        if now_us - stored.used_us >= NOTED_EVERY_S * US:
            with self.registry.write() as connection:
                credentials.use_session(connection, stored.session.id, now_us)
        # A secret that was known before a role was taken never carries it: who stole it gains nothing.
        renewed_at = as_time(stored.renewed_us)
        roles = [
            taken.role
            for taken in account.taken
            if taken.begun_at <= renewed_at and not stored.is_previous
        ]
        principal = principal_of(
            account,
            stored.session.purpose,
            credential=f"session:{stored.session.id}",
            teams=account.teams,
            roles=roles,
        )
        return CheckedSession(stored.session, principal, is_stale=len(roles) < len(account.taken))

    def renew(self, secret: str, purpose: str | None = None) -> BegunSession:
        """Give a session another secret: wherever its rights change. Roles that were taken count from then on.

        With a `purpose`, one of the workspace's, it goes on for that one.

        Raises:
            NotSignedInError: no session that still holds has this secret.
            ConflictError: another request renewed it meanwhile; its answer brought the new secret.
        """
        fresh = _new_secret()
        with self.registry.write() as connection:
            now_us = self.now_us()
            stored, account = self._find(connection, secret, now_us)
            if stored.is_previous:
                raise ConflictError(
                    "another request renewed this session", hint="repeat the request"
                )
            credentials.renew_session(connection, stored.session.id, _hash(fresh), now_us)
            session = stored.session
            if purpose is not None and purpose != session.purpose:
                credentials.set_purpose(connection, session.id, purpose)
                by = principal_of(account, purpose, credential=f"session:{session.id}")
                detail = {"purpose": purpose, "before": session.purpose}
                record(connection, AuditTag.SESSION_PURPOSE_CHANGED, by, [account.id], detail)
                session = replace(session, purpose=purpose)
        return self._begun(session, fresh, now_us)

    def csrf(self, secret: str) -> str:
        """Return what the pages of a session send back with every change."""
        return _csrf(secret)

    def csrf_fits(self, secret: str, presented: str) -> bool:
        """Return whether what a page sent along with a change belongs to its session."""
        return hmac.compare_digest(_csrf(secret).encode(), presented.encode("utf-8", "replace"))

    def end(self, secret: str) -> None:
        """Sign out; a secret of no session is nothing to end."""
        with self.registry.write() as connection:
            self.end_within(connection, secret)

    def end_within(self, connection: Transaction, secret: str) -> None:
        """Sign out in the caller's transaction."""
        now_us = self.now_us()
        try:
            stored, account = self._find(connection, secret, now_us)
        except NotSignedInError:
            return
        credential = f"session:{stored.session.id}"
        by = principal_of(account, stored.session.purpose, credential=credential)
        self._end(connection, stored.session, by, now_us)

    def end_one(self, session_id: str, *, by: Principal, of: str) -> None:
        """End one session of an account.

        Raises:
            DeniedError: `by` is neither an administrator nor the account itself.
            NotFoundError: the account has no such session.
        """
        account = str(parse_id(of))
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us, itself=account)
            for session in credentials.sessions(connection, account, now_us):
                if session.id == session_id:
                    self._end(connection, session, by, now_us)
                    return
        raise NotFoundError(f"{account} has no such session")

    def end_all(self, of: str, *, by: Principal) -> int:
        """End all sessions of an account, and return how many there were.

        Raises:
            DeniedError: `by` is neither an administrator nor the account itself.
            NotFoundError: there is no such account.
        """
        account = str(parse_id(of))
        with self.registry.write() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us, itself=account)
            find_account(connection, account, now_us)
            return end_sessions(connection, account, by, now_us)

    def sessions(self, of: str, *, by: Principal) -> tuple[Session, ...]:
        """Return the sessions of an account that still hold, newest first.

        Raises:
            DeniedError: `by` is neither an administrator nor the account itself.
            NotFoundError: there is no such account.
        """
        account = str(parse_id(of))
        with self.registry.read() as connection:
            now_us = self.now_us()
            require(connection, by, Action.USER_MANAGE, now_us, itself=account)
            find_account(connection, account, now_us)
            earliest = as_time(now_us - self.idle_s * US)
            found = credentials.sessions(connection, account, now_us)
            return tuple(session for session in found if session.used_at > earliest)

    def is_open(self, connection: Transaction, account: str, session_id: str) -> bool:
        """Return whether a session of an account still holds."""
        now_us = self.now_us()
        earliest = as_time(now_us - self.idle_s * US)
        found = credentials.sessions(connection, account, now_us)
        return any(one.id == session_id and one.used_at > earliest for one in found)

    def _find(
        self, connection: Transaction, secret: str, now_us: int
    ) -> tuple[StoredSession, Account]:
        stored = credentials.find_session(connection, _hash(secret))
        if stored is not None and self._holds(stored, now_us):
            account = identity.find_account(connection, stored.session.principal, now_us)
            if account is not None and account.is_enabled:
                return stored, account
        raise NotSignedInError("the session has ended", hint="sign in again")

    def _holds(self, stored: StoredSession, now_us: int) -> bool:
        if stored.is_previous and now_us >= stored.renewed_us + self.grace_s * US:
            return False
        return now_us < min(stored.until_us, stored.used_us + self.idle_s * US)

    def _end(self, connection: Transaction, session: Session, by: Principal, now_us: int) -> None:
        credentials.end_sessions(connection, [session.id], now_us)
        detail = {"sessions": [session.id]}
        record(connection, AuditTag.SESSION_ENDED, by, [session.principal], detail)
        move_epoch(connection)

    def _begun(self, session: Session, secret: str, now_us: int) -> BegunSession:
        left_s = int((session.until - as_time(now_us)).total_seconds())
        return BegunSession(session, Cookie(secret, max_age_s=left_s), _csrf(secret))


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _hash(secret: str) -> str:
    # Random of 256 bits cannot be guessed from a fast hash, as a password could.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _csrf(secret: str) -> str:
    # Made from the secret, so that nothing of it is stored, and none fits another session.
    made = hmac.digest(secret.encode("utf-8", "replace"), b"ghala csrf", "sha256")
    return urlsafe_b64encode(made).rstrip(b"=").decode()
