"""The queries of a profile as SQL trees: what all rows say, and how the values of a sample are distributed. Pure.

`measure` is what the bins of a column's histogram divide: its numbers, the days or microseconds of its moments since
1970, or the lengths of its texts.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.profile import QUANTILES, Measure
from ghala.model.types import Kind
from ghala.quality.compile import cell
from ghala.quality.literal import FLOATING
from ghala.quality.profile_columns import MOMENTS, end_names, fact_names
from ghala.quality.rows import count_if, rows_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ghala.model.scan import PhysicalScan
    from ghala.quality.profile_columns import Bins, Profiled

TOP = 10
_NEAR = 1 << 61
SELDOM = 1000
LONGEST_TEXT = 100
FACTS, SAMPLE = "ghala_profile_facts", "ghala_profiled_rows"
"""The temporary tables of what all rows say, and of the rows that distributions are taken from."""
_ROWS = "sampled_rows"
_LARGEST = exp.Literal.number("1e150")
"""The square of a greater number is none: a deviation that had one in it would end in an error."""
_EXACT_DIGITS = 18
"""The sum of longer decimals may need more digits than the engine has."""


def ends_query(scan: PhysicalScan, columns: Sequence[Profiled]) -> exp.Select | None:
    """Return one row: for each column what `end_names` names. None if no column has any.

    A query of its own, since statistics of the files often answer it without reading a row.
    """
    selected = [one for column in columns for one in _ends(column)]
    return rows_query(scan, selected) if selected else None


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
    if column.type.kind in MOMENTS:
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
    if column.type.kind in MOMENTS:
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
