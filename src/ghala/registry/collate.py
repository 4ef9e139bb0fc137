"""Text is ordered by its bytes, as SQLite orders it, whatever language a PostgreSQL database was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import Operations
from sqlalchemy import String, inspect

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

_BY_BYTES = "C"


def collate(context: MigrationContext) -> None:
    """Give every text column that migrations made the one order that does not depend on the server."""
    connection = context.connection
    if connection is None or connection.dialect.name != "postgresql":
        return
    operations = Operations(context)
    for (_, table), columns in inspect(connection).get_multi_columns().items():
        for column in columns:
            kind = column["type"]
            if isinstance(kind, String) and kind.collation != _BY_BYTES:
                by_bytes = type(kind)(kind.length, collation=_BY_BYTES)
                operations.alter_column(table, column["name"], type_=by_bytes)
