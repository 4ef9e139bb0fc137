"""Releases that brought back the content of an earlier one: which, why, and in whose name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ghala.model.release import Rollback
from ghala.registry import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ghala.model.names import ProductName
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
