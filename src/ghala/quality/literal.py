"""The values that rules speak of: contracts write them as text, SQL gets them in the column's own type.

Comparing in the column's type keeps a check as cheap as the column is, and a bound that the type cannot hold
(`maximum: 0.5` on whole numbers) is moved to the nearest value that means the same.
"""

from __future__ import annotations

import math
import re
import struct
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from enum import StrEnum

from sqlglot import exp

from ghala.model.types import DataType, Kind
from ghala.sql.scan import as_type

FLOATING = frozenset({Kind.DOUBLE, Kind.REAL})
NESTED = frozenset({Kind.LIST, Kind.STRUCT})
ORDERED = frozenset(
    {
        Kind.BIGINT,
        Kind.DATE,
        Kind.DECIMAL,
        Kind.DOUBLE,
        Kind.INTEGER,
        Kind.REAL,
        Kind.TIME,
        Kind.TIMESTAMP,
        Kind.TIMESTAMPTZ,
    }
)
_LARGEST_WHOLE = {Kind.BIGINT: 2**63 - 1, Kind.INTEGER: 2**31 - 1}
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?")
_EXACT = Context(prec=120)
_MORE_DIGITS_THAN_ANY_TYPE = 60


class Bound(StrEnum):
    """On which side of a bound a value breaks it, as the SQL operator of the breach; keep sorted."""

    ABOVE = ">"
    AT_OR_ABOVE = ">="
    AT_OR_BELOW = "<="
    BELOW = "<"


@dataclass(frozen=True, slots=True)
class _Breach:
    comparison: type[exp.Expr]
    rounding: str
    is_upper: bool


_BREACHES = {
    Bound.ABOVE: _Breach(exp.GT, ROUND_FLOOR, is_upper=True),
    Bound.AT_OR_ABOVE: _Breach(exp.GTE, ROUND_CEILING, is_upper=True),
    Bound.AT_OR_BELOW: _Breach(exp.LTE, ROUND_FLOOR, is_upper=False),
    Bound.BELOW: _Breach(exp.LT, ROUND_CEILING, is_upper=False),
}


def breach(column: exp.Expr, bound: Bound, text: str, data_type: DataType) -> exp.Expr:
    """Return the predicate that is true where `column` lies beyond a bound, and NULL where it is NULL.

    Raises:
        ValueError: the type has no order, or the text is not a value of it.

    >>> breach(exp.column("n"), Bound.BELOW, "0.5", DataType(Kind.INTEGER)).sql(dialect="duckdb")
    "n < CAST('1' AS INT)"
    >>> breach(exp.column("n"), Bound.ABOVE, "1e30", DataType(Kind.BIGINT)).sql(dialect="duckdb")
    'n <> n'
    """
    if data_type.kind not in ORDERED:
        raise ValueError(f"a range does not apply to {data_type}")
    meaning = _BREACHES[bound]
    literal: exp.Expr | None
    if data_type.kind in _LARGEST_WHOLE or data_type.kind is Kind.DECIMAL:
        number = _number(text)
        nearest = _nearest(number, data_type, meaning.rounding)
        if nearest is None:
            # Every value of the type lies on the same side; NULL must stay NULL.
            is_above_all = number > 0
            always = is_above_all != meaning.is_upper
            return (exp.EQ if always else exp.NEQ)(this=column.copy(), expression=column.copy())
        literal = _typed(f"{nearest:f}", data_type)
    else:
        literal = value(text, data_type)
        if literal is None:
            raise ValueError(f"`{text}` is not a value of {data_type}")
    return meaning.comparison(this=column.copy(), expression=literal)


def value(text: str, data_type: DataType) -> exp.Expr | None:
    """Return a value as a typed SQL literal; None if no column of that type can ever hold it.

    Raises:
        ValueError: the text does not look like a value of the type, or the type has no literals.

    >>> value("12.5", DataType(Kind.DECIMAL, 12, 2)).sql(dialect="duckdb")
    "CAST('12.50' AS DECIMAL(12, 2))"
    >>> value("1.5", DataType(Kind.BIGINT)) is None
    True
    """
    match data_type.kind:
        case Kind.VARCHAR:
            return exp.Literal.string(text)
        case Kind.BIGINT | Kind.INTEGER | Kind.DECIMAL:
            number = _number(text)
            nearest = _nearest(number, data_type, ROUND_FLOOR)
            return _typed(f"{nearest:f}", data_type) if nearest == number else None
        case Kind.DOUBLE | Kind.REAL:
            return _floating(text, data_type)
        case Kind.BOOLEAN:
            if text.lower() not in ("true", "false"):
                raise _fault(text, data_type)
            return exp.true() if text.lower() == "true" else exp.false()
        case Kind.UUID:
            try:
                return _typed(str(uuid.UUID(text)), data_type)
            except ValueError:
                raise _fault(text, data_type) from None
        case Kind.DATE | Kind.TIME | Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return _typed(_moment(text, data_type), data_type)
        case _:
            raise ValueError(f"values of {data_type} cannot be written in a rule")


def _floating(text: str, data_type: DataType) -> exp.Expr:
    number = float(_number(text))
    if data_type.kind is Kind.REAL and math.isfinite(number):
        try:
            struct.pack("<f", number)
        except OverflowError:
            # Beyond what the column can hold: the engine compares in the wider type.
            data_type = DataType(Kind.DOUBLE)
    return _typed(repr(number), data_type)


def _moment(text: str, data_type: DataType) -> str:
    try:
        if data_type.kind is Kind.DATE:
            return date.fromisoformat(text).isoformat()
        if data_type.kind is Kind.TIME:
            clock = time.fromisoformat(text)
            if clock.tzinfo is not None:
                raise _fault(text, data_type)
            return clock.isoformat()
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _fault(text, data_type) from None
    is_zoned = data_type.kind is Kind.TIMESTAMPTZ
    return (moment if is_zoned else moment.replace(tzinfo=None)).isoformat(sep=" ")


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"`{text}` is not a number")
    return _EXACT.create_decimal(text.strip()) or Decimal(0)


def _nearest(number: Decimal, data_type: DataType, rounding: str) -> Decimal | None:
    """Return the nearest value of an exact type in one direction; None beyond all of its values."""
    if number.adjusted() > _MORE_DIGITS_THAN_ANY_TYPE:
        return None
    step = Decimal(1).scaleb(-data_type.scale)
    nearest = number.quantize(step, rounding=rounding, context=_EXACT)
    if data_type.kind is Kind.DECIMAL:
        largest = Decimal(10) ** (data_type.precision - data_type.scale)
        return nearest if abs(nearest) < largest else None
    largest = Decimal(_LARGEST_WHOLE[data_type.kind])
    return nearest if -largest - 1 <= nearest <= largest else None


def _typed(text: str, data_type: DataType) -> exp.Expr:
    return exp.cast(exp.Literal.string(text), as_type(data_type))


def _fault(text: str, data_type: DataType) -> ValueError:
    return ValueError(f"`{text}` is not a value of {data_type}")
