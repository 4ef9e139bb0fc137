"""Moving broken rows out: the kept and the quarantined rows as two queries that share one predicate. Pure.

Rows have no identity: two staged rows may be equal in every cell. So a row is kept or moved by what it holds, never
by which one it is, and the second query's predicate is the first one's negation: no row can be in both or in neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.quality.compile import cell
from ghala.quality.rows import any_breaks, breaks, count_if, rows_query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.model.contract import Dataset
    from ghala.model.scan import PhysicalScan
    from ghala.quality.compile import KeySet, Test
    from ghala.quality.rows import BrokenKeys

RULES_COLUMN = "ghala_rules"
"""The column of quarantined rows that lists the ids of the rules that a row broke."""

SAMPLE_ROWS = 10
_CANDIDATES = 4 * SAMPLE_ROWS  # a repeated key comes more than once, and is shown once
_LONGEST_TEXT = 120
_OPEN_CLASSIFICATIONS = frozenset({"internal", "public"})


def kept_query(
    scan: PhysicalScan, moved_by: Sequence[Test], tables: Mapping[KeySet, BrokenKeys]
) -> exp.Query:
    """Return the staged rows that break none of the rules `moved_by`."""
    is_kept = exp.Not(this=exp.Paren(this=any_breaks(moved_by, tables)))
    return rows_query(scan, _all_columns(scan), tables.values(), is_kept)


def quarantined_query(
    scan: PhysicalScan,
    moved_by: Sequence[Test],
    named: Sequence[Test],
    tables: Mapping[KeySet, BrokenKeys],
) -> exp.Query:
    """Return the other staged rows, each with the ids of all rules in `named` that it broke."""
    lists = [
        exp.Case(
            ifs=[exp.If(this=breaks(test, tables), true=_texts([test.rule.id]))], default=_texts([])
        )
        for test in named
    ]
    rules = exp.Anonymous(this="flatten", expressions=[exp.Array(expressions=lists)])
    typed = exp.cast(rules, exp.DataType.build("VARCHAR[]", dialect="duckdb"))
    columns = [*_all_columns(scan), exp.alias_(typed, RULES_COLUMN, quoted=True)]
    return rows_query(scan, columns, tables.values(), any_breaks(moved_by, tables))


def moved_query(
    scan: PhysicalScan,
    moved_by: Sequence[Test],
    broken: Sequence[Test],
    sampled: Sequence[str],
    tables: Mapping[KeySet, BrokenKeys],
) -> exp.Query:
    """Return one row: how many rows are moved out, then for each broken rule how many of its rows are, and samples.

    The samples of a rule are the smallest keys as text, each a list of the `sampled` columns; NULL without any.
    """
    is_moved = any_breaks(moved_by, tables)
    selected = [count_if(is_moved)]
    for test in broken:
        is_broken = breaks(test, tables)
        selected.append(count_if(exp.and_(is_broken.copy(), is_moved.copy(), copy=False)))
        selected.append(_samples(sampled, is_broken) if sampled else exp.null())
    return rows_query(scan, selected, tables.values())


def sample_columns(dataset: Dataset) -> tuple[str, ...]:
    """Return the key columns whose values a report may show; none if any of them may be personal or confidential.

    A classification that Ghala does not know keeps the values closed.
    """
    columns = [dataset.column(name) for name in dataset.primary_key]
    for column in columns:
        if column is None:
            return ()
        if (column.classification or "public").lower() not in _OPEN_CLASSIFICATIONS:
            return ()
        if any(tag.lower().startswith("pii") for tag in column.tags):
            return ()
    return tuple(column.name for column in columns if column is not None)


def read_samples(found: Sequence[Sequence[str]] | None) -> tuple[tuple[str, ...], ...]:
    """Return the first ten different keys of a list from `moved_query`.

    >>> read_samples([["1"], ["1"], ["2"]])
    (('1',), ('2',))
    """
    return tuple(dict.fromkeys(tuple(key) for key in found or ()))[:SAMPLE_ROWS]


def _samples(columns: Sequence[str], is_broken: exp.Expr) -> exp.Expr:
    key = exp.Array(expressions=[_shown(name) for name in columns])
    smallest = exp.Anonymous(this="min", expressions=[key, exp.Literal.number(_CANDIDATES)])
    return exp.Filter(this=smallest, expression=exp.Where(this=is_broken))


def _shown(name: str) -> exp.Expr:
    text = exp.cast(cell(name), exp.DataType.build("text", dialect="duckdb"))
    short = exp.Left(this=text, expression=exp.Literal.number(_LONGEST_TEXT))
    return exp.Coalesce(this=short, expressions=[exp.Literal.string("NULL")])


def _all_columns(scan: PhysicalScan) -> list[exp.Expr]:
    return [exp.alias_(cell(name), name, quoted=True) for name, _ in scan.columns]


def _texts(texts: Sequence[str]) -> exp.Expr:
    return exp.Array(expressions=[exp.Literal.string(text) for text in texts])
