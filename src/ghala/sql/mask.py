"""Masks as SQL: a column's tree in, the tree of what is seen instead out; same type, NULL stays NULL."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlglot import exp

from ghala.model.mask import MaskKind, mask_fault
from ghala.model.types import DataType, Kind
from ghala.sql.scan import as_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from ghala.model.mask import Mask

SHOWN_INSTEAD = "***"
"""What stands for the characters that are not shown: as many for each value, so that no length shows."""
_BLOCK_BYTES = 64
_BIGINT_DIGITS = 15  # hexadecimal: 60 bits, so that the number is never negative


def masked(
    name: str, data_type: DataType, mask: Mask, *, hash_key: bytes | None = None
) -> exp.Expr:
    r"""Return what a mask makes of the column `name`; it never fails for a value, since an error could tell it.

    Raises:
        ValueError: the mask does not fit the type, or a keyed hash has no key.

    >>> from ghala.model.mask import Mask
    >>> from ghala.model.types import parse_type
    >>> masked("day", parse_type("date"), Mask(MaskKind.TRUNCATE_TO_MONTH)).sql(dialect="duckdb")
    'TRY(CAST(DATE_TRUNC(\'month\', "day") AS DATE))'
    """
    if fault := mask_fault(mask, data_type):
        raise ValueError(fault)
    if mask.kind is MaskKind.REPLACE_WITH_NULL:
        return exp.cast(exp.null(), as_type(data_type))
    column = exp.column(name, quoted=True)
    if mask.kind is MaskKind.KEYED_HASH:
        if not hash_key:
            raise ValueError("a keyed hash has no key")
        seen: exp.Expr = _hashed(column, data_type, hash_key)
    else:
        seen = _MAKERS[mask.kind](column, data_type, mask)
    return _call("try", exp.cast(seen, as_type(data_type)))


def _bucket(column: exp.Expr, data_type: DataType, mask: Mask) -> exp.Expr:
    if data_type.kind in {Kind.DOUBLE, Kind.REAL}:
        size: exp.Expr = exp.cast(
            exp.Literal.number(str(mask.size)), as_type(DataType(Kind.DOUBLE))
        )
        return exp.Mul(
            this=exp.Floor(this=exp.Div(this=column, expression=size)), expression=size.copy()
        )
    size = exp.Literal.number(str(mask.size))
    rest = exp.Mod(this=column, expression=size)
    # The remainder has the sign of the number: the next lower multiple needs a positive one.
    positive = exp.Mod(
        this=exp.paren(exp.Add(this=exp.paren(rest), expression=size.copy())),
        expression=size.copy(),
    )
    return exp.Sub(this=column.copy(), expression=exp.paren(positive))


def _generalised(column: exp.Expr, _: DataType, mask: Mask) -> exp.Expr:
    branches = [
        exp.If(this=exp.Literal.string(text), true=exp.Literal.string(wide))
        for text, wide in mask.lookup
    ]
    is_null = exp.If(
        this=exp.Is(this=column.copy(), expression=exp.null()),
        true=exp.null(),
    )
    otherwise = exp.null() if mask.otherwise is None else exp.Literal.string(mask.otherwise)
    found = exp.Case(this=column, ifs=branches, default=otherwise)
    return exp.Case(ifs=[is_null], default=found)


def _fixed(column: exp.Expr, data_type: DataType, mask: Mask) -> exp.Expr:
    value = exp.cast(exp.Literal.string(mask.value), as_type(data_type))
    return _unless_null(column, value)


def _first(column: exp.Expr, _: DataType, mask: Mask) -> exp.Expr:
    return _partly(column, mask.count, _call("left", column.copy(), _number(mask.count)), None)


def _last(column: exp.Expr, _: DataType, mask: Mask) -> exp.Expr:
    return _partly(column, mask.count, None, _call("right", column.copy(), _number(mask.count)))


def _partly(
    column: exp.Expr, count: int, before: exp.Expr | None, after: exp.Expr | None
) -> exp.Expr:
    instead: exp.Expr = exp.Literal.string(SHOWN_INSTEAD)
    shown = instead.copy()
    if before is not None:
        shown = exp.DPipe(this=before, expression=shown)
    if after is not None:
        shown = exp.DPipe(this=shown, expression=after)
    is_longer = exp.GT(this=_call("length", column.copy()), expression=_number(count))
    return _unless_null(column, exp.Case(ifs=[exp.If(this=is_longer, true=shown)], default=instead))


def _month(column: exp.Expr, _: DataType, __: Mask) -> exp.Expr:
    return _call("date_trunc", exp.Literal.string("month"), column)


def _year(column: exp.Expr, _: DataType, __: Mask) -> exp.Expr:
    return _call("date_trunc", exp.Literal.string("year"), column)


_MAKERS: dict[MaskKind, Callable[[exp.Expr, DataType, Mask], exp.Expr]] = {
    MaskKind.BUCKET: _bucket,
    MaskKind.GENERALISE: _generalised,
    MaskKind.MASK_TO_FIXED_VALUE: _fixed,
    MaskKind.SHOW_FIRST: _first,
    MaskKind.SHOW_LAST: _last,
    MaskKind.TRUNCATE_TO_MONTH: _month,
    MaskKind.TRUNCATE_TO_YEAR: _year,
}


def _hashed(column: exp.Expr, data_type: DataType, key: bytes) -> exp.Expr:
    """Return HMAC-SHA256 (RFC 2104) over the value's text; what does not fit the type is cut off."""
    block = hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key
    block = block.ljust(_BLOCK_BYTES, b"\0")
    text = exp.cast(column, as_type(DataType(Kind.VARCHAR)))
    inner = _sha256(bytes(byte ^ 0x36 for byte in block), _call("encode", text))
    digest = _sha256(bytes(byte ^ 0x5C for byte in block), _call("unhex", inner))
    if data_type.kind is Kind.BIGINT:
        digits = _call("left", digest, _number(_BIGINT_DIGITS))
        return exp.DPipe(this=exp.Literal.string("0x"), expression=digits)
    if data_type.kind is Kind.UUID:
        return _call("left", digest, _number(32))
    return digest


def _sha256(pad: bytes, message: exp.Expr) -> exp.Expr:
    padding = _call("unhex", exp.Literal.string(pad.hex()))
    return _call("sha256", exp.DPipe(this=padding, expression=message))


def _unless_null(column: exp.Expr, value: exp.Expr) -> exp.Expr:
    is_null = exp.Is(this=column.copy(), expression=exp.null())
    return exp.Case(ifs=[exp.If(this=is_null, true=exp.null())], default=value)


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)
