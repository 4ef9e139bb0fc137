"""Votes: who wants what, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

_votes = tables.votes


def give(connection: Connection, about: str, account: str, now_us: int) -> bool:
    """Count somebody's vote, and return whether it is new."""
    if has(connection, about, account):
        return False
    connection.execute(insert(_votes).values(about=about, account=account, voted_at=now_us))
    return True


def withdraw(connection: Connection, about: str, account: str) -> bool:
    """Take somebody's vote back, and return whether there was one."""
    gone = connection.execute(delete(_votes).filter_by(about=about, account=account))
    return bool(gone.rowcount)


def has(connection: Connection, about: str, account: str) -> bool:
    """Return whether somebody voted for something."""
    one = (_votes.c.about == about) & (_votes.c.account == account)
    return connection.execute(select(_votes.c.about).where(one)).first() is not None


def counts(connection: Connection, about: Collection[str]) -> dict[str, int]:
    """Return how many votes some things have; what has none is not in it."""
    query = (
        select(_votes.c.about, func.count())
        .where(_votes.c.about.in_(sorted(about)))
        .group_by(_votes.c.about)
    )
    return {one: int(count) for one, count in connection.execute(query)}


def of_account(connection: Connection, about: Collection[str], account: str) -> frozenset[str]:
    """Return for which of some things somebody voted."""
    which = _votes.c.about.in_(sorted(about)) & (_votes.c.account == account)
    return frozenset(connection.execute(select(_votes.c.about).where(which)).scalars())


def move(connection: Connection, about: str, to: str) -> None:
    """Count the votes for one thing for another one, where somebody who voted for both has one vote."""
    there = connection.execute(select(_votes.c.account).where(_votes.c.about == to)).scalars()
    known = frozenset(there)
    query = select(_votes.c.account, _votes.c.voted_at).where(_votes.c.about == about)
    rows = [
        {"about": to, "account": account, "voted_at": at}
        for account, at in connection.execute(query).all()
        if account not in known
    ]
    connection.execute(delete(_votes).where(_votes.c.about == about))
    if rows:
        connection.execute(insert(_votes), rows)
