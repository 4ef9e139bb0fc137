"""Ratings: what people think of products, one for each person and product, and what its owner replied."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from ghala.model.asset import Comment, Rated
from ghala.model.rating import KeptRating
from ghala.registry import tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

_COMMENTS = 20
_ratings = tables.ratings


def put(connection: Connection, product: str, rating: KeptRating, now_us: int) -> None:
    """Keep what somebody thinks of a product; in the place of what they thought before, and of the reply to it."""
    remove(connection, product, rating.account)
    connection.execute(
        insert(_ratings).values(
            product=product,
            account=rating.account,
            stars=rating.stars,
            comment=rating.comment,
            rated_at=now_us,
            id=rating.id,
        )
    )


def remove(connection: Connection, product: str, account: str) -> bool:
    """Forget what somebody thinks of a product, and return whether they had said anything."""
    gone = connection.execute(delete(_ratings).filter_by(product=product, account=account))
    return bool(gone.rowcount)


def reply(connection: Connection, product: str, rating: str, text: str, now_us: int) -> bool:
    """Keep what the owner replies to a rating, and return whether there is one; an empty text takes the reply back."""
    one = (_ratings.c.product == product) & (_ratings.c.id == rating)
    said = {"reply": text, "replied_at": now_us if text else None}
    return bool(connection.execute(update(_ratings).where(one).values(said)).rowcount)


def newest(connection: Connection, product: str, limit: int) -> list[KeptRating]:
    """Return what was said of a product last, newest first."""
    known = _ratings.c
    query = (
        select(_ratings)
        .where(known.product == product)
        .order_by(known.rated_at.desc(), known.account)
        .limit(limit)
    )
    return [
        KeptRating(
            id=row.id,
            account=row.account,
            stars=row.stars,
            comment=row.comment,
            rated_at=as_time(row.rated_at),
            reply=row.reply,
            replied_at=None if row.replied_at is None else as_time(row.replied_at),
        )
        for row in connection.execute(query)
    ]


def star_counts(connection: Connection, product: str) -> dict[int, int]:
    """Return how often each number of stars was given to a product; a number that nobody gave is left out."""
    known = _ratings.c
    query = select(known.stars, func.count()).where(known.product == product).group_by(known.stars)
    return {stars: int(count) for stars, count in connection.execute(query)}


def by_product(connection: Connection, domains: Collection[str] | None, limit: int) -> list[Rated]:
    """Return what people think of products, the worst first, with the newest comments."""
    known = _ratings.c
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
