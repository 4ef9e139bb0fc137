"""What the audit chains say of a time that has passed: entries of some kinds, in the order in which they happened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from ghala.model.past import PastEntry
from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

    from ghala.model.audit import AuditTag

_FETCHED = 1_000


def entries(
    connection: Connection,
    tags: Collection[AuditTag],
    *,
    since_us: int = 0,
    until_us: int | None = None,
) -> Iterator[PastEntry]:
    """Yield the entries with one of some tags, from one time until and with another."""
    table = tables.audit.c
    query = select(table.at, table.tag, table.principal, table.purpose, table.objects, table.detail)
    query = query.where(table.tag.in_(sorted(tags)) & (table.at >= since_us))
    if until_us is not None:
        query = query.where(table.at <= until_us)
    ordered = query.order_by(table.at, table.chain, table.number)
    for row in connection.execute(ordered).yield_per(_FETCHED):
        yield PastEntry(row.at, row.tag, row.principal, row.purpose, tuple(row.objects), row.detail)


def agreement_edges(connection: Connection) -> tuple[int, ...]:
    """Return every time at which any agreement began, changed or ended, or will, in order."""
    table = tables.agreement_events.c
    found: set[int] = set()
    for at_us, detail in connection.execute(select(table.at, table.detail)):
        found.add(int(at_us))
        for key in ("since", "until"):
            if isinstance(detail.get(key), str):
                moment = datetime.fromisoformat(detail[key])
                found.add(round(moment.timestamp() * 1_000_000))
    return tuple(sorted(found))
