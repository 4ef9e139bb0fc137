"""What was taken from sources at which release: a cursor has what is taken now, `past_cursors` what once was.

A row of either was taken by `release`; one that is past was ended by another release, which took the path anew or, as a
rollback, gave it back. So what was taken as of release N is every row with `release` <= N that nothing ended until N.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, literal, select

from ghala.model.run import RunState
from ghala.registry import rollbacks, tables
from ghala.registry.parts import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from ghala.model.names import ProductName
    from ghala.model.release import Release

# The release as well: the same bytes may have been read twice, with other columns, and other rows kept out.
_FACTS = ("sha256", "byte_count", "stamp", "release")
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


def takers(
    connection: Connection,
    environment: str,
    product: ProductName,
    source: str,
    paths: Collection[str],
) -> dict[str, str]:
    """Return the runs that read some files of a source, by path, as the files are taken now.

    Where a rollback took a file again, it is the run whose rows came back with it.
    """
    runs, now, past = tables.runs, tables.cursors, tables.past_cursors
    owner = {"environment": environment, "product": str(product)}
    restored = rollbacks.restored(connection, environment, product)
    release: dict[str, int] = {}
    for part in parts(paths):
        query = select(now.c.path, now.c.release).filter_by(**owner, source=source)
        found = {
            row.path: int(row.release)
            for row in connection.execute(query.where(now.c.path.in_(part)))
        }
        spans = defaultdict[str, list[tuple[int, int]]](list)
        if not restored.keys().isdisjoint(found.values()):
            ended = select(past.c.path, past.c.release, past.c.ended_by)
            ended = ended.filter_by(**owner, source=source).where(past.c.path.in_(part))
            for span in connection.execute(ended):
                spans[span.path].append((int(span.release), int(span.ended_by)))
        for path, number in found.items():
            first: int | None = number
            while first in restored:
                to = restored[first]
                first = next((one for one, end in spans[path] if one <= to < end), None)
            if first is not None:
                release[path] = first
    made = {}
    for numbers in parts(set(release.values())):
        which = runs.c.release.in_(numbers) & (runs.c.state == RunState.PUBLISHED.value)
        for row in connection.execute(
            select(runs.c.id, runs.c.release).filter_by(**owner).where(which)
        ):
            made[int(row.release)] = row.id
    return {path: made[number] for path, number in release.items() if number in made}


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
    gone = defaultdict[str, list[str]](list)
    for row in taken:
        if not _is_same(row, then.get(_place(row))):
            gone[row["source"]].append(row["path"])
    for source, paths in gone.items():
        for part in parts(paths):
            end(connection, {**key, "source": source}, now.c.path.in_(part), release.number)
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
