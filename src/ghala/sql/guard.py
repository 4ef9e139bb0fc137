"""A decision as a view: the explicit columns that may be seen, the rows that may be seen, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from ghala.model.policy import Clearance
from ghala.sql.scan import as_type, scan_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ghala.model.contract import Column
    from ghala.model.policy import Decision
    from ghala.model.scan import PhysicalScan
    from ghala.model.types import DataType

_FILTER_REFUSED = (exp.AggFunc, exp.Anonymous, exp.Query, exp.Table, exp.Window)


def visible(columns: Sequence[Column], decision: Decision) -> tuple[Column, ...]:
    """Return the columns that a view of this decision has; one that it does not name is hidden."""
    if not decision.is_allowed:
        return ()
    hidden = Clearance.HIDDEN
    return tuple(
        column for column in columns if decision.columns.get(column.name, hidden) is not hidden
    )


def view(
    name: tuple[str | None, str],
    scan: PhysicalScan,
    decision: Decision,
    columns: Sequence[Column],
) -> exp.Create:
    """Return the view `name`, (schema, view), through which a decision lets a dataset be read.

    Never `*`: a column that the contract or the decision does not know is absent. A masked column
    is NULL of its type. The row filter sees the stored values.

    Raises:
        ValueError: the decision shows no column, or its filter is no plain predicate over columns.
    """
    seen = visible(columns, decision)
    stored = {column_name for column_name, _ in scan.columns}
    if not seen or any(column.name not in stored for column in seen):
        raise ValueError(f"the decision shows no readable column of {decision.dataset}")
    is_clear = all(decision.columns[column.name] is Clearance.CLEAR for column in seen)
    query: exp.Query
    if is_clear and decision.row_filter is None:
        query = scan_query(scan, [column.name for column in seen])
    else:
        condition = _condition(decision, stored)
        needed = _needed(seen, decision, condition)
        rows = scan_query(scan, [column for column, _ in scan.columns if column in needed])
        query = exp.select(*(_shown(column, decision) for column in seen), copy=False)
        query = query.from_(rows.subquery("stored", copy=False), copy=False)
        if condition is not None:
            query = query.where(condition, copy=False)
    return exp.Create(this=_table(name), kind="VIEW", expression=query)


def schema(name: str) -> exp.Create:
    """Return the statement that makes a schema.

    >>> schema("sales").sql(dialect="duckdb")
    'CREATE SCHEMA "sales"'
    """
    return exp.Create(this=exp.Table(db=exp.to_identifier(name, quoted=True)), kind="SCHEMA")


def shadow(name: tuple[str | None, str], columns: Iterable[tuple[str, DataType]]) -> exp.Create:
    """Return an empty table with the names and types of a view, for the engine to bind against.

    >>> from ghala.model.types import parse_type
    >>> shadow(("sales", "orders"), [("id", parse_type("bigint"))]).sql(dialect="duckdb")
    'CREATE TABLE "sales"."orders" ("id" BIGINT)'
    """
    definitions = [
        exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=as_type(data_type))
        for column, data_type in columns
    ]
    return exp.Create(this=exp.Schema(this=_table(name), expressions=definitions), kind="TABLE")


def _table(name: tuple[str | None, str]) -> exp.Table:
    return exp.table_(name[1], db=name[0], quoted=True)


def _shown(column: Column, decision: Decision) -> exp.Expr:
    if decision.columns[column.name] is Clearance.CLEAR:
        return exp.column(column.name, quoted=True)
    return exp.alias_(
        exp.cast(exp.null(), as_type(column.type)), column.name, quoted=True, copy=False
    )


def _needed(
    seen: Sequence[Column], decision: Decision, condition: exp.Expr | None
) -> frozenset[str]:
    clear = {column.name for column in seen if decision.columns[column.name] is Clearance.CLEAR}
    filtered = {column.name for column in condition.find_all(exp.Column)} if condition else set()
    # A view of masked columns alone still has one row for each stored row.
    return frozenset(clear | filtered) or frozenset({seen[0].name})


def _condition(decision: Decision, stored: set[str]) -> exp.Expr | None:
    if decision.row_filter is None:
        return None
    condition = sqlglot.parse_one(decision.row_filter, read="duckdb", into=exp.Condition)
    exact = {column.lower(): column for column in stored}
    for node in condition.walk():
        if isinstance(node, _FILTER_REFUSED):
            message = f"the row filter of {decision.dataset} is not a plain predicate"
            raise ValueError(message)  # noqa: TRY004 - the text is wrong, not its type
        if isinstance(node, exp.Column):
            if node.table or node.name.lower() not in exact:
                raise ValueError(f"the row filter of {decision.dataset} names no column of it")
            node.set("this", exp.to_identifier(exact[node.name.lower()], quoted=True))
    return condition
