"""What was taken from sources at which release: a cursor has what is taken now, `past_cursors` what once was.

A row of either was taken by `release`; one that is past was ended by another release, which took the path anew or, as a
rollback, gave it back. So what was taken as of release N is every row with `release` <= N that nothing ended until N.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, insert, literal, select

from ghala.registry import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from ghala.model.names import ProductName
    from ghala.model.release import Release

_FACTS = ("sha256", "byte_count", "stamp")
_COPIED = ("environment", "product", "source", "path", "sha256", "byte_count", "release", "stamp")


def end(
    connection: Connection, key: Mapping[str, str], which: ColumnElement[bool], release: int
) -> None:
    """Take some rows of a cursor out, and remember them as ended by a release."""
    now, past = tables.cursors, tables.past_cursors
    chosen = select(*(now.c[name] for name in _COPIED), literal(release)).filter_by(**key)
    connection.execute(
        insert(past).from_select([*_COPIED, "ended_by"], chosen.where(which)),
    )
    connection.execute(delete(now).filter_by(**key).where(which))


def sources(connection: Connection, environment: str, product: ProductName) -> frozenset[str]:
    """Return the sources of a product whose files are read once."""
    table = tables.cursors
    query = select(table.c.source).filter_by(environment=environment, product=str(product))
    return frozenset(connection.execute(query.distinct()).scalars())


def rewind(connection: Connection, release: Release, to: int) -> None:
    """Set all cursors of a product back to what was taken as of release `to`, in the transaction of `release`.

    What was taken since is given back, so that the next run takes it again; what was taken then and given back since is
    taken again, so that no run appends it twice.
    """
    now, past = tables.cursors, tables.past_cursors
    key = {"environment": release.environment, "product": str(release.product)}
    taken = connection.execute(select(now).filter_by(**key)).mappings().all()
    ended = (
        connection.execute(
            select(past).filter_by(**key).where((past.c.release <= to) & (past.c.ended_by > to))
        )
        .mappings()
        .all()
    )
    then = {_place(row): row for row in ended}
    then |= {_place(row): row for row in taken if row["release"] <= to}
    for row in taken:
        if not _is_same(row, then.get(_place(row))):
            which = and_(now.c.source == row["source"], now.c.path == row["path"])
            end(connection, key, which, release.number)
    kept = {_place(row): row for row in taken}
    again = [
        {**{name: row[name] for name in _COPIED}, "release": release.number}
        for place, row in then.items()
        if not _is_same(row, kept.get(place))
    ]
    if again:
        connection.execute(insert(now), again)


def _place(row: RowMapping) -> tuple[str, str]:
    return row["source"], row["path"]


def _is_same(row: RowMapping, other: RowMapping | None) -> bool:
    return other is not None and all(row[name] == other[name] for name in _FACTS)
