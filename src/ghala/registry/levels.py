"""Service levels: when datasets were released, since when each level is measured, and when it was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, insert, select

from ghala.model.names import ProductName
from ghala.model.profile import Coverage
from ghala.model.service_level import LevelKind, Span, newest_second
from ghala.registry import profiles, rollbacks, tables
from ghala.registry.parts import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from ghala.model.names import DatasetName
    from ghala.model.service_level import PromisedLevel

KEPT_S = 400 * 24 * 3600
"""Spans that ended longer ago are forgotten: no window reaches back so far."""
_US = 1_000_000
_LOOKED_BACK = 20
"""In how many releases the newest moment is looked for, where each knows its own rows alone."""


class LastRelease(NamedTuple):
    """The current release of a dataset, and the second at which it came."""

    product: ProductName
    number: int
    at_s: int


def last_releases(
    connection: Connection, environment: str, dataset_ids: Collection[str] | None = None
) -> dict[str, LastRelease]:
    """Return the current release of each dataset of an environment, by its identity; of all when None."""
    pointers, releases = tables.pointers, tables.releases
    query = (
        select(pointers.c.dataset_id, pointers.c.product, pointers.c.release, releases.c.created_at)
        .join(
            releases,
            (releases.c.environment == pointers.c.environment)
            & (releases.c.product == pointers.c.product)
            & (releases.c.number == pointers.c.release),
        )
        .where(pointers.c.environment == environment)
    )
    rows = connection.execute(query)
    return {
        row.dataset_id: LastRelease(
            ProductName.parse(row.product), row.release, row.created_at // _US
        )
        for row in rows
        if dataset_ids is None or row.dataset_id in dataset_ids
    }


def note_release(
    connection: Connection,
    environment: str,
    dataset_id: str,
    *,
    levels: Iterable[PromisedLevel],
    missed: Mapping[LevelKind, Span],
    now_s: int,
) -> None:
    """Note a release: the spans before it in which levels were missed that were promised already.

    A level that is promised for the first time counts from this release on; one that is promised no more is forgotten.
    """
    starts, misses = tables.level_starts, tables.level_misses
    key = {"environment": environment, "dataset_id": dataset_id}
    promised = {level.kind.value for level in levels}
    known = set(connection.execute(select(starts.c.level).filter_by(**key)).scalars())
    if gone := known - promised:
        connection.execute(delete(starts).filter_by(**key).where(starts.c.level.in_(gone)))
    if new := promised - known:
        rows = [{**key, "level": kind, "since": now_s} for kind in sorted(new)]
        connection.execute(insert(starts), rows)
    spans = [
        {**key, "level": kind.value, "since_s": span.since_s, "until_s": span.until_s}
        for kind, span in missed.items()
        if kind.value in known
    ]
    if spans:
        connection.execute(insert(misses), spans)
        old = misses.c.until_s < now_s - KEPT_S
        connection.execute(delete(misses).filter_by(**key).where(old))


def starts(
    connection: Connection, environment: str, dataset_ids: Collection[str]
) -> dict[tuple[str, LevelKind], int]:
    """Return since when levels are measured, by dataset and level."""
    table = tables.level_starts
    query = select(table.c.dataset_id, table.c.level, table.c.since).filter_by(
        environment=environment
    )
    found = {}
    for asked in parts(dataset_ids):
        for row in connection.execute(query.where(table.c.dataset_id.in_(asked))):
            found[row.dataset_id, LevelKind(row.level)] = int(row.since)
    return found


def misses(
    connection: Connection, environment: str, dataset_ids: Collection[str], after_s: int
) -> dict[tuple[str, LevelKind], list[Span]]:
    """Return the spans that ended after a moment in which levels were missed, oldest first."""
    table = tables.level_misses
    query = (
        select(table)
        .filter_by(environment=environment)
        .where(table.c.until_s > after_s)
        .order_by(table.c.since_s)
    )
    found: dict[tuple[str, LevelKind], list[Span]] = {}
    for asked in parts(dataset_ids):
        for row in connection.execute(query.where(table.c.dataset_id.in_(asked))):
            key = row.dataset_id, LevelKind(row.level)
            found.setdefault(key, []).append(Span(int(row.since_s), int(row.until_s)))
    return found


def oldest_release_s(connection: Connection, environment: str, product: ProductName) -> int | None:
    """Return when the oldest release that is kept of a product came, if an older one is gone; None if none is."""
    table = tables.releases
    number = func.min(table.c.number)
    key = {"environment": environment, "product": str(product)}
    first = connection.execute(select(number).filter_by(**key)).scalar()
    if first is None or int(first) == 1:
        return None
    at = connection.execute(select(table.c.created_at).filter_by(**key, number=first)).scalar_one()
    return int(at) // _US


def newest_s(
    connection: Connection,
    environment: str,
    release: LastRelease,
    dataset: DatasetName,
    column: str,
) -> int | None:
    """Return the second of the newest moment in a column of a release; None if nobody looked, or there is none.

    A profile of added rows alone does not know those that were there before: the releases before it do, of which some
    are looked at.
    """
    restored = rollbacks.restored(connection, environment, release.product)
    number, found = release.number, list[int]()
    for _ in range(_LOOKED_BACK):
        profile = profiles.of_release(connection, environment, release.product, number, dataset)
        looked_at = None if profile is None else profile.column(column)
        newest = None if looked_at is None else newest_second(looked_at.maximum)
        if newest is not None:
            found.append(newest)
        if profile is None or profile.coverage is not Coverage.ADDED:
            break
        # What a rollback brought back has the profile of the release that it was added by.
        while number in restored:
            number = restored[number]
        number -= 1
    return max(found, default=None)
