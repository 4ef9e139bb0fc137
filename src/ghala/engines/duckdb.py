"""DuckDB, the embedded engine: the only file that speaks its Python API."""

from __future__ import annotations

import errno
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import duckdb

from ghala.errors import LimitError, QueryError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

ROW_GROUP_ROWS = 122_880
BATCH_ROWS = 65_536
_REFUSED = re.compile(r'"([^"]+)": ([^":]+)$')


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

    def keep_uuids(self) -> None:
        """Hand UUIDs over as Arrow's UUIDs from now on, not as text."""
        self.connection.execute("SET SESSION arrow_lossless_conversion = true")

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement and drop its result."""
        with translated():
            self.connection.execute(
                sql, list(parameters)
            ) if parameters else self.connection.execute(sql)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query as Python values."""
        with translated():
            relation = self.connection.sql(sql, params=list(parameters) or None)
            # By way of Arrow: the driver itself wants another library for times with a zone.
            columns = relation.to_arrow_table().columns
        return list(zip(*(column.to_pylist() for column in columns), strict=True))

    def reader(self, sql: str, batch_rows: int = BATCH_ROWS) -> pa.RecordBatchReader:
        """Return a query's rows as a stream of record batches; the session must stay open while it is read."""
        with translated():
            return self.connection.sql(sql).to_arrow_reader(batch_rows)

    def table(self, sql: str) -> pa.Table:
        """Return all rows of a query as an Arrow table."""
        with translated():
            return self.connection.sql(sql).to_arrow_table()

    def copy(self, query: str, path: Path, *, field_ids: Mapping[str, object] | None = None) -> int:
        """Write a query's rows to one zstd Parquet file, in order, and return how many; the file is not yet durable.

        `field_ids` maps column names to Iceberg field ids; for a struct or list the value is a mapping with the key
        `__duckdb_field_id` for its own id beside the members (`element` for lists).
        """
        with translated():
            row = self.connection.execute(_copy_statement(query, str(path), field_ids)).fetchone()
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


@dataclass(slots=True)
class Cell:
    """An engine instance of a worker, for a consumer's statements: what `lock` gave it is all that there is.

    It cannot open another file, load an extension, change a setting or spill to disk.
    """

    connection: duckdb.DuckDBPyConnection

    @classmethod
    def fresh(cls, threads: int, memory_mb: int) -> Cell:
        """Return a new instance that is not locked yet."""
        connection = duckdb.connect(
            ":memory:",
            config={
                "threads": threads,
                "memory_limit": f"{memory_mb}MB",
                # Spilling would add its folder to what SQL can read and write.
                "temp_directory": "",
                "allow_community_extensions": False,
                "allow_persistent_secrets": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
                "errors_as_json": True,
            },
        )
        connection.execute("SET TimeZone = 'UTC'")
        return cls(connection)

    def lock(self, statements: Sequence[str], files: Sequence[str], timeout_s: float) -> None:
        """Make the schemas and views that a statement may see, then close everything else for good."""
        for statement in statements:
            self.connection.execute(statement)
        if files:
            self.connection.execute(f"SET allowed_paths = [{', '.join(map(literal, files))}]")
        self.connection.execute(f"SET max_execution_time = {max(1, int(timeout_s * 1000))}")
        self.connection.execute(f"SET disabled_optimizers = {literal(UNFENCED)}")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def reader(self, sql: str, batch_rows: int = BATCH_ROWS) -> pa.RecordBatchReader:
        """Run a consumer's statement, which has been checked, and stream its rows."""
        # What `sql(…).to_arrow_reader()` calls, which binds the statement once more before; `execute` keeps all rows.
        submitted = self.connection._submit(sql, None, "stream", batch_rows)  # noqa: SLF001 - see above
        reader: pa.RecordBatchReader = submitted.arrow_reader()
        return reader

    def copy(self, query: str, target: str, field_ids: Mapping[str, object] | None) -> int:
        """Write a query's rows to a path that `lock` was given, as one Parquet file, and return how many."""
        statement = _copy_statement(query, target, field_ids)
        row = self.connection.execute(statement).fetchone()
        return int(row[0]) if row else 0

    def inspect(self, sql: str, tables: Sequence[str]) -> dict[str, Any]:
        """Return the engine's own tree and plan of a statement over empty tables, and its output columns.

        Args:
            sql: a consumer's statement; nothing of it runs.
            tables: statements that make the empty tables; they are gone afterwards.
        """
        tree = self._text("SELECT json_serialize_sql(?)", [sql])
        self.connection.execute("BEGIN")
        try:
            for statement in tables:
                self.connection.execute(statement)
            plan = self._text(f"{EXPLAIN}{sql}", column=1)
            relation = self.connection.sql(sql)
            columns = [
                [name, str(kind)]
                for name, kind in zip(relation.columns, relation.types, strict=True)
            ]
        finally:
            self.connection.execute("ROLLBACK")
        return {"tree": tree, "plan": plan, "columns": columns}

    def plan_only(self) -> None:
        """Let `inspect` see plans as they were bound: no optimiser drops or folds a part of them."""
        self.connection.execute("PRAGMA disable_optimizer")
        self.connection.execute("SET explain_output = 'optimized_only'")

    def interrupt(self) -> None:
        """Stop what runs; may be called from another thread."""
        self.connection.interrupt()

    def close(self) -> None:
        """Close the instance and all that it holds."""
        self.connection.close()

    def _text(self, sql: str, parameters: Sequence[object] = (), column: int = 0) -> str:
        row = self.connection.execute(sql, list(parameters)).fetchone()
        return str(row[column]) if row else ""


EXPLAIN = "EXPLAIN (FORMAT json) "
UNFENCED = "projection_pullup,statistics_propagation"
"""Optimisers that let hidden rows decide what is computed: the first runs a consumer's condition before a view's row
filter, the second leaves out what the bounds of all rows exclude. What fails for some values would tell them
(docs/decisions/0019-no-condition-before-the-filter.md)."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn the engine's errors about disk and memory into ours; others are the caller's to word."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise LimitError(
            "the engine ran out of memory", hint="raise `engine.memory_mb` in ghala.yaml"
        ) from error
    except duckdb.IOException as error:
        raise storage_error(_first_line(error)) from error
    except duckdb.Error as error:
        # The engine's words may carry cell values: they are evidence for the caller, never part of the message.
        raise QueryError(
            "the engine could not run a statement of ours", engine_text=_first_line(error)
        ) from error


def storage_error(text: str) -> StorageError:
    """Word what the operating system refused to the engine: the file by its name, and why.

    >>> str(storage_error('IO Error: Could not write file "/acme/.ghala/spill/a.tmp": No space left on device'))
    'the engine could not read or write `a.tmp`: No space left on device'
    """
    refused = _REFUSED.search(text)
    what = f"`{PurePath(refused[1]).name}`: {refused[2]}" if refused else f"a file: {text}"
    hint = "free some space and run again; nothing that was released has changed"
    return StorageError(
        f"the engine could not read or write {what}",
        hint=hint if os.strerror(errno.ENOSPC) in text else None,
    )


def literal(text: str) -> str:
    """Return a SQL string literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


def _copy_statement(query: str, target: str, field_ids: Mapping[str, object] | None) -> str:
    options = [
        "FORMAT parquet",
        "COMPRESSION zstd",
        f"ROW_GROUP_SIZE {ROW_GROUP_ROWS}",
        # The name is ours already, and a pipe has no other.
        "USE_TMP_FILE false",
    ]
    if field_ids is not None:
        options.append(f"FIELD_IDS {_field_ids(field_ids)}")
    return f"COPY (\n{query}\n) TO {literal(target)} ({', '.join(options)})"


def _field_ids(ids: Mapping[str, object]) -> str:
    entries = []
    for name, value in ids.items():
        key = name if name == "__duckdb_field_id" else '"' + name.replace('"', '""') + '"'
        entries.append(f"{key}: {_field_ids(value) if isinstance(value, dict) else value}")
    return "{" + ", ".join(entries) + "}"
