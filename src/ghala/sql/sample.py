"""A few values of a column: the statement that asks for them, as a tree from start to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from ghala.model.names import DatasetName


def sample_query(dataset: DatasetName, column: str, values: int, rows: int) -> str:
    """Return the statement for different values of a column, in order, among some rows that have one.

    >>> from ghala.model.names import DatasetName
    >>> sample_query(DatasetName("hr", "pay"), "Paid on", 3, 1000)
    'SELECT DISTINCT "Paid on" FROM (SELECT "Paid on" FROM "hr"."pay" WHERE NOT "Paid on" IS NULL LIMIT 1000) \
AS "some" ORDER BY "Paid on" LIMIT 3'
    """
    named = exp.column(exp.to_identifier(column, quoted=True))
    table = exp.table_(dataset.dataset, db=dataset.domain, quoted=True)
    some = exp.select(named.copy()).from_(table).where(named.copy().is_(exp.null()).not_())
    taken = some.limit(rows).subquery(exp.to_identifier("some", quoted=True))
    asked = exp.select(named.copy()).distinct().from_(taken).order_by(named.copy()).limit(values)
    return asked.sql(dialect="duckdb")
