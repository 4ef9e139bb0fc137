"""What people wish for: searches that found nothing, reads that were denied, and ratings."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from ghala.model.asset import Comment, Denial, Miss, Rated
from ghala.model.audit import AuditTag
from ghala.registry import tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

MOST_MISSES = 10_000
"""Those that were looked for longest ago go first."""
_COMMENTS = 20


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


def set_rating(
    connection: Connection, product: str, account: str, *, stars: int, comment: str, now_us: int
) -> None:
    """Keep what somebody thinks of a product; in the place of what they thought before."""
    connection.execute(delete(tables.ratings).filter_by(product=product, account=account))
    connection.execute(
        insert(tables.ratings).values(
            product=product, account=account, stars=stars, comment=comment, rated_at=now_us
        )
    )


def ratings(connection: Connection, domains: Collection[str] | None, limit: int) -> list[Rated]:
    """Return what people think of products, the worst first, with the newest comments."""
    known = tables.ratings.c
    query = select(known.product, known.stars, known.comment).order_by(
        known.rated_at.desc(), known.product, known.account
    )
    given: dict[str, list[Comment]] = defaultdict(list)
    for product, stars, comment in connection.execute(query):
        if domains is None or product.partition("/")[0] in domains:
            given[product].append(Comment(stars, comment))
    found = [
        Rated(
            product,
            len(all_of),
            round(sum(one.stars for one in all_of) / len(all_of), 2),
            tuple(one for one in all_of if one.text)[:_COMMENTS],
        )
        for product, all_of in given.items()
    ]
    return sorted(found, key=lambda one: (one.stars, one.product))[:limit]
