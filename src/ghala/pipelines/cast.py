"""A step's result as its contract wants it: same columns, and each value taken only when that loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.errors import StepError
from ghala.model.contract import Rounding
from ghala.model.types import DataType, Kind
from ghala.sql.scan import as_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ghala.errors import Place
    from ghala.model.contract import Column, Dataset

LOSS = "ghala:loss:"
"""Marks an engine error that names the column of which a value did not fit."""

_ONLY_NULLS = '"NULL"'
"""The engine's type of a column that was written as NULL: it has none of its own."""


def contract_columns(
    dataset: Dataset, result: Mapping[str, str], place: Place | None
) -> list[exp.Expr]:
    """Return how a step's result is read as the dataset's columns, in the contract's order.

    Args:
        dataset: the dataset that the step makes.
        result: the result's column names and engine types.
        place: the step's, for errors.

    Raises:
        StepError: a column is missing, or is there without being in the contract.
    """
    names = {name.lower(): name for name in result}
    missing = [c.name for c in dataset.columns if c.name.lower() not in names]
    extra = sorted(set(names) - {c.name.lower() for c in dataset.columns})
    if missing or extra:
        parts = []
        if missing:
            parts.append("does not give " + ", ".join(f"`{name}`" for name in missing))
        if extra:
            parts.append(
                "gives " + ", ".join(f"`{name}`" for name in extra) + " beyond its contract"
            )
        raise StepError(
            f"the step that makes {dataset.name} " + " and ".join(parts),
            hint="select exactly the contract's columns, by their names",
            place=place,
        )
    return [
        exp.alias_(
            _taken(column, names[column.name.lower()], result[names[column.name.lower()]]),
            column.name,
            quoted=True,
        )
        for column in dataset.columns
    ]


def lost_column(engine_message: str) -> str | None:
    """Return the column that an engine's error says cannot take a value; None when it says something else.

    >>> lost_column("ghala:loss:amount")
    'amount'
    """
    _, mark, column = engine_message.partition(LOSS)
    return column.strip() or None if mark else None


def refuse_twins(columns: Sequence[str], step: str, place: Place | None) -> None:
    """Refuse a result with two columns of one name, which no contract and no later step could tell apart.

    Raises:
        StepError: two columns have the same name.
    """
    found: set[str] = set()
    for name in columns:
        if name.lower() in found:
            raise StepError(
                f"step `{step}` gives two columns `{name}`",
                hint="give one of them another name, or leave it out",
                place=place,
            )
        found.add(name.lower())


def _taken(column: Column, stored: str, engine_type: str) -> exp.Expression:
    read = exp.column(stored, quoted=True)
    wanted = as_type(column.type)
    if engine_type == _ONLY_NULLS:
        return exp.cast(exp.null(), wanted)
    given = exp.DataType.build(engine_type, dialect="duckdb")
    if given == wanted:
        return read
    fits: exp.Expression
    if (
        column.rounding is not None
        and column.type.kind is Kind.DECIMAL
        and given.is_type(*exp.DataType.NUMERIC_TYPES)
    ):
        attempt = exp.TryCast(this=_rounded(read, column.rounding, column.type), to=wanted)
        fits = exp.EQ(this=_is_null(attempt), expression=_is_null(read))
    else:
        attempt = exp.TryCast(this=read, to=wanted)
        # Also the way back may fail: 999.9 as an integer is 1000, which is no DECIMAL(4, 1).
        back = exp.TryCast(this=attempt.copy(), to=given)
        fits = exp.NullSafeEQ(this=back, expression=read.copy())
    refuse = exp.Anonymous(this="error", expressions=[exp.Literal.string(LOSS + column.name)])
    return exp.Case(ifs=[exp.If(this=fits, true=attempt)], default=refuse)


def _is_null(value: exp.Expression) -> exp.Expression:
    return exp.Paren(this=exp.Is(this=value.copy(), expression=exp.null()))


def _rounded(read: exp.Expression, rounding: Rounding, wanted: DataType) -> exp.Expression:
    function = "round" if rounding is Rounding.HALF_UP else "trunc"
    return exp.Anonymous(this=function, expressions=[read, exp.Literal.number(wanted.scale)])
