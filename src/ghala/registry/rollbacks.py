"""Releases that brought back the content of an earlier one: which, why, and in whose name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ghala.model.release import Rollback
from ghala.model.run import RunState
from ghala.registry import tables
from ghala.registry.parts import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from ghala.model.names import DatasetName, ProductName
    from ghala.model.release import Release


def record(connection: Connection, release: Release, rollback: Rollback) -> None:
    """Remember what a release brought back."""
    connection.execute(
        insert(tables.rollbacks).values(
            environment=release.environment,
            product=str(release.product),
            number=release.number,
            restored=rollback.restored,
            replaced=rollback.replaced,
            reason=rollback.reason,
            principal=rollback.principal,
        )
    )


def find(
    connection: Connection, environment: str, product: ProductName, number: int
) -> Rollback | None:
    """Return what a release brought back; None if it was made by a run."""
    table = tables.rollbacks
    row = connection.execute(
        select(table.c.restored, table.c.replaced, table.c.reason, table.c.principal).filter_by(
            environment=environment, product=str(product), number=number
        )
    ).first()
    return None if row is None else Rollback(*row)


def restored(connection: Connection, environment: str, product: ProductName) -> dict[int, int]:
    """Return which releases of a product brought back an earlier one, and which."""
    table = tables.rollbacks
    query = select(table.c.number, table.c.restored)
    rows = connection.execute(query.filter_by(environment=environment, product=str(product)))
    return {int(row.number): int(row.restored) for row in rows}


def record_anew(connection: Connection, release: Release, datasets: Iterable[DatasetName]) -> None:
    """Remember that a release has nothing of what some datasets had before it."""
    key = {"environment": release.environment, "product": str(release.product)}
    rows = [{**key, "dataset": str(name), "release": release.number} for name in datasets]
    if rows:
        connection.execute(insert(tables.made_anew), rows)


def standing(
    connection: Connection,
    environment: str,
    product: ProductName,
    run_ids: Collection[str],
    dataset: DatasetName | None = None,
) -> frozenset[str]:
    """Return those of some runs that published what is in the data now: no rollback took it out.

    Of one `dataset`, nor did a release that made it anew.
    """
    table, anew = tables.runs, tables.made_anew
    back = _taken_back(restored(connection, environment, product))
    first = 0
    if dataset is not None:
        query = select(anew.c.release).filter_by(
            environment=environment, product=str(product), dataset=str(dataset)
        )
        made = connection.execute(query).scalars()
        first = max((one for one in made if not any(one in span for span in back)), default=0)
    found = set[str]()
    for part in parts(run_ids):
        which = table.c.id.in_(part)
        query = select(table.c.id, table.c.release).where(
            which & (table.c.state == RunState.PUBLISHED.value)
        )
        for row in connection.execute(query):
            number = row.release
            if number is None or number < first:
                continue
            if not any(number in span for span in back):
                found.add(row.id)
    return frozenset(found)


def _taken_back(by_number: dict[int, int]) -> list[range]:
    """Return the releases whose own rows are not in the current one, given what each rollback brought back.

    >>> _taken_back({4: 1, 6: 3, 9: 8})
    [range(9, 10), range(4, 7)]
    """
    found: list[range] = []
    for number in sorted(by_number, reverse=True):
        # One that was taken back itself took nothing out that is not out, or is in again.
        if not found or number < found[-1].start:
            found.append(range(by_number[number] + 1, number + 1))
    return found
