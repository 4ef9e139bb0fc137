"""Uniqueness: which keys of the staged rows may not be there, because they repeat or are already released.

A cheap exact proof that nothing repeats comes first: as many different keys (as bits of a map for whole numbers close
together, as different hashes otherwise) as rows that have a key. Different hashes prove different keys; equal ones
prove nothing, so then the keys themselves are grouped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sqlglot import exp

from ghala.model.types import Kind
from ghala.quality.compile import cell
from ghala.quality.literal import FLOATING
from ghala.quality.rows import BrokenKeys, completed, key_name, rows_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ghala.engines.duckdb import Session
    from ghala.model.scan import PhysicalScan
    from ghala.model.types import DataType
    from ghala.quality.compile import KeySet

_WHOLE_NUMBERS = frozenset({Kind.BIGINT, Kind.INTEGER})
_BITS_PER_ROW = 32
_FEW_BITS = 1 << 16
_MOST_BITS = 1 << 30  # the engine's own limit for a bit map is 10^9 to 2^30, by version


class Existing(Protocol):
    """Rows that are already released and stay: what `append` adds to."""

    @property
    def columns(self) -> Sequence[tuple[str, DataType]]:
        """Their columns, with types."""
        ...

    def scan(self) -> PhysicalScan:
        """Return all of them; the more files there are, the more this costs."""
        ...

    def near(self, column: str, low: object, high: object) -> PhysicalScan:
        """Return at least the rows with `column` between two values, both included: whole files, by statistics."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """The smallest and largest value of a key's first column among the staged rows; None when all are NULL."""

    low: object
    high: object


def find_span(
    session: Session, scan: PhysicalScan, keys: KeySet, *, is_append: bool
) -> Span | None:
    """Return the span of a key's first column, None where nobody needs it or it has no value in Python.

    File statistics often answer this without reading a row.
    """
    if not is_append and not _has_bits(keys, scan):
        return None
    column = cell(keys.names[0])
    ends = [exp.Min(this=column), exp.Max(this=column.copy())]
    try:
        ((low, high),) = session.rows(rows_query(scan, ends).sql(dialect="duckdb"))
    except OverflowError:
        # The engine's infinite dates. Without a span nothing is pruned.
        return None
    return Span(low, high)


def count_keys(
    session: Session, scan: PhysicalScan, keys: KeySet, span: Span | None
) -> tuple[int, int]:
    """Return how many rows have the whole key, and a number that equals it only if no key repeats.

    A scan of its own, although that reads the columns once more: the engine is slower when one scan counts different
    values beside everything else.
    """
    columns = [cell(name) for name in keys.names]
    if span is not None and _has_bits(keys, scan) and _is_dense(span, scan.row_count):
        limits = [exp.Literal.number(str(span.low)), exp.Literal.number(str(span.high))]
        bits = exp.Anonymous(this="bitstring_agg", expressions=[columns[0], *limits])
        different: exp.Expr = exp.Anonymous(this="bit_count", expressions=[bits])
    else:
        hashed = exp.Anonymous(this="hash", expressions=list(columns))
        hashed_if_whole = exp.Case(ifs=[exp.If(this=keys.is_whole(), true=hashed)])
        different = exp.Count(this=exp.Distinct(expressions=[hashed_if_whole]))
    is_single = len(columns) == 1
    present = exp.Count(this=columns[0].copy()) if is_single else exp.CountIf(this=keys.is_whole())
    query = rows_query(scan, [present, different])
    (row,) = session.rows(query.sql(dialect="duckdb"))
    return int(row[0] or 0), int(row[1] or 0)


@dataclass(frozen=True, slots=True)
class KeyTables:
    """The temporary tables of broken keys that one check fills, each with a name of its own."""

    session: Session
    _made: list[str] = field(default_factory=list)

    def fill(
        self, scan: PhysicalScan, keys: KeySet, near: PhysicalScan | None, *, may_repeat: bool
    ) -> BrokenKeys | None:
        """Keep the staged keys that repeat or that the rows `near` have already; None if there are none."""
        queries: list[exp.Query] = []
        if may_repeat:
            queries.append(_repeated(scan, keys))
        if near is not None and near.groups:
            queries.append(_released(scan, keys, near))
        if not queries:
            return None
        query = queries[0] if len(queries) == 1 else exp.union(*queries, distinct=True, copy=False)
        table = f"ghala_broken_keys_{len(self._made)}"
        self._made.append(table)
        create = exp.Create(
            this=exp.to_table(table),
            kind="TABLE",
            replace=True,
            expression=query,
            properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
        )
        self.session.execute(create.sql(dialect="duckdb"))
        one = exp.select("1").from_(exp.to_table(table)).limit(1)
        found = self.session.rows(one.sql(dialect="duckdb"))
        return BrokenKeys(keys, table) if found else None

    def drop(self) -> None:
        """Drop them all."""
        for table in self._made:
            gone = exp.Drop(tables=[exp.to_table(table)], kind="TABLE", exists=True)
            self.session.execute(gone.sql(dialect="duckdb"))
        self._made.clear()


def find_near(existing: Existing | None, keys: KeySet, span: Span | None) -> PhysicalScan | None:
    """Return the released rows that may have one of the staged keys; None if none can."""
    if existing is None:
        return None
    types = dict(existing.columns)
    if not types.keys() >= set(keys.names) or (span is not None and span.low is None):
        # A key with a NULL, which is what rows from before a column have in it, equals no other.
        return None
    first = keys.names[0]
    if span is None or types[first].kind in FLOATING:
        # NaN is in no file's bounds.
        return existing.scan()
    return existing.near(first, span.low, span.high)


def _repeated(scan: PhysicalScan, keys: KeySet) -> exp.Select:
    query = rows_query(scan, _key_columns(keys), where=keys.is_whole())
    often = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
    columns = [cell(name) for name in keys.names]
    return query.group_by(*columns, copy=False).having(often, copy=False)


def _released(scan: PhysicalScan, keys: KeySet, near: PhysicalScan) -> exp.Select:
    types = dict(scan.columns)
    released = completed(near, [(name, types[name]) for name in keys.names])
    # A NULL equals nothing, so a key with one cannot be found here.
    columns = [exp.column(name, table="released_rows", quoted=True) for name in keys.names]
    other = rows_query(released, [exp.alias_(cell(name), name, quoted=True) for name in keys.names])
    pairs = [
        exp.EQ(this=cell(name), expression=column)
        for name, column in zip(keys.names, columns, strict=True)
    ]
    query = rows_query(scan, _key_columns(keys), where=None)
    join = exp.Join(
        this=other.subquery("released_rows"), kind="SEMI", on=exp.and_(*pairs, copy=False)
    )
    query.set("joins", [join])
    return query.distinct(copy=False)


def _key_columns(keys: KeySet) -> list[exp.Expr]:
    return [
        exp.alias_(cell(name), key_name(position), quoted=True)
        for position, name in enumerate(keys.names)
    ]


def _has_bits(keys: KeySet, scan: PhysicalScan) -> bool:
    return len(keys.names) == 1 and dict(scan.columns)[keys.names[0]].kind in _WHOLE_NUMBERS


def _is_dense(span: Span, rows: int) -> bool:
    if not isinstance(span.low, int) or not isinstance(span.high, int):
        return False
    bits = span.high - span.low + 1
    return bits <= min(max(rows * _BITS_PER_ROW, _FEW_BITS), _MOST_BITS)
