"""Who owned a domain, and since when: one row for each change. Times are microseconds since 1970."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


def add(connection: Connection, domain: str, owner: str | None, now_us: int) -> None:
    """Note who owns a domain from now on; None if it is gone."""
    connection.execute(
        insert(tables.domain_owners).values(domain=domain, owner=owner, since=now_us)
    )


def at(connection: Connection, at_us: int) -> Mapping[str, str | None]:
    """Return who owned each domain that was known at a time; None where it was gone."""
    table = tables.domain_owners.c
    query = select(table.domain, table.owner).where(table.since <= at_us)
    rows = connection.execute(query.order_by(table.since, table.number))
    return {row.domain: row.owner for row in rows}
