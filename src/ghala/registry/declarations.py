"""Declarations of owners about what columns carry on: added and withdrawn, never removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from ghala.model.declaration import Declaration
from ghala.model.names import DatasetName
from ghala.registry import tables
from ghala.registry.releases import as_time

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping


def add(connection: Connection, declaration: Declaration, at_us: int) -> None:
    """Put a declaration on record, as declared at a time."""
    connection.execute(
        insert(tables.declarations).values(
            id=declaration.id,
            domain=declaration.dataset.domain,
            dataset=declaration.dataset.dataset,
            dataset_id=declaration.dataset_id,
            column_name=declaration.column,
            tag=declaration.tag,
            classification=declaration.classification,
            origins=list(declaration.origins),
            reason=declaration.reason,
            declared_by=declaration.declared_by,
            declared_at=at_us,
        )
    )


def withdraw(connection: Connection, declaration_id: str, by: str, at_us: int) -> bool:
    """End a declaration that is in force, and say whether there was one."""
    table = tables.declarations
    result = connection.execute(
        update(table)
        .where(table.c.id == declaration_id, table.c.withdrawn_at.is_(None))
        .values(withdrawn_by=by, withdrawn_at=at_us)
    )
    return result.rowcount == 1


def all_of(connection: Connection, name: DatasetName | None = None) -> tuple[Declaration, ...]:
    """Return the declarations about a dataset, or about all, oldest first."""
    table = tables.declarations
    query = select(table).order_by(table.c.declared_at, table.c.id)
    if name is not None:
        query = query.filter_by(domain=name.domain, dataset=name.dataset)
    return tuple(_declaration(row) for row in connection.execute(query).mappings())


def _declaration(row: RowMapping) -> Declaration:
    withdrawn_at = row["withdrawn_at"]
    return Declaration(
        id=row["id"],
        dataset=DatasetName(row["domain"], row["dataset"]),
        dataset_id=row["dataset_id"],
        column=row["column_name"],
        tag=row["tag"],
        classification=row["classification"],
        origins=tuple(row["origins"]),
        reason=row["reason"],
        declared_by=row["declared_by"],
        declared_at=as_time(row["declared_at"]),
        withdrawn_by=row["withdrawn_by"],
        withdrawn_at=None if withdrawn_at is None else as_time(withdrawn_at),
    )
