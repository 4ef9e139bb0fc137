"""A physical scan as a SQL tree: each group of files projected to the logical columns, then put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.model.scan import ColumnSource, FileGroup, PhysicalScan
    from ghala.model.types import DataType


def scan_query(scan: PhysicalScan, columns: Sequence[str] | None = None) -> exp.Query:
    """Return the query that reads `columns` (all of them when None) of a state, in the logical types and order.

    Files are never read through the engine's own schema mapping: it returns NULL without a word where it does not
    understand a file.

    >>> from ghala.model.scan import PhysicalScan
    >>> from ghala.model.types import parse_type
    >>> scan_query(PhysicalScan((("id", parse_type("bigint")),), (), 0)).sql(dialect="duckdb")
    'SELECT CAST(NULL AS BIGINT) AS "id" WHERE FALSE'
    """
    wanted = [name for name, _ in scan.columns] if columns is None else list(columns)
    if not scan.groups:
        types = dict(scan.columns)
        nothing = [
            exp.alias_(exp.cast(exp.null(), as_type(types[name])), name, quoted=True)
            for name in wanted
        ]
        return exp.select(*nothing).where(exp.false())
    parts = [_group_query(group, wanted) for group in scan.groups]
    query: exp.Query = parts[0]
    for part in parts[1:]:
        query = exp.union(query, part, distinct=False, copy=False)
    return query


def as_type(data_type: DataType) -> exp.DataType:
    """Return a column's type as a SQL tree."""
    return exp.DataType.build(str(data_type), dialect="duckdb")


def file_list(files: Sequence[object]) -> exp.Array:
    """Return paths as a SQL list of string literals."""
    return exp.Array(expressions=[exp.Literal.string(str(file)) for file in files])


def _group_query(group: FileGroup, wanted: Sequence[str]) -> exp.Select:
    sources = {source.name: source for source in group.columns}
    read = exp.Anonymous(
        this="read_parquet",
        expressions=[
            file_list(group.files),
            # A folder called `a=1` in a path must not become a column.
            exp.EQ(this=exp.to_identifier("hive_partitioning"), expression=exp.false()),
        ],
    )
    selected = [
        exp.alias_(_expression(sources[name], None), name, quoted=True, copy=False)
        for name in wanted
    ]
    return exp.select(*selected, copy=False).from_(read, copy=False)


def _expression(source: ColumnSource, parent: exp.Expression | None) -> exp.Expression:
    if source.stored_name is None:
        return exp.cast(exp.null(), as_type(source.type))
    stored = exp.to_identifier(source.stored_name, quoted=True)
    read: exp.Expression = (
        exp.Column(this=stored)
        if parent is None
        else exp.Dot(this=parent.copy(), expression=stored)
    )
    if not source.members:
        return exp.cast(read, as_type(source.type))
    rebuilt = exp.Struct(
        expressions=[
            exp.PropertyEQ(
                this=exp.to_identifier(member.name, quoted=True),
                expression=_expression(member, read),
            )
            for member in source.members
        ]
    )
    return exp.Case(
        ifs=[exp.If(this=exp.Is(this=read.copy(), expression=exp.null()), true=exp.null())],
        default=rebuilt,
    )
