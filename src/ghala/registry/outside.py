"""Who somebody is at an identity provider, in the registry, and sign-ins that are under way there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from ghala.model.outside import OutsideAttempt, OutsideIdentity
from ghala.registry import tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from sqlalchemy import Connection


def add_attempt(
    connection: Connection, state_sha256: str, attempt: OutsideAttempt, now_us: int, until_us: int
) -> None:
    """Add a sign-in that begins now, and forget those that were never ended."""
    table = tables.outside_attempts
    connection.execute(delete(table).where(table.c.until <= now_us))
    connection.execute(
        insert(table).values(
            state_sha256=state_sha256,
            purpose=attempt.purpose,
            return_to=attempt.return_to,
            linking=attempt.linking,
            session=attempt.session,
            network=attempt.network,
            until=until_us,
        )
    )


def attempts_under_way(connection: Connection, network: str, now_us: int) -> int:
    """Return how many sign-ins that a network began are under way."""
    table = tables.outside_attempts
    query = select(func.count()).where((table.c.network == network) & (table.c.until > now_us))
    return connection.execute(query).scalar_one()


def take_attempt(connection: Connection, state_sha256: str, now_us: int) -> OutsideAttempt | None:
    """Return a sign-in that is under way, and end it: nobody comes back with it twice. None if there is none."""
    table = tables.outside_attempts
    which = table.c.state_sha256 == state_sha256
    found = connection.execute(select(table).where(which)).mappings().first()
    taken = connection.execute(delete(table).where(which)).rowcount
    if found is None or taken != 1 or found["until"] <= now_us:
        return None
    return OutsideAttempt(
        found["purpose"], found["return_to"], found["linking"], found["session"], found["network"]
    )


def account_of(connection: Connection, issuer: str, subject: str) -> str | None:
    """Return the account of somebody at a provider; None if there is none."""
    table = tables.outside_identities
    query = select(table.c.account).where((table.c.issuer == issuer) & (table.c.subject == subject))
    return connection.execute(query).scalar()


def link(connection: Connection, issuer: str, subject: str, account: str, now_us: int) -> None:
    """Make somebody at a provider an account of ours."""
    connection.execute(
        insert(tables.outside_identities).values(
            issuer=issuer, subject=subject, account=account, linked_at=now_us
        )
    )


def identities_of(connection: Connection, account: str) -> tuple[OutsideIdentity, ...]:
    """Return who an account is at providers, the newest link first."""
    table = tables.outside_identities
    query = select(table).where(table.c.account == account)
    rows = connection.execute(query.order_by(table.c.linked_at.desc(), table.c.subject)).mappings()
    return tuple(
        OutsideIdentity(row["issuer"], row["subject"], row["account"], as_time(row["linked_at"]))
        for row in rows
    )


def unlink(connection: Connection, one: OutsideIdentity) -> None:
    """Make somebody at a provider no account of ours any more."""
    table = tables.outside_identities
    connection.execute(
        delete(table).where((table.c.issuer == one.issuer) & (table.c.subject == one.subject))
    )
