"""What people wish for: searches that found nothing, and reads that were denied."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from ghala.model.asset import Denial, Miss
from ghala.model.audit import AuditTag
from ghala.registry import tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

MOST_MISSES = 10_000
"""Those that were looked for longest ago go first."""


def add_miss(connection: Connection, words: str, domain: str, now_us: int) -> None:
    """Count words that were looked for in vain."""
    known = tables.search_misses
    one = (known.c.words == words) & (known.c.domain == domain)
    counted = connection.execute(
        update(known).where(one).values(count=known.c.count + 1, last_at=now_us)
    )
    if counted.rowcount:
        return
    total = connection.execute(select(func.count()).select_from(known)).scalar_one()
    if total >= MOST_MISSES:
        oldest = select(known.c.last_at).order_by(known.c.last_at).limit(1).scalar_subquery()
        connection.execute(delete(known).where(known.c.last_at == oldest))
    connection.execute(insert(known).values(words=words, domain=domain, count=1, last_at=now_us))


def misses(connection: Connection, domains: Collection[str] | None, limit: int) -> list[Miss]:
    """Return what was looked for in vain, most often first; in some domains only, if any are given."""
    known = tables.search_misses.c
    query = select(known.words, known.domain, known.count, known.last_at)
    if domains is not None:
        query = query.where(known.domain.in_(domains))
    ordered = query.order_by(known.count.desc(), known.last_at.desc(), known.words, known.domain)
    return [
        Miss(words, domain, count, as_time(last))
        for words, domain, count, last in connection.execute(ordered.limit(limit))
    ]


def denials(
    connection: Connection, domains: Collection[str] | None, since_us: int, limit: int
) -> list[Denial]:
    """Return how often reading each dataset was denied since a moment, most often first."""
    known = tables.audit.c
    query = select(known.objects, known.at).where(
        known.tag == AuditTag.DATASET_READ_DENIED.value, known.at >= since_us
    )
    moments: dict[str, list[int]] = defaultdict(list)
    for names, at in connection.execute(query):
        for name in names:
            if domains is None or str(name).partition(".")[0] in domains:
                moments[str(name)].append(at)
    found = [Denial(name, len(at), as_time(max(at))) for name, at in moments.items()]
    return sorted(found, key=lambda one: (-one.count, one.dataset))[:limit]
