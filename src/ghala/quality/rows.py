"""The rows that a check looks at, as SQL: staged rows, joined with the keys that are broken among them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.scan import ColumnSource, FileGroup, PhysicalScan
from ghala.quality.compile import ROWS, cell
from ghala.sql.scan import scan_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ghala.model.types import DataType
    from ghala.quality.compile import KeySet, Test


@dataclass(frozen=True, slots=True)
class BrokenKeys:
    """A temporary table of the keys that may not be there: each once, never NULL, in columns `key_0`, `key_1`, …."""

    keys: KeySet
    table: str

    def columns(self) -> list[exp.Column]:
        """Return the table's columns, in the order of `keys.names`."""
        return [
            exp.column(key_name(position), table=self.table, quoted=True)
            for position in range(len(self.keys.names))
        ]


def key_name(position: int) -> str:
    """Return the name of a column in a table of broken keys."""
    return f"key_{position}"


def rows_query(
    scan: PhysicalScan,
    selected: Sequence[exp.Expr],
    broken: Iterable[BrokenKeys] = (),
    where: exp.Expr | None = None,
) -> exp.Select:
    """Return `SELECT selected FROM the rows`, reading only the columns that are named.

    Joining with broken keys never multiplies or drops a row, since each key is there once.
    """
    query = exp.Select(expressions=list(selected))
    joins = [_join(part) for part in broken]
    named = {
        column.name
        for tree in (*selected, *joins, *([where] if where is not None else []))
        for column in tree.find_all(exp.Column)
        if column.table == ROWS
    }
    names = [name for name, _ in scan.columns if name in named] or [scan.columns[0][0]]
    query = query.from_(scan_query(scan, names).subquery(ROWS, copy=False), copy=False)
    query.set("joins", joins)
    return query if where is None else query.where(where, copy=False)


def breaks(test: Test, tables: Mapping[KeySet, BrokenKeys]) -> exp.Expr:
    """Return the predicate "this row breaks the rule", never NULL, for rows joined with `tables`."""
    if test.predicate is not None:
        return never_null(test.predicate.copy())
    parts = [] if test.key_nulls is None else [test.key_nulls.copy()]
    if test.keys is not None and test.keys in tables:
        found = tables[test.keys].columns()[0]
        parts.append(exp.Not(this=exp.Is(this=found, expression=exp.null())))
    return exp.or_(*parts, copy=False) if parts else exp.false()


def any_breaks(tests: Iterable[Test], tables: Mapping[KeySet, BrokenKeys]) -> exp.Expr:
    """Return the predicate "this row breaks one of the rules", never NULL."""
    parts = [breaks(test, tables) for test in tests]
    return exp.or_(*parts, copy=False) if parts else exp.false()


def never_null(predicate: exp.Expr) -> exp.Expr:
    """Return a predicate that is false where the given one is NULL."""
    return exp.Coalesce(this=predicate, expressions=[exp.false()])


def count_if(predicate: exp.Expr) -> exp.Expr:
    """Return the number of rows for which a predicate is true; 0, not NULL, for no rows."""
    counted = exp.CountIf(this=predicate)
    return exp.Coalesce(this=counted, expressions=[exp.Literal.number(0)])


def completed(scan: PhysicalScan, columns: Sequence[tuple[str, DataType]]) -> PhysicalScan:
    """Return the scan with exactly these columns: what older files lack is NULL, what changed type is cast."""
    groups = tuple(replace(group, columns=_sources(group, columns)) for group in scan.groups)
    return PhysicalScan(tuple(columns), groups, scan.row_count)


def together(first: PhysicalScan | None, second: PhysicalScan) -> PhysicalScan:
    """Return the rows of both states, with the columns of the second."""
    if first is None:
        return second
    older = completed(first, second.columns)
    return PhysicalScan(
        second.columns, older.groups + second.groups, older.row_count + second.row_count
    )


def _sources(group: FileGroup, columns: Sequence[tuple[str, DataType]]) -> tuple[ColumnSource, ...]:
    known = {source.name.lower(): source for source in group.columns}
    sources = []
    for name, data_type in columns:
        source = known.get(name.lower())
        if source is None:
            sources.append(ColumnSource(name, data_type, None))
        elif source.members:
            sources.append(replace(source, name=name))
        else:
            sources.append(replace(source, name=name, type=data_type))
    return tuple(sources)


def _join(broken: BrokenKeys) -> exp.Join:
    pairs = [
        exp.EQ(this=cell(name), expression=column)
        for name, column in zip(broken.keys.names, broken.columns(), strict=True)
    ]
    return exp.Join(this=exp.to_table(broken.table), side="LEFT", on=exp.and_(*pairs, copy=False))
