"""DuckDB, the embedded engine: the only file that speaks its Python API."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from ghala.errors import LimitError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

ROW_GROUP_ROWS = 122_880
BATCH_ROWS = 65_536


@dataclass(slots=True)
class Session:
    """One connection to the trusted engine, for SQL that Ghala itself made over Ghala's own files.

    Names that it registers or creates as TEMP are its own. Not safe to share between threads.
    """

    connection: duckdb.DuckDBPyConnection

    def register(self, name: str, data: Any) -> None:
        """Let SQL read an Arrow table or record batch reader under `name`; a reader can be read once."""
        self.connection.register(name, data)

    def unregister(self, name: str) -> None:
        """Forget a registered name."""
        self.connection.unregister(name)

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement and drop its result."""
        with translated():
            self.connection.execute(sql, list(parameters)) if parameters else self.connection.execute(sql)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query as Python values."""
        with translated():
            result = self.connection.execute(sql, list(parameters)) if parameters else self.connection.execute(sql)
            return result.fetchall()

    def reader(self, sql: str, batch_rows: int = BATCH_ROWS) -> pa.RecordBatchReader:
        """Return a query's rows as a stream of record batches; the session must stay open while it is read."""
        with translated():
            return self.connection.execute(sql).to_arrow_reader(batch_rows)

    def table(self, sql: str) -> pa.Table:
        """Return all rows of a query as an Arrow table."""
        with translated():
            return self.connection.execute(sql).to_arrow_table()

    def copy(self, query: str, path: Path, *, field_ids: Mapping[str, object] | None = None) -> int:
        """Write a query's rows to one zstd Parquet file, in order, and return how many; the file is not yet durable.

        `field_ids` maps column names to Iceberg field ids; for a struct or list the value is a mapping with the key
        `__duckdb_field_id` for its own id beside the members (`element` for lists).
        """
        options = ["FORMAT parquet", "COMPRESSION zstd", f"ROW_GROUP_SIZE {ROW_GROUP_ROWS}"]
        if field_ids is not None:
            options.append(f"FIELD_IDS {_field_ids(field_ids)}")
        with translated():
            result = self.connection.execute(f"COPY ({query}) TO {literal(str(path))} ({', '.join(options)})")
            row = result.fetchone()
        return int(row[0]) if row else 0


@dataclass(slots=True)
class DuckDB:
    """The trusted in-process engine. One instance serves many sessions, which share its memory and threads."""

    threads: int
    memory_mb: int
    spill: Path
    _database: duckdb.DuckDBPyConnection | None = field(default=None, repr=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session; it closes, with all that it registered, at the end of the block."""
        if self._database is None:
            self._database = duckdb.connect(
                ":memory:",
                config={
                    "threads": self.threads,
                    "memory_limit": f"{self.memory_mb}MB",
                    "temp_directory": str(self.spill),
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                },
            )
            self._database.execute("SET TimeZone = 'UTC'")
        cursor = self._database.cursor()
        try:
            cursor.execute("SET TimeZone = 'UTC'")
            yield Session(cursor)
        finally:
            cursor.close()

    def close(self) -> None:
        """Close the engine and everything that it holds."""
        if self._database is not None:
            self._database.close()
            self._database = None


@contextmanager
def translated() -> Iterator[None]:
    """Turn the engine's errors about disk and memory into ours; others are the caller's to word."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise LimitError("the engine ran out of memory", hint="raise `engine.memory_mb` in ghala.yaml") from error
    except duckdb.IOException as error:
        raise StorageError(f"the engine could not read or write a file: {_first_line(error)}") from error


def literal(text: str) -> str:
    """Return a SQL string literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


def _field_ids(ids: Mapping[str, object]) -> str:
    entries = []
    for name, value in ids.items():
        key = name if name == "__duckdb_field_id" else '"' + name.replace('"', '""') + '"'
        entries.append(f"{key}: {_field_ids(value) if isinstance(value, dict) else value}")
    return "{" + ", ".join(entries) + "}"
