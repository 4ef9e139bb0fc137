"""A decision as a view: the explicit columns that may be seen, the rows that may be seen, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.mask import Mask, MaskKind
from ghala.model.policy import Clearance
from ghala.sql.mask import masked
from ghala.sql.predicate import condition
from ghala.sql.scan import as_type, scan_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ghala.model.contract import Column
    from ghala.model.policy import Admission, Decision
    from ghala.model.scan import PhysicalScan
    from ghala.model.types import DataType

_NULL = Mask(MaskKind.REPLACE_WITH_NULL)


def visible(columns: Sequence[Column], decision: Decision) -> tuple[Column, ...]:
    """Return the columns that a view of this decision has; one that it does not name is hidden."""
    return tuple(
        column for column in columns if decision.clearance(column.name) is not Clearance.HIDDEN
    )


def view(
    name: tuple[str | None, str],
    scan: PhysicalScan,
    decision: Decision,
    columns: Sequence[Column],
) -> exp.Create:
    """Return the view `name`, (schema, view), through which a decision lets a dataset be read.

    Never `*`: a column that the contract or the decision does not know is absent. Row predicates see stored values;
    whatever reads the view sees masked ones.

    Raises:
        ValueError: the decision shows no column, a mask does not fit its column, or a predicate is about no column.
    """
    seen = visible(columns, decision)
    types = dict(scan.columns)
    if not seen or any(column.name not in types for column in seen):
        raise ValueError(f"the decision shows no readable column of {decision.dataset}")
    admitted = _any_of(decision.admissions, types)
    is_clear = all(decision.clearance(column.name) is Clearance.CLEAR for column in seen)
    if is_clear and admitted is None:
        query: exp.Query = scan_query(scan, [column.name for column in seen])
    else:
        shown = [(column.name, _shown(column, decision, types)) for column in seen]
        parts = [expression for _, expression in shown]
        looked_at = {
            column.name
            for part in [*parts, *([] if admitted is None else [admitted])]
            for column in part.find_all(exp.Column)
        }
        # A view of constants alone still has one row for each stored row.
        needed = looked_at or {seen[0].name}
        rows = scan_query(scan, [column for column, _ in scan.columns if column in needed])
        named = [exp.alias_(part, column, quoted=True, copy=False) for column, part in shown]
        query = exp.select(*named, copy=False).from_(
            rows.subquery("stored", copy=False), copy=False
        )
        if admitted is not None:
            query = query.where(admitted, copy=False)
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


def _shown(column: Column, decision: Decision, types: dict[str, DataType]) -> exp.Expr:
    clear = exp.column(column.name, quoted=True)
    if decision.clearance(column.name) is Clearance.CLEAR:
        return clear
    mask = decision.masks.get(column.name, _NULL)
    instead = masked(column.name, column.type, mask, hash_key=decision.hash_key)
    giving = [admission for admission in decision.admissions if column.name in admission.columns]
    # An admission that gave it for all rows would have made it clear.
    admitting = _any_of(giving, types)
    if admitting is None:
        return instead
    return exp.Case(ifs=[exp.If(this=admitting, true=clear)], default=instead)


def _any_of(admissions: Sequence[Admission], types: dict[str, DataType]) -> exp.Expr | None:
    """Return the condition of the rows that one of some admissions has; None if there are none, or one has all rows."""
    predicates = list(dict.fromkeys(admission.rows for admission in admissions))
    if not predicates or None in predicates:
        return None
    return exp.or_(*(condition(one, types) for one in predicates if one is not None), copy=False)
