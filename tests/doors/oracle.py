"""What a persona must get: the engine's own answer, over tables of what it may see and nothing else."""

from __future__ import annotations

import re
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
from canary import TOKEN, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from canary import Persona, Row

_LISTED = {
    "columns": """table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable,
        data_type, character_maximum_length, character_octet_length, numeric_precision, numeric_precision_radix,
        numeric_scale, datetime_precision, collation_name, udt_name, is_identity::VARCHAR AS is_identity,
        is_generated, 'NO' AS is_updatable""",
    "key_column_usage": """* REPLACE (ordinal_position::INTEGER AS ordinal_position,
        position_in_unique_constraint::INTEGER AS position_in_unique_constraint)""",
    "referential_constraints": "*",
    "schemata": "* REPLACE (NULL::VARCHAR AS schema_owner)",
    "table_constraints": "* EXCLUDE (nulls_distinct)",
    "tables": """table_catalog, table_schema, table_name, table_type, self_referencing_column_name,
        reference_generation, 'NO' AS is_insertable_into, is_typed, commit_action""",
    "views": "* EXCLUDE (is_trigger_updatable, is_trigger_deletable, is_trigger_insertable_into)",
}
"""What of the engine's own `information_schema`, over the tables of the oracle, is answered."""
_SHOWN = "SELECT table_schema || '.' || table_name AS name FROM listed.tables"
_SHOW_TABLES = re.compile(r"\s*show\s+tables\s*;?\s*", re.IGNORECASE)
_INFORMATION = re.compile(r"\binformation_schema\.", re.IGNORECASE)
_CURRENT = re.compile(r" AT \(VERSION => 2\)")
_FIRST = re.compile(r"\b(\w+)\.(\w+) AT \((?:VERSION => 1|TIMESTAMP => TIMESTAMP '2025-[^']*')\)")


def in_oracle(sql: str) -> str:
    """Return a statement as the oracle knows it: a first release is a table of its own, and so are listings.

    >>> in_oracle("FROM sales.orders AT (VERSION => 1) o, information_schema.tables")
    'FROM sales."orders@1" o, listed.tables'
    """
    if _SHOW_TABLES.fullmatch(sql):
        return _SHOWN
    return _FIRST.sub(r'\1."\2@1"', _CURRENT.sub("", _INFORMATION.sub("listed.", sql)))


VARIANTS = {
    "one": "",
    "two": "",
    "three": "SET disabled_optimizers = 'statistics_propagation,compressed_materialization'",
    "four": "SET disabled_optimizers = 'statistics_propagation,top_n,limit_pushdown,build_side_probe_side'",
    "five": "SET disabled_optimizers = 'join_order,late_materialization,filter_pushdown'",
    "six": "SET nested_loop_join_threshold = 100000",
    "padded": "",
}
"""Orders of rows, each planned in another way, as the engine does where it knows more or less of them."""


class Oracle:
    """DuckDB over tables that hold only what a persona may see, in two orders, to know what depends on the order."""

    def __init__(self, persona: Persona, stored: Mapping[str, list[Row]]) -> None:
        self.persona = persona
        self.folder = TemporaryDirectory()
        self.stored = {release: len(its_rows) for release, its_rows in stored.items()}
        self.shown = {
            release: persona.rows_of(release.partition("@")[0], its_rows)
            for release, its_rows in stored.items()
            if release.partition("@")[0] in persona.sees
        }
        self.allowed = frozenset(TOKEN.findall(repr(self.shown)))
        self.engines = [self._engine(order) for order in ("forth", "back")]
        self.shuffled: list[duckdb.DuckDBPyConnection] = []
        self.planning: duckdb.DuckDBPyConnection | None = None
        self.padded: duckdb.DuckDBPyConnection | None = None
        found = self.engines[0].execute("FROM duckdb_optimizers()").fetchall()
        self.optimisers = [name for (name,) in found]

    def _engine(self, order: str) -> duckdb.DuckDBPyConnection:
        engine = duckdb.connect(config={"threads": 1, "memory_limit": "1GB"})
        engine.execute("SET TimeZone = 'UTC'")
        for release, its_rows in self.shown.items():
            ordered = its_rows[:: -1 if order == "back" else 1]
            if order not in {"back", "forth"}:
                Random(order).shuffle(ordered)
            table = release.partition("@")[0]
            schema, _, name = release.partition(".")
            engine.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            engine.register("given", table_of(table, self.persona.columns_of(table), ordered))
            if order == "padded":
                copies = self.stored[release] // max(1, len(ordered)) + 1
                path = f"{self.folder.name}/{release}.parquet"
                engine.execute(
                    f"COPY (FROM given, range({copies}) copies(copy) ORDER BY copy) TO '{path}'"
                )
                engine.execute(
                    f"CREATE VIEW {schema}.\"{name}\" AS SELECT * EXCLUDE (copy) FROM '{path}' WHERE copy = 0"
                )
            else:
                engine.execute(f'CREATE TABLE {schema}."{name}" AS FROM given')
            engine.unregister("given")
        _list(engine)
        engine.execute(f"SET allowed_directories = ['{self.folder.name}']")
        engine.execute("SET max_execution_time = 3000")
        engine.execute("SET enable_external_access = false")
        if VARIANTS.get(order):
            engine.execute(VARIANTS[order])
        if order != "planning":
            engine.execute("SET lock_configuration = true")
        return engine

    def answers(self, sql: str) -> list[pa.Table]:
        """Return the answer in each order.

        Raises:
            duckdb.Error: the engine itself cannot answer.
        """
        try:
            return [engine.sql(in_oracle(sql)).to_arrow_table() for engine in self.engines]
        except (duckdb.InternalException, duckdb.FatalException):
            # A fault of the engine itself: the instance is of no use any more.
            for engine in self.engines:
                engine.close()
            self.engines = [self._engine(order) for order in ("forth", "back")]
            raise

    def disordered(self, sql: str) -> list[pa.Table]:
        """Return the answer in some more orders.

        Raises:
            duckdb.Error: the engine itself cannot answer.
        """
        self.shuffled = self.shuffled or [self._engine(order) for order in VARIANTS]
        return [engine.sql(in_oracle(sql)).to_arrow_table() for engine in self.shuffled]

    def fails_in_some_plan(self, sql: str) -> bool:
        """Return whether what may be seen can make a statement fail, where the engine plans it in another way.

        It also plans by the number of rows, hidden ones too: one engine has as many, all copies of visible ones.
        """
        self.padded = self.padded or self._engine("padded")
        try:
            self.padded.sql(in_oracle(sql)).to_arrow_table()
        except (duckdb.Error, RuntimeError, OSError):
            return True
        for name in self.optimisers:
            engine = self.planning = self.planning or self._engine("planning")
            engine.execute(f"SET disabled_optimizers = '{name}'")
            try:
                engine.sql(in_oracle(sql)).to_arrow_table()
            except (duckdb.InternalException, duckdb.FatalException):
                # A fault of the engine itself says nothing, and the instance is of no use any more.
                self.planning.close()
                self.planning = None
            except (duckdb.Error, RuntimeError, OSError):
                return True
        return False

    def close(self) -> None:
        for engine in (*self.engines, *self.shuffled, *filter(None, [self.planning, self.padded])):
            engine.close()
        self.folder.cleanup()


def _list(engine: duckdb.DuckDBPyConnection) -> None:
    """Keep what the engine says of its tables, before there are any for that."""
    engine.execute("CREATE SCHEMA IF NOT EXISTS listed")
    for name, columns in _LISTED.items():
        kept = {
            "schemata": "catalog_name = 'memory' AND schema_name NOT IN ('main', 'listed')",
            "columns": "table_schema <> 'listed' AND NOT contains(table_name, '@')",
            "tables": "table_schema <> 'listed' AND NOT contains(table_name, '@')",
        }.get(name, "false")
        engine.execute(
            f"CREATE TABLE listed.{name} AS SELECT {columns} FROM information_schema.{name} WHERE {kept}"
        )
