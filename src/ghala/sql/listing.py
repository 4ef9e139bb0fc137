"""`information_schema` of the read door: tables of our own making, with what a principal may see and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.types import DataType, Kind
from ghala.sql.scan import as_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ghala.model.names import DatasetName

WRITTEN = "information_schema"
SCHEMA = "information_schema@"
"""What stands in a text for `information_schema`, which is the engine's own; no domain can have that name."""

CATALOG = "memory"
"""The engine's name for a worker's catalog: `current_database()`."""

_DECIMAL = re.compile(r"DECIMAL\((\d+), (\d+)\)")
_PLAIN = re.compile(r'"([a-z_][a-z0-9_]*)"')
_TEXT, _INTEGER = DataType(Kind.VARCHAR), DataType(Kind.INTEGER)
_DIGITS = {
    Kind.BIGINT: (64, 2, 0),
    Kind.DOUBLE: (53, 2, 0),
    Kind.INTEGER: (32, 2, 0),
    Kind.REAL: (24, 2, 0),
}
_NUMBERS = frozenset(
    {
        "character_maximum_length",
        "character_octet_length",
        "datetime_precision",
        "numeric_precision",
        "numeric_precision_radix",
        "numeric_scale",
        "ordinal_position",
        "position_in_unique_constraint",
    }
)
_COLUMNS = {
    "columns": """table_catalog table_schema table_name column_name ordinal_position column_default is_nullable
        data_type character_maximum_length character_octet_length numeric_precision numeric_precision_radix
        numeric_scale
        datetime_precision collation_name udt_name is_identity is_generated is_updatable""",
    "key_column_usage": """constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name
        column_name ordinal_position position_in_unique_constraint""",
    "referential_constraints": """constraint_catalog constraint_schema constraint_name unique_constraint_catalog
        unique_constraint_schema unique_constraint_name match_option update_rule delete_rule""",
    "schemata": """catalog_name schema_name schema_owner default_character_set_catalog default_character_set_schema
        default_character_set_name sql_path""",
    "table_constraints": """constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name
        constraint_type is_deferrable initially_deferred enforced""",
    "tables": """table_catalog table_schema table_name table_type self_referencing_column_name reference_generation
        is_insertable_into is_typed commit_action""",
    "views": """table_catalog table_schema table_name view_definition check_option is_updatable
        is_insertable_into""",
}
TABLES = frozenset(_COLUMNS)
"""The tables of `information_schema` that are answered; those about constraints and views have no rows."""

Listed = tuple["DatasetName", tuple[tuple[str, DataType], ...]]
"""A dataset that may be read, with the columns that may be seen."""


def columns_of(table: str) -> tuple[tuple[str, DataType], ...]:
    """Return the columns of a table of `information_schema`.

    >>> [name for name, _ in columns_of("schemata")][:2]
    ['catalog_name', 'schema_name']
    """
    names = _COLUMNS[table].split()
    return tuple((name, _INTEGER if name in _NUMBERS else _TEXT) for name in names)


def listing(table: str, listed: Sequence[Listed]) -> exp.Create:
    """Return the view that stands for a table of `information_schema`, over what may be seen."""
    columns = columns_of(table)
    rows = [[row.get(name) for name, _ in columns] for row in _rows(table, listed)]
    names = [f"c{number}" for number in range(len(columns))]
    shown = [
        exp.alias_(exp.cast(exp.column(name, quoted=True), as_type(kind)), column, quoted=True)
        for name, (column, kind) in zip(names, columns, strict=True)
    ]
    made: list[list[str | int | None]] = rows or [[None] * len(columns)]
    values = exp.values([tuple(row) for row in made], alias="made", columns=names)
    query = exp.select(*shown).from_(values)
    if not rows:
        query = query.where(exp.false())
    return exp.Create(this=exp.table_(table, db=SCHEMA, quoted=True), kind="VIEW", expression=query)


def _rows(table: str, listed: Sequence[Listed]) -> Iterable[dict[str, str | int | None]]:
    if table == "schemata":
        for domain in sorted({name.domain for name, _ in listed}):
            yield {"catalog_name": CATALOG, "schema_name": domain}
    elif table in {"columns", "tables"}:
        for name, columns in listed:
            place = {
                "table_catalog": CATALOG,
                "table_schema": name.domain,
                "table_name": name.dataset,
            }
            if table == "tables":
                kind = {"table_type": "BASE TABLE", "is_insertable_into": "NO", "is_typed": "NO"}
                yield {**place, **kind}
                continue
            for number, (column, data_type) in enumerate(columns, start=1):
                yield {**place, "ordinal_position": number, **_column(column, data_type)}


def _column(name: str, data_type: DataType) -> dict[str, str | int | None]:
    precision, radix, scale = _DIGITS.get(data_type.kind, (None, None, None))
    if data_type.kind is Kind.DECIMAL:
        precision, radix, scale = data_type.precision, 10, data_type.scale
    return {
        "column_name": name,
        "data_type": _DECIMAL.sub(r"DECIMAL(\1,\2)", _PLAIN.sub(r"\1", str(data_type))),
        "is_generated": "NEVER",
        "is_nullable": "YES",
        "is_updatable": "NO",
        "numeric_precision": precision,
        "numeric_precision_radix": radix,
        "numeric_scale": scale,
    }
