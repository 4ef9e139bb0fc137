"""What proves who somebody is, in the registry: sessions, tokens, attempts and the first invitation, all as hashes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select, update

from ghala.model.policy import Action
from ghala.model.principal import Role
from ghala.model.session import Session
from ghala.model.token import Token
from ghala.registry import tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session with what decides whether a secret fits; times in microseconds. `is_previous`: found by the old one."""

    session: Session
    used_us: int
    until_us: int
    renewed_us: int
    is_previous: bool


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token with the hash that a secret is compared with."""

    token: Token
    secret_sha256: str
    used_us: int


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often something was tried in vain, when last, and from when on it may be tried again."""

    count: int
    last_us: int
    next_us: int


# Sessions.


def add_session(
    connection: Connection, session: Session, secret_sha256: str, now_us: int, until_us: int
) -> None:
    """Add a session that begins now."""
    issuer, subject = session.outside or (None, None)
    values = {"id": session.id, "account": session.principal, "purpose": session.purpose}
    connection.execute(
        insert(tables.sessions).values(
            **values,
            address=session.address,
            secret_sha256=secret_sha256,
            previous_sha256=None,
            renewed_at=now_us,
            begun_at=now_us,
            used_at=now_us,
            until=until_us,
            ended_at=None,
            issuer=issuer,
            subject=subject,
        )
    )


def find_session(connection: Connection, secret_sha256: str) -> StoredSession | None:
    """Return the session that a secret belongs to, also the one before it was renewed; None if it ended."""
    table = tables.sessions
    fits = or_(table.c.secret_sha256 == secret_sha256, table.c.previous_sha256 == secret_sha256)
    query = select(table).where(fits & table.c.ended_at.is_(None))
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    is_previous = row["secret_sha256"] != secret_sha256
    return StoredSession(
        _session(row), row["used_at"], row["until"], row["renewed_at"], is_previous
    )


def sessions(connection: Connection, account: str, now_us: int) -> tuple[Session, ...]:
    """Return the sessions of an account that have not ended, newest first."""
    table = tables.sessions
    is_open = table.c.ended_at.is_(None) & (table.c.until > now_us)
    query = select(table).where((table.c.account == account) & is_open)
    rows = connection.execute(query.order_by(table.c.begun_at.desc(), table.c.id)).mappings()
    return tuple(_session(row) for row in rows)


def set_purpose(connection: Connection, session: str, purpose: str) -> None:
    """Let a session go on for another purpose."""
    table = tables.sessions
    connection.execute(update(table).where(table.c.id == session).values(purpose=purpose))


def use_session(connection: Connection, session: str, now_us: int) -> None:
    """Note that a session was used."""
    table = tables.sessions
    connection.execute(update(table).where(table.c.id == session).values(used_at=now_us))


def renew_session(connection: Connection, session: str, secret_sha256: str, now_us: int) -> None:
    """Give a session another secret; the one before it is kept for requests on their way."""
    table = tables.sessions
    connection.execute(
        update(table)
        .where(table.c.id == session)
        .values(
            previous_sha256=table.c.secret_sha256,
            secret_sha256=secret_sha256,
            renewed_at=now_us,
            used_at=now_us,
        )
    )


def end_sessions(connection: Connection, which: Sequence[str], now_us: int) -> None:
    """End sessions by their ids."""
    table = tables.sessions
    connection.execute(update(table).where(table.c.id.in_(which)).values(ended_at=now_us))


def addresses(connection: Connection, account: str, since_us: int) -> frozenset[str]:
    """Return the addresses from which somebody signed in to an account since a moment."""
    table = tables.sessions
    recent = (table.c.account == account) & (table.c.begun_at >= since_us)
    return frozenset(connection.execute(select(table.c.address).where(recent).distinct()).scalars())


def forget_old_sessions(connection: Connection, account: str, before_us: int) -> None:
    """Forget the sessions of an account that ended before a moment at the latest."""
    table = tables.sessions
    old = (table.c.account == account) & (table.c.until < before_us)
    connection.execute(delete(table).where(old))


# Tokens.


def add_token(
    connection: Connection, token: Token, secret_sha256: str, now_us: int, until_us: int
) -> None:
    """Add a token that is issued now."""
    connection.execute(
        insert(tables.tokens).values(
            id=token.id,
            account=token.principal,
            label=token.label,
            secret_sha256=secret_sha256,
            scopes=[scope.value for scope in token.scopes],
            purpose=token.purpose,
            issued_by=token.issued_by,
            issued_at=now_us,
            until=until_us,
            used_at=None,
            revoked_at=None,
            roles=[role.value for role in token.roles],
        )
    )


def find_token(connection: Connection, token: str) -> StoredToken | None:
    """Return a token by its id; None if there is none."""
    query = select(tables.tokens).where(tables.tokens.c.id == token)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return StoredToken(_token(row), row["secret_sha256"], row["used_at"] or 0)


def tokens(connection: Connection, account: str | None = None) -> tuple[Token, ...]:
    """Return all tokens, or those of one account, newest first."""
    table = tables.tokens
    query = select(table).order_by(table.c.issued_at.desc(), table.c.id)
    rows = connection.execute(query if account is None else query.where(table.c.account == account))
    return tuple(_token(row) for row in rows.mappings())


def use_token(connection: Connection, token: str, now_us: int) -> None:
    """Note that a token was used."""
    table = tables.tokens
    connection.execute(update(table).where(table.c.id == token).values(used_at=now_us))


def revoke_token(connection: Connection, token: str, now_us: int) -> None:
    """Revoke a token."""
    table = tables.tokens
    connection.execute(update(table).where(table.c.id == token).values(revoked_at=now_us))


# Attempts.


def find_attempts(connection: Connection, key_sha256: str) -> Attempts | None:
    """Return what was tried in vain; None if nothing was."""
    table = tables.attempts
    row = (
        connection.execute(select(table).where(table.c.key_sha256 == key_sha256)).mappings().first()
    )
    return None if row is None else Attempts(row["count"], row["last_at"], row["next_at"])


def set_attempts(connection: Connection, key_sha256: str, attempts: Attempts) -> None:
    """Keep what was tried in vain, in the place of what was known."""
    forget_attempts(connection, key_sha256)
    if attempts.count > 0:
        connection.execute(
            insert(tables.attempts).values(
                key_sha256=key_sha256,
                count=attempts.count,
                last_at=attempts.last_us,
                next_at=attempts.next_us,
            )
        )


def forget_attempts(connection: Connection, key_sha256: str) -> None:
    """Forget what was tried in vain."""
    table = tables.attempts
    connection.execute(delete(table).where(table.c.key_sha256 == key_sha256))


def forget_old_attempts(connection: Connection, before_us: int) -> None:
    """Forget what was last tried before a moment."""
    connection.execute(delete(tables.attempts).where(tables.attempts.c.last_at < before_us))


# The invitation of the first administrator.


def set_invitation(connection: Connection, secret_sha256: str, now_us: int, until_us: int) -> None:
    """Keep an invitation; one that was made before no longer holds."""
    connection.execute(delete(tables.invitations))
    values = {"secret_sha256": secret_sha256, "made_at": now_us, "until": until_us}
    connection.execute(insert(tables.invitations).values(**values))


def has_invitation(connection: Connection, secret_sha256: str, now_us: int) -> bool:
    """Return whether an invitation still holds."""
    table = tables.invitations
    which = (table.c.secret_sha256 == secret_sha256) & (table.c.until > now_us)
    return connection.execute(select(table.c.made_at).where(which)).first() is not None


def take_invitation(connection: Connection, secret_sha256: str, now_us: int) -> bool:
    """Use an invitation up; False if there is none that still holds."""
    table = tables.invitations
    which = (table.c.secret_sha256 == secret_sha256) & (table.c.until > now_us)
    return connection.execute(delete(table).where(which)).rowcount == 1


def _session(row: RowMapping) -> Session:
    times = (as_time(row["begun_at"]), as_time(row["used_at"]), as_time(row["until"]))
    outside = None if row["issuer"] is None else (row["issuer"], row["subject"])
    place = (row["id"], row["account"], row["purpose"], row["address"])
    return Session(*place, *times, outside=outside)


def _token(row: RowMapping) -> Token:
    return Token(
        id=row["id"],
        principal=row["account"],
        label=row["label"],
        scopes=tuple(Action(scope) for scope in row["scopes"]),
        purpose=row["purpose"],
        issued_by=row["issued_by"],
        issued_at=as_time(row["issued_at"]),
        until=as_time(row["until"]),
        used_at=None if row["used_at"] is None else as_time(row["used_at"]),
        revoked_at=None if row["revoked_at"] is None else as_time(row["revoked_at"]),
        roles=tuple(Role(role) for role in row["roles"]),
    )
