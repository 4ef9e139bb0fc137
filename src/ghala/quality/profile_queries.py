"""The queries of a profile as SQL trees: what all rows say, and how the values of a sample are distributed. Pure.

`measure` is what the bins of a column's histogram divide: its numbers, the days or microseconds of its moments since
1970, or the lengths of its texts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.profile import QUANTILES, Measure
from ghala.model.types import Kind
from ghala.quality.compile import cell
from ghala.quality.literal import FLOATING, NESTED
from ghala.quality.rows import count_if, rows_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ghala.model.scan import PhysicalScan
    from ghala.model.types import DataType

BINS = 20
TOP = 10
_NEAR = 1 << 61
SELDOM = 1000
LONGEST_TEXT = 100
FACTS, SAMPLE = "ghala_profile_facts", "ghala_profiled_rows"
"""The temporary tables of what all rows say, and of the rows that distributions are taken from."""
_ROWS = "sampled_rows"
_MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ})
_NUMBERS = FLOATING | {Kind.BIGINT, Kind.DECIMAL, Kind.INTEGER}
_ORDERED = _NUMBERS | _MOMENTS | {Kind.TIME, Kind.VARCHAR}
_COUNTED = frozenset(Kind) - NESTED - {Kind.BLOB}
_LARGEST = exp.Literal.number("1e150")
"""The square of a greater number is none: a deviation that had one in it would end in an error."""
_EXACT_DIGITS = 18
"""The sum of longer decimals may need more digits than the engine has."""


@dataclass(frozen=True, slots=True)
class Profiled:
    """A column that is looked at; `place` is its number in the sample."""

    name: str
    type: DataType
    place: int

    @property
    def has_distinct(self) -> bool:
        """Whether its different values are counted, and the most frequent ones listed."""
        return self.type.kind in _COUNTED

    @property
    def has_order(self) -> bool:
        """Whether it has a least and a greatest value."""
        return self.type.kind in _ORDERED

    @property
    def has_quantiles(self) -> bool:
        """Whether its values lie on a scale."""
        return self.type.kind in _NUMBERS or self.type.kind in _MOMENTS

    @property
    def is_floating(self) -> bool:
        """Whether it may have values that are no numbers."""
        return self.type.kind in FLOATING

    @property
    def is_number(self) -> bool:
        """Whether it has a mean."""
        return self.type.kind in _NUMBERS

    @property
    def is_truth(self) -> bool:
        """Whether it is true or false."""
        return self.type.kind is Kind.BOOLEAN

    @property
    def of(self) -> Measure | None:
        """What its histogram divides; None if it has none."""
        if self.type.kind is Kind.VARCHAR:
            return Measure.LENGTH
        if self.type.kind in _MOMENTS:
            return Measure.TIME
        return Measure.VALUE if self.is_number else None

    @property
    def is_whole(self) -> bool:
        """Whether what its histogram divides are whole numbers."""
        return self.of is not None and self.type.kind not in FLOATING | {Kind.DECIMAL}


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins of equal width: `count` of them from `low` on, each `step` wide."""

    low: float
    step: float
    count: int

    @property
    def edges(self) -> tuple[float, ...]:
        """Return the edges, one more than there are bins."""
        return tuple(self.low + number * self.step for number in range(self.count + 1))


def bins_of(low: float | None, high: float | None, *, is_whole: bool) -> Bins | None:
    """Return the bins from a least to a greatest value; None if there are none, or too far apart.

    >>> bins_of(1, 100, is_whole=True)
    Bins(low=1, step=5, count=20)
    >>> bins_of(3, 5, is_whole=True).edges
    (3, 4, 5, 6)
    >>> bins_of(0.5, 0.5, is_whole=False).edges
    (0.5, 0.5)
    """
    if low is None or high is None:
        return None
    if is_whole:
        span = int(high) - int(low) + 1
        step = -(-span // min(BINS, span))
        return Bins(int(low), step, -(-span // step))
    width = (high - low) / BINS
    if not math.isfinite(width):
        return None
    return Bins(low, width, BINS) if low + width > low else Bins(low, high - low, 1)


def ends_query(scan: PhysicalScan, columns: Sequence[Profiled]) -> exp.Select | None:
    """Return one row: for each column what `end_names` names. None if no column has any.

    A query of its own, since statistics of the files often answer it without reading a row.
    """
    selected = [one for column in columns for one in _ends(column)]
    return rows_query(scan, selected) if selected else None


def end_names(column: Profiled) -> list[str]:
    """Return what `ends_query` says of a column, in its order."""
    if not column.has_order or column.is_floating:
        return []
    is_scaled = column.has_quantiles
    return ["minimum", "maximum", "low", "high"] if is_scaled else ["minimum", "maximum"]


def facts_query(scan: PhysicalScan, columns: Sequence[Profiled], share: float | None) -> exp.Create:
    """Return what makes the table of one row that has the facts of each column, and a sample of all rows as a list.

    One scan for both: reading the rows costs more than anything that is done with them. The sample has all rows where
    `share` is None.
    """
    facts = [one for column in columns for one in _facts(column)]
    named = [exp.alias_(one, f"fact_{number}") for number, one in enumerate(facts)]
    kept = [
        exp.PropertyEQ(
            this=exp.to_identifier(_sampled(one).name, quoted=True), expression=cell(one.name)
        )
        for one in columns
        if one.has_distinct
    ]
    if kept:
        rows: exp.Expr = exp.Anonymous(this="list", expressions=[exp.Struct(expressions=kept)])
        if share is not None:
            chance = exp.LT(this=exp.Anonymous(this="random"), expression=_number(share))
            rows = _where(rows, [chance])
        named.append(exp.alias_(rows, _ROWS))
    return _table(FACTS, rows_query(scan, named))


def known_query(columns: Sequence[Profiled]) -> exp.Select:
    """Return the one row of facts: for each column what `fact_names` names."""
    count = sum(len(fact_names(column)) for column in columns)
    return exp.select(*(exp.column(f"fact_{number}") for number in range(count))).from_(
        exp.to_table(FACTS)
    )


def fact_names(column: Profiled) -> list[str]:
    """Return what `facts_query` says of a column, in its order."""
    names = ["present"]
    names += ["distinct"] if column.has_distinct else []
    names += ["minimum", "maximum"] if column.is_floating else []
    names += ["low", "high"] if column.is_floating or column.of is Measure.LENGTH else []
    names += ["mean"] if column.is_number else []
    return [*names, "true_rows"] if column.is_truth else names


def sample_query(columns: Sequence[Profiled]) -> exp.Create:
    """Return what makes the sample a table of its own."""
    row = exp.column("row_of_all")
    fields = [
        exp.alias_(
            exp.Anonymous(
                this="struct_extract",
                expressions=[row.copy(), exp.Literal.string(_sampled(one).name)],
            ),
            _sampled(one).name,
            quoted=True,
        )
        for one in columns
    ]
    listed = exp.Anonymous(this="unnest", expressions=[exp.column(_ROWS)])
    rows = exp.select(exp.alias_(listed, row.name)).from_(exp.to_table(FACTS))
    return _table(SAMPLE, exp.select(*fields).from_(rows.subquery("own")))


def spread_query(columns: Sequence[tuple[Profiled, Bins | None]]) -> exp.Select:
    """Return one row: the number of sampled rows, then for each column quantiles, deviation and rows by bin."""
    selected: list[exp.Expr] = [exp.Count(this=exp.Star())]
    for column, bins in columns:
        selected += [_quantiles(column), _deviation(column), _binned(column, bins)]
    return exp.Select(expressions=selected).from_(exp.to_table(SAMPLE), copy=False)


def top_query(columns: Sequence[Profiled], sampled: int) -> exp.Query:
    """Return place, value and rows of the values that come most often in each column.

    A value has at least one row of a thousand, and more than one: what comes as seldom says nothing about the others.
    """
    least = max(2, -(-sampled // SELDOM))
    queries = list(_tops(columns, least))
    return queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False, copy=False)


def _table(name: str, query: exp.Query) -> exp.Create:
    return exp.Create(
        this=exp.to_table(name),
        kind="TABLE",
        replace=True,
        expression=query,
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )


def _ends(column: Profiled) -> Iterator[exp.Expr]:
    own = cell(column.name)
    ends = [exp.Min(this=own), exp.Max(this=own.copy())]
    names = end_names(column)
    if names:
        yield from (_text(end.copy()) for end in ends)
    if "low" in names:
        for end in ends:
            conditions = _finite(end, column)
            measured = _measure(end.copy(), column)
            yield _if(conditions, measured)


def _facts(column: Profiled) -> Iterator[exp.Expr]:
    own = cell(column.name)
    yield exp.Count(this=own)
    if column.has_distinct:
        yield exp.Anonymous(this="approx_count_distinct", expressions=[own.copy()])
    if column.is_floating:
        # NaN is in no file's statistics, and is the greatest of all.
        ends = [_where_finite(end, own, column) for end in (exp.Min(this=own), exp.Max(this=own))]
        yield from (_text(end.copy()) for end in ends)
        yield from (_double(end) for end in ends)
    elif column.of is Measure.LENGTH:
        length = exp.Length(this=own.copy())
        yield from (exp.Min(this=length), exp.Max(this=length.copy()))
    if column.is_number:
        yield _where_finite(exp.Avg(this=_summed(own, column)), own, column)
    if column.is_truth:
        yield count_if(own.copy())


def _quantiles(column: Profiled) -> exp.Expr:
    if not column.has_quantiles:
        return exp.null()
    own = _sampled(column)
    shares = exp.Array(expressions=[_number(share) for share in QUANTILES])
    found = exp.Anonymous(this="quantile_disc", expressions=[own, shares])
    texts = exp.DataType.build("VARCHAR[]", dialect="duckdb")
    return exp.cast(_where_finite(found, own, column), texts)


def _deviation(column: Profiled) -> exp.Expr:
    if not column.is_number:
        return exp.null()
    own = _sampled(column)
    found = exp.Anonymous(this="stddev_samp", expressions=[_double(own)])
    return _where_finite(found, own, column)


def _binned(column: Profiled, bins: Bins | None) -> exp.Expr:
    if bins is None:
        return exp.null()
    own = _sampled(column)
    value = exp.Length(this=own) if column.of is Measure.LENGTH else _measure(own, column)
    low, step = _number(bins.low), _number(bins.step)
    if column.is_whole:
        # The difference of two large whole numbers may be none of their type.
        is_near = bins.low > -_NEAR and bins.low + bins.count * bins.step < _NEAR
        wide = exp.DataType.build("BIGINT" if is_near else "HUGEINT", dialect="duckdb")
        above = exp.Paren(this=exp.Sub(this=exp.cast(value, wide), expression=low))
        number: exp.Expr = exp.IntDiv(this=above, expression=step)
    elif not bins.step:
        number = _number(0)
    else:
        above = exp.Paren(this=exp.Sub(this=value, expression=low))
        number = exp.Floor(this=exp.Div(this=above, expression=step))
    last = _number(bins.count - 1)
    kept = exp.Greatest(this=exp.Least(this=number, expressions=[last]), expressions=[_number(0)])
    small = exp.TryCast(this=kept, to=exp.DataType.build("INTEGER", dialect="duckdb"))
    counted = exp.Anonymous(this="histogram", expressions=[small])
    return _where(
        counted,
        [exp.Not(this=exp.Is(this=own.copy(), expression=exp.null())), *_finite(own, column)],
    )


def _tops(columns: Sequence[Profiled], least: int) -> Iterator[exp.Query]:
    for column in columns:
        own = _sampled(column)
        rows = exp.Count(this=exp.Star())
        often = exp.GTE(this=rows.copy(), expression=_number(least))
        inner = (
            exp.select(
                exp.alias_(own, "own_value", quoted=True),
                exp.alias_(rows, "own_rows", quoted=True),
            )
            .from_(exp.to_table(SAMPLE))
            .where(exp.Not(this=exp.Is(this=own.copy(), expression=exp.null())))
            .group_by(own.copy())
            .having(often)
            .order_by(exp.Ordered(this=exp.column("own_rows", quoted=True), desc=True), own.copy())
            .limit(TOP)
        )
        value = exp.column("own_value", quoted=True)
        yield exp.select(
            _number(column.place), _text(value), exp.column("own_rows", quoted=True)
        ).from_(inner.subquery("own"))


def _sampled(column: Profiled) -> exp.Column:
    return exp.column(f"sampled_{column.place}", quoted=True)


def _measure(value: exp.Expr, column: Profiled) -> exp.Expr:
    if column.type.kind is Kind.DATE:
        first = exp.cast(exp.Literal.string("1970-01-01"), exp.DataType.build("DATE"))
        return exp.Paren(this=exp.Sub(this=value, expression=first))
    if column.type.kind in _MOMENTS:
        return exp.Anonymous(this="epoch_us", expressions=[value])
    return value if column.is_whole else _double(value)


def _where_finite(aggregate: exp.Expr, own: exp.Expr, column: Profiled) -> exp.Expr:
    return _where(aggregate, _finite(own, column))


def _if(conditions: Sequence[exp.Expr], value: exp.Expr) -> exp.Expr:
    if not conditions:
        return value
    return exp.Case(ifs=[exp.If(this=exp.and_(*conditions, copy=False), true=value)])


def _where(aggregate: exp.Expr, conditions: Sequence[exp.Expr]) -> exp.Expr:
    if not conditions:
        return aggregate
    condition = exp.Where(this=exp.and_(*conditions, copy=False))
    return exp.Filter(this=aggregate, expression=condition)


def _finite(own: exp.Expr, column: Profiled) -> list[exp.Expr]:
    """Return the conditions under which a value lies on its scale: not NaN, not infinite, and not too large."""
    if column.type.kind in _MOMENTS:
        return [exp.Anonymous(this="isfinite", expressions=[own.copy()])]
    if column.type.kind in FLOATING:
        is_finite = exp.Anonymous(this="isfinite", expressions=[own.copy()])
        size = exp.Abs(this=_double(own))
        return [is_finite, exp.LT(this=size, expression=_LARGEST.copy())]
    return []


def _summed(own: exp.Expr, column: Profiled) -> exp.Expr:
    is_long = column.type.kind is Kind.DECIMAL and column.type.precision > _EXACT_DIGITS
    return _double(own) if is_long else own.copy()


def _text(value: exp.Expr) -> exp.Expr:
    text = exp.cast(value, exp.DataType.build("VARCHAR", dialect="duckdb"))
    return exp.Left(this=text, expression=_number(LONGEST_TEXT))


_as_double = partial(exp.cast, to=exp.DataType.build("DOUBLE", dialect="duckdb"))


def _double(value: exp.Expr) -> exp.Expr:
    return _as_double(value.copy())


def _number(value: float) -> exp.Expr:
    return (
        exp.Literal.number(repr(value))
        if value >= 0
        else exp.Neg(this=exp.Literal.number(repr(-value)))
    )
